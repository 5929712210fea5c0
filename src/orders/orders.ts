import { findOffer, type OfferTerms } from '../catalogue/offers.ts';
import { appendEvent, type EventType, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { capture, hold, type LedgerTerms, refund } from '../ledger/ledger.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { formatMinor } from '../lib/money.ts';
import { type FreeSim, findFreeSim, findSimForReuse } from '../sims/allocate.ts';
import { mayMove, moneyAt, type OrderReason, type OrderStatus } from './state.ts';
import { findOrder, type Order, presentOrder } from './view.ts';

const MINUTE_MS = 60_000;
/** An event carries the newest messages only: a flood of long ones must not be copied into each. */
const EVENT_MESSAGES_MAX = 3;

/** What the operations on orders need of the configuration. */
export interface OrderTerms extends OfferTerms, LedgerTerms {
  cancelAfterSeconds: number;
  /** Throws a refusal while nothing new may be begun: the disk is nearly full, say. */
  refuseNew?(): void;
}

export interface OrderRequest {
  userId: string;
  country: string;
  service: string;
  /** Refuse rather than pay more than this, in minor units. */
  maxPriceMinor: number | null;
}

/**
 * Rents a number: allocates a SIM, holds the price, opens the window, all in the caller's transaction. Refuses with `not_found` (no such offer),
 * `price_above_max`, `out_of_stock`, `insufficient_balance` or `unavailable` (the disk is nearly full); a refused order leaves no row.
 */
export function placeOrder(tx: Tx, terms: OrderTerms, request: OrderRequest): Order {
  terms.refuseNew?.();
  const { country, service } = request;
  const offer = findOffer(tx.db, country, service, terms);
  if (!offer) throw new Refusal('not_found', `There is no offer for ${service} in ${country}. GET /api/v1/offers lists what there is.`);
  if (request.maxPriceMinor !== null && offer.priceMinor > request.maxPriceMinor) {
    throw new Refusal(
      'price_above_max',
      `The price is ${offer.priceMinor}, above the max_price of ${request.maxPriceMinor}. Nothing was charged.`,
      {
        price: offer.priceMinor,
        currency: terms.currency,
      },
    );
  }
  const sim = findFreeSim(tx.db, { ...request, windowMinutes: offer.windowMinutes }, terms, tx.nowMs);
  if (!sim)
    throw new Refusal('out_of_stock', `No number is free for ${service} in ${country} right now. Nothing was charged; try again later.`);
  return openOrder(tx, terms, request, sim, offer);
}

/**
 * Rents the number of an earlier order again, for the same customer and service at today's price. Refuses with `not_found`,
 * `order_still_open`, `out_of_stock` (the SIM is away or busy) or `insufficient_balance`.
 */
export function reuseOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  terms.refuseNew?.();
  const earlier = ownOrder(tx, request.orderId, request.userId);
  const { country, service, number, userId } = earlier;
  if (earlier.endedAtMs === null) {
    throw new Refusal('order_still_open', 'The order is still open: its number takes further messages free. Reuse it after it has ended.');
  }
  const offer = findOffer(tx.db, country, service, terms);
  if (!offer) throw new Refusal('not_found', `There is no offer for ${service} in ${country} any more.`);
  const sim = findSimForReuse(tx.db, { number, service, userId, windowMinutes: offer.windowMinutes }, terms, tx.nowMs);
  if (!sim) throw new Refusal('out_of_stock', `${earlier.number} is not free right now. Nothing was charged; try again later.`);
  return openOrder(tx, terms, { userId, country, service }, sim, offer);
}

/** The customer gives a pending order back: full refund. Refuses with `not_found`, `order_not_pending` or `too_early`. */
export function cancelOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  requirePending(order);
  const fromMs = cancelFromMs(order, terms);
  if (tx.nowMs < fromMs) {
    throw new Refusal('too_early', `The order can be canceled from ${new Date(fromMs).toISOString()}.`, {
      retry_at: new Date(fromMs).toISOString(),
    });
  }
  return move(tx, terms, order, 'canceled', 'canceled_by_customer');
}

/** The customer says the number does not work: full refund. Refuses with `not_found` or `order_not_pending`. */
export function reportOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  requirePending(order);
  return move(tx, terms, order, 'reported', 'reported_by_customer');
}

/** The customer has what they came for: the number is free for others' services. Refuses with `not_found` or `order_not_received`. */
export function finishOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  if (order.status !== 'received') {
    const why = order.status === 'pending' ? 'no code has arrived yet; cancel it to get the money back' : `it is ${order.status}`;
    throw new Refusal('order_not_received', `The order cannot be finished: ${why}.`, { order_status: order.status });
  }
  return move(tx, terms, order, 'finished', 'finished_by_customer');
}

/**
 * The window of an order is over: pending becomes expired and is refunded, received becomes finished. Null when there is nothing to do (already
 * ended, or not yet over), so calling it twice or too early changes nothing.
 */
export function endWindow(tx: Tx, terms: OrderTerms, orderId: string): Order | null {
  const order = findOrder(tx.db, orderId);
  if (!order || order.endedAtMs !== null || tx.nowMs < order.expiresAtMs) return null;
  return order.status === 'pending'
    ? move(tx, terms, order, 'expired', 'no_valid_sms')
    : move(tx, terms, order, 'finished', 'window_ended');
}

/**
 * A message of this order, already written in the same transaction, arrived or grew. The first one captures the price; further ones are free. `code` is
 * its code where that is the newest, else null: then the order keeps the one it has.
 */
export function receiveCode(tx: Tx, terms: OrderTerms, order: Order, code: string | null): Order {
  invariant(order.endedAtMs === null, `a code for order ${order.id}, which is ${order.status}`);
  const received = { ...order, code: code ?? order.code };
  if (order.status === 'pending') return move(tx, terms, received, 'received', 'code_received');
  return announce(tx, terms, received, 'order.received');
}

/** Tells the customer of an open order that there are more or fewer messages which a person must look at. */
export function tellUnsure(tx: Tx, terms: OrderTerms, order: Order): Order {
  invariant(order.endedAtMs === null, `order ${order.id} is unsure of a message though it is ${order.status}`);
  return announce(tx, terms, order, 'order.unsure');
}

/** From when on the customer may cancel. */
export function cancelFromMs(order: Order, terms: OrderTerms): number {
  return order.createdAtMs + terms.cancelAfterSeconds * 1000;
}

function openOrder(
  tx: Tx,
  terms: OrderTerms,
  request: { userId: string; country: string; service: string },
  sim: FreeSim,
  offer: { priceMinor: number; windowMinutes: number },
): Order {
  const eventId = newEventId(tx, terms.random);
  const order: Order = {
    id: newId('ord', tx.nowMs, terms.random),
    userId: request.userId,
    iccid: sim.iccid,
    country: request.country,
    service: request.service,
    number: sim.number,
    priceMinor: offer.priceMinor,
    currency: terms.currency,
    status: 'pending',
    reason: 'ordered',
    createdAtMs: tx.nowMs,
    expiresAtMs: tx.nowMs + Math.round(offer.windowMinutes * MINUTE_MS),
    receivedAtMs: null,
    endedAtMs: null,
    code: null,
    lastEvent: eventId,
  };
  tx.db
    .query(
      `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, last_event)
       VALUES ($id, $userId, $iccid, $country, $service, $number, $priceMinor, $currency, $status, $reason, $createdAtMs, $expiresAtMs, $lastEvent)`,
    )
    .run({ ...order });
  tx.db.query('UPDATE sims SET last_sold_at_ms = $now WHERE iccid = $iccid').run({ iccid: sim.iccid, now: tx.nowMs });
  recordChange(tx, order);
  appendEvent(tx, { id: eventId, type: 'order.created', userId: order.userId, orderId: order.id, data: presentOrder(tx.db, order) });
  hold(tx, terms, order);
  return order;
}

const EVENT_OF: Record<Exclude<OrderStatus, 'pending'>, EventType> = {
  received: 'order.received',
  finished: 'order.finished',
  expired: 'order.expired',
  canceled: 'order.canceled',
  reported: 'order.reported',
};

/** Moves an order on and its money with it, records the change and announces it. */
function move(tx: Tx, terms: OrderTerms, order: Order, to: Exclude<OrderStatus, 'pending'>, reason: OrderReason): Order {
  invariant(mayMove(order.status, to), `order ${order.id} moves from ${order.status} to ${to}`);
  const moved: Order = {
    ...order,
    status: to,
    reason,
    receivedAtMs: to === 'received' ? tx.nowMs : order.receivedAtMs,
    endedAtMs: to === 'received' ? null : tx.nowMs,
  };
  recordChange(tx, moved);
  const announced = announce(tx, terms, moved, EVENT_OF[to], order.status);
  if (moneyAt(order.status) === 'held') {
    if (moneyAt(to) === 'captured') capture(tx, terms, order);
    else refund(tx, terms, order);
  }
  return announced;
}

/** Writes the order as it is now, naming the event that says so. */
function announce(tx: Tx, terms: OrderTerms, order: Order, type: EventType, from: OrderStatus = order.status): Order {
  const announced = { ...order, lastEvent: newEventId(tx, terms.random) };
  const { id, status, reason, receivedAtMs, endedAtMs, code, lastEvent } = announced;
  const changed = tx.db
    .query(
      `UPDATE orders SET status = $status, reason = $reason, received_at_ms = $receivedAtMs, ended_at_ms = $endedAtMs, code = $code, last_event = $lastEvent
       WHERE id = $id AND status = $from`,
    )
    .run({ id, status, reason, receivedAtMs, endedAtMs, code, lastEvent, from });
  invariant(changed.changes === 1, `order ${id} was ${from} when it was read in this transaction`);
  appendEvent(tx, { id: lastEvent, type, userId: order.userId, orderId: id, data: presentOrder(tx.db, announced, EVENT_MESSAGES_MAX) });
  return announced;
}

function recordChange(tx: Tx, order: Order): void {
  tx.db
    .query('INSERT INTO order_changes (order_id, status, reason, at_ms) VALUES ($orderId, $status, $reason, $now)')
    .run({ orderId: order.id, status: order.status, reason: order.reason, now: tx.nowMs });
}

function ownOrder(tx: Tx, orderId: string, userId: string): Order {
  const order = findOrder(tx.db, orderId, userId);
  if (!order) throw new Refusal('not_found', 'You have no order with this id.');
  return order;
}

function requirePending(order: Order): void {
  if (order.status === 'pending') return;
  const money =
    moneyAt(order.status) === 'captured'
      ? 'its code was delivered'
      : `${formatMinor(order.priceMinor, order.currency)} went back to the balance`;
  throw new Refusal('order_not_pending', `The order is ${order.status}: ${money}.`, { order_status: order.status });
}
