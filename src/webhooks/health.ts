import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { rfc3339 } from '../lib/clock.ts';
import { queueMail } from '../mail/queue.ts';
import { type Attempt, type Delivery, failWaiting, holdDeliveries } from '../outbox/deliveries.ts';
import { TEST_EVENT } from './types.ts';
import { findWebhook, type Webhook } from './webhooks.ts';

/** An endpoint is switched off when nothing has reached it for so long … */
export const DISABLE_AFTER_DAYS = 3;
/** … in which at least so many attempts failed: a quiet endpoint that misses one event is not given up for it. */
export const DISABLE_AFTER_FAILURES = 10;
/** The receiver says that the address is gone for good. */
export const GONE = 410;
const DAY_MS = 86_400_000;

/** Keeps account of how an endpoint does, in the transaction that writes the attempt down, and switches it off when that is hopeless. */
export function noteAttempt(tx: Tx, delivery: Delivery, attempt: Attempt): void {
  const id = delivery.target;
  if (attempt.outcome === 'delivered') {
    tx.db
      .query('UPDATE webhooks SET failures = 0, failing_since_ms = NULL, last_delivered_at_ms = $now WHERE id = $id')
      .run({ id, now: tx.nowMs });
    return;
  }
  // Somebody tries something out.
  if (delivery.topic === TEST_EVENT) return;
  tx.db
    .query('UPDATE webhooks SET failures = failures + 1, failing_since_ms = coalesce(failing_since_ms, $now) WHERE id = $id')
    .run({ id, now: tx.nowMs });
  const webhook = findWebhook(tx.db, id);
  if (webhook?.state === 'active') {
    if (attempt.status === GONE) disable(tx, webhook, 'gone');
    else if (isHopeless(webhook, tx.nowMs)) disable(tx, webhook, 'failing');
  } else if (webhook?.state === 'paused') {
    // It was under way when it was paused: its next attempt waits like all others.
    holdDeliveries(tx, id);
  }
}

function isHopeless({ failures, failingSinceMs }: Webhook, nowMs: number): boolean {
  return failures >= DISABLE_AFTER_FAILURES && failingSinceMs !== null && nowMs - failingSinceMs >= DISABLE_AFTER_DAYS * DAY_MS;
}

function disable(tx: Tx, webhook: Webhook, reason: 'gone' | 'failing'): void {
  tx.db
    .query(`UPDATE webhooks SET state = 'disabled', disabled_reason = $reason, disabled_at_ms = $now WHERE id = $id`)
    .run({ id: webhook.id, reason, now: tx.nowMs });
  failWaiting(tx, webhook.id);
  endpointDisabled(tx, webhook, reason);
}

/** Queues the notice that an endpoint was switched off; the mail room says it. `since` is RFC 3339, of the first failure after the last success. */
function endpointDisabled(tx: Tx, { id, userId, url, failures, failingSinceMs }: Webhook, reason: 'gone' | 'failing'): void {
  queueMail(tx, {
    kind: 'webhook_disabled',
    about: `${id}:${tx.nowMs}`,
    userId,
    payload: { webhook_id: id, url, reason, since: rfc3339(failingSinceMs ?? tx.nowMs), failures },
  });
}

/** How many endpoints of all customers fail now, and how many were switched off, for the operator. */
export function troubledWebhooks(db: Database): { failing: number; disabled: number } {
  const row = db
    .query<{ failing: number | null; disabled: number | null }, []>(
      `SELECT sum(state = 'active') AS failing, sum(state = 'disabled') AS disabled FROM webhooks INDEXED BY webhooks_troubled
       WHERE state = 'disabled' OR failing_since_ms IS NOT NULL`,
    )
    .get();
  return { failing: row?.failing ?? 0, disabled: row?.disabled ?? 0 };
}

/** A customer's endpoints that were switched off and wait for him. */
export function disabledWebhooks(db: Database, userId: string): { id: string; url: string; disabledAtMs: number }[] {
  return db
    .query<{ id: string; url: string; disabledAtMs: number }, { userId: string }>(
      `SELECT id, url, disabled_at_ms AS disabledAtMs FROM webhooks WHERE user_id = $userId AND state = 'disabled' ORDER BY id`,
    )
    .all({ userId });
}
