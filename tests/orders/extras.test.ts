import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { placeOrders } from '../../src/orders/batch.ts';
import { awaitAnother, extendOrder } from '../../src/orders/extend.ts';
import { labelOrder, tagsTyped } from '../../src/orders/labels.ts';
import { cancelOrder, endWindow, finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { reportOrder } from '../../src/orders/reports.ts';
import { quoteReuse, reuseOrder } from '../../src/orders/reuse.ts';
import { findOrder, listOrders, presentOrder } from '../../src/orders/view.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { rent } from '../../src/rentals/rentals.ts';
import { frequentReporters, liftNumber, retireAgain, retiredCounts, retiredNumbers } from '../../src/sims/retired.ts';
import { MINUTE_MS, makeHouse } from '../support/house.ts';

function shop(terms: Parameters<typeof makeHouse>[0] = {}, sims = 3) {
  const house = makeHouse(terms);
  const iccids = Array.from({ length: sims }, (_, index) => house.sim(index + 1));
  house.offer('telegram', 45);
  house.offer('any', 60);
  const anna = house.customer('anna@example.org');
  const bob = house.customer('bob@example.org');
  const buy = (userId: string, labels = {}) =>
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null, labels }));
  const many = (userId: string, count: number, fill: 'all' | 'available' = 'all', maxPriceMinor: number | null = null) =>
    house.write((tx) => placeOrders(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor, count, fill }));
  return { ...house, house, iccids, anna, bob, buy, many };
}

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}

test('several at once are different numbers, each with its price held', () => {
  const { db, anna, many } = shop();
  const { orders, short } = many(anna, 3);
  expect(short).toBeNull();
  expect(new Set(orders.map(({ number }) => number)).size).toBe(3);
  expect(balanceOf(db, anna, 'USD')).toMatchObject({ availableMinor: 1000 - 135, heldMinor: 135 });
  expect(auditLedger(db)).toEqual([]);
});

test('all or nothing: one too many leaves no order, no event and no money moved', () => {
  const { db, anna, many } = shop();
  const refused = refusal(() => many(anna, 4));
  expect(refused).toMatchObject({ type: 'out_of_stock', extra: { requested: 4, possible: 3 } });
  expect(refused.detail).toBe('Only 3 of 4 numbers can be had: there are no more. Nothing was charged.');
  expect(db.query("SELECT 1 FROM orders UNION ALL SELECT 1 FROM events WHERE type = 'order.created'").all()).toEqual([]);
  expect(balanceOf(db, anna, 'USD')).toMatchObject({ availableMinor: 1000, heldMinor: 0 });
});

test('as many as there are, and as the balance covers', () => {
  const { db, house, anna, many } = shop();
  const poor = house.customer('poor@example.org', 100);
  const two = many(poor, 3, 'available');
  expect([two.orders.length, two.short?.type]).toEqual([2, 'insufficient_balance']);
  expect(balanceOf(db, poor, 'USD')).toMatchObject({ availableMinor: 10, heldMinor: 90 });
  const one = many(anna, 3, 'available');
  expect([one.orders.length, one.short?.type]).toEqual([1, 'out_of_stock']);
  expect(refusal(() => many(anna, 3, 'available')).type).toBe('out_of_stock');
  expect(refusal(() => many(anna, 2, 'all', 44)).type).toBe('price_above_max');
  expect(refusal(() => many(anna, 0)).type).toBe('validation');
  expect(refusal(() => many(anna, 51)).type).toBe('validation');
  expect(auditLedger(db)).toEqual([]);
});

test('note and tags: at the order, changed later, found by tag through the index, searched, nobody else’s', () => {
  const { db, write, terms, anna, bob, buy } = shop();
  const first = buy(anna, { note: '  My   note ', tags: ['qa', 'b_2', 'qa'] });
  const second = buy(anna, { tags: ['qa'] });
  expect(presentOrder(db, first)).toMatchObject({ note: 'My note', tags: ['b_2', 'qa'] });
  const label = (userId: string, orderId: string, labels: object) => write((tx) => labelOrder(tx, terms, { userId, orderId, labels }));
  expect(label(anna, second.id, { tags: ['other'] })).toMatchObject({ note: '', tags: 'other' });
  expect(label(anna, second.id, { note: '<b>x</b>' })).toMatchObject({ note: '<b>x</b>', tags: 'other' });
  const byTag = (userId: string, tag: string) => listOrders(db, userId, { limit: 10, tag }).map(({ id }) => id);
  expect(byTag(anna, 'qa')).toEqual([first.id]);
  expect(byTag(anna, 'other')).toEqual([second.id]);
  expect(byTag(bob, 'qa')).toEqual([]);
  const found = (search: string) => listOrders(db, anna, { limit: 10, search }).map(({ id }) => id);
  expect(found('my no')).toEqual([first.id]);
  expect(found('b_2')).toEqual([first.id]);
  expect(found('<b>')).toEqual([second.id]);
  expect(label(anna, first.id, { note: null, tags: [] })).toMatchObject({ note: '', tags: '' });
  expect(byTag(anna, 'qa')).toEqual([]);
  const before = findOrder(db, first.id)?.lastEvent;
  expect(label(anna, first.id, { tags: [] }).lastEvent).toBe(before ?? '');
  expect(refusal(() => label(bob, first.id, { note: 'x' })).type).toBe('not_found');
  const plan = db
    .query<{ detail: string }, []>(
      "EXPLAIN QUERY PLAN SELECT o.id FROM order_tags t CROSS JOIN orders o ON o.id = t.order_id WHERE t.user_id = 'a' AND t.tag = 'b' AND t.order_id < '~' AND o.user_id = 'a' ORDER BY t.order_id DESC LIMIT 5",
    )
    .all()
    .map(({ detail }) => detail);
  expect(plan.join('\n')).toMatch(/SEARCH t USING PRIMARY KEY \(user_id=\? AND tag=\? AND order_id<\?\)/);
  expect(plan.join('\n')).not.toContain('TEMP B-TREE');
});

test.each([
  ['a note that is too long', { note: 'x'.repeat(201) }, 'note'],
  ['too many tags', { tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }, 'tags'],
  ['a tag that is too long', { tags: ['a'.repeat(31)] }, 'tags'],
  ['a tag with capitals', { tags: ['QA'] }, 'tags'],
  ['a tag with a space or markup', { tags: ['a b'] }, 'tags'],
  ['an empty tag', { tags: [''] }, 'tags'],
])('%s is refused', (_, labels, field) => {
  const { anna, buy, db } = shop();
  expect(refusal(() => buy(anna, labels))).toMatchObject({ type: 'validation', extra: { errors: [{ field }] } });
  expect(db.query('SELECT 1 FROM orders').all()).toEqual([]);
});

test('tags as people type them', () => {
  expect(tagsTyped(' QA, signup  b_2 ,')).toEqual(['qa', 'signup', 'b_2']);
});

test('a number is quoted before it is rented again, and never dearer than quoted', () => {
  const { db, house, write, terms, clock, iccids, anna, buy, offer } = shop({}, 1);
  const order = buy(anna);
  const quote = () => quoteReuse(db, terms, findOrder(db, order.id) ?? order, clock.nowMs());
  expect(quote()).toMatchObject({ whyNot: 'order_still_open' });
  house.receive({ iccid: iccids[0] ?? '', sender: 'Telegram', text: 'Telegram code: 48213' });
  write((tx) => finishOrder(tx, terms, { userId: anna, orderId: order.id }));
  expect(quote()).toMatchObject({ priceMinor: 45, windowMinutes: 20, whyNot: null });
  offer('telegram', 50);
  const reuse = (maxPriceMinor: number | null) => write((tx) => reuseOrder(tx, terms, { userId: anna, orderId: order.id, maxPriceMinor }));
  expect(refusal(() => reuse(45))).toMatchObject({ type: 'price_above_max', extra: { price: 50 } });
  expect(reuse(quote().priceMinor)).toMatchObject({ number: order.number, priceMinor: 50 });
  expect(quote()).toMatchObject({ whyNot: 'not_free' });
});

test.each(['number_unusable', 'already_registered'] as const)(
  'reported as %s, a number is retired for its service until it is lifted',
  (reason) => {
    const { db, write, terms, clock, anna, bob, buy, house } = shop({ quarantineMinutes: 0 }, 1);
    house.offer('google', 30);
    const order = buy(anna);
    const report = { userId: anna, orderId: order.id, reason, text: ' it says no ' };
    expect(write((tx) => reportOrder(tx, terms, report))).toMatchObject({
      status: 'reported',
      reportReason: reason,
      reportText: 'it says no',
    });
    expect(balanceOf(db, anna, 'USD').availableMinor).toBe(1000);
    expect(presentOrder(db, findOrder(db, order.id) ?? order)).toMatchObject({ report: { reason, text: 'it says no' } });
    clock.pass(400 * 24 * 60 * MINUTE_MS);
    const stock = () => Object.fromEntries(listOffers(db, terms, clock.nowMs()).map(({ service, stock: n }) => [service, n]));
    expect(stock()).toEqual({ any: 1, google: 1, telegram: 0 });
    for (const userId of [anna, bob]) expect(refusal(() => buy(userId)).type).toBe('out_of_stock');
    expect(quoteReuse(db, terms, findOrder(db, order.id) ?? order, clock.nowMs()).whyNot).toBe('retired');
    expect(refusal(() => write((tx) => reuseOrder(tx, terms, { userId: anna, orderId: order.id }))).type).toBe('out_of_stock');
    expect(retiredCounts(db)).toEqual([{ service: 'telegram', count: 1 }]);
    expect(retiredNumbers(db, null, 10)).toMatchObject([
      { number: order.number, reason, email: 'anna@example.org', reports: 1, customers: 1 },
    ]);
    const about = { number: order.number, service: 'telegram' };
    write((tx) => liftNumber(tx, about));
    expect(refusal(() => write((tx) => liftNumber(tx, about))).type).toBe('not_found');
    expect(stock()['telegram']).toBe(1);
    write((tx) => retireAgain(tx, about));
    expect(stock()['telegram']).toBe(0);
  },
);

test('a report for another reason, or without one, retires nothing', () => {
  const { db, write, terms, anna, buy } = shop();
  for (const reason of [undefined, 'no_sms', 'other'] as const) {
    const order = buy(anna);
    const said = write((tx) => reportOrder(tx, terms, { userId: anna, orderId: order.id, ...(reason && { reason }) }));
    expect(said.reportReason).toBe(reason ?? 'other');
  }
  expect(retiredCounts(db)).toEqual([]);
  const order = refusal(() => buy(anna));
  expect(order.type).toBe('out_of_stock');
});

test('a retired number is not rented whole for that service, but for everything', () => {
  const { write, terms, anna, bob, buy } = shop({ quarantineMinutes: 0 }, 1);
  write((tx) => setRate(tx, 'gb', { hour: 30 }));
  const order = buy(anna);
  write((tx) => reportOrder(tx, terms, { userId: anna, orderId: order.id, reason: 'number_unusable' }));
  const asked = (service: string | null) => ({
    ...{ userId: bob, country: 'gb', service, term: { unit: 'hour' as const, periods: 1 }, startsAtMs: null, name: '', autoCapMinor: null },
    maxPriceMinor: null,
  });
  expect(refusal(() => write((tx) => rent(tx, terms, asked('telegram')))).type).toBe('out_of_stock');
  expect(write((tx) => rent(tx, terms, asked(null))).number).toBe(order.number);
});

test('who reports often is shown; who orders much and reports little is not', () => {
  const { db, house, write, terms, clock, anna, bob, buy } = shop({ quarantineMinutes: 0 }, 12);
  const report = (userId: string) => {
    const order = buy(userId);
    write((tx) => reportOrder(tx, terms, { userId, orderId: order.id, reason: 'other' }));
  };
  for (let n = 0; n < 5; n++) report(anna);
  for (let n = 0; n < 4; n++) report(bob);
  const carl = house.customer('carl@example.org');
  for (let n = 0; n < 5; n++) report(carl);
  for (let n = 0; n < 12; n++) write((tx) => cancelOrder(tx, terms, { userId: carl, orderId: buyIn(tx, carl) }));
  expect(frequentReporters(db, clock.nowMs())).toEqual([{ email: 'anna@example.org', reports: 5, retiring: 0, orders: 5 }]);
  clock.pass(31 * 24 * 60 * MINUTE_MS);
  expect(frequentReporters(db, clock.nowMs())).toEqual([]);

  function buyIn(tx: Parameters<typeof placeOrder>[0], userId: string): string {
    return placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }).id;
  }
});

test('the moment from which an order can be canceled is told, and stays what it was when it was sold', () => {
  const { db, write, terms, clock, anna, buy } = shop({ cancelAfterSeconds: 90 });
  const order = buy(anna);
  expect(presentOrder(db, order).cancelable_at).toBe(new Date(order.createdAtMs + 90_000).toISOString());
  terms.cancelAfterSeconds = 600;
  clock.pass(89_999);
  const cancel = () => write((tx) => cancelOrder(tx, terms, { userId: anna, orderId: order.id }));
  expect(refusal(cancel).type).toBe('too_early');
  clock.pass(1);
  expect(presentOrder(db, cancel()).cancelable_at).toBeNull();
});

test('another code: the old one is old until the next comes; the rest of an older message is not the next', () => {
  const { db, house, write, terms, clock, iccids, anna, buy } = shop({}, 1);
  const iccid = iccids[0] ?? '';
  const order = buy(anna);
  const another = () => write((tx) => awaitAnother(tx, terms, { userId: anna, orderId: order.id }));
  expect(refusal(another).type).toBe('order_not_received');
  const long = `Your Telegram login code is 11111. ${'Do not give this code to anyone. '.repeat(6)}`;
  house.receive({ iccid, sender: 'Telegram', text: long, ref: 3, only: [0] });
  clock.pass(6000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 22222' });
  clock.pass(1000);
  const asked = another();
  expect(presentOrder(db, asked)).toMatchObject({
    awaiting_more: true,
    code: '22222',
    awaiting_since: new Date(clock.nowMs()).toISOString(),
  });
  expect(another().lastEvent).toBe(asked.lastEvent);
  house.receive({ iccid, sender: 'Telegram', text: long, ref: 3, only: [1] });
  expect(findOrder(db, order.id)?.awaitingSinceMs).not.toBeNull();
  clock.pass(1000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 33333' });
  expect(presentOrder(db, findOrder(db, order.id) ?? order)).toMatchObject({ awaiting_more: false, awaiting_since: null, code: '33333' });
  another();
  expect(write((tx) => finishOrder(tx, terms, { userId: anna, orderId: order.id }))).toMatchObject({ awaitingSinceMs: null });
  const types = db.query<{ type: string }, []>("SELECT type FROM events WHERE type = 'order.awaiting'").all();
  expect(types).toHaveLength(2);
});

test('a window is extended once, where that is offered and while it is open; what comes in the added time is the order’s', () => {
  const { db, house, write, terms, clock, iccids, anna, buy } = shop({ extendMinutes: 10 }, 1);
  const order = buy(anna);
  const extend = () => write((tx) => extendOrder(tx, terms, { userId: anna, orderId: order.id }));
  clock.pass(19 * MINUTE_MS);
  const longer = extend();
  expect(longer.expiresAtMs).toBe(order.expiresAtMs + 10 * MINUTE_MS);
  expect(presentOrder(db, longer)).toMatchObject({ extended_seconds: 600, outage_seconds: 0 });
  expect(refusal(extend)).toMatchObject({ type: 'cannot_extend', extra: { why: 'already_extended' } });
  clock.pass(8 * MINUTE_MS);
  expect(write((tx) => endWindow(tx, terms, order.id))).toBeNull();
  house.receive({ iccid: iccids[0] ?? '', sender: 'Telegram', text: 'Telegram code: 48213' });
  expect(findOrder(db, order.id)).toMatchObject({ status: 'received', code: '48213' });
  clock.pass(3 * MINUTE_MS);
  expect(write((tx) => endWindow(tx, terms, order.id))).toMatchObject({ status: 'finished' });
  expect(refusal(extend)).toMatchObject({ extra: { why: 'ended' } });
});

test('a window is not extended where that is not offered, when it is over, or into a booking', () => {
  const plain = shop();
  const order = plain.buy(plain.anna);
  const extend = (s: ReturnType<typeof shop>, orderId: string) => () =>
    s.write((tx) => extendOrder(tx, s.terms, { userId: s.anna, orderId }));
  expect(refusal(extend(plain, order.id))).toMatchObject({ extra: { why: 'not_offered' } });
  const s = shop({ extendMinutes: 10, quarantineMinutes: 5, reuseDays: 0 }, 1);
  const own = s.buy(s.anna);
  s.write((tx) => setRate(tx, 'gb', { hour: 30 }));
  const startsAtMs = own.expiresAtMs + 12 * MINUTE_MS;
  const term = { unit: 'hour' as const, periods: 1 };
  const asked = { userId: s.bob, country: 'gb', service: null, term, startsAtMs, name: '', autoCapMinor: null, maxPriceMinor: null };
  s.write((tx) => rent(tx, s.terms, asked));
  expect(refusal(extend(s, own.id))).toMatchObject({ extra: { why: 'booked' } });
  s.clock.pass(20 * MINUTE_MS);
  expect(refusal(extend(s, own.id))).toMatchObject({ extra: { why: 'ended' } });
});
