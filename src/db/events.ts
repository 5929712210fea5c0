import type { Database } from 'bun:sqlite';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Tx } from './write.ts';

export type EventType =
  | 'order.created'
  | 'order.received'
  | 'order.finished'
  | 'order.expired'
  | 'order.canceled'
  | 'order.reported'
  /** A message that a person must look at came, or was decided: `unsure` of the order changed. */
  | 'order.unsure'
  /** The end of its window moved: asked for, or time that an outage had taken. */
  | 'order.extended'
  /** Its customer waits for a further code. */
  | 'order.awaiting'
  /** Its customer changed its note or tags. */
  | 'order.noted'
  /** A rental that starts later was booked. */
  | 'rental.booked'
  | 'rental.started'
  | 'rental.message'
  /** Its end moved: bought, by itself, or time that an outage had taken. */
  | 'rental.extended'
  /** It ends soon, and is not extended by itself. */
  | 'rental.ending'
  | 'rental.ended'
  /** A place in a waiting list. */
  | 'waiting.joined'
  /** There is a number, and something else stands between it and who waits. */
  | 'waiting.passed_over'
  | 'waiting.served'
  /** Who only wanted to be told is told. */
  | 'waiting.available'
  | 'waiting.expired'
  | 'waiting.left'
  | 'balance.changed'
  /** Of operators: something is to be looked at, or is still so after a while; and it is over. */
  | 'alarm.raised'
  | 'alarm.cleared';

/** A fact that leaves the system; `id` is the same in every channel and every retry. */
export interface StoredEvent {
  seq: number;
  id: string;
  type: EventType;
  userId: string;
  orderId: string | null;
  rentalId: string | null;
  /** JSON text, as the stream and the webhooks carry it in `data`. */
  data: string;
  createdAtMs: number;
}

/** A new event id, made before the row it will describe so that the row can name its last event. */
export function newEventId(tx: Tx, random: RandomBytes): string {
  return newId('evt', tx.nowMs, random);
}

/** Appends an event inside the verb's transaction; it is published only after the commit. */
export function appendEvent(
  tx: Tx,
  event: { id: string; type: EventType; userId: string; orderId: string | null; rentalId?: string | null; data: unknown },
): void {
  tx.db
    .query(
      `INSERT INTO events (id, type, user_id, order_id, rental_id, data, created_at_ms)
       VALUES ($id, $type, $userId, $orderId, $rentalId, $data, $createdAtMs)`,
    )
    .run({
      id: event.id,
      type: event.type,
      userId: event.userId,
      orderId: event.orderId,
      rentalId: event.rentalId ?? null,
      data: JSON.stringify(event.data),
      createdAtMs: tx.nowMs,
    });
}

const COLUMNS = 'seq, id, type, user_id AS userId, order_id AS orderId, rental_id AS rentalId, data, created_at_ms AS createdAtMs';

/** The next events after `seq`, oldest first, at most `limit`. */
export function eventsAfter(db: Database, seq: number, limit: number): StoredEvent[] {
  return db
    .query<StoredEvent, { seq: number; limit: number }>(`SELECT ${COLUMNS} FROM events WHERE seq > $seq ORDER BY seq LIMIT $limit`)
    .all({ seq, limit });
}

/** A customer's next events after `seq`, oldest first, at most `limit`. */
export function eventsOfUserAfter(db: Database, userId: string, seq: number, limit: number): StoredEvent[] {
  return db
    .query<StoredEvent, { userId: string; seq: number; limit: number }>(
      `SELECT ${COLUMNS} FROM events WHERE user_id = $userId AND seq > $seq ORDER BY seq LIMIT $limit`,
    )
    .all({ userId, seq, limit });
}

/** True when more than `count` events of a customer come after `seq`; reads the index alone. */
export function hasMoreEventsThan(db: Database, userId: string, seq: number, count: number): boolean {
  return (
    db
      .query('SELECT 1 FROM events WHERE user_id = $userId AND seq > $seq ORDER BY seq LIMIT 1 OFFSET $count')
      .get({ userId, seq, count }) !== null
  );
}

/** The place of an event id in the order of all events, or null for an id that was never given to this customer. */
export function seqOfEvent(db: Database, userId: string, id: string): number | null {
  return (
    db
      .query<{ seq: number }, { id: string; userId: string }>('SELECT seq FROM events WHERE id = $id AND user_id = $userId')
      .get({ id, userId })?.seq ?? null
  );
}

/** An event by its id, or null for one that was never given. */
export function eventById(db: Database, id: string): StoredEvent | null {
  return db.query<StoredEvent, { id: string }>(`SELECT ${COLUMNS} FROM events WHERE id = $id`).get({ id });
}

/** The id of a customer's newest event, or null when there is none yet. */
export function newestEventOfUser(db: Database, userId: string): string | null {
  return (
    db.query<{ id: string }, { userId: string }>('SELECT id FROM events WHERE user_id = $userId ORDER BY seq DESC LIMIT 1').get({ userId })
      ?.id ?? null
  );
}

/** The newest `seq`, 0 when there is no event yet. */
export function newestSeq(db: Database): number {
  return db.query<{ seq: number | null }, []>('SELECT max(seq) AS seq FROM events').get()?.seq ?? 0;
}
