/** What happens to rentals by themselves: they start, get time back, are extended, end. One verb each; looking twice, or too early, does nothing. */
import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { keepOutage } from '../sims/outages.ts';
import { findFreeNumber } from './free.ts';
import { closeRental, recordChange, saveRental } from './record.ts';
import { tellEnding } from './reminders.ts';
import { extendRental, type RentalTerms } from './rentals.ts';
import { changesOf, chargesOf, findRental, RENTAL_COLUMNS, type Rental } from './view.ts';

const MINUTE_MS = 60_000;
/** An extension by itself is made this long before the end, so that no message falls between. */
export const AUTO_LEAD_MS = MINUTE_MS;
/** A rental whose SIM is away at its end, and owes it time, waits for it this long; then the number is lost. */
export const LOST_AFTER_MS = 24 * 60 * MINUTE_MS;

/**
 * The time of a booked rental has come: it starts on the SIM that was reserved or, when that one cannot be had and `mayChange`, on another one, or is canceled
 * with a full refund. Null when there is nothing to do, or when it is to be tried again.
 */
export function beginRental(tx: Tx, terms: RentalTerms, rentalId: string, mayChange: boolean): Rental | null {
  const rental = findRental(tx.db, rentalId);
  if (rental?.status !== 'scheduled' || tx.nowMs < rental.startsAtMs) return null;
  const endsAtMs = tx.nowMs + rental.endsAtMs - rental.startsAtMs;
  const wanted = { country: rental.country, service: rental.service, startsAtMs: tx.nowMs, endsAtMs, rentalId };
  const own = findFreeNumber(tx.db, { ...wanted, iccid: rental.iccid }, terms, tx.nowMs);
  if (!own && !mayChange) return null;
  const sim = own ?? findFreeNumber(tx.db, wanted, terms, tx.nowMs);
  if (!sim) return closeRental(tx, terms, rental, 'canceled', 'no_number_at_start', null);
  const started: Rental = { ...rental, ...sim, status: 'active', reason: 'started', startsAtMs: tx.nowMs, endsAtMs };
  if (sim.number !== rental.number) {
    recordChange(tx, rental, 'other_number', { detail: `${rental.number} could not be had at the start; it became ${sim.number}.` });
  }
  recordChange(tx, started, 'started');
  tx.db.query('UPDATE sims SET last_sold_at_ms = $now WHERE iccid = $iccid').run({ iccid: sim.iccid, now: tx.nowMs });
  return saveRental(tx, terms, started, 'scheduled', 'rental.started');
}

/** What came of a look at a rental whose time may be over. */
export type Ended = { id: string; status: string } | { againAtMs: number } | null;

/**
 * The time of a rental is over: it is extended if its customer wants that by itself, waits for a modem that is away and owes it time, or ends. Null when there is
 * nothing to do (already ended, extended, or not yet over).
 */
export function endOfTime(tx: Tx, terms: RentalTerms, rentalId: string): Ended {
  const rental = findRental(tx.db, rentalId);
  if (rental?.status !== 'active' || tx.nowMs < rental.endsAtMs) return null;
  const outFromMs = outSince(tx, rental);
  if (outFromMs !== null && rental.endsAtMs - outFromMs > terms.outageMinutes * MINUTE_MS) {
    const lostAtMs = rental.endsAtMs + LOST_AFTER_MS;
    return tx.nowMs < lostAtMs ? { againAtMs: lostAtMs } : closeRental(tx, terms, rental, 'ended', 'number_lost', outFromMs);
  }
  if (autoExtend(tx, terms, rentalId)) return null;
  return closeRental(tx, terms, rental, 'ended', 'time_over', null);
}

/**
 * Extends a rental that is about to end by one more period of the unit it was bought in last, if its customer switched that on and the cap allows it. A refusal
 * (balance, booking, no rate) is kept in its history, and it ends in its time. True when it was extended.
 */
export function autoExtend(tx: Tx, terms: RentalTerms, rentalId: string): boolean {
  const rental = findRental(tx.db, rentalId);
  if (rental?.status !== 'active' || rental.autoCapMinor === null || tx.nowMs < rental.endsAtMs - AUTO_LEAD_MS) return false;
  const unit = chargesOf(tx.db, rentalId).at(-1)?.unit ?? 'day';
  const maxPriceMinor = rental.autoCapMinor - rental.autoSpentMinor;
  // Whom the operator keeps out buys nothing more, not even by itself.
  if (isSuspended(tx.db, rental.userId)) return false;
  try {
    // A savepoint of its own: what a refusal leaves half done is undone, the rest of the verb is not.
    tx.db.transaction(() =>
      extendRental(tx, terms, { userId: rental.userId, rentalId, term: { unit, periods: 1 }, maxPriceMinor, automatic: true }),
    )();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const detail =
      thrown.type === 'price_above_max' ? 'A further period would cost more than is left of the limit that was set.' : thrown.detail;
    const [last] = changesOf(tx.db, rentalId, 1);
    if (last?.reason !== 'not_extended_by_itself') {
      recordChange(tx, rental, 'not_extended_by_itself', { detail });
      if (tx.nowMs < rental.endsAtMs) tellEnding(tx, terms, rental, 'not-extended');
    }
    return false;
  }
}

function isSuspended(db: Database, userId: string): boolean {
  return db.query("SELECT 1 FROM users WHERE id = $userId AND state = 'blocked'").get({ userId }) !== null;
}

/** The same while the rental still runs, so that no message falls between; not while its SIM is away: then the end decides. */
export function extendAhead(tx: Tx, terms: RentalTerms, rentalId: string): boolean {
  const rental = findRental(tx.db, rentalId);
  return rental !== null && outSince(tx, rental) === null && autoExtend(tx, terms, rentalId);
}

/**
 * A SIM can be read again that could not since `sinceMs`: a rental on it that lost more than the configured minutes gets them added, from now on where its end
 * has passed meanwhile. Once per outage: the verb that calls this forgets `sinceMs`.
 */
export function addOutage(tx: Tx, terms: RentalTerms, iccid: string, sinceMs: number): Rental | null {
  const rental = tx.db
    .query<Rental, { iccid: string }>(`SELECT ${RENTAL_COLUMNS} FROM rentals WHERE iccid = $iccid AND status = 'active'`)
    .get({ iccid });
  if (!rental) return null;
  const fromMs = Math.max(sinceMs, rental.startsAtMs);
  const lostMs = Math.min(tx.nowMs, rental.endsAtMs) - fromMs;
  if (lostMs <= terms.outageMinutes * MINUTE_MS) return null;
  const detail = `Its modem could not be read from ${at(fromMs)} to ${at(tx.nowMs)}.`;
  const endsAtMs = Math.max(rental.endsAtMs, tx.nowMs) + lostMs;
  const outageId = keepOutage(tx, terms.random, iccid, sinceMs);
  recordChange(tx, rental, 'outage_added', { detail, addedMs: endsAtMs - rental.endsAtMs, outageId });
  return saveRental(tx, terms, { ...rental, endsAtMs, outageMs: rental.outageMs + lostMs }, 'active', 'rental.extended');
}

/** Since when the rental's SIM has been away, within the rental; null while it can be read. */
export function outSince({ db }: Pick<Tx, 'db'>, rental: Rental): number | null {
  const row = db
    .query<{ sinceMs: number | null }, { iccid: string }>(
      'SELECT offline_since_ms AS sinceMs FROM sims WHERE iccid = $iccid AND online = 0',
    )
    .get({ iccid: rental.iccid });
  return row?.sinceMs == null ? null : Math.max(row.sinceMs, rental.startsAtMs);
}

function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
