/** Numbers that a service refuses: they are sold for it to nobody until an operator lifts that (`freeSimsSql` looks here). */
import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { idsFrom } from '../lib/ids.ts';

export type RetireReason = 'number_unusable' | 'already_registered';

export interface Retired {
  number: string;
  service: string;
  reason: RetireReason;
  retiredAtMs: number;
  liftedAtMs: number | null;
  /** Whose report led to it. */
  email: string;
  /** How many orders of the number for the service were reported so, by how many customers. */
  reports: number;
  customers: number;
}

/** The condition under which the number `s.number` is not retired for the service expression, as SQL. */
export function notRetiredSql(service: string): string {
  return `NOT EXISTS (SELECT 1 FROM retired_numbers x WHERE x.number = s.number AND x.service = ${service} AND x.lifted_at_ms IS NULL)`;
}

export function isRetired(db: Database, number: string, service: string): boolean {
  return (
    db
      .query('SELECT 1 FROM retired_numbers WHERE number = $number AND service = $service AND lifted_at_ms IS NULL')
      .get({ number, service }) !== null
  );
}

/** Retires a number for a service, or notes that it still is: the first report stays the one that led to it. */
export function retireNumber(tx: Tx, retired: { number: string; service: string; reason: RetireReason; orderId: string }): void {
  tx.db
    .query(
      `INSERT INTO retired_numbers (number, service, reason, order_id, retired_at_ms) VALUES ($number, $service, $reason, $orderId, $now)
       ON CONFLICT (number, service) DO UPDATE SET reason = excluded.reason, order_id = excluded.order_id, retired_at_ms = excluded.retired_at_ms,
         lifted_at_ms = NULL WHERE lifted_at_ms IS NOT NULL`,
    )
    .run({ ...retired, now: tx.nowMs });
}

/** An operator lets a retired number be sold for the service again. Refuses as `not_found` one that is not retired. */
export function liftNumber(tx: Tx, { number, service }: { number: string; service: string }): void {
  const lifted = tx.db
    .query('UPDATE retired_numbers SET lifted_at_ms = $now WHERE number = $number AND service = $service AND lifted_at_ms IS NULL')
    .run({ number, service, now: tx.nowMs });
  if (lifted.changes === 0) throw new Refusal('not_found', `${number} is not retired for ${service}; perhaps another operator lifted it.`);
}

/** Takes that back. Refuses as `not_found` one that was not lifted. */
export function retireAgain(tx: Tx, { number, service }: { number: string; service: string }): void {
  const again = tx.db
    .query('UPDATE retired_numbers SET lifted_at_ms = NULL WHERE number = $number AND service = $service AND lifted_at_ms IS NOT NULL')
    .run({ number, service });
  if (again.changes === 0) throw new Refusal('not_found', `${number} was not lifted for ${service}; perhaps it is retired again already.`);
}

const REPORTED = `FROM orders o WHERE o.number = x.number AND o.service = x.service AND o.report_reason IN ('number_unusable', 'already_registered') AND o.ended_at_ms IS NOT NULL`;
const ROW = `SELECT x.number, x.service, x.reason, x.retired_at_ms AS retiredAtMs, x.lifted_at_ms AS liftedAtMs,
    (SELECT u.email FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = x.order_id) AS email,
    (SELECT count(*) ${REPORTED}) AS reports, (SELECT count(DISTINCT o.user_id) ${REPORTED}) AS customers
  FROM retired_numbers x`;

/** Retired numbers by service, the newest of each first, at most `limit`; of one service only if given. */
export function retiredNumbers(db: Database, service: string | null, limit: number): Retired[] {
  const only = service === null ? '' : 'AND x.service = $service';
  return db
    .query<Retired, { service: string | null; limit: number }>(
      `${ROW} WHERE x.lifted_at_ms IS NULL ${only} ORDER BY x.service, x.retired_at_ms DESC, x.number LIMIT $limit`,
    )
    .all({ service, limit });
}

/** What operators lifted last, at most `limit`. */
export function liftedNumbers(db: Database, limit: number): Retired[] {
  return db
    .query<Retired, { limit: number }>(`${ROW} WHERE x.lifted_at_ms IS NOT NULL ORDER BY x.lifted_at_ms DESC LIMIT $limit`)
    .all({ limit });
}

/** How many numbers are retired for each service, most first. */
export function retiredCounts(db: Database): { service: string; count: number }[] {
  return db
    .query<{ service: string; count: number }, []>(
      'SELECT service, count(*) AS count FROM retired_numbers WHERE lifted_at_ms IS NULL GROUP BY service ORDER BY count DESC, service',
    )
    .all();
}

const DAY_MS = 86_400_000;
/** Over so many days, from so many reports and such a part of the orders on, reports are more than usual. */
export const OFTEN = { days: 30, reports: 5, percent: 30 } as const;

export interface FrequentReporter {
  email: string;
  reports: number;
  retiring: number;
  orders: number;
}

/** Customers who report more than others do: the operator judges whether they are unlucky or spoil the stock. */
export function frequentReporters(db: Database, nowMs: number): FrequentReporter[] {
  const sinceMs = nowMs - OFTEN.days * DAY_MS;
  return db
    .query<FrequentReporter, { sinceMs: number; sinceId: string; least: number }>(
      `SELECT u.email, r.reports, r.retiring, (SELECT count(*) FROM orders o WHERE o.user_id = r.user_id AND o.id >= $sinceId) AS orders
       FROM (SELECT user_id, count(*) AS reports, count(*) FILTER (WHERE report_reason IN ('number_unusable', 'already_registered')) AS retiring
         FROM orders INDEXED BY orders_reported WHERE status = 'reported' AND ended_at_ms >= $sinceMs GROUP BY user_id HAVING count(*) >= $least) r
       JOIN users u ON u.id = r.user_id ORDER BY r.reports DESC, u.email LIMIT 50`,
    )
    .all({ sinceMs, sinceId: idsFrom('ord', sinceMs), least: OFTEN.reports })
    .filter(({ reports, orders }) => reports * 100 >= orders * OFTEN.percent);
}
