/** The moves of the market's test, and how often each is made. */
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, type Service } from './model.ts';

export const SERVICES: readonly Service[] = ['telegram', 'google', 'any'];
export const SIMS = 4;
export const USERS = 2;
export const VOUCHER_MINOR = 60;
/** Vouchers are good for so long. */
export const VOUCHER_MS = 6 * HOUR_MS;
/** So does a place in the waiting list. */
export const WAIT_HOURS = 5;

const user = fc.nat(USERS - 1);
const service = fc.constantFrom(...SERVICES);
const any = fc.nat(30);
/** Which SIM: mostly one on which something is sold, for elsewhere little happens. */
const place = fc.record({ of: fc.constantFrom('order' as const, 'order' as const, 'rental' as const, 'any' as const), index: any });
/** Somebody else's order is refused as one that there is not. */
const by = fc.constantFrom('owner' as const, 'owner' as const, 'owner' as const, 'owner' as const, 'other' as const);
const is = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

export const step = fc.oneof(
  weighted(2, fc.record({ kind: is('topUp'), user, amountMinor: fc.integer({ min: 1, max: 300 }), reference: fc.nat(5) })),
  weighted(1, fc.record({ kind: is('voucher'), user, voucher: fc.nat(2) })),
  weighted(2, fc.record({ kind: is('ask'), user, amountMinor: fc.integer({ min: 1, max: 90 }) })),
  // A provider tells the same in any order and however often.
  weighted(
    4,
    fc.record({ kind: is('tell'), payment: any, news: is('paid', 'paid', 'expired', 'invalid', 'late', 'wrong'), event: fc.nat(1) }),
  ),
  weighted(8, fc.record({ kind: is('order'), user, service })),
  weighted(4, fc.record({ kind: is('wait'), user, service, tooCheap: fc.constantFrom(false, false, false, true) })),
  weighted(1, fc.record({ kind: is('leave'), place: any, by })),
  weighted(3, fc.record({ kind: is('many'), user, service, count: fc.integer({ min: 1, max: 4 }), fill: is('all', 'available') })),
  weighted(
    8,
    fc.record({
      kind: is('message'),
      place,
      service: fc.constantFrom('fitting' as const, 'fitting' as const, 'telegram' as const, 'google' as const, null),
    }),
  ),
  weighted(8, fc.record({ kind: is('cancel', 'finish', 'finish', 'report', 'unusable', 'extend'), order: any, by })),
  weighted(
    4,
    fc.record({ kind: is('rent'), user, service: fc.constantFrom(null, ...SERVICES.slice(0, 2)), hours: fc.integer({ min: 1, max: 3 }) }),
  ),
  weighted(3, fc.record({ kind: is('extendRental', 'endRental'), rental: any, by })),
  weighted(2, fc.record({ kind: is('away', 'back'), place })),
  weighted(
    4,
    fc.record({
      kind: is('outage'),
      place,
      ms: fc.oneof(fc.nat(60_000), fc.nat(9 * MINUTE_MS), fc.nat(30 * MINUTE_MS), fc.nat(3 * HOUR_MS)),
    }),
  ),
  weighted(
    6,
    fc.record({ kind: is('pass'), ms: fc.oneof(fc.nat(40_000), fc.nat(25 * MINUTE_MS), fc.nat(4 * HOUR_MS), fc.nat(30 * HOUR_MS)) }),
  ),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
