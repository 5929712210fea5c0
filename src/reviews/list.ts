import type { Database } from 'bun:sqlite';
import { type RuleBook, serviceName } from '../codes/judge.ts';
import type { ReviewState } from './items.ts';

export type DecisionKind = 'deliver' | 'not_code' | 'other_service' | 'undo';

export interface Decision {
  kind: DecisionKind;
  orderId: string | null;
  service: string | null;
  note: string;
  email: string;
  atMs: number;
}

/** A message on the operators' list; the message itself is in `messages`. */
export interface ReviewItem {
  messageId: string;
  state: ReviewState;
  createdAtMs: number;
  /** Every order it may be for has ended. */
  tooLate: boolean;
}

/** An order a message may be for. */
export interface ReviewOrder {
  orderId: string;
  email: string;
  service: string;
  status: string;
  createdAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  verdict: 'accept' | 'review' | 'reject';
  rule: string;
  reason: string;
}

const OPEN_ORDER = `EXISTS (SELECT 1 FROM review_orders ro JOIN orders o ON o.id = ro.order_id WHERE ro.message_id = r.message_id AND o.ended_at_ms IS NULL)`;
const ITEM = `SELECT r.message_id AS messageId, r.state, r.created_at_ms AS createdAtMs, NOT ${OPEN_ORDER} AS tooLate FROM reviews r`;

/** Messages that open orders may be for, from the orders on: those are few, while what nobody decided in time piles up. */
const OF_OPEN_ORDERS = `SELECT ro.message_id FROM orders o INDEXED BY orders_open_by_user CROSS JOIN review_orders ro ON ro.order_id = o.id
  WHERE o.status IN ('pending', 'received')`;

/** What waits for a decision, oldest first, at most `limit`. */
export function openReviews(db: Database, limit: number): ReviewItem[] {
  const waiting = `r.state = 'open' AND r.message_id IN (${OF_OPEN_ORDERS})`;
  return items(db, `${ITEM} WHERE ${waiting} ORDER BY r.created_at_ms, r.message_id LIMIT $limit`, limit);
}

/** What nobody decided in time, newest first. */
export function lateReviews(db: Database, limit: number): ReviewItem[] {
  return items(
    db,
    `${ITEM} WHERE r.state = 'open' AND NOT ${OPEN_ORDER} ORDER BY r.created_at_ms DESC, r.message_id DESC LIMIT $limit`,
    limit,
  );
}

/** What operators decided, the last decision first. */
export function decidedReviews(db: Database, limit: number): ReviewItem[] {
  return items(
    db,
    // From the newest decision backwards, so that it costs the same however many there were.
    `${ITEM} JOIN review_decisions d ON d.message_id = r.message_id WHERE r.state IN ('delivered', 'not_code', 'other_service')
       AND NOT EXISTS (SELECT 1 FROM review_decisions later WHERE later.message_id = d.message_id AND later.id > d.id) ORDER BY d.id DESC LIMIT $limit`,
    limit,
  );
}

/** The item of a message, or null when it has none. */
export function findReview(db: Database, messageId: string): ReviewItem | null {
  const row = db.query<Row, { messageId: string }>(`${ITEM} WHERE r.message_id = $messageId`).get({ messageId });
  return row && { ...row, tooLate: row.tooLate === 1 };
}

/** How many wait for a decision while there is still something to decide. */
export function countOpenReviews(db: Database): number {
  const sql = `SELECT count(*) AS n FROM reviews r WHERE r.state = 'open' AND r.message_id IN (${OF_OPEN_ORDERS})`;
  return db.query<{ n: number }, []>(sql).get()?.n ?? 0;
}

/** The orders a message may be for, the one that ends first first. */
export function reviewOrders(db: Database, messageId: string): ReviewOrder[] {
  return db
    .query<ReviewOrder, { messageId: string }>(
      `SELECT o.id AS orderId, u.email, o.service, o.status, o.created_at_ms AS createdAtMs, o.expires_at_ms AS expiresAtMs, o.ended_at_ms AS endedAtMs,
         ro.verdict, ro.rule, ro.reason
       FROM review_orders ro JOIN orders o ON o.id = ro.order_id JOIN users u ON u.id = o.user_id WHERE ro.message_id = $messageId ORDER BY o.expires_at_ms, o.id`,
    )
    .all({ messageId });
}

/** What was decided about a message, newest first. */
export function decisionsOf(db: Database, messageId: string, limit = 10): Decision[] {
  return db
    .query<Decision, { messageId: string; limit: number }>(
      `SELECT d.kind, d.order_id AS orderId, d.service, d.note, u.email, d.at_ms AS atMs FROM review_decisions d JOIN users u ON u.id = d.user_id
       WHERE d.message_id = $messageId ORDER BY d.id DESC LIMIT $limit`,
    )
    .all({ messageId, limit });
}

/** The newest decision about a message, or null. */
export function lastDecision(db: Database, messageId: string): Decision | null {
  return decisionsOf(db, messageId, 1)[0] ?? null;
}

/** A decision in words: who, what, when. */
export function decisionSentence({ kind, service, email, atMs }: Decision, book: RuleBook): string {
  const what = {
    deliver: `delivered to the ${serviceName(service ?? '', book)} order`,
    not_code: 'closed as no code',
    other_service: `closed as a message of ${serviceName(service ?? '', book)}`,
    undo: 'opened again',
  }[kind];
  return `${what} by ${email} at ${new Date(atMs).toISOString()}`;
}

type Row = Omit<ReviewItem, 'tooLate'> & { tooLate: number };

function items(db: Database, sql: string, limit: number): ReviewItem[] {
  return db
    .query<Row, { limit: number }>(sql)
    .all({ limit })
    .map((row) => ({ ...row, tooLate: row.tooLate === 1 }));
}
