import type { OfferTerms } from '../catalogue/offers.ts';
import { appendEvent, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { hold, type LedgerTerms } from '../ledger/ledger.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { FreeSim } from '../sims/allocate.ts';
import { type Labels, labelsOf } from './labels.ts';
import { type Limits, refuseOverLimit } from './limits.ts';
import { awayOn, clockOf, giveUpOutage } from './outage.ts';
import { chooseNumber, type OfferChosen, type OfferPick } from './pick.ts';
import { announce, move, ownOrder, recordChange, requirePending } from './record.ts';
import { findOrder, type Order, presentOrder } from './view.ts';

const MINUTE_MS = 60_000;

/** What the operations on orders need of the configuration. */
export interface OrderTerms extends OfferTerms, LedgerTerms {
  cancelAfterSeconds: number;
  /** Throws a refusal while nothing new may be begun: the disk is nearly full, say. */
  refuseNew?(): void;
  /** By how much a customer may have a window extended, once; 0 is not offered. */
  extendMinutes: number;
  /** How long a window waits for a modem that is away. */
  outageExtendMinutes: number;
  /** In how many lines a customer may wait at once; 0: there is no waiting list. */
  waitingPlacesMax: number;
  /** For how long at most. */
  waitingHoursMax: number;
  /** What an account may do unless the operator set something else for it; without them: no limit. */
  limits?: Limits;
}

export interface OrderRequest {
  userId: string;
  /** Null: any, which asks for a pick. */
  country: string | null;
  service: string;
  /** Only SIMs of this carrier. Left out: the offer for any carrier; with a pick, any offer. */
  carrier?: string;
  /** Which of several offers. Left out, the request names one. */
  pick?: OfferPick;
  /** Refuse rather than pay more than this, in minor units. */
  maxPriceMinor: number | null;
  /** The customer's own words about it. */
  labels?: Labels;
}

/**
 * Rents a number: takes the offer that is named or the best by `pick`, allocates a SIM, holds the price, opens the window, all in the caller's transaction. Refuses with `not_found` (no such offer),
 * `price_above_max`, `out_of_stock`, `limit_reached`, `insufficient_balance` or `unavailable` (the disk is nearly full); a refused order leaves no row.
 */
export function placeOrder(tx: Tx, terms: OrderTerms, request: OrderRequest): Order {
  terms.refuseNew?.();
  const { offer, sim } = chooseNumber(tx, terms, request);
  const order = openOrder(tx, terms, request, sim, offer);
  // What was refused after its number was chosen, or undone, was sold to nobody.
  tx.afterCommit(() => terms.demand?.sold({ country: offer.country, service: request.service, carrier: offer.carrier }));
  return order;
}

/** The customer gives a pending order back: full refund. Refuses with `not_found`, `order_not_pending` or `too_early`. */
export function cancelOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  requirePending(order);
  const fromMs = cancelFromMs(order);
  if (tx.nowMs < fromMs) {
    throw new Refusal('too_early', `The order can be canceled from ${new Date(fromMs).toISOString()}.`, {
      retry_at: new Date(fromMs).toISOString(),
    });
  }
  return move(tx, terms, order, 'canceled', 'canceled_by_customer');
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
 * ended, or not yet over), so calling it twice or too early changes nothing; while the window waits for a modem that is away, when to look again.
 */
export function endWindow(tx: Tx, terms: OrderTerms, orderId: string): Order | { againAtMs: number } | null {
  const order = findOrder(tx.db, orderId);
  if (!order || order.endedAtMs !== null || tx.nowMs < order.expiresAtMs) return null;
  const clock = clockOf(order, awayOn(tx.db, order.iccid), terms, tx.nowMs);
  if (order.status === 'pending' && tx.nowMs >= clock.boundAtMs) return giveUpOutage(tx, terms, orderId);
  if (tx.nowMs < clock.endsAtMs) return { againAtMs: order.status === 'pending' ? clock.boundAtMs : clock.latestEndMs };
  return order.status === 'pending'
    ? move(tx, terms, order, 'expired', 'no_valid_sms')
    : move(tx, terms, order, 'finished', 'window_ended');
}

/**
 * A message of this order, already written in the same transaction, arrived or grew. The first one captures the price; further ones are free. `code` is
 * its code where that is the newest, else null: then the order keeps the one it has. `isNext`: it came after its customer had asked for a further one.
 */
export function receiveCode(tx: Tx, terms: OrderTerms, order: Order, code: string | null, isNext = false): Order {
  invariant(order.endedAtMs === null, `a code for order ${order.id}, which is ${order.status}`);
  const received = { ...order, code: code ?? order.code, awaitingSinceMs: isNext ? null : order.awaitingSinceMs };
  if (order.status === 'pending') return move(tx, terms, received, 'received', 'code_received');
  return announce(tx, terms, received, 'order.received');
}

/** Tells the customer of an open order that there are more or fewer messages which a person must look at. */
export function tellUnsure(tx: Tx, terms: OrderTerms, order: Order): Order {
  invariant(order.endedAtMs === null, `order ${order.id} is unsure of a message though it is ${order.status}`);
  return announce(tx, terms, order, 'order.unsure');
}

/** From when on the customer may cancel. */
export function cancelFromMs(order: Pick<Order, 'cancelFromMs' | 'createdAtMs'>): number {
  return order.cancelFromMs ?? order.createdAtMs;
}

/** Writes a new order on a SIM that was found free, holds its price and tells its customer. Refuses with `limit_reached` or `insufficient_balance`. */
export function openOrder(
  tx: Tx,
  terms: OrderTerms,
  request: { userId: string; service: string; labels?: Labels },
  sim: FreeSim,
  offer: OfferChosen,
): Order {
  refuseOverLimit(tx, terms.limits, request.userId);
  const eventId = newEventId(tx, terms.random);
  const order: Order = {
    id: newId('ord', tx.nowMs, terms.random),
    userId: request.userId,
    iccid: sim.iccid,
    country: offer.country,
    service: request.service,
    carrier: offer.carrier,
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
    ...labelsOf(request.labels ?? {}),
    cancelFromMs: tx.nowMs + terms.cancelAfterSeconds * 1000,
    ...{ awaitingSinceMs: null, extendedMs: 0, outageMs: 0, reportReason: null, reportText: '' },
  };
  tx.db
    .query(
      `INSERT INTO orders (id, user_id, iccid, country, service, carrier, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, last_event,
         note, tags, cancel_from_ms)
       VALUES ($id, $userId, $iccid, $country, $service, $carrier, $number, $priceMinor, $currency, $status, $reason, $createdAtMs, $expiresAtMs, $lastEvent,
         $note, $tags, $cancelFromMs)`,
    )
    .run({ ...order });
  tx.db.query('UPDATE sims SET last_sold_at_ms = $now WHERE iccid = $iccid').run({ iccid: sim.iccid, now: tx.nowMs });
  recordChange(tx, order);
  appendEvent(tx, { id: eventId, type: 'order.created', userId: order.userId, orderId: order.id, data: presentOrder(tx.db, order) });
  hold(tx, terms, order);
  return order;
}
