import { refuseDenied } from '../catalogue/offers.ts';
import type { Tx } from '../db/write.ts';
import { rfc3339 } from '../lib/clock.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { formatMinor } from '../lib/money.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { findFreeNumber, nextFreeAtMs, type WantedNumber } from './free.ts';
import { BOOKING_MS_MAX, durationMs, PERIODS_MAX, priceOf, RENTAL_MS_MAX, type Term, unusedPeriods } from './pricing.ts';
import { findRate } from './rates.ts';
import { addCharge, captureCharges, closeRental, openRental, recordChange, saveRental } from './record.ts';
import { moneyOf } from './state.ts';
import { chargesOf, findRental, type Rental } from './view.ts';

/** What the operations on rentals need of the configuration. */
export interface RentalTerms extends OrderTerms {
  /** A modem that was out for longer than this gives the time back. */
  outageMinutes: number;
  /** Whole periods that are unused when a customer ends early go back. */
  refundUnused: boolean;
  /** So many hours before its end a customer is told that a rental ends. */
  reminderHours: readonly number[];
}

export interface RentalRequest {
  userId: string;
  country: string;
  /** Null: everything that arrives. */
  service: string | null;
  term: Term;
  /** Null: at once. */
  startsAtMs: number | null;
  name: string;
  /** What extensions by themselves may cost in all; null leaves them off. */
  autoCapMinor: number | null;
  /** Refuse rather than pay more than this, in minor units. */
  maxPriceMinor: number | null;
}

export const NAME_CHARACTERS_MAX = 60;

/**
 * Rents a whole number: reserves a SIM, holds the price and starts at once, or at the time that was asked for, all in the caller's transaction. Refuses with
 * `not_found` (no rates for the country), `validation`, `service_denied`, `price_above_max`, `out_of_stock` (with the next free time, where it is known) or
 * `insufficient_balance`; a refused rental leaves no row.
 */
export function rent(tx: Tx, terms: RentalTerms, request: RentalRequest): Rental {
  terms.refuseNew?.();
  const { userId, country, service, term, autoCapMinor } = request;
  if (service !== null) refuseDenied(service, terms);
  const priceMinor = priceNow(tx, terms, country, term, request.maxPriceMinor);
  const startsAtMs = startOf(request.startsAtMs, tx.nowMs);
  const endsAtMs = startsAtMs + durationMs(term);
  const wanted = { country, service, startsAtMs, endsAtMs };
  // A rented number is gone for orders of every service.
  terms.beforeSale?.(tx, { country, service: 'any' });
  const sim = findFreeNumber(tx.db, wanted, terms, tx.nowMs);
  if (!sim) throw outOfStock(tx, terms, wanted);
  tx.db.query('UPDATE sims SET last_sold_at_ms = $now WHERE iccid = $iccid').run({ iccid: sim.iccid, now: tx.nowMs });
  const isNow = request.startsAtMs === null;
  const rental = {
    ...{ id: newId('rnt', tx.nowMs, terms.random), userId, ...sim, country, service, name: nameOf(request.name), currency: terms.currency },
    ...{ status: isNow ? ('active' as const) : ('scheduled' as const), reason: isNow ? ('started' as const) : ('booked' as const) },
    ...{ priceMinor, createdAtMs: tx.nowMs, startsAtMs, endsAtMs, endedAtMs: null, firstMessageAtMs: null, outageMs: 0 },
    ...{ autoCapMinor, autoSpentMinor: 0 },
  };
  return openRental(tx, terms, rental, term);
}

/**
 * Adds a term to an active rental, at the price of now. Refuses with `not_found`, `rental_not_active`, `price_above_max`, `limit_reached` (more than a year ahead),
 * `out_of_stock` (the number is booked by then) or `insufficient_balance`.
 */
export function extendRental(
  tx: Tx,
  terms: RentalTerms,
  request: { userId: string; rentalId: string; term: Term; maxPriceMinor: number | null; automatic?: boolean },
): Rental {
  const { term, automatic = false } = request;
  const rental = ownRental(tx, request.rentalId, request.userId);
  requireActive(rental, 'extended');
  const priceMinor = priceNow(tx, terms, rental.country, term, request.maxPriceMinor);
  const addedMs = durationMs(term);
  // One whose end has passed waits for its modem: time that is gone is sold to nobody.
  const endsAtMs = Math.max(rental.endsAtMs, tx.nowMs) + addedMs;
  if (endsAtMs > tx.nowMs + RENTAL_MS_MAX) {
    throw new Refusal('limit_reached', 'A number is rented for a year ahead at most. Extend it by less, or later.');
  }
  refuseBooked(tx, terms, rental, endsAtMs);
  addCharge(tx, terms, rental, { ...term, priceMinor }, automatic);
  recordChange(tx, rental, automatic ? 'extended_by_itself' : 'extended', { addedMs: endsAtMs - rental.endsAtMs });
  const autoSpentMinor = rental.autoSpentMinor + (automatic ? priceMinor : 0);
  return saveRental(
    tx,
    terms,
    { ...rental, endsAtMs, priceMinor: rental.priceMinor + priceMinor, autoSpentMinor },
    'active',
    'rental.extended',
  );
}

/**
 * The customer ends an active rental, or cancels one that has not started. All money goes back when no message came, else the unused whole periods if the operator
 * allows that. Refuses with `not_found`, `rental_not_active` when it has ended, and `too_late` when less would come back than `minReturnedMinor`.
 */
export function endRental(
  tx: Tx,
  terms: RentalTerms,
  request: { userId: string; rentalId: string; minReturnedMinor: number | null },
): Rental {
  const rental = ownRental(tx, request.rentalId, request.userId);
  if (rental.endedAtMs !== null) requireActive(rental, 'ended');
  const back = returnedAtEnd(tx, terms, rental, tx.nowMs);
  if (request.minReturnedMinor !== null && back < request.minReturnedMinor) {
    throw new Refusal(
      'too_late',
      `Only ${formatMinor(back, rental.currency)} would come back now: time went by, or a message came. Nothing was changed; look at it again.`,
      { returned: back, currency: rental.currency },
    );
  }
  return rental.status === 'scheduled'
    ? closeRental(tx, terms, rental, 'canceled', 'canceled_by_customer', null)
    : closeRental(tx, terms, rental, 'ended', 'ended_by_customer', terms.refundUnused ? tx.nowMs : null);
}

/** What would come back if the customer ended the rental at `atMs`, in minor units. */
export function returnedAtEnd({ db }: Pick<Tx, 'db'>, terms: RentalTerms, rental: Rental, atMs: number): number {
  if (rental.endedAtMs !== null) return 0;
  if (rental.firstMessageAtMs === null) return rental.priceMinor;
  if (!terms.refundUnused) return 0;
  return unusedPeriods(chargesOf(db, rental.id), rental.endsAtMs, atMs).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** Names a rental, and switches its extensions by themselves on (with what they may cost in all) or off (null); what is absent stays. */
export function changeRental(
  tx: Tx,
  request: { userId: string; rentalId: string; name?: string | undefined; autoCapMinor?: number | null | undefined },
): Rental {
  const rental = ownRental(tx, request.rentalId, request.userId);
  const { autoCapMinor = rental.autoCapMinor } = request;
  if (request.autoCapMinor !== undefined && rental.endedAtMs !== null) requireActive(rental, 'extended');
  const name = request.name === undefined ? rental.name : nameOf(request.name);
  tx.db.query('UPDATE rentals SET name = $name, auto_cap_minor = $autoCapMinor WHERE id = $id').run({ id: rental.id, name, autoCapMinor });
  return { ...rental, name, autoCapMinor };
}

/** A message of this rental, already written in the same transaction, arrived or grew. The first one earns everything that is held. */
export function receiveMessage(tx: Tx, terms: OrderTerms, rental: Rental): Rental {
  invariant(rental.status === 'active', `a message for rental ${rental.id}, which is ${rental.status}`);
  const received = saveRental(tx, terms, { ...rental, firstMessageAtMs: rental.firstMessageAtMs ?? tx.nowMs }, 'active', 'rental.message');
  if (moneyOf(rental) === 'held') captureCharges(tx, terms, rental);
  return received;
}

/** The price of a term in a country this moment; refuses what is not offered, and more than the customer allows. */
function priceNow(tx: Tx, terms: RentalTerms, country: string, term: Term, maxPriceMinor: number | null): number {
  const { unit, periods } = term;
  if (!Number.isInteger(periods) || periods < 1 || periods > PERIODS_MAX[unit]) {
    const message = `The number of ${unit}s must be a whole number from 1 to ${PERIODS_MAX[unit]}.`;
    throw new Refusal('validation', message, { errors: [{ field: `${unit}s`, message }] });
  }
  const rate = findRate(tx.db, country);
  if (!rate) throw new Refusal('not_found', `No whole numbers are rented out in ${country}. GET /api/v1/rates lists where they are.`);
  const price = priceOf(rate.prices, term);
  if (price === null) {
    const message =
      rate.prices[unit] === null
        ? `Numbers in ${country} are not rented by the ${unit}.`
        : `So many ${unit}s cost more than can be charged at once.`;
    throw new Refusal('validation', message, { errors: [{ field: `${unit}s`, message }] });
  }
  if (maxPriceMinor !== null && price > maxPriceMinor) {
    throw new Refusal('price_above_max', `The price is ${price}, above the max_price of ${maxPriceMinor}. Nothing was charged.`, {
      price,
      currency: terms.currency,
    });
  }
  return price;
}

function startOf(startsAtMs: number | null, nowMs: number): number {
  if (startsAtMs === null) return nowMs;
  if (startsAtMs > nowMs && startsAtMs <= nowMs + BOOKING_MS_MAX) return startsAtMs;
  const message = `The start must lie in the future and at most ${BOOKING_MS_MAX / 86_400_000} days ahead; leave it away to start at once.`;
  throw new Refusal('validation', message, { errors: [{ field: 'starts_at', message }] });
}

function outOfStock(tx: Tx, terms: RentalTerms, wanted: WantedNumber): Refusal {
  const freeAtMs = nextFreeAtMs(tx.db, wanted, terms, tx.nowMs);
  const when =
    freeAtMs === null
      ? 'When one will be is not known.'
      : `The next one is free at ${rfc3339(freeAtMs)}, as far as is known now: book it for then.`;
  const what = `No whole number is free in ${wanted.country} for that time. Nothing was charged.`;
  return new Refusal('out_of_stock', `${what} ${when}`, { next_free_at: freeAtMs === null ? null : rfc3339(freeAtMs) });
}

/** Refuses to extend into somebody's booking of the same number. */
function refuseBooked(tx: Tx, terms: RentalTerms, rental: Rental, endsAtMs: number): void {
  const restMs = terms.quarantineMinutes * 60_000;
  const next = tx.db
    .query<{ startsAtMs: number | null }, { iccid: string; number: string; before: number }>(
      `SELECT min(starts_at_ms) AS startsAtMs FROM rentals WHERE status = 'scheduled' AND (iccid = $iccid OR number = $number) AND starts_at_ms < $before`,
    )
    .get({ iccid: rental.iccid, number: rental.number, before: endsAtMs + restMs });
  if (next?.startsAtMs == null) return;
  const untilMs = Math.max(rental.endsAtMs, next.startsAtMs - restMs);
  throw new Refusal(
    'out_of_stock',
    `The number is booked by somebody else afterwards: it can be extended until ${rfc3339(untilMs)} at most. Nothing was charged.`,
    { free_until: rfc3339(untilMs), next_free_at: nextFree(tx, terms, rental, endsAtMs) },
  );
}

function nextFree(tx: Tx, terms: RentalTerms, { country, service, endsAtMs: startsAtMs }: Rental, endsAtMs: number): string | null {
  const wanted = { country, service, startsAtMs, endsAtMs };
  if (findFreeNumber(tx.db, wanted, terms, tx.nowMs)) return rfc3339(startsAtMs);
  const atMs = nextFreeAtMs(tx.db, wanted, terms, tx.nowMs);
  return atMs === null ? null : rfc3339(atMs);
}

export function ownRental(tx: Pick<Tx, 'db'>, rentalId: string, userId: string): Rental {
  const rental = findRental(tx.db, rentalId, userId);
  if (!rental) throw new Refusal('not_found', 'You have no rental with this id.');
  return rental;
}

function requireActive(rental: Rental, what: string): void {
  if (rental.status === 'active') return;
  const why = rental.status === 'scheduled' ? 'it has not started yet' : `it is ${rental.status}`;
  throw new Refusal('rental_not_active', `The rental cannot be ${what}: ${why}.`, { rental_status: rental.status });
}

function nameOf(name: string): string {
  const plain = name.trim().replace(/\s+/g, ' ').toWellFormed();
  if (plain.length <= NAME_CHARACTERS_MAX) return plain;
  const message = `A name has at most ${NAME_CHARACTERS_MAX} characters.`;
  throw new Refusal('validation', message, { errors: [{ field: 'name', message }] });
}
