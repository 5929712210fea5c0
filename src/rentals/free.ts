import type { Database } from 'bun:sqlite';
import { type FreeSim, type RestTerms, restParameters } from '../sims/allocate.ts';
import { NO_TWIN } from '../sims/one-number.ts';
import { notRetiredSql } from '../sims/retired.ts';

/** When a whole number is wanted, and for what. */
export interface WantedNumber {
  country: string;
  /** Null: everything that arrives. */
  service: string | null;
  startsAtMs: number;
  endsAtMs: number;
  /** A booking that does not stand in its own way. */
  rentalId?: string;
  /** Only this SIM. */
  iccid?: string;
}

type Parameters = {
  country: string;
  service: string;
  startsAtMs: number;
  endsAtMs: number;
  rentalId: string;
  iccid: string | null;
  nowMs: number;
  restMs: number;
  usedSinceMs: number;
};

function parametersOf(wanted: WantedNumber, terms: RestTerms, nowMs: number): Parameters {
  const { country, service, startsAtMs, endsAtMs, rentalId = '', iccid = null } = wanted;
  const { restsSinceMs, usedSinceMs } = restParameters(terms, nowMs);
  return { country, service: service ?? 'any', startsAtMs, endsAtMs, rentalId, iccid, nowMs, restMs: nowMs - restsSinceMs, usedSinceMs };
}

const CAN_BE = `s.country = $country AND s.online = 1 AND s.state = 'active' AND s.number IS NOT NULL AND ${NO_TWIN} AND ($iccid IS NULL OR s.iccid = $iccid)
  AND NOT EXISTS (SELECT 1 FROM sim_uses u WHERE (u.iccid = s.iccid OR u.number = s.number) AND u.last_at_ms > $usedSinceMs
    AND ($service = 'any' OR u.service = $service))
  AND ${notRetiredSql('$service')}`;
const SAME = `($service = 'any' OR o.service = 'any' OR o.service = $service)`;
const BY = ['iccid', 'number'] as const;

/** An order that is open now may end late, while its SIM is away: at once nothing is rented beside one. */
const IS_FREE = BY.map(
  (by) => `NOT EXISTS (SELECT 1 FROM orders o WHERE o.${by} = s.${by} AND o.status IN ('pending', 'received')
      AND ($startsAtMs <= $nowMs OR o.expires_at_ms > $startsAtMs OR (${SAME} AND o.expires_at_ms + $restMs > $startsAtMs)))
    AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.${by} = s.${by} AND o.ended_at_ms > $startsAtMs - $restMs AND ${SAME})
    AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.${by} = s.${by} AND r.status IN ('scheduled', 'active') AND r.id <> $rentalId
      AND ((r.status = 'active' AND $startsAtMs <= $nowMs) OR (r.starts_at_ms < $endsAtMs + $restMs AND r.ends_at_ms + $restMs > $startsAtMs)))
    AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.${by} = s.${by} AND r.status = 'ended' AND r.ended_at_ms > $startsAtMs - $restMs)`,
).join(' AND ');

/**
 * A SIM that can be rented whole for that time: readable, no order open on it (or, for a booking, none that reaches into it), rested, in no other rental then, and
 * without a code of the service on it within the reuse period; of any service when everything is rented, since its customer would otherwise see
 * codes for another's account. The one sold longest ago, or null.
 */
export function findFreeNumber(db: Database, wanted: WantedNumber, terms: RestTerms, nowMs: number): FreeSim | null {
  return db
    .query<FreeSim, Parameters>(
      `SELECT s.iccid, s.number FROM sims s INDEXED BY sims_for_sale WHERE ${CAN_BE} AND ${IS_FREE} ORDER BY s.last_sold_at_ms, s.iccid LIMIT 1`,
    )
    .get(parametersOf(wanted, terms, nowMs));
}

/** How many numbers could be rented so. */
export function countFreeNumbers(db: Database, wanted: WantedNumber, terms: RestTerms, nowMs: number): number {
  return (
    db
      .query<{ count: number }, Parameters>(`SELECT count(*) AS count FROM sims s INDEXED BY sims_for_sale WHERE ${CAN_BE} AND ${IS_FREE}`)
      .get(parametersOf(wanted, terms, nowMs))?.count ?? 0
  );
}

/** How many whole numbers of a country could be rented this moment, for an hour and for everything. */
export function stockOf(db: Database, country: string, terms: RestTerms, nowMs: number): number {
  return countFreeNumbers(db, { country, service: null, startsAtMs: nowMs, endsAtMs: nowMs + 3_600_000 }, terms, nowMs);
}

/**
 * When the first number will be free again after all that is sold and booked on it now, as far as that is known: orders may end sooner, rentals be extended.
 * Null when no number is left that could be rented, or when one is only held back by what nobody can know.
 */
export function nextFreeAtMs(db: Database, wanted: WantedNumber, terms: RestTerms, nowMs: number): number | null {
  const ends = BY.flatMap((by) => [
    `(SELECT max(o.expires_at_ms + CASE WHEN ${SAME} THEN $restMs ELSE 0 END) FROM orders o WHERE o.${by} = s.${by} AND o.status IN ('pending', 'received'))`,
    `(SELECT max(o.ended_at_ms) + $restMs FROM orders o WHERE o.${by} = s.${by} AND o.ended_at_ms > $nowMs - $restMs AND ${SAME})`,
    `(SELECT max(r.ends_at_ms) + $restMs FROM rentals r WHERE r.${by} = s.${by} AND r.status IN ('scheduled', 'active') AND r.id <> $rentalId)`,
    `(SELECT max(r.ended_at_ms) + $restMs FROM rentals r WHERE r.${by} = s.${by} AND r.status = 'ended' AND r.ended_at_ms > $nowMs - $restMs)`,
  ]).map((end) => `coalesce(${end}, 0)`);
  const row = db
    .query<{ freeAtMs: number | null }, Parameters>(
      `SELECT min(max(${ends.join(', ')})) AS freeAtMs FROM sims s INDEXED BY sims_for_sale WHERE ${CAN_BE}`,
    )
    .get(parametersOf(wanted, terms, nowMs));
  const freeAtMs = row?.freeAtMs ?? null;
  return freeAtMs !== null && freeAtMs > nowMs ? freeAtMs : null;
}
