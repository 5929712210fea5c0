import type { Database } from 'bun:sqlite';

/** One event of an order on its way to a webhook. */
export interface DeskDelivery {
  id: string;
  url: string;
  type: string;
  state: 'waiting' | 'delivered' | 'failed';
  createdAtMs: number;
  /** What the newest attempt was answered; null when there was no answer, or no attempt. */
  lastStatus: number | null;
}

const SHOWN_MAX = 50;

/** The webhooks of an order, the newest first; those of endpoints that were deleted are left out. */
export function deliveriesOfOrder(db: Database, orderId: string): DeskDelivery[] {
  return db
    .query<DeskDelivery, { orderId: string; limit: number }>(
      `SELECT d.id, w.url, d.topic AS type, d.state, d.created_at_ms AS createdAtMs, a.status AS lastStatus
       FROM events e CROSS JOIN deliveries d ON d.event_id = e.id AND d.channel = 'webhook' JOIN webhooks w ON w.id = d.target
         LEFT JOIN delivery_attempts a ON a.delivery_seq = d.seq AND a.number = d.attempts
       WHERE e.order_id = $orderId ORDER BY e.seq DESC LIMIT $limit`,
    )
    .all({ orderId, limit: SHOWN_MAX });
}
