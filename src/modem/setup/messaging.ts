import type { AtChannel } from '../at/channel.ts';
import { queryFormat, queryNotification, queryService, set } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { Storages } from '../inbox/storages.ts';
import { setCharset } from './charset.ts';
import { announces, setNotifications } from './notification.ts';
import { GENERIC_PROFILE, type Profile } from './profiles.ts';

/**
 * How a modem's message service was set up; no PDU mode or no storage: it cannot serve. `notification` is what AT+CNMI was set to, null when
 * nothing was accepted; then `notifies` is false and only sweeps find messages. `acknowledges`: it waits for AT+CNMA after a pushed message.
 */
export type Messaging =
  | { ok: true; storages: Storages; acknowledges: boolean; notifies: boolean; notification: string | null }
  | { ok: false; detail: string };

const PDU_MODE = '0';
const PHASE_2_PLUS = '1';
const LOADING_RETRIES = 10;
const LOADING_RETRY_MS = 1_000;

/** Sets PDU mode, storages and notification. Both are refused for a while by modems whose message part is still loading. */
export async function setUpMessaging(
  channel: AtChannel,
  profile: Profile = GENERIC_PROFILE,
  retryMs = LOADING_RETRY_MS,
): Promise<Messaging> {
  await setCharset(channel);
  for (let attempt = 0; ; attempt++) {
    const format = await channel.send(set('AT+CMGF=0'));
    if (format.ok) break;
    if (format.kind === 'closed' || attempt === LOADING_RETRIES) return { ok: false, detail: 'the modem refuses PDU mode (AT+CMGF=0)' };
    await Bun.sleep(retryMs);
  }
  const acknowledges = await waitsForAcknowledgement(channel);
  const storages = new Storages(channel, profile);
  for (let attempt = 0; !(await storages.negotiate()); attempt++) {
    if (channel.closed || attempt === LOADING_RETRIES) return { ok: false, detail: 'the modem offers no message storage (AT+CPMS)' };
    await Bun.sleep(retryMs);
  }
  const notification = await setNotifications(channel, profile);
  return { ok: true, storages, acknowledges, notification, notifies: notification !== null };
}

/**
 * With message service 1 (AT+CSMS, TS 27.005 3.2.1) a pushed message must be acknowledged; service 0 is asked for, because an answer that
 * is missed makes the modem stop delivering.
 */
async function waitsForAcknowledgement(channel: AtChannel): Promise<boolean> {
  if ((await serviceOf(channel)) !== PHASE_2_PLUS) return false;
  await channel.send(set('AT+CSMS=0'));
  return (await serviceOf(channel)) === PHASE_2_PLUS;
}

async function serviceOf(channel: AtChannel): Promise<string | undefined> {
  const result = await channel.send(queryService);
  return result.ok ? fieldsOf(result.lines[0]?.text ?? '')[0] : undefined;
}

/**
 * False when the answer to AT+CMGF? or AT+CNMI? shows that the modem forgot its settings; a modem that does not tell is believed. One that took
 * no notification setting (`notifies` false) has none to forget.
 */
export function isStillSet(format: string | undefined, notification: string | undefined, notifies = true): boolean {
  const mode = format === undefined ? PDU_MODE : fieldsOf(format)[0];
  return mode === PDU_MODE && (!notifies || announces(notification));
}

export const settingQueries = { format: queryFormat, notification: queryNotification } as const;
