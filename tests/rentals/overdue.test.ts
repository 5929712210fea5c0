/** Rentals whose end passed while nobody could look: nobody pays for time that is gone. */
import { expect, test } from 'bun:test';
import { addOutage, endOfTime } from '../../src/rentals/life.ts';
import { changeRental, extendRental } from '../../src/rentals/rentals.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { MINUTE_MS, testSim } from '../support/house.ts';
import { HOUR_MS, makeRoom } from './room.ts';

const HOURLY = { term: { unit: 'hour' as const, periods: 1 }, autoCapMinor: 2000 };

test('extended by itself after its end, a period is bought from now on, and once: not one for each that went by', () => {
  const room = makeRoom({ outageMinutes: 10 });
  const rental = room.rent(HOURLY);
  room.sms();
  // Away from 5 minutes before the end: too short an outage within the rental to give time back.
  room.house.clock.pass(HOUR_MS - 5 * MINUTE_MS);
  room.house.write((tx) => simOffline(tx, testSim(1)));
  room.house.clock.pass(6 * HOUR_MS);
  room.house.write((tx) => {
    const sinceMs = simOnline(tx, testSim(1));
    return sinceMs === null ? null : addOutage(tx, room.house.terms, room.iccid, sinceMs);
  });
  for (let looks = 0; looks < 10; looks++) room.house.write((tx) => endOfTime(tx, room.house.terms, rental.id));
  const now = room.now(rental);
  expect([now.status, now.autoSpentMinor, now.endsAtMs - room.house.clock.nowMs()]).toEqual(['active', 80, HOUR_MS]);
  expect(room.audit()).toEqual([]);
});

test('extended by its customer while it waits for its modem after its end, it runs that long from now on', () => {
  const room = makeRoom({ outageMinutes: 10 });
  const rental = room.rent({ term: HOURLY.term });
  room.house.clock.pass(30 * MINUTE_MS);
  room.house.write((tx) => simOffline(tx, testSim(1)));
  room.house.clock.pass(3 * HOUR_MS);
  const asked = { userId: room.anna, rentalId: rental.id, term: HOURLY.term, maxPriceMinor: null };
  const { endsAtMs } = room.house.write((tx) => extendRental(tx, room.house.terms, asked));
  expect(endsAtMs).toBe(room.house.clock.nowMs() + HOUR_MS);
});

test('a limit below what was spent extends nothing, and says so once', () => {
  const room = makeRoom();
  const rental = room.rent(HOURLY);
  room.house.write((tx) => changeRental(tx, { userId: room.anna, rentalId: rental.id, autoCapMinor: 1 }));
  room.house.clock.pass(HOUR_MS);
  room.house.write((tx) => endOfTime(tx, room.house.terms, rental.id));
  expect(room.now(rental)).toMatchObject({ status: 'ended', autoSpentMinor: 0 });
});
