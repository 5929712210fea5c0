import type { Database } from 'bun:sqlite';
import { judge, knownServices } from '../codes/judge.ts';
import { seqOfEvent } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { type OrderTerms, receiveCode } from '../orders/orders.ts';
import { findOrder } from '../orders/view.ts';
import { NOBODY, recordUses } from '../sims/uses.ts';
import { type Match, matchMessage, type OrderWindow } from './match.ts';
import { type DecodedPart, storePart, WAITING_RULE } from './parts.ts';

/** A message whose later parts have not come is judged as it is after this long: a code is mostly in the first part. */
export const PARTIAL_AFTER_MS = 5000;

/** A message may reach us this long after its order ended, also where no SIM rests between tenants. */
const RECENT_MS_MIN = 10 * 60_000;
const ANY = 'any';

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
      batch.waiting.push({ messageId, atMs: waitsUntilMs(tx, messageId) });
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

/** Until when messages on a SIM wait for their last parts, or null when none does. */
export function partsUntilMs(db: Database, iccid: string): number | null {
  return (
    db
      .query<{ untilMs: number | null }, { iccid: string; after: number }>(
        `SELECT max(stored_at_ms) + $after AS untilMs FROM messages WHERE iccid = $iccid AND rule = 'waiting_for_parts'`,
      )
      .get({ iccid, after: PARTIAL_AFTER_MS })?.untilMs ?? null
  );
}

/** Judges everything on a SIM that still waits for parts: before an order on it may end without a code. */
export function judgeWaiting(tx: Tx, terms: OrderTerms, iccid: string): void {
  const waiting = tx.db.query<{ id: string }, { iccid: string }>(
    `SELECT id FROM messages WHERE iccid = $iccid AND rule = 'waiting_for_parts'`,
  );
  for (const { id } of waiting.all({ iccid })) judgeMessage(tx, terms, id);
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
}

/** Judges (or, when later parts came, judges again) a message, gives it to its order, and says whether it has one. */
function judgeMessage(tx: Tx, terms: OrderTerms, messageId: string): boolean {
  const message = tx.db
    .query<MessageRow, { messageId: string }>(
      `SELECT id, iccid, sender, text, live, arrived_at_ms AS arrivedAtMs, network_at_ms AS networkAtMs, order_id AS orderId
       FROM messages WHERE id = $messageId`,
    )
    .get({ messageId });
  if (!message) return false;
  const windows = windowsOn(tx, terms, message.iccid, message.live === 1 ? message.arrivedAtMs : message.networkAtMs);
  // Once given to an order, a message stays there: only its own order judges the longer text.
  const candidates = message.orderId === null ? windows : windows.filter((window) => window.id === message.orderId);
  const match = matchMessage({ ...message, live: message.live === 1 }, candidates);
  if (match.orderId === null && message.orderId === null) {
    recordJudgement(tx, messageId, match, null);
    noteUnmatchedUse(tx, message, match);
    return false;
  }
  deliver(tx, terms, message, match);
  return true;
}

/** Gives a message to its order, or tells the order's customer of a longer text, and captures the price with the first code. */
function deliver(tx: Tx, terms: OrderTerms, message: MessageRow, match: Match): void {
  const order = findOrder(tx.db, match.orderId ?? message.orderId ?? '');
  invariant(order !== null && order.endedAtMs === null, `message ${message.id} matched an order that is not open`);
  if (match.orderId !== null) {
    recordJudgement(tx, message.id, match, order.userId);
    recordUses(tx, { iccid: order.iccid, services: servicesOf(tx, order.service, message, match.judgement.service), userId: order.userId });
  }
  const code = match.orderId === null ? null : match.judgement.code;
  const told = receiveCode(tx, terms, order, isNewest(tx, message.id, order.id) ? code : null);
  tx.db
    .query('UPDATE messages SET event_seq = $seq WHERE id = $id')
    .run({ id: message.id, seq: seqOfEvent(tx.db, order.userId, told.lastEvent) });
}

/** A code that nobody gets uses the number up all the same: whoever it was for may have an account on it now. */
function noteUnmatchedUse(tx: Tx, message: MessageRow, match: Match): void {
  const late = match.orderId === null ? match.lateFor : undefined;
  const { verdict, service } = judge({ text: message.text, sender: message.sender, service: ANY, onlyOrder: false });
  if (verdict !== 'accept') return;
  const services = late ? servicesOf(tx, late.service, message, service) : servicesOf(tx, null, message, service);
  recordUses(tx, { iccid: message.iccid, services, userId: late?.userId ?? NOBODY });
}

/** The services whose code this is: the ordered one, the recognised one, and, where none is recognised, offered ones that the text names. */
function servicesOf(tx: Tx, ordered: string | null, message: MessageRow, recognised: string | null): Set<string> {
  const services = new Set([ordered, recognised].filter((service) => service !== null));
  if (recognised !== null || (ordered !== null && ordered !== ANY)) return services;
  const known = new Set(knownServices.map(({ slug }) => slug));
  const offered = tx.db.query<{ service: string }, []>('SELECT DISTINCT service FROM offers').all();
  for (const { service } of offered) {
    if (known.has(service) || service === ANY) continue;
    if (judge({ text: message.text, sender: message.sender, service, onlyOrder: false }).verdict === 'accept') services.add(service);
  }
  return services;
}

/** The orders whose window may hold a message of that moment: open ones, and those that ended so recently that one may still be on its way to them. */
function windowsOn(tx: Tx, terms: OrderTerms, iccid: string, atMs: number | null): OrderWindow[] {
  const columns = 'id, user_id AS userId, service, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, ended_at_ms AS endedAtMs';
  const recentMs = Math.max(RECENT_MS_MIN, terms.quarantineMinutes * 60_000);
  return tx.db
    .query<OrderWindow, { iccid: string; since: number }>(
      `SELECT ${columns} FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received')
       UNION ALL SELECT ${columns} FROM orders WHERE iccid = $iccid AND ended_at_ms >= $since`,
    )
    .all({ iccid, since: (atMs ?? tx.nowMs) - recentMs });
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

/** Counted from its first part: a long message that trickles in is not put off again with each. */
function waitsUntilMs(tx: Tx, messageId: string): number {
  const row = tx.db
    .query<{ storedAtMs: number }, { messageId: string }>('SELECT stored_at_ms AS storedAtMs FROM messages WHERE id = $messageId')
    .get({ messageId });
  return (row?.storedAtMs ?? tx.nowMs) + PARTIAL_AFTER_MS;
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
