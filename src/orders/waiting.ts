import type { Database } from 'bun:sqlite';
import { seqOfEvent } from '../db/events.ts';
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import { type Unsure, unsureOf } from '../reviews/unsure.ts';
import { findOrder, messagesOfOrder, type Order, type OrderMessage } from './view.ts';

export interface Waited {
  order: Order;
  messages: OrderMessage[];
  unsure: Unsure | null;
}

/** An order at one moment and the place of its last event; most who ask find no news, so that its messages are read only for those who do. */
interface Glance {
  order: Order;
  lastSeq: number;
}

type Snapshot = Glance & Waited;

function glanceAt(db: Database, orderId: string): Glance | null {
  const order = findOrder(db, orderId);
  return order && { order, lastSeq: seqOfEvent(db, order.userId, order.lastEvent) ?? 0 };
}

function isFull(seen: Glance | Snapshot): seen is Snapshot {
  return 'messages' in seen;
}

function inFull(db: Database, { order, lastSeq }: Glance): Snapshot {
  return { order, lastSeq, messages: messagesOfOrder(db, order.id), unsure: unsureOf(db, order) };
}

/**
 * Reads orders for those who were just woken: an event wakes all waiters of an order in one turn of the event loop, so it is read once for all of them. What
 * was read is forgotten with the next event of anybody, and with the next turn.
 */
export function orderReader(db: Database, hub: Hub): (orderId: string) => Snapshot | null {
  const thisTurn = new Map<string, Snapshot | null>();
  let published = hub.counts.published;
  const forget = (): void => thisTurn.clear();
  return (orderId) => {
    if (published !== hub.counts.published) forget();
    published = hub.counts.published;
    const known = thisTurn.get(orderId);
    if (known !== undefined) return known;
    if (thisTurn.size === 0) setImmediate(forget);
    const glance = glanceAt(db, orderId);
    const snapshot = glance && inFull(db, glance);
    thisTurn.set(orderId, snapshot);
    return snapshot;
  };
}

/**
 * The order now, or, with `waitSeconds`, as soon as there is something to say: without `after` when it is not pending any more, with it when it has an event
 * newer than that or has ended. So a message that a person must look at (`order.unsure`) alone ends no wait without `after`. With `after`, codes and messages that were there at that event are left out: what is returned is never stale.
 * Refuses `not_found`, and an `after` this customer never saw as `validation`.
 */
export async function waitForOrder(
  deps: { db: Database; read: ReturnType<typeof orderReader>; hub: Hub; monotonicMs(): number },
  request: { userId: string; orderId: string; waitSeconds: number; after: string | null; gone: AbortSignal },
): Promise<Waited> {
  const { db, read, hub } = deps;
  const afterSeq = afterSeqOf(db, request);
  const deadlineMs = deps.monotonicMs() + request.waitSeconds * 1000;
  const first = glanceAt(db, request.orderId);
  if (!first || first.order.userId !== request.userId) throw new Refusal('not_found', 'You have no order with this id.');
  let now: Glance | Snapshot = first;
  while (!hasNews(now, afterSeq)) {
    const leftMs = deadlineMs - deps.monotonicMs();
    if (leftMs <= 0) break;
    const came = await hub.nextOf(request.orderId, leftMs, request.gone);
    now = read(request.orderId) ?? now;
    if (!came) break;
  }
  const full = isFull(now) ? now : inFull(db, now);
  return afterSeq === null ? full : newsOnly(full, afterSeq);
}

/** The place of `after` among all events, null without one; refuses one that this customer never saw. */
export function afterSeqOf(db: Database, request: { userId: string; after: string | null }): number | null {
  const afterSeq = request.after === null ? null : seqOfEvent(db, request.userId, request.after);
  if (request.after !== null && afterSeq === null) {
    throw new Refusal('validation', 'after must be the id of an event of yours, such as the `last_event` of an order or rental.');
  }
  return afterSeq;
}

function hasNews({ order, lastSeq }: Glance, afterSeq: number | null): boolean {
  if (afterSeq === null) return order.status !== 'pending';
  return order.endedAtMs !== null || lastSeq > afterSeq;
}

/** The order without what its customer had already seen at that event. */
function newsOnly({ order, messages, unsure }: Snapshot, afterSeq: number): Waited {
  const news = messages.filter((message) => (message.eventSeq ?? 0) > afterSeq);
  const isNews = news.some((message) => message.code === order.code);
  return { order: isNews ? order : { ...order, code: null }, messages: news, unsure };
}
