import type { Judgement } from '../codes/judge.ts';
import type { Tx } from '../db/write.ts';
import { type OrderTerms, tellUnsure } from '../orders/orders.ts';
import { findOrder } from '../orders/view.ts';

/** The rule of a message that an operator gave to its order. */
export const OPERATOR_RULE = 'operator';

export type ReviewState = 'open' | 'delivered' | 'not_code' | 'other_service' | 'withdrawn';

/** An order that a message may be for, and what the rules say of that. */
interface Doubt {
  orderId: string;
  judgement: Pick<Judgement, 'verdict' | 'rule' | 'reason'>;
}

/**
 * Brings the operator's item of a message in step with what the rules say of it: opens one while the message may be for an open order, withdraws it when the
 * rest of the message settled the question, and leaves alone what an operator has decided. Returns the orders that are unsure of more or fewer
 * messages now.
 */
export function keepReview(tx: Tx, messageId: string, doubts: readonly Doubt[]): string[] {
  const state = reviewState(tx, messageId);
  if (state === null ? doubts.length === 0 : state !== 'open' && state !== 'withdrawn') return [];
  const before = state === 'open' ? ordersOf(tx, messageId) : [];
  if (doubts.length > 0) writeReview(tx, messageId, doubts);
  else setState(tx, messageId, 'withdrawn');
  const after = doubts.map(({ orderId }) => orderId);
  return [...before.filter((id) => !after.includes(id)), ...after.filter((id) => !before.includes(id))];
}

/** Writes an item as open for these orders. */
export function writeReview(tx: Tx, messageId: string, doubts: readonly Doubt[]): void {
  tx.db
    .query(
      `INSERT INTO reviews (message_id, state, created_at_ms) VALUES ($messageId, 'open', $now)
       ON CONFLICT (message_id) DO UPDATE SET state = 'open', created_at_ms = CASE state WHEN 'open' THEN created_at_ms ELSE excluded.created_at_ms END`,
    )
    .run({ messageId, now: tx.nowMs });
  tx.db.query('DELETE FROM review_orders WHERE message_id = $messageId').run({ messageId });
  const insert = tx.db.query(
    'INSERT INTO review_orders (message_id, order_id, verdict, rule, reason) VALUES ($messageId, $orderId, $verdict, $rule, $reason)',
  );
  for (const { orderId, judgement } of doubts) {
    const { verdict, rule, reason } = judgement;
    insert.run({ messageId, orderId, verdict, rule, reason });
  }
}

/** Tells the customers of those of the orders that are still open. */
export function announceUnsure(tx: Tx, terms: OrderTerms, orderIds: readonly string[]): void {
  for (const id of orderIds) {
    const order = findOrder(tx.db, id);
    if (order?.endedAtMs === null) tellUnsure(tx, terms, order);
  }
}

/** Null for a message without an item. */
export function reviewState(tx: Tx, messageId: string): ReviewState | null {
  return (
    tx.db.query<{ state: ReviewState }, { messageId: string }>('SELECT state FROM reviews WHERE message_id = $messageId').get({ messageId })
      ?.state ?? null
  );
}

export function setState(tx: Tx, messageId: string, state: ReviewState): void {
  tx.db.query('UPDATE reviews SET state = $state WHERE message_id = $messageId').run({ messageId, state });
}

/** The orders a message may belong to. */
export function ordersOf(tx: Tx, messageId: string): string[] {
  const rows = tx.db.query<{ id: string }, { messageId: string }>('SELECT order_id AS id FROM review_orders WHERE message_id = $messageId');
  return rows.all({ messageId }).map(({ id }) => id);
}
