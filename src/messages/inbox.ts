import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { type OrderTerms, receiveCode } from '../orders/orders.ts';
import { findOrder } from '../orders/view.ts';
import { CLOCK_TOLERANCE_MS, type Match, matchMessage, type OrderWindow } from './match.ts';
import { type DecodedPart, storePart, WAITING_RULE } from './parts.ts';

/** A message whose later parts have not come is judged as it is after this long: a code is mostly in the first part. */
export const PARTIAL_AFTER_MS = 5000;

/** What storing a batch did, for counters and timers. */
export interface StoredBatch {
  stored: number;
  duplicates: number;
  setAside: number;
  matched: number;
  unmatched: number;
  /** Messages that wait for further parts: judge them as they are at `atMs` unless complete by then. */
  waiting: { messageId: string; atMs: number }[];
}

/**
 * The way of an SMS inside the house (DESIGN 4), one transaction: parts stored once, joined, judged, matched to an order, its status, money and
 * events. When it has committed, and only then, the modem may delete the parts.
 */
export function storeBatch(tx: Tx, terms: OrderTerms, parts: readonly DecodedPart[]): StoredBatch {
  const batch: StoredBatch = { stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, waiting: [] };
  const touched = new Map<string, boolean>();
  for (const part of parts) {
    const stored = storePart(tx, terms.random, part);
    if (stored.outcome === 'duplicate') batch.duplicates++;
    else batch.stored++;
    if (stored.outcome === 'set_aside') batch.setAside++;
    if (stored.outcome === 'joined') touched.set(stored.messageId, stored.complete);
  }
  for (const [messageId, complete] of touched) {
    if (!complete && !wasJudged(tx, messageId)) {
      batch.waiting.push({ messageId, atMs: tx.nowMs + PARTIAL_AFTER_MS });
    } else if (judgeMessage(tx, terms, messageId)) batch.matched++;
    else batch.unmatched++;
  }
  return batch;
}

/** Judges a message that still waits for parts as far as it came. True if it went to an order; false if not, or if there was nothing to do. */
export function judgePartial(tx: Tx, terms: OrderTerms, messageId: string): boolean {
  return wasJudged(tx, messageId) ? false : judgeMessage(tx, terms, messageId);
}

/** Messages that wait for parts, to set their timers again after a restart. */
export function waitingMessages(db: Database): { messageId: string; atMs: number }[] {
  return db
    .query<{ messageId: string; atMs: number }, { rule: string; after: number }>(
      'SELECT id AS messageId, stored_at_ms + $after AS atMs FROM messages WHERE user_id IS NULL AND rule = $rule',
    )
    .all({ rule: WAITING_RULE, after: PARTIAL_AFTER_MS });
}

interface MessageRow {
  id: string;
  iccid: string;
  sender: string;
  text: string;
  live: number;
  arrivedAtMs: number;
  networkAtMs: number | null;
  orderId: string | null;
  code: string | null;
}

/** Judges (or, when later parts came, judges again) a message, gives it to its order, and says whether it has one. */
function judgeMessage(tx: Tx, terms: OrderTerms, messageId: string): boolean {
  const message = tx.db
    .query<MessageRow, { messageId: string }>(
      `SELECT id, iccid, sender, text, live, arrived_at_ms AS arrivedAtMs, network_at_ms AS networkAtMs, order_id AS orderId, code
       FROM messages WHERE id = $messageId`,
    )
    .get({ messageId });
  if (!message) return false;
  const windows = windowsOn(tx, message.iccid, message.live === 1 ? message.arrivedAtMs : message.networkAtMs);
  // Once given to an order, a message stays there: only its own order judges the longer text.
  const candidates = message.orderId === null ? windows : windows.filter((window) => window.id === message.orderId);
  const match = matchMessage({ ...message, live: message.live === 1 }, candidates);
  if (match.orderId === null) {
    if (message.orderId === null) recordJudgement(tx, messageId, match, null);
    return message.orderId !== null;
  }
  const order = findOrder(tx.db, match.orderId);
  if (!order || order.endedAtMs !== null) return false;
  recordJudgement(tx, messageId, match, order.userId);
  const { code, service } = match.judgement;
  if (message.code !== code) receiveCode(tx, terms, order, { code, service, newest: isNewest(tx, messageId, order.id) });
  return true;
}

/** The orders whose window may hold a message of that moment: open ones, and those that ended not long before it. */
function windowsOn(tx: Tx, iccid: string, atMs: number | null): OrderWindow[] {
  const columns = 'id, user_id AS userId, service, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, ended_at_ms AS endedAtMs';
  return tx.db
    .query<OrderWindow, { iccid: string; since: number }>(
      `SELECT ${columns} FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received')
       UNION ALL SELECT ${columns} FROM orders WHERE iccid = $iccid AND ended_at_ms >= $since`,
    )
    .all({ iccid, since: (atMs ?? tx.nowMs) - CLOCK_TOLERANCE_MS });
}

function recordJudgement(tx: Tx, messageId: string, match: Match, userId: string | null): void {
  const { verdict, code, service, confidence, rule, reason } = match.judgement;
  tx.db
    .query(
      `UPDATE messages SET verdict = $verdict, code = $code, service = $service, confidence = $confidence, rule = $rule, reason = $reason,
         order_id = $orderId, user_id = $userId WHERE id = $messageId`,
    )
    .run({
      messageId,
      verdict,
      // A code is kept with the message only where it belongs to somebody: the operator's list shows the text.
      code: match.orderId === null ? null : code,
      service,
      confidence,
      rule,
      reason: match.orderId === null ? match.reason : reason,
      orderId: match.orderId,
      userId,
    });
}

function wasJudged(tx: Tx, messageId: string): boolean {
  return tx.db.query('SELECT 1 FROM messages WHERE id = $messageId AND rule <> $rule').get({ messageId, rule: WAITING_RULE }) !== null;
}

/** True unless the order has a message that reached the network later (or, without that time, came later). */
function isNewest(tx: Tx, messageId: string, orderId: string): boolean {
  return (
    tx.db
      .query(
        `SELECT 1 FROM messages m, messages this WHERE this.id = $messageId AND m.order_id = $orderId AND m.id <> this.id
         AND coalesce(m.network_at_ms, m.arrived_at_ms) > coalesce(this.network_at_ms, this.arrived_at_ms) LIMIT 1`,
      )
      .get({ messageId, orderId }) === null
  );
}
