import type { Database } from 'bun:sqlite';
import { availableOf, heldOf, type LedgerKind, type LedgerLine } from '../ledger/ledger.ts';
import { idsFrom } from '../lib/ids.ts';
import type { Period } from '../lib/period.ts';
import { type Candidate, type Found, foundPage, like, SLICE } from './bounded.ts';

export interface MovementRow extends LedgerLine {
  place: string;
  userId: string;
  email: string;
}

/** What is looked for; null and empty leave a filter out. */
export interface MovementSearch extends Period {
  userId: string | null;
  /** Of a movement, or of the order it is about. */
  id: string | null;
  kind: LedgerKind | null;
  /** In its reference or reason. */
  text: string;
  limit: number;
  cursor: string | null;
}

type Names = Record<string, string | number>;

/** Movements of everybody's money, the newest first. */
export function searchMovements(db: Database, search: MovementSearch): Found<MovementRow> {
  const { sql, names } = movementsSql(search);
  const rows = db.query<MovementRow, Names>(sql.rows).all(names);
  const last = db.query<Candidate & { count: number }, Names>(sql.last).get(names);
  return foundPage(rows, search.limit, last !== null && last.count >= Number(names['examined']) ? last : null);
}

/** The statements and their parameters; exported for the test that looks at the plans. */
export function movementsSql(search: MovementSearch): { sql: { rows: string; last: string }; names: Names } {
  const { kind, cursor, fromMs, toMs } = search;
  const { from, isLedByKind } = candidatesOf(search);
  const conditions = [
    ...(kind === null || isLedByKind ? [] : ['t.kind = $kind']),
    ...(search.text === '' ? [] : [`(t.reference LIKE $text ESCAPE '\\' OR t.reason LIKE $text ESCAPE '\\')`]),
  ];
  const until = toMs === null ? '~' : idsFrom('txn', toMs);
  const names: Names = {
    ...{ from: fromMs === null ? '' : idsFrom('txn', fromMs), before: [cursor ?? '~', until].toSorted()[0] ?? '~' },
    ...{ userId: search.userId ?? '', id: search.id ?? '', kind: kind ?? '', text: like(search.text), limit: search.limit + 1 },
    examined: conditions.length === 0 ? search.limit + 1 : SLICE,
  };
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    names,
    sql: {
      rows: `SELECT ${COLUMNS} FROM (${from}) c CROSS JOIN ledger_transactions t ON t.id = c.id CROSS JOIN users u ON u.id = t.user_id ${where} ORDER BY c.id DESC LIMIT $limit`,
      last: `SELECT n.count, t.id, t.id AS place, t.created_at_ms AS atMs FROM (SELECT count(*) AS count, min(id) AS id FROM (${from})) n CROSS JOIN ledger_transactions t ON t.id = n.id`,
    },
  };
}

const amount = (account: string): string =>
  `(SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entries e WHERE e.transaction_id = t.id AND e.account_id = '${account}' || t.user_id)`;
const COLUMNS = `t.id, t.id AS place, t.kind, t.user_id AS userId, u.email, t.order_id AS orderId, t.rental_id AS rentalId, t.reference, t.reason, t.created_at_ms AS createdAtMs,
  ${amount(availableOf(''))} AS availableMinor, ${amount(heldOf(''))} AS heldMinor`;
/** Kinds that are few among the movements of orders: they have an index of their own. */
const RARE: readonly LedgerKind[] = ['top_up', 'debit', 'partial_refund'];

function candidatesOf({ userId, id, kind }: MovementSearch): { from: string; isLedByKind: boolean } {
  const range = 'id >= $from AND id < $before ORDER BY id DESC LIMIT $examined';
  const by = (place: string, isLedByKind = false) => ({ from: `SELECT id FROM ledger_transactions ${place} AND ${range}`, isLedByKind });
  if (id?.startsWith('ord_')) {
    const from = `SELECT id FROM (SELECT id FROM ledger_transactions INDEXED BY ledger_one_hold WHERE order_id = $id AND kind = 'hold'
      UNION ALL SELECT id FROM ledger_transactions INDEXED BY ledger_one_end WHERE order_id = $id AND kind IN ('capture', 'refund')) WHERE ${range}`;
    return { from, isLedByKind: false };
  }
  if (id?.startsWith('rnt_')) {
    const from = `SELECT id FROM (SELECT id FROM ledger_transactions INDEXED BY ledger_one_hold_of_charge WHERE rental_id = $id AND kind = 'hold'
      UNION ALL SELECT id FROM ledger_transactions INDEXED BY ledger_one_end_of_charge WHERE rental_id = $id AND kind IN ('capture', 'refund')
      UNION ALL SELECT id FROM ledger_transactions INDEXED BY ledger_one_partial_refund WHERE rental_id = $id AND kind = 'partial_refund') WHERE ${range}`;
    return { from, isLedByKind: false };
  }
  if (id !== null) return by('WHERE id = $id');
  if (userId !== null && kind !== null) return by('INDEXED BY ledger_by_user_kind WHERE user_id = $userId AND kind = $kind', true);
  if (userId !== null) return by('INDEXED BY ledger_by_user WHERE user_id = $userId');
  if (kind !== null && RARE.includes(kind)) {
    return by(`INDEXED BY ledger_rare_kinds WHERE kind = '${kind}' AND kind IN ('top_up', 'debit', 'partial_refund')`, true);
  }
  return by('WHERE true');
}
