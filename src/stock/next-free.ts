import type { Database } from 'bun:sqlite';
import type { RestTerms } from '../sims/allocate.ts';
import type { StockMatrix, Wanted } from './matrix.ts';
import { restsOf } from './read.ts';

/** Of so many SIMs with an open order it is looked up when that ends: who waits wants an answer, the house no search of a thousand SIMs for each of them. */
const ORDERED_MAX = 32;

/**
 * When the first number of an offer is expected to be free: when a rest ends, or when an open order is over and its number has rested, whichever is sooner. Orders may end
 * sooner, be extended, or get a code, which holds a number back for longer; so nobody is promised anything. Numbers rented whole or booked are left out. Null: not known.
 */
export function nextFreeAtMs(db: Database, matrix: StockMatrix, wanted: Wanted, terms: RestTerms, nowMs: number): number | null {
  const { firstAtMs, ordered } = matrix.held(wanted, nowMs);
  const { restMs } = restsOf(terms);
  const after = ordered.slice(0, ORDERED_MAX).flatMap(({ iccid, untilMs }) => {
    const endsAtMs = orderEndsAtMs(db, iccid, wanted.service);
    return endsAtMs === null ? [] : [Math.max(endsAtMs + restMs, untilMs)];
  });
  const next = Math.min(firstAtMs, ...after);
  return next !== Number.POSITIVE_INFINITY && next > nowMs ? next : null;
}

/** When the last of the open orders that hold a SIM, or its number on another card, is over if nobody ends or extends it. */
function orderEndsAtMs(db: Database, iccid: string, service: string): number | null {
  const row = db
    .query<{ endsAtMs: number | null }, { iccid: string; service: string }>(
      `SELECT max(expires_at_ms) AS endsAtMs FROM (
         SELECT expires_at_ms, service FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received')
         UNION ALL SELECT expires_at_ms, service FROM orders
           WHERE number = (SELECT number FROM sims WHERE iccid = $iccid) AND status IN ('pending', 'received'))
       WHERE $service = 'any' OR service IN ('any', $service)`,
    )
    .get({ iccid, service });
  return row?.endsAtMs ?? null;
}
