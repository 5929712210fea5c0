import type { Log } from '../../lib/log.ts';
import type { AtChannel, AtCommand } from '../at/channel.ts';
import { IMEI_QUERIES, identityQueries, queryPin, queryRadio, radioOn, set } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { ErrorCode } from '../at/finals.ts';
import type { ModemStatus } from '../status.ts';

/** What the SIM lock says (AT+CPIN?, TS 27.007 8.3), with the reason in plain words. */
export type SimLock =
  | { state: 'ready' }
  | { state: 'sim_missing' | 'pin_required' | 'puk_required' | 'failed'; detail: string }
  | { state: 'closed' };

const SIM_BUSY_RETRIES = 30;
const SIM_BUSY_RETRY_MS = 2_000;
const RADIO_OFF = ['0', '4'];
/** How the virtual bank's modems call their maker; no real modem does. */
export const VIRTUAL_MANUFACTURER = 'SMSPin';

/**
 * Brings a modem that answers into the form everything else relies on: echo off, verbose numeric errors, radio on; and notes who made it.
 * Each step may be refused; only a modem that cannot be talked to is given up, by its channel.
 */
export async function initialiseModem(channel: AtChannel, status: ModemStatus, log: Log): Promise<void> {
  channel.echoOff = false;
  const echo = await channel.send(set('ATE0'));
  channel.echoOff = echo.ok;
  await channel.send(set('ATV1'));
  const errors = await channel.send(set('AT+CMEE=1'));
  if (!errors.ok) await channel.send(set('AT+CMEE=2'));
  const manufacturer = await textOf(channel, identityQueries.manufacturer);
  status.update({
    manufacturer,
    model: await textOf(channel, identityQueries.model),
    firmware: await textOf(channel, identityQueries.firmware),
    imei: await readImei(channel),
    virtual: manufacturer === VIRTUAL_MANUFACTURER,
  });
  const radio = await channel.send(queryRadio);
  const mode = radio.ok ? fieldsOf(radio.lines[0]?.text ?? '')[0] : undefined;
  if (mode !== undefined && RADIO_OFF.includes(mode)) {
    log.info('modem.radio_on', { slot: status.snapshot().slot });
    await channel.send(radioOn);
  }
}

/** Asks for the SIM lock, patiently while the SIM is busy starting. */
export async function readSimLock(channel: AtChannel, busyRetryMs = SIM_BUSY_RETRY_MS): Promise<SimLock> {
  for (let attempt = 0; attempt < SIM_BUSY_RETRIES; attempt++) {
    const result = await channel.send(queryPin);
    if (result.ok) return lockOf(result.lines[0]?.text ?? '');
    if (result.kind === 'closed') return { state: 'closed' };
    if (result.kind === 'error' && result.code !== ErrorCode.simBusy) return lockOfError(result.code, result.text);
    await Bun.sleep(busyRetryMs);
  }
  return { state: 'failed', detail: 'the SIM stays busy' };
}

function lockOf(line: string): SimLock {
  const lock = (fieldsOf(line)[0] ?? '').toUpperCase();
  // PIN2 and PUK2 guard settings only; messages come all the same.
  if (lock === 'READY' || lock === 'SIM PIN2' || lock === 'SIM PUK2') return { state: 'ready' };
  if (lock === 'SIM PIN') return { state: 'pin_required', detail: 'the SIM asks for its PIN' };
  if (lock === 'SIM PUK') return { state: 'puk_required', detail: 'the SIM asks for its PUK' };
  if (lock.startsWith('NOT ')) return { state: 'sim_missing', detail: 'no SIM in the modem' };
  return { state: 'failed', detail: lock === '' ? 'the modem does not tell the state of its SIM' : `the modem is locked: ${lock}` };
}

function lockOfError(code: number | null, text: string): SimLock {
  if (code === ErrorCode.simNotInserted) return { state: 'sim_missing', detail: 'no SIM in the modem' };
  if (code === ErrorCode.simPinRequired) return { state: 'pin_required', detail: 'the SIM asks for its PIN' };
  if (code === ErrorCode.simPukRequired) return { state: 'puk_required', detail: 'the SIM asks for its PUK' };
  if (code === ErrorCode.simFailure || code === ErrorCode.simWrong) return { state: 'failed', detail: `the SIM does not work (${text})` };
  return { state: 'sim_missing', detail: `the modem cannot read a SIM (${text})` };
}

/** The first line of an answer, its prefix and quotes removed; null when refused or empty. */
async function textOf(channel: AtChannel, command: AtCommand): Promise<string | null> {
  const result = await channel.send(command);
  const line = result.ok ? result.lines[0]?.text : undefined;
  if (line === undefined) return null;
  const prefix = command.prefixes?.find((candidate) => line.startsWith(candidate)) ?? '';
  const text = line.slice(prefix.length).replaceAll('"', '').trim();
  return text === '' ? null : text.slice(0, 100);
}

async function readImei(channel: AtChannel): Promise<string | null> {
  for (const command of IMEI_QUERIES) {
    const digits = /\d{14,17}/.exec((await textOf(channel, command)) ?? '');
    if (digits !== null) return digits[0];
  }
  return null;
}
