import { appendEvent, type EventType, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { capture, hold, type LedgerTerms, refund, refundPart } from '../ledger/ledger.ts';
import { invariant } from '../lib/errors.ts';
import { type Charge, type Term, unusedPeriods } from './pricing.ts';
import { mayMove, type RentalChangeReason, type RentalReason, type RentalStatus } from './state.ts';
import { chargesOf, presentRental, type Rental } from './view.ts';

/** Writes a new rental with its first charge, holds the price and tells its customer. */
export function openRental(tx: Tx, terms: LedgerTerms, rental: Omit<Rental, 'lastEvent'>, term: Term): Rental {
  const opened = { ...rental, lastEvent: newEventId(tx, terms.random) };
  tx.db
    .query(
      `INSERT INTO rentals (id, user_id, iccid, number, country, service, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms,
         auto_cap_minor, last_event)
       VALUES ($id, $userId, $iccid, $number, $country, $service, $status, $reason, $name, $currency, $priceMinor, $createdAtMs, $startsAtMs, $endsAtMs,
         $autoCapMinor, $lastEvent)`,
    )
    .run({ ...opened });
  insertCharge(tx, opened, { ...term, number: 1, priceMinor: opened.priceMinor }, false);
  recordChange(tx, opened, opened.reason);
  tellOf(tx, opened, opened.status === 'active' ? 'rental.started' : 'rental.booked');
  hold(tx, terms, priced(opened, { number: 1, priceMinor: opened.priceMinor }));
  return opened;
}

/** Adds a piece to a rental: held, and earned at once when its first message has come already. */
export function addCharge(tx: Tx, terms: LedgerTerms, rental: Rental, piece: Term & { priceMinor: number }, automatic: boolean): void {
  const charge = { ...piece, number: chargesOf(tx.db, rental.id).length + 1 };
  insertCharge(tx, rental, charge, automatic);
  hold(tx, terms, priced(rental, charge));
  if (rental.firstMessageAtMs !== null) capture(tx, terms, priced(rental, charge));
}

/** Earns every charge: the first message came. */
export function captureCharges(tx: Tx, terms: LedgerTerms, rental: Rental): void {
  for (const charge of chargesOf(tx.db, rental.id)) capture(tx, terms, priced(rental, charge));
}

/**
 * Moves a rental to its end, and its money: all of it goes back when no message came, else the whole periods that are unused from `unusedFromMs` on (none for
 * null).
 */
export function closeRental(
  tx: Tx,
  terms: LedgerTerms,
  rental: Rental,
  to: 'ended' | 'canceled',
  reason: RentalReason,
  unusedFromMs: number | null,
): Rental {
  invariant(mayMove(rental.status, to), `rental ${rental.id} moves from ${rental.status} to ${to}`);
  const closed: Rental = { ...rental, status: to, reason, endedAtMs: tx.nowMs };
  recordChange(tx, closed, reason);
  const charges = chargesOf(tx.db, rental.id);
  if (rental.firstMessageAtMs === null) {
    for (const charge of charges) refund(tx, terms, priced(rental, charge));
  } else if (unusedFromMs !== null) {
    for (const { charge, amountMinor } of unusedPeriods(charges, rental.endsAtMs, unusedFromMs)) {
      refundPart(tx, terms, { userId: rental.userId, rentalId: rental.id, charge, amountMinor });
    }
  }
  return saveRental(tx, terms, closed, rental.status, 'rental.ended');
}

/** Writes a rental as it is now, naming the event that says so. `from` is the status it had when it was read. */
export function saveRental(tx: Tx, terms: LedgerTerms, rental: Rental, from: RentalStatus, type: EventType): Rental {
  const saved = { ...rental, lastEvent: newEventId(tx, terms.random) };
  const changed = tx.db
    .query(
      `UPDATE rentals SET iccid = $iccid, number = $number, status = $status, reason = $reason, price_minor = $priceMinor, starts_at_ms = $startsAtMs,
         ends_at_ms = $endsAtMs, ended_at_ms = $endedAtMs, first_message_at_ms = $firstMessageAtMs, outage_ms = $outageMs,
         auto_spent_minor = $autoSpentMinor, last_event = $lastEvent WHERE id = $id AND status = $from`,
    )
    .run({ ...saved, from });
  invariant(changed.changes === 1, `rental ${rental.id} was ${from} when it was read in this transaction`);
  tellOf(tx, saved, type);
  return saved;
}

interface ChangeAbout {
  detail: string;
  addedMs: number;
  outageId: string | null;
}

/** Keeps what happened to a rental; `addedMs` is by how much its end moved. */
export function recordChange(tx: Tx, rental: Rental, reason: RentalChangeReason, about: Partial<ChangeAbout> = {}): void {
  const { detail = '', addedMs = 0, outageId = null } = about;
  tx.db
    .query(
      `INSERT INTO rental_changes (rental_id, status, reason, detail, added_ms, at_ms, outage_id)
       VALUES ($id, $status, $reason, $detail, $addedMs, $now, $outageId)`,
    )
    .run({ id: rental.id, status: rental.status, reason, detail, addedMs, outageId, now: tx.nowMs });
}

function insertCharge(tx: Tx, rental: Rental, charge: Charge, automatic: boolean): void {
  tx.db
    .query(
      `INSERT INTO rental_charges (rental_id, number, unit, periods, price_minor, automatic, created_at_ms)
       VALUES ($rentalId, $number, $unit, $periods, $priceMinor, $automatic, $now)`,
    )
    .run({ ...charge, rentalId: rental.id, automatic: automatic ? 1 : 0, now: tx.nowMs });
}

function tellOf(tx: Tx, rental: Rental, type: EventType): void {
  appendEvent(tx, {
    id: rental.lastEvent,
    type,
    userId: rental.userId,
    orderId: null,
    rentalId: rental.id,
    data: presentRental(tx.db, rental),
  });
}

function priced(rental: Rental, charge: { number: number; priceMinor: number }) {
  return { userId: rental.userId, rentalId: rental.id, charge: charge.number, priceMinor: charge.priceMinor };
}
