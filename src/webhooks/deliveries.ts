import type { Database } from 'bun:sqlite';
import { eventById } from '../db/events.ts';
import { Refusal } from '../lib/errors.ts';
import { bodyOf } from './body.ts';

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: string;
  webhookId: string;
  eventId: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  nextAttemptAtMs: number | null;
  createdAtMs: number;
  endedAtMs: number | null;
  /** Of the newest attempt; null before the first, and `lastStatus` also when there was no answer. */
  lastAttemptAtMs: number | null;
  lastStatus: number | null;
}

export interface WebhookAttempt {
  number: number;
  startedAtMs: number;
  durationMs: number;
  outcome: 'delivered' | 'retry' | 'failed';
  status: number | null;
  /** What the receiver said, cut, or why there was no answer. Hostile. */
  detail: string;
}

const COLUMNS = `d.id, d.target AS webhookId, substr(d.id, length(d.target) + 2) AS eventId, d.topic AS type, d.state, d.attempts,
  iif(w.state = 'paused' AND d.state = 'waiting', NULL, d.next_at_ms) AS nextAttemptAtMs, d.created_at_ms AS createdAtMs, d.ended_at_ms AS endedAtMs,
  a.started_at_ms AS lastAttemptAtMs, a.status AS lastStatus`;
const FROM = `deliveries d JOIN webhooks w ON w.id = d.target
  LEFT JOIN delivery_attempts a ON a.delivery_seq = d.seq AND a.number = d.attempts`;

/** Deliveries of an endpoint, the newest first, older than the delivery `cursor` if given, at most `limit`; only those of a state if given. */
export function listDeliveries(
  db: Database,
  webhookId: string,
  page: { limit: number; cursor: string | null; state: DeliveryState | null },
): WebhookDelivery[] {
  const { limit, cursor, state } = page;
  const conditions = [
    'd.target = $webhookId',
    ...(cursor === null ? [] : ['d.seq < (SELECT seq FROM deliveries WHERE id = $cursor AND target = $webhookId)']),
    // As a word and not as a parameter, so that the index of that state is used.
    ...(state === null ? [] : [`d.state = '${state}'`]),
  ];
  return db
    .query<WebhookDelivery, { webhookId: string; cursor: string; limit: number }>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE ${conditions.join(' AND ')} ORDER BY d.seq DESC LIMIT $limit`,
    )
    .all({ webhookId, limit, cursor: cursor ?? '' });
}

/** A customer's own delivery, refused as `not_found` when there is none or its endpoint was deleted. */
export function ownDelivery(db: Database, userId: string, id: string): WebhookDelivery {
  const delivery = db
    .query<WebhookDelivery, { id: string; userId: string }>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE d.id = $id AND d.channel = 'webhook' AND w.user_id = $userId`,
    )
    .get({ id, userId });
  if (!delivery) throw new Refusal('not_found', 'There is no such delivery; they are kept for 30 days and end with their endpoint.');
  return delivery;
}

/** Every attempt of a delivery, the oldest first. */
export function attemptsOf(db: Database, deliveryId: string): WebhookAttempt[] {
  return db
    .query<WebhookAttempt, { deliveryId: string }>(
      `SELECT number, started_at_ms AS startedAtMs, duration_ms AS durationMs, outcome, status, detail FROM delivery_attempts
       WHERE delivery_seq = (SELECT seq FROM deliveries WHERE id = $deliveryId) ORDER BY number`,
    )
    .all({ deliveryId });
}

/** The body that is sent, or null when the event is not kept any more. */
export function payloadOf(db: Database, deliveryId: string): string | null {
  const row = db
    .query<{ eventId: string | null; payload: string | null }, { deliveryId: string }>(
      'SELECT event_id AS eventId, payload FROM deliveries WHERE id = $deliveryId',
    )
    .get({ deliveryId });
  if (!row) return null;
  if (row.payload !== null) return row.payload;
  const event = row.eventId === null ? null : eventById(db, row.eventId);
  return event && bodyOf(event);
}

/** Of so many ended deliveries the success rate is made. */
export const RATE_OF = 100;

/** How the last deliveries of an endpoint that have ended went. */
export function successOf(db: Database, webhookId: string): { delivered: number; ended: number; waiting: number } {
  const row = db
    .query<{ delivered: number | null; ended: number }, { webhookId: string; limit: number }>(
      `SELECT sum(state = 'delivered') AS delivered, count(*) AS ended FROM
         (SELECT state FROM deliveries WHERE target = $webhookId AND state <> 'waiting' AND event_id IS NOT NULL ORDER BY seq DESC LIMIT $limit)`,
    )
    .get({ webhookId, limit: RATE_OF });
  const waiting =
    db
      .query<{ waiting: number }, { webhookId: string }>(
        `SELECT count(*) AS waiting FROM deliveries INDEXED BY deliveries_waiting WHERE channel = 'webhook' AND target = $webhookId AND state = 'waiting'`,
      )
      .get({ webhookId })?.waiting ?? 0;
  return { delivered: row?.delivered ?? 0, ended: row?.ended ?? 0, waiting };
}
