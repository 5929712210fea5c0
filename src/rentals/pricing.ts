import { AMOUNT_MINOR_MAX } from '../lib/money.ts';

/** What a number is rented by. */
export const UNITS = ['hour', 'day', 'week'] as const;
export type Unit = (typeof UNITS)[number];

const HOUR_MS = 3_600_000;
const UNIT_MS: Record<Unit, number> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** The most of each unit that is bought at once: beyond it the next unit fits, and no number is promised for more than a year. */
export const PERIODS_MAX: Record<Unit, number> = { hour: 168, day: 90, week: 52 };
/** A rental, with all its extensions, ends at most this long after now. */
export const RENTAL_MS_MAX = 366 * 24 * HOUR_MS;
/** A start can be booked this far ahead. */
export const BOOKING_MS_MAX = 30 * 24 * HOUR_MS;

/** Prices of a country in minor units for one period of each unit; null where it is not offered. */
export type Prices = Readonly<Record<Unit, number | null>>;

/** So many hours, days or weeks. */
export interface Term {
  unit: Unit;
  periods: number;
}

/** How long a term is, in milliseconds: an hour, a day of 24 hours, a week of seven days, whatever the calendar says. */
export function durationMs({ unit, periods }: Term): number {
  return UNIT_MS[unit] * periods;
}

/** What a term costs in minor units, or null where its unit has no price or the sum is beyond what one posting may hold. */
export function priceOf(prices: Prices, { unit, periods }: Term): number | null {
  const price = prices[unit];
  return price === null || price * periods > AMOUNT_MINOR_MAX ? null : price * periods;
}

/** A piece of a rental as it was bought. */
export interface Charge extends Term {
  number: number;
  priceMinor: number;
}

/** What goes back of a charge. */
export interface Unused {
  charge: number;
  periods: number;
  amountMinor: number;
}

/**
 * The whole periods of a rental that are not used when it ends at `atMs` instead of `endsAtMs`, newest charge first. A period that has begun is used; time
 * that was added for an outage stands at the end, so it comes back as periods too. Never more periods of a charge than were bought, nor more money than it cost.
 */
export function unusedPeriods(charges: readonly Charge[], endsAtMs: number, atMs: number): Unused[] {
  const unused: Unused[] = [];
  let leftMs = endsAtMs - atMs;
  for (const { number, unit, periods, priceMinor } of charges.toSorted((a, b) => b.number - a.number)) {
    const back = Math.min(periods, Math.ceil(leftMs / UNIT_MS[unit]) - 1);
    if (back >= 1) unused.push({ charge: number, periods: back, amountMinor: (priceMinor / periods) * back });
    if (back < periods) break;
    leftMs -= UNIT_MS[unit] * back;
  }
  return unused;
}
