import type { Database } from 'bun:sqlite';
import type { Order } from '../orders/view.ts';
import { type Entry, fromAttempts, fromChanges, fromEvents, fromMessages, fromPushes } from './entries.ts';

export interface Timeline {
  /** Oldest first; of the same millisecond in the order in which one leads to the other. */
  entries: Entry[];
  /** Only the newest messages and events of a very long order are told. */
  shortened: boolean;
  /** Of the message that first brought a code; null where a time is not known. */
  figures: { networkToPushMs: number | null; readToPushMs: number | null; firstChannel: string | null };
}

/** An order rarely has more than a handful. */
export const MESSAGES_MAX = 100;
export const EVENTS_MAX = 300;

/** Everything that happened to an order, from what was stored when it happened; nothing is reckoned afterwards but the differences. */
export function timelineOf(db: Database, order: Order): Timeline {
  const messages = fromMessages(db, order.id, MESSAGES_MAX);
  const events = fromEvents(db, order.id, EVENTS_MAX);
  const entries = [
    ...fromChanges(db, order.id),
    ...messages.entries,
    ...events.entries,
    ...fromPushes(db, order.id, EVENTS_MAX),
    ...fromAttempts(db, order, EVENTS_MAX),
  ].toSorted((a, b) => a.atMs - b.atMs || RANK.indexOf(a.kind) - RANK.indexOf(b.kind));
  return { entries, shortened: messages.shortened || events.shortened, figures: figuresOf(db, entries, order.id) };
}

/** What leads to what. */
const RANK: readonly Entry['kind'][] = [
  'network_time',
  'part_read',
  'part_stored',
  'judged',
  'status',
  'event',
  'pushed',
  'attempt',
  'seen',
];

/** Between the first message with a code and the first time its event went out by any way. */
function figuresOf(db: Database, entries: readonly Entry[], orderId: string): Timeline['figures'] {
  const none = { networkToPushMs: null, readToPushMs: null, firstChannel: null };
  const first = db
    .query<{ id: string; networkAtMs: number | null; arrivedAtMs: number }, { orderId: string }>(
      `SELECT id, network_at_ms AS networkAtMs, arrived_at_ms AS arrivedAtMs FROM messages
       WHERE order_id = $orderId AND code IS NOT NULL ORDER BY arrived_at_ms, id LIMIT 1`,
    )
    .get({ orderId });
  const told = entries.find(({ kind, detail }) => kind === 'event' && detail['type'] === 'order.received');
  const push = entries.find(({ kind, eventId }) => (kind === 'pushed' || kind === 'seen') && eventId !== null && eventId === told?.eventId);
  if (!first || !push) return none;
  return {
    networkToPushMs: first.networkAtMs === null ? null : push.atMs - first.networkAtMs,
    readToPushMs: push.atMs - first.arrivedAtMs,
    firstChannel: push.channel,
  };
}
