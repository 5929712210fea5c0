import { Refusal } from './errors.ts';

/** The largest amount of one posting, in minor units: well inside 2^53, so sums of a million of them are still exact. */
export const AMOUNT_MINOR_MAX = 1_000_000_000;

interface Form {
  format(amount: number): string;
  digits: number;
}
/** Making a formatter takes as long as twenty uses of it, and a page of offers has hundreds. At most one for each three letters, since others throw. */
const forms = new Map<string, Form>();

function formOf(currency: string): Form {
  const known = forms.get(currency);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat('en', { style: 'currency', currency });
  const form = { format: (amount: number) => made.format(amount), digits: made.resolvedOptions().maximumFractionDigits ?? 2 };
  forms.set(currency, form);
  return form;
}

/** How many digits the minor unit of an ISO 4217 currency has: USD 2, JPY 0, KWD 3. Throws RangeError for what is no currency code. */
export function minorDigits(currency: string): number {
  return formOf(currency).digits;
}

/** An amount in minor units as people read it: (1250, 'USD') → `$12.50`. */
export function formatMinor(amountMinor: number, currency: string): string {
  const { format, digits } = formOf(currency);
  return format(amountMinor / 10 ** digits);
}

/** Parses a positive whole number of minor units, as commands take it. Refuses anything else as `validation`. */
export function parseMinor(text: string, what: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > AMOUNT_MINOR_MAX) {
    throw new Refusal(
      'validation',
      `${what} must be a whole number of minor units of the currency from 1 to ${AMOUNT_MINOR_MAX}, for example 250; got ${JSON.stringify(text.slice(0, 40))}.`,
    );
  }
  return Number(text);
}

/** Minor units of an amount as people type it, not below zero: ('12.50', 'USD') → 1250; null for what is none, or has too many decimals. */
export function parseMajor(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const [, whole, , part = ''] = /^(\d{1,10})([.,](\d{1,4}))?$/.exec(text) ?? [];
  if (whole === undefined || part.length > digits) return null;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, '0') || '0');
}

/** The same amount as it would be typed: (1250, 'USD') → `12.50`. */
export function majorText(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  return (amountMinor / 10 ** digits).toFixed(digits);
}

/** True for a code that `Intl` knows as a currency, such as `USD`. */
export function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}
