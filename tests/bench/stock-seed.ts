import type { Database } from 'bun:sqlite';
import { chosen, numbers, withoutTriggers } from './bulk.ts';

export const COUNTRIES = ['gb', 'us', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'se', 'at'] as const;
export const SERVICES = 300;
export const CUSTOMERS = 1000;
/** One of so many orders is the first customer's. */
export const HEAVY_SHARE = 10;

/** The slug of the `n`-th service of the bench. */
export const serviceOf = (n: number): string => `shop-${String(n % SERVICES).padStart(3, '0')}`;

/** SQL of the id of the customer that the integer expression says, of the form that the house gives. */
export const userIdOf = (n: string): string => `printf('usr_0bench%020d', ${n})`;

/** SIMs in ten countries, an offer of each service in each with the last orders' samples, and a thousand customers who have bought nothing. */
export function seedBank(db: Database, sims: number): void {
  const nowMs = Date.now();
  withoutTriggers(db, ['sims', 'offers', 'offer_samples', 'users'], () =>
    db.transaction(() => {
      db.run(
        `INSERT INTO sims (iccid, number_set, country_set, carrier_set, virtual, slot, first_seen_at_ms, last_seen_at_ms)
         ${numbers(0, sims)} SELECT printf('894401%013d', i), printf('+4477%08d', i), ${chosen('i', COUNTRIES)}, ${chosen('i / 10', ['o2', 'three'])}, 0, 'bench' || i,
           ${nowMs}, ${nowMs} FROM n`,
      );
      db.run(
        `INSERT INTO offers (country, service, price_minor, window_minutes, updated_at_ms)
         ${numbers(0, SERVICES)} SELECT c.value, printf('shop-%03d', i), 10 + i % 90, 1440, ${nowMs} FROM n, json_each('${JSON.stringify(COUNTRIES)}') c`,
      );
      db.run(
        `INSERT INTO offer_samples (country, service, carrier, ended_at_ms, order_id, took_ms)
         ${numbers(0, 100)} SELECT country, service, '', ${nowMs} - i * 60000, 'x' || i, CASE WHEN i % 10 = 0 THEN NULL ELSE 10000 + i * 100 END FROM offers, n`,
      );
      db.run(
        `INSERT INTO users (id, email, role, state, terms_version, terms_at_ms, created_at_ms)
         ${numbers(0, CUSTOMERS)} SELECT ${userIdOf('i')}, 'bench' || i || '@example.org', 'customer', 'active', '1', ${nowMs}, ${nowMs} FROM n`,
      );
      db.run(`INSERT INTO ledger_accounts (id, kind) VALUES ('revenue', 'revenue'), ('funding', 'funding') ON CONFLICT DO NOTHING`);
      for (const kind of ['available', 'held']) {
        db.run(
          `INSERT INTO ledger_accounts (id, kind, user_id) SELECT '${kind}:' || id, '${kind}', id FROM users WHERE id LIKE 'usr_0bench%'`,
        );
      }
    })(),
  );
}
