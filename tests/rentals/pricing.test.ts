import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Charge, durationMs, PERIODS_MAX, priceOf, UNITS, unusedPeriods } from '../../src/rentals/pricing.ts';
import { mayMove, moneyOf, RENTAL_STATUSES } from '../../src/rentals/state.ts';

test.each([
  ['scheduled', 'active', true],
  ['scheduled', 'canceled', true],
  ['scheduled', 'ended', false],
  ['scheduled', 'scheduled', false],
  ['active', 'ended', true],
  ['active', 'canceled', false],
  ['active', 'scheduled', false],
  ['active', 'active', false],
  ...(['ended', 'canceled'] as const).flatMap((from) => RENTAL_STATUSES.map((to) => [from, to, false] as const)),
] as const)('from %s to %s: %p', (from, to, may) => {
  expect(mayMove(from, to)).toBe(may);
});

test.each([
  ['scheduled', null, 'held'],
  ['active', null, 'held'],
  ['active', 1, 'captured'],
  ['ended', null, 'refunded'],
  ['ended', 1, 'captured'],
  ['canceled', null, 'refunded'],
] as const)('the money of a rental that is %s, first message %p, is %s', (status, firstMessageAtMs, money) => {
  expect(moneyOf({ status, firstMessageAtMs })).toBe(money);
});

const HOUR = 3_600_000;
const prices = { hour: 80, day: 400, week: null };

test('a term costs its periods times the price of its unit, and nothing is sold that has none', () => {
  expect(priceOf(prices, { unit: 'hour', periods: 3 })).toBe(240);
  expect(priceOf(prices, { unit: 'day', periods: 1 })).toBe(400);
  expect(priceOf(prices, { unit: 'week', periods: 1 })).toBeNull();
  expect(priceOf({ ...prices, day: 1_000_000_000 }, { unit: 'day', periods: 2 })).toBeNull();
});

const days = (number: number, periods: number): Charge => ({ number, unit: 'day', periods, priceMinor: 400 * periods });

test.each([
  ['at once: the first day has begun', [days(1, 3)], 72, 0, 2],
  ['after half a day', [days(1, 3)], 72, 12, 2],
  ['to the millisecond of a day: the next has begun', [days(1, 3)], 72, 24, 1],
  ['just before it', [days(1, 3)], 72, 23.9, 2],
  ['in the last day', [days(1, 3)], 72, 60, 0],
  ['overdue', [days(1, 3)], 72, 80, 0],
  ['extended: the newest goes back first', [days(1, 1), days(2, 2)], 72, 12, 2],
  ['a day that an outage took comes back', [days(1, 2)], 72, 36, 1],
  ['never more than was bought', [days(1, 2)], 24 * 10, 1, 2],
] as const)('unused days, %s', (_, charges, endsHours, atHours, back) => {
  const unused = unusedPeriods(charges, endsHours * HOUR, atHours * HOUR);
  expect(unused.reduce((sum, { periods }) => sum + periods, 0)).toBe(back);
  expect(unused.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(400 * back);
});

const charge = fc
  .record({ unit: fc.constantFrom(...UNITS), periods: fc.integer({ min: 1, max: 52 }), unitPrice: fc.integer({ min: 1, max: 100_000 }) })
  .map(({ unit, periods, unitPrice }) => ({ unit, periods, priceMinor: unitPrice * periods }));
const bought = fc.array(charge, { minLength: 1, maxLength: 5 }).map((all) => all.map((one, index) => ({ ...one, number: index + 1 })));

test('what goes back: whole periods in whole minor units, never more than was bought or than there is time left, and less the later it is', () => {
  fc.assert(
    fc.property(bought, fc.nat(100 * 24 * HOUR), fc.nat(400 * 24 * HOUR), fc.nat(HOUR), (charges, outageMs, atMs, laterMs) => {
      const endsMs = outageMs + charges.reduce((sum, one) => sum + durationMs(one), 0);
      const unused = unusedPeriods(charges, endsMs, atMs);
      for (const { charge: number, periods, amountMinor } of unused) {
        const own = charges[number - 1];
        expect(own).toBeDefined();
        if (!own) continue;
        expect(Number.isInteger(amountMinor)).toBe(true);
        expect(periods).toBeLessThanOrEqual(own.periods);
        expect(amountMinor * own.periods).toBe(own.priceMinor * periods);
      }
      expect(new Set(unused.map((one) => one.charge)).size).toBe(unused.length);
      const backMs = unused.reduce(
        (sum, one) => sum + durationMs({ unit: charges[one.charge - 1]?.unit ?? 'hour', periods: one.periods }),
        0,
      );
      // A period that has begun is used: some time always stays.
      expect(backMs === 0 || backMs < endsMs - atMs).toBe(true);
      const sum = (all: typeof unused) => all.reduce((total, one) => total + one.amountMinor, 0);
      expect(sum(unusedPeriods(charges, endsMs, atMs + laterMs))).toBeLessThanOrEqual(sum(unused));
    }),
  );
});

test('the most of a unit is less than a year', () => {
  for (const unit of UNITS) expect(durationMs({ unit, periods: PERIODS_MAX[unit] })).toBeLessThanOrEqual(366 * 24 * HOUR);
});
