import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { formatMinor } from '../src/lib/money.ts';
import type { OfferView, OrderStatus, OrderView } from './model.ts';

export { formatMinor as money, majorText as majorAmount } from '../src/lib/money.ts';

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The English name of a country: `gb` → `United Kingdom`; what is no known region comes back in capitals. */
export function countryName(country: string): string {
  const region = country.toUpperCase();
  return /^[A-Z]{2}$/.test(region) ? (regionNames.of(region) ?? region) : region;
}

/** An E.164 number grouped for reading: `+447700900123` → `+44 7700 900123`; anything else unchanged. */
export function numberGrouped(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** Country calling code and the rest, for forms that ask for them apart; null for what is no E.164 number. */
export function numberParts(number: string): { callingCode: string; national: string } | null {
  const parsed = parsePhoneNumberFromString(number);
  return parsed ? { callingCode: `+${parsed.countryCallingCode}`, national: parsed.nationalNumber } : null;
}

/** Time left as a clock shows it: `04:09`, `1:04:09`, `3 d 04:09:00`; never below `00:00`. static/live.js counts on in the same form. */
export function timeLeft(leftMs: number): string {
  const total = Math.max(0, Math.ceil(leftMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [days, hours, minutes, seconds] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** A window's length in words: 20 → `20 minutes`, 60 → `1 hour`, 4320 → `3 days`. */
export function minutesInWords(minutes: number): string {
  const unit = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (minutes >= 1440 && minutes % 1440 === 0) return unit(minutes / 1440, 'day');
  return minutes >= 60 && minutes % 60 === 0 ? unit(minutes / 60, 'hour') : unit(minutes, 'minute');
}

/** A size as people read it: 999 → `999 B`, 1_234_567 → `1.2 MB`. */
export function octetsInWords(octets: number): string {
  const unit = octets < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(octets) / 3));
  return `${unit === 0 ? octets : (octets / 1000 ** unit).toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

/** How long ago something was, coarsely: `just now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. */
export function agoInWords(thenMs: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - thenMs) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}

/** `2026-11-22 14:03:22 UTC`, or without the date when it is the same UTC day as `nowMs`. */
export function utc(atMs: number, nowMs?: number): string {
  const [date, time] = new Date(atMs).toISOString().slice(0, 19).split('T') as [string, string];
  const today = nowMs !== undefined && new Date(nowMs).toISOString().startsWith(date);
  return today ? `${time} UTC` : `${date} ${time} UTC`;
}

/** The UTC day of a moment: `2026-11-22`. */
export function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

export const STATUS_WORDS: Record<OrderStatus, string> = {
  pending: 'Waiting for SMS',
  received: 'Code received',
  finished: 'Finished',
  expired: 'Expired',
  canceled: 'Canceled',
  reported: 'Reported',
};

/** What a movement changed: `+$1.00`, `−$1.00`, and a dash where it changed nothing. */
export function moneyChange(amountMinor: number, currency: string): string {
  return amountMinor === 0 ? '–' : `${amountMinor > 0 ? '+' : '−'}${formatMinor(Math.abs(amountMinor), currency)}`;
}

/** What happened to an order that ended, without the money; null while it is open. */
export function endInWords(order: Pick<OrderView, 'status' | 'reason' | 'service' | 'serviceName'>): string | null {
  if (order.reason === 'modem_outage') return 'The modem of this number was away for too long.';
  if (order.status === 'expired') return `No ${order.service === 'any' ? 'SMS' : `${order.serviceName} SMS`} came within the window.`;
  if (order.status === 'canceled')
    return order.reason === 'canceled_by_customer' ? 'You canceled this order.' : 'The operator canceled this order for you.';
  if (order.status === 'reported') return 'You reported this number.';
  if (order.status !== 'finished') return null;
  if (order.reason === 'finished_by_operator') return 'The operator closed this order; your code was delivered.';
  return order.reason === 'finished_by_customer' ? 'You finished this order.' : 'The window ended; your code was delivered.';
}

/** True when the price went back to the balance. */
export function isRefunded(status: OrderStatus): boolean {
  return status === 'expired' || status === 'canceled' || status === 'reported';
}

/** True when a status is final. */
export function isEnded(status: OrderStatus): boolean {
  return status !== 'pending' && status !== 'received';
}

/** A card by its ICCID, which begins with 89; what is none is the words that stand for a card nobody knows. */
export function cardInWords(iccid: string): string {
  return iccid.startsWith('89') ? `ICCID ${iccid}` : iccid;
}

/** How the last orders of an offer went: `97 % got a code, half of them within 14 s (last 100 orders)`. */
export function deliveryInWords({ medianSeconds, successRate, sample }: NonNullable<OfferView['delivery']>): string {
  const rate = `${Math.floor(successRate * 100)} % got a code`;
  const within =
    medianSeconds === null
      ? ''
      : `, half of them within ${medianSeconds < 90 ? `${Math.max(1, Math.round(medianSeconds))} s` : `${Math.round(medianSeconds / 60)} min`}`;
  return `${rate}${within} (last ${sample} orders)`;
}

/** Days from today: 0 → `today`, 3 → `in 3 days`, -2 → `2 days ago`. */
export function daysInWords(days: number): string {
  if (days === 0) return 'today';
  if (days < 0) return days === -1 ? 'yesterday' : `${-days} days ago`;
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}
