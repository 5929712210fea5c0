import type { Database } from 'bun:sqlite';
import { rfc3339 } from '../lib/clock.ts';
import { type Unsure, unsureOf } from '../reviews/unsure.ts';
import type { OrderReason, OrderStatus, ReportReason } from './state.ts';

/** One activation as the database keeps it. */
export interface Order {
  id: string;
  userId: string;
  iccid: string;
  country: string;
  service: string;
  /** Of the offer that was bought; '' when any would do. */
  carrier: string;
  number: string;
  priceMinor: number;
  currency: string;
  status: OrderStatus;
  reason: OrderReason;
  createdAtMs: number;
  expiresAtMs: number;
  receivedAtMs: number | null;
  endedAtMs: number | null;
  code: string | null;
  lastEvent: string;
  /** The customer's own words; `''` is none. */
  note: string;
  /** Apart by spaces. */
  tags: string;
  /** From when it can be canceled; null: from the start. */
  cancelFromMs: number | null;
  /** Since when its customer waits for a further code. */
  awaitingSinceMs: number | null;
  /** What was added to the window, by its customer and for outages. */
  extendedMs: number;
  outageMs: number;
  /** What its customer said of the number. */
  reportReason: ReportReason | null;
  reportText: string;
}

/** One SMS of an order or a rental, as its customer may see it. */
export interface OrderMessage {
  id: string;
  /** One of the two is null. */
  orderId: string | null;
  rentalId: string | null;
  sender: string;
  text: string;
  code: string | null;
  /** Why it is theirs, in plain words. */
  reason: string;
  /** When our own storing was done. */
  storedAtMs: number;
  networkAtMs: number | null;
  /** Of the event that last told of it. */
  eventSeq: number | null;
}

export const ORDER_COLUMNS = `id, user_id AS userId, iccid, country, service, carrier, number, price_minor AS priceMinor, currency, status, reason,
  created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, received_at_ms AS receivedAtMs, ended_at_ms AS endedAtMs, code, last_event AS lastEvent,
  note, tags, cancel_from_ms AS cancelFromMs, awaiting_since_ms AS awaitingSinceMs, extended_ms AS extendedMs, outage_ms AS outageMs,
  report_reason AS reportReason, report_text AS reportText`;

export const MESSAGE_COLUMNS = `id, order_id AS orderId, rental_id AS rentalId, sender, text, code, reason, stored_at_ms AS storedAtMs, network_at_ms AS networkAtMs, event_seq AS eventSeq`;

/** An order by its id, or null. With `userId` only that customer's. */
export function findOrder(db: Database, id: string, userId?: string): Order | null {
  return db
    .query<Order, { id: string; userId: string | null }>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE id = $id AND ($userId IS NULL OR user_id = $userId)`,
    )
    .get({ id, userId: userId ?? null });
}

/** An order rarely has more; a flood of them must not slow down what is pushed at each. */
const ORDER_MESSAGES_MAX = 50;

/** The newest messages of an order, newest first, at most `limit`; `GET /api/v1/messages?order_id=` pages through all. */
export function messagesOfOrder(db: Database, orderId: string, limit: number = ORDER_MESSAGES_MAX): OrderMessage[] {
  return db
    .query<OrderMessage, { orderId: string; limit: number }>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE order_id = $orderId ORDER BY id DESC LIMIT $limit`,
    )
    .all({ orderId, limit });
}

/** A customer's orders, newest first, before the order `cursor`, at most `limit`; only those of a status, with a tag or containing `search` if given. */
export function listOrders(
  db: Database,
  userId: string,
  page: { limit: number; cursor?: string | null; status?: OrderStatus | null; tag?: string | null; search?: string | null },
): Order[] {
  const search = page.search ? `%${page.search.replace(/[\\%_]/g, '\\$&')}%` : null;
  // Conditions are written only where asked for, so that each form of the query gets the index made for it.
  const from = page.tag ? 'order_tags t CROSS JOIN orders o ON o.id = t.order_id' : 'orders o';
  const place = page.tag
    ? ['t.user_id = $userId', 't.tag = $tag', 't.order_id < $cursor', 'o.user_id = $userId']
    : ['o.user_id = $userId', 'o.id < $cursor'];
  const conditions = [...place, ...(page.status ? ['status = $status'] : []), ...(search ? [SEARCH] : [])];
  return db
    .query<Order, { userId: string; cursor: string; limit: number; status: string; tag: string; search: string }>(
      `SELECT ${OF_O} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${page.tag ? 't.order_id' : 'o.id'} DESC LIMIT $limit`,
    )
    .all({ userId, cursor: page.cursor || '~', limit: page.limit, status: page.status ?? '', tag: page.tag ?? '', search: search ?? '' });
}

/** With a tag `user_id` stands in both tables. */
const OF_O = ORDER_COLUMNS.replace('user_id AS userId', 'o.user_id AS userId');
const SEARCH = `(number LIKE $search ESCAPE '\\' OR service LIKE $search ESCAPE '\\' OR country LIKE $search ESCAPE '\\' OR code LIKE $search ESCAPE '\\'
  OR note LIKE $search ESCAPE '\\' OR tags LIKE $search ESCAPE '\\'
  OR EXISTS (SELECT 1 FROM messages m WHERE m.order_id = o.id AND (m.text LIKE $search ESCAPE '\\' OR m.sender LIKE $search ESCAPE '\\')))`;

/** A customer's open orders, newest first. */
export function openOrdersOf(db: Database, userId: string): Order[] {
  return db
    .query<Order, { userId: string }>(
      `SELECT ${ORDER_COLUMNS} FROM orders INDEXED BY orders_open_by_user
       WHERE user_id = $userId AND status IN ('pending', 'received') ORDER BY id DESC`,
    )
    .all({ userId });
}

/** A customer's ended orders, newest first, at most `limit`. */
export function endedOrdersOf(db: Database, userId: string, limit: number): Order[] {
  return db
    .query<Order, { userId: string; limit: number }>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE user_id = $userId AND ended_at_ms IS NOT NULL ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, limit });
}

/** The tags of an order, in alphabetical order. */
export function tagsOf({ tags }: Pick<Order, 'tags'>): string[] {
  return tags === '' ? [] : tags.split(' ');
}

/** `message` of DESIGN 13. */
export function messageJson(message: OrderMessage) {
  return {
    id: message.id,
    sender: message.sender,
    text: message.text,
    code: message.code,
    reason: message.reason,
    received_at: rfc3339(message.storedAtMs),
    network_time: message.networkAtMs === null ? null : rfc3339(message.networkAtMs),
    order_id: message.orderId,
    rental_id: message.rentalId,
  };
}

/** `order` of DESIGN 13. */
export function orderJson(order: Order, messages: readonly OrderMessage[], unsure: Unsure | null) {
  return {
    id: order.id,
    status: order.status,
    reason: order.reason,
    country: order.country,
    service: order.service,
    carrier: order.carrier || null,
    number: order.number,
    price: order.priceMinor,
    currency: order.currency,
    created_at: rfc3339(order.createdAtMs),
    expires_at: rfc3339(order.expiresAtMs),
    code: order.code,
    messages: messages.map(messageJson),
    unsure: unsure && { count: unsure.count, since: rfc3339(unsure.sinceMs) },
    note: order.note === '' ? null : order.note,
    tags: tagsOf(order),
    cancelable_at: order.status === 'pending' ? rfc3339(order.cancelFromMs ?? order.createdAtMs) : null,
    awaiting_more: order.awaitingSinceMs !== null,
    awaiting_since: order.awaitingSinceMs === null ? null : rfc3339(order.awaitingSinceMs),
    extended_seconds: Math.round(order.extendedMs / 1000),
    outage_seconds: Math.round(order.outageMs / 1000),
    report: order.reportReason === null ? null : { reason: order.reportReason, text: order.reportText === '' ? null : order.reportText },
    last_event: order.lastEvent,
  };
}

/** The order as every channel shows it now, with its newest messages. */
export function presentOrder(db: Database, order: Order, messagesMax: number = ORDER_MESSAGES_MAX) {
  return orderJson(order, messagesOfOrder(db, order.id, messagesMax), unsureOf(db, order));
}
