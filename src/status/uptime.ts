/**
 * What counts as up: pure arithmetic over whole minutes since 1970-01-01T00:00Z. All figures are of UTC days and months, so a day has 1440 minutes wherever
 * the box stands and whatever is done to its summer time.
 */

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1440;
const HOUR_MS = 3_600_000;
/** Maintenance announced later than this before it begins counts like any other outage. */
export const NOTICE_HOURS = 24;
/** Checks of a surface in a minute, one each ten seconds. */
export const CHECKS_IN_MINUTE = 6;
/** DESIGN 1. */
export const TARGET_PERCENT = 99.9;

/** Half-open, in minutes or in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** What the checks of a surface found in a minute. Rows of the same minute add up: the server was started again in it, or the clock was set back. */
export interface MinuteRow {
  minute: number;
  ok: number;
  failed: number;
}

/** One version of an announced window: when it was announced and what it said then. Empty (`from` = `to`): it was withdrawn. */
export interface Announcement extends Span {
  announcedAtMs: number;
}

export interface Tally {
  up: number;
  /** Checked, and most checks failed or were not made. */
  down: number;
  /** No check at all: the process was dead, or its record was lost. Counts as down. */
  missing: number;
  /** In maintenance that was announced in time: neither up nor down. */
  excused: number;
  /** Before the first start of the house: nothing was promised. */
  before: number;
  /** Not yet over. */
  future: number;
}

export const NO_TALLY: Tally = { up: 0, down: 0, missing: 0, excused: 0, before: 0, future: 0 };

/** A minute is up when more than half of its six planned checks succeeded, and more succeeded than failed: checks that were not made count against it. */
export function isUp({ ok, failed }: { ok: number; failed: number }): boolean {
  return ok * 2 > CHECKS_IN_MINUTE && ok > failed;
}

/**
 * The minutes of one window, given all its versions in their order, that are excused: those that stood in its plan without a break since a version that was
 * announced at least NOTICE_HOURS before that version's beginning. So what is added late counts, what was there in time stays excused, and what was withdrawn
 * is not. Only whole minutes; sorted, disjoint.
 */
export function excusedOfWindow(versions: readonly Announcement[]): Span[] {
  const spans = versions.flatMap((version, index) => {
    if (version.announcedAtMs > version.from - NOTICE_HOURS * HOUR_MS) return [];
    const kept = versions.slice(index);
    const from = Math.ceil(Math.max(...kept.map((one) => one.from)) / MINUTE_MS);
    const to = Math.floor(Math.min(...kept.map((one) => one.to)) / MINUTE_MS);
    return from < to ? [{ from, to }] : [];
  });
  return union(spans);
}

/** All minutes that any of the windows excuses; each counts once however many windows cover it. */
export function excusedMinutes(windows: readonly (readonly Announcement[])[]): Span[] {
  return union(windows.flatMap(excusedOfWindow));
}

/** Counts the minutes of `span`. `firstMinute`: the first of the house. `nowMinute`: the one that is not over. `excused`: sorted and disjoint. */
export function tally(
  span: Span,
  {
    firstMinute,
    nowMinute,
    rows,
    excused,
  }: { firstMinute: number; nowMinute: number; rows: readonly MinuteRow[]; excused: readonly Span[] },
): Tally {
  const lived = { from: Math.max(span.from, firstMinute), to: Math.min(span.to, nowMinute) };
  const future = Math.max(0, span.to - Math.max(span.from, nowMinute));
  const before = Math.max(0, span.to - span.from - future - Math.max(0, lived.to - lived.from));
  if (lived.to <= lived.from) return { ...NO_TALLY, before, future };
  const quiet = excused.map(({ from, to }) => ({ from: Math.max(from, lived.from), to: Math.min(to, lived.to) }));
  const excusedCount = quiet.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
  const counted = byMinute(rows.filter(({ minute }) => minute >= lived.from && minute < lived.to && !isIn(quiet, minute)));
  const up = counted.filter(isUp).length;
  return {
    up,
    down: counted.length - up,
    missing: lived.to - lived.from - excusedCount - counted.length,
    excused: excusedCount,
    before,
    future,
  };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, one) => ({
      up: sum.up + one.up,
      down: sum.down + one.down,
      missing: sum.missing + one.missing,
      excused: sum.excused + one.excused,
      before: sum.before + one.before,
      future: sum.future + one.future,
    }),
    NO_TALLY,
  );
}

/** Minutes in which the surface should have worked and did not. */
export function downtime({ down, missing }: Tally): number {
  return down + missing;
}

/** The share of counted minutes that were up, in percent with three decimals, rounded down so that 100 means all of them; null when none counts yet. */
export function percentOf(counts: Tally): number | null {
  const counted = counts.up + downtime(counts);
  return counted === 0 ? null : Math.floor((counts.up * 100_000) / counted) / 1000;
}

/**
 * The downtime the target allows in this span and what is left of it, in minutes with one decimal. Minutes to come count as promised; excused ones and those before the
 * first start do not. Negative when the promise is broken.
 */
export function budgetOf(counts: Tally): { minutes: number; left: number } {
  const promised = counts.up + downtime(counts) + counts.future;
  const tenths = Math.floor((promised * Math.round((100 - TARGET_PERCENT) * 10)) / 100);
  return { minutes: tenths / 10, left: (tenths - downtime(counts) * 10) / 10 };
}

/** Sorted, disjoint spans that cover the same. */
export function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined;
}

/** Whether a sorted list of spans holds the place. */
export function isIn(spans: readonly Span[], at: number): boolean {
  return spans.some(({ from, to }) => from <= at && at < to);
}

function byMinute(rows: readonly MinuteRow[]): MinuteRow[] {
  const minutes = new Map<number, MinuteRow>();
  for (const row of rows) {
    const known = minutes.get(row.minute);
    minutes.set(row.minute, known ? { minute: row.minute, ok: known.ok + row.ok, failed: known.failed + row.failed } : row);
  }
  return [...minutes.values()];
}
