import type { Database } from 'bun:sqlite';
import { DENIED_CATEGORIES, type DeniedCategory } from '../codes/deny.ts';
import type { RuleBook } from '../codes/judge.ts';
import { awayOn, clockOf } from '../orders/outage.ts';
import type { RestTerms } from '../sims/allocate.ts';
import { type ArrivedMessage, CLOCK_TOLERANCE_MS, type OrderWindow } from './placement.ts';

/** A message may reach us this long after its order ended, also where no SIM rests between tenants. */
const RECENT_MS_MIN = 10 * 60_000;

/** What the windows of orders need of the configuration. */
export interface WindowTerms extends RestTerms {
  /** How long a window waits for a modem that is away. */
  outageExtendMinutes: number;
}

/** What judging messages needs of the configuration. */
export interface MessageTerms extends WindowTerms {
  /** Kinds of messages that are given although they are denied by default. */
  allow: readonly DeniedCategory[];
  /** The rules of services as they are published this moment. */
  rules: () => RuleBook;
}

/** A message as it is stored, as far as it matters whose it is. */
export interface StoredMessage extends ArrivedMessage {
  book: RuleBook;
  id: string;
  iccid: string;
  orderId: string | null;
  rentalId: string | null;
  userId: string | null;
  code: string | null;
  rule: string;
  verdict: 'accept' | 'review' | 'reject';
  reason: string;
  ruleVersion: string | null;
  /** JSON, see judgements.ts. */
  candidates: string | null;
  incomplete: boolean;
  storedAtMs: number;
}

/** A stored message by its id, or null. */
export function findMessage(db: Database, terms: MessageTerms, messageId: string): StoredMessage | null {
  const row = db
    .query<Omit<StoredMessage, 'live' | 'incomplete' | 'deny' | 'book'> & { live: number; incomplete: number }, { messageId: string }>(
      `SELECT id, iccid, sender, text, live, arrived_at_ms AS arrivedAtMs, network_at_ms AS networkAtMs, order_id AS orderId, rental_id AS rentalId, user_id AS userId, code, rule, verdict,
         reason, rule_version AS ruleVersion, candidates, parts_have < parts_total AS incomplete, stored_at_ms AS storedAtMs
       FROM messages WHERE id = $messageId`,
    )
    .get({ messageId });
  const deny = DENIED_CATEGORIES.filter((category) => !terms.allow.includes(category));
  return row && { ...row, live: row.live === 1, incomplete: row.incomplete === 1, deny, book: terms.rules() };
}

type RawWindow = OrderWindow & { extendedMs: number; outageMs: number };

/**
 * The orders and rentals whose window may hold a message: the open ones on its SIM, and those that ended so recently that one may still be on its way to them. The
 * window of an order whose SIM is away ends later with every moment, also before the SIM is back and that is written down: what is read first then counts.
 */
export function windowsFor(db: Database, terms: WindowTerms, message: ArrivedMessage & { iccid: string }, nowMs: number): OrderWindow[] {
  const rest = 'ended_at_ms AS endedAtMs';
  const orders = `SELECT 'order' AS kind, id, user_id AS userId, service, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, ${rest},
    extended_ms AS extendedMs, outage_ms AS outageMs FROM orders`;
  const rentals = `SELECT 'rental' AS kind, id, user_id AS userId, service, starts_at_ms AS createdAtMs, ends_at_ms AS expiresAtMs, ${rest}, 0, 0 FROM rentals`;
  const recentMs = Math.max(RECENT_MS_MIN, terms.quarantineMinutes * 60_000);
  const atMs = message.live ? message.arrivedAtMs : message.networkAtMs;
  const found = db
    .query<RawWindow, { iccid: string; since: number }>(
      `${orders} WHERE iccid = $iccid AND status IN ('pending', 'received')
       UNION ALL ${orders} WHERE iccid = $iccid AND ended_at_ms >= $since
       UNION ALL ${rentals} WHERE iccid = $iccid AND status = 'active'
       UNION ALL ${rentals} WHERE iccid = $iccid AND status = 'ended' AND ended_at_ms >= $since`,
    )
    .all({ iccid: message.iccid, since: (atMs ?? nowMs) - recentMs });
  const awayMs = found.length === 0 ? null : awayOn(db, message.iccid);
  return found.map(({ extendedMs, outageMs, ...read }) => {
    const window = message.live ? begun(read, message.arrivedAtMs, nowMs) : read;
    if (awayMs === null || window.kind === 'rental' || window.endedAtMs !== null) return window;
    return { ...window, expiresAtMs: clockOf({ ...window, extendedMs, outageMs }, awayMs, terms, nowMs).endsAtMs };
  });
}

/** What is open and, by the clock of now, only begins later was sold before the clock was set back: it takes what comes live. */
function begun(window: OrderWindow, arrivedAtMs: number, nowMs: number): OrderWindow {
  const isAhead = window.endedAtMs === null && window.createdAtMs > nowMs + CLOCK_TOLERANCE_MS;
  return isAhead ? { ...window, createdAtMs: arrivedAtMs } : window;
}

/** The windows as they were when a stored message came: what was open then is open, and later orders are not there. For trials, which write nothing. */
export function windowsThen(db: Database, terms: RestTerms, message: ArrivedMessage & { iccid: string }): OrderWindow[] {
  const { iccid, arrivedAtMs: atMs } = message;
  const placedAtMs = message.live ? atMs : (message.networkAtMs ?? atMs);
  const ended = 'iif(ended_at_ms <= $atMs, ended_at_ms, NULL) AS endedAtMs';
  const then = (starts: string) => `WHERE iccid = $iccid AND ${starts} <= $atMs AND coalesce(ended_at_ms, $atMs) >= $since`;
  return db
    .query<OrderWindow, { iccid: string; atMs: number; since: number }>(
      `SELECT 'order' AS kind, id, user_id AS userId, service, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, ${ended} FROM orders ${then('created_at_ms')}
       UNION ALL SELECT 'rental' AS kind, id, user_id AS userId, service, starts_at_ms AS createdAtMs, ends_at_ms AS expiresAtMs, ${ended} FROM rentals ${then('starts_at_ms')}
       ORDER BY createdAtMs, id`,
    )
    .all({ iccid, atMs, since: placedAtMs - Math.max(RECENT_MS_MIN, terms.quarantineMinutes * 60_000) });
}
