import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { announceUnsure, keepReview, OPERATOR_RULE } from '../reviews/items.ts';
import { isUnknownCard } from '../sims/modem-cards.ts';
import { giveMessage, giveToRental, tellOfLongerText, tellOfMessage } from './delivery.ts';
import { recordJudgement } from './judgements.ts';
import { type Match, matchMessage, nobodysCard, type OrderWindow } from './match.ts';
import { type DecodedPart, storePart, WAITING_RULE } from './parts.ts';
import { noteUnmatchedUse } from './uses.ts';
import { findMessage, type StoredMessage, windowsFor } from './windows.ts';

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
  /** The events that tell customers of what came, each with when the last part of its message arrived (monotonic). */
  told: { eventId: string; arrivedMs: number }[];
}

/**
 * The way of an SMS inside the house (DESIGN 4), one transaction: parts stored once, joined, judged, matched to an order or rental, its status, money and
 * events. When it has committed, and only then, the modem may delete the parts. `joined` is called between storing and judging.
 */
export function storeBatch(tx: Tx, terms: OrderTerms, parts: readonly DecodedPart[], joined: () => void = () => {}): StoredBatch {
  const batch: StoredBatch = { stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, waiting: [], told: [] };
  const touched = new Map<string, { complete: boolean; arrivedMs: number }>();
  for (const part of parts) {
    const stored = storePart(tx, terms.random, part);
    if (stored.outcome === 'duplicate') batch.duplicates++;
    else batch.stored++;
    if (stored.outcome === 'set_aside') batch.setAside++;
    if (stored.outcome === 'joined') touched.set(stored.messageId, { complete: stored.complete, arrivedMs: part.read.arrivedMonotonicMs });
  }
  joined();
  for (const [messageId, { complete, arrivedMs }] of touched) {
    if (!complete && !wasJudged(tx, messageId)) {
      batch.waiting.push({ messageId, atMs: waitsUntilMs(tx, messageId) });
      continue;
    }
    const judged = judgeMessage(tx, terms, messageId);
    if (!judged.isGiven) batch.unmatched++;
    else batch.matched++;
    if (judged.eventId !== null) batch.told.push({ eventId: judged.eventId, arrivedMs });
  }
  return batch;
}

/** Judges a message that still waits for parts as far as it came. True if it went to an order; false if not, or if there was nothing to do. */
export function judgePartial(tx: Tx, terms: OrderTerms, messageId: string): boolean {
  return wasJudged(tx, messageId) ? false : judgeMessage(tx, terms, messageId).isGiven;
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

/** Whether a message has an order or rental, and the event by which its customer is told now, if there is one. */
interface Judged {
  isGiven: boolean;
  eventId: string | null;
}

const NOBODYS: Judged = { isGiven: false, eventId: null };

/** Judges (or, when later parts came, judges again) a message and gives it to its order or rental. */
function judgeMessage(tx: Tx, terms: OrderTerms, messageId: string): Judged {
  const message = findMessage(tx.db, terms, messageId);
  if (!message) return NOBODYS;
  const windows = windowsFor(tx.db, terms, message, tx.nowMs);
  if (message.userId === null) {
    const match = isUnknownCard(message.iccid) ? nobodysCard(message) : matchMessage(message, windows);
    if (match.tenant !== null) {
      // Before the customer is told: the order is not unsure of this message any more.
      const changed = keepReview(tx, messageId, []);
      const { lastEvent } = give(tx, terms, message, match);
      announceUnsure(
        tx,
        terms,
        changed.filter((id) => id !== match.tenant.id),
      );
      return { isGiven: true, eventId: lastEvent };
    }
    recordJudgement(tx, messageId, { judgement: match.judgement, reason: match.reason, owner: null });
    noteUnmatchedUse(tx, message, match.lateFor);
    announceUnsure(tx, terms, keepReview(tx, messageId, match.unsureFor));
    return NOBODYS;
  }
  // Once given to an order or rental, a message stays there: only its own one judges the longer text, and what a person decided stands.
  const own = windows.filter(({ id }) => id === message.orderId || id === message.rentalId);
  const match = message.rule === OPERATOR_RULE ? null : matchMessage(message, own);
  return { isGiven: true, eventId: tellAgain(tx, terms, message, match) };
}

function tellAgain(tx: Tx, terms: OrderTerms, message: StoredMessage, match: Match | null): string | null {
  const { id, orderId, rentalId } = message;
  if (match !== null && match.tenant !== null) return give(tx, terms, message, match).lastEvent;
  if (orderId !== null) return tellOfLongerText(tx, terms, { id, orderId }).lastEvent;
  return rentalId === null ? null : tellOfMessage(tx, terms, { id, rentalId }).lastEvent;
}

function give(tx: Tx, terms: OrderTerms, message: StoredMessage, { tenant, judgement }: Extract<Match, { tenant: OrderWindow }>) {
  return tenant.kind === 'order'
    ? giveMessage(tx, terms, message, { orderId: tenant.id, judgement })
    : giveToRental(tx, terms, message, { rentalId: tenant.id, judgement });
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
