import { expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import type { ModemEvent } from '../../src/modem/source.ts';
import { EVENTS_PER_MINUTE, EventBrake } from '../../src/sims/event-brake.ts';
import {
  HISTORY_DAYS,
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
  const history = openHistory({ door, clock: house.clock, timers, log: silentLog });
  const details = (slot = 'one') => slotHistory(house.db, slot, { limit: 5000, cursor: null }).map((row) => row.detail);
  return { house, door, timers, history, details };
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
  for (let n = 0; n < EVENTS_PER_MINUTE + 3; n++) history.happened(event());
  await history.flush();
  expect(details()[0]).toStartWith('and 3 more faults');
});

test('the brake lets through again after a minute, and after the clock was set back', () => {
  const brake = new EventBrake();
  const many = (atMs: number, count: number) => Array.from({ length: count }, () => brake.pass(event({ atMs }))).flat();
  expect(many(START_MS, EVENTS_PER_MINUTE + 5)).toHaveLength(EVENTS_PER_MINUTE);
  expect(many(START_MS + MINUTE_MS - 1, 1)).toEqual([]);
  expect(many(START_MS + MINUTE_MS, 1).map(({ detail }) => detail)).toEqual([expect.stringContaining('and 6 more faults'), 'no answer']);
  expect(many(START_MS - 1, 1)).toHaveLength(1);
});

test('the brake forgets slots that are quiet', () => {
  const brake = new EventBrake();
  for (let n = 0; n < EVENTS_PER_MINUTE + 1; n++) brake.pass(event());
  expect(brake.isHolding).toBe(true);
  expect(brake.endedBy(START_MS + MINUTE_MS - 1)).toEqual([]);
  expect(brake.endedBy(START_MS + MINUTE_MS)).toHaveLength(1);
  expect(brake.isHolding).toBe(false);
});

test('when the disk refuses, the events wait and are written later', async () => {
  const { house, door, timers, history, details } = open();
  house.db.run("CREATE TRIGGER full BEFORE INSERT ON modem_events BEGIN SELECT raise(ABORT, 'disk full'); END");
  history.happened(event({ detail: 'kept' }));
  timers.fire('history:write');
  await door.idle();
  await until(() => timers.keys().includes('history:storm'), 'another attempt is planned');
  house.db.run('DROP TRIGGER full');
  timers.fire('history:storm');
  timers.fire('history:write');
  await door.idle();
  expect(details()).toEqual(['kept']);
  expect(history.lost).toBe(0);
});

test('a slot keeps its newest rows, and only so many', () => {
  const house = makeHouse();
  const rows = (count: number, from: number) => Array.from({ length: count }, (_, n) => event({ detail: `row ${from + n}` }));
  house.write((tx) => recordEvents(tx, [...rows(HISTORY_ROWS_PER_SLOT, 0), event({ slot: 'two' })]));
  house.write((tx) => recordEvents(tx, rows(3, HISTORY_ROWS_PER_SLOT)));
  const kept = house.db
    .query<{ n: number; first: string }, []>("SELECT count(*) AS n, min(id) AS id, detail AS first FROM modem_events WHERE slot = 'one'")
    .get();
  expect(kept).toMatchObject({ n: HISTORY_ROWS_PER_SLOT, first: 'row 3' });
  expect(slotHistory(house.db, 'two', { limit: 5, cursor: null })).toHaveLength(1);
});

test('what is too old is deleted every hour, however much it is', async () => {
  const { house, door, timers } = open();
  const slots = Array.from({ length: 3 }, (_, n) => `slot ${n}`);
  house.write((tx) =>
    recordEvents(
      tx,
      slots.flatMap((slot) => Array.from({ length: 400 }, () => event({ slot }))),
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
