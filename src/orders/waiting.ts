import type { Database } from 'bun:sqlite';
import { seqOfEvent } from '../db/events.ts';
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import { findOrder, messagesOfOrder, type Order, type OrderMessage } from './view.ts';

export interface Waited {
  order: Order;
  messages: OrderMessage[];
}

/**
 * The order now, or, with `waitSeconds`, as soon as there is something to say: without `after` when it is not pending any more, with it when it has an event
 * newer than that or has ended. So a message that a person must look at (`order.unsure`) alone ends no wait without `after`. With `after`, codes and messages that were there at that event are left out: what is returned is never stale.
 * Refuses `not_found`, and an `after` this customer never saw as `validation`.
 */
export async function waitForOrder(
  deps: { db: Database; hub: Hub; monotonicMs(): number },
  request: { userId: string; orderId: string; waitSeconds: number; after: string | null; gone: AbortSignal },
): Promise<Waited> {
  const { db, hub } = deps;
  const afterSeq = request.after === null ? null : seqOfEvent(db, request.userId, request.after);
  if (request.after !== null && afterSeq === null) {
    throw new Refusal('validation', 'after must be the id of an event of yours, such as the `last_event` of an order.');
  }
  const deadlineMs = deps.monotonicMs() + request.waitSeconds * 1000;
  for (;;) {
    const order = findOrder(db, request.orderId, request.userId);
    if (!order) throw new Refusal('not_found', 'You have no order with this id.');
    const leftMs = deadlineMs - deps.monotonicMs();
    if (leftMs <= 0 || hasNews(db, order, afterSeq) || !(await hub.nextOfOrder(order.id, leftMs, request.gone))) {
      const latest = findOrder(db, order.id) ?? order;
      return afterSeq === null ? { order: latest, messages: messagesOfOrder(db, order.id) } : newsOnly(db, latest, afterSeq);
    }
  }
}

function hasNews(db: Database, order: Order, afterSeq: number | null): boolean {
  if (afterSeq === null) return order.status !== 'pending';
  return order.endedAtMs !== null || (seqOfEvent(db, order.userId, order.lastEvent) ?? 0) > afterSeq;
}

/** The order without what its customer had already seen at that event. */
function newsOnly(db: Database, order: Order, afterSeq: number): Waited {
  const messages = messagesOfOrder(db, order.id).filter((message) => (message.eventSeq ?? 0) > afterSeq);
  const isNews = messages.some((message) => message.code === order.code);
  return { order: isNews ? order : { ...order, code: null }, messages };
}
