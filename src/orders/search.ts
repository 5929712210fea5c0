import type { Database } from 'bun:sqlite';
import { listOrders, ORDER_COLUMNS, type Order, type OrderPage } from './view.ts';

/** So many orders are looked through at once, between two looks at the time. */
const AT_ONCE = 100;
/** A search that takes longer would hold up codes that arrive meanwhile. */
const SEARCH_MS = 20;

/** What no index finds: words in it, or a tag and a status together. */
export interface OrderSearch extends OrderPage {
  search?: string | null;
}

/** One page of what was found; `goesOnAt` is the order behind which nothing was looked at yet, null when the page is full or there are no more. */
export interface Found {
  orders: Order[];
  goesOnAt: string | null;
}

/** A customer's orders, newest first, of a status, with a tag, containing `search`: all that are asked for by an index, else as far as the time of one request reaches. */
export function findOrders(db: Database, userId: string, page: OrderSearch, monotonicMs: () => number): Found {
  if (!page.search && !(page.tag && page.status)) return { orders: listOrders(db, userId, page), goesOnAt: null };
  const untilMs = monotonicMs() + SEARCH_MS;
  const orders: Order[] = [];
  let cursor = page.cursor ?? null;
  for (;;) {
    const ids = nextIds(db, userId, { ...page, cursor });
    orders.push(...matching(db, userId, ids, { ...page, limit: page.limit - orders.length }));
    cursor = ids.at(-1) ?? null;
    if (orders.length >= page.limit || ids.length < AT_ONCE) return { orders, goesOnAt: null };
    if (monotonicMs() >= untilMs) return { orders, goesOnAt: cursor };
  }
}

/** The next orders that an index gives: with the tag, else of the status, else all. */
function nextIds(db: Database, userId: string, { cursor, status, tag }: OrderSearch): string[] {
  const own = `SELECT id FROM orders WHERE user_id = $userId AND id < $cursor ${status ? 'AND status = $status' : ''} ORDER BY id DESC LIMIT ${AT_ONCE}`;
  const tagged = `SELECT order_id AS id FROM order_tags WHERE user_id = $userId AND tag = $tag AND order_id < $cursor ORDER BY order_id DESC LIMIT ${AT_ONCE}`;
  return db
    .query<{ id: string }, { userId: string; cursor: string; status: string; tag: string }>(tag ? tagged : own)
    .all({ userId, cursor: cursor || '~', status: status ?? '', tag: tag ?? '' })
    .map(({ id }) => id);
}

function matching(db: Database, userId: string, ids: readonly string[], { limit, status, search }: OrderSearch): Order[] {
  const conditions = [
    'id IN (SELECT value FROM json_each($ids)) AND +user_id = $userId',
    ...(status ? ['status = $status'] : []),
    ...(search ? [CONTAINS] : []),
  ];
  const pattern = search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : '';
  return db
    .query<Order, { userId: string; ids: string; status: string; search: string; limit: number }>(
      `SELECT ${ORDER_COLUMNS} FROM orders o WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, ids: JSON.stringify(ids), status: status ?? '', search: pattern, limit });
}

const CONTAINS = `(number LIKE $search ESCAPE '\\' OR service LIKE $search ESCAPE '\\' OR country LIKE $search ESCAPE '\\' OR code LIKE $search ESCAPE '\\'
  OR note LIKE $search ESCAPE '\\' OR tags LIKE $search ESCAPE '\\'
  OR EXISTS (SELECT 1 FROM messages m WHERE m.order_id = o.id AND (m.text LIKE $search ESCAPE '\\' OR m.sender LIKE $search ESCAPE '\\')))`;
