import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { type OrderRequest, type OrderTerms, placeOrder } from './orders.ts';
import type { Order } from './view.ts';

export const BATCH_MAX = 50;
export type Fill = 'all' | 'available';

export interface Batch {
  orders: Order[];
  /** Why there are fewer than were asked for; null when there are not. */
  short: Refusal | null;
}

/** What may run out between one number and the next; anything else refuses the whole. */
const RUNS_OUT: readonly string[] = ['out_of_stock', 'insufficient_balance', 'limit_reached'];

/**
 * Rents several numbers of one offer in one transaction: with `all` as many as were asked for or none, with `available` as many as there are and the balance
 * covers, at least one. Refuses as placeOrder does, with how many could have been had.
 */
export function placeOrders(tx: Tx, terms: OrderTerms, request: OrderRequest & { count: number; fill: Fill }): Batch {
  const { count, fill, ...one } = request;
  if (!Number.isInteger(count) || count < 1 || count > BATCH_MAX) {
    const message = `count must be a whole number from 1 to ${BATCH_MAX}.`;
    throw new Refusal('validation', message, { errors: [{ field: 'count', message }] });
  }
  // Once for all, outside of what may be undone for one number alone: nothing comes free between one and the next.
  terms.beforeSale?.(tx, one);
  const { beforeSale: _done, ...each } = terms;
  const orders: Order[] = [];
  while (orders.length < count) {
    try {
      // A savepoint of its own: what a refused number left half done is undone, the ones before it are not.
      orders.push(tx.db.transaction(() => placeOrder(tx, each, one))());
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || orders.length === 0 || !RUNS_OUT.includes(thrown.type)) throw thrown;
      if (fill === 'available') return { orders, short: thrown };
      throw new Refusal(thrown.type, `Only ${orders.length} of ${count} numbers can be had: ${whyShort(thrown)}. Nothing was charged.`, {
        ...thrown.extra,
        requested: count,
        possible: orders.length,
      });
    }
  }
  return { orders, short: null };
}

/** Why there are no more, in the middle of a sentence. */
export function whyShort({ type }: Pick<Refusal, 'type'>): string {
  if (type === 'insufficient_balance') return 'the balance covers no more';
  return type === 'limit_reached' ? 'your limit of orders is reached' : 'there are no more';
}
