import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import type { OrderTerms } from './orders.ts';
import { roomUntilMs } from './outage.ts';
import { announce, ownOrder, recordChange } from './record.ts';
import type { Order } from './view.ts';

const MINUTE_MS = 60_000;

export type WhyNotExtended = 'not_offered' | 'already_extended' | 'ended' | 'booked';

const WORDS: Record<WhyNotExtended, string> = {
  not_offered: 'Longer windows are not offered here.',
  already_extended: 'The window of this order was extended before, which can be done once.',
  ended: 'The window of this order is over.',
  booked: 'The number is booked for somebody else soon after.',
};

/** Why the window of an order cannot be extended by its customer now, or null when it can. */
export function whyNotExtended({ db, nowMs }: Pick<Tx, 'db' | 'nowMs'>, terms: OrderTerms, order: Order): WhyNotExtended | null {
  if (order.endedAtMs !== null || nowMs >= order.expiresAtMs) return 'ended';
  if (terms.extendMinutes === 0) return 'not_offered';
  if (order.extendedMs > 0) return 'already_extended';
  return order.expiresAtMs + addedMs(terms) > roomUntilMs(db, order, terms) ? 'booked' : null;
}

/** Extends the window of an open order by `extend_minutes`, free and once. Refuses with `not_found` or `cannot_extend` and why. */
export function extendOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  const why = whyNotExtended(tx, terms, order);
  if (why !== null) throw new Refusal('cannot_extend', WORDS[why], { why, order_status: order.status });
  const added = addedMs(terms);
  const longer = { ...order, expiresAtMs: order.expiresAtMs + added, extendedMs: added };
  recordChange(tx, longer, { reason: 'extended_by_customer', addedMs: added });
  return announce(tx, terms, longer, 'order.extended');
}

/**
 * The customer asked the service for a further code: the order waits for it, and the one it has is the old one. Asked twice it changes nothing. Refuses with
 * `not_found` or `order_not_received`.
 */
export function awaitAnother(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  if (order.status !== 'received') {
    const why = order.status === 'pending' ? 'no code has come yet, so the first one is awaited already' : `it is ${order.status}`;
    throw new Refusal('order_not_received', `The order cannot wait for another code: ${why}.`, { order_status: order.status });
  }
  if (order.awaitingSinceMs !== null) return order;
  const waiting = { ...order, awaitingSinceMs: tx.nowMs };
  recordChange(tx, waiting, { reason: 'another_code_asked' });
  return announce(tx, terms, waiting, 'order.awaiting');
}

function addedMs({ extendMinutes }: OrderTerms): number {
  return Math.round(extendMinutes * MINUTE_MS);
}
