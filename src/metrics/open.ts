import type { Database } from 'bun:sqlite';
import { type Log, messageOf } from '../lib/log.ts';
import { Sparing } from '../lib/sparing.ts';
import { type DatabaseWatch, databaseMeters } from './database.ts';
import { type HouseSources, houseMeters } from './house.ts';
import { loopMeters, startLoopWatch } from './loop.ts';
import { Meters } from './meters.ts';
import { moneyMeters } from './money.ts';
import { processMeters } from './process.ts';
import { requestMeters } from './requests.ts';
import { wayMeters } from './way.ts';

export interface Metrics {
  meters: Meters;
  requests: ReturnType<typeof requestMeters>;
  way: ReturnType<typeof wayMeters>;
  database: DatabaseWatch;
  /** Called each 50 ms. */
  turn: () => void;
  monotonicMs(): number;
}

export interface MetricsDeps {
  log: Log;
  monotonicMs(): number;
  slowStatementMs: number;
  slowLoopMs: number;
}

const UNREAD_EVERY_MS = 60_000;
/** How often the books are read for new movements, and how soon again when there are more. */
const MONEY_EVERY_MS = 1000;
const MONEY_SOON_MS = 20;

/** Everything that is measured as it happens. */
export function openMetrics({ log, monotonicMs, slowStatementMs, slowLoopMs }: MetricsDeps): Metrics {
  const sparing = new Sparing(UNREAD_EVERY_MS);
  const meters = new Meters((metric, thrown) => {
    if (sparing.take(metric, monotonicMs()) !== null) log.error('metric_unread', { metric, error: messageOf(thrown) });
  });
  return {
    meters,
    requests: requestMeters(meters),
    way: wayMeters(meters, monotonicMs),
    database: databaseMeters(meters, { log, slowMs: slowStatementMs, monotonicMs }),
    turn: loopMeters(meters, { log, slowMs: slowLoopMs, monotonicMs }),
    monotonicMs,
  };
}

/** Adds what is read from the house when somebody asks, and starts what watches by itself. Returns how to stop that. */
export function startMetrics(metrics: Metrics, log: Log, house: HouseSources & { currency: string; db: Database }): () => void {
  const { meters, turn } = metrics;
  processMeters(meters);
  houseMeters(meters, house);
  const readMoney = moneyMeters(meters, house);
  const stopLoop = startLoopWatch(turn);
  let timer = setTimeout(money, MONEY_EVERY_MS);
  function money(): void {
    let hasMore = false;
    try {
      hasMore = readMoney();
    } catch (thrown) {
      log.error('metric_unread', { metric: 'smspin_money_minor_total', error: messageOf(thrown) });
    }
    timer = setTimeout(money, hasMore ? MONEY_SOON_MS : MONEY_EVERY_MS);
  }
  return () => {
    stopLoop();
    clearTimeout(timer);
  };
}
