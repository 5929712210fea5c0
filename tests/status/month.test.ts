/** A month of the real recorder on a clock of its own: page, JSON and what a person computes by hand agree. */
import { beforeAll, expect, test } from 'bun:test';
import { addUser } from '../../src/accounts/users.ts';
import { DeliveryFigures } from '../../src/status/delivery-figures.ts';
import { listIncidents } from '../../src/status/incidents.ts';
import { statusJson } from '../../src/status/json.ts';
import { announce, change } from '../../src/status/maintenance.ts';
import type { Recorder } from '../../src/status/recorder.ts';
import { settledMinute, takeSnapshot } from '../../src/status/snapshot.ts';
import type { Surface } from '../../src/status/surfaces.ts';
import { markup } from '../../views/parts/text.tsx';
import { StatusPage } from '../../views/status/page.tsx';
import { makeHouse, seededRandom } from '../support/house.ts';
import { seen } from '../views/markup.ts';
import { recording, TICK_MS } from './room.ts';

const at = (text: string): number => Date.parse(`2026-11-${text}:00Z`);
const house = makeHouse();
const { db, clock } = house;

/** When a surface fails: [from, to) by day and time. */
const OUTAGES: [Surface, string, string][] = [
  ['ordering', '05T10:00', '05T10:12'],
  ['delivery', '12T23:50', '13T00:10'],
  // In maintenance announced in time, and 15 minutes longer than it.
  ['ordering', '20T02:00', '20T03:15'],
  ['dashboard', '20T02:00', '20T03:15'],
  ['delivery', '20T02:00', '20T03:15'],
  // In maintenance announced two hours ahead.
  ['ordering', '24T04:00', '24T04:30'],
];
/** The process is dead for 7 minutes. */
const CRASH = [at('17T14:20'), at('17T14:27')] as const;
/** Twenty seconds of failing checks in each of five minutes: two of six, which break no minute. */
const FLICKER = [at('08T08:00'), at('08T08:05')] as const;

const fails = (surface: Surface, atMs: number): boolean =>
  OUTAGES.some(([one, from, to]) => one === surface && at(from) <= atMs && atMs < at(to)) ||
  (surface === 'dashboard' && FLICKER[0] <= atMs && atMs < FLICKER[1] && atMs % 60_000 < 20_000);

let writes = 0;
let ticks = 0;
beforeAll(async () => {
  const userId = house.write((tx) =>
    addUser(tx, seededRandom(3), {
      email: 'op@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: false,
    }),
  ).id;
  const plan = (title: string, from: string, to: string, surfaces: Surface[]) => ({
    title,
    text: '',
    surfaces,
    startsAtMs: at(from),
    endsAtMs: at(to),
  });
  const doings: [number, () => void][] = [
    [
      at('18T12:00'),
      () =>
        house.write((tx) =>
          announce(tx, seededRandom(11), userId, plan('New hub', '20T02:00', '20T03:00', ['ordering', 'dashboard', 'delivery'])),
        ),
    ],
    [
      at('24T02:00'),
      () => house.write((tx) => announce(tx, seededRandom(12), userId, plan('Late disk', '24T04:00', '24T05:00', ['ordering']))),
    ],
    [
      at('25T00:00'),
      () => house.write((tx) => announce(tx, seededRandom(13), userId, plan('Long', '27T00:00', '27T01:00', ['dashboard']))),
    ],
    [
      at('26T20:00'),
      () => {
        const id =
          db.query<{ id: string }, []>(`SELECT maintenance_id AS id FROM maintenance_versions WHERE title = 'Long'`).get()?.id ?? '';
        house.write((tx) => change(tx, userId, id, plan('Long', '27T00:00', '27T02:00', ['dashboard'])));
      },
    ],
  ];
  // The house starts in the last seconds of October.
  clock.pass(at('01T00:00') - 5000 - clock.nowMs());
  const { begin } = recording(house, (surface, atMs) =>
    fails(surface, atMs) ? { ok: false, why: 'it is broken for the test' } : { ok: true, degraded: null },
  );
  let recorder: Recorder | null = begin();
  clock.pass(5000);
  for (; clock.nowMs() < Date.UTC(2026, 11, 1); clock.pass(TICK_MS)) {
    const nowMs = clock.nowMs();
    while (doings[0] && doings[0][0] <= nowMs) doings.shift()?.[1]();
    if (nowMs >= CRASH[0] && nowMs < CRASH[1]) {
      // Killed: what was not written is lost.
      recorder = null;
      continue;
    }
    recorder ??= begin();
    await recorder.tick();
    ticks++;
  }
  await recorder?.tick();
  writes = db.query<{ n: number }, []>('SELECT count(*) AS n FROM status_minutes').get()?.n ?? 0;
}, 120_000);

/** By hand, for the 43,200 minutes of November. */
const BY_HAND: Record<
  Surface,
  {
    up: number;
    down: number;
    no_record: number;
    excused: number;
    uptime_percent: number;
    budget_minutes: number;
    budget_left_minutes: number;
  }
> = {
  // Down: 12 + 15 after the maintenance + 30 announced late + 7 dead = 64. Excused: 60. Up: 43,200 - 60 - 64 = 43,076. 43,076 / 43,140 = 99.8516 %. Budget 0.1 % of 43,140 = 43.1.
  ordering: { up: 43_076, down: 64, no_record: 7, excused: 60, uptime_percent: 99.851, budget_minutes: 43.1, budget_left_minutes: -20.9 },
  // Down: 15 + 7 = 22. Excused: 60 + 60 of the window that was made longer too late. Up: 43,200 - 120 - 22 = 43,058. 43,058 / 43,080 = 99.9489 %. Budget 43.0.
  dashboard: { up: 43_058, down: 22, no_record: 7, excused: 120, uptime_percent: 99.948, budget_minutes: 43, budget_left_minutes: 21 },
  // Down: 20 + 15 + 7 = 42. Excused: 60. Up: 43,098. 43,098 / 43,140 = 99.9026 %. Budget 43.1.
  delivery: { up: 43_098, down: 42, no_record: 7, excused: 60, uptime_percent: 99.902, budget_minutes: 43.1, budget_left_minutes: 1.1 },
};

function shown() {
  const nowMs = clock.nowMs();
  const view = takeSnapshot(db, {
    nowMs,
    nowMinute: settledMinute(nowMs, []),
    unwritten: 0,
    result: () => null,
    figures: new DeliveryFigures(db),
  });
  const page = markup(StatusPage({ frame: { publicUrl: 'https://pin.example.org', stale: null, nowMs }, view }));
  return { view, json: statusJson(view, null), page };
}

test.each(['ordering', 'dashboard', 'delivery'] as const)('%s: JSON and page say what was computed by hand', (surface) => {
  const { json, page } = shown();
  const month = json.surfaces.find((one) => one.surface === surface)?.months.find((one) => one.month === '2026-11');
  expect(month).toEqual({ month: '2026-11', ...BY_HAND[surface] });
  const section = page.slice(page.indexOf(`data-surface="${surface}"`));
  const from = section.indexOf('<tr data-month="2026-11">');
  const row = seen(section.slice(from, section.indexOf('</tr>', from)).replaceAll('</t', ' </t')).text.replace(/\s+/g, ' ');
  const { uptime_percent, down, budget_left_minutes: left, budget_minutes: budget } = BY_HAND[surface];
  expect(row.trim()).toBe(`2026-11 ${uptime_percent} % ${down} ${left < 0 ? `${-left} min over` : `${left} of ${budget} min`}`);
});

test('the days say where it was', () => {
  const { json } = shown();
  const day = (surface: Surface, date: string) =>
    json.surfaces.find((one) => one.surface === surface)?.days.find((one) => one.day === date);
  expect(day('ordering', '2026-11-05')).toEqual({
    day: '2026-11-05',
    uptime_percent: 99.166,
    up: 1428,
    down: 12,
    no_record: 0,
    excused: 0,
  });
  expect(day('delivery', '2026-11-12')).toMatchObject({ up: 1430, down: 10 });
  expect(day('delivery', '2026-11-13')).toMatchObject({ up: 1430, down: 10 });
  expect(day('dashboard', '2026-11-08')).toMatchObject({ up: 1440, down: 0 });
  expect(day('dashboard', '2026-11-17')).toMatchObject({ up: 1433, down: 7, no_record: 7 });
  expect(day('dashboard', '2026-11-27')).toMatchObject({ up: 1380, down: 0, excused: 60 });
});

test('the incidents opened and closed by themselves, and none in announced maintenance', () => {
  const told = listIncidents(db, 0, 100).map(({ surface, startedAtMs, endedAtMs }) =>
    [surface ?? 'everything', ...[startedAtMs, endedAtMs ?? 0].map((ms) => new Date(ms).toISOString().slice(8, 16))].join(' '),
  );
  expect(told.toSorted()).toEqual([
    // What went on after the window of the 20th.
    'dashboard 20T03:00 20T03:15',
    'delivery 12T23:50 13T00:10',
    'delivery 20T03:00 20T03:15',
    'everything 17T14:20 17T14:27',
    'ordering 05T10:00 05T10:12',
    'ordering 20T03:00 20T03:15',
  ]);
});

test('maintenance is told with when it was announced and what of it counts', () => {
  const { json, page } = shown();
  expect(json.maintenance.map(({ title, counted_minutes }) => [title, counted_minutes])).toEqual([
    ['New hub', 0],
    ['Late disk', 60],
    ['Long', 60],
  ]);
  expect(seen(page).text.replace(/\s+/g, ' ')).toContain('Announced too late: 1 h of it count as downtime');
});

test('three rows a minute are all that is written', () => {
  expect(ticks).toBe(43_193 * 6);
  expect(writes).toBe(3 * 43_193);
});
