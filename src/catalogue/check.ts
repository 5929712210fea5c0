import { isCarrier } from '../lib/carrier.ts';
import { WINDOW_MINUTES_MAX, WINDOW_MINUTES_MIN } from '../lib/clock.ts';
import { isCountry } from '../lib/country.ts';
import { Refusal } from '../lib/errors.ts';
import { AMOUNT_MINOR_MAX, formatMinor } from '../lib/money.ts';
import type { Price } from './steps.ts';

/** What is asked of a price beside what is asked of every amount. */
export interface PriceTerms {
  currency?: string;
  /** No offer is cheaper; 1 when the operator sets none. */
  minimumPriceMinor?: number;
}

/** A service slug: lower-case letters, digits and dashes, starting with a letter or digit. */
export function isService(slug: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,39}$/.test(slug);
}

/** Refuses, by field, what is no country, service slug, carrier, price or window, and a price below the least. Whether the service is denied is asked elsewhere. */
export function checkPrice({ country, service, carrier, priceMinor, windowMinutes }: Price, terms: PriceTerms = {}): void {
  if (!isCountry(country)) {
    throw wrong('country', `The country must be an ISO 3166-1 code in lower case, for example gb; got ${shown(country, 40)}.`);
  }
  if (!isService(service)) {
    throw wrong(
      'service',
      `The service must be a slug of lower-case letters, digits and dashes, for example telegram; got ${shown(service, 60)}.`,
    );
  }
  if (carrier !== '' && !isCarrier(carrier)) {
    throw wrong(
      'carrier',
      `The carrier must be a slug of lower-case letters, digits and dashes as \`smspin sim list\` shows them, for example vodafone; leave it out for SIMs of any carrier. Got ${shown(carrier, 60)}.`,
    );
  }
  if (!Number.isInteger(priceMinor) || priceMinor < 1 || priceMinor > AMOUNT_MINOR_MAX) {
    throw wrong('price', `The price must be a whole number of minor units from 1 to ${AMOUNT_MINOR_MAX}.`);
  }
  const { minimumPriceMinor = 1, currency } = terms;
  if (priceMinor < minimumPriceMinor) {
    const amount = (minor: number) => (currency === undefined ? `${minor} minor units` : formatMinor(minor, currency));
    throw wrong('price', `The price must be at least ${amount(minimumPriceMinor)} (money.minimum_price); got ${amount(priceMinor)}.`);
  }
  if (windowMinutes !== null && !(windowMinutes >= WINDOW_MINUTES_MIN && windowMinutes <= WINDOW_MINUTES_MAX)) {
    throw wrong('window_minutes', `The window must be a number of minutes from ${WINDOW_MINUTES_MIN} to ${WINDOW_MINUTES_MAX}.`);
  }
}

function shown(text: string, charactersMax: number): string {
  return JSON.stringify(text.slice(0, charactersMax));
}

function wrong(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
