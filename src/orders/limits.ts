import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { idsFrom } from '../lib/ids.ts';

const DAY_MS = 86_400_000;

/** What an account may do; 0: no limit. */
export interface Limits {
  /** Orders that are open at once. */
  openOrders: number;
  /** Orders in any 24 hours. */
  ordersADay: number;
}

/** Own limits of a customer; null: the house's. */
export type OwnLimits = { [L in keyof Limits]: number | null };

const NONE: OwnLimits = { openOrders: null, ordersADay: null };

/** What the operator set for one customer. */
export function ownLimits(db: Database, userId: string): OwnLimits {
  const row = db
    .query<OwnLimits, { userId: string }>(
      'SELECT open_orders AS openOrders, orders_a_day AS ordersADay FROM customer_limits WHERE user_id = $userId',
    )
    .get({ userId });
  return row ?? NONE;
}

/** Sets a customer's own limits; both null: the house's hold again. */
export function setOwnLimits(tx: Tx, set: OwnLimits & { userId: string; operatorId: string }): void {
  const { userId, openOrders, ordersADay } = set;
  if (openOrders === null && ordersADay === null) {
    tx.db.query('DELETE FROM customer_limits WHERE user_id = $userId').run({ userId });
    return;
  }
  tx.db
    .query(
      `INSERT INTO customer_limits (user_id, open_orders, orders_a_day, set_by, set_at_ms) VALUES ($userId, $openOrders, $ordersADay, $operatorId, $now)
       ON CONFLICT (user_id) DO UPDATE SET open_orders = excluded.open_orders, orders_a_day = excluded.orders_a_day, set_by = excluded.set_by,
         set_at_ms = excluded.set_at_ms`,
    )
    .run({ ...set, now: tx.nowMs });
}

/** Refuses as `limit_reached` one order more than the customer may have open, or may make in 24 hours. */
export function refuseOverLimit(tx: Tx, house: Limits | undefined, userId: string): void {
  const own = ownLimits(tx.db, userId);
  const openMax = own.openOrders ?? house?.openOrders ?? 0;
  const dayMax = own.ordersADay ?? house?.ordersADay ?? 0;
  if (openMax > 0 && openOrdersUpTo(tx.db, userId, openMax) >= openMax) {
    throw new Refusal(
      'limit_reached',
      `You may have ${openMax} open ${openMax === 1 ? 'order' : 'orders'} at once. Nothing was charged: finish or cancel one, or wait until one ends.`,
      { limit: 'open_orders', max: openMax },
    );
  }
  if (dayMax === 0) return;
  const freeAtMs = dayFreeAtMs(tx.db, userId, dayMax, tx.nowMs);
  if (freeAtMs === null) return;
  throw new Refusal(
    'limit_reached',
    `You may make ${dayMax} ${dayMax === 1 ? 'order' : 'orders'} in 24 hours. Nothing was charged; the next is possible from ${new Date(freeAtMs).toISOString()}.`,
    { limit: 'orders_a_day', max: dayMax, retry_after: Math.max(1, Math.ceil((freeAtMs - tx.nowMs) / 1000)) },
  );
}

/**
 * Whether the customer of the expression may make one more order, as SQL over `limitParameters`: what `refuseOverLimit` lets through, for asking of many at once.
 */
export function underLimitSql(userId: string): string {
  const max = (column: string, house: string) =>
    `coalesce((SELECT l.${column} FROM customer_limits l WHERE l.user_id = ${userId}), ${house})`;
  const ordersIn = (index: string, which: string) =>
    `(SELECT count(*) FROM orders o INDEXED BY ${index} WHERE o.user_id = ${userId} AND ${which})`;
  const [openMax, dayMax] = [max('open_orders', '$openMax'), max('orders_a_day', '$dayMax')];
  return `(${openMax} = 0 OR ${openMax} > ${ordersIn('orders_open_by_user', "o.status IN ('pending', 'received')")})
    AND (${dayMax} = 0 OR ${dayMax} > ${ordersIn('orders_by_user', 'o.id >= $dayFrom')})`;
}

export type LimitParameters = { openMax: number; dayMax: number; dayFrom: string };

export function limitParameters(house: Limits | undefined, nowMs: number): LimitParameters {
  return { openMax: house?.openOrders ?? 0, dayMax: house?.ordersADay ?? 0, dayFrom: dayFrom(nowMs) };
}

/** The first id an order of the last 24 hours can have. */
function dayFrom(nowMs: number): string {
  return idsFrom('ord', nowMs - DAY_MS + 1);
}

/** How many orders of a customer are open; no more are counted than `max`. */
export function openOrdersUpTo(db: Database, userId: string, max: number): number {
  const row = db
    .query<{ count: number }, { userId: string; max: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM orders INDEXED BY orders_open_by_user WHERE user_id = $userId AND status IN ('pending', 'received') LIMIT $max)`,
    )
    .get({ userId, max });
  return row?.count ?? 0;
}

/** When a further order fits into the 24 hours, or null when it does now. Ids tell when an order was made. */
function dayFreeAtMs(db: Database, userId: string, max: number, nowMs: number): number | null {
  const row = db
    .query<{ createdAtMs: number }, { userId: string; from: string; skip: number }>(
      `SELECT created_at_ms AS createdAtMs FROM orders INDEXED BY orders_by_user WHERE user_id = $userId AND id >= $from ORDER BY id DESC LIMIT 1 OFFSET $skip`,
    )
    .get({ userId, from: dayFrom(nowMs), skip: max - 1 });
  return row === null ? null : row.createdAtMs + DAY_MS;
}
