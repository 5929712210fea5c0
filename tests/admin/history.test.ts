import { expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import type { ModemEvent } from '../../src/modem/source.ts';
import { EVENTS_PER_MINUTE, EventBrake } from '../../src/sims/event-brake.ts';
import { EventFold } from '../../src/sims/event-fold.ts';
import {
  FOLD_SPAN_MS,
  FOLD_WITHIN_MS,
  HISTORY_DAYS,
  HISTORY_ROWS_HEADROOM,
  HISTORY_ROWS_PER_KIND,
  HISTORY_ROWS_PER_SLOT,
  openHistory,
  recordEvents,
  simHistory,
  slotHistory,
  slotsOfSim,
} from '../../src/sims/history.ts';
import { until } from '../support/client.ts';
import { MINUTE_MS, makeHouse, START_MS } from '../support/house.ts';

const ICCID = '8944010000000000001';

function event(changes: Partial<ModemEvent> = {}): ModemEvent {
  return { atMs: START_MS, kind: 'fault', slot: 'one', port: '/dev/one', imei: null, iccid: ICCID, detail: 'no answer', ...changes };
}

/** Timers that fire when the test says so. */
function handTimers(): Timers & { fire(key: string): void; keys(): string[] } {
  const set = new Map<string, () => void>();
  return {
    set: (key, _atMs, fire) => void set.set(key, fire),
    cancel: (key) => void set.delete(key),
    onJump: () => {},
    get size() {
      return set.size;
    },
    stop: () => set.clear(),
    keys: () => [...set.keys()],
    fire(key) {
      const fire = set.get(key);
      if (fire === undefined) throw new Error(`no timer ${key}; there are ${[...set.keys()]}`);
      set.delete(key);
      fire();
    },
  };
}

function open() {
  const house = makeHouse();
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const timers = handTimers();
  const troubles = openTroubles(house.clock.nowMs);
  const history = openHistory({ door, clock: house.clock, timers, log: silentLog, troubles });
  const details = (slot = 'one') => slotHistory(house.db, slot, { limit: 5000, cursor: null }).map((row) => row.detail);
  return { house, door, timers, troubles, history, details };
}

test('what happens within a moment is written in one commit', async () => {
  const { door, timers, history, details } = open();
  await door.idle();
  const { commits } = door.counts;
  history.happened(event({ detail: 'first' }));
  history.happened(event({ detail: 'second', kind: 'lost' }));
  expect(details()).toEqual([]);
  timers.fire('history:write');
  await door.idle();
  expect(details()).toEqual(['second', 'first']);
  expect(door.counts.commits).toBe(commits + 1);
});

test('a storm of faults becomes a few rows and one that counts the rest, and hides no alarm', async () => {
  const { house, history, timers, door, details } = open();
  const storm = EVENTS_PER_MINUTE + 214;
  for (let n = 1; n <= storm; n++) history.happened(event({ detail: `fault ${n}` }));
  history.happened(event({ kind: 'alarm_raised', detail: 'the alarm' }));
  history.happened(event({ slot: 'two', detail: 'of another slot' }));
  timers.fire('history:write');
  await door.idle();
  expect(details()).toHaveLength(EVENTS_PER_MINUTE + 1);
  expect(details()[0]).toBe('the alarm');
  expect(details('two')).toEqual(['of another slot']);
  // Nothing follows: the count comes when the minute is over.
  house.clock.pass(MINUTE_MS);
  timers.fire('history:storm');
  timers.fire('history:write');
  await door.idle();
  expect(details()[0]).toBe('and 214 more faults within a minute; the last: fault 224');
  expect(details()).toHaveLength(EVENTS_PER_MINUTE + 2);
  expect(timers.keys()).toEqual(['history:thin']);
});

test('a stop writes what waits, and the count of a storm under way', async () => {
  const { history, details } = open();
  for (let n = 0; n < EVENTS_PER_MINUTE + 3; n++) history.happened(event({ detail: `fault ${n}` }));
  await history.flush();
  expect(details()[0]).toStartWith('and 3 more faults');
});

test('the brake lets through again after a minute, and after the clock was set back', () => {
  const brake = new EventBrake();
  let said = 0;
  const many = (atMs: number, count: number) =>
    Array.from({ length: count }, () => brake.pass(event({ atMs, detail: `fault ${++said}` }))).flat();
  expect(many(START_MS, EVENTS_PER_MINUTE + 5)).toHaveLength(EVENTS_PER_MINUTE);
  expect(many(START_MS + MINUTE_MS - 1, 1)).toEqual([]);
  expect(many(START_MS + MINUTE_MS, 1).map(({ detail }) => detail)).toEqual([
    expect.stringContaining('and 6 more faults'),
    `fault ${said}`,
  ]);
  expect(many(START_MS - 1, 1)).toHaveLength(1);
});

test('the brake forgets slots that are quiet', () => {
  const brake = new EventBrake();
  for (let n = 0; n < EVENTS_PER_MINUTE + 1; n++) brake.pass(event({ detail: `fault ${n}` }));
  expect(brake.isHolding).toBe(true);
  expect(brake.endedBy(START_MS + MINUTE_MS - 1)).toEqual([]);
  expect(brake.endedBy(START_MS + MINUTE_MS)).toHaveLength(1);
  expect(brake.isHolding).toBe(false);
});

test('when the disk refuses, the events wait and are written later', async () => {
  const { house, door, timers, troubles, history, details } = open();
  house.db.run("CREATE TRIGGER full BEFORE INSERT ON modem_events BEGIN SELECT raise(ABORT, 'disk full'); END");
  history.happened(event({ detail: 'kept' }));
  timers.fire('history:write');
  await door.idle();
  await until(() => timers.keys().includes('history:storm'), 'another attempt is planned');
  expect(troubles.standing()).toMatchObject([{ code: 'history', sinceMs: START_MS, text: expect.stringContaining('disk full') }]);
  house.db.run('DROP TRIGGER full');
  timers.fire('history:storm');
  timers.fire('history:write');
  await door.idle();
  expect(details()).toEqual(['kept']);
  expect(troubles.standing()).toEqual([]);
  expect(troubles.times('history')).toBe(1);
  expect(history.lost).toBe(0);
});

test('the same again is one row, which counts and tells the first and the last time', async () => {
  const { house, history, timers, door } = open();
  for (let n = 0; n < 36; n++) {
    history.happened(event({ atMs: house.clock.ms }));
    house.clock.pass(20_000);
    if (n % 5 === 0) {
      timers.fire('history:write');
      await door.idle();
    }
  }
  history.happened(event({ kind: 'ready', detail: 'Something else in between.' }));
  history.happened(event({ atMs: house.clock.ms }));
  await history.flush();
  expect(slotHistory(house.db, 'one', { limit: 9, cursor: null })).toMatchObject([
    { kind: 'fault', count: 37, firstAtMs: START_MS, atMs: START_MS + 36 * 20_000 },
    { kind: 'ready', count: 1 },
  ]);
  expect(slotsOfSim(house.db, ICCID)).toMatchObject([{ firstAtMs: START_MS, lastAtMs: START_MS + 36 * 20_000, events: 38 }]);
});

test.each([
  ['another kind', { kind: 'lost' as const }],
  ['another slot', { slot: 'two' }],
  ['another SIM', { iccid: null }],
  ['another modem', { imei: '001' }],
  ['other words', { detail: 'no answer at all' }],
  ['too long after', { atMs: START_MS + FOLD_WITHIN_MS + 1 }],
  ['before, since the clock was set back', { atMs: START_MS - 1 }],
])('%s is a row of its own', (_name, changes) => {
  const house = makeHouse();
  house.write((tx) => recordEvents(tx, [event()]));
  house.write((tx) => recordEvents(tx, [event(changes)]));
  expect(house.db.query('SELECT count FROM modem_events').all()).toEqual([{ count: 1 }, { count: 1 }]);
});

test('a fault that lasts for days is a row each day', () => {
  const house = makeHouse();
  for (let atMs = START_MS; atMs < START_MS + 3 * FOLD_SPAN_MS; atMs += FOLD_WITHIN_MS / 2) {
    house.write((tx) => recordEvents(tx, [event({ atMs })]));
  }
  const counts = slotHistory(house.db, 'one', { limit: 9, cursor: null }).map((row) => row.count);
  expect(counts).toEqual([46, 49, 49]);
});

test('a row that counts on has a new id, so that who reads on from the last one sees it', () => {
  const house = makeHouse();
  const newest = () => house.db.query<{ id: number }, []>('SELECT max(id) AS id FROM modem_events').get()?.id ?? 0;
  house.write((tx) => recordEvents(tx, [event()]));
  const seen = newest();
  house.write((tx) => recordEvents(tx, [event({ atMs: START_MS + 1 })]));
  expect(newest()).toBeGreaterThan(seen);
  expect(slotHistory(house.db, 'one', { limit: 9, cursor: null })).toHaveLength(1);
});

test('a flood of one kind pushes no rare kind out, and a slot keeps only so many rows', () => {
  const house = makeHouse();
  const flood = (count: number, from: number) => Array.from({ length: count }, (_, n) => event({ detail: `fault ${from + n}` }));
  const rare = Array.from({ length: HISTORY_ROWS_PER_KIND + 5 }, (_, n) => event({ kind: 'sim_changed', detail: `SIM ${n}` }));
  house.write((tx) => recordEvents(tx, [...rare, event({ kind: 'pin_sent', detail: 'sent' }), event({ slot: 'two' })]));
  for (let n = 0; n < 4; n++) house.write((tx) => recordEvents(tx, flood(1000, n * 1000)));
  const rows = slotHistory(house.db, 'one', { limit: 9999, cursor: null });
  expect(rows.length).toBeLessThanOrEqual(HISTORY_ROWS_PER_SLOT);
  expect(rows.length).toBeGreaterThanOrEqual(HISTORY_ROWS_PER_SLOT - HISTORY_ROWS_HEADROOM);
  expect(rows[0]?.detail).toBe('fault 3999');
  expect(rows.filter(({ kind }) => kind === 'sim_changed').map(({ detail }) => detail)).toHaveLength(HISTORY_ROWS_PER_KIND);
  expect(rows.filter(({ kind }) => kind === 'pin_sent')).toHaveLength(1);
  expect(slotHistory(house.db, 'two', { limit: 5, cursor: null })).toHaveLength(1);
});

test('what could not be written waits folded, and what is too much is counted as lost', () => {
  const fold = new EventFold();
  for (let n = 0; n < 5; n++) fold.add(event({ atMs: START_MS + n }));
  fold.add(event({ detail: 'other' }));
  const taken = fold.take();
  expect(taken.map(({ count, detail }) => [count, detail])).toEqual([
    [5, 'no answer'],
    [1, 'other'],
  ]);
  fold.add(event({ atMs: START_MS + 9 }));
  expect(fold.putBack(taken, 1)).toBe(1);
  expect(fold.take()).toMatchObject([{ detail: 'no answer', count: 6, firstAtMs: START_MS, atMs: START_MS + 9 }]);
});

test('what is too old is deleted every hour, however much it is', async () => {
  const { house, door, timers } = open();
  const slots = Array.from({ length: 3 }, (_, n) => `slot ${n}`);
  house.write((tx) =>
    recordEvents(
      tx,
      slots.flatMap((slot) => Array.from({ length: 400 }, (_, n) => event({ slot, detail: `row ${n}` }))),
    ),
  );
  house.clock.pass(HISTORY_DAYS * 86_400_000);
  house.write((tx) => recordEvents(tx, [event({ atMs: house.clock.ms, detail: 'new' })]));
  house.clock.pass(1);
  const count = () => house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM modem_events').get()?.n;
  timers.fire('history:thin');
  await until(() => count() === 1, 'only the new row is left');
  await door.idle();
  expect(timers.keys()).toContain('history:thin');
});

test('too long a text is cut, a broken one mended', () => {
  const house = makeHouse();
  house.write((tx) => recordEvents(tx, [event({ detail: 'x'.repeat(9000) }), event({ detail: 'a\ud800b' })]));
  const [broken, long] = slotHistory(house.db, 'one', { limit: 5, cursor: null });
  expect(long?.detail).toHaveLength(500);
  expect(broken?.detail).toBe('a\ufffdb');
});

test('the history is read page by page, by slot and by SIM; a senseless cursor begins anew', () => {
  const house = makeHouse();
  const slots = ['one', 'two', 'one', 'three', 'one'];
  house.write((tx) =>
    recordEvents(
      tx,
      slots.map((slot, n) => event({ slot, atMs: START_MS + n, detail: String(n), iccid: n === 2 ? null : ICCID })),
    ),
  );
  const first = slotHistory(house.db, 'one', { limit: 2, cursor: null });
  expect(first.map((row) => row.detail)).toEqual(['4', '2']);
  expect(slotHistory(house.db, 'one', { limit: 2, cursor: first.at(-1)?.id ?? null }).map((row) => row.detail)).toEqual(['0']);
  expect(slotHistory(house.db, 'one', { limit: 1, cursor: "1' OR 1" }).map((row) => row.detail)).toEqual(['4']);
  expect(simHistory(house.db, ICCID, { limit: 9, cursor: null }).map((row) => row.detail)).toEqual(['4', '3', '1', '0']);
  expect(slotsOfSim(house.db, ICCID)).toEqual([
    { slot: 'one', firstAtMs: START_MS, lastAtMs: START_MS + 4, events: 2 },
    { slot: 'three', firstAtMs: START_MS + 3, lastAtMs: START_MS + 3, events: 1 },
    { slot: 'two', firstAtMs: START_MS + 1, lastAtMs: START_MS + 1, events: 1 },
  ]);
});
