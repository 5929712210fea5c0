/** Looks, restarts, a disk that refuses and clocks that jump, through the real room into the database. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { addUser } from '../../src/accounts/users.ts';
import { acknowledgeAlarm, changesOf, countAlarms, pastAlarms, standingAlarms, unacknowledgeAlarm } from '../../src/alarms/alarms.ts';
import { editIncident, listIncidents } from '../../src/status/incidents.ts';
import { announce } from '../../src/status/maintenance.ts';
import { MINUTE_MS, makeHouse, seededRandom } from '../support/house.ts';
import { alarmWatch, told } from './watch.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DOWN = { code: 'modem_down', subject: '1-1', text: 'It is unplugged.' } as const;

function open(againHours?: number) {
  const house = makeHouse();
  const operator = house.write((tx) =>
    addUser(tx, seededRandom(4), {
      email: 'op@example.org',
      passwordHash: null,
      role: 'operator',
      state: 'active',
      purpose: null,
      acceptedTerms: true,
    }),
  ).id;
  const detector = told(['modem_down', 'disk_low', 'delivery_slow']);
  const watch = alarmWatch(house, [detector], againHours === undefined ? {} : { againHours });
  const standing = () => standingAlarms(house.db).map(({ code, subject }) => `${code} ${subject}`);
  const past = () => pastAlarms(house.db, { code: null, severity: null, cursor: null, limit: 100 });
  const events = () =>
    house.db
      .query<{ type: string; userId: string }, []>("SELECT type, user_id AS userId FROM events WHERE type LIKE 'alarm.%' ORDER BY seq")
      .all()
      .map(({ type }) => type);
  return { house, operator, detector, ...watch, standing, past, events };
}

test('a modem that is down for two minutes is an alarm, told once to each operator; back for half a minute, it is over', async () => {
  const { house, detector, begin, standing, past, events } = open();
  house.customer('anna@example.org');
  const { look } = begin();
  detector.says = [DOWN];
  await look();
  house.clock.pass(119_000);
  await look();
  expect(standing()).toEqual([]);
  house.clock.pass(1000);
  await look();
  await look();
  expect(standing()).toEqual(['modem_down 1-1']);
  expect(events()).toEqual(['alarm.raised']);
  detector.says = [];
  await look();
  house.clock.pass(29_000);
  await look();
  expect(standing()).toEqual(['modem_down 1-1']);
  house.clock.pass(1000);
  await look();
  expect(standing()).toEqual([]);
  expect(events()).toEqual(['alarm.raised', 'alarm.cleared']);
  const [alarm] = past();
  expect(changesOf(house.db, alarm?.id ?? '').map(({ what }) => what)).toEqual(['cleared', 'raised']);
});

test('a restart in between raises nothing twice, and ends what is over by now', async () => {
  const { house, detector, begin, standing, events } = open();
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  await begin().look();
  const after = begin();
  await after.look();
  expect([standing(), events()]).toEqual([['disk_low '], ['alarm.raised']]);
  detector.says = [];
  const last = begin();
  await last.look();
  house.clock.pass(MINUTE_MS);
  await last.look();
  expect([standing(), events()]).toEqual([[], ['alarm.raised', 'alarm.cleared']]);
});

test.each([HOUR_MS, -HOUR_MS])('setting the clock by %i raises nothing early and ends nothing early', async (by) => {
  const { house, detector, begin, standing, past } = open();
  const { look } = begin();
  detector.says = [DOWN];
  await look();
  house.clock.setForward(by);
  await look();
  expect(standing()).toEqual([]);
  house.clock.pass(2 * MINUTE_MS);
  await look();
  expect(standing()).toEqual(['modem_down 1-1']);
  detector.says = [];
  await look();
  house.clock.setForward(-2 * by);
  await look();
  expect(standing()).toEqual(['modem_down 1-1']);
  house.clock.pass(MINUTE_MS);
  await look();
  expect(past()).toHaveLength(1);
  expect(past()[0]?.clearedAtMs).toBeGreaterThanOrEqual(past()[0]?.raisedAtMs ?? 0);
});

test('while the disk refuses, the operator is told of that; the alarm is raised by the first look that can write', async () => {
  const { detector, begin, failing, troubles, standing, events } = open();
  const { look } = begin();
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  failing.writes = true;
  await look();
  await look();
  expect(standing()).toEqual([]);
  expect(troubles.standing()).toMatchObject([{ code: 'alarm_watch', text: 'told: Error: the disk is full' }]);
  failing.writes = false;
  await look();
  await look();
  expect(troubles.standing()).toEqual([]);
  expect([standing(), events()]).toEqual([['disk_low '], ['alarm.raised']]);
});

test('a look that fails leaves everything as it is', async () => {
  const { house, detector, begin, standing, troubles } = open();
  const room = begin();
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  await room.look();
  detector.look = () => {
    throw new Error('statfs: EIO');
  };
  house.clock.pass(HOUR_MS);
  await room.look();
  expect(standing()).toEqual(['disk_low ']);
  expect(troubles.standing()[0]?.text).toBe('told: Error: statfs: EIO');
});

test('figures of what stands are kept up, at most once a minute', async () => {
  const { house, detector, begin } = open();
  const { look } = begin();
  const say = (value: number) => {
    detector.says = [{ code: 'disk_low', subject: '', text: `${value} MB are free.`, value, threshold: 1000 }];
    return look();
  };
  await say(900);
  await say(800);
  expect(standingAlarms(house.db)[0]).toMatchObject({ value: 800, text: '800 MB are free.' });
  house.clock.pass(30_000);
  await say(700);
  expect(standingAlarms(house.db)[0]).toMatchObject({ value: 800 });
  house.clock.pass(31_000);
  await say(600);
  expect(standingAlarms(house.db)[0]).toMatchObject({ value: 600 });
});

test('acknowledged it stays until it is over, and is not told again; taken back it is', async () => {
  const { house, operator, detector, begin, events } = open(24);
  const room = begin();
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  await room.look();
  const id = standingAlarms(house.db)[0]?.id ?? '';
  house.write((tx) => acknowledgeAlarm(tx, { id, userId: operator, note: ' larger disk ordered ' }));
  expect(() => house.write((tx) => acknowledgeAlarm(tx, { id, userId: operator, note: '' }))).toThrow('already_exists');
  expect(standingAlarms(house.db)).toMatchObject([{ note: 'larger disk ordered', email: 'op@example.org' }]);
  expect(countAlarms(house.db)).toEqual({ standing: 1, waiting: 0 });
  house.clock.pass(48 * HOUR_MS);
  await room.tend();
  expect(events()).toEqual(['alarm.raised']);
  house.write((tx) => unacknowledgeAlarm(tx, { id, userId: operator }));
  expect(() => house.write((tx) => unacknowledgeAlarm(tx, { id, userId: operator }))).toThrow('too_late');
  await room.tend();
  await room.tend();
  expect(events()).toEqual(['alarm.raised', 'alarm.raised']);
  expect(changesOf(house.db, id).map(({ what }) => what)).toEqual(['reminded', 'unacknowledged', 'acknowledged', 'raised']);
  const audit = house.db.query<{ action: string }, []>("SELECT action FROM audit WHERE target = 'alarms' ORDER BY id").all();
  expect(audit.map(({ action }) => action)).toEqual(['alarm.acknowledged', 'alarm.unacknowledged']);
  detector.says = [];
  await room.look();
  house.clock.pass(MINUTE_MS);
  await room.look();
  expect(() => house.write((tx) => acknowledgeAlarm(tx, { id, userId: operator, note: '' }))).toThrow('too_late');
  expect(() => house.write((tx) => acknowledgeAlarm(tx, { id: 'alm_x', userId: operator, note: '' }))).toThrow('not_found');
  expect(() => house.write((tx) => acknowledgeAlarm(tx, { id, userId: operator, note: 'x'.repeat(501) }))).toThrow();
});

test('a clock set back does not keep reminders away', async () => {
  const { house, detector, begin, events } = open(24);
  const room = begin();
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  await room.look();
  house.clock.setForward(-365 * 24 * HOUR_MS);
  await room.tend();
  await room.tend();
  expect(events()).toEqual(['alarm.raised', 'alarm.raised']);
});

test('events about alarms reach endpoints that ask for them by name, and no other', async () => {
  const { house, operator, detector, begin } = open();
  const insert = house.db.query(
    `INSERT INTO webhooks (id, user_id, url, description, events, state, secret, created_at_ms) VALUES ($id, $user, $id, '', $events, 'active', 's', 0)`,
  );
  const anna = house.customer('anna@example.org');
  insert.run({ id: 'whk_all', user: operator, events: null });
  insert.run({ id: 'whk_asked', user: operator, events: '["alarm.raised"]' });
  insert.run({ id: 'whk_anna', user: anna, events: '["alarm.raised"]' });
  detector.says = [{ code: 'disk_low', subject: '', text: 'Little is free.' }];
  await begin().look();
  const queued = house.db
    .query<{ target: string; topic: string }, []>("SELECT target, topic FROM deliveries WHERE channel = 'webhook' AND topic LIKE 'alarm.%'")
    .all();
  expect(queued).toEqual([{ target: 'whk_asked', topic: 'alarm.raised' }]);
});

// ---- The incidents of the status page
const SLOW = { code: 'delivery_slow', subject: 'median', text: 'Half of them took longer than 9 s.' } as const;

async function raiseSlow({ house, detector }: ReturnType<typeof open>, look: () => Promise<void>) {
  detector.says = [SLOW];
  await look();
  house.clock.pass(5 * MINUTE_MS);
  await look();
}

test('slow delivery opens a public incident and closes it; what the operator wrote stays', async () => {
  const scene = open();
  const { house, operator, detector, begin } = scene;
  const { look } = begin();
  await raiseSlow(scene, look);
  const incidents = () => listIncidents(house.db, 0, 10);
  expect(incidents()).toMatchObject([
    { surface: 'delivery', severity: 'minor', isAutomatic: true, endedAtMs: null, title: 'Delivery is slower than usual' },
  ]);
  const id = incidents()[0]?.id ?? '';
  expect(standingAlarms(house.db)[0]?.incidentId).toBe(id);
  house.write((tx) => editIncident(tx, operator, id, { title: 'Vodafone is slow', severity: 'minor' }));
  const over = async () => {
    detector.says = [];
    await look();
    house.clock.pass(10 * MINUTE_MS);
    await look();
  };
  await over();
  expect(incidents()).toMatchObject([{ id, title: 'Vodafone is slow', endedAtMs: house.clock.nowMs() }]);
  // Back within ten minutes: the same incident goes on, with the operator's words.
  house.clock.pass(MINUTE_MS);
  await raiseSlow(scene, look);
  expect(incidents()).toMatchObject([{ id, title: 'Vodafone is slow', severity: 'minor', endedAtMs: null }]);
});

test('a modem without customers is nobody’s business; one with an open order is, once for all of them', async () => {
  const { house, detector, begin } = open();
  const room = begin();
  const iccids = [house.sim(1), house.sim(2), house.sim(3)];
  const down = (n: number) => ({ ...DOWN, subject: `slot ${n}`, iccid: iccids[n] ?? null });
  const incidents = () => listIncidents(house.db, 0, 10);
  detector.says = [down(0)];
  await room.look();
  house.clock.pass(2 * MINUTE_MS);
  await room.look();
  expect(incidents()).toEqual([]);
  const anna = house.customer('anna@example.org');
  const insert = house.db.query(
    `INSERT INTO orders (id, user_id, iccid, number, country, service, price_minor, currency, status, reason, created_at_ms, expires_at_ms, last_event, cancel_from_ms)
     VALUES ($id, $user, $iccid, '+1', 'gb', $id, 1, 'USD', 'pending', 'ordered', 0, 1, 'evt', 0)`,
  );
  insert.run({ id: 'ord_1', user: anna, iccid: iccids[1] ?? '' });
  insert.run({ id: 'ord_2', user: anna, iccid: iccids[2] ?? '' });
  detector.says = [down(0), down(1), down(2)];
  await room.look();
  house.clock.pass(2 * MINUTE_MS);
  await room.look();
  expect(incidents()).toMatchObject([{ surface: 'delivery', title: 'Some numbers cannot be read', endedAtMs: null }]);
  detector.says = [down(0), down(2)];
  await room.look();
  house.clock.pass(MINUTE_MS);
  await room.look();
  expect(incidents()).toMatchObject([{ endedAtMs: null }]);
  detector.says = [down(0)];
  await room.look();
  house.clock.pass(MINUTE_MS);
  await room.look();
  expect(incidents()).toMatchObject([{ endedAtMs: house.clock.nowMs() }]);
});

test('in announced maintenance nothing opens; when it ends and the alarm stands, the incident does', async () => {
  const scene = open();
  const { house, operator, begin } = scene;
  const room = begin();
  const startsAtMs = house.clock.nowMs() + 25 * HOUR_MS;
  house.write((tx) =>
    announce(tx, seededRandom(9), operator, {
      title: 'New hub',
      text: 'All modems move.',
      surfaces: ['delivery'],
      startsAtMs,
      endsAtMs: startsAtMs + HOUR_MS,
    }),
  );
  house.clock.pass(25 * HOUR_MS + MINUTE_MS);
  await raiseSlow(scene, room.look);
  await room.tend();
  expect(listIncidents(house.db, 0, 10)).toEqual([]);
  house.clock.pass(HOUR_MS);
  await room.tend();
  // The hour of maintenance is no part of it.
  expect(listIncidents(house.db, 0, 10)).toMatchObject([{ surface: 'delivery', startedAtMs: house.clock.nowMs(), endedAtMs: null }]);
});

test('a modem that was down for long before its first customer opens an incident of its own, and not the one of the morning again', async () => {
  const { house, detector, begin } = open();
  const room = begin();
  const [long, short] = [house.sim(1), house.sim(2)];
  const rent = (id: string, iccid: string) =>
    house.db.run(
      `INSERT INTO orders (id, user_id, iccid, number, country, service, price_minor, currency, status, reason, created_at_ms, expires_at_ms, last_event, cancel_from_ms)
       VALUES ('${id}', '${anna}', '${iccid}', '+1', 'gb', '${id}', 1, 'USD', 'pending', 'ordered', 0, 1, 'evt', 0)`,
    );
  const anna = house.customer('anna@example.org');
  rent('ord_1', short);
  const [quiet, told] = [
    { ...DOWN, subject: 'slot 1', iccid: long, sinceMs: house.clock.nowMs() - HOUR_MS },
    { ...DOWN, subject: 'slot 2', iccid: short },
  ];
  detector.says = [quiet, told];
  await room.look();
  house.clock.pass(2 * MINUTE_MS);
  await room.look();
  detector.says = [quiet];
  await room.look();
  house.clock.pass(MINUTE_MS);
  await room.look();
  const endedAtMs = house.clock.nowMs();
  house.clock.pass(5 * HOUR_MS);
  rent('ord_2', long);
  await room.tend();
  expect(listIncidents(house.db, 0, 10)).toMatchObject([{ startedAtMs: house.clock.nowMs(), endedAtMs: null }, { endedAtMs }]);
});

test('whatever a detector says, with restarts and jumps of the clock: one row stands at most, and told raised and cleared by turns', async () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('say' as const), bad: fc.boolean() }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 10 * MINUTE_MS }) }),
    fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -HOUR_MS, max: HOUR_MS }) }),
    fc.record({ do: fc.constant('restart' as const) }),
    fc.record({ do: fc.constant('disk' as const), full: fc.boolean() }),
  );
  const { house, detector, begin, failing, events, standing, past } = open();
  let room = begin();
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      for (const one of acts) {
        if (one.do === 'say') detector.says = one.bad ? [DOWN] : [];
        else if (one.do === 'pass') house.clock.pass(one.ms);
        else if (one.do === 'set') house.clock.setForward(one.ms);
        else if (one.do === 'disk') failing.writes = one.full;
        else room = begin();
        await room.look();
        expect(standing().length).toBeLessThanOrEqual(1);
      }
      const types = events();
      for (const [index, type] of types.entries()) expect(type).toBe(index % 2 === 0 ? 'alarm.raised' : 'alarm.cleared');
      expect(types.length).toBe(
        2 * (house.db.query<{ n: number }, []>('SELECT count(*) AS n FROM alarms').get()?.n ?? 0) - standing().length,
      );
    }),
    { numRuns: 40 },
  );
  expect(past().length).toBeGreaterThan(0);
});
