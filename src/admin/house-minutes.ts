import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { idsFrom } from '../lib/ids.ts';

export const MINUTE_MS = 60_000;
/** Minutes older than this are forgotten; the longest chart shows a week. */
const KEPT_MINUTES = 31 * 24 * 60;
/** So many go in one verb. */
const FORGOTTEN_AT_ONCE = 500;

/** What happened within a span of time. */
export interface Flows {
  /** Messages with a code that were some customer's. */
  codes: number;
  orders: number;
  paidInMinor: number;
  paidOutMinor: number;
  /** Captured, less what of it went back. */
  earnedMinor: number;
}

/** How things stand at one moment. */
export interface Levels {
  openOrders: number;
  /** Could be sold now: readable, active, with a number, in no open order and no rental. */
  freeSims: number;
  /** Readable and active, with a number. */
  readableSims: number;
}

/** One step of a chart; levels are the means of its minutes. `minutes` of it are on record; 0: the server was down. */
export type Step = Flows & Levels & { atMs: number; minutes: number };

/** What was made in a span is found by ids, which carry the time: each is a range of its primary key, however many orders there are. */
export const FLOWS = {
  codes: 'SELECT count(*) AS n FROM messages WHERE id >= $from AND id < $to AND code IS NOT NULL AND user_id IS NOT NULL',
  orders: 'SELECT count(*) AS n FROM orders WHERE id >= $from AND id < $to',
  money: `SELECT t.kind, sum(e.amount_minor) AS minor FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id AND e.amount_minor > 0
          WHERE t.id >= $from AND t.id < $to AND t.kind IN ('top_up', 'debit', 'capture', 'partial_refund') GROUP BY t.kind`,
} as const;
export const LEVELS = {
  openOrders: "SELECT count(*) AS n FROM orders INDEXED BY orders_open_by_sim WHERE status IN ('pending', 'received')",
  sims: `SELECT count(*) AS readable, total(NOT EXISTS (SELECT 1 FROM orders o WHERE o.iccid = s.iccid AND o.status IN ('pending', 'received'))
           AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.iccid = s.iccid AND r.status = 'active')) AS free
         FROM sims s WHERE s.online = 1 AND s.state = 'active' AND s.number IS NOT NULL`,
} as const;

/** What happened from one moment to another, the second not included. */
export function flowsBetween(db: Database, fromMs: number, toMs: number): Flows {
  const count = (sql: string, prefix: 'msg' | 'ord'): number =>
    db.query<{ n: number }, { from: string; to: string }>(sql).get({ from: idsFrom(prefix, fromMs), to: idsFrom(prefix, toMs) })?.n ?? 0;
  const money = new Map(
    db
      .query<{ kind: string; minor: number }, { from: string; to: string }>(FLOWS.money)
      .all({ from: idsFrom('txn', fromMs), to: idsFrom('txn', toMs) })
      .map(({ kind, minor }) => [kind, minor]),
  );
  return {
    codes: count(FLOWS.codes, 'msg'),
    orders: count(FLOWS.orders, 'ord'),
    paidInMinor: money.get('top_up') ?? 0,
    paidOutMinor: money.get('debit') ?? 0,
    earnedMinor: (money.get('capture') ?? 0) - (money.get('partial_refund') ?? 0),
  };
}

/** How things stand now. */
export function levelsNow(db: Database): Levels {
  const sims = db.query<{ readable: number; free: number }, []>(LEVELS.sims).get();
  return {
    openOrders: db.query<{ n: number }, []>(LEVELS.openOrders).get()?.n ?? 0,
    freeSims: sims?.free ?? 0,
    readableSims: sims?.readable ?? 0,
  };
}

/** Writes the minute that is over. The same minute again, as the clock was set back, has what was made in both; its levels stay those of the first. Forgets some of what is too old. */
export function writeMinute(tx: Tx, minute: number): void {
  const flows = flowsBetween(tx.db, minute * MINUTE_MS, (minute + 1) * MINUTE_MS);
  tx.db
    .query(
      `INSERT INTO house_minutes (minute, codes, orders, paid_in_minor, paid_out_minor, earned_minor, open_orders, free_sims, readable_sims)
       VALUES ($minute, $codes, $orders, $paidInMinor, $paidOutMinor, $earnedMinor, $openOrders, $freeSims, $readableSims)
       ON CONFLICT (minute) DO UPDATE SET codes = excluded.codes, orders = excluded.orders, paid_in_minor = excluded.paid_in_minor,
         paid_out_minor = excluded.paid_out_minor, earned_minor = excluded.earned_minor`,
    )
    .run({ minute, ...flows, ...levelsNow(tx.db) });
  tx.db
    .query('DELETE FROM house_minutes WHERE minute IN (SELECT minute FROM house_minutes WHERE minute < $before LIMIT $limit)')
    .run({ before: minute - KEPT_MINUTES, limit: FORGOTTEN_AT_ONCE });
}

/** `count` steps of so many minutes each from a minute on; a step of which nothing was recorded has `minutes` 0. */
export function stepsFrom(db: Database, fromMinute: number, minutesPerStep: number, count: number): Step[] {
  const rows = db
    .query<Flows & Levels & { step: number; minutes: number }, { from: number; to: number; size: number }>(
      `SELECT (minute - $from) / $size AS step, count(*) AS minutes, sum(codes) AS codes, sum(orders) AS orders, sum(paid_in_minor) AS paidInMinor,
              sum(paid_out_minor) AS paidOutMinor, sum(earned_minor) AS earnedMinor, avg(open_orders) AS openOrders, avg(free_sims) AS freeSims,
              avg(readable_sims) AS readableSims
       FROM house_minutes WHERE minute >= $from AND minute < $to GROUP BY step`,
    )
    .all({ from: fromMinute, to: fromMinute + minutesPerStep * count, size: minutesPerStep });
  const known = new Map(rows.map((row) => [row.step, row]));
  return Array.from({ length: count }, (_, index) => {
    const { step: _of, ...row } = known.get(index) ?? { ...NOTHING, step: index };
    return { ...row, atMs: (fromMinute + index * minutesPerStep) * MINUTE_MS };
  });
}

const NOTHING: Flows & Levels & { minutes: number } = {
  ...{ minutes: 0, codes: 0, orders: 0, paidInMinor: 0, paidOutMinor: 0, earnedMinor: 0, openOrders: 0, freeSims: 0, readableSims: 0 },
};
