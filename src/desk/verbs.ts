/** What an operator does about an order for its customer: one transaction each, and each stands in the audit log. */
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { topUp, transactionOfReference } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor } from '../lib/money.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { move, requirePending } from '../orders/record.ts';
import { findOrder, type Order } from '../orders/view.ts';
import { replayDelivery } from '../webhooks/replay.ts';

interface Asked {
  operatorId: string;
  orderId: string;
}

/** An order known to exist, whoever made it, or a refusal as `not_found`. */
export function requireOrder({ db }: Pick<Tx, 'db'>, id: string): Order {
  const order = findOrder(db, id);
  if (!order) throw new Refusal('not_found', 'There is no order with this id.');
  return order;
}

/** Before a code came: the order ends and its price goes back. Also before the time from which its customer may cancel. Refuses with `order_not_pending`. */
export function cancelForCustomer(tx: Tx, terms: OrderTerms, { operatorId, orderId }: Asked): Order {
  const order = requireOrder(tx, orderId);
  requirePending(order);
  const canceled = move(tx, terms, order, 'canceled', 'canceled_by_operator');
  const detail = `Canceled; ${formatMinor(order.priceMinor, order.currency)} went back to the customer.`;
  writeAudit(tx, { userId: operatorId, action: 'order.cancel', target: orderId, detail });
  return canceled;
}

/** After a code came: the order takes no further message, its money stays earned. Refuses with `order_not_received`. */
export function finishForCustomer(tx: Tx, terms: OrderTerms, { operatorId, orderId }: Asked): Order {
  const order = requireOrder(tx, orderId);
  if (order.status !== 'received') {
    throw new Refusal('order_not_received', `The order cannot be closed: it is ${order.status}.`, { order_status: order.status });
  }
  const finished = move(tx, terms, order, 'finished', 'finished_by_operator');
  writeAudit(tx, { userId: operatorId, action: 'order.finish', target: orderId, detail: 'Closed with its code delivered.' });
  return finished;
}

const givenBack = (orderId: string): string => `Price of ${orderId} given back`;

/** Whether the price of an order that was earned has been given back. */
export function isGivenBack({ db }: Pick<Tx, 'db'>, { id, userId }: Pick<Order, 'id' | 'userId'>): boolean {
  return transactionOfReference(db, userId, givenBack(id)) !== null;
}

/**
 * After a code came the money is earned for good (rule 3), so what an operator gives back is a credit of its own, once for an order. Refuses with
 * `order_still_open` while it is pending, since canceling refunds it, and `too_late` when it was refunded or given back already.
 */
export function giveBack(tx: Tx, terms: OrderTerms, { operatorId, orderId, reason }: Asked & { reason: string }): void {
  const order = requireOrder(tx, orderId);
  if (order.status === 'pending') throw new Refusal('order_still_open', 'No code has come: cancel the order instead, which refunds it.');
  if (order.status !== 'received' && order.status !== 'finished') throw new Refusal('too_late', 'The order was refunded when it ended.');
  const outcome = topUp(tx, terms, { userId: order.userId, amountMinor: order.priceMinor, reference: givenBack(orderId) });
  if (outcome === 'already_credited') throw new Refusal('too_late', 'The price of this order was given back before.');
  const detail = `${formatMinor(order.priceMinor, order.currency)} given back as a credit: ${reason}`;
  writeAudit(tx, { userId: operatorId, action: 'order.give_back', target: orderId, detail });
}

/** Sends a webhook of the order again, whatever became of it, under the same event id. Refuses with `not_found` and `webhook_not_active`. */
export function resendWebhook(tx: Tx, { operatorId, orderId, deliveryId }: Asked & { deliveryId: string }): void {
  const order = requireOrder(tx, orderId);
  const isOfOrder = tx.db
    .query('SELECT 1 FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.id = $deliveryId AND e.order_id = $orderId')
    .get({ deliveryId, orderId });
  if (isOfOrder === null) throw new Refusal('not_found', 'There is no such delivery of this order.');
  replayDelivery(tx, { userId: order.userId, id: deliveryId });
  writeAudit(tx, { userId: operatorId, action: 'order.resend', target: orderId, detail: `Webhook sent again: ${deliveryId}` });
}
