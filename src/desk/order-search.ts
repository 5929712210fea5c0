import type { Database } from 'bun:sqlite';
import { idsFrom } from '../lib/ids.ts';
import type { Period } from '../lib/period.ts';
import type { OrderStatus } from '../orders/state.ts';
import { type Candidate, type Found, foundPage, like, SLICE } from './bounded.ts';

export interface OrderRow {
  id: string;
  place: string;
  userId: string;
  email: string;
  country: string;
  service: string;
  number: string;
  priceMinor: number;
  currency: string;
  status: OrderStatus;
  reason: string;
  createdAtMs: number;
}

/** What is looked for; null and empty leave a filter out. */
export interface OrderSearch extends Period {
  id: string | null;
  userId: string | null;
  numbers: readonly string[] | null;
  status: OrderStatus | null;
  text: string;
  limit: number;
  cursor: string | null;
}

type Names = Record<string, string | number>;

/** Orders of all customers, the newest first. */
export function searchOrders(db: Database, search: OrderSearch): Found<OrderRow> {
  const { sql, names } = ordersSql(search);
  const rows = db.query<OrderRow, Names>(sql.rows).all(names);
  const last = db.query<Candidate & { count: number }, Names>(sql.last).get(names);
  return foundPage(rows, search.limit, last !== null && last.count >= Number(names['examined']) ? last : null);
}

/** The statements and their parameters; exported for the test that looks at the plans. */
export function ordersSql(search: OrderSearch): { sql: { rows: string; last: string }; names: Names } {
  const { from, parameters, isLed } = candidatesOf(search);
  const text = search.text === '' ? null : like(search.text);
  const conditions = [
    ...(search.status === null || isLed.status ? [] : ['o.status = $status']),
    ...(search.numbers === null || isLed.numbers ? [] : ['o.number IN (SELECT value FROM json_each($numbers))']),
    ...(text === null ? [] : [TEXT]),
  ];
  const names: Names = {
    ...parameters,
    ...{ limit: search.limit + 1, examined: conditions.length === 0 ? search.limit + 1 : SLICE },
    ...{ status: search.status ?? '', numbers: JSON.stringify(search.numbers ?? []), text: text ?? '' },
  };
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    names,
    sql: {
      rows: `SELECT ${COLUMNS} FROM (${from}) c CROSS JOIN orders o ON o.id = c.id CROSS JOIN users u ON u.id = o.user_id ${where} ORDER BY c.id DESC LIMIT $limit`,
      last: `SELECT n.count, o.id, o.id AS place, o.created_at_ms AS atMs FROM (SELECT count(*) AS count, min(id) AS id FROM (${from})) n CROSS JOIN orders o ON o.id = n.id`,
    },
  };
}

const COLUMNS = `o.id, o.id AS place, o.user_id AS userId, u.email, o.country, o.service, o.number, o.price_minor AS priceMinor, o.currency, o.status, o.reason,
  o.created_at_ms AS createdAtMs`;
// Not the note and tags, which are for the customer alone, and not the code: whether it is what somebody types is nothing to find out unaudited.
const TEXT = `(o.service LIKE $text ESCAPE '\\' OR o.country LIKE $text ESCAPE '\\' OR u.email LIKE $text ESCAPE '\\')`;
const OPEN: readonly string[] = ['pending', 'received'];

/** The ids to look at, by the index that leads to the fewest, at most `$examined` of them. */
function candidatesOf(search: OrderSearch): { from: string; parameters: Names; isLed: { status: boolean; numbers: boolean } } {
  const { id, userId, numbers, status, cursor, fromMs, toMs } = search;
  const until = toMs === null ? '~' : idsFrom('ord', toMs);
  const parameters: Names = { from: fromMs === null ? '' : idsFrom('ord', fromMs), before: [cursor ?? '~', until].toSorted()[0] ?? '~' };
  const range = 'id >= $from AND id < $before';
  const order = 'ORDER BY id DESC LIMIT $examined';
  const neither = { status: false, numbers: false };
  if (id !== null)
    return { from: `SELECT id FROM orders WHERE id = $id AND ${range} ${order}`, parameters: { ...parameters, id }, isLed: neither };
  if (userId !== null) {
    const isLed = { status: status !== null, numbers: false };
    const inStatus = status === null ? '' : `AND status = '${status}'`;
    const index = status === null ? 'orders_by_user' : 'orders_by_user_status';
    const from = `SELECT id FROM orders INDEXED BY ${index} WHERE user_id = $userId ${inStatus} AND ${range} ${order}`;
    return { from, parameters: { ...parameters, userId }, isLed };
  }
  if (numbers !== null) {
    const each = numbers.map(
      (_, at) => `SELECT id FROM (SELECT id FROM orders INDEXED BY orders_by_number WHERE number = $number${at} AND ${range} ${order})`,
    );
    const named = Object.fromEntries(numbers.map((number, at) => [`number${at}`, number]));
    return {
      from: `SELECT id FROM (${each.join(' UNION ALL ')}) ${order}`,
      parameters: { ...parameters, ...named },
      isLed: { status: false, numbers: true },
    };
  }
  // There are never more open orders than SIMs times services: they are sorted, not searched for.
  if (status !== null && OPEN.includes(status)) {
    const from = `SELECT id FROM orders INDEXED BY orders_open_by_user WHERE status = '${status}' AND status IN ('pending', 'received') AND ${range} ${order}`;
    return { from, parameters, isLed: { status: true, numbers: false } };
  }
  return { from: `SELECT id FROM orders WHERE ${range} ${order}`, parameters, isLed: neither };
}
