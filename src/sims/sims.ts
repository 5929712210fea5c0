import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { carrierOfNetwork } from '../lib/carrier.ts';
import { countryOfNumber, isE164 } from '../lib/country.ts';
import { Refusal } from '../lib/errors.ts';
import type { LearnedNumber, NumberSource } from '../modem/memory.ts';
import type { SimIdentity } from '../modem/source.ts';
import { lastAliveMs } from './alive.ts';
import { applyChange, type SimState } from './correct.ts';
import { cardsOfClone, isUnknownCard, modemKey, UNKNOWN_CARD } from './modem-cards.ts';
import { endOutages, type OutageCause } from './outages.ts';
import { cardOpen } from './pin-attempts.ts';

/** What the operator knows better than the SIM: from `[[modems.sim]]` or `smspin sim set`. */
export interface SimFacts {
  iccid: string;
  number?: string;
  country?: string;
  carrier?: string;
}

export interface SimRow {
  iccid: string;
  number: string | null;
  country: string | null;
  /** The slug of its home carrier, or null when that is not known. */
  carrier: string | null;
  state: SimState;
  online: boolean;
  virtual: boolean;
  slot: string | null;
  imei: string | null;
  openOrders: number;
  /** A rental runs on it: it is for sale to nobody until that ends. */
  rented: boolean;
  lastMessageAtMs: number | null;
}

/**
 * All SIMs are unreadable until their modem has been opened and swept again: the first verb of every start. Those that could be read when the server was last
 * known to run have been away since then.
 */
export function allOffline(tx: Tx): void {
  tx.db
    .query(
      "UPDATE sims SET online = 0, offline_since_ms = min(coalesce($aliveAtMs, last_seen_at_ms), $now), offline_cause = 'server_down' WHERE online = 1",
    )
    .run({ aliveAtMs: lastAliveMs(tx.db), now: tx.nowMs });
}

/** A modem told who it is and which SIM it holds: keeps both, before the first message of that SIM is read. */
export function simIdentified(tx: Tx, sim: SimIdentity, known: SimFacts | undefined): void {
  const modem = modemKey(tx.db, sim);
  tx.db
    .query(
      `INSERT INTO modems (imei, manufacturer, model, firmware, virtual, slot, first_seen_at_ms, last_seen_at_ms)
       VALUES ($imei, $manufacturer, $model, $firmware, $virtual, $slot, $now, $now)
       ON CONFLICT (imei) DO UPDATE SET manufacturer = excluded.manufacturer, model = excluded.model, firmware = excluded.firmware,
         virtual = excluded.virtual, slot = excluded.slot, last_seen_at_ms = excluded.last_seen_at_ms`,
    )
    .run({
      imei: modem,
      manufacturer: sim.manufacturer,
      model: sim.model,
      firmware: sim.firmware,
      virtual: sim.virtual ? 1 : 0,
      slot: sim.slot,
      now: tx.nowMs,
    });
  // A modem holds one SIM, and so does a slot: one that sat here before is elsewhere now.
  tx.db
    .query(`UPDATE sims SET ${away('modem_lost')}, slot = NULL, imei = NULL WHERE iccid <> $iccid AND (imei = $imei OR slot = $slot)`)
    .run({ imei: modem, slot: sim.slot, iccid: sim.iccid, now: tx.nowMs });
  const numberRead = sim.number !== null && isE164(sim.number) && outranks(tx.db, sim) ? sim.number : null;
  tx.db
    .query(
      `INSERT INTO sims (iccid, imsi, number_read, number_source, country_read, carrier_read, virtual, slot, imei, first_seen_at_ms, last_seen_at_ms)
       VALUES ($iccid, $imsi, $number, $source, $country, $carrier, $virtual, $slot, $imei, $now, $now)
       ON CONFLICT (iccid) DO UPDATE SET imsi = coalesce(excluded.imsi, imsi), number_read = coalesce(excluded.number_read, number_read),
         number_source = CASE WHEN excluded.number_read IS NULL THEN number_source ELSE excluded.number_source END,
         country_read = CASE WHEN number_set IS NULL THEN coalesce(excluded.country_read, country_read) ELSE country_read END,
         carrier_read = coalesce(excluded.carrier_read, carrier_read), virtual = excluded.virtual, slot = excluded.slot, imei = excluded.imei,
         ${away('modem_restarted')}, last_seen_at_ms = excluded.last_seen_at_ms`,
    )
    .run({
      iccid: sim.iccid,
      imsi: sim.imsi,
      number: numberRead,
      source: numberRead === null ? null : (sim.numberSource ?? 'cnum'),
      country: numberRead === null ? null : countryOfNumber(numberRead),
      carrier: carrierOfNetwork(sim.imsi),
      virtual: sim.virtual ? 1 : 0,
      slot: sim.slot,
      imei: modem,
      now: tx.nowMs,
    });
  if (known && [known.number, known.country, known.carrier].some((fact) => fact !== undefined)) applyChange(tx, sim.iccid, known);
}

/** Not readable from now on; since when and why, if it was, is kept. */
const away = (cause: OutageCause): string =>
  `offline_since_ms = CASE online WHEN 1 THEN $now ELSE offline_since_ms END, offline_cause = CASE online WHEN 1 THEN '${cause}' ELSE offline_cause END, online = 0`;

/** What the network itself told is not overwritten by what anybody may have written on the card. */
function outranks(db: Database, sim: SimIdentity): boolean {
  return sim.numberSource === 'ussd' || learnedNumber(db, sim.iccid)?.source !== 'ussd';
}

/**
 * Two modems told this IMEI at once: from now on each is known by its slot. The one that was known by it keeps its row and its SIM under the slot.
 */
export function cloneNoticed(tx: Tx, imei: string): void {
  const noticed = tx.db
    .query('INSERT INTO cloned_imeis (imei, noticed_at_ms) VALUES ($imei, $now) ON CONFLICT (imei) DO NOTHING')
    .run({ imei, now: tx.nowMs });
  if (noticed.changes === 0) return;
  tx.db
    .query(
      `INSERT INTO modems (imei, manufacturer, model, firmware, virtual, slot, first_seen_at_ms, last_seen_at_ms)
       SELECT 'slot ' || m.slot, m.manufacturer, m.model, m.firmware, m.virtual, m.slot, m.first_seen_at_ms, m.last_seen_at_ms
       FROM modems m WHERE m.imei = $imei
       ON CONFLICT (imei) DO UPDATE SET manufacturer = excluded.manufacturer, model = excluded.model, firmware = excluded.firmware,
         virtual = excluded.virtual, last_seen_at_ms = excluded.last_seen_at_ms`,
    )
    .run({ imei });
  cardsOfClone(tx, imei);
  tx.db.query(`UPDATE sims SET imei = (SELECT m.imei FROM modems m WHERE m.imei = 'slot ' || sims.slot) WHERE imei = $imei`).run({ imei });
}

/** The number learned from the card or its network, and by which way, or null; not what the operator set. */
export function learnedNumber(db: Database, iccid: string): LearnedNumber | null {
  const row = db
    .query<{ number: string | null; source: NumberSource | null }, { iccid: string }>(
      'SELECT number_read AS number, number_source AS source FROM sims WHERE iccid = $iccid',
    )
    .get({ iccid });
  return row?.number == null ? null : { number: row.number, source: row.source ?? 'cnum' };
}

/** A SIM's number was learned after it was identified. Refuses an unknown ICCID and what is no E.164 number. */
export function numberLearned(tx: Tx, iccid: string, { number, source }: LearnedNumber): void {
  if (!isE164(number)) throw new Refusal('validation', `The number must be E.164; got ${JSON.stringify(number.slice(0, 40))}.`);
  const changed = tx.db
    .query(
      `UPDATE sims SET number_read = $number, number_source = $source,
         country_read = CASE WHEN number_set IS NULL THEN coalesce($country, country_read) ELSE country_read END
       WHERE iccid = $iccid`,
    )
    .run({ iccid, number, source, country: countryOfNumber(number) });
  if (changed.changes === 0) throw new Refusal('not_found', `No SIM with ICCID ${iccid} was ever seen.`);
}

/** The SIM's storage was read whole and its modem listens: it may be sold. Returns since when it had been away, or null if it was not, or was new. */
export function simOnline(tx: Tx, { iccid }: Pick<SimIdentity, 'iccid'>): number | null {
  const away = tx.db
    .query<{ sinceMs: number | null }, { iccid: string }>('SELECT offline_since_ms AS sinceMs FROM sims WHERE iccid = $iccid')
    .get({ iccid });
  tx.db
    .query('UPDATE sims SET online = 1, offline_since_ms = NULL, last_seen_at_ms = $now WHERE iccid = $iccid')
    .run({ iccid, now: tx.nowMs });
  cardOpen(tx, iccid);
  endOutages(tx, iccid);
  return away?.sinceMs ?? null;
}

/** A modem lost the SIM: it is not sold until it is back, unless another modem reads it by now (a card that was moved). */
export function simOffline(tx: Tx, sim: Pick<SimIdentity, 'iccid' | 'imei' | 'slot'>): void {
  tx.db
    .query(`UPDATE sims SET ${away('modem_lost')}, last_seen_at_ms = $now WHERE iccid = $iccid AND imei = $imei AND slot = $slot`)
    .run({ iccid: sim.iccid, imei: modemKey(tx.db, sim), slot: sim.slot, now: tx.nowMs });
}

/** Whether a rental runs on the SIM `s` or, by another card, on its number: SQL. */
export const RENTED = `(EXISTS (SELECT 1 FROM rentals r WHERE r.iccid = s.iccid AND r.status = 'active')
  OR EXISTS (SELECT 1 FROM rentals r WHERE r.number = s.number AND r.status = 'active'))`;
const SIM_COLUMNS = `s.iccid, s.number, s.country, s.carrier, s.state, s.online, s.virtual, s.slot, s.imei, s.last_message_at_ms AS lastMessageAtMs,
  (SELECT count(*) FROM orders o WHERE o.iccid = s.iccid AND o.status IN ('pending', 'received')) AS openOrders, ${RENTED} AS rented`;
type RawSim = Omit<SimRow, 'online' | 'virtual' | 'rented'> & { online: number; virtual: number; rented: number };

/** Every SIM ever seen, readable ones first. */
export function listSims(db: Database): SimRow[] {
  return db
    .query<RawSim, []>(
      `SELECT ${SIM_COLUMNS} FROM sims s WHERE s.iccid NOT LIKE '${UNKNOWN_CARD}%' ORDER BY s.online DESC, s.country, s.number, s.iccid`,
    )
    .all()
    .map(readable);
}

/** One SIM, or null for an ICCID that was never seen. */
export function findSim(db: Database, iccid: string): SimRow | null {
  if (isUnknownCard(iccid)) return null;
  const sim = db.query<RawSim, { iccid: string }>(`SELECT ${SIM_COLUMNS} FROM sims s WHERE s.iccid = $iccid`).get({ iccid });
  return sim === null ? null : readable(sim);
}

function readable(sim: RawSim): SimRow {
  return { ...sim, online: sim.online === 1, virtual: sim.virtual === 1, rented: sim.rented === 1 };
}

/** True when a modem that is or was attached is a virtual one: every page then says so. */
export function anyVirtual(db: Database): boolean {
  return db.query('SELECT 1 FROM sims WHERE virtual = 1 AND slot IS NOT NULL LIMIT 1').get() !== null;
}
