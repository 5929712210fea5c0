import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { keyOf, type Price, type PriceMap } from './steps.ts';

/** Prices are read so many at a time: a few milliseconds each. */
const ROWS_AT_ONCE = 5000;
const COLUMNS = 'country, service, carrier, price_minor AS priceMinor, window_minutes AS windowMinutes';

/** Counts the changes of prices: whoever worked something out on a revision knows by it that nothing came between. */
export function pricesRevision(db: Database): number {
  const row = db.query<{ value: string }, []>("SELECT value FROM settings WHERE key = 'prices_revision'").get();
  return Number(row?.value ?? 0);
}

/** Called by every verb that changes a price. */
export function pricesChanged(tx: Tx): void {
  tx.db
    .query(
      `INSERT INTO settings (key, value) VALUES ('prices_revision', '1')
       ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`,
    )
    .run();
}

/** One price as it stands, or null. */
export function findPrice(db: Database, { country, service, carrier }: Pick<Price, 'country' | 'service' | 'carrier'>): Price | null {
  return db
    .query<Price, { country: string; service: string; carrier: string }>(
      `SELECT ${COLUMNS} FROM offers WHERE country = $country AND service = $service AND carrier = $carrier`,
    )
    .get({ country, service, carrier });
}

/** All prices at one revision, in their order; read in pieces, and again from the start when one changed meanwhile. */
export async function allPrices(db: Database, breathe: () => Promise<void>): Promise<{ revision: number; prices: PriceMap }> {
  for (;;) {
    const revision = pricesRevision(db);
    const prices = new Map<string, Price>();
    let last: Pick<Price, 'country' | 'service' | 'carrier'> = { country: '', service: '', carrier: '' };
    for (;;) {
      const rows = pricesAfter(db, last);
      for (const row of rows) prices.set(keyOf(row), row);
      const end = rows.at(-1);
      if (end === undefined || rows.length < ROWS_AT_ONCE) break;
      last = end;
      await breathe();
    }
    if (pricesRevision(db) === revision) return { revision, prices };
  }
}

function pricesAfter(db: Database, { country, service, carrier }: Pick<Price, 'country' | 'service' | 'carrier'>): Price[] {
  return db
    .query<Price, { country: string; service: string; carrier: string; limit: number }>(
      `SELECT ${COLUMNS} FROM offers WHERE (country, service, carrier) > ($country, $service, $carrier)
       ORDER BY country, service, carrier LIMIT $limit`,
    )
    .all({ country, service, carrier, limit: ROWS_AT_ONCE });
}

export interface PriceFilter {
  country: string | null;
  service: string | null;
}

const WHERE = 'WHERE ($country IS NULL OR country = $country) AND ($service IS NULL OR service = $service)';

/** One page of prices, by country, service and carrier, and how many there are. */
export function pricePage(db: Database, filter: PriceFilter, page: { number: number; size: number }): { found: number; prices: Price[] } {
  const { country, service } = filter;
  const found = db
    .query<{ found: number }, { country: string | null; service: string | null }>(`SELECT count(*) AS found FROM offers ${WHERE}`)
    .get({ country, service });
  const prices = db
    .query<Price, { country: string | null; service: string | null; limit: number; offset: number }>(
      `SELECT ${COLUMNS} FROM offers ${WHERE} ORDER BY country, service, carrier LIMIT $limit OFFSET $offset`,
    )
    .all({ country, service, limit: page.size, offset: (page.number - 1) * page.size });
  return { found: found?.found ?? 0, prices };
}
