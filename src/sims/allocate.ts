import type { Database } from 'bun:sqlite';
import { NO_TWIN } from './one-number.ts';
import { notRetiredSql } from './retired.ts';

/** How long a SIM rests after an order (rules 5 and 6 of the design). */
export interface RestTerms {
  quarantineMinutes: number;
  reuseDays: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The condition under which the SIM `s` may be sold now for the service expression, as SQL over the parameters of `restParameters`:
 * readable, active, with a number that no other SIM holds, in no rental and not reserved for one, no conflicting open order, out of quarantine, the service's
 * code did not arrive on it in the reuse period, and the service does not refuse it. `windowMinutes` is the expression of how long it would be sold.
 * Quarantine and reuse period do not bind the customer of the user expression (a reuse); `''` is nobody. `any` stands for every service, so it conflicts with each of them both ways: otherwise its
 * tenant would see codes meant for another's account. What stock/matrix.ts counts in memory is this, for nobody.
 */
export function freeSimsSql(service: string, userId: string, windowMinutes: string): string {
  const same = (column: string) => `(${service} = 'any' OR ${column} = 'any' OR ${column} = ${service})`;
  // By card and by number, each on its own index: the number may be on another card by now (a replacement, a twin).
  const none = (
    by: string,
  ) => `NOT EXISTS (SELECT 1 FROM orders o WHERE ${by} AND o.status IN ('pending', 'received') AND ${same('o.service')})
    AND NOT EXISTS (SELECT 1 FROM orders o WHERE ${by} AND o.ended_at_ms > $restsSinceMs AND o.user_id <> ${userId} AND ${same('o.service')})`;
  return `s.online = 1 AND s.state = 'active' AND s.number IS NOT NULL AND ${NO_TWIN} AND ${none('o.iccid = s.iccid')} AND ${none('o.number = s.number')}
    AND ${unrented('iccid', service, userId, windowMinutes)} AND ${unrented('number', service, userId, windowMinutes)}
    AND NOT EXISTS (SELECT 1 FROM sim_uses u WHERE (u.iccid = s.iccid OR u.number = s.number) AND u.last_at_ms > $usedSinceMs AND u.user_id <> ${userId}
      AND (${service} = 'any' OR u.service = ${service}))
    AND ${notRetiredSql(service)}`;
}

/**
 * No rental runs on the SIM, none ended there so recently that it rests, and none is booked that would find it busy, resting, or, with a code of the same
 * service on it, used up.
 */
function unrented(by: 'iccid' | 'number', service: string, userId: string, windowMinutes: string): string {
  const current = `SELECT 1 FROM rentals r WHERE r.${by} = s.${by} AND r.status IN ('scheduled', 'active')`;
  const usedUp = `$usedSinceMs < $nowMs AND (r.service IS NULL OR ${service} = 'any' OR r.service = ${service})`;
  const reached = `(r.starts_at_ms - ($nowMs - $restsSinceMs) < $nowMs + ${windowMinutes} * ${MINUTE_MS} OR (${usedUp}))`;
  return `NOT EXISTS (${current} AND (r.status = 'active' OR ${reached}))
    AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.${by} = s.${by} AND r.status = 'ended' AND r.ended_at_ms > $restsSinceMs AND r.user_id <> ${userId})`;
}

export type RestParameters = { nowMs: number; restsSinceMs: number; usedSinceMs: number };

export function restParameters(terms: RestTerms, nowMs: number): RestParameters {
  return { nowMs, restsSinceMs: nowMs - terms.quarantineMinutes * MINUTE_MS, usedSinceMs: nowMs - terms.reuseDays * DAY_MS };
}

export interface FreeSim {
  iccid: string;
  number: string;
}

/** What is asked for. `carrier`: '' is any. */
type Wanted = {
  country: string;
  service: string;
  carrier: string;
  windowMinutes: number;
};

const IS_FREE = freeSimsSql('$service', "''", '$windowMinutes');
const IN_PLACE = `s.country = $country AND ($carrier = '' OR s.carrier = $carrier)`;

/**
 * The SIM to sell: the one sold longest ago, so that wear and network limits spread over the bank, or null when none is free. A SIM on which
 * this very customer got a code of the service is a reuse and must be asked for, so it is not given by chance. Looks at one SIM after the other, so where
 * most are used up it is slow: stock/stock.ts knows beforehand.
 */
export function findFreeSim(db: Database, wanted: Wanted, terms: RestTerms, nowMs: number): FreeSim | null {
  const { country, service, carrier, windowMinutes } = wanted;
  return db
    .query<FreeSim, RestParameters & Wanted>(
      `SELECT s.iccid, s.number FROM sims s INDEXED BY sims_for_sale WHERE ${IN_PLACE} AND ${IS_FREE} ORDER BY s.last_sold_at_ms, s.iccid LIMIT 1`,
    )
    .get({ country, service, carrier, windowMinutes, ...restParameters(terms, nowMs) });
}

/** This very SIM, if it may be sold, else null. */
export function freeSim(db: Database, iccid: string, wanted: Wanted, terms: RestTerms, nowMs: number): FreeSim | null {
  const { country, service, carrier, windowMinutes } = wanted;
  return db
    .query<FreeSim, RestParameters & Wanted & { iccid: string }>(
      `SELECT s.iccid, s.number FROM sims s WHERE s.iccid = $iccid AND ${IN_PLACE} AND ${IS_FREE}`,
    )
    .get({ iccid, country, service, carrier, windowMinutes, ...restParameters(terms, nowMs) });
}

/** A SIM with the number of an earlier order again, for the same customer and service, or null while it is not free. The customer's own rest does not hold it back. */
export function findSimForReuse(
  db: Database,
  wanted: { number: string; service: string; userId: string; windowMinutes: number },
  terms: RestTerms,
  nowMs: number,
): FreeSim | null {
  return db
    .query<FreeSim, RestParameters & { number: string; service: string; userId: string; windowMinutes: number }>(
      `SELECT s.iccid, s.number FROM sims s WHERE s.number = $number AND ${freeSimsSql('$service', '$userId', '$windowMinutes')}`,
    )
    .get({ ...wanted, ...restParameters(terms, nowMs) });
}
