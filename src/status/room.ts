import type { Database } from 'bun:sqlite';
import type { DayDetail, DeliveryFigure, StatusView } from '../../views/status/model.ts';
import type { BankControl } from '../admin/control.ts';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { minuteOf } from './calendar.ts';
import { type Checker, makeChecker } from './checker.ts';
import { deliveryCheck } from './delivery-check.ts';
import { DeliveryFigures, type DeliverySteps } from './delivery-figures.ts';
import { dashboardCheck, orderingCheck } from './http-checks.ts';
import type { Loop } from './loop.ts';
import { listMaintenance } from './maintenance.ts';
import { firstMinute, newestMinute } from './minutes.ts';
import { noteGap, Recorder } from './recorder.ts';
import { dayDetails, isRunning, settledMinute, takeSnapshot } from './snapshot.ts';
import { type Checks, SURFACES, type Surface } from './surfaces.ts';
import { MINUTE_MS } from './uptime.ts';

/** A check of each surface each ten seconds, at the full tens. */
const EVERY_MS = 10_000;

export interface StatusDeps {
  db: Database;
  door: Pick<Door, 'write'>;
  clock: Clock;
  log: Log;
  troubles: Troubles;
  terms: Pick<OrderTerms, 'random'>;
  bank: Pick<BankControl, 'snapshots' | 'sendVirtualSms' | 'virtualCount'>;
  sweepSeconds: number;
  /** Null: no SMS is sent through virtual modems. */
  loop: Loop | null;
}

export interface StatusRoom {
  readonly checker: Checker;
  /** What was shown last, made anew at most once a minute, and why it is not newer. */
  shown(): { view: StatusView; stale: string | null };
  /** What the operator changed is shown at once. */
  refresh(): void;
  /** How long messages took that came after a moment. */
  figuresSince(sinceMs: number): DeliveryFigure;
  /** Delivery by time, for the overview of the operator. */
  deliverySteps(fromMs: number, stepMs: number, count: number): DeliverySteps;
  /** A day, minute by minute. */
  day(day: string): DayDetail[];
  /** Begins to check the server that answers at `url`, and to record. */
  start(url: string, timers: Timers): Promise<void>;
  stop(): Promise<void>;
}

/** Checks the house, keeps the record and what the pages show of it: in memory, so that they stand when the database does not answer. */
export function openStatus(deps: StatusDeps): StatusRoom {
  const { db, door, clock, log, troubles, terms, bank } = deps;
  const checker = makeChecker(terms.random);
  const figures = new DeliveryFigures(db);
  let recorder: Recorder | null = null;
  let shown: { view: StatusView; stale: string | null } | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let timers: Timers | null = null;

  const pending = () => recorder?.unwritten ?? [];
  const take = () =>
    takeSnapshot(db, {
      nowMs: clock.nowMs(),
      nowMinute: settledMinute(clock.nowMs(), pending()),
      unwritten: Math.max(0, pending().length - 1),
      result: (surface) => recorder?.result(surface) ?? null,
      figures,
    });
  function refresh(): void {
    triedAtMs = clock.monotonicMs();
    try {
      shown = { view: take(), stale: null };
    } catch (thrown) {
      log.error('status_not_read', { error: messageOf(thrown) });
      if (shown === null) throw thrown;
      shown = { ...shown, stale: 'The newest figures cannot be read at the moment.' };
    }
  }
  const inMaintenance = (surface: Surface, atMs: number): boolean => {
    const windows = shown?.view.maintenance ?? [];
    return windows.some((one) => isRunning(one, surface, atMs));
  };
  let told = '';
  /** A surface that fails, or works again, is shown at once, not when its minute is over. */
  function showChange(): void {
    const found = SURFACES.map((surface) => JSON.stringify(recorder?.result(surface)?.found ?? null)).join();
    if (found === told) return;
    told = found;
    refresh();
  }
  async function readFigures(): Promise<void> {
    while (timers !== null && figures.read(clock.nowMs())) await Bun.sleep(1);
  }

  return {
    checker,
    refresh,
    shown() {
      if (shown === null || clock.monotonicMs() - triedAtMs >= MINUTE_MS) refresh();
      if (shown === null) throw new Error('the status was never read');
      return shown;
    },
    figuresSince: (sinceMs) => figures.since(sinceMs),
    deliverySteps: (fromMs, stepMs, count) => figures.steps(fromMs, stepMs, count),
    day: (day) => dayDetails(db, day, settledMinute(clock.nowMs(), pending())),
    async start(url, given) {
      timers = given;
      const newest = newestMinute(db);
      await door.write((tx) => {
        firstMinute(tx);
        const announced = listMaintenance(db, tx.nowMs - 30 * 1440 * MINUTE_MS);
        const covered = (atMs: number) =>
          announced.some(({ lateMinutes, startsAtMs, endsAtMs }) => lateMinutes === 0 && startsAtMs <= atMs && atMs < endsAtMs);
        noteGap(terms.random, newest, covered)(tx);
      });
      refresh();
      const loop = deps.loop;
      const checks: Checks = {
        ordering: orderingCheck(url, checker),
        dashboard: dashboardCheck(url, checker),
        delivery: deliveryCheck({
          ...{ snapshots: () => bank.snapshots(), sweepSeconds: deps.sweepSeconds, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs },
          loop: loop === null || bank.virtualCount === 0 ? null : (signal) => loop.send(bank, signal),
        }),
      };
      recorder = new Recorder({
        ...{ checks, write: (verb) => door.write(verb), nowMs: clock.nowMs, monotonicMs: clock.monotonicMs },
        ...{ random: terms.random, log, troubles, inMaintenance },
        written: refresh,
      });
      const ticking = recorder;
      let minute = minuteOf(clock.nowMs());
      const next = (): void => given.set('status', (Math.floor(clock.nowMs() / EVERY_MS) + 1) * EVERY_MS, tick);
      const tick = (): void => {
        next();
        void ticking.tick().then(showChange);
        if (minuteOf(clock.nowMs()) === minute) return;
        minute = minuteOf(clock.nowMs());
        readFigures().catch((thrown: unknown) => log.error('delivery_figures_unread', { error: messageOf(thrown) }));
      };
      next();
      given.onJump(next);
      readFigures().catch((thrown: unknown) => log.error('delivery_figures_unread', { error: messageOf(thrown) }));
    },
    async stop() {
      timers = null;
      await recorder?.stop();
    },
  };
}
