import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { daySpan, lastDays, lastMonths, minuteOf, monthSpan, startOfDay } from '../../src/status/calendar.ts';
import {
  type Announcement,
  budgetOf,
  excusedMinutes,
  excusedOfWindow,
  isUp,
  type MinuteRow,
  percentOf,
  type Span,
  type Tally,
  tally,
} from '../../src/status/uptime.ts';

const at = (text: string): number => Date.parse(text.length === 16 ? `${text}:00Z` : text);
const minute = (text: string): number => minuteOf(at(text));
/** A window announced once. */
const window = (from: string, to: string, announced: string): Announcement[] => [
  { from: at(from), to: at(to), announcedAtMs: at(announced) },
];
/** Six good checks in each minute from one moment to another. */
const good = (from: string, to: string): MinuteRow[] => rows(from, to, 6, 0);
const bad = (from: string, to: string): MinuteRow[] => rows(from, to, 0, 6);
const rows = (from: string, to: string, ok: number, failed: number): MinuteRow[] =>
  Array.from({ length: minute(to) - minute(from) }, (_, index) => ({ minute: minute(from) + index, ok, failed }));

interface Case {
  name: string;
  span: Span;
  first?: string;
  now?: string;
  rows: MinuteRow[];
  windows?: Announcement[][];
  is: Partial<Tally>;
  percent?: number | null;
}

const cases: Case[] = [
  {
    name: 'a whole day up',
    span: daySpan('2026-11-10'),
    rows: good('2026-11-10T00:00', '2026-11-11T00:00'),
    is: { up: 1440 },
    percent: 100,
  },
  {
    name: 'one bad minute: 1439 of 1440, never shown as 100',
    span: daySpan('2026-11-10'),
    rows: [
      ...good('2026-11-10T00:00', '2026-11-10T12:00'),
      ...bad('2026-11-10T12:00', '2026-11-10T12:01'),
      ...good('2026-11-10T12:01', '2026-11-11T00:00'),
    ],
    is: { up: 1439, down: 1 },
    percent: 99.93,
  },
  {
    name: 'the process was dead for 7 minutes',
    span: daySpan('2026-11-10'),
    rows: [...good('2026-11-10T00:00', '2026-11-10T03:00'), ...good('2026-11-10T03:07', '2026-11-11T00:00')],
    is: { up: 1433, missing: 7 },
    percent: 99.513,
  },
  {
    name: 'an outage over the border of two months: the first has its part',
    span: monthSpan('2026-10'),
    rows: [...good('2026-10-01T00:00', '2026-10-31T23:50'), ...bad('2026-10-31T23:50', '2026-11-01T00:05')],
    is: { up: 44_630, down: 10 },
  },
  {
    name: 'and the second has the rest',
    span: monthSpan('2026-11'),
    now: '2026-12-01T00:00',
    rows: [...bad('2026-10-31T23:50', '2026-11-01T00:05'), ...good('2026-11-01T00:05', '2026-12-01T00:00')],
    is: { up: 43_195, down: 5, future: 0 },
  },
  {
    name: 'February of a leap year has 41,760 minutes',
    span: monthSpan('2028-02'),
    first: '2028-01-01T00:00',
    now: '2028-03-01T00:00',
    rows: [],
    is: { missing: 41_760 },
    percent: 0,
  },
  {
    name: 'February of another has 40,320',
    span: monthSpan('2027-02'),
    first: '2027-01-01T00:00',
    now: '2027-03-01T00:00',
    rows: [],
    is: { missing: 40_320 },
  },
  {
    name: 'the day on which Europe sets its clocks forward has 1440 minutes too',
    span: daySpan('2026-03-29'),
    first: '2026-01-01T00:00',
    rows: good('2026-03-29T00:00', '2026-03-30T00:00'),
    is: { up: 1440, missing: 0 },
  },
  {
    name: 'and so has the one on which it sets them back',
    span: daySpan('2026-10-25'),
    rows: good('2026-10-25T00:00', '2026-10-26T00:00'),
    is: { up: 1440, missing: 0 },
  },
  {
    name: 'maintenance in time: 60 minutes count neither way, whatever was measured',
    span: daySpan('2026-11-10'),
    rows: [
      ...good('2026-11-10T00:00', '2026-11-10T02:00'),
      ...bad('2026-11-10T02:00', '2026-11-10T02:30'),
      ...good('2026-11-10T03:00', '2026-11-11T00:00'),
    ],
    windows: [window('2026-11-10T02:00', '2026-11-10T03:00', '2026-11-09T02:00')],
    is: { up: 1380, down: 0, missing: 0, excused: 60 },
    percent: 100,
  },
  {
    name: 'announced one minute too late it excuses nothing',
    span: daySpan('2026-11-10'),
    rows: [...good('2026-11-10T00:00', '2026-11-10T02:00'), ...good('2026-11-10T03:00', '2026-11-11T00:00')],
    windows: [window('2026-11-10T02:00', '2026-11-10T03:00', '2026-11-09T02:01')],
    is: { up: 1380, missing: 60, excused: 0 },
    percent: 95.833,
  },
  {
    name: 'an outage longer than its maintenance counts where it is longer',
    span: daySpan('2026-11-10'),
    rows: [...good('2026-11-10T00:00', '2026-11-10T02:00'), ...good('2026-11-10T03:12', '2026-11-11T00:00')],
    windows: [window('2026-11-10T02:00', '2026-11-10T03:00', '2026-11-01T00:00')],
    is: { up: 1368, missing: 12, excused: 60 },
  },
  {
    name: 'overlapping windows excuse each minute once; the late one adds nothing',
    span: daySpan('2026-11-10'),
    rows: [],
    windows: [
      window('2026-11-10T02:00', '2026-11-10T03:00', '2026-11-01T00:00'),
      window('2026-11-10T02:30', '2026-11-10T04:00', '2026-11-02T00:00'),
      window('2026-11-10T03:30', '2026-11-10T06:00', '2026-11-10T01:00'),
    ],
    is: { excused: 120, missing: 1320 },
  },
  {
    name: 'maintenance over midnight is divided between the days',
    span: daySpan('2026-11-11'),
    rows: [],
    windows: [window('2026-11-10T23:00', '2026-11-11T00:45', '2026-11-01T00:00')],
    is: { excused: 45, missing: 1395 },
  },
  {
    name: 'a window of odd seconds excuses whole minutes only',
    span: daySpan('2026-11-10'),
    rows: [],
    windows: [[{ from: at('2026-11-10T02:00:30Z'), to: at('2026-11-10T02:10:59Z'), announcedAtMs: at('2026-11-01T00:00') }]],
    is: { excused: 9, missing: 1431 },
  },
  {
    name: 'the clock was set back an hour: minutes recorded twice count once, and down if either time was',
    span: daySpan('2026-11-10'),
    rows: [
      ...good('2026-11-10T00:00', '2026-11-10T05:00'),
      ...bad('2026-11-10T04:00', '2026-11-10T04:10'),
      ...good('2026-11-10T04:10', '2026-11-11T00:00'),
    ],
    is: { up: 1430, down: 10, missing: 0 },
  },
  {
    name: 'the clock was set forward an hour: what nobody recorded is down',
    span: daySpan('2026-11-10'),
    rows: [...good('2026-11-10T00:00', '2026-11-10T05:00'), ...good('2026-11-10T06:00', '2026-11-11T00:00')],
    is: { up: 1380, missing: 60 },
  },
  {
    name: 'started twice within a minute: both halves add up',
    span: { from: minute('2026-11-10T00:00'), to: minute('2026-11-10T00:01') },
    rows: [
      { minute: minute('2026-11-10T00:00'), ok: 2, failed: 0 },
      { minute: minute('2026-11-10T00:00'), ok: 2, failed: 0 },
    ],
    is: { up: 1 },
  },
  {
    name: 'a fresh house promises nothing for the days before it',
    span: monthSpan('2026-11'),
    first: '2026-11-29T12:00',
    now: '2026-11-29T12:10',
    rows: good('2026-11-29T12:00', '2026-11-29T12:10'),
    is: { up: 10, before: 41_040, future: 2150 },
    percent: 100,
  },
  {
    name: 'a month to come',
    span: monthSpan('2027-01'),
    now: '2026-12-01T00:00',
    rows: [],
    is: { future: 44_640, before: 0, missing: 0 },
    percent: null,
  },
  { name: 'a month before the first start', span: monthSpan('2026-05'), rows: [], is: { before: 44_640, missing: 0 }, percent: null },
  {
    name: 'maintenance to come is not yet taken off',
    span: monthSpan('2026-11'),
    first: '2026-11-01T00:00',
    now: '2026-11-02T00:00',
    rows: good('2026-11-01T00:00', '2026-11-02T00:00'),
    windows: [window('2026-11-20T00:00', '2026-11-20T06:00', '2026-11-01T12:00')],
    is: { up: 1440, excused: 0, future: 41_760 },
  },
  {
    name: 'rows outside the span, or of the minute that is not over, are left out',
    span: daySpan('2026-11-10'),
    now: '2026-11-10T00:10',
    rows: [...good('2026-11-09T23:00', '2026-11-10T00:20'), ...good('2026-11-11T00:00', '2026-11-11T00:05')],
    is: { up: 10, future: 1430 },
  },
];

describe('hand-computed', () => {
  test.each(cases)('$name', ({ span, first = '2026-10-01T00:00', now = '2026-12-15T00:00', rows: given, windows = [], is, percent }) => {
    const counts = tally(span, { firstMinute: minute(first), nowMinute: minute(now), rows: given, excused: excusedMinutes(windows) });
    expect(counts).toMatchObject(is);
    if (percent !== undefined) expect(percentOf(counts)).toBe(percent);
  });

  test('what makes a minute up', () => {
    expect([isUp({ ok: 6, failed: 0 }), isUp({ ok: 4, failed: 2 }), isUp({ ok: 4, failed: 0 })]).toEqual([true, true, true]);
    expect([isUp({ ok: 3, failed: 3 }), isUp({ ok: 3, failed: 0 }), isUp({ ok: 0, failed: 6 }), isUp({ ok: 6, failed: 6 })]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('the budget of 99.9 %: a month of 30 days has 43.2 minutes, one of 31 44.6', () => {
    const counts = { up: 43_195, down: 5, missing: 0, excused: 0, before: 0, future: 0 };
    expect(budgetOf(counts)).toEqual({ minutes: 43.2, left: 38.2 });
    expect(budgetOf({ ...counts, up: 44_640, down: 0 })).toEqual({ minutes: 44.6, left: 44.6 });
    expect(budgetOf({ ...counts, up: 43_100, down: 50, missing: 50 })).toEqual({ minutes: 43.2, left: -56.8 });
    expect(budgetOf({ up: 10, down: 0, missing: 0, excused: 0, before: 41_040, future: 2150 })).toEqual({ minutes: 2.1, left: 2.1 });
  });
});

describe('windows that were changed', () => {
  const version = (from: string, to: string, announced: string): Announcement => ({
    from: at(from),
    to: at(to),
    announcedAtMs: at(announced),
  });
  const inTime = version('2026-11-10T02:00', '2026-11-10T04:00', '2026-11-01T00:00');
  const span = (from: string, to: string): Span => ({ from: minute(from), to: minute(to) });

  test('made longer too late: what was announced in time stays excused, the rest counts', () => {
    expect(excusedOfWindow([inTime, version('2026-11-10T01:00', '2026-11-10T05:00', '2026-11-09T20:00')])).toEqual([
      span('2026-11-10T02:00', '2026-11-10T04:00'),
    ]);
  });
  test('made shorter, even while it runs: only what is left is excused', () => {
    expect(excusedOfWindow([inTime, version('2026-11-10T02:00', '2026-11-10T02:30', '2026-11-10T02:30')])).toEqual([
      span('2026-11-10T02:00', '2026-11-10T02:30'),
    ]);
  });
  test('moved too late: where both overlap', () => {
    expect(excusedOfWindow([inTime, version('2026-11-10T03:30', '2026-11-10T06:00', '2026-11-10T01:00')])).toEqual([
      span('2026-11-10T03:30', '2026-11-10T04:00'),
    ]);
  });
  test('moved in time: the new one', () => {
    expect(excusedOfWindow([inTime, version('2026-11-12T02:00', '2026-11-12T03:00', '2026-11-09T00:00')])).toEqual([
      span('2026-11-12T02:00', '2026-11-12T03:00'),
    ]);
  });
  test('moved away and back again too late: nothing, since nobody could rely on it', () => {
    expect(
      excusedOfWindow([
        inTime,
        version('2026-11-12T02:00', '2026-11-12T04:00', '2026-11-02T00:00'),
        { ...inTime, announcedAtMs: at('2026-11-10T01:00') },
      ]),
    ).toEqual([]);
  });
  test('withdrawn: nothing', () => {
    expect(excusedOfWindow([inTime, { from: inTime.from, to: inTime.from, announcedAtMs: at('2026-11-09T00:00') }])).toEqual([]);
  });
});

describe('days and months', () => {
  test('what is no day is none', () => {
    expect(startOfDay('2026-11-29')).toBe(at('2026-11-29T00:00'));
    expect(['2026-02-30', '2026-13-01', '2026-1-1', '2027-02-29', 'today', ''].map(startOfDay)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(startOfDay('2028-02-29')).toBe(at('2028-02-29T00:00'));
  });
  test('the last ones, over the borders of years', () => {
    expect(lastMonths(at('2027-01-31T23:59'), 3)).toEqual(['2027-01', '2026-12', '2026-11']);
    expect(lastDays(at('2027-01-01T00:00'), 3)).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
  });
  test('the zone of the machine changes nothing', async () => {
    const script = `import { monthSpan, daySpan, lastDays } from './src/status/calendar.ts';
      console.log(JSON.stringify([monthSpan('2026-03'), daySpan('2026-10-25'), lastDays(Date.UTC(2026, 9, 26, 0, 30), 2)]));`;
    const told = await Promise.all(
      ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati'].map(async (TZ) => {
        const child = Bun.spawn([process.execPath, '-e', script], { env: { ...process.env, TZ }, cwd: `${import.meta.dir}/../..` });
        return new Response(child.stdout).text();
      }),
    );
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toContain('2026-10-26');
  });
});

/** The definition itself, minute by minute. */
function naive(
  span: Span,
  given: { firstMinute: number; nowMinute: number; rows: readonly MinuteRow[]; windows: readonly Announcement[][] },
): Tally {
  const counts: Tally = { up: 0, down: 0, missing: 0, excused: 0, before: 0, future: 0 };
  for (let one = span.from; one < span.to; one++) {
    const own = given.rows.filter((row) => row.minute === one);
    const holds = (version: Announcement) => version.from <= one * 60_000 && version.to >= (one + 1) * 60_000;
    const isExcused = given.windows.some((versions) =>
      versions.some((version, index) => version.from - version.announcedAtMs >= 24 * 3_600_000 && versions.slice(index).every(holds)),
    );
    if (one >= given.nowMinute) counts.future++;
    else if (one < given.firstMinute) counts.before++;
    else if (isExcused) counts.excused++;
    else if (own.length === 0) counts.missing++;
    else if (isUp({ ok: own.reduce((sum, { ok }) => sum + ok, 0), failed: own.reduce((sum, { failed }) => sum + failed, 0) })) counts.up++;
    else counts.down++;
  }
  return counts;
}

test('counts what a loop over all minutes counts, whatever the record and the windows are', () => {
  const HOUR = 60;
  const place = fc.integer({ min: 0, max: 60 * HOUR });
  const version = fc
    .tuple(
      fc.integer({ min: 0, max: 60 * HOUR * 60 }),
      fc.integer({ min: 0, max: 6 * HOUR * 60 }),
      fc.integer({ min: -40 * HOUR, max: 60 * HOUR }),
    )
    .map(([fromS, lengthS, announced]) => ({ from: fromS * 1000, to: (fromS + lengthS) * 1000, announcedAtMs: announced * 60_000 }));
  fc.assert(
    fc.property(
      fc.tuple(place, place, place, place),
      fc.array(fc.record({ minute: place, ok: fc.integer({ min: 0, max: 7 }), failed: fc.integer({ min: 0, max: 7 }) }), {
        maxLength: 300,
      }),
      fc.array(fc.array(version, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
      ([a, b, firstMinute, nowMinute], given, windows) => {
        const span = { from: Math.min(a, b), to: Math.max(a, b) };
        const counts = tally(span, { firstMinute, nowMinute, rows: given, excused: excusedMinutes(windows) });
        expect(counts).toEqual(naive(span, { firstMinute, nowMinute, rows: given, windows }));
        expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(span.to - span.from);
      },
    ),
    { numRuns: 300 },
  );
});
