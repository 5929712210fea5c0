import type { Database } from 'bun:sqlite';
import { writeNow } from './write.ts';

/**
 * Binds a database to one currency at its first use and returns the one it is bound to: amounts are minor units without a currency of their own,
 * so under another one the same balance would be other money.
 */
export function boundCurrency(db: Database, currency: string, nowMs: number): string {
  const find = () => db.query<{ value: string }, []>("SELECT value FROM settings WHERE key = 'currency'").get()?.value;
  return (
    find() ??
    writeNow(db, nowMs, (tx) => {
      tx.db.query("INSERT INTO settings (key, value) VALUES ('currency', $currency) ON CONFLICT (key) DO NOTHING").run({ currency });
      return find() ?? currency;
    })
  );
}
