import type { Database } from 'bun:sqlite';
import type { RuleBook } from '../codes/book.ts';
import type { DeniedCategory } from '../codes/deny.ts';
import { type Judgement, judge } from '../codes/judge.ts';

/** A stored message with what it is judged for when rules are tried on it. */
export interface PastMessage {
  id: string;
  iccid: string;
  sender: string;
  text: string;
  arrivedAtMs: number;
  incomplete: boolean;
  /** The service of the order that has it. */
  given: string | null;
}

const PAST = `SELECT m.id, m.iccid, m.sender, m.text, m.arrived_at_ms AS arrivedAtMs, m.parts_have < m.parts_total AS incomplete, o.service AS given
  FROM messages m LEFT JOIN orders o ON o.id = m.order_id`;

/** Where reading goes on: after this message. */
export interface PastCursor {
  arrivedAtMs: number;
  id: string;
}

/** Messages from the oldest on, after the cursor. */
export function pastMessages(db: Database, after: PastCursor, limit: number): PastMessage[] {
  return db
    .query<Row, { arrivedAtMs: number; id: string; limit: number }>(
      `${PAST} WHERE (m.arrived_at_ms, m.id) > ($arrivedAtMs, $id) AND m.rule <> 'waiting_for_parts' ORDER BY m.arrived_at_ms, m.id LIMIT $limit`,
    )
    .all({ arrivedAtMs: after.arrivedAtMs, id: after.id, limit })
    .map(pastOf);
}

/** How many there are after the cursor. */
export function countPast(db: Database, sinceMs: number): number {
  return (
    db
      .query<{ n: number }, { sinceMs: number }>(
        `SELECT count(*) AS n FROM messages WHERE arrived_at_ms >= $sinceMs AND rule <> 'waiting_for_parts'`,
      )
      .get({ sinceMs })?.n ?? 0
  );
}

/** Further back nobody looks for the newest messages of a service, and every look must be quick. */
const RECENT_MESSAGES = 3000;

/**
 * The newest messages that are a service's: given to an order of it, taken for its own by the rules, or come to nobody while an order of it was open
 * on their SIM.
 */
export function recentOfService(db: Database, slug: string, limit: number): PastMessage[] {
  return db
    .query<Row, { slug: string; limit: number; recent: number }>(
      `${PAST.replace('FROM messages m', 'FROM (SELECT * FROM messages ORDER BY arrived_at_ms DESC, id DESC LIMIT $recent) m')}
       WHERE m.service = $slug OR o.service = $slug OR (m.order_id IS NULL AND EXISTS (SELECT 1 FROM orders w WHERE w.iccid = m.iccid AND w.service = $slug
         AND w.created_at_ms <= m.arrived_at_ms AND coalesce(w.ended_at_ms, w.expires_at_ms) >= m.arrived_at_ms))
       ORDER BY m.arrived_at_ms DESC, m.id DESC LIMIT $limit`,
    )
    .all({ slug, limit, recent: RECENT_MESSAGES })
    .map(pastOf);
}

/** One message by its id, or null. */
export function findPast(db: Database, id: string): PastMessage | null {
  const row = db.query<Row, { id: string }>(`${PAST} WHERE m.id = $id`).get({ id });
  return row && pastOf(row);
}

/** For whom a message is judged when rules are tried on it: the order that has it, else one that was open on its SIM when it came, else any service. */
export function orderedService(db: Database, { iccid, arrivedAtMs, given }: PastMessage): { service: string; onlyOrder: boolean } {
  if (given !== null) return { service: given, onlyOrder: true };
  const open = db
    .query<{ service: string }, { iccid: string; atMs: number }>(
      `SELECT service FROM orders WHERE iccid = $iccid AND created_at_ms <= $atMs AND coalesce(ended_at_ms, expires_at_ms) >= $atMs ORDER BY created_at_ms LIMIT 2`,
    )
    .all({ iccid, atMs: arrivedAtMs });
  return { service: open[0]?.service ?? 'any', onlyOrder: open.length === 1 };
}

/** What rules say of a stored message for a service. */
export function judgePast(
  { text, sender, incomplete }: PastMessage,
  ordered: { service: string; onlyOrder: boolean },
  book: RuleBook,
  deny: readonly DeniedCategory[],
): Judgement {
  return judge({ text, sender, incomplete, ...ordered, book, deny });
}

type Row = Omit<PastMessage, 'incomplete'> & { incomplete: number };

function pastOf(row: Row): PastMessage {
  return { ...row, incomplete: row.incomplete === 1 };
}
