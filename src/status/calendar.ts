import { DAY_MINUTES, MINUTE_MS, type Span } from './uptime.ts';

/** UTC days and months as spans of minutes. A day is written `2026-11-29`, a month `2026-11`. */

const DAY_MS = DAY_MINUTES * MINUTE_MS;

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

export function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS);
}

/** When a day begins; null for what is no day of the calendar (2026-02-30). */
export function startOfDay(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const atMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(atMs) && dayOf(atMs) === day ? atMs : null;
}

/** The minutes of a day that is one. */
export function daySpan(day: string): Span {
  const from = minuteOf(startOfDay(day) ?? 0);
  return { from, to: from + DAY_MINUTES };
}

export function monthSpan(month: string): Span {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return { from: minuteOf(Date.UTC(year, number - 1)), to: minuteOf(Date.UTC(year, number)) };
}

/** The last `count` days up to that of `nowMs`, oldest first. */
export function lastDays(nowMs: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dayOf(nowMs - (count - 1 - index) * DAY_MS));
}

/** The last `count` months up to that of `nowMs`, newest first. */
export function lastMonths(nowMs: number, count: number): string[] {
  const now = new Date(nowMs);
  return Array.from({ length: count }, (_, back) => monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)));
}
