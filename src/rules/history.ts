import type { Database } from 'bun:sqlite';
import type { RuleBook } from '../codes/book.ts';
import type { DeniedCategory } from '../codes/deny.ts';
import type { Judgement } from '../codes/judge.ts';
import { matchMessage, type OrderWindow } from '../messages/match.ts';
import { windowsThen } from '../messages/windows.ts';
import type { RestTerms } from '../sims/allocate.ts';

/** A stored message with what it is judged for when rules are tried on it. */
export interface PastMessage {
  id: string;
  iccid: string;
  sender: string;
  text: string;
  arrivedAtMs: number;
  incomplete: boolean;
  live: boolean;
  networkAtMs: number | null;
  /** The service of the order that has it. */
  given: string | null;
}

const PAST = `SELECT m.id, m.iccid, m.sender, m.text, m.arrived_at_ms AS arrivedAtMs, m.live, m.network_at_ms AS networkAtMs, m.parts_have < m.parts_total AS incomplete, o.service AS given
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

/** For whom a stored message may be judged when rules are tried on it. */
export interface TriedFor {
  /** Those of the orders that were open on its SIM when it came, also just ended ones; `any` where there was none. */
  services: readonly string[];
  /** The service of the order that has it, else the first of those. */
  service: string;
  /** Whether its SIM had one open order or none. */
  onlyOrder: boolean;
}

/** Whose orders a message may have been for when it came. */
export function triedFor(db: Database, terms: RestTerms, message: PastMessage): TriedFor {
  const windows = pastWindows(db, terms, message);
  const services = servicesThen(windows);
  const open = windows.filter(({ endedAtMs }) => endedAtMs === null);
  const service = message.given ?? services[0] ?? 'any';
  return { services, service, onlyOrder: (open.length > 0 ? open : windows).length === 1 };
}

/** A judgement of a stored message with the order or rental it would go to; null: nobody's. */
export type PastJudgement = Judgement & { orderId: string | null };

/** What a trial of rules judges by: for whom a message may have been. */
export interface PastTerms extends RestTerms {
  deny: readonly DeniedCategory[];
}

/** The services a stored message may have been for when it came: those of the orders on its SIM, also just ended ones; `any` where there was none. */
export function servicesThen(windows: readonly OrderWindow[]): string[] {
  const open = windows.filter(({ endedAtMs }) => endedAtMs === null);
  const services = [...new Set((open.length > 0 ? open : windows).map(({ service }) => service ?? 'any'))];
  return services.length === 0 ? ['any'] : services;
}

/** The windows a stored message was matched among. */
export function pastWindows(db: Database, terms: RestTerms, message: PastMessage): OrderWindow[] {
  return windowsThen(db, terms, message);
}

/** What rules make of a stored message among the orders of its time, as it would have been matched. What nobody would get is delivered to nobody. */
export function judgePast(message: PastMessage, windows: readonly OrderWindow[], book: RuleBook, { deny }: PastTerms): PastJudgement {
  const match = matchMessage({ ...message, book, deny }, windows);
  if (match.tenant !== null) return { ...match.judgement, orderId: match.tenant.id };
  if (match.judgement.verdict !== 'accept' || windows.length === 0) return { ...match.judgement, orderId: null };
  const verdict = match.unsureFor.length > 0 ? 'review' : 'reject';
  return { ...match.judgement, verdict, code: null, printed: null, reason: match.reason, orderId: null };
}

type Row = Omit<PastMessage, 'incomplete' | 'live'> & { incomplete: number; live: number };

function pastOf(row: Row): PastMessage {
  return { ...row, incomplete: row.incomplete === 1, live: row.live === 1 };
}
