import { RateLimit } from '../http/limits.ts';
import type { Clock } from '../lib/clock.ts';

const HOUR_MS = 3_600_000;

/** Of codes that were refused: nobody finds one of 2^75 so, and nobody keeps the box busy. Page and API count together. */
export interface VoucherLimits {
  /** Takes one of what account and address may try now, or refuses with `limit_reached`. */
  take(userId: string, address: string): void;
  /** The code was right: it does not count. */
  giveBack(userId: string, address: string): void;
}

export function voucherLimits(clock: Clock): VoucherLimits {
  const accounts = new RateLimit({ burst: 10, refillMs: HOUR_MS, what: 'voucher codes that are none from this account' });
  const addresses = new RateLimit({ burst: 30, refillMs: HOUR_MS, what: 'voucher codes that are none from this address' });
  return {
    take(userId, address) {
      accounts.take(userId, clock.monotonicMs());
      addresses.take(address, clock.monotonicMs());
    },
    giveBack(userId, address) {
      accounts.giveBack(userId);
      addresses.giveBack(address);
    },
  };
}
