import { messageOf } from '../lib/log.ts';
import type { AtChannel } from './at/channel.ts';
import type { Claimant } from './claims.ts';
import type { LearnedNumber } from './memory.ts';
import type { SessionDeps } from './session-deps.ts';
import { initialiseModem, readSimLock, type SimLock } from './setup/initialise.ts';
import { type Messaging, setUpMessaging } from './setup/messaging.ts';
import type { Profile } from './setup/profiles.ts';
import { distinctImei, type IccidReader, readImsi } from './sim/identify.ts';
import { readOwnNumber } from './sim/own-number.ts';
import { unlock } from './sim/pin.ts';
import type { SimIdentity } from './source.ts';

export interface SetUpDeps extends SessionDeps {
  channel: AtChannel;
  claimant: Claimant;
  iccids: IccidReader;
  /** The modem told what it is. */
  learned(profile: Profile): void;
}

/**
 * What came of setting a modem up. `served`: its SIM can be read · `elsewhere`: another session reads this modem or SIM · `waits`: something is
 * missing, which may come by itself or by a person.
 */
export type SetUp =
  | ({ kind: 'served'; sim: SimIdentity; isOnlyCard: boolean } & Extract<Messaging, { ok: true }>)
  | { kind: 'elsewhere'; detail: string; waitMs: number }
  | { kind: 'waits'; lock: Exclude<SimLock, { state: 'ready' }> };

/**
 * Takes a modem that answers from its first command to a SIM whose messages can be read (the steps of modems everywhere: identity, lock, card,
 * messages). Each claim taken is the caller's to release.
 */
export async function setUpModem(deps: SetUpDeps): Promise<SetUp> {
  const { channel, status, log, usbId, claimant, iccids, memory, sims } = deps;
  const { profile } = await initialiseModem(channel, status, log, usbId);
  deps.learned(profile);
  const imei = distinctImei(status.snapshot().imei);
  const readIccid = () => iccids.read((command) => channel.send(command));
  const otherPort = imei === null ? null : await claimant.claim('modem', imei, readIccid);
  if (otherPort !== null) return { kind: 'elsewhere', ...otherPort };
  const readLock = () => readSimLock(channel, profile);
  const sent = (card: string) => status.happened('pin_sent', `the configured PIN was sent to ${card}`);
  let lock = await readLock();
  if (lock.state === 'pin_required') lock = await unlock(channel, iccids, sims, memory, sent, readLock);
  if (lock.state !== 'ready') return { kind: 'waits', lock };
  const iccid = await readIccid();
  if (iccid === null) return failed('the modem does not tell the ICCID of its SIM');
  const otherModem = await claimant.claim('SIM', iccid);
  if (otherModem !== null) return { kind: 'elsewhere', ...otherModem };
  // Noted at once: a card whose set-up fails further on may receive messages all the same.
  const isOnlyCard = await noteCard(deps, iccid);
  if (isOnlyCard === null) return failed('that this SIM is in the modem could not be written down');
  const imsi = await readImsi(channel);
  const learned = await readOwnNumber(channel, { imsi, known: memory.learnedNumber(iccid) });
  const sim = identity(deps, iccid, imsi, learned);
  const messaging = await setUpMessaging(channel, profile);
  if (!messaging.ok) return failed(messaging.detail);
  if (!messaging.notifies) status.fault(`the modem announces no messages; only sweeps find them`);
  return { kind: 'served', ...messaging, sim, isOnlyCard };
}

function failed(detail: string): SetUp {
  return { kind: 'waits', lock: { state: 'failed', detail } };
}

/** Whether no other card can have received what lies in the modem's own storage; null when that could not be kept. */
async function noteCard({ memory, slot, status, log }: SetUpDeps, iccid: string): Promise<boolean | null> {
  try {
    return await memory.cardFound({ imei: status.snapshot().imei ?? '', slot }, iccid);
  } catch (thrown) {
    log.error('modem.card_not_kept', { slot, error: messageOf(thrown) });
    return null;
  }
}

function identity({ slot, port, status }: SetUpDeps, iccid: string, imsi: string | null, learned: LearnedNumber | null): SimIdentity {
  const { imei, manufacturer, model, firmware, virtual } = status.snapshot();
  const { number, source: numberSource } = learned ?? { number: null, source: null };
  return { slot, port, imei: imei ?? '', manufacturer, model, firmware, iccid, imsi, number, numberSource, virtual };
}
