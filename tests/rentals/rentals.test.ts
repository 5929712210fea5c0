import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { debit, ledgerOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { cancelOrder, endWindow } from '../../src/orders/orders.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { changeRental, endRental, extendRental, returnedAtEnd } from '../../src/rentals/rentals.ts';
import { changesOf, chargesOf, messagesOfRental, presentRental } from '../../src/rentals/view.ts';
import { DAY_MS, HOUR_MS, makeRoom, type Room } from './room.ts';

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const extend = (room: Room, rentalId: string, change: { unit?: 'hour' | 'day' | 'week'; periods?: number; max?: number } = {}) =>
  room.house.write((tx) =>
    extendRental(tx, room.house.terms, {
      userId: room.anna,
      rentalId,
      term: { unit: change.unit ?? 'day', periods: change.periods ?? 1 },
      maxPriceMinor: change.max ?? null,
    }),
  );
const end = (room: Room, rentalId: string, minReturnedMinor: number | null = null, userId = room.anna) =>
  room.house.write((tx) => endRental(tx, room.house.terms, { userId, rentalId, minReturnedMinor }));

test('a rental starts at once: a number, the price held, an event', () => {
  const room = makeRoom();
  const rental = room.rent({ name: '  for\tthe  tests ' });
  expect(rental).toMatchObject({ status: 'active', reason: 'started', number: '+447700900001', priceMinor: 800, name: 'for the tests' });
  expect(rental.endsAtMs - rental.startsAtMs).toBe(2 * DAY_MS);
  expect(room.balance()).toEqual([4200, 800]);
  expect(room.events(rental.id)).toEqual(['rental.started']);
  expect(room.audit()).toEqual([]);
});

test('the first message earns the price once, whatever it says, and all of them are in the inbox', () => {
  const room = makeRoom();
  const rental = room.rent();
  expect(room.sms()).toMatchObject({ matched: 1 });
  expect(room.sms('Telegram code: 48213', 'Telegram')).toMatchObject({ matched: 1 });
  expect(room.balance()).toEqual([4200, 0]);
  expect(messagesOfRental(room.house.db, rental.id, { limit: 10 }).map(({ code }) => code)).toEqual(['48213', null]);
  expect(messagesOfRental(room.house.db, rental.id, { limit: 10, search: 'dinner' })).toHaveLength(1);
  expect(messagesOfRental(room.house.db, rental.id, { limit: 10, search: '%' })).toHaveLength(0);
  expect(room.events(rental.id)).toEqual(['rental.started', 'rental.message', 'rental.message']);
  expect(room.audit()).toEqual([]);
});

test('with a service, only its codes are the customer’s, and only they earn the price', () => {
  const room = makeRoom();
  const rental = room.rent({ service: 'telegram' });
  room.sms();
  room.sms('G-482913 is your Google verification code.', 'Google');
  expect([room.balance(), messagesOfRental(room.house.db, rental.id, { limit: 10 }).length]).toEqual([[4200, 800], 0]);
  room.sms('Telegram code: 48213', 'Telegram');
  expect([room.balance(), messagesOfRental(room.house.db, rental.id, { limit: 10 }).length]).toEqual([[4200, 0], 1]);
});

test('a denied kind reaches no rental and earns nothing', () => {
  const room = makeRoom();
  room.rent();
  expect(room.sms('HSBC: your one-time passcode to log on is 482913. Never share it.', 'HSBC')).toMatchObject({ matched: 0, unmatched: 1 });
  expect(room.balance()).toEqual([4200, 800]);
});

test.each([
  ['a country without rates', { country: 'us' }, 'not_found'],
  ['a unit without a price', { term: { unit: 'week', periods: 1 } }, 'validation'],
  ['no period at all', { term: { unit: 'day', periods: 0 } }, 'validation'],
  ['more than fits the unit', { term: { unit: 'hour', periods: 169 } }, 'validation'],
  ['half a day', { term: { unit: 'day', periods: 0.5 } }, 'validation'],
  ['a start in the past', { startsAtMs: 5 }, 'validation'],
  ['a start too far ahead', { startsAtMs: 9e15 }, 'validation'],
  ['a denied service', { service: 'paypal' }, 'service_denied'],
  ['more than the customer allows', { maxPriceMinor: 799 }, 'price_above_max'],
  ['more than the balance', { term: { unit: 'day', periods: 13 } }, 'insufficient_balance'],
  ['a name without end', { name: 'x'.repeat(61) }, 'validation'],
] as const)('%s is refused and leaves nothing', (_, change, type) => {
  const room = makeRoom();
  room.house.write((tx) => setRate(tx, 'gb', { week: null }));
  expect(refusal(() => room.rent(change)).type).toBe(type);
  expect(room.house.db.query('SELECT (SELECT count(*) FROM rentals) + (SELECT count(*) FROM rental_charges) AS n').get()).toEqual({ n: 0 });
  expect(room.balance()).toEqual([5000, 0]);
});

test('a SIM in a rental serves no order and no second rental; the next free time is told', () => {
  const room = makeRoom();
  const rental = room.rent();
  const bob = room.house.customer('bob@example.org');
  expect(refusal(() => room.order(bob)).type).toBe('out_of_stock');
  const refused = refusal(() => room.rent({ userId: bob, term: { unit: 'hour', periods: 1 } }));
  expect(refused.type).toBe('out_of_stock');
  expect(refused.extra).toEqual({ next_free_at: new Date(rental.endsAtMs + HOUR_MS).toISOString() });
  // And it can be booked for then.
  const booked = room.rent({ userId: bob, term: { unit: 'hour', periods: 1 }, startsAtMs: rental.endsAtMs + HOUR_MS });
  expect(booked).toMatchObject({ status: 'scheduled', reason: 'booked', number: rental.number });
});

test('a SIM with an open order is not rented, nor one that rests after one of a service that the rental would see', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const order = room.order(bob);
  const freeAt = order.expiresAtMs + HOUR_MS;
  expect(refusal(() => room.rent()).extra).toEqual({ next_free_at: new Date(freeAt).toISOString() });
  expect(refusal(() => room.rent({ service: 'google' })).extra).toEqual({ next_free_at: new Date(order.expiresAtMs).toISOString() });
  room.house.write((tx) => cancelOrder(tx, room.house.terms, { userId: bob, orderId: order.id }));
  expect(refusal(() => room.rent()).type).toBe('out_of_stock');
  expect(refusal(() => room.rent({ service: 'telegram' })).type).toBe('out_of_stock');
  expect(room.rent({ service: 'google' }).status).toBe('active');
});

test('after a rental its SIM rests, for orders and rentals alike', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  end(room, room.rent().id);
  expect(refusal(() => room.order(bob)).type).toBe('out_of_stock');
  expect(refusal(() => room.rent({ userId: bob, term: { unit: 'hour', periods: 1 } })).type).toBe('out_of_stock');
  room.house.clock.pass(HOUR_MS + 1);
  expect(room.order(bob).status).toBe('pending');
});

test('a rental uses the number up for the services whose codes came, for everybody else', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const rental = room.rent();
  room.sms('Telegram code: 48213', 'Telegram');
  room.sms();
  end(room, rental.id);
  room.house.clock.pass(HOUR_MS + 1);
  expect(refusal(() => room.order(bob, 'telegram')).type).toBe('out_of_stock');
  expect(refusal(() => room.rent({ userId: bob, term: { unit: 'hour', periods: 1 } })).type).toBe('out_of_stock');
  expect(room.rent({ userId: bob, service: 'google', term: { unit: 'hour', periods: 1 } }).status).toBe('active');
});

test('chatter alone uses a number up for nothing', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const rental = room.rent();
  room.sms();
  end(room, rental.id);
  room.house.clock.pass(HOUR_MS + 1);
  expect(room.rent({ userId: bob, term: { unit: 'hour', periods: 1 } }).status).toBe('active');
});

test('a booking keeps its SIM from orders that could reach into it, and from codes that would spoil it', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const startsAtMs = room.house.clock.nowMs() + 5 * HOUR_MS;
  room.rent({ service: 'telegram', startsAtMs });
  // A code of Telegram would use the number up before the start; one of Google would not.
  expect(refusal(() => room.order(bob, 'telegram')).type).toBe('out_of_stock');
  expect(refusal(() => room.order(bob, 'any')).type).toBe('out_of_stock');
  const order = room.order(bob, 'google');
  room.house.clock.pass(20 * 60_000);
  room.house.write((tx) => endWindow(tx, room.house.terms, order.id));
  // 3:45 before the start there is room for a window and the rest after it; 1:15 before there is not.
  room.house.clock.pass(3.4 * HOUR_MS);
  expect(refusal(() => room.order(bob, 'google')).type).toBe('out_of_stock');
});

test('where no number is ever used up, a booking leaves its SIM to orders that end before it', () => {
  const room = makeRoom({ reuseDays: 0, quarantineMinutes: 0 });
  const bob = room.house.customer('bob@example.org');
  room.rent({ startsAtMs: room.house.clock.nowMs() + HOUR_MS });
  expect(room.order(bob).status).toBe('pending');
  room.house.clock.pass(41 * 60_000);
  expect(refusal(() => room.order(bob, 'google')).type).toBe('out_of_stock');
});

test('extending: at the price then shown, held before the first message and earned at once after it', () => {
  const room = makeRoom();
  const rental = room.rent();
  room.house.write((tx) => setRate(tx, 'gb', { day: 500 }));
  expect(refusal(() => extend(room, rental.id, { max: 499 })).type).toBe('price_above_max');
  expect(extend(room, rental.id, { max: 500 })).toMatchObject({ priceMinor: 1300, endsAtMs: rental.endsAtMs + DAY_MS });
  expect(room.balance()).toEqual([3700, 1300]);
  room.sms();
  expect(room.balance()).toEqual([3700, 0]);
  extend(room, rental.id, { unit: 'hour', periods: 2 });
  expect(room.balance()).toEqual([3540, 0]);
  expect(chargesOf(room.house.db, rental.id).map(({ unit, periods, priceMinor }) => [unit, periods, priceMinor])).toEqual([
    ['day', 2, 800],
    ['day', 1, 500],
    ['hour', 2, 160],
  ]);
  expect(room.events(rental.id)).toEqual(['rental.started', 'rental.extended', 'rental.message', 'rental.extended']);
  expect(room.audit()).toEqual([]);
});

test.each([
  ['one of somebody else', (room: Room) => extend(room, 'rnt_none'), 'not_found'],
  [
    'one that has not started',
    (room: Room) => extend(room, room.rent({ startsAtMs: room.house.clock.nowMs() + 1 }).id),
    'rental_not_active',
  ],
  ['one that has ended', (room: Room) => extend(room, end(room, room.rent().id).id), 'rental_not_active'],
  [
    'beyond a year',
    (room: Room) => extend(room, room.rent({ term: { unit: 'hour', periods: 1 } }).id, { unit: 'week', periods: 53 }),
    'validation',
  ],
  ['beyond the balance', (room: Room) => extend(room, room.rent().id, { periods: 11 }), 'insufficient_balance'],
] as const)('extending %s is refused', (_, work, type) => {
  const room = makeRoom();
  expect(refusal(() => work(room)).type).toBe(type);
  expect(room.audit()).toEqual([]);
});

test('a number that is booked by somebody else afterwards is extended only until then', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const rental = room.rent();
  const startsAtMs = rental.endsAtMs + 5 * HOUR_MS;
  room.rent({ userId: bob, term: { unit: 'hour', periods: 1 }, startsAtMs });
  const refused = refusal(() => extend(room, rental.id));
  expect(refused.type).toBe('out_of_stock');
  expect(refused.extra).toEqual({
    free_until: new Date(startsAtMs - HOUR_MS).toISOString(),
    next_free_at: new Date(startsAtMs + 2 * HOUR_MS).toISOString(),
  });
  expect(extend(room, rental.id, { unit: 'hour', periods: 4 }).endsAtMs).toBe(startsAtMs - HOUR_MS);
  expect(room.balance()).toEqual([5000 - 800 - 320, 1120]);
});

test('ending early without a message gives everything back, extensions too, exactly once', () => {
  const room = makeRoom();
  const rental = room.rent();
  extend(room, rental.id);
  room.house.clock.pass(HOUR_MS);
  expect(end(room, rental.id)).toMatchObject({ status: 'ended', reason: 'ended_by_customer' });
  expect(room.balance()).toEqual([5000, 0]);
  expect(refusal(() => end(room, rental.id)).type).toBe('rental_not_active');
  expect(room.balance()).toEqual([5000, 0]);
  expect(room.events(rental.id)).toEqual(['rental.started', 'rental.extended', 'rental.ended']);
  expect(presentRental(room.house.db, room.now(rental))).toMatchObject({ price: 1200, returned: 1200 });
  expect(room.audit()).toEqual([]);
});

test('ending early after a message gives the whole unused periods back, as it was said before', () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'day', periods: 3 } });
  extend(room, rental.id, { unit: 'hour', periods: 5 });
  room.sms();
  room.house.clock.pass(DAY_MS + HOUR_MS);
  const said = returnedAtEnd(room.house, room.house.terms, room.now(rental), room.house.clock.nowMs());
  expect(said).toBe(400 + 400);
  room.house.clock.pass(1);
  expect(refusal(() => end(room, rental.id, said + 1)).type).toBe('too_late');
  end(room, rental.id, said);
  expect(room.balance()).toEqual([5000 - 1600 + said, 0]);
  expect(ledgerOf(room.house.db, room.anna, { limit: 2, cursor: null }).map(({ kind, availableMinor }) => [kind, availableMinor])).toEqual([
    ['partial_refund', 400],
    ['partial_refund', 400],
  ]);
  expect(presentRental(room.house.db, room.now(rental))).toMatchObject({ price: 1600, returned: 800 });
  expect(room.audit()).toEqual([]);
});

test('where the operator does not allow it, nothing that was earned comes back', () => {
  const room = makeRoom({ refundUnused: false });
  const rental = room.rent();
  room.sms();
  expect(returnedAtEnd(room.house, room.house.terms, room.now(rental), room.house.clock.nowMs())).toBe(0);
  end(room, rental.id, 0);
  expect(room.balance()).toEqual([4200, 0]);
});

test('a booking can be canceled for a full refund, and nobody else’s', () => {
  const room = makeRoom();
  const bob = room.house.customer('bob@example.org');
  const rental = room.rent({ startsAtMs: room.house.clock.nowMs() + DAY_MS });
  expect(room.balance()).toEqual([4200, 800]);
  expect(refusal(() => end(room, rental.id, null, bob)).type).toBe('not_found');
  expect(end(room, rental.id)).toMatchObject({ status: 'canceled', reason: 'canceled_by_customer' });
  expect(room.balance()).toEqual([5000, 0]);
  expect(room.events(rental.id)).toEqual(['rental.booked', 'rental.ended']);
  // The SIM was never used: no rest.
  expect(room.order(bob).status).toBe('pending');
});

test('a rental has a name and a limit for extensions by itself, which can be taken back', () => {
  const room = makeRoom();
  const { id: rentalId } = room.rent();
  const change = (to: { name?: string; autoCapMinor?: number | null }) =>
    room.house.write((tx) => changeRental(tx, { userId: room.anna, rentalId, ...to }));
  expect(change({ name: 'QA' })).toMatchObject({ name: 'QA', autoCapMinor: null });
  expect(change({ autoCapMinor: 900 })).toMatchObject({ name: 'QA', autoCapMinor: 900 });
  expect(change({ autoCapMinor: null })).toMatchObject({ autoCapMinor: null });
  end(room, rentalId);
  expect(change({ name: 'old' })).toMatchObject({ name: 'old' });
  expect(refusal(() => change({ autoCapMinor: 900 })).type).toBe('rental_not_active');
});

test('the history of a rental says what happened, newest first', () => {
  const room = makeRoom();
  const rental = room.rent();
  extend(room, rental.id);
  end(room, rental.id);
  expect(changesOf(room.house.db, rental.id).map(({ status, reason, addedMs }) => [status, reason, addedMs])).toEqual([
    ['ended', 'ended_by_customer', 0],
    ['active', 'extended', DAY_MS],
    ['active', 'started', 0],
  ]);
});

test('neither an order on a rented SIM nor a rental on a busy one can be written at all', () => {
  const room = makeRoom({}, 2);
  const bob = room.house.customer('bob@example.org');
  const order = room.order(bob);
  const rental = room.rent();
  expect(rental.iccid).not.toBe(order.iccid);
  const { db } = room.house;
  expect(() => db.run('UPDATE orders SET iccid = ? WHERE id = ?', [rental.iccid, order.id])).not.toThrow();
  expect(() =>
    db.run(`INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms,
    expires_at_ms, received_at_ms, ended_at_ms, code, last_event) SELECT 'x', user_id, iccid, country, 'other', number, price_minor, currency, status, reason, created_at_ms,
    expires_at_ms, received_at_ms, ended_at_ms, code, last_event FROM orders`),
  ).toThrow('the SIM is in a rental');
  for (const table of ['rental_changes', 'rental_charges']) {
    expect(() => db.run(`DELETE FROM ${table}`)).toThrow('append only');
  }
});

test('an operator takes back what is available, with a reason, and no more', () => {
  const room = makeRoom();
  const take = (amountMinor: number) =>
    room.house.write((tx) => debit(tx, room.house.terms, { userId: room.anna, amountMinor, reason: 'chargeback' }));
  take(1000);
  expect(room.balance()).toEqual([4000, 0]);
  expect(refusal(() => take(4001)).type).toBe('insufficient_balance');
  expect(ledgerOf(room.house.db, room.anna, { limit: 1, cursor: null })).toMatchObject([
    { kind: 'debit', reason: 'chargeback', availableMinor: -1000 },
  ]);
  expect(room.audit()).toEqual([]);
});

test('the stock that is shown knows of rentals, rests and bookings as the sale does', () => {
  const room = makeRoom({}, 4);
  const { house } = room;
  const stock = (service: string) =>
    listOffers(house.db, house.terms, house.clock.nowMs()).find((offer) => offer.service === service)?.stock;
  expect(stock('telegram')).toBe(4);
  const running = room.rent();
  end(room, room.rent().id);
  room.rent({ service: 'google', startsAtMs: house.clock.nowMs() + 9 * HOUR_MS });
  expect([stock('telegram'), stock('google'), stock('any')]).toEqual([2, 1, 1]);
  // What is shown can be had, and no more.
  const bob = house.customer('bob@example.org');
  for (const _ of [1, 2]) room.order(bob, 'telegram');
  expect(refusal(() => room.order(bob, 'telegram')).type).toBe('out_of_stock');
  expect(stock('telegram')).toBe(0);
  house.clock.pass(HOUR_MS + 1);
  expect(running.status).toBe('active');
  expect(stock('google')).toBe(2);
});
