import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { retireNumber } from '../sims/retired.ts';
import type { OrderTerms } from './orders.ts';
import { move, ownOrder, requirePending } from './record.ts';
import type { ReportReason } from './state.ts';
import type { Order } from './view.ts';

export const REPORT_CHARACTERS_MAX = 300;

/**
 * The customer says why the number does not work: full refund. A number that the service refuses, or knows already, is sold to nobody for it any more until an
 * operator lifts that. Refuses with `not_found`, `order_not_pending`, or as `validation` a text that is too long.
 */
export function reportOrder(
  tx: Tx,
  terms: OrderTerms,
  request: { userId: string; orderId: string; reason?: ReportReason; text?: string | null },
): Order {
  const { reason = 'other' } = request;
  const text = (request.text ?? '').trim().toWellFormed();
  if ([...text].length > REPORT_CHARACTERS_MAX) {
    const message = `The text must be at most ${REPORT_CHARACTERS_MAX} characters long.`;
    throw new Refusal('validation', message, { errors: [{ field: 'text', message }] });
  }
  const order = ownOrder(tx, request.orderId, request.userId);
  requirePending(order);
  if (reason === 'number_unusable' || reason === 'already_registered') {
    retireNumber(tx, { number: order.number, service: order.service, reason, orderId: order.id });
  }
  return move(tx, terms, { ...order, reportReason: reason, reportText: text }, 'reported', 'reported_by_customer');
}
