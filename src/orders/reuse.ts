import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { type FreeSim, findSimForReuse } from '../sims/allocate.ts';
import { isRetired } from '../sims/retired.ts';
import { type OrderTerms, openOrder } from './orders.ts';
import { type OfferChosen, offerAgain, refuseAbove } from './pick.ts';
import { ownOrder } from './record.ts';
import type { Order } from './view.ts';

export type WhyNotReused = 'order_still_open' | 'not_offered' | 'retired' | 'not_free';

/** What the number of an earlier order costs now, for the same customer and service. */
export interface ReuseQuote {
  order: Order;
  /** Null when it is not offered any more. */
  priceMinor: number | null;
  windowMinutes: number | null;
  /** Null: it can be rented now. */
  whyNot: WhyNotReused | null;
  sim: FreeSim | null;
  offer: OfferChosen | null;
}

/** Looks what the number of an ended order costs now, and whether it can be had; changes nothing. */
export function quoteReuse(db: Database, terms: OrderTerms, order: Order, nowMs: number): ReuseQuote {
  const { service, number, userId } = order;
  const offer = offerAgain(db, terms, order);
  const quote = { order, priceMinor: offer?.priceMinor ?? null, windowMinutes: offer?.windowMinutes ?? null, sim: null, offer };
  if (order.endedAtMs === null) return { ...quote, whyNot: 'order_still_open' };
  if (!offer) return { ...quote, whyNot: 'not_offered' };
  if (isRetired(db, number, service)) return { ...quote, whyNot: 'retired' };
  const sim = findSimForReuse(db, { number, service, userId, windowMinutes: offer.windowMinutes }, terms, nowMs);
  return { ...quote, sim, whyNot: sim === null ? 'not_free' : null };
}

/** Why a number cannot be rented again, in plain words. */
export function whyNotReused({ order, whyNot }: ReuseQuote): string {
  if (whyNot === 'order_still_open') return 'The order is still open: its number takes further messages free. Reuse it after it has ended.';
  if (whyNot === 'not_offered') return `There is no offer for ${order.service} in ${order.country} any more.`;
  if (whyNot === 'retired') return `${order.number} was reported as refused by ${order.service}, so it is not sold for it any more.`;
  return `${order.number} is not free right now. Nothing was charged; try again later.`;
}

/**
 * Rents the number of an earlier order again, for the same customer and service at today's price, if that is not above `maxPriceMinor`. Refuses with `not_found`,
 * `order_still_open`, `price_above_max`, `out_of_stock` (the SIM is away, busy or retired), `insufficient_balance` or `unavailable` (the disk is nearly full).
 */
export function reuseOrder(tx: Tx, terms: OrderTerms, request: { userId: string; orderId: string; maxPriceMinor?: number | null }): Order {
  terms.refuseNew?.();
  const { userId, orderId, maxPriceMinor = null } = request;
  const earlier = ownOrder(tx, orderId, userId);
  terms.beforeSale?.(tx, earlier);
  const quote = quoteReuse(tx.db, terms, earlier, tx.nowMs);
  const { order, offer, whyNot, sim } = quote;
  if (whyNot === 'order_still_open') throw new Refusal('order_still_open', whyNotReused(quote));
  if (offer === null) throw new Refusal('not_found', whyNotReused({ ...quote, whyNot: 'not_offered' }));
  refuseAbove(maxPriceMinor, offer.priceMinor, terms);
  if (sim === null) throw new Refusal('out_of_stock', whyNotReused(quote));
  return openOrder(tx, terms, { userId, service: order.service }, sim, offer);
}
