import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { isCountry } from '../lib/country.ts';
import { Refusal } from '../lib/errors.ts';
import { AMOUNT_MINOR_MAX } from '../lib/money.ts';
import { type Prices, UNITS, type Unit } from './pricing.ts';

/** What entries of the audit log about these prices are about. */
export const RATES_AUDITED = 'rates';

/** The prices of a country. */
export interface Rate {
  country: string;
  prices: Prices;
}

/** What the operator says: a number sets a price, null takes it away, what is absent stays. */
export type PriceChange = Partial<Record<Unit, number | null>>;

interface Row {
  country: string;
  hour: number | null;
  day: number | null;
  week: number | null;
}
const COLUMNS = 'country, hour_minor AS hour, day_minor AS day, week_minor AS week';
const rateOf = ({ country, hour, day, week }: Row): Rate => ({ country, prices: { hour, day, week } });

/** Every country that is rented out for long, by country. */
export function listRates(db: Database, country: string | null = null): Rate[] {
  return db
    .query<Row, { country: string | null }>(`SELECT ${COLUMNS} FROM rates WHERE $country IS NULL OR country = $country ORDER BY country`)
    .all({ country })
    .map(rateOf);
}

/** The prices of a country, or null when no number there is rented out for long. */
export function findRate(db: Database, country: string): Rate | null {
  return listRates(db, country)[0] ?? null;
}

/**
 * Sets prices of a country; rentals that run keep what they cost, their extensions cost what is then shown. Refuses what is no country or price, and to leave
 * a country without any price: removeRate says that plainly.
 */
export function setRate(tx: Tx, country: string, change: PriceChange): Rate {
  if (!isCountry(country)) {
    throw wrong(
      'country',
      `The country must be an ISO 3166-1 code in lower case, for example gb; got ${JSON.stringify(country.slice(0, 40))}.`,
    );
  }
  const before = findRate(tx.db, country)?.prices ?? { hour: null, day: null, week: null };
  const prices = { ...before };
  for (const unit of UNITS) {
    const price = change[unit];
    if (price === undefined) continue;
    if (price !== null && !(Number.isInteger(price) && price >= 1 && price <= AMOUNT_MINOR_MAX)) {
      throw wrong(unit, `The price of ${NAMES[unit]} must be a whole number of minor units from 1 to ${AMOUNT_MINOR_MAX}.`);
    }
    prices[unit] = price;
  }
  if (UNITS.every((unit) => prices[unit] === null)) {
    throw wrong('country', 'Set a price for an hour, a day or a week. A country without any is removed.');
  }
  tx.db
    .query(
      `INSERT INTO rates (country, hour_minor, day_minor, week_minor, updated_at_ms) VALUES ($country, $hour, $day, $week, $now)
       ON CONFLICT (country) DO UPDATE SET hour_minor = excluded.hour_minor, day_minor = excluded.day_minor, week_minor = excluded.week_minor,
         updated_at_ms = excluded.updated_at_ms`,
    )
    .run({ country, ...prices, now: tx.nowMs });
  return { country, prices };
}

const NAMES: Record<Unit, string> = { hour: 'an hour', day: 'a day', week: 'a week' };

/** Takes a country off long rent; rentals that run go on and cannot be extended. Refuses one that is not there. */
export function removeRate(tx: Tx, country: string): void {
  const removed = tx.db.query('DELETE FROM rates WHERE country = $country').run({ country });
  if (removed.changes === 0)
    throw new Refusal('not_found', `There are no rates for ${country}; \`smspin rate list\` shows those there are.`);
}

/** Rates for a newcomer to try, in the given countries, unless the operator has already set any. */
export function seedDemoRates(tx: Tx, countries: readonly string[]): void {
  if (tx.db.query('SELECT 1 FROM rates LIMIT 1').get() !== null) return;
  for (const country of countries) setRate(tx, country, { hour: 80, day: 400, week: 1500 });
}

function wrong(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
