import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { cancelOrder, endWindow, finishOrder, placeOrder } from '../../src/orders/orders.ts';
import { reportOrder } from '../../src/orders/reports.ts';
import { reuseOrder } from '../../src/orders/reuse.ts';
import { findOrder } from '../../src/orders/view.ts';
import { setSim } from '../../src/sims/correct.ts';
import { simIdentified, simOffline, simOnline } from '../../src/sims/sims.ts';
import { type House, MINUTE_MS, makeHouse, testSim } from '../support/house.ts';

function shop(terms: Parameters<typeof makeHouse>[0] = {}) {
  const house = makeHouse(terms);
  const sim = house.sim(1);
  house.offer('telegram', 45);
  house.offer('google', 30);
  house.offer('any', 60);
  const anna = house.customer('anna@example.org');
  const bob = house.customer('bob@example.org');
  return { ...house, house, sim, anna, bob };
}

const buy = (house: House, userId: string, service = 'telegram', maxPriceMinor: number | null = null) =>
  house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor }));
const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.type;
    throw thrown;
  }
  return 'done';
};
const rows = (house: House, table: string) => house.db.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n;

test('an order gives a number at once and holds its price', () => {
  const { house, anna } = shop();
  const order = buy(house, anna);
  expect(order).toMatchObject({ status: 'pending', reason: 'ordered', number: '+447700900001', priceMinor: 45, code: null });
  expect(order.expiresAtMs - order.createdAtMs).toBe(20 * MINUTE_MS);
  expect(balanceOf(house.db, anna, 'USD')).toEqual({ currency: 'USD', availableMinor: 955, heldMinor: 45 });
});

test('the first valid code captures the price, further ones are free', () => {
  const { house, anna, sim } = shop();
  const order = buy(house, anna);
  expect(house.receive({ iccid: sim, sender: 'Telegram', text: 'Telegram code: 48213' }).matched).toBe(1);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'received', reason: 'code_received', code: '48213' });
  expect(balanceOf(house.db, anna, 'USD')).toMatchObject({ availableMinor: 955, heldMinor: 0 });
  house.clock.pass(MINUTE_MS);
  house.receive({ iccid: sim, sender: 'Telegram', text: 'Telegram code: 99110' });
  expect(findOrder(house.db, order.id)?.code).toBe('99110');
  expect(balanceOf(house.db, anna, 'USD')).toMatchObject({ availableMinor: 955, heldMinor: 0 });
  expect(auditLedger(house.db)).toEqual([]);
});

test.each([
  ['no offer', 'not_found', (s: ReturnType<typeof shop>) => buy(s.house, s.anna, 'whatsapp')],
  ['a price above the maximum', 'price_above_max', (s: ReturnType<typeof shop>) => buy(s.house, s.anna, 'telegram', 44)],
  [
    'no SIM in the country',
    'out_of_stock',
    (s: ReturnType<typeof shop>) => {
      s.offer('telegram', 10, { country: 'us' });
      s.write((tx) => placeOrder(tx, s.terms, { userId: s.anna, country: 'us', service: 'telegram', maxPriceMinor: null }));
    },
  ],
  [
    'a SIM that is away',
    'out_of_stock',
    (s: ReturnType<typeof shop>) => {
      s.write((tx) => simOffline(tx, testSim(1)));
      buy(s.house, s.anna);
    },
  ],
  [
    'a SIM that is paused',
    'out_of_stock',
    (s: ReturnType<typeof shop>) => {
      s.write((tx) => setSim(tx, s.sim, { state: 'paused' }));
      buy(s.house, s.anna);
    },
  ],
  ['too little balance', 'insufficient_balance', (s: ReturnType<typeof shop>) => buy(s.house, s.customer('poor@example.org', 44))],
])('%s is refused as %s and leaves no trace', (_, type, attempt) => {
  const s = shop();
  expect(refusalOf(() => attempt(s))).toBe(type);
  for (const table of ['orders', 'order_changes', "ledger_transactions WHERE kind = 'hold'", "events WHERE type <> 'balance.changed'"])
    expect(rows(s.house, table)).toBe(0);
  expect(auditLedger(s.db)).toEqual([]);
});

test('a SIM serves one open order of a service, and others beside it', () => {
  const { house, anna, bob } = shop();
  buy(house, anna, 'telegram');
  expect(refusalOf(() => buy(house, bob, 'telegram'))).toBe('out_of_stock');
  expect(refusalOf(() => buy(house, bob, 'google'))).toBe('done');
});

test('any means every service: it shares a SIM with no other order, in both directions', () => {
  const first = shop();
  buy(first.house, first.anna, 'any');
  expect(refusalOf(() => buy(first.house, first.bob, 'telegram'))).toBe('out_of_stock');
  const second = shop();
  buy(second.house, second.anna, 'telegram');
  expect(refusalOf(() => buy(second.house, second.bob, 'any'))).toBe('out_of_stock');
});

test('a SIM rests between tenants of the same service, not of another', () => {
  const { house, anna, bob } = shop();
  const order = buy(house, anna);
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  expect(refusalOf(() => buy(house, bob))).toBe('out_of_stock');
  expect(refusalOf(() => buy(house, bob, 'google'))).toBe('done');
  house.clock.pass(60 * MINUTE_MS);
  expect(refusalOf(() => buy(house, bob))).toBe('done');
});

test('a number on which the code arrived is not sold again for the service, but its customer may reuse it', () => {
  const { house, anna, bob, sim } = shop();
  const order = buy(house, anna);
  house.receive({ iccid: sim, sender: 'Telegram', text: 'Telegram code: 48213' });
  expect(refusalOf(() => house.write((tx) => reuseOrder(tx, house.terms, { userId: anna, orderId: order.id })))).toBe('order_still_open');
  house.write((tx) => finishOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  house.clock.pass(61 * MINUTE_MS);
  expect(refusalOf(() => buy(house, bob))).toBe('out_of_stock');
  expect(refusalOf(() => buy(house, bob, 'any'))).toBe('out_of_stock');
  expect(refusalOf(() => house.write((tx) => reuseOrder(tx, house.terms, { userId: bob, orderId: order.id })))).toBe('not_found');
  const again = house.write((tx) => reuseOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  expect(again.number).toBe(order.number);
  house.clock.pass(366 * 24 * 60 * MINUTE_MS);
  house.write((tx) => endWindow(tx, house.terms, again.id));
  house.clock.pass(61 * MINUTE_MS);
  expect(refusalOf(() => buy(house, bob))).toBe('done');
});

test('expiry refunds a pending order once, and finishes a received one', () => {
  const { house, anna, bob, sim } = shop();
  const pending = buy(house, anna);
  const received = buy(house, bob, 'google');
  house.receive({ iccid: sim, sender: 'Google', text: 'G-482913 is your Google verification code.' });
  expect(house.write((tx) => endWindow(tx, house.terms, pending.id))).toBeNull();
  house.clock.pass(20 * MINUTE_MS);
  expect(house.write((tx) => endWindow(tx, house.terms, pending.id))).toMatchObject({ status: 'expired', reason: 'no_valid_sms' });
  expect(house.write((tx) => endWindow(tx, house.terms, pending.id))).toBeNull();
  expect(house.write((tx) => endWindow(tx, house.terms, received.id))).toMatchObject({
    status: 'finished',
    reason: 'window_ended',
    code: '482913',
  });
  expect(balanceOf(house.db, anna, 'USD')).toEqual({ currency: 'USD', availableMinor: 1000, heldMinor: 0 });
  expect(balanceOf(house.db, bob, 'USD')).toEqual({ currency: 'USD', availableMinor: 970, heldMinor: 0 });
});

test('cancel and report refund; none of the endings can follow another', () => {
  const { house, anna, sim } = shop({ quarantineMinutes: 0 });
  const ask = (verb: typeof cancelOrder, orderId: string) =>
    refusalOf(() => house.write((tx) => verb(tx, house.terms, { userId: anna, orderId })));
  for (const [verb, status] of [
    [cancelOrder, 'canceled'],
    [reportOrder, 'reported'],
  ] as const) {
    const order = buy(house, anna);
    expect(ask(finishOrder, order.id)).toBe('order_not_received');
    expect(ask(verb, order.id)).toBe('done');
    expect(findOrder(house.db, order.id)?.status).toBe(status);
    for (const other of [cancelOrder, reportOrder]) expect(ask(other, order.id)).toBe('order_not_pending');
    expect(ask(finishOrder, order.id)).toBe('order_not_received');
    house.clock.pass(1);
  }
  expect(balanceOf(house.db, anna, 'USD').availableMinor).toBe(1000);
  const order = buy(house, anna);
  house.receive({ iccid: sim, sender: 'Telegram', text: 'Telegram code: 48213' });
  for (const verb of [cancelOrder, reportOrder]) expect(ask(verb, order.id)).toBe('order_not_pending');
  expect(ask(finishOrder, order.id)).toBe('done');
});

test('canceling waits for cancel_after_seconds, and says until when', () => {
  const { house, anna } = shop({ cancelAfterSeconds: 120 });
  const order = buy(house, anna);
  const cancel = () => house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  expect(cancel).toThrow('can be canceled from 2026-11-22T12:02:00.000Z');
  house.clock.pass(120_000);
  expect(cancel().status).toBe('canceled');
});

test("nobody acts on another's order", () => {
  const { house, anna, bob } = shop();
  const order = buy(house, anna);
  for (const verb of [cancelOrder, reportOrder, finishOrder, reuseOrder]) {
    expect(refusalOf(() => house.write((tx) => verb(tx, house.terms, { userId: bob, orderId: order.id })))).toBe('not_found');
  }
});

test('wear is spread: the SIM sold longest ago comes first', () => {
  const { house, anna } = shop({ quarantineMinutes: 0 });
  house.sim(2);
  const numbers = [1, 2, 3].map(() => {
    const order = buy(house, anna);
    house.clock.pass(1000);
    house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
    house.clock.pass(1000);
    return order.number;
  });
  expect(numbers).toEqual(['+447700900001', '+447700900002', '+447700900001']);
});

test('a code that came just too late does not keep its own customer from reusing the number', () => {
  const { house, anna, bob, sim } = shop();
  const order = buy(house, anna);
  house.clock.pass(20 * MINUTE_MS);
  house.write((tx) => endWindow(tx, house.terms, order.id));
  house.clock.pass(5000);
  house.receive({ iccid: sim, sender: 'Telegram', text: 'Telegram code: 48213' });
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'expired', code: null });
  house.clock.pass(61 * MINUTE_MS);
  expect(refusalOf(() => buy(house, bob))).toBe('out_of_stock');
  expect(house.write((tx) => reuseOrder(tx, house.terms, { userId: anna, orderId: order.id })).number).toBe(order.number);
});

test('a number that two cards tell is sold from neither until one of them is paused, and a rest follows it from card to card', () => {
  const { house, anna, bob, sim } = shop();
  const order = buy(house, anna);
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  house.clock.pass(30 * MINUTE_MS);
  const twin = { ...testSim(2), number: order.number };
  house.write((tx) => simIdentified(tx, twin, undefined));
  house.write((tx) => simOnline(tx, twin));
  expect(refusalOf(() => buy(house, bob))).toBe('out_of_stock');
  house.clock.pass(60 * MINUTE_MS);
  expect(refusalOf(() => buy(house, bob))).toBe('out_of_stock');
  expect(listOffers(house.db, house.terms, house.clock.ms).map(({ stock }) => stock)).toEqual([0, 0, 0]);
  house.write((tx) => setSim(tx, sim, { state: 'paused' }));
  const sold = buy(house, bob);
  expect(sold).toMatchObject({ number: order.number });
  house.write((tx) => cancelOrder(tx, house.terms, { userId: bob, orderId: sold.id }));
  // The replacement is gone and the first card is back: the number still rests.
  house.write((tx) => simOffline(tx, twin));
  house.write((tx) => setSim(tx, sim, { state: 'active' }));
  expect(refusalOf(() => buy(house, anna))).toBe('out_of_stock');
  house.clock.pass(60 * MINUTE_MS);
  expect(refusalOf(() => buy(house, anna))).toBe('done');
});

test('reuse gives the number that was asked for or none', () => {
  const { house, anna, sim } = shop({ quarantineMinutes: 0 });
  const order = buy(house, anna);
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  house.write((tx) => setSim(tx, sim, { number: '+447700900777' }));
  expect(refusalOf(() => house.write((tx) => reuseOrder(tx, house.terms, { userId: anna, orderId: order.id })))).toBe('out_of_stock');
});
