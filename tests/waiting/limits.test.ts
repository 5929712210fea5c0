import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Refusal } from '../../src/lib/errors.ts';
import { type LimitParameters, limitParameters, refuseOverLimit, setOwnLimits, underLimitSql } from '../../src/orders/limits.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { MINUTE_MS, makeHouse } from '../support/house.ts';
import { makeRoom } from './room.ts';

test('those over a limit are passed over without being tried, told once, and served when they may order again', async () => {
  let tries = 0;
  const room = makeRoom({ limits: { openOrders: 1, ordersADay: 0 }, refuseNew: () => void tries++ });
  const { house, door, terms } = room;
  house.offer('telegram', 45);
  house.offer('google', 45);
  for (let n = 1; n <= 30; n++) house.sim(n);
  const own = [];
  const places = [];
  for (let n = 0; n < 30; n++) {
    const userId = house.customer(`customer${n}@example.org`);
    own.push(await door.write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null })));
    places.push(await room.join(userId));
  }
  house.sim(31);
  house.sim(32);
  await room.settle();
  tries = 0;
  // Nobody of them can be served, so who comes directly gets it.
  const dora = house.customer('dora@example.org');
  const order = await door.write((tx) => placeOrder(tx, terms, { userId: dora, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  expect([order.userId, tries]).toEqual([dora, 1]);
  await room.settle();
  expect(tries).toBe(1);
  expect(own.map(({ userId }) => room.events(userId))).toEqual(own.map(() => ['waiting.joined', 'waiting.passed_over']));
  expect(places.map(({ id }) => room.place(id).toldOf)).toEqual(places.map(() => 'limit_reached'));
  const [first, second] = own;
  house.write((tx) => setOwnLimits(tx, { userId: second?.userId ?? '', operatorId: dora, openOrders: 2, ordersADay: null }));
  await door.write((tx) => cancelOrder(tx, terms, { userId: first?.userId ?? '', orderId: first?.id ?? '' }));
  await room.settle();
  expect(places.slice(0, 3).map(({ id }) => room.place(id).status)).toEqual(['served', 'served', 'waiting']);
});

test('what SQL says of limits for many is what is said of one order', () => {
  const limit = fc.constantFrom(null, 0, 1, 2, 3);
  const order = fc.record({ hoursAgo: fc.constantFrom(0, 1, 23, 24, 25), isOpen: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(order, { maxLength: 5 }),
      fc.record({ openOrders: fc.nat(3), ordersADay: fc.nat(3) }),
      fc.record({ openOrders: limit, ordersADay: limit }),
      (orders, limits, own) => {
        const house = makeHouse();
        const userId = house.customer('anna@example.org', 1000);
        house.offer('telegram', 1);
        const nowMs = house.clock.nowMs();
        for (const [n, { hoursAgo, isOpen }] of orders.entries()) {
          house.sim(n + 1);
          house.clock.ms = nowMs - hoursAgo * 60 * MINUTE_MS;
          const { id } = house.write((tx) =>
            placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }),
          );
          if (!isOpen) house.write((tx) => cancelOrder(tx, house.terms, { userId, orderId: id }));
          house.clock.ms = nowMs;
        }
        house.write((tx) => setOwnLimits(tx, { ...own, userId, operatorId: userId }));
        const row = house.db
          .query<{ is: number }, { userId: string } & LimitParameters>(`SELECT (${underLimitSql('$userId')}) AS "is"`)
          .get({ userId, ...limitParameters(limits, nowMs) });
        const isRefused = () => house.write((tx) => refuseOverLimit(tx, limits, userId));
        if (row?.is === 1) isRefused();
        else expect(isRefused).toThrow(Refusal);
      },
    ),
    { numRuns: 60 },
  );
});
