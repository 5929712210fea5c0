import { AMOUNT_MINOR_MAX, isCurrency } from '../lib/money.ts';
import { text, whole } from './kinds.ts';

/** Keys of `[money]`. */
export const MONEY_KEYS = {
  currency: text('an ISO 4217 currency code such as "USD"', 'USD', isCurrency),
  minimum_price: whole(1, 1_000_000_000, 1),
  low_balance: whole(0, AMOUNT_MINOR_MAX, 0),
};

/** Keys of `[ledger]`. */
export const LEDGER_KEYS = { time_zone: text('an IANA time zone such as "Europe/Berlin" or "UTC"', 'UTC', isTimeZone) };

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone.length <= 60;
  } catch {
    return false;
  }
}
