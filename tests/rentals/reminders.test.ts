import { afterEach, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openHub } from '../../src/live/hub.ts';
import { mailPreferences, setMailPreferences, setWanted } from '../../src/mail/preferences.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { partsUntilMs } from '../../src/messages/inbox.ts';
import { startRentals } from '../../src/rentals/expiry.ts';
import { extendAhead } from '../../src/rentals/life.ts';
import { nextReminderMs, remind } from '../../src/rentals/reminders.ts';
import { changeRental, extendRental } from '../../src/rentals/rentals.ts';
import { MINUTE_MS } from '../support/house.ts';
import { DAY_MS, HOUR_MS, makeRoom, type Room } from './room.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const mails = (room: Room) =>
  room.house.db.query<{ payload: string }, []>("SELECT payload FROM deliveries WHERE topic = 'rental_ending' ORDER BY seq").all();
const look = (room: Room, id: string) => room.house.write((tx) => remind(tx, room.house.terms, id));
const wantsMail = (room: Room) =>
  room.house.write((tx) => {
    setMailOn(tx, true);
    setMailPreferences(tx, room.anna, { ...mailPreferences(tx.db, room.anna), rental_ending: true });
  });
const endings = (room: Room, id: string) => room.events(id).filter((type) => type === 'rental.ending').length;

test('a day and an hour before the end its customer is told, once each, by event and, if wanted, by mail', () => {
  const room = makeRoom();
  wantsMail(room);
  const rental = room.rent();
  expect(nextReminderMs(room.house.db, rental, [24, 1])).toBe(rental.endsAtMs - DAY_MS);
  expect(look(room, rental.id)).toBe(false);
  room.house.clock.pass(DAY_MS);
  expect([look(room, rental.id), look(room, rental.id)]).toEqual([true, false]);
  room.house.write((tx) => setWanted(tx, room.anna, 'rental_ending', false));
  room.house.clock.pass(23 * HOUR_MS);
  expect([look(room, rental.id), look(room, rental.id)]).toEqual([true, false]);
  expect(endings(room, rental.id)).toBe(2);
  expect(mails(room).map(({ payload }) => JSON.parse(payload).id)).toEqual([rental.id]);
  expect(nextReminderMs(room.house.db, room.now(rental), [24, 1])).toBeNull();
});

test.each([
  ['an hour', { unit: 'hour' as const, periods: 1 }, null],
  ['two hours', { unit: 'hour' as const, periods: 2 }, HOUR_MS],
  ['a day', { unit: 'day' as const, periods: 1 }, HOUR_MS],
  ['two days', { unit: 'day' as const, periods: 2 }, DAY_MS],
])('a rental of %s is reminded of no earlier than is sensible', (_, term, before) => {
  const room = makeRoom();
  const rental = room.rent({ term });
  expect(nextReminderMs(room.house.db, rental, [24, 1])).toBe(before === null ? null : rental.endsAtMs - before);
});

test('of those that were missed while the server was down only the last is told, and none after the end', () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(2 * DAY_MS - 30 * MINUTE_MS);
  expect([look(room, rental.id), look(room, rental.id), endings(room, rental.id)]).toEqual([true, false, 1]);
  const other = makeRoom();
  const late = other.rent();
  other.house.clock.pass(2 * DAY_MS);
  expect(look(other, late.id)).toBe(false);
});

test('an extension is reminded of anew', () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(DAY_MS);
  look(room, rental.id);
  const asked = { userId: room.anna, rentalId: rental.id, term: { unit: 'day' as const, periods: 2 }, maxPriceMinor: null };
  room.house.write((tx) => extendRental(tx, room.house.terms, asked));
  expect(look(room, rental.id)).toBe(false);
  room.house.clock.pass(2 * DAY_MS);
  expect([look(room, rental.id), endings(room, rental.id)]).toEqual([true, 2]);
});

test('one that will be extended by itself is not reminded of; one that could not be is, with the reason in its history', () => {
  const room = makeRoom();
  wantsMail(room);
  const rental = room.rent({ autoCapMinor: 400 });
  room.house.clock.pass(DAY_MS);
  expect(look(room, rental.id)).toBe(false);
  room.house.write((tx) => changeRental(tx, { userId: room.anna, rentalId: rental.id, autoCapMinor: 1 }));
  room.house.clock.pass(DAY_MS - MINUTE_MS);
  expect(room.house.write((tx) => extendAhead(tx, room.house.terms, rental.id))).toBe(false);
  expect([endings(room, rental.id), mails(room).length]).toEqual([1, 1]);
});

test('the server tells by itself, also what is due when it starts', async () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.clock.pass(DAY_MS + 1);
  const { db, clock, terms } = room.house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  door.onCommit(() => hub.drain());
  const timers = startTimers(clock, silentLog);
  cleanups.push(timers.stop);
  startRentals({
    ...{ db, door, clock, timers, hub, terms, log: silentLog, graceSeconds: 60 },
    readNow: async () => true,
    partsUntilMs: (iccid) => partsUntilMs(db, iccid),
    judgeWaiting: () => undefined,
  });
  for (let tries = 0; tries < 100 && endings(room, rental.id) < 1; tries++) await Bun.sleep(30);
  expect(endings(room, rental.id)).toBe(1);
  clock.pass(23 * HOUR_MS);
  for (let tries = 0; tries < 100 && endings(room, rental.id) < 2; tries++) await Bun.sleep(30);
  expect(endings(room, rental.id)).toBe(2);
});
