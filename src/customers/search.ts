import type { Database } from 'bun:sqlite';
import type { User } from '../accounts/users.ts';
import { availableOf, heldOf } from '../ledger/ledger.ts';

export interface CustomerRow extends User {
  createdAtMs: number;
  purpose: string | null;
  availableMinor: number;
  heldMinor: number;
  openOrders: number;
}

export type CustomerState = User['state'];

export interface CustomerPage {
  /** Part of an e-mail address, or the beginning of an id. */
  query: string;
  state: CustomerState | null;
  limit: number;
  cursor: string | null;
}

/** The index of addresses finds three characters in a row, and no fewer. */
export const QUERY_CHARACTERS_MIN = 3;

const COLUMNS = `u.id, u.email, u.role, u.state, u.purpose, u.created_at_ms AS createdAtMs,
  coalesce((SELECT balance_minor FROM ledger_accounts WHERE id = '${availableOf('')}' || u.id), 0) AS availableMinor,
  coalesce((SELECT balance_minor FROM ledger_accounts WHERE id = '${heldOf('')}' || u.id), 0) AS heldMinor,
  (SELECT count(*) FROM orders o INDEXED BY orders_open_by_user WHERE o.user_id = u.id AND o.status IN ('pending', 'received')) AS openOrders`;

/**
 * Everybody with an account, the newest first, at most `limit` before `cursor`: those whose address holds `query`, or whose id begins with it. Each way is
 * led by an index of its own, so that it stays fast with a million accounts.
 */
export function searchCustomers(db: Database, page: CustomerPage): { rows: CustomerRow[]; nextCursor: string | null } {
  const query = page.query.trim().toLowerCase();
  const found = db
    .query<CustomerRow & { place: string }, Record<string, string | number | null>>(customersSql(query, page.state))
    .all({ ...parametersOf(query), state: page.state ?? '', cursor: page.cursor, limit: page.limit + 1 });
  const rows = found.slice(0, page.limit);
  return { rows: rows.map(({ place: _, ...row }) => row), nextCursor: found.length > page.limit ? String(rows.at(-1)?.place) : null };
}

/** Exported for the test that looks at its plan. */
export function customersSql(query: string, state: CustomerState | null): string {
  // As a word and not as a parameter, so that the index of those who are not active is used.
  const inState = state === null ? '' : ` AND u.state = '${state}'`;
  if (query !== '' && !isId(query)) {
    return `SELECT ${COLUMNS}, t.rowid AS place FROM users_text t CROSS JOIN users u ON u.id = t.user_id
      WHERE t.users_text MATCH $match AND ($cursor IS NULL OR t.rowid < CAST($cursor AS INTEGER))${inState} ORDER BY t.rowid DESC LIMIT $limit`;
  }
  const place = query === '' ? '' : ' AND u.id >= $from AND u.id < $to';
  // Those who are not active are few, and have an index of their own.
  const [index, few] = state === null || state === 'active' ? ['', ''] : [' INDEXED BY users_not_active', " AND u.state <> 'active'"];
  return `SELECT ${COLUMNS}, u.id AS place FROM users u${index} WHERE u.id < coalesce($cursor, '~')${place}${inState}${few} ORDER BY u.id DESC LIMIT $limit`;
}

function parametersOf(query: string): Record<string, string> {
  return { match: `email : "${query.replaceAll('"', '""')}"`, from: query, to: `${query}~` };
}

function isId(query: string): boolean {
  return /^usr_[0-9a-z]*$/.test(query);
}
