/** When the next number of a line is expected to be free, and which ended places still stand beside those that wait. */
import { expect, test } from 'bun:test';
import { Refusal } from '../../src/lib/errors.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { leaveLine } from '../../src/waiting/places.ts';
import { adminWaitingView, placesView, waitingView } from '../../src/waiting/present.ts';
import { placeAnswer, placeJson } from '../../src/waiting/view.ts';
import { pushWaiting } from '../../views/waiting/page.tsx';
import { MINUTE_MS } from '../support/house.ts';
import { makeRoom } from './room.ts';

/** One number, sold to a stranger; numbers rest for an hour. */
async function soldOut(quarantineMinutes = 60) {
  const room = makeRoom({ quarantineMinutes });
  const { house, door, terms } = room;
  const { db, clock } = house;
  house.sim(1);
  house.offer('telegram', 45);
  const stranger = house.customer('stranger@example.org', 10_000);
  const buy = (userId: string) =>
    door.write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const cancel = (userId: string, orderId: string) => door.write((tx) => cancelOrder(tx, terms, { userId, orderId }));
  const sources = { db, terms, nowMs: clock.nowMs };
  const order = await buy(stranger);
  return { room, sources, stranger, order, buy, cancel, anna: house.customer('anna@example.org') };
}

test('an open order, then its rest, say when the next number is free; then it is bought', async () => {
  const { room, sources, stranger, order, cancel, anna } = await soldOut();
  const { clock, db } = room.house;
  const place = await room.join(anna);
  const answer = () => placeAnswer(db, room.terms, room.place(place.id), clock.nowMs());
  expect(answer()).toMatchObject({ obstacle: null, next_free_at: new Date(order.expiresAtMs + 60 * MINUTE_MS).toISOString() });
  clock.pass(5 * MINUTE_MS);
  await cancel(stranger, order.id);
  await room.settle();
  const freeAtMs = clock.nowMs() + 60 * MINUTE_MS;
  expect(answer().next_free_at).toBe(new Date(freeAtMs).toISOString());
  expect(placesView(sources, anna)[0]).toMatchObject({ nextFreeAtMs: freeAtMs, restMinutes: 60 });
  expect(adminWaitingView(sources).lines[0]).toMatchObject({ stock: 0, nextFreeAtMs: freeAtMs });
  expect(placeJson(db, room.terms, room.place(place.id))).not.toHaveProperty('next_free_at');
  const page = pushWaiting(waitingView(sources, anna));
  expect(page).toContain('Numbers rest for 1 hour after an order.');
  expect(page).toContain(new Date(freeAtMs).toISOString());
  clock.pass(60 * MINUTE_MS);
  await room.settle();
  expect(room.place(place.id).status).toBe('served');
  expect(answer().next_free_at).toBeNull();
});

test('where every SIM is away nobody says when', async () => {
  const { room, sources, anna } = await soldOut();
  room.house.db.run('UPDATE sims SET online = 0');
  await room.join(anna);
  expect(placesView(sources, anna)[0]).toMatchObject({ nextFreeAtMs: null });
  expect(pushWaiting(waitingView(sources, anna))).toContain('When the next is free is not known.');
});

test('a place left is not offered again when the line was joined, or the number bought, since', async () => {
  const { room, sources, stranger, order, cancel, anna } = await soldOut(0);
  room.house.clock.pass(5 * MINUTE_MS);
  const first = await room.join(anna);
  await room.door.write((tx) => leaveLine(tx, room.terms, { userId: anna, id: first.id }));
  expect(placesView(sources, anna)).toMatchObject([{ id: first.id, status: 'left', rejoinUntilMs: expect.any(Number) }]);
  expect(pushWaiting(waitingView(sources, anna))).toContain('Just ended');
  room.house.clock.pass(1000);
  const second = await room.join(anna);
  expect(placesView(sources, anna)).toMatchObject([{ id: second.id, status: 'waiting' }]);
  expect(pushWaiting(waitingView(sources, anna))).toContain('You wait in line.');
  await cancel(stranger, order.id);
  await room.settle();
  expect(room.place(second.id).status).toBe('served');
  expect(placesView(sources, anna)).toEqual([]);
  const page = pushWaiting(waitingView(sources, anna));
  expect(page).not.toContain('You wait in line.');
  expect(page).not.toContain('Take it back');
});

test('a place left is not offered again when its customer bought the number since', async () => {
  const { room, sources, stranger, order, buy, cancel, anna } = await soldOut(0);
  room.house.clock.pass(5 * MINUTE_MS);
  const first = await room.join(anna);
  await room.door.write((tx) => leaveLine(tx, room.terms, { userId: anna, id: first.id }));
  await cancel(stranger, order.id);
  room.house.clock.pass(1000);
  await buy(anna);
  expect(placesView(sources, anna)).toEqual([]);
});

test('an order without stock names the waiting list where there is one', async () => {
  const { room, buy, anna } = await soldOut();
  const refused = await buy(anna).catch((thrown: unknown) => thrown);
  if (!(refused instanceof Refusal)) throw new Error('sold twice');
  expect(refused).toMatchObject({ type: 'out_of_stock', extra: { waiting_list: '/api/v1/waiting' } });
  expect(refused.detail).toContain('wait in line for one: POST /api/v1/waiting');
  const order = { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null };
  const without = await room.door
    .write((tx) => placeOrder(tx, { ...room.terms, waitingPlacesMax: 0 }, order))
    .catch((thrown: unknown) => thrown);
  if (!(without instanceof Refusal)) throw new Error('sold twice');
  expect([without.detail.includes('waiting'), without.extra]).toEqual([false, {}]);
});
