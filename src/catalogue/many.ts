import type { Database } from 'bun:sqlite';
import { serviceName } from '../codes/services.ts';
import { isCountry } from '../lib/country.ts';
import { formatMinor } from '../lib/money.ts';
import { categoryName, isCategory } from './categories.ts';
import { checkPrice, isService } from './check.ts';
import { errorsOf } from './head.ts';
import { refuseDenied } from './offers.ts';
import type { PriceDeps } from './planning.ts';
import { findPrice } from './prices.ts';
import { listServices } from './services.ts';
import type { Price } from './steps.ts';
import { readTerms } from './typed.ts';

const PRICES_MAX = 100_000;

/** One price for many offers, as the operator typed it: a service or all of a category, in the countries named or in all. What is wrong comes back by field. */
export function readMany(
  db: Database,
  terms: PriceDeps['terms'],
  values: Record<'category' | 'service' | 'countries' | 'many_price' | 'many_window' | 'create', string>,
): { ok: true; prices: Price[]; title: string } | { ok: false; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const { category, service } = values;
  if ((service === '') === (category === '')) errors['service'] = 'Choose a category or write a service, one of both.';
  else if (service !== '' && !isService(service)) errors['service'] = 'Write the slug of a service, such as telegram.';
  else if (category !== '' && !isCategory(category)) errors['category'] = 'Choose one of the categories.';
  const typed = values.countries
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const wrong = typed.find((country) => !isCountry(country));
  if (wrong !== undefined)
    errors['countries'] = `${JSON.stringify(wrong.slice(0, 20))} is no country: write two letters each, such as gb, de.`;
  const read = readTerms({ price: values.many_price, window: values.many_window }, terms.currency);
  if (!read.ok) Object.assign(errors, inForm(read.errors));
  if (!read.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const { priceMinor, windowMinutes } = read.terms;

  const services =
    service !== ''
      ? [service]
      : listServices(db, terms)
          .filter((one) => one.category === category && !one.hidden)
          .map(({ slug }) => slug);
  const countries = typed.length > 0 ? [...new Set(typed)] : knownCountries(db);
  if (services.length * countries.length > PRICES_MAX)
    return { ok: false, errors: { '': `That are more than ${PRICES_MAX} prices: name fewer countries.` } };
  const prices = countries.flatMap((country) =>
    services.flatMap((slug) => priceAt(db, { country, service: slug, priceMinor, windowMinutes, create: values.create === '1' })),
  );
  if (prices.length === 0) {
    return { ok: false, errors: { '': 'There is no price yet that this would change. Tick the box below to make new ones.' } };
  }
  const problem = problemOf(prices, terms);
  if (problem !== null) return { ok: false, errors: problem };
  const what = service === '' ? categoryName(category) : serviceName(service, terms.rules());
  const where = typed.length === 0 ? 'everywhere' : `in ${countries.slice(0, 12).join(', ')}${countries.length > 12 ? ' …' : ''}`;
  return { ok: true, prices, title: `${what} ${where} at ${formatMinor(priceMinor, terms.currency)}` };
}

interface Wanted {
  country: string;
  service: string;
  priceMinor: number;
  windowMinutes: number | null;
  create: boolean;
}

/** Nothing where there is no price and none is to be made. */
function priceAt(db: Database, { country, service, priceMinor, windowMinutes, create }: Wanted): Price[] {
  const key = { country, service, carrier: '' };
  const before = findPrice(db, key);
  if (before === null && !create) return [];
  return [{ ...key, priceMinor, windowMinutes: windowMinutes ?? before?.windowMinutes ?? null }];
}

/** Countries with a price or a SIM. */
function knownCountries(db: Database): string[] {
  return db
    .query<{ country: string }, []>('SELECT country FROM offers UNION SELECT country FROM sims WHERE country IS NOT NULL ORDER BY country')
    .all()
    .map(({ country }) => country);
}

/** What is wrong with the first of them that is wrong, by the fields of the form. */
function problemOf(prices: readonly Price[], terms: PriceDeps['terms']): Record<string, string> | null {
  try {
    for (const price of prices) checkPrice(price, terms);
    for (const service of new Set(prices.map((price) => price.service))) refuseDenied(service, terms);
    return null;
  } catch (thrown) {
    const { window_minutes: window, ...others } = errorsOf(thrown).errors;
    return inForm({ ...others, ...(window === undefined ? {} : { window }) });
  }
}

/** Under the names of the form, which stands beside the one for a single price. */
function inForm({ price, window, ...others }: Record<string, string>): Record<string, string> {
  return { ...others, ...(price === undefined ? {} : { many_price: price }), ...(window === undefined ? {} : { many_window: window }) };
}
