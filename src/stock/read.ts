import type { Database } from 'bun:sqlite';
import { type RestTerms, restParameters } from '../sims/allocate.ts';
import { NO_TWIN } from '../sims/one-number.ts';
import type { Held, SimFacts, StockMatrix } from './matrix.ts';

/** By how much the wall clock may be set back before everything is read anew: what ended this recently is read though it holds back nothing any more. */
export const SLACK_MS = 60_000;

/** How long after its end an order or rental still holds its SIM back, and how long a code does. */
export function restsOf(terms: RestTerms): { restMs: number; useMs: number } {
  const { nowMs, restsSinceMs, usedSinceMs } = restParameters(terms, 0);
  return { restMs: nowMs - restsSinceMs, useMs: nowMs - usedSinceMs };
}

interface SimRow {
  country: string;
  carrier: string;
  number: string | null;
  lastSoldAtMs: number;
  sellable: number;
}

/** Reads everything of a SIM that its stock depends on. What holds it back is read only while it can be sold at all. */
export function readSim(db: Database, matrix: StockMatrix, iccid: string, terms: RestTerms, nowMs: number): void {
  const sim = db
    .query<SimRow, { iccid: string }>(
      `SELECT coalesce(s.country, '') AS country, coalesce(s.carrier, '') AS carrier, s.number, s.last_sold_at_ms AS lastSoldAtMs,
              s.online = 1 AND s.state = 'active' AND s.number IS NOT NULL AND s.country IS NOT NULL AND ${NO_TWIN}
              AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.iccid = s.iccid AND r.status = 'active')
              AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.number = s.number AND r.status = 'active') AS sellable
       FROM sims s WHERE s.iccid = $iccid`,
    )
    .get({ iccid });
  if (sim === null) return;
  const sellable = sim.sellable === 1;
  const { country, carrier, number, lastSoldAtMs } = sim;
  const rentals = sellable ? rentalsOf(db, iccid, number, terms, nowMs) : { restsUntilMs: 0, booked: [] };
  matrix.setSim({ iccid, country, carrier, sellable, lastSoldAtMs, ...rentals });
  if (!sellable) return;
  readOrders(db, matrix, iccid, terms, nowMs);
  readUses(db, matrix, iccid, terms, nowMs);
}

function rentalsOf(
  db: Database,
  iccid: string,
  number: string | null,
  terms: RestTerms,
  nowMs: number,
): Pick<SimFacts, 'restsUntilMs' | 'booked'> {
  const { restMs } = restsOf(terms);
  const rows = db
    .query<
      { endedAtMs: number | null; startsAtMs: number; service: string | null },
      { iccid: string; number: string | null; since: number }
    >(
      ['iccid', 'number']
        .map(
          (
            by,
          ) => `SELECT ended_at_ms AS endedAtMs, starts_at_ms AS startsAtMs, service FROM rentals WHERE ${by} = $${by} AND status IN ('scheduled', 'active')
          UNION ALL SELECT ended_at_ms, starts_at_ms, service FROM rentals WHERE ${by} = $${by} AND status = 'ended' AND ended_at_ms > $since`,
        )
        .join(' UNION ALL '),
    )
    .all({ iccid, number, since: nowMs - restMs - SLACK_MS });
  const booked = rows
    .filter((row) => row.endedAtMs === null)
    .map(({ startsAtMs, service }) => ({ reachedFromMs: startsAtMs - restMs, service }));
  return { restsUntilMs: Math.max(0, ...rows.map(({ endedAtMs }) => (endedAtMs === null ? 0 : endedAtMs + restMs))), booked };
}

/** Reads the orders of a SIM and of its number that are open or from which it rests. */
export function readOrders(db: Database, matrix: StockMatrix, iccid: string, terms: RestTerms, nowMs: number): void {
  if (!matrix.isSellable(iccid)) return;
  const { restMs } = restsOf(terms);
  const { number, lastSoldAtMs } = numberOf(db, iccid);
  const held = db
    .query<{ service: string; endedAtMs: number | null }, { iccid: string; number: string | null; since: number }>(
      ['iccid', 'number']
        .map(
          (by) => `SELECT service, NULL AS endedAtMs FROM orders WHERE ${by} = $${by} AND status IN ('pending', 'received')
          UNION ALL SELECT service, ended_at_ms FROM orders WHERE ${by} = $${by} AND ended_at_ms > $since`,
        )
        .join(' UNION ALL '),
    )
    .all({ iccid, number, since: nowMs - restMs - SLACK_MS })
    .map(({ service, endedAtMs }) => ({ service, untilMs: endedAtMs === null ? Number.POSITIVE_INFINITY : endedAtMs + restMs }));
  matrix.setOrders(iccid, held, lastSoldAtMs);
}

/** Reads for which services codes arrived on a SIM or its number, and which refuse it. */
export function readUses(db: Database, matrix: StockMatrix, iccid: string, terms: RestTerms, nowMs: number): void {
  if (!matrix.isSellable(iccid)) return;
  const { useMs } = restsOf(terms);
  const { number } = numberOf(db, iccid);
  const held: Held = db
    .query<{ service: string; lastAtMs: number }, { iccid: string; number: string | null; since: number }>(
      `SELECT service, last_at_ms AS lastAtMs FROM sim_uses WHERE iccid = $iccid AND last_at_ms > $since
       UNION ALL SELECT service, last_at_ms FROM sim_uses WHERE number = $number AND iccid <> $iccid AND last_at_ms > $since`,
    )
    .all({ iccid, number, since: nowMs - useMs - SLACK_MS })
    .map(({ service, lastAtMs }) => ({ service, untilMs: lastAtMs + useMs }));
  const retired = db
    .query<{ service: string }, { number: string | null }>(
      'SELECT service FROM retired_numbers WHERE number = $number AND lifted_at_ms IS NULL',
    )
    .all({ number })
    .map(({ service }) => service);
  matrix.setUses(iccid, held, retired);
}

function numberOf(db: Database, iccid: string): { number: string | null; lastSoldAtMs: number } {
  return (
    db
      .query<{ number: string | null; lastSoldAtMs: number }, { iccid: string }>(
        'SELECT number, last_sold_at_ms AS lastSoldAtMs FROM sims WHERE iccid = $iccid',
      )
      .get({ iccid }) ?? { number: null, lastSoldAtMs: 0 }
  );
}
