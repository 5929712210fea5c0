import type { Door, Tx } from '../db/write.ts';
import { rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { queueDelivery, requeueDelivery, requeueFailed } from '../outbox/deliveries.ts';
import { ownDelivery } from './deliveries.ts';
import { TEST_EVENT } from './types.ts';
import { findWebhook, ownWebhook, type Webhook } from './webhooks.ts';

/** So many are queued again by one request; the next one goes on. */
export const REPLAY_MAX = 1000;
/** So many events of a customer one verb looks at (a few milliseconds): everybody else writes between two of them. */
export const WALK_AT_ONCE = 2000;
/** As long as deliveries are kept. */
export const REPLAY_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

/** Queues an event of no order that says only that it is a test, and returns the id of its delivery. It is attempted once, also while the endpoint is paused. */
export function queueTest(tx: Tx, random: RandomBytes, asked: { userId: string; id: string }): string {
  const webhook = ownWebhook(tx.db, asked.userId, asked.id);
  const eventId = newId('evt', tx.nowMs, random);
  const id = `${webhook.id}.${eventId}`;
  queueDelivery(tx, {
    ...{ id, channel: 'webhook', userId: webhook.userId, target: webhook.id, topic: TEST_EVENT },
    payload: {
      id: eventId,
      type: TEST_EVENT,
      timestamp: rfc3339(tx.nowMs),
      data: { webhook_id: webhook.id, message: 'This is a test: nothing happened.' },
    },
  });
  return id;
}

/** Sends a delivery again, whatever became of it, under the same event id. */
export function replayDelivery(tx: Tx, asked: { userId: string; id: string }): void {
  const delivery = ownDelivery(tx.db, asked.userId, asked.id);
  refuseInactive(ownWebhook(tx.db, asked.userId, delivery.webhookId));
  requeueDelivery(tx, delivery.id);
}

/**
 * Sends again what was queued for an endpoint at `sinceMs` or later and failed, the oldest first; with `missed` also events that were never queued for it, because
 * it was paused, switched off or not there yet: a walk over the customer's events in many verbs. `more` when there is more than one request may queue.
 */
export async function replaySince(
  door: Pick<Door, 'write'>,
  asked: { userId: string; id: string; sinceMs: number; missed: boolean },
): Promise<{ queued: number; more: boolean }> {
  const first = await door.write((tx) => replayFailed(tx, asked));
  let { queued } = first;
  let afterSeq = asked.missed ? first.afterSeq : null;
  while (afterSeq !== null && queued < REPLAY_MAX) {
    const from = { ...asked, afterSeq, limit: REPLAY_MAX - queued };
    const step = await door.write((tx) => queueMissed(tx, from));
    queued += step.queued;
    afterSeq = step.afterSeq;
  }
  return { queued, more: queued === REPLAY_MAX };
}

interface Step {
  queued: number;
  /** The event after which the walk goes on; null at its end. */
  afterSeq: number | null;
}

function replayFailed(tx: Tx, { userId, id, sinceMs }: { userId: string; id: string; sinceMs: number }): Step {
  refuseInactive(ownWebhook(tx.db, userId, id));
  if (!(sinceMs <= tx.nowMs && sinceMs >= tx.nowMs - REPLAY_DAYS_MAX * DAY_MS)) {
    throw new Refusal('validation', `since must be a time of the last ${REPLAY_DAYS_MAX} days: deliveries are kept no longer.`);
  }
  const queued = requeueFailed(tx, { target: id, sinceMs, limit: REPLAY_MAX });
  // Ids of events grow with their time: the walk begins behind the last one that is older.
  const firstId = newId('evt', sinceMs, (length) => new Uint8Array(length));
  const older = tx.db
    .query<{ seq: number }, { firstId: string }>('SELECT seq FROM events WHERE id < $firstId ORDER BY id DESC LIMIT 1')
    .get({ firstId });
  return { queued, afterSeq: older?.seq ?? 0 };
}

/** One step of the walk; queues as the trigger would have. It ends where the endpoint was paused or deleted meanwhile. */
function queueMissed(tx: Tx, from: { id: string; userId: string; sinceMs: number; afterSeq: number; limit: number }): Step {
  const { id, userId, sinceMs, afterSeq, limit } = from;
  const webhook = findWebhook(tx.db, id);
  const upToSeq = tx.db
    .query<{ seq: number | null }, { userId: string; afterSeq: number; walk: number }>(
      `SELECT max(seq) AS seq FROM
         (SELECT seq FROM events INDEXED BY events_by_user WHERE user_id = $userId AND seq > $afterSeq ORDER BY seq LIMIT $walk)`,
    )
    .get({ userId, afterSeq, walk: WALK_AT_ONCE })?.seq;
  if (webhook?.state !== 'active' || upToSeq == null) return { queued: 0, afterSeq: null };
  const queued = tx.db
    .query(
      `INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
       SELECT $id || '.' || e.id, 'webhook', e.user_id, $id, coalesce(e.order_id, e.rental_id), e.type, e.id, NULL, 'waiting', $now, $now
       FROM events e INDEXED BY events_by_user
       WHERE e.user_id = $userId AND e.seq > $afterSeq AND e.seq <= $upToSeq AND e.created_at_ms >= $sinceMs
         AND ($types IS NULL OR EXISTS (SELECT 1 FROM json_each($types) WHERE value = e.type))
         AND ($rentals IS NULL OR substr(e.type, 1, 7) <> 'rental.' OR EXISTS (SELECT 1 FROM json_each($rentals) WHERE value = e.rental_id))
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = $id || '.' || e.id)
       ORDER BY e.seq LIMIT $limit
       ON CONFLICT (id) DO NOTHING`,
    )
    .run({
      ...{ id, userId, sinceMs, afterSeq, upToSeq, limit, now: tx.nowMs },
      types: webhook.events === null ? null : JSON.stringify(webhook.events),
      rentals: webhook.rentals === null ? null : JSON.stringify(webhook.rentals),
    }).changes;
  return { queued, afterSeq: upToSeq };
}

function refuseInactive({ state }: Webhook): void {
  if (state === 'active') return;
  const why = state === 'paused' ? 'It is paused. Let it go on first' : 'It was switched off. Switch it on again first';
  throw new Refusal('webhook_not_active', `${why}; a test can be sent now.`);
}
