import { afterEach, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openHub } from '../../src/live/hub.ts';
import { judgeWaiting, partsUntilMs } from '../../src/messages/inbox.ts';
import { startRentals } from '../../src/rentals/expiry.ts';
import { addOutage, beginRental, endOfTime, LOST_AFTER_MS } from '../../src/rentals/life.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { changeRental, rent } from '../../src/rentals/rentals.ts';
import { changesOf, messagesOfRental } from '../../src/rentals/view.ts';
import { noteAlive } from '../../src/sims/alive.ts';
import { allOffline, simOffline, simOnline } from '../../src/sims/sims.ts';
import { MINUTE_MS, testSim } from '../support/house.ts';
import { DAY_MS, HOUR_MS, makeRoom, type Room } from './room.ts';

const GRACE_SECONDS = 60;
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** What the server starts, on the room's clock. */
function start(room: Room) {
  const { db, clock, terms } = room.house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  door.onCommit(() => hub.drain());
  const timers = startTimers(clock, silentLog);
  cleanups.push(timers.stop);
  const expiry = startRentals({
    ...{ db, door, clock, timers, hub, terms, log: silentLog, graceSeconds: GRACE_SECONDS },
    readNow: async (iccid) => db.query('SELECT 1 FROM sims WHERE iccid = ? AND online = 1').get(iccid) !== null,
    partsUntilMs: (iccid) => partsUntilMs(db, iccid),
    judgeWaiting: (tx, iccid) => judgeWaiting(tx, terms, iccid),
  });
  return { door, expiry };
}

/** Longer than a turn of the wheel, a turn of the event loop and a commit. */
const soon = () => Bun.sleep(120);
/** The same where something is to happen, however busy the machine is. */
async function until(happened: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !happened(); tries++) await Bun.sleep(30);
}
const away = (room: Room, n = 1) => room.house.write((tx) => simOffline(tx, testSim(n)));
/** As the listener of the modems does it. */
const back = (room: Room, n = 1) =>
  room.house.write((tx) => {
    const sinceMs = simOnline(tx, testSim(n));
    return sinceMs === null ? null : addOutage(tx, room.house.terms, testSim(n).iccid, sinceMs);
  });
const expire = (room: Room, id: string) => room.house.write((tx) => endOfTime(tx, room.house.terms, id));

test('a rental ends with its time, without a message for a full refund, once', async () => {
  const room = makeRoom();
  const { door } = start(room);
  const rental = await door.write((tx) => rent(tx, room.house.terms, room.request({ term: { unit: 'hour', periods: 1 } })));
  room.house.clock.pass(HOUR_MS - 1000);
  await soon();
  expect(room.now(rental).status).toBe('active');
  room.house.clock.pass(1000);
  await until(() => room.now(rental).status === 'ended');
  expect(room.now(rental)).toMatchObject({ status: 'ended', reason: 'time_over' });
  expect(room.balance()).toEqual([5000, 0]);
  expect(room.audit()).toEqual([]);
});

test('one with a message ends without anything back, at a restart too', async () => {
  const room = makeRoom();
  const rental = room.rent();
  room.sms();
  room.house.clock.pass(2 * DAY_MS + 1);
  start(room);
  await until(() => room.now(rental).status === 'ended');
  expect(room.now(rental)).toMatchObject({ status: 'ended', reason: 'time_over' });
  expect(room.balance()).toEqual([4200, 0]);
});

test('while its SIM cannot be read it waits, and what was sent in time still counts', async () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  const { expiry } = start(room);
  room.house.clock.pass(HOUR_MS - MINUTE_MS);
  const sentAtMs = room.house.clock.nowMs();
  away(room);
  room.house.clock.pass(MINUTE_MS + 1000);
  await soon();
  expect(room.now(rental).status).toBe('active');
  room.house.receive({ iccid: room.iccid, sender: 'Mum', text: 'Dinner?', how: 'sweep', networkAtMs: sentAtMs });
  back(room);
  expiry.simReady(room.iccid);
  await until(() => room.now(rental).status === 'ended');
  expect(room.now(rental)).toMatchObject({ status: 'ended', reason: 'time_over' });
  expect(messagesOfRental(room.house.db, rental.id, { limit: 5 })).toHaveLength(1);
  expect(room.balance()).toEqual([4920, 0]);
});

test('a booked rental starts at its time, and lasts as long as was paid for', async () => {
  const room = makeRoom();
  const startsAtMs = room.house.clock.nowMs() + HOUR_MS;
  const rental = room.rent({ startsAtMs, term: { unit: 'hour', periods: 2 } });
  start(room);
  room.house.clock.pass(HOUR_MS + 500);
  await until(() => room.now(rental).status === 'active');
  const started = room.now(rental);
  expect(started).toMatchObject({
    status: 'active',
    reason: 'started',
    startsAtMs: startsAtMs + 500,
    endsAtMs: startsAtMs + 500 + 2 * HOUR_MS,
  });
  expect(room.events(rental.id)).toEqual(['rental.booked', 'rental.started']);
});

test('a booking whose SIM is away waits for it as long as the grace, then gets another number, with the reason in its history', async () => {
  const room = makeRoom({}, 2);
  const rental = room.rent({ startsAtMs: room.house.clock.nowMs() + HOUR_MS });
  start(room);
  away(room, room.iccids.indexOf(rental.iccid) + 1);
  room.house.clock.pass(HOUR_MS);
  await soon();
  expect(room.now(rental).status).toBe('scheduled');
  for (let seconds = 0; seconds < GRACE_SECONDS + 5; seconds += 5) {
    room.house.clock.pass(5000);
    await soon();
  }
  const started = room.now(rental);
  expect(started.status).toBe('active');
  expect(started.number).not.toBe(rental.number);
  expect(changesOf(room.house.db, rental.id).map(({ reason }) => reason)).toEqual(['started', 'other_number', 'booked']);
});

test('a booking for which there is no number at all is canceled with a full refund', () => {
  const room = makeRoom();
  const rental = room.rent({ startsAtMs: room.house.clock.nowMs() + HOUR_MS });
  const begin = (mayChange: boolean) => room.house.write((tx) => beginRental(tx, room.house.terms, rental.id, mayChange));
  expect(begin(true)).toBeNull();
  room.house.clock.pass(HOUR_MS);
  away(room);
  expect(begin(false)).toBeNull();
  expect(begin(true)).toMatchObject({ status: 'canceled', reason: 'no_number_at_start' });
  expect(begin(true)).toBeNull();
  expect(room.balance()).toEqual([5000, 0]);
  expect(room.audit()).toEqual([]);
});

test.each([
  ['nine minutes give nothing', 9, 0],
  ['ten minutes, the stated time, give nothing', 10, 0],
  ['eleven minutes come back', 11, 11],
  ['a whole night comes back', 600, 600],
] as const)('outage: %s', (_, minutes, added) => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(HOUR_MS);
  away(room);
  room.house.clock.pass(minutes * MINUTE_MS);
  back(room);
  expect(room.now(rental)).toMatchObject({ endsAtMs: rental.endsAtMs + added * MINUTE_MS, outageMs: added * MINUTE_MS });
  // Once for each outage.
  back(room);
  expect(room.now(rental).outageMs).toBe(added * MINUTE_MS);
  if (added > 0) expect(changesOf(room.house.db, rental.id, 1)).toMatchObject([{ reason: 'outage_added', addedMs: added * MINUTE_MS }]);
});

test('only what lies within the rental comes back, from now on where its end has passed', () => {
  const room = makeRoom({ quarantineMinutes: 0 });
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  room.house.clock.pass(45 * MINUTE_MS);
  away(room);
  room.house.clock.pass(45 * MINUTE_MS);
  back(room);
  expect(room.now(rental)).toMatchObject({ outageMs: 15 * MINUTE_MS, endsAtMs: room.house.clock.nowMs() + 15 * MINUTE_MS });
});

test('the server being down is an outage too: since it was last known to run', () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(HOUR_MS);
  room.house.write(noteAlive);
  // Killed. It comes back after twenty minutes, and its modem a minute later.
  room.house.clock.pass(20 * MINUTE_MS);
  room.house.write(allOffline);
  room.house.clock.pass(MINUTE_MS);
  back(room);
  expect(room.now(rental).outageMs).toBe(21 * MINUTE_MS);
});

test('an outage that lasts over a second start is one outage', () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(HOUR_MS);
  away(room);
  for (let starts = 0; starts < 3; starts++) {
    room.house.clock.pass(8 * MINUTE_MS);
    room.house.write(noteAlive);
    room.house.write(allOffline);
  }
  back(room);
  expect(room.now(rental).outageMs).toBe(24 * MINUTE_MS);
});

test('a rental that is owed time waits for its modem after its end, and gets it', async () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  const { expiry } = start(room);
  room.sms();
  room.house.clock.pass(30 * MINUTE_MS);
  away(room);
  room.house.clock.pass(60 * MINUTE_MS);
  await soon();
  room.house.clock.pass(GRACE_SECONDS * 1000 + 5000);
  await soon();
  expect(room.now(rental).status).toBe('active');
  back(room);
  expiry.simReady(room.iccid);
  await soon();
  expect(room.now(rental)).toMatchObject({ status: 'active', outageMs: 30 * MINUTE_MS });
});

test('a SIM that never comes back ends its rental after a day, and the whole periods it took go back', () => {
  const room = makeRoom({ refundUnused: false });
  const rental = room.rent({ term: { unit: 'day', periods: 3 } });
  room.sms();
  room.house.clock.pass(DAY_MS + HOUR_MS);
  away(room);
  room.house.clock.pass(2 * DAY_MS);
  expect(expire(room, rental.id)).toEqual({ againAtMs: rental.endsAtMs + LOST_AFTER_MS });
  room.house.clock.pass(LOST_AFTER_MS);
  expect(expire(room, rental.id)).toMatchObject({ status: 'ended', reason: 'number_lost' });
  expect(room.balance()).toEqual([5000 - 1200 + 400, 0]);
  expect(room.audit()).toEqual([]);
});

const auto = (room: Room, rentalId: string, autoCapMinor: number | null) =>
  room.house.write((tx) => changeRental(tx, { userId: room.anna, rentalId, autoCapMinor }));

test('extended by itself a minute before the end, by one period of its unit, as far as the limit goes; then it ends and says why', async () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'hour', periods: 2 }, autoCapMinor: 170 });
  start(room);
  room.sms();
  for (const _ of [1, 2]) {
    const { endsAtMs } = room.now(rental);
    room.house.clock.pass(endsAtMs - room.house.clock.nowMs() - 50_000);
    await until(() => room.now(rental).endsAtMs > endsAtMs);
  }
  expect(room.now(rental)).toMatchObject({ endsAtMs: rental.endsAtMs + 2 * HOUR_MS, priceMinor: 320, autoSpentMinor: 160 });
  room.house.clock.pass(HOUR_MS);
  await soon();
  expect(room.now(rental).status).toBe('active');
  room.house.clock.pass(MINUTE_MS);
  await until(() => room.now(rental).status === 'ended');
  expect(room.now(rental)).toMatchObject({ status: 'ended', reason: 'time_over', autoSpentMinor: 160 });
  expect(changesOf(room.house.db, rental.id).map(({ reason }) => reason)).toEqual([
    'time_over',
    'not_extended_by_itself',
    'extended_by_itself',
    'extended_by_itself',
    'started',
  ]);
  expect(room.balance()).toEqual([5000 - 320, 0]);
  expect(room.audit()).toEqual([]);
});

test.each([
  ['the balance is too low', (room: Room) => room.house.write((tx) => setRate(tx, 'gb', { day: 4300 })), 'the balance'],
  [
    'it is booked by somebody else',
    (room: Room) =>
      room.rent({ userId: room.house.customer('bob@example.org'), startsAtMs: room.house.clock.nowMs() + 2 * DAY_MS + 2 * HOUR_MS }),
    'booked',
  ],
] as const)('not extended by itself when %s: nothing is charged, and the history says so once', (_, before, said) => {
  const room = makeRoom();
  const rental = room.rent();
  auto(room, rental.id, 99_999);
  before(room);
  const balance = room.balance();
  room.house.clock.pass(2 * DAY_MS);
  expect(expire(room, rental.id)).toMatchObject({ status: 'ended' });
  expect(room.balance()).toEqual([(balance[0] ?? 0) + 800, (balance[1] ?? 0) - 800]);
  const refused = changesOf(room.house.db, rental.id).filter(({ reason }) => reason === 'not_extended_by_itself');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.detail).toContain(said);
  expect(room.audit()).toEqual([]);
});

test('switched off, it is not extended', () => {
  const room = makeRoom();
  const rental = room.rent({ autoCapMinor: 99_999 });
  auto(room, rental.id, null);
  room.house.clock.pass(2 * DAY_MS);
  expect(expire(room, rental.id)).toMatchObject({ status: 'ended', reason: 'time_over' });
});
