/** The window of an order waits while its SIM cannot be read (rule 7): up to a bound, at which a pending order is refunded at once. */
import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { keepOutage } from '../sims/outages.ts';
import type { OrderTerms } from './orders.ts';
import { announce, move, recordChange } from './record.ts';
import { findOrder, ORDER_COLUMNS, type Order } from './view.ts';

const MINUTE_MS = 60_000;
/** A modem that is away for less is no outage: every restart of one is a few seconds. */
export const OUTAGE_MS_MIN = 30_000;

type Windowed = Pick<Order, 'createdAtMs' | 'expiresAtMs' | 'extendedMs' | 'outageMs'>;
type OutageTerms = Pick<OrderTerms, 'outageExtendMinutes'>;

export interface WindowClock {
  /** When the window ends as things stand: later with every moment that its SIM is away. */
  endsAtMs: number;
  /** When it ends at the latest, if its SIM stays away. */
  latestEndMs: number;
  /** From when on it waits no longer for its SIM; infinite while that one can be read. */
  boundAtMs: number;
  /** How much of the window has been lost to the outage that lasts. */
  lostMs: number;
}

/** Since when a SIM cannot be read, or null while it can (or never could). */
export function awayOn(db: Database, iccid: string): number | null {
  const row = db
    .query<{ sinceMs: number | null }, { iccid: string }>(
      'SELECT offline_since_ms AS sinceMs FROM sims WHERE iccid = $iccid AND online = 0',
    )
    .get({ iccid });
  return row?.sinceMs ?? null;
}

/**
 * The clock of an order whose SIM has been away since `awayMs` (null: it is not). Pure. A window waits for `outage_extend_minutes` in all, and never longer than it
 * was itself when it was sold.
 */
export function clockOf(order: Windowed, awayMs: number | null, terms: OutageTerms, nowMs: number): WindowClock {
  const none = { endsAtMs: order.expiresAtMs, latestEndMs: order.expiresAtMs, boundAtMs: Number.POSITIVE_INFINITY, lostMs: 0 };
  if (awayMs === null) return none;
  const soldMs = order.expiresAtMs - order.createdAtMs - order.extendedMs - order.outageMs;
  const leftMs = Math.max(0, Math.min(terms.outageExtendMinutes * MINUTE_MS, soldMs) - order.outageMs);
  const fromMs = Math.max(awayMs, order.createdAtMs);
  // What was away before the window was over: a window that was over then has nothing to wait for.
  if (terms.outageExtendMinutes === 0 || fromMs >= order.expiresAtMs) return none;
  const awayForMs = Math.max(0, nowMs - fromMs);
  const lostMs = awayForMs < OUTAGE_MS_MIN ? 0 : Math.min(awayForMs, leftMs);
  return {
    endsAtMs: order.expiresAtMs + lostMs,
    latestEndMs: order.expiresAtMs + leftMs,
    boundAtMs: fromMs + Math.max(leftMs, OUTAGE_MS_MIN),
    lostMs,
  };
}

/**
 * A SIM can be read again that could not since `sinceMs`: the windows of the open orders on it get the time that they lost, unless a booking needs the number.
 * Once per outage: the verb that calls this forgets `sinceMs`.
 */
export function creditOutage(tx: Tx, terms: OrderTerms, iccid: string, sinceMs: number): Order[] {
  return openOn(tx.db, iccid).flatMap((order) => {
    const { lostMs } = clockOf(order, sinceMs, terms, tx.nowMs);
    const addedMs = Math.min(lostMs, Math.max(0, roomUntilMs(tx.db, order, terms) - order.expiresAtMs));
    if (addedMs === 0) return [];
    const longer = { ...order, expiresAtMs: order.expiresAtMs + addedMs, outageMs: order.outageMs + addedMs };
    recordChange(tx, longer, { reason: 'outage_added', addedMs, outageId: keepOutage(tx, terms.random, iccid, sinceMs) });
    return [announce(tx, terms, longer, 'order.extended')];
  });
}

/** The bound of an outage has come: a pending order whose SIM is still away is refunded. Null when there is nothing to do; calling it too early changes nothing. */
export function giveUpOutage(tx: Tx, terms: OrderTerms, orderId: string): Order | null {
  const order = findOrder(tx.db, orderId);
  if (order?.status !== 'pending') return null;
  const awayMs = awayOn(tx.db, order.iccid);
  if (awayMs === null || tx.nowMs < clockOf(order, awayMs, terms, tx.nowMs).boundAtMs) return null;
  return move(tx, terms, order, 'expired', 'modem_outage', keepOutage(tx, terms.random, order.iccid, awayMs));
}

/** Up to when a window may be extended: a booked rental needs the SIM, rested. Infinite where none is booked. */
export function roomUntilMs(
  db: Database,
  { iccid, number }: Pick<Order, 'iccid' | 'number'>,
  terms: Pick<OrderTerms, 'quarantineMinutes'>,
): number {
  const row = db
    .query<{ startsAtMs: number | null }, { iccid: string; number: string }>(
      `SELECT min(starts_at_ms) AS startsAtMs FROM (SELECT starts_at_ms FROM rentals WHERE iccid = $iccid AND status IN ('scheduled', 'active')
         UNION ALL SELECT starts_at_ms FROM rentals WHERE number = $number AND status IN ('scheduled', 'active'))`,
    )
    .get({ iccid, number });
  return row?.startsAtMs == null ? Number.POSITIVE_INFINITY : row.startsAtMs - terms.quarantineMinutes * MINUTE_MS;
}

function openOn(db: Database, iccid: string): Order[] {
  return db
    .query<Order, { iccid: string }>(
      `SELECT ${ORDER_COLUMNS} FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received') ORDER BY id`,
    )
    .all({ iccid });
}
