import type { Database } from 'bun:sqlite';
import { LEDGER_KINDS } from '../ledger/ledger.ts';
import type { Meters } from './meters.ts';

/** So many entries are read at once, which takes a few milliseconds. */
const ENTRIES_AT_ONCE = 4000;

/**
 * What money moved since the start, by kind: read from the books themselves, a page of new entries at a time, so that ordering costs nothing more and what commands
 * beside the server do counts too. Returns what reads the next page; true when there is more.
 */
export function moneyMeters(meters: Meters, deps: { db: Database; currency: string; kinds?: readonly string[] }): () => boolean {
  const { db, currency, kinds = LEDGER_KINDS } = deps;
  const labels = ['kind', 'currency'];
  const amounts = meters.counter({
    name: 'smspin_money_minor_total',
    help: 'Money moved since the start, in minor units of the currency, by kind of movement.',
    labels,
  });
  const movements = meters.counter({ name: 'smspin_money_movements_total', help: 'Movements of money since the start, by kind.', labels });
  for (const kind of kinds) {
    amounts.inc({ kind, currency }, 0);
    movements.inc({ kind, currency }, 0);
  }
  let cursor = db.query<{ id: number | null }, []>('SELECT max(id) AS id FROM ledger_entries').get()?.id ?? 0;

  return () => {
    const to = db
      .query<{ last: number | null; count: number }, { cursor: number; limit: number }>(
        'SELECT max(id) AS last, count(*) AS count FROM (SELECT id FROM ledger_entries WHERE id > $cursor ORDER BY id LIMIT $limit)',
      )
      .get({ cursor, limit: ENTRIES_AT_ONCE });
    if (to === null || to.last === null) return false;
    // What comes on an account is counted, once: each movement takes the same from one other account, and a page may cut it in two.
    const rows = db
      .query<{ kind: string; amount: number; count: number }, { cursor: number; last: number }>(
        `SELECT t.kind, sum(max(e.amount_minor, 0)) AS amount, count(*) FILTER (WHERE e.amount_minor < 0) AS count
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE e.id > $cursor AND e.id <= $last GROUP BY t.kind`,
      )
      .all({ cursor, last: to.last });
    cursor = to.last;
    for (const { kind, amount, count } of rows) {
      amounts.inc({ kind, currency }, amount);
      movements.inc({ kind, currency }, count);
    }
    return to.count === ENTRIES_AT_ONCE;
  };
}
