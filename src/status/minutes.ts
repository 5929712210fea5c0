import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { dayOf, daySpan, minuteOf, startOfDay } from './calendar.ts';
import { excusedOf } from './maintenance.ts';
import { SURFACES, type Surface } from './surfaces.ts';
import { DAY_MINUTES, MINUTE_MS, type MinuteRow, type Span, type Tally, tally } from './uptime.ts';

/** A minute of a surface as the recorder hands it over. */
export interface Recorded extends MinuteRow {
  surface: Surface;
  latencyMeanMs: number | null;
  latencyMaxMs: number | null;
}

/** Minutes are kept this long; of what is older only the days remain. */
export const MINUTES_KEPT_DAYS = 120;
const FIRST_MINUTE = 'status_first_minute';

/** Writes minutes; one that is there already adds up. A day that was counted before is counted anew. */
export function recordMinutes(tx: Tx, rows: readonly Recorded[]): void {
  const insert = tx.db.query(
    `INSERT INTO status_minutes (minute, surface, ok, failed, latency_mean_ms, latency_max_ms)
     VALUES ($minute, $surface, $ok, $failed, $latencyMeanMs, $latencyMaxMs)
     ON CONFLICT (minute, surface) DO UPDATE SET ok = ok + excluded.ok, failed = failed + excluded.failed,
       latency_mean_ms = coalesce(max(latency_mean_ms, excluded.latency_mean_ms), latency_mean_ms, excluded.latency_mean_ms),
       latency_max_ms = coalesce(max(latency_max_ms, excluded.latency_max_ms), latency_max_ms, excluded.latency_max_ms)`,
  );
  for (const row of rows) insert.run({ ...row });
  const oldest = dayOf(tx.nowMs - MINUTES_KEPT_DAYS * DAY_MINUTES * MINUTE_MS);
  for (const day of new Set(rows.map(({ minute }) => dayOf(minute * MINUTE_MS)))) {
    if (day > oldest) tx.db.query('DELETE FROM status_days WHERE day = $day').run({ day });
  }
}

export function minutesIn(db: Database, surface: Surface, { from, to }: Span): (MinuteRow & { latencyMeanMs: number | null })[] {
  return db
    .query<MinuteRow & { latencyMeanMs: number | null }, { surface: Surface; from: number; to: number }>(
      `SELECT minute, ok, failed, latency_mean_ms AS latencyMeanMs FROM status_minutes
       WHERE surface = $surface AND minute >= $from AND minute < $to ORDER BY minute`,
    )
    .all({ surface, from, to });
}

/** The newest minute of which anything is recorded, or null. */
export function newestMinute(db: Database): number | null {
  return db.query<{ minute: number | null }, []>('SELECT max(minute) AS minute FROM status_minutes').get()?.minute ?? null;
}

/** The first minute of which anything is promised: the first whole one of the house's first start with a record. Set once. */
export function firstMinute(tx: Tx): number {
  const known = knownFirstMinute(tx.db);
  if (known !== null) return known;
  const minute = minuteOf(tx.nowMs) + 1;
  tx.db.query('INSERT INTO settings (key, value) VALUES ($key, $value)').run({ key: FIRST_MINUTE, value: String(minute) });
  return minute;
}

export function knownFirstMinute(db: Database): number | null {
  const row = db.query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key').get({ key: FIRST_MINUTE });
  return row === null ? null : Number(row.value);
}

/** A day of a surface, from its minutes. */
export function countDay(db: Database, surface: Surface, day: string, nowMs: number): Tally {
  const span = daySpan(day);
  return tally(span, {
    firstMinute: knownFirstMinute(db) ?? minuteOf(nowMs),
    nowMinute: minuteOf(nowMs),
    rows: minutesIn(db, surface, span),
    excused: excusedOf(db, surface),
  });
}

/** Counts the days that are over and not counted yet, and takes the minutes away that are too old. Maintenance cannot be announced for the past, so a counted day stays as it is. */
export function settleDays(tx: Tx): void {
  const first = knownFirstMinute(tx.db);
  if (first === null) return;
  const today = startOfDay(dayOf(tx.nowMs)) ?? 0;
  const oldestMs = today - MINUTES_KEPT_DAYS * DAY_MINUTES * MINUTE_MS;
  const fromMs = Math.max(startOfDay(dayOf(first * MINUTE_MS)) ?? 0, oldestMs);
  const known = new Set(
    tx.db
      .query<{ day: string }, { from: string }>('SELECT DISTINCT day FROM status_days WHERE day >= $from')
      .all({ from: dayOf(fromMs) })
      .map(({ day }) => day),
  );
  const insert = tx.db.query(
    'INSERT INTO status_days (day, surface, up, down, missing, excused, before) VALUES ($day, $surface, $up, $down, $missing, $excused, $before)',
  );
  for (let atMs = fromMs; atMs < today; atMs += DAY_MINUTES * MINUTE_MS) {
    const day = dayOf(atMs);
    if (known.has(day)) continue;
    for (const surface of SURFACES) {
      const { future: _, ...counts } = countDay(tx.db, surface, day, tx.nowMs);
      insert.run({ day, surface, ...counts });
    }
  }
  tx.db.query('DELETE FROM status_minutes WHERE minute < $oldest').run({ oldest: minuteOf(oldestMs) });
}

/** The counted days of a surface from one on, by day. */
export function settledDays(db: Database, surface: Surface, from: string): Map<string, Tally> {
  const rows = db
    .query<Omit<Tally, 'future'> & { day: string }, { surface: Surface; from: string }>(
      'SELECT day, up, down, missing, excused, before FROM status_days WHERE surface = $surface AND day >= $from ORDER BY day',
    )
    .all({ surface, from });
  return new Map(rows.map(({ day, ...counts }) => [day, { ...counts, future: 0 }]));
}
