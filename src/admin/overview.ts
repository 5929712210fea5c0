import type { Database } from 'bun:sqlite';
import type { OverviewAlarm, OverviewView, Range } from '../../views/admin/overview-model.ts';
import { RANGES } from '../../views/admin/overview-model.ts';
import { alarmPath } from '../../views/paths.ts';
import { standingAlarms } from '../alarms/alarms.ts';
import type { Board } from '../catalogue/board.ts';
import type { Clock } from '../lib/clock.ts';
import { dueSims } from '../sims/care.ts';
import type { StatusRoom } from '../status/room.ts';
import type { BankControl } from './control.ts';
import { flowsBetween, levelsNow, MINUTE_MS, stepsFrom } from './house-minutes.ts';

/** Minutes of a step, and how many steps a chart has. */
const STEPS: Record<Range, { minutes: number; count: number }> = {
  hour: { minutes: 1, count: 60 },
  day: { minutes: 15, count: 96 },
  week: { minutes: 120, count: 84 },
};
const DAY_MS = 86_400_000;
/** However many operators look, the figures are put together at most this often. */
const LEAST_MS = 1500;

export interface OverviewSources {
  db: Database;
  clock: Clock;
  bank: Pick<BankControl, 'snapshots'>;
  board: Pick<Board, 'all'>;
  status: Pick<StatusRoom, 'deliverySteps'>;
  currency: string;
}

/** Which range an address asks for. */
export function rangeOf(query: Record<string, string | undefined>): Range {
  return RANGES.find((one) => one === query['range']) ?? 'day';
}

/** What the overview shows, kept for a moment for everybody who looks at it. */
export function overviewOf(sources: OverviewSources): (range: Range) => OverviewView {
  const kept = new Map<Range, { view: OverviewView; atMs: number }>();
  return (range) => {
    const known = kept.get(range);
    const atMs = sources.clock.monotonicMs();
    if (known !== undefined && atMs - known.atMs < LEAST_MS) return known.view;
    const view = overviewView(sources, range);
    kept.set(range, { view, atMs });
    return view;
  };
}

/** Reads the recorded minutes of the range, and the minute that is not over from what was made in it. */
export function overviewView(sources: OverviewSources, range: Range): OverviewView {
  const { db, clock, bank, board, currency } = sources;
  const nowMs = clock.nowMs();
  const minute = Math.floor(nowMs / MINUTE_MS);
  const { minutes, count } = STEPS[range];
  // Steps at round times, so that they stay as they are while time goes on.
  const fromMinute = (Math.floor(minute / minutes) + 1 - count) * minutes;
  const levels = levelsNow(db);
  const running = flowsBetween(db, minute * MINUTE_MS, nowMs + 1);
  const recorded = stepsFrom(db, fromMinute, minutes, count);
  const delivery = sources.status.deliverySteps(fromMinute * MINUTE_MS, minutes * MINUTE_MS, count);
  const steps = recorded.map((step, index) => ({
    ...(index === count - 1 ? withRunning(step, running, levels) : step),
    delivery: delivery.steps[index] ?? { sample: 0, medianMs: null, p95Ms: null },
  }));
  const midnight = Math.floor(nowMs / DAY_MS) * (DAY_MS / MINUTE_MS);
  const [today] = stepsFrom(db, midnight, DAY_MS / MINUTE_MS, 1);
  const [last] = stepsFrom(db, minute - 1, 1, 1);
  const offers = board.all();
  const snapshots = bank.snapshots();
  const due = dueSims(db, nowMs);
  return {
    ...{ nowMs, range, minutesPerStep: minutes, currency, steps, delivery: delivery.all },
    now: { ...levels, simsKnown: simsKnown(db), offers: offers.length, soldOut: offers.filter(({ stock }) => stock === 0).length },
    codesLastMinute: last?.codes ?? 0,
    today: addFlows(today, running),
    alarms: alarmsOf(sources.db),
    modems: { ready: snapshots.filter(({ state }) => state === 'ready').length, all: snapshots.length },
    due: { count: due.length, nearest: due[0]?.on ?? null },
  };
}

type Flows = OverviewView['today'];

function withRunning<T extends Flows & { minutes: number }>(step: T, running: Flows, levels: ReturnType<typeof levelsNow>): T {
  // A step of which nothing was written yet stands as the house stands now.
  return { ...step, ...addFlows(step, running), ...(step.minutes === 0 ? levels : {}), minutes: step.minutes + 1 };
}

function addFlows(a: Flows | undefined, b: Flows): Flows {
  return {
    codes: (a?.codes ?? 0) + b.codes,
    orders: (a?.orders ?? 0) + b.orders,
    paidInMinor: (a?.paidInMinor ?? 0) + b.paidInMinor,
    paidOutMinor: (a?.paidOutMinor ?? 0) + b.paidOutMinor,
    earnedMinor: (a?.earnedMinor ?? 0) + b.earnedMinor,
  };
}

function simsKnown(db: Database): number {
  return db.query<{ n: number }, []>('SELECT count(*) AS n FROM sims').get()?.n ?? 0;
}

/** Everything that stands, the worst first. */
function alarmsOf(db: Database): OverviewAlarm[] {
  return standingAlarms(db).map(({ id, code, text, sinceMs, subject }) => ({
    ...{ code, text, sinceMs, place: subject === '' ? null : subject, href: alarmPath(id) },
  }));
}
