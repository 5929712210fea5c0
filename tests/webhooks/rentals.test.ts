/** An endpoint that gets the events of certain rentals only. */
import { expect, test } from 'bun:test';
import { placeOrder } from '../../src/orders/orders.ts';
import { endRental } from '../../src/rentals/rentals.ts';
import { replaySince } from '../../src/webhooks/replay.ts';
import { changeWebhook, createWebhook } from '../../src/webhooks/webhooks.ts';
import { makeRoom } from '../rentals/room.ts';

const URL = 'https://example.org/hook';

function scene() {
  const room = makeRoom({}, 3);
  const { house, anna } = room;
  const [one, two] = [room.rent(), room.rent()];
  const make = (rentals: string[] | null) =>
    house.write((tx) => createWebhook(tx, house.terms.random, { userId: anna, url: URL, description: '', events: null, rentals })).webhook;
  const queued = () =>
    house.db
      .query<{ topic: string; lane: string | null }, []>(
        "SELECT topic, lane FROM deliveries WHERE channel = 'webhook' AND topic <> 'balance.changed' ORDER BY seq",
      )
      .all();
  const end = (rentalId: string) => house.write((tx) => endRental(tx, house.terms, { userId: anna, rentalId, minReturnedMinor: null }));
  return { ...room, one, two, make, queued, end };
}

test('gets theirs, and all that is of no rental as before', () => {
  const s = scene();
  expect(s.make([s.one.id, s.one.id]).rentals).toEqual([s.one.id]);
  s.end(s.two.id);
  s.house.write((tx) => placeOrder(tx, s.house.terms, { userId: s.anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  s.end(s.one.id);
  expect(s.queued().map(({ topic, lane }) => [topic, lane === s.one.id])).toEqual([
    ['order.created', false],
    ['rental.ended', true],
  ]);
});

test('without a choice, and after it was taken back, gets all', () => {
  const s = scene();
  const { id } = s.make([]);
  expect(s.make.length).toBe(1);
  s.house.write((tx) => changeWebhook(tx, { userId: s.anna, id, changes: { rentals: [s.one.id] } }));
  expect(s.house.write((tx) => changeWebhook(tx, { userId: s.anna, id, changes: { paused: false } })).rentals).toEqual([s.one.id]);
  expect(s.house.write((tx) => changeWebhook(tx, { userId: s.anna, id, changes: { rentals: null } })).rentals).toBeNull();
  s.end(s.two.id);
  expect(s.queued().map(({ topic }) => topic)).toEqual(['rental.ended']);
});

test('refuses what is no rental of the customer’s own', () => {
  const s = scene();
  const ben = s.house.customer('ben@example.org', 5000);
  const other = s.rent({ userId: ben });
  for (const id of [other.id, 'rnt_none', '']) expect(() => s.make([s.one.id, id])).toThrow('rentals may hold ids of your own rentals');
});

test('is sent what it missed of them alone, in the lane of each', async () => {
  const s = scene();
  s.end(s.two.id);
  s.end(s.one.id);
  const { id } = s.make([s.one.id]);
  const door = { write: async <T>(verb: Parameters<typeof s.house.write<T>>[0]) => s.house.write(verb) };
  await replaySince(door, { userId: s.anna, id, sinceMs: s.house.clock.nowMs(), missed: true });
  expect(s.queued().map(({ topic, lane }) => [topic, lane])).toEqual([
    ['rental.started', s.one.id],
    ['rental.ended', s.one.id],
  ]);
});
