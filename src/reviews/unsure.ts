import type { Database } from 'bun:sqlite';

/** How many messages came that may belong to an order, and since when; never which. */
export interface Unsure {
  count: number;
  sinceMs: number;
}

/** Messages that wait for a person's decision about an open order; null when none does, and once it has ended. */
export function unsureOf(db: Database, order: { id: string; endedAtMs: number | null }): Unsure | null {
  if (order.endedAtMs !== null) return null;
  const row = db
    .query<{ count: number; sinceMs: number | null }, { orderId: string }>(
      `SELECT count(*) AS count, min(r.created_at_ms) AS sinceMs FROM review_orders o JOIN reviews r ON r.message_id = o.message_id AND r.state = 'open'
       WHERE o.order_id = $orderId`,
    )
    .get({ orderId: order.id });
  return row && row.sinceMs !== null ? { count: row.count, sinceMs: row.sinceMs } : null;
}
