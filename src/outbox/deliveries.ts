import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** By which way something leaves. */
export type Channel = 'webhook' | 'mail';

/** A fact or a notice on its way to one receiver. */
export interface Delivery {
  seq: number;
  id: string;
  channel: Channel;
  userId: string | null;
  target: string;
  lane: string | null;
  topic: string;
  eventId: string | null;
  /** JSON, or null when the event says it all. */
  payload: string | null;
  /** Attempts made so far. */
  attempts: number;
  /** Attempts that failed since it was queued, or queued again. */
  failures: number;
  /** How often it was queued again. */
  requeues: number;
  createdAtMs: number;
}

/** How an attempt went. `status` is of HTTP or SMTP, null without an answer; `detail` is what the receiver said, or why it said nothing. */
export type Attempt =
  | { outcome: 'delivered'; status: number | null; detail: string }
  /** Another attempt may succeed; not before `afterMs` from now, if the receiver asked for that. */
  | { outcome: 'retry'; status: number | null; detail: string; afterMs?: number }
  /** No further attempt can help. */
  | { outcome: 'failed'; status: number | null; detail: string };

/** Characters kept of what a receiver said. */
const DETAIL_CHARACTERS_MAX = 2000;
/** A time that never comes: deliveries that wait until somebody says so. Triggers of 0017 write it too. */
const HELD_AT_MS = Date.UTC(9999, 0);
const COLUMNS =
  'seq, id, channel, user_id AS userId, target, lane, topic, event_id AS eventId, payload, attempts, failures, requeues, created_at_ms AS createdAtMs';

/**
 * Queues a delivery in the transaction of what it tells of; the outbox sees it after the commit. False, and nothing changes, when one of this id was queued
 * before: `id` is made from what it tells of and to whom.
 */
export function queueDelivery(
  tx: Tx,
  delivery: Pick<Delivery, 'id' | 'channel' | 'userId' | 'target' | 'topic'> & {
    lane?: string | null;
    eventId?: string | null;
    payload?: unknown;
    notBeforeMs?: number;
    /** Goes before all others of its channel that are due. */
    isUrgent?: boolean;
  },
): boolean {
  const { id, channel, userId, target, topic, lane = null, eventId = null, payload, notBeforeMs, isUrgent = false } = delivery;
  const queued = tx.db
    .query(
      `INSERT INTO deliveries (id, channel, user_id, target, lane, topic, event_id, payload, state, is_urgent, next_at_ms, created_at_ms)
       VALUES ($id, $channel, $userId, $target, $lane, $topic, $eventId, $payload, 'waiting', $isUrgent, $nextAtMs, $now) ON CONFLICT (id) DO NOTHING`,
    )
    .run({
      ...{ id, channel, userId, target, lane, topic, eventId, isUrgent: isUrgent ? 1 : 0 },
      ...{ payload: payload === undefined ? null : JSON.stringify(payload), nextAtMs: notBeforeMs ?? tx.nowMs, now: tx.nowMs },
    });
  return queued.changes === 1;
}

/** What is due, the longest overdue first, at most `limit`; only what is urgent, if asked for. */
export function dueDeliveries(db: Database, due: { channel: Channel; nowMs: number; limit: number; isUrgent?: true }): Delivery[] {
  const { channel, nowMs, limit, isUrgent } = due;
  // Written only where asked for, so that each form of the query gets the index made for it.
  const [index, urgent] = isUrgent ? ['deliveries_urgent', 'AND is_urgent = 1'] : ['deliveries_due', ''];
  return db
    .query<Delivery, { channel: string; nowMs: number; limit: number }>(
      `SELECT ${COLUMNS} FROM deliveries INDEXED BY ${index}
       WHERE channel = $channel ${urgent} AND state = 'waiting' AND next_at_ms <= $nowMs ORDER BY next_at_ms, seq LIMIT $limit`,
    )
    .all({ channel, nowMs, limit });
}

/** The targets for which something is due, whose matter it is, and the longest overdue first. One step in the index for each that waits. */
export function dueTargets(db: Database, channel: Channel, nowMs: number): { target: string; userId: string | null }[] {
  return db
    .query<{ target: string; userId: string | null }, { channel: string; nowMs: number }>(
      `WITH RECURSIVE waiting (target) AS (
         SELECT (SELECT min(target) FROM deliveries INDEXED BY deliveries_waiting WHERE channel = $channel AND state = 'waiting')
         UNION ALL
         SELECT (SELECT min(target) FROM deliveries INDEXED BY deliveries_waiting
                 WHERE channel = $channel AND state = 'waiting' AND target > waiting.target) FROM waiting WHERE waiting.target IS NOT NULL)
       SELECT d.target, d.user_id AS userId FROM waiting JOIN deliveries d ON d.seq = (
         SELECT seq FROM deliveries INDEXED BY deliveries_waiting
         WHERE channel = $channel AND state = 'waiting' AND target = waiting.target AND next_at_ms <= $nowMs ORDER BY next_at_ms, seq LIMIT 1)
       ORDER BY d.next_at_ms, d.seq`,
    )
    .all({ channel, nowMs });
}

/** The longest overdue delivery for a target that is not under way, nor in the lane of one that is. */
export function nextForTarget(
  db: Database,
  of: { channel: Channel; nowMs: number; target: string; underWay: readonly Delivery[] },
): Delivery | null {
  const { channel, nowMs, target, underWay } = of;
  return db
    .query<Delivery, { channel: string; nowMs: number; target: string; seqs: string; lanes: string }>(
      `SELECT ${COLUMNS} FROM deliveries INDEXED BY deliveries_waiting
       WHERE channel = $channel AND target = $target AND state = 'waiting' AND next_at_ms <= $nowMs
         AND seq NOT IN (SELECT value FROM json_each($seqs)) AND (lane IS NULL OR lane NOT IN (SELECT value FROM json_each($lanes)))
       ORDER BY next_at_ms, seq LIMIT 1`,
    )
    .get({
      ...{ channel, nowMs, target, seqs: JSON.stringify(underWay.map(({ seq }) => seq)) },
      lanes: JSON.stringify(underWay.flatMap(({ lane }) => lane ?? [])),
    });
}

/** When the next delivery that is not due yet becomes due, or null. */
export function nextDueAtMs(db: Database, channel: Channel, nowMs: number): number | null {
  return (
    db
      .query<{ atMs: number | null }, { channel: string; nowMs: number }>(
        `SELECT min(next_at_ms) AS atMs FROM deliveries INDEXED BY deliveries_due
         WHERE channel = $channel AND state = 'waiting' AND next_at_ms > $nowMs`,
      )
      .get({ channel, nowMs })?.atMs ?? null
  );
}

/**
 * Writes down an attempt and how the delivery goes on: ended, or again at `nextAtMs`; its state now. One that was queued again while the attempt was under
 * way is ended only by success: whoever asked for that wants another attempt, with the whole schedule. Null, and nothing changes, when the delivery has ended
 * meanwhile or is gone.
 */
export function recordAttempt(
  tx: Tx,
  delivery: Delivery,
  attempt: Attempt & { startedAtMs: number; durationMs: number; nextAtMs: number | null },
): 'delivered' | 'failed' | 'waiting' | null {
  const { outcome, nextAtMs } = attempt;
  const number = delivery.attempts + 1;
  const now = tx.db
    .query<{ requeues: number }, { seq: number }>(`SELECT requeues FROM deliveries WHERE seq = $seq AND state = 'waiting'`)
    .get({ seq: delivery.seq });
  if (now === null) return null;
  const isAsked = now.requeues !== delivery.requeues;
  const state = outcome === 'delivered' ? 'delivered' : nextAtMs === null && !isAsked ? 'failed' : 'waiting';
  if (state === 'waiting' && isAsked) {
    tx.db.query('UPDATE deliveries SET attempts = $number WHERE seq = $seq').run({ number, seq: delivery.seq });
  } else {
    tx.db
      .query(
        `UPDATE deliveries SET state = $state, attempts = $number, failures = failures + ($outcome <> 'delivered'), next_at_ms = $nextAtMs,
           ended_at_ms = iif($state = 'waiting', NULL, $now)
         WHERE seq = $seq`,
      )
      .run({ state, number, outcome, nextAtMs: state === 'waiting' ? nextAtMs : null, now: tx.nowMs, seq: delivery.seq });
  }
  tx.db
    .query(
      `INSERT INTO delivery_attempts (delivery_seq, number, started_at_ms, duration_ms, outcome, status, detail)
       VALUES ($seq, $number, $startedAtMs, $durationMs, $outcome, $status, $detail)`,
    )
    .run({
      ...{ seq: delivery.seq, number, startedAtMs: attempt.startedAtMs, durationMs: Math.round(attempt.durationMs) },
      ...{ outcome, status: attempt.status, detail: attempt.detail.slice(0, DETAIL_CHARACTERS_MAX) },
    });
  return state;
}

/** Puts a delivery that ended, or waits for its next attempt, at the head of the queue with its attempts to come anew. False when there is none of this id. */
export function requeueDelivery(tx: Tx, id: string): boolean {
  return (
    tx.db
      .query(
        `UPDATE deliveries SET state = 'waiting', failures = 0, requeues = requeues + 1, next_at_ms = $now, ended_at_ms = NULL WHERE id = $id`,
      )
      .run({ id, now: tx.nowMs }).changes === 1
  );
}

/** After the wall clock was set back by so much: what waits comes due when it would have. */
export function pullBack(tx: Tx, byMs: number): void {
  tx.db
    .query(`UPDATE deliveries SET next_at_ms = next_at_ms - $byMs WHERE state = 'waiting' AND next_at_ms < $heldAtMs`)
    .run({ byMs, heldAtMs: HELD_AT_MS });
}

/** The same where nobody saw the clock being set back: by so much as a delivery was queued, or attempted last, after now. How many it concerned. */
export function pullFromFuture(tx: Tx): number {
  return tx.db
    .query(
      `UPDATE deliveries SET next_at_ms = next_at_ms - (known.at_ms - $now) FROM (
         SELECT d.seq, max(d.created_at_ms, coalesce(
           (SELECT started_at_ms + duration_ms FROM delivery_attempts WHERE delivery_seq = d.seq ORDER BY number DESC LIMIT 1), 0)) AS at_ms
         FROM deliveries d INDEXED BY deliveries_due
         WHERE d.channel IN ('webhook', 'mail') AND d.state = 'waiting' AND d.next_at_ms > $now AND d.next_at_ms < $heldAtMs) AS known
       WHERE deliveries.seq = known.seq AND known.at_ms > $now`,
    )
    .run({ now: tx.nowMs, heldAtMs: HELD_AT_MS }).changes;
}

/** Attempts nothing more for a target until `releaseDeliveries`. */
export function holdDeliveries(tx: Tx, target: string): void {
  tx.db
    .query(`UPDATE deliveries SET next_at_ms = $heldAtMs WHERE target = $target AND state = 'waiting'`)
    .run({ target, heldAtMs: HELD_AT_MS });
}

/** Makes due what was held. */
export function releaseDeliveries(tx: Tx, target: string): void {
  tx.db
    .query(`UPDATE deliveries SET next_at_ms = $now WHERE target = $target AND state = 'waiting' AND next_at_ms = $heldAtMs`)
    .run({ target, now: tx.nowMs, heldAtMs: HELD_AT_MS });
}

/** Gives up what waits for a target; it can be queued again. */
export function failWaiting(tx: Tx, target: string): void {
  tx.db
    .query(`UPDATE deliveries SET state = 'failed', next_at_ms = NULL, ended_at_ms = $now WHERE target = $target AND state = 'waiting'`)
    .run({ target, now: tx.nowMs });
}

/** Queues again, the oldest first and at most `limit`, what was queued for a target at `sinceMs` or later about an event and has failed; how many. */
export function requeueFailed(tx: Tx, { target, sinceMs, limit }: { target: string; sinceMs: number; limit: number }): number {
  return tx.db
    .query(
      `UPDATE deliveries SET state = 'waiting', failures = 0, requeues = requeues + 1, next_at_ms = $now, ended_at_ms = NULL WHERE seq IN (
         SELECT seq FROM deliveries INDEXED BY deliveries_failed
         WHERE target = $target AND state = 'failed' AND created_at_ms >= $sinceMs AND event_id IS NOT NULL ORDER BY seq LIMIT $limit)`,
    )
    .run({ target, sinceMs, limit, now: tx.nowMs }).changes;
}

/** Forgets deliveries that ended before `beforeMs`, at most `limit` at once; the number of those forgotten. */
export function forgetEnded(tx: Tx, beforeMs: number, limit: number): number {
  return tx.db
    .query('DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE ended_at_ms < $beforeMs LIMIT $limit)')
    .run({ beforeMs, limit }).changes;
}

/** How much waits that nobody holds, and since when the oldest of it, for the operator. */
export function outboxCounts(db: Database): { channel: Channel; waiting: number; oldestAtMs: number }[] {
  return db
    .query<{ channel: Channel; waiting: number; oldestAtMs: number }, { heldAtMs: number }>(
      `SELECT channel, count(*) AS waiting, min(created_at_ms) AS oldestAtMs FROM deliveries
       WHERE state = 'waiting' AND next_at_ms < $heldAtMs GROUP BY channel`,
    )
    .all({ heldAtMs: HELD_AT_MS });
}
