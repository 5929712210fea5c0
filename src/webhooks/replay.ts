import type { Tx } from '../db/write.ts';
import { rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { queueDelivery, requeueDelivery, requeueFailed } from '../outbox/deliveries.ts';
import { ownDelivery } from './deliveries.ts';
import { TEST_EVENT } from './types.ts';
import { ownWebhook, type Webhook } from './webhooks.ts';

/** So many are queued again by one request; the next one goes on. */
export const REPLAY_MAX = 1000;
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
 * it was paused, switched off or not there yet. `more` when there is more than one request may queue.
 */
export function replaySince(
  tx: Tx,
  asked: { userId: string; id: string; sinceMs: number; missed: boolean },
): { queued: number; more: boolean } {
  const { userId, id, sinceMs, missed } = asked;
  const webhook = ownWebhook(tx.db, userId, id);
  refuseInactive(webhook);
  if (!(sinceMs <= tx.nowMs && sinceMs >= tx.nowMs - REPLAY_DAYS_MAX * DAY_MS)) {
    throw new Refusal('validation', `since must be a time of the last ${REPLAY_DAYS_MAX} days: deliveries are kept no longer.`);
  }
  const failed = requeueFailed(tx, { target: id, sinceMs, limit: REPLAY_MAX });
  const queued = failed + (missed ? queueMissed(tx, webhook, sinceMs, REPLAY_MAX - failed) : 0);
  return { queued, more: queued === REPLAY_MAX };
}

/** As the trigger would have queued them. Ids of events grow with their time, so the first one that old is found by its id. */
function queueMissed(tx: Tx, webhook: Webhook, sinceMs: number, limit: number): number {
  return tx.db
    .query(
      `INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, next_at_ms, created_at_ms)
       SELECT $target || '.' || e.id, 'webhook', e.user_id, $target, e.order_id, e.type, e.id, NULL, 'waiting', $now, $now
       FROM events e INDEXED BY events_by_user
       WHERE e.user_id = $userId AND e.seq >= (SELECT min(seq) FROM events WHERE id >= $firstId) AND e.created_at_ms >= $sinceMs
         AND ($types IS NULL OR EXISTS (SELECT 1 FROM json_each($types) WHERE value = e.type))
         AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = $target || '.' || e.id)
       ORDER BY e.seq LIMIT $limit
       ON CONFLICT (id) DO NOTHING`,
    )
    .run({
      ...{ target: webhook.id, userId: webhook.userId, sinceMs, limit, now: tx.nowMs },
      types: webhook.events === null ? null : JSON.stringify(webhook.events),
      firstId: newId('evt', sinceMs, (length) => new Uint8Array(length)),
    }).changes;
}

function refuseInactive({ state }: Webhook): void {
  if (state === 'active') return;
  const why = state === 'paused' ? 'It is paused. Let it go on first' : 'It was switched off. Switch it on again first';
  throw new Refusal('webhook_not_active', `${why}; a test can be sent now.`);
}
