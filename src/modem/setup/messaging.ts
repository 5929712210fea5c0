import type { AtChannel } from '../at/channel.ts';
import { queryFormat, queryNotification, set, setNotification } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { Storages } from '../inbox/storages.ts';

/** How a modem's message service was set up; null when it cannot serve: no PDU mode or no storage. */
export type Messaging = { ok: true; storages: Storages; acknowledges: boolean; notifies: boolean } | { ok: false; detail: string };

/** <mode>,<mt>,<bm>,<ds>,<bfr> of AT+CNMI (TS 27.005 3.4.1), best first: messages stored and announced, nothing pushed, no reports. */
const NOTIFICATION_LADDER = ['2,1,0,0,0', '2,1', '1,1,0,0,0', '1,1', '3,1,0,0,0', '2,1,0,0,1'];
const STORED_AND_ANNOUNCED = '1';
const PDU_MODE = '0';
const LOADING_RETRIES = 10;
const LOADING_RETRY_MS = 1_000;

/** Sets PDU mode, storages and notification. PDU mode is refused for a while by modems whose message part is still loading. */
export async function setUpMessaging(channel: AtChannel, retryMs = LOADING_RETRY_MS): Promise<Messaging> {
  const charset = await channel.send(set('AT+CSCS="GSM"'));
  if (!charset.ok) await channel.send(set('AT+CSCS="IRA"'));
  for (let attempt = 0; ; attempt++) {
    const format = await channel.send(set('AT+CMGF=0'));
    if (format.ok) break;
    if (format.kind === 'closed' || attempt === LOADING_RETRIES) return { ok: false, detail: 'the modem refuses PDU mode (AT+CMGF=0)' };
    await Bun.sleep(retryMs);
  }
  const acknowledges = await waitsForAcknowledgement(channel);
  const storages = new Storages(channel);
  for (let attempt = 0; !(await storages.negotiate()); attempt++) {
    if (channel.closed || attempt === LOADING_RETRIES) return { ok: false, detail: 'the modem offers no message storage (AT+CPMS)' };
    await Bun.sleep(retryMs);
  }
  return { ok: true, storages, acknowledges, notifies: await setNotifications(channel) };
}

/** Tries the notification settings in turn; false when none was accepted, so that only sweeps find messages. */
async function setNotifications(channel: AtChannel): Promise<boolean> {
  for (const values of NOTIFICATION_LADDER) {
    if ((await channel.send(setNotification(values))).ok) return true;
  }
  return false;
}

/**
 * With message service 1 (AT+CSMS, TS 27.005 3.2.1) a pushed message must be acknowledged; service 0 is asked for, because an answer that
 * is missed makes the modem stop delivering.
 */
async function waitsForAcknowledgement(channel: AtChannel): Promise<boolean> {
  const service = await serviceOf(channel);
  if (service !== '1') return false;
  await channel.send(set('AT+CSMS=0'));
  return (await serviceOf(channel)) === '1';
}

async function serviceOf(channel: AtChannel): Promise<string | undefined> {
  const result = await channel.send({ text: 'AT+CSMS?', timeoutMs: 3_000, prefixes: ['+CSMS:'] });
  return result.ok ? fieldsOf(result.lines[0]?.text ?? '')[0] : undefined;
}

/** False when the answer to AT+CMGF? or AT+CNMI? shows that the modem forgot its settings; a modem that does not tell is believed. */
export function isStillSet(format: string | undefined, notification: string | undefined): boolean {
  const mode = format === undefined ? PDU_MODE : fieldsOf(format)[0];
  const announced = notification === undefined ? STORED_AND_ANNOUNCED : fieldsOf(notification)[1];
  return mode === PDU_MODE && (announced === undefined || announced === STORED_AND_ANNOUNCED);
}

export const settingQueries = { format: queryFormat, notification: queryNotification } as const;
