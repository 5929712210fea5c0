import { appendEvent, type EventType, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { capture, type LedgerTerms, refund } from '../ledger/ledger.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { formatMinor } from '../lib/money.ts';
import { mayMove, moneyAt, type OrderReason, type OrderStatus, type WindowReason } from './state.ts';
import { findOrder, type Order, presentOrder } from './view.ts';

/** An event carries the newest messages only: a flood of long ones must not be copied into each. */
const EVENT_MESSAGES_MAX = 3;

const EVENT_OF: Record<Exclude<OrderStatus, 'pending'>, EventType> = {
  received: 'order.received',
  finished: 'order.finished',
  expired: 'order.expired',
  canceled: 'order.canceled',
  reported: 'order.reported',
};

/** Moves an order on and its money with it, records the change and announces it. */
export function move(
  tx: Tx,
  terms: LedgerTerms,
  order: Order,
  to: Exclude<OrderStatus, 'pending'>,
  reason: OrderReason,
  outageId: string | null = null,
): Order {
  invariant(mayMove(order.status, to), `order ${order.id} moves from ${order.status} to ${to}`);
  const moved: Order = {
    ...order,
    status: to,
    reason,
    receivedAtMs: to === 'received' ? tx.nowMs : order.receivedAtMs,
    endedAtMs: to === 'received' ? null : tx.nowMs,
    awaitingSinceMs: to === 'received' ? order.awaitingSinceMs : null,
  };
  recordChange(tx, moved, { outageId });
  const announced = announce(tx, terms, moved, EVENT_OF[to], order.status);
  if (moneyAt(order.status) === 'held') {
    if (moneyAt(to) === 'captured') capture(tx, terms, order);
    else refund(tx, terms, order);
  }
  return announced;
}

/** Writes the order as it is now, naming the event that says so. `from` is the status it had when it was read. */
export function announce(tx: Tx, terms: LedgerTerms, order: Order, type: EventType, from: OrderStatus = order.status): Order {
  const announced = { ...order, lastEvent: newEventId(tx, terms.random) };
  const changed = tx.db
    .query(
      `UPDATE orders SET status = $status, reason = $reason, expires_at_ms = $expiresAtMs, received_at_ms = $receivedAtMs, ended_at_ms = $endedAtMs, code = $code,
         last_event = $lastEvent, note = $note, awaiting_since_ms = $awaitingSinceMs, extended_ms = $extendedMs, outage_ms = $outageMs,
         report_reason = $reportReason, report_text = $reportText
       WHERE id = $id AND status = $from`,
    )
    .run(writtenOf(announced, from));
  invariant(changed.changes === 1, `order ${order.id} was ${from} when it was read in this transaction`);
  const data = presentOrder(tx.db, announced, EVENT_MESSAGES_MAX);
  appendEvent(tx, { id: announced.lastEvent, type, userId: order.userId, orderId: order.id, data });
  return announced;
}

function writtenOf(order: Order, from: OrderStatus) {
  const { id, status, reason, expiresAtMs, receivedAtMs, endedAtMs, code, lastEvent } = order;
  const { note, awaitingSinceMs, extendedMs, outageMs, reportReason, reportText } = order;
  return {
    ...{ id, status, reason, expiresAtMs, receivedAtMs, endedAtMs, code, lastEvent, from },
    ...{ note, awaitingSinceMs, extendedMs, outageMs, reportReason, reportText },
  };
}

/** What happened besides a change of status, and what led to it. */
export interface ChangeAbout {
  reason: OrderReason | WindowReason;
  /** By how much the end of the window moved. */
  addedMs: number;
  outageId: string | null;
}

export function recordChange(tx: Tx, order: Order, about: Partial<ChangeAbout> = {}): void {
  const { reason = order.reason, addedMs = 0, outageId = null } = about;
  tx.db
    .query(
      `INSERT INTO order_changes (order_id, status, reason, at_ms, added_ms, outage_id)
       VALUES ($orderId, $status, $reason, $now, $addedMs, $outageId)`,
    )
    .run({ orderId: order.id, status: order.status, reason, now: tx.nowMs, addedMs, outageId });
}

/** The customer's order, or a refusal as `not_found`. */
export function ownOrder(tx: Tx, orderId: string, userId: string): Order {
  const order = findOrder(tx.db, orderId, userId);
  if (!order) throw new Refusal('not_found', 'You have no order with this id.');
  return order;
}

export function requirePending(order: Order): void {
  if (order.status === 'pending') return;
  const money =
    moneyAt(order.status) === 'captured'
      ? 'its code was delivered'
      : `${formatMinor(order.priceMinor, order.currency)} went back to the balance`;
  throw new Refusal('order_not_pending', `The order is ${order.status}: ${money}.`, { order_status: order.status });
}
