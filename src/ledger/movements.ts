import type { Database } from 'bun:sqlite';

export interface OrderMovement {
  id: string;
  kind: 'hold' | 'capture' | 'refund';
  createdAtMs: number;
}

/** What became of the money of an order, oldest first: each part by the index that allows it once. */
export function movementsOfOrder(db: Database, orderId: string): OrderMovement[] {
  return db
    .query<OrderMovement, { orderId: string }>(
      `SELECT id, kind, created_at_ms AS createdAtMs FROM ledger_transactions WHERE order_id = $orderId AND kind = 'hold'
       UNION ALL SELECT id, kind, created_at_ms FROM ledger_transactions WHERE order_id = $orderId AND kind IN ('capture', 'refund')`,
    )
    .all({ orderId })
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
}
