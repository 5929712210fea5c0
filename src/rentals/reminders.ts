import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { balanceOf } from '../ledger/ledger.ts';
import { queueMail } from '../mail/queue.ts';
import { priceOf } from './pricing.ts';
import { findRate } from './rates.ts';
import { saveRental } from './record.ts';
import type { RentalTerms } from './rentals.ts';
import { chargesOf, findRental, type Rental } from './view.ts';

const HOUR_MS = 3_600_000;

interface Reminder {
  hours: number;
  dueMs: number;
}

/**
 * The reminders of a rental that are still to come or are overdue, the next one first. One of so many hours belongs to an end that was settled at least twice as
 * long before it: who has just bought a day need not be told that it ends in a day, and an hour is never reminded of.
 */
function remindersOf(db: Database, { id, status, endsAtMs }: Rental, hours: readonly number[]): Reminder[] {
  if (status !== 'active') return [];
  const settled = db
    .query<{ atMs: number | null }, { id: string }>(
      "SELECT max(at_ms) AS atMs FROM rental_changes WHERE rental_id = $id AND (reason = 'started' OR added_ms > 0)",
    )
    .get({ id });
  const settledAtMs = settled?.atMs ?? endsAtMs;
  const done = db
    .query<{ hours: number }, { id: string; endsAtMs: number }>(
      'SELECT hours FROM rental_reminders WHERE rental_id = $id AND ends_at_ms = $endsAtMs',
    )
    .all({ id, endsAtMs });
  return hours
    .filter((one) => endsAtMs - settledAtMs >= 2 * one * HOUR_MS && !done.some((row) => row.hours === one))
    .map((one) => ({ hours: one, dueMs: endsAtMs - one * HOUR_MS }))
    .toSorted((a, b) => a.dueMs - b.dueMs);
}

/** When the next reminder of a rental is due, or null. */
export function nextReminderMs(db: Database, rental: Rental, hours: readonly number[]): number | null {
  return remindersOf(db, rental, hours)[0]?.dueMs ?? null;
}

/**
 * Tells the customer that a rental ends soon: the event `rental.ending` and, if they want it, a mail. Each reminder once for each end; of several that are
 * overdue (the server was down) only the last. None where the rental will be extended by itself. True when it was told.
 */
export function remind(tx: Tx, terms: RentalTerms, rentalId: string): boolean {
  const rental = findRental(tx.db, rentalId);
  if (rental === null || tx.nowMs >= rental.endsAtMs) return false;
  const due = remindersOf(tx.db, rental, terms.reminderHours).filter(({ dueMs }) => dueMs <= tx.nowMs);
  const last = due.at(-1);
  if (last === undefined) return false;
  const isTold = !willExtend(tx, terms, rental);
  const keep = tx.db.query(
    'INSERT INTO rental_reminders (rental_id, hours, ends_at_ms, told, at_ms) VALUES ($rentalId, $hours, $endsAtMs, $told, $now)',
  );
  for (const one of due)
    keep.run({ rentalId, hours: one.hours, endsAtMs: rental.endsAtMs, told: isTold && one === last ? 1 : 0, now: tx.nowMs });
  if (isTold) tellEnding(tx, terms, rental, `${last.hours}h`);
  return isTold;
}

/** Says that a rental ends soon; `why` and its end name the reminder, so that the same one is mailed once. */
export function tellEnding(tx: Tx, terms: RentalTerms, rental: Rental, why: string): void {
  const { id, userId, number, country, name, endsAtMs } = rental;
  saveRental(tx, terms, rental, 'active', 'rental.ending');
  queueMail(tx, {
    ...{ kind: 'rental_ending', about: `${id}:${endsAtMs}:${why}`, userId, lane: id },
    payload: { id, number, country, name, endsAtMs },
  });
}

/** Whether the next period would be bought by itself if that were decided now. */
function willExtend(tx: Tx, terms: RentalTerms, rental: Rental): boolean {
  if (rental.autoCapMinor === null) return false;
  const unit = chargesOf(tx.db, rental.id).at(-1)?.unit ?? 'day';
  const prices = findRate(tx.db, rental.country)?.prices;
  const price = prices ? priceOf(prices, { unit, periods: 1 }) : null;
  const { availableMinor } = balanceOf(tx.db, rental.userId, terms.currency);
  return price !== null && price <= rental.autoCapMinor - rental.autoSpentMinor && price <= availableMinor;
}
