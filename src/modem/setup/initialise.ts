import type { Log } from '../../lib/log.ts';
import type { AtChannel } from '../at/channel.ts';
import { queryRadio, radioOn, set } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import type { ModemStatus } from '../status.ts';
import { isVirtualImei } from '../virtual/numbers.ts';
import { setCharset } from './charset.ts';
import { readNames } from './identity.ts';
import { type Advice, type Profile, profileOf } from './profiles.ts';

export { readSimLock, type SimLock } from './sim-lock.ts';

const RADIO_OFF = ['0', '4'];

/**
 * Brings a modem that answers into the form everything else relies on: echo off, verbose numeric errors, readable texts, radio on; and notes who
 * made it and which profile it has. `usbId` is `vvvv:pppp`, or null when it hangs on no USB. Each step may be refused; only a modem that cannot
 * be talked to is given up, by its channel. Stored settings are neither restored nor written (no ATZ, AT&F, AT&W, AT+IPR).
 */
export async function initialiseModem(
  channel: AtChannel,
  status: ModemStatus,
  log: Log,
  usbId: string | null = null,
): Promise<{ profile: Profile }> {
  const { slot } = status.snapshot();
  channel.echoOff = false;
  const echo = await channel.send(set('ATE0'));
  await channel.send(set('ATV1'));
  // Some say OK and go on repeating what they are told: their echo tells of no restart.
  channel.echoOff = echo.ok && !channel.echoed;
  const errors = await channel.send(set('AT+CMEE=1'));
  if (!errors.ok) await channel.send(set('AT+CMEE=2'));
  const names = await readNames(channel);
  const profile = profileOf({ ...names, usbId });
  // Every page must say so, whatever family it speaks as: the IMEI tells.
  const virtual = names.imei !== null && isVirtualImei(names.imei);
  status.update({ ...names, virtual, profile: profile.name });
  log.debug('modem.profile', { slot, profile: profile.name });
  const advice: readonly Advice[] = profile.simEvents === null ? profile.init : [...profile.init, profile.simEvents];
  for (const { command, reason } of advice) {
    const result = await channel.send(set(command));
    if (!result.ok) log.debug('modem.advice_refused', { slot, command, reason });
  }
  await switchRadioOn(channel, profile, () => log.info('modem.radio_on', { slot }));
  await setCharset(channel);
  return { profile };
}

/** AT+CFUN (TS 27.007 8.2): 0 and 4 receive nothing. */
async function switchRadioOn(channel: AtChannel, profile: Profile, switching: () => void): Promise<void> {
  if (profile.radioOn === null) return;
  const radio = await channel.send(queryRadio);
  const mode = radio.ok ? fieldsOf(radio.lines[0]?.text ?? '')[0] : undefined;
  if (mode === undefined || !RADIO_OFF.includes(mode)) return;
  switching();
  await channel.send(radioOn(profile.radioOn));
}
