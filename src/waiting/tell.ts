import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { availableOf } from '../ledger/ledger.ts';
import { type LimitParameters, limitParameters, underLimitSql } from '../orders/limits.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { endPlace, savePlace } from './record.ts';
import type { Line, Obstacle } from './state.ts';
import { PLACE_COLUMNS, type Place } from './view.ts';

/** Somebody who is to be told why they are passed over. */
export interface Passed {
  place: Place;
  obstacle: string;
}

/** Suspended customers keep their places and are told nothing. */
const HEARS = `expires_at_ms > $nowMs AND EXISTS (SELECT 1 FROM users u WHERE u.id = w.user_id AND u.state = 'active')`;
const IN_LINE = `w.status = 'waiting' AND w.country = $country AND w.service = $service AND w.carrier = $carrier`;
const UNTOLD = `instr(' ' || told_of || ' ', ' ' || obstacle || ' ') = 0`;

/** Who of a line that has a number cannot be served, and was not told why. */
export function passedOver(
  db: Database,
  { limits }: OrderTerms,
  line: Line & { priceMinor: number },
  nowMs: number,
  limit: number,
): Passed[] {
  const { country, service, carrier, priceMinor } = line;
  return db
    .query<
      Place & { obstacle: Obstacle },
      Line & LimitParameters & { priceMinor: number; nowMs: number; available: string; limit: number }
    >(
      `SELECT * FROM (
         SELECT ${PLACE_COLUMNS}, told_of, CASE WHEN max_price_minor < $priceMinor THEN 'price_above_max'
           WHEN NOT EXISTS (SELECT 1 FROM ledger_accounts a WHERE a.id = $available || w.user_id AND a.balance_minor >= $priceMinor) THEN 'insufficient_balance'
           WHEN NOT (${underLimitSql('w.user_id')}) THEN 'limit_reached' END AS obstacle
         FROM waiting_places w WHERE ${IN_LINE} AND mode = 'buy' AND ${HEARS})
       WHERE obstacle IS NOT NULL AND ${UNTOLD} ORDER BY seq LIMIT $limit`,
    )
    .all({ country, service, carrier, priceMinor, nowMs, limit, available: availableOf(''), ...limitParameters(limits, nowMs) })
    .map((row) => ({ place: row, obstacle: row.obstacle }));
}

/** Who waits in a line whose offer there is not any more, and was not told so. */
export function withoutOffer(db: Database, line: Line, obstacle: Obstacle, nowMs: number, limit: number): Passed[] {
  const { country, service, carrier } = line;
  return db
    .query<Place, Line & { obstacle: string; nowMs: number; limit: number }>(
      `SELECT * FROM (SELECT ${PLACE_COLUMNS}, told_of, $obstacle AS obstacle FROM waiting_places w WHERE ${IN_LINE} AND ${HEARS})
       WHERE ${UNTOLD} ORDER BY seq LIMIT $limit`,
    )
    .all({ country, service, carrier, obstacle, nowMs, limit })
    .map((place) => ({ place, obstacle }));
}

/** Who only wants to be told that the line has a number. */
export function toBeTold(db: Database, { country, service, carrier }: Line, nowMs: number, limit: number): Place[] {
  return db
    .query<Place, Line & { nowMs: number; limit: number }>(
      `SELECT ${PLACE_COLUMNS} FROM waiting_places w WHERE ${IN_LINE} AND mode = 'notify' AND ${HEARS} ORDER BY seq LIMIT $limit`,
    )
    .all({ country, service, carrier, nowMs, limit });
}

/** Tells somebody once why others go before; the place stays. */
export function tellPassed(tx: Tx, terms: OrderTerms, { place, obstacle }: Passed): void {
  const told = place.toldOf === '' ? [] : place.toldOf.split(' ');
  if (!told.includes(obstacle))
    savePlace(tx, terms, { ...place, toldOf: [...told, obstacle].join(' ') }, 'waiting', 'passed_over', obstacle);
}

/** Tells somebody that there is stock, which ends the place: nothing was promised, and it would be told again and again otherwise. */
export function tellAvailable(tx: Tx, terms: OrderTerms, place: Place): void {
  endPlace(tx, terms, place, 'available');
}
