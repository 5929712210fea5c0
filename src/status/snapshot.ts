import type { Database } from 'bun:sqlite';
import type { DayDetail, DayView, MonthView, StatusView, SurfaceState, SurfaceView } from '../../views/status/model.ts';
import { isMailOn } from '../mail/queue.ts';
import { anyVirtual } from '../sims/sims.ts';
import { dayOf, daySpan, lastDays, lastMonths, minuteOf, monthSpan } from './calendar.ts';
import { type DeliveryFigures, FIGURE_DAYS } from './delivery-figures.ts';
import { listIncidents } from './incidents.ts';
import { excusedOf, listMaintenance, type Maintenance } from './maintenance.ts';
import { knownFirstMinute, minutesIn, settledDays } from './minutes.ts';
import { type Result, SURFACES, type Surface } from './surfaces.ts';
import { addTallies, budgetOf, DAY_MINUTES, isIn, isUp, MINUTE_MS, NO_TALLY, percentOf, type Span, type Tally, tally } from './uptime.ts';

export const DAYS_SHOWN = 90;
const MONTHS_SHOWN = 12;
const INCIDENTS_SHOWN = 100;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** What is known besides the database. */
export interface Live {
  nowMs: number;
  /** The first minute that is not yet written. */
  nowMinute: number;
  unwritten: number;
  result(surface: Surface): Result | null;
  figures: DeliveryFigures;
}

/** Everything the status page shows. Reads days that are over as they were counted, and the minutes of today. */
export function takeSnapshot(db: Database, live: Live): StatusView {
  const { nowMs } = live;
  const first = knownFirstMinute(db);
  const sinceMs = nowMs - DAYS_SHOWN * DAY_MS;
  const maintenance = listMaintenance(db, sinceMs);
  return {
    madeAtMs: nowMs,
    sinceMs: first === null ? null : first * MINUTE_MS,
    surfaces: SURFACES.map((surface) => surfaceView(db, surface, first ?? live.nowMinute, maintenance, live)),
    incidents: listIncidents(db, sinceMs, INCIDENTS_SHOWN),
    maintenance,
    delivery: { days: FIGURE_DAYS, ...live.figures.figures() },
    isVirtual: anyVirtual(db),
    canMail: isMailOn(db),
    unwrittenMinutes: live.unwritten,
  };
}

/** One day, stretch by stretch. */
export function dayDetails(db: Database, day: string, nowMinute: number): DayDetail[] {
  const first = knownFirstMinute(db) ?? nowMinute;
  const span = daySpan(day);
  return SURFACES.map((surface) => {
    const rows = minutesIn(db, surface, span);
    const settled = settledDays(db, surface, day).get(day);
    const excused = excusedOf(db, surface);
    const counts = settled ?? tally(span, { firstMinute: first, nowMinute, rows, excused });
    const isThinned = rows.length === 0 && counts.up + counts.down > 0;
    const lived = { from: Math.max(span.from, first), to: Math.min(span.to, nowMinute) };
    return {
      surface,
      counts,
      percent: percentOf(counts),
      stretches: isThinned ? null : stretchesOf(lived, new Map(rows.map((row) => [row.minute, row])), excused),
    };
  });
}

function surfaceView(db: Database, surface: Surface, firstMinute: number, maintenance: readonly Maintenance[], live: Live): SurfaceView {
  const { nowMs, nowMinute } = live;
  const today = dayOf(nowMs);
  const months = lastMonths(nowMs, MONTHS_SHOWN).filter((month) => monthSpan(month).to > firstMinute);
  const oldest = [`${months.at(-1) ?? today.slice(0, 7)}-01`, dayOf(nowMs - DAYS_SHOWN * DAY_MS)].toSorted()[0] ?? today;
  const settled = settledDays(db, surface, oldest);
  const excused = excusedOf(db, surface);
  const countOf = (day: string): Tally => {
    const span = daySpan(day);
    const known = settled.get(day);
    if (known !== undefined) return known;
    if (span.to <= firstMinute || span.from >= nowMinute) return tally(span, { firstMinute, nowMinute, rows: [], excused });
    return tally(span, { firstMinute, nowMinute, rows: minutesIn(db, surface, span), excused });
  };
  const dayView = (day: string): DayView => {
    const counts = countOf(day);
    return { day, counts, percent: percentOf(counts) };
  };
  const monthView = (month: string): MonthView => {
    const { from, to } = monthSpan(month);
    const days = Array.from({ length: (to - from) / DAY_MINUTES }, (_, index) => countOf(dayOf(from * MINUTE_MS + index * DAY_MS)));
    const counts = days.length === 0 ? NO_TALLY : addTallies(days);
    return { month, counts, percent: percentOf(counts), budget: budgetOf(counts) };
  };
  const result = live.result(surface);
  return {
    surface,
    ...stateOf(
      result,
      maintenance.some((one) => isRunning(one, surface, nowMs)),
    ),
    checkedAtMs: result?.atMs ?? null,
    latencyMs: result?.found.ok ? result.latencyMs : null,
    months: months.map(monthView),
    days: lastDays(nowMs, DAYS_SHOWN).map(dayView),
  };
}

/** What is failing in announced maintenance is maintenance; what works in it works. */
function stateOf(result: Result | null, inMaintenance: boolean): { state: SurfaceState; detail: string | null } {
  if (result === null) return { state: inMaintenance ? 'maintenance' : 'unknown', detail: null };
  const { found } = result;
  if (found.ok) return { state: found.degraded === null ? 'operational' : 'degraded', detail: found.degraded };
  return { state: inMaintenance ? 'maintenance' : 'down', detail: found.why };
}

export function isRunning({ surfaces, startsAtMs, endsAtMs }: Maintenance, surface: Surface, atMs: number): boolean {
  return surfaces.includes(surface) && startsAtMs <= atMs && atMs < endsAtMs;
}

function stretchesOf(
  { from, to }: Span,
  rows: ReadonlyMap<number, { ok: number; failed: number }>,
  excused: readonly Span[],
): NonNullable<DayDetail['stretches']> {
  const stretches: NonNullable<DayDetail['stretches']> = [];
  for (let minute = from; minute < to; minute++) {
    const row = rows.get(minute);
    const what = isIn(excused, minute) ? 'excused' : row === undefined ? 'missing' : isUp(row) ? null : 'down';
    if (what === null) continue;
    const last = stretches.at(-1);
    if (last?.what === what && last.toMs === minute * MINUTE_MS) last.toMs += MINUTE_MS;
    else stretches.push({ fromMs: minute * MINUTE_MS, toMs: (minute + 1) * MINUTE_MS, what });
  }
  return stretches;
}

/** The place of now among minutes that may not be written yet. */
export function settledMinute(nowMs: number, pending: readonly number[]): number {
  return Math.min(minuteOf(nowMs), ...pending);
}
