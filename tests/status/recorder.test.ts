import { describe, expect, test } from 'bun:test';
import { addUser } from '../../src/accounts/users.ts';
import { dayOf, minuteOf } from '../../src/status/calendar.ts';
import { listIncidents } from '../../src/status/incidents.ts';
import { lookOnce } from '../../src/status/look.ts';
import { announce } from '../../src/status/maintenance.ts';
import { countDay, MINUTES_KEPT_DAYS, minutesIn, recordMinutes, settleDays, settledDays } from '../../src/status/minutes.ts';
import type { Found } from '../../src/status/surfaces.ts';
import { MINUTE_MS, makeHouse, seededRandom } from '../support/house.ts';
import { recording, TICK_MS } from './room.ts';

const OK: Found = { ok: true, degraded: null };
const BAD: Found = { ok: false, why: 'broken' };

async function run(house: ReturnType<typeof makeHouse>, recorder: { tick(): Promise<void> }, ticks: number): Promise<void> {
  for (let n = 0; n < ticks; n++) {
    await recorder.tick();
    house.clock.pass(TICK_MS);
  }
}
const rowsOf = (house: ReturnType<typeof makeHouse>) =>
  minutesIn(house.db, 'ordering', { from: 0, to: Number.MAX_SAFE_INTEGER }).map(({ ok, failed }) => [ok, failed]);

describe('a check', () => {
  test('has its time, and what goes wrong in it is its outcome', async () => {
    let ended = false;
    const hangs = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        ended = true;
      });
      return new Promise<Found>(() => {});
    };
    expect(await lookOnce(hangs, 30)).toEqual({ ok: false, why: 'no answer within 0.03 s' });
    expect(ended).toBe(true);
    expect(await lookOnce(async () => Promise.reject(new Error('refused')), 30)).toEqual({ ok: false, why: 'Error: refused' });
    expect(await lookOnce(async () => OK, 30)).toEqual(OK);
  });

  test('that hangs beyond its time is not asked again beside itself', async () => {
    const house = makeHouse();
    let running = 0;
    let most = 0;
    const { begin } = recording(house, async (surface) => {
      if (surface !== 'ordering') return OK;
      most = Math.max(most, ++running);
      await Bun.sleep(60);
      running--;
      return OK;
    });
    const recorder = begin();
    await Promise.all([recorder.tick(), recorder.tick(), recorder.tick()]);
    expect(most).toBe(1);
    house.clock.pass(MINUTE_MS);
    await recorder.tick();
    expect(rowsOf(house)[0]).toEqual([1, 2]);
  });
});

describe('the record', () => {
  test('is written when a minute is whole, and the rest at the stop', async () => {
    const house = makeHouse();
    const recorder = recording(house).begin();
    await run(house, recorder, 6);
    expect(rowsOf(house)).toEqual([[6, 0]]);
    await run(house, recorder, 2);
    expect(rowsOf(house)).toEqual([[6, 0]]);
    await recorder.stop();
    expect(rowsOf(house)).toEqual([
      [6, 0],
      [2, 0],
    ]);
  });

  test('waits in memory while the disk refuses, is told as a trouble, and nothing of it is lost or counted as down meanwhile', async () => {
    const house = makeHouse();
    const { begin, troubles } = recording(house);
    const recorder = begin();
    house.db.run(`CREATE TEMP TRIGGER full BEFORE INSERT ON main.status_minutes BEGIN SELECT raise(ABORT, 'disk full'); END`);
    await run(house, recorder, 18);
    expect(rowsOf(house)).toEqual([]);
    expect(recorder.unwritten.length).toBe(3);
    expect(troubles.standing()[0]?.code).toBe('status_record');
    house.db.run('DROP TRIGGER full');
    await run(house, recorder, 1);
    expect(rowsOf(house)).toEqual([
      [6, 0],
      [6, 0],
      [6, 0],
    ]);
    expect([recorder.unwritten, troubles.standing()]).toEqual([[], []]);
  });

  test('of a minute that comes twice adds up, and its day is counted anew', () => {
    const house = makeHouse();
    const day = dayOf(house.clock.ms);
    const minute = minuteOf(house.clock.ms);
    const row = (ok: number, failed: number) => ({ surface: 'ordering' as const, minute, ok, failed, latencyMeanMs: 5, latencyMaxMs: 9 });
    house.write((tx) => tx.db.run(`INSERT INTO settings VALUES ('status_first_minute', '${minute}')`));
    house.write((tx) => recordMinutes(tx, [row(6, 0)]));
    house.clock.pass(24 * 60 * MINUTE_MS);
    house.write((tx) => settleDays(tx));
    expect(settledDays(house.db, 'ordering', day).get(day)).toMatchObject({ up: 1, down: 0, missing: 719 });
    house.write((tx) => recordMinutes(tx, [row(0, 6)]));
    house.write((tx) => settleDays(tx));
    expect(settledDays(house.db, 'ordering', day).get(day)).toMatchObject({ up: 0, down: 1, missing: 719 });
    expect(countDay(house.db, 'ordering', day, house.clock.ms)).toMatchObject({ down: 1, missing: 719 });
  });

  test('is thinned to days after some months; the figures stay', () => {
    const house = makeHouse();
    const day = dayOf(house.clock.ms);
    const first = minuteOf(house.clock.ms);
    house.write((tx) => {
      tx.db.run(`INSERT INTO settings VALUES ('status_first_minute', '${first}')`);
      recordMinutes(
        tx,
        Array.from({ length: 720 }, (_, index) => ({
          surface: 'ordering' as const,
          minute: first + index,
          ok: index < 10 ? 0 : 6,
          failed: 0,
          latencyMeanMs: null,
          latencyMaxMs: null,
        })),
      );
    });
    for (let passed = 0; passed <= MINUTES_KEPT_DAYS + 2; passed++) {
      house.clock.pass(24 * 60 * MINUTE_MS);
      house.write((tx) => settleDays(tx));
    }
    expect(rowsOf(house)).toEqual([]);
    expect(settledDays(house.db, 'ordering', day).get(day)).toMatchObject({ up: 710, down: 10, before: 720 });
  });
});

describe('incidents', () => {
  const state = (house: ReturnType<typeof makeHouse>) =>
    listIncidents(house.db, 0, 10).map(({ surface, severity, endedAtMs, updates }) => [
      surface,
      severity,
      endedAtMs === null,
      updates.length,
    ]);

  test('open after a minute of failing checks, close after two of good ones, and go on when it comes back soon', async () => {
    const house = makeHouse();
    let found: Found = OK;
    const recorder = recording(house, (surface) => (surface === 'delivery' ? found : OK)).begin();
    await run(house, recorder, 3);
    found = BAD;
    await run(house, recorder, 5);
    expect(state(house)).toEqual([]);
    await run(house, recorder, 1);
    expect(state(house)).toEqual([['delivery', 'major', true, 1]]);
    found = OK;
    await run(house, recorder, 11);
    expect(state(house)[0]?.[2]).toBe(true);
    await run(house, recorder, 1);
    expect(state(house)).toEqual([['delivery', 'major', false, 2]]);
    const [incident] = listIncidents(house.db, 0, 1);
    expect((incident?.endedAtMs ?? 0) - (incident?.startedAtMs ?? 0)).toBe(60_000);
    found = BAD;
    await run(house, recorder, 6);
    expect(state(house)).toEqual([['delivery', 'major', true, 3]]);
  });

  test('one that fails on after announced maintenance begins when that is over', async () => {
    const house = makeHouse();
    const random = seededRandom(3);
    const user = {
      email: 'op@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    } as const;
    const { id } = house.write((tx) => addUser(tx, random, user));
    const startsAtMs = house.clock.nowMs() + 25 * 60 * MINUTE_MS;
    const endsAtMs = startsAtMs + 5 * MINUTE_MS;
    house.write((tx) => announce(tx, random, id, { title: 'New hub', text: '', surfaces: ['delivery'], startsAtMs, endsAtMs }));
    house.clock.pass(25 * 60 * MINUTE_MS);
    const recorder = recording(house, (surface) => (surface === 'delivery' ? BAD : OK)).make();
    await run(house, recorder, 30);
    expect(state(house)).toEqual([]);
    await run(house, recorder, 6);
    expect(listIncidents(house.db, 0, 10)).toMatchObject([{ surface: 'delivery', startedAtMs: endsAtMs, endedAtMs: null }]);
  });

  test('a flicker opens none; what works in part is a small one after five minutes', async () => {
    const house = makeHouse();
    let n = 0;
    const recorder = recording(house, (surface) => (surface === 'ordering' && n++ % 6 < 2 ? BAD : OK)).begin();
    await run(house, recorder, 60);
    expect(state(house)).toEqual([]);
    const partly = recording(house, (surface) => (surface === 'delivery' ? { ok: true, degraded: '6 of 8 modems answer' } : OK)).begin();
    await run(house, partly, 29);
    expect(state(house)).toEqual([]);
    await run(house, partly, 1);
    expect(state(house)).toEqual([['delivery', 'minor', true, 1]]);
  });

  test('that the disk refused are written when it takes them, though the outage is over', async () => {
    const house = makeHouse();
    let found: Found = BAD;
    const recorder = recording(house, (surface) => (surface === 'ordering' ? found : OK)).begin();
    house.db.run(`CREATE TEMP TRIGGER full BEFORE INSERT ON main.incidents BEGIN SELECT raise(ABORT, 'disk full'); END`);
    await run(house, recorder, 12);
    found = OK;
    await run(house, recorder, 13);
    expect(state(house)).toEqual([]);
    house.db.run('DROP TRIGGER full');
    await run(house, recorder, 6);
    expect(state(house)).toEqual([['ordering', 'major', false, 2]]);
  });

  test('an open one of before a restart is closed by the new process; time without a process is one of everything', async () => {
    const house = makeHouse();
    const broken = recording(house, (surface): Found => (surface === 'ordering' ? BAD : OK)).begin();
    await run(house, broken, 12);
    house.clock.pass(6 * MINUTE_MS);
    const better = recording(house).begin();
    await run(house, better, 14);
    expect(state(house).toSorted()).toEqual([
      [null, 'major', false, 2],
      ['ordering', 'major', false, 2],
    ]);
    const gap = listIncidents(house.db, 0, 10).find(({ surface }) => surface === null);
    expect((gap?.endedAtMs ?? 0) - (gap?.startedAtMs ?? 0)).toBe(6 * MINUTE_MS);
  });

  test('are never deleted, and nothing of a window is ever overwritten', () => {
    const house = makeHouse();
    house.db.run(
      `INSERT INTO incidents (id, is_automatic, severity, title, started_at_ms, changed_at_ms) VALUES ('inc_1', 1, 'major', 'x', 1, 1)`,
    );
    expect(() => house.db.run('DELETE FROM incidents')).toThrow('incidents are kept');
  });
});
