import { expect, test } from 'bun:test';
import { removeOffer, setOffer } from '../../src/catalogue/offers.ts';
import { balanceOf, topUp } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { setMailOn } from '../../src/mail/queue.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { reuseOrder } from '../../src/orders/reuse.ts';
import { findOrder } from '../../src/orders/view.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { type RentalTerms, rent } from '../../src/rentals/rentals.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { leaveLine, rejoinLine } from '../../src/waiting/places.ts';
import { placeJson, positionOf } from '../../src/waiting/view.ts';
import { MINUTE_MS, testSim } from '../support/house.ts';
import { makeRoom, type WaitingRoom } from './room.ts';

const HOUR_MS = 60 * MINUTE_MS;

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const thrown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof Refusal)) throw new Error(`not refused: ${String(thrown)}`);
  return thrown;
}

/** One SIM with an open order of a stranger, and somebody to wait for it. */
async function soldOut(terms: Parameters<typeof makeRoom>[0] = {}) {
  const room = makeRoom(terms);
  const iccid = room.house.sim(1);
  room.house.offer('telegram', 45);
  const stranger = room.house.customer('stranger@example.org', 10_000);
  const order = await buy(room, stranger);
  return { room, iccid, stranger, order, anna: room.house.customer('anna@example.org'), ben: room.house.customer('ben@example.org') };
}

const buy = (room: WaitingRoom, userId: string, service = 'telegram') =>
  room.door.write((tx) => placeOrder(tx, room.terms, { userId, country: 'gb', service, maxPriceMinor: null }));
const cancel = (room: WaitingRoom, userId: string, orderId: string) =>
  room.door.write((tx) => cancelOrder(tx, room.terms, { userId, orderId }));
const numbersOf = (room: WaitingRoom, userId: string) =>
  room.house.db.query<{ id: string }, [string]>("SELECT id FROM orders WHERE user_id = ? AND status = 'pending'").all(userId).length;

test('the first in line gets the number that comes free, at today’s price, with note and tags', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const first = await room.join(anna, { labels: { note: 'for QA', tags: ['qa'] } });
  const second = await room.join(ben);
  expect([positionOf(room.house.db, first), positionOf(room.house.db, second)]).toEqual([
    { position: 1, length: 2 },
    { position: 2, length: 2 },
  ]);
  await room.settle();
  expect(room.place(first.id).status).toBe('waiting');
  await cancel(room, stranger, order.id);
  await room.settle();
  const served = room.place(first.id);
  expect(served).toMatchObject({ status: 'served', endedAtMs: room.house.clock.nowMs() });
  expect(findOrder(room.house.db, served.orderId ?? '')).toMatchObject({
    userId: anna,
    note: 'for QA',
    tags: 'qa',
    priceMinor: 45,
    status: 'pending',
  });
  expect(balanceOf(room.house.db, anna, 'USD')).toMatchObject({ availableMinor: 955, heldMinor: 45 });
  expect(room.place(second.id).status).toBe('waiting');
  expect(positionOf(room.house.db, room.place(second.id))).toEqual({ position: 1, length: 1 });
  expect(room.events(anna)).toEqual(['waiting.joined', 'waiting.served']);
});

test('who orders directly gets nothing in front of those who wait, by no door', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const place = await room.join(anna);
  // In one and the same commit: the number comes free, and somebody else asks for it by every door there is.
  room.house.write((tx) => setRate(tx, 'gb', { hour: 10 }));
  const done = await Promise.allSettled([
    cancel(room, stranger, order.id),
    buy(room, ben),
    room.door.write((tx) => reuseOrder(tx, room.terms, { userId: stranger, orderId: order.id })),
    room.door.write((tx) =>
      placeOrder(tx, room.terms, { userId: ben, country: null, pick: 'cheapest', service: 'telegram', maxPriceMinor: null }),
    ),
    room.door.write((tx) =>
      rent(tx, room.terms as RentalTerms, {
        ...{ userId: ben, country: 'gb', service: null, term: { unit: 'hour', periods: 1 }, startsAtMs: null },
        ...{ name: '', autoCapMinor: null, maxPriceMinor: null },
      }),
    ),
  ]);
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected']);
  await room.settle();
  expect(room.place(place.id).status).toBe('served');
  expect(numbersOf(room, ben)).toBe(0);
});

test('when many numbers come free for many, no transaction serves more than sixteen, and who orders meanwhile is refused', async () => {
  const room = makeRoom();
  room.house.offer('telegram', 45);
  const waiters = Array.from({ length: 20 }, (_, n) => room.house.customer(`waiter${n}@example.org`));
  for (const one of waiters) await room.join(one);
  for (let n = 0; n < 21; n++) room.house.sim(n + 1);
  const rusher = room.house.customer('rusher@example.org');
  expect((await refusalOf(buy(room, rusher))).detail).toContain('go to those who wait');
  expect(room.house.db.query('SELECT count(*) FROM orders').values()).toEqual([[0]]);
  room.timers.turn(room.house.clock.nowMs());
  await room.door.idle();
  expect(waiters.map((one) => numbersOf(room, one))).toEqual(waiters.map((_, n) => (n < 16 ? 1 : 0)));
  await room.settle();
  expect(waiters.map((one) => numbersOf(room, one))).toEqual(waiters.map(() => 1));
  await buy(room, rusher);
});

test('a number that comes free by the passing of time alone goes to the line, and nobody polls for it', async () => {
  const { room, stranger, order, anna, ben } = await soldOut({ quarantineMinutes: 60 });
  const place = await room.join(anna, { hours: 5 });
  await cancel(room, stranger, order.id);
  await room.settle();
  expect(room.place(place.id).status).toBe('waiting');
  expect([...room.timers.set_.values()].map(({ atMs }) => atMs - room.house.clock.nowMs())).toEqual([HOUR_MS]);
  room.house.clock.pass(HOUR_MS);
  // Before the timer turns.
  expect((await refusalOf(buy(room, ben))).type).toBe('out_of_stock');
  await room.settle();
  expect(room.place(place.id).status).toBe('served');
});

test('a service competes with `any`, and a carrier with any carrier: one queue by who joined first', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  room.house.offer('any', 60);
  room.house.offer('telegram', 45, { carrier: 'test' });
  const all = await room.join(anna, { service: 'any', maxPriceMinor: 60 });
  const one = await room.join(ben, { carrier: 'test' });
  await cancel(room, stranger, order.id);
  await room.settle();
  expect([room.place(all.id).status, room.place(one.id).status]).toEqual(['served', 'waiting']);
});

test.each([
  ['insufficient_balance', 'the balance is short', 30],
  ['price_above_max', 'the price is too high', 1000],
] as const)('%s: passed over, told once, and served when %s no more', async (obstacle, _, available) => {
  const { room, stranger, order, ben } = await soldOut();
  room.house.write((tx) => setMailOn(tx, true));
  const cora = room.house.customer('cora@example.org', available);
  const place = await room.join(cora, { maxPriceMinor: obstacle === 'price_above_max' ? 44 : 100 });
  expect(placeJson(room.house.db, room.terms, place)).toMatchObject({ obstacle, position: 1, price: 45 });
  const behind = await room.join(ben, { maxPriceMinor: 100 });
  await cancel(room, stranger, order.id);
  await room.settle();
  expect([room.place(place.id).status, room.place(behind.id).status]).toEqual(['waiting', 'served']);
  // What was so from the start stood in the answer.
  expect(room.events(cora)).toEqual(['waiting.joined']);
  if (obstacle === 'insufficient_balance')
    room.house.write((tx) => topUp(tx, room.terms, { userId: cora, amountMinor: 500, reference: null }));
  else room.house.write((tx) => setOffer(tx, { country: 'gb', service: 'telegram', priceMinor: 44, windowMinutes: null }));
  await cancel(room, ben, room.place(behind.id).orderId ?? '');
  await room.settle();
  expect(room.place(place.id).status).toBe('served');
});

test('what came to stand in the way after joining is told once, by event and mail, however often stock comes and goes', async () => {
  const { room, stranger, order, anna } = await soldOut();
  room.house.write((tx) => setMailOn(tx, true));
  const place = await room.join(anna);
  room.house.write((tx) => setOffer(tx, { country: 'gb', service: 'telegram', priceMinor: 51, windowMinutes: null }));
  let last = order;
  for (let n = 0; n < 3; n++) {
    await cancel(room, stranger, last.id);
    await room.settle();
    last = await buy(room, stranger);
    await room.settle();
  }
  expect(room.events(anna)).toEqual(['waiting.joined', 'waiting.passed_over']);
  expect(room.place(place.id)).toMatchObject({ status: 'waiting', toldOf: 'price_above_max' });
  const mails = room.house.db
    .query<{ topic: string; payload: string }, []>("SELECT topic, payload FROM deliveries WHERE channel = 'mail'")
    .all();
  expect(mails.map(({ topic, payload }) => [topic, JSON.parse(payload)])).toEqual([
    ['waiting_list', { id: place.id, what: 'passed_over', why: 'price_above_max' }],
  ]);
});

test('who only wants to be told is told once, when buyers left something, and waits no more', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const cora = room.house.customer('cora@example.org', 0);
  const told = await room.join(cora, { mode: 'notify', maxPriceMinor: null });
  const bought = await room.join(anna);
  await cancel(room, stranger, order.id);
  await room.settle();
  expect([room.place(told.id).status, room.place(bought.id).status]).toEqual(['waiting', 'served']);
  await cancel(room, anna, room.place(bought.id).orderId ?? '');
  await room.settle();
  expect(room.place(told.id).status).toBe('available');
  await buy(room, ben);
  await room.settle();
  expect(room.events(cora)).toEqual(['waiting.joined', 'waiting.available']);
});

test('joining where there is stock: with buy it is bought at once, with notify it is said', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  await cancel(room, stranger, order.id);
  expect((await refusalOf(room.join(anna, { mode: 'notify', maxPriceMinor: null }))).type).toBe('in_stock');
  const place = await room.join(anna);
  expect(place).toMatchObject({ status: 'served' });
  expect(findOrder(room.house.db, place.orderId ?? '')).toMatchObject({ userId: anna, status: 'pending' });
  expect((await room.join(ben)).status).toBe('waiting');
});

test('what is refused, and why', async () => {
  const { room, anna } = await soldOut({ waitingPlacesMax: 2 });
  for (const [more, type, words] of [
    [{ service: 'zorbla' }, 'not_found', 'There is no offer for zorbla in gb'],
    [{ country: 'us' }, 'not_found', 'There is no offer'],
    [{ carrier: 'o2' }, 'not_found', 'there is one by any'],
    [{ service: 'paypal' }, 'service_denied', 'not offered here'],
    [{ maxPriceMinor: null }, 'validation', 'max_price says what the number may cost'],
    [{ maxPriceMinor: 0 }, 'validation', 'max_price'],
    [{ mode: 'notify' }, 'validation', 'max_price goes with mode buy'],
    [{ hours: 169 }, 'validation', 'from 1 to 168'],
    [{ hours: 0.5 }, 'validation', 'hours'],
    [{ labels: { tags: ['No Tag'] } }, 'validation', 'A tag'],
  ] as const) {
    const refusal = await refusalOf(room.join(anna, more as object));
    expect({ type: refusal.type, said: refusal.detail }).toEqual({ type, said: expect.stringContaining(words) });
  }
  const place = await room.join(anna);
  expect(await refusalOf(room.join(anna, { mode: 'notify', maxPriceMinor: null }))).toMatchObject({
    type: 'already_exists',
    extra: { id: place.id },
  });
  room.house.offer('google', 30);
  await room.door.write((tx) => simOffline(tx, testSim(1)));
  await room.join(anna, { service: 'google' });
  room.house.offer('signal', 30);
  expect((await refusalOf(room.join(anna, { service: 'signal' }))).type).toBe('limit_reached');
  const none = makeRoom({ waitingPlacesMax: 0 });
  expect((await refusalOf(none.join(none.house.customer('anna@example.org')))).type).toBe('forbidden');
});

test('leaving, and taking that back with the place as it was, for ten minutes', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const first = await room.join(anna);
  const second = await room.join(ben);
  const leave = () => room.door.write((tx) => leaveLine(tx, room.terms, { userId: anna, id: first.id }));
  const rejoin = () => room.door.write((tx) => rejoinLine(tx, room.terms, { userId: anna, id: first.id }));
  expect((await refusalOf(room.door.write((tx) => leaveLine(tx, room.terms, { userId: ben, id: first.id })))).type).toBe('not_found');
  expect(await leave()).toMatchObject({ status: 'left' });
  expect((await refusalOf(leave())).type).toBe('too_late');
  expect(positionOf(room.house.db, room.place(second.id))?.position).toBe(1);
  expect(await rejoin()).toMatchObject({ status: 'waiting' });
  expect(await rejoin()).toMatchObject({ status: 'waiting' });
  expect(positionOf(room.house.db, room.place(second.id))?.position).toBe(2);
  await cancel(room, stranger, order.id);
  await room.settle();
  expect(room.place(first.id).status).toBe('served');
  expect((await refusalOf(leave())).detail).toContain('the number was bought');
  expect((await refusalOf(rejoin())).type).toBe('too_late');
  const third = await room.join(anna);
  await room.door.write((tx) => leaveLine(tx, room.terms, { userId: anna, id: third.id }));
  room.house.clock.pass(10 * MINUTE_MS);
  expect((await refusalOf(room.door.write((tx) => rejoinLine(tx, room.terms, { userId: anna, id: third.id })))).type).toBe('too_late');
});

test('a place expires on time, and one that is over is not served', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const short = await room.join(anna, { hours: 1 });
  const long = await room.join(ben, { hours: 2 });
  room.house.clock.pass(HOUR_MS);
  await Promise.all([cancel(room, stranger, order.id), room.settle()]);
  await room.settle();
  expect([room.place(short.id).status, room.place(long.id).status]).toEqual(['expired', 'served']);
  expect(room.events(anna)).toEqual(['waiting.joined', 'waiting.expired']);
});

test('an offer that is removed, a suspended customer: the place stays, the removal is told once, and it goes on when it is back', async () => {
  const { room, stranger, order, anna, ben } = await soldOut();
  const first = await room.join(anna);
  const second = await room.join(ben);
  await room.door.write((tx) => removeOffer(tx, 'gb', 'telegram'));
  await room.settle();
  expect(room.events(anna)).toEqual(['waiting.joined', 'waiting.passed_over']);
  await cancel(room, stranger, order.id);
  room.house.db.run("UPDATE users SET state = 'blocked' WHERE id = ?", [anna]);
  await room.door.write((tx) => setOffer(tx, { country: 'gb', service: 'telegram', priceMinor: 45, windowMinutes: null }));
  await room.settle();
  expect([room.place(first.id).status, room.place(second.id).status]).toEqual(['waiting', 'served']);
  room.house.db.run("UPDATE users SET state = 'active' WHERE id = ?", [anna]);
  await cancel(room, ben, room.place(second.id).orderId ?? '');
  await room.settle();
  expect(room.place(first.id).status).toBe('served');
  expect(room.events(anna)).toEqual(['waiting.joined', 'waiting.passed_over', 'waiting.served']);
});

test('a service that is denied meanwhile is bought for nobody', async () => {
  const { room, anna } = await soldOut({ allow: ['payment'] });
  room.house.write((tx) => setOffer(tx, { country: 'gb', service: 'paypal', priceMinor: 45, windowMinutes: null }, room.terms));
  await room.door.write((tx) => simOffline(tx, testSim(1)));
  const place = await room.join(anna, { service: 'paypal' });
  (room.terms.allow as string[]).length = 0;
  await room.door.write((tx) => simOnline(tx, testSim(1)));
  await room.settle();
  expect(room.place(place.id)).toMatchObject({ status: 'waiting', toldOf: 'service_denied' });
});

test('the wall clock set back and forth: the order of the line stays, and nothing is served or expired twice', async () => {
  const { room, anna, ben } = await soldOut();
  const first = await room.join(anna, { hours: 2 });
  room.house.clock.setForward(-30 * MINUTE_MS);
  const second = await room.join(ben, { hours: 1 });
  for (const jump of room.timers.jumps) jump(-30 * MINUTE_MS);
  await room.settle();
  room.house.sim(2);
  // As after a commit of a command beside the server.
  await room.door.write(() => {});
  await room.settle();
  expect([room.place(first.id).status, room.place(second.id).status]).toEqual(['served', 'waiting']);
  room.house.clock.setForward(5 * HOUR_MS);
  for (const jump of room.timers.jumps) jump(5 * HOUR_MS);
  await room.settle();
  expect([room.place(first.id).status, room.place(second.id).status]).toEqual(['served', 'expired']);
});
