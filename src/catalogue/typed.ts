import { majorText, minorDigits, parseMajor } from '../lib/money.ts';
import type { Price } from './steps.ts';

/** A price and window as typed; an empty window is the house's. */
export function readTerms(
  values: { price: string; window: string },
  currency: string,
): { ok: true; terms: Pick<Price, 'priceMinor' | 'windowMinutes'> } | { ok: false; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const priceMinor = parseMajor(values.price.trim(), currency);
  const decimals = minorDigits(currency);
  if (priceMinor === null) {
    errors['price'] =
      `Write an amount in ${currency} ${decimals === 0 ? 'without decimals' : `with at most ${decimals} decimals`}, such as ${majorText(45, currency)}.`;
  }
  const window = values.window.trim().replace(',', '.');
  if (window !== '' && !/^\d{1,6}(\.\d{1,6})?$/.test(window)) errors['window'] = 'Write a number of minutes, or leave it empty.';
  if (priceMinor === null || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, terms: { priceMinor, windowMinutes: window === '' ? null : Number(window) } };
}
