import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { cancelOrder, endWindow, placeOrder, receiveCode } from '../../src/orders/orders.ts';
import type { OfferPick } from '../../src/orders/pick.ts';
import { reuseOrder } from '../../src/orders/reuse.ts';
import { findOrder } from '../../src/orders/view.ts';
import { setSim } from '../../src/sims/correct.ts';
import { deliveryIn } from '../../src/stock/delivery.ts';
import { type House, makeHouse } from '../support/house.ts';

const MINUTE_MS = 60_000;

/** Three SIMs in each of two countries, an offer in each and a dearer one of a carrier in the first. */
function twoCountries(): { house: House; anna: string } {
  const house = makeHouse({ quarantineMinutes: 0, reuseDays: 0 });
  const anna = house.customer('anna@example.org', 10_000);
  for (let n = 1; n <= 3; n++) {
    house.sim(n, 'gb');
    house.sim(n + 10, 'us');
  }
  house.write((tx) => setSim(tx, house.sim(1, 'gb'), { carrier: 'o2' }));
  house.offer('telegram', 50, { country: 'gb' });
  house.offer('telegram', 40, { country: 'us' });
  house.offer('telegram', 70, { country: 'gb', carrier: 'o2' });
  return { house, anna };
}

function buy(house: House, userId: string, more: { pick?: OfferPick; country?: string; carrier?: string; maxPriceMinor?: number }) {
  const { country = null, maxPriceMinor = null, ...rest } = more;
  return house.write((tx) => placeOrder(tx, house.terms, { userId, service: 'telegram', country, maxPriceMinor, ...rest }));
}

/** Orders of an offer that end: with a code after so many seconds, or (null) without. */
function deliver(house: House, userId: string, country: string, seconds: readonly (number | null)[]): void {
  for (const one of seconds) {
    const { id } = buy(house, userId, { country });
    const order = () => findOrder(house.db, id) ?? expect.unreachable();
    if (one !== null) {
      house.clock.pass(one * 1000);
      house.write((tx) => receiveCode(tx, house.terms, order(), '123456'));
    }
    house.clock.pass(20 * MINUTE_MS);
    house.write((tx) => endWindow(tx, house.terms, id));
  }
}

test('the cheapest of any country is taken, and the next when it is out of stock', () => {
  const { house, anna } = twoCountries();
  const bought = Array.from({ length: 6 }, () => buy(house, anna, { pick: 'cheapest' })).map(({ country, priceMinor }) => [
    country,
    priceMinor,
  ]);
  expect(bought).toEqual([...Array(3).fill(['us', 40]), ...Array(3).fill(['gb', 50])]);
  expect(() => buy(house, anna, { pick: 'cheapest' })).toThrow('No number is free for telegram right now');
});

test('max_price bounds a pick, and the refusal names the cheapest in stock', () => {
  const { house, anna } = twoCountries();
  expect(buy(house, anna, { pick: 'best_delivery', maxPriceMinor: 40 }).country).toBe('us');
  expect(() => buy(house, anna, { pick: 'cheapest', maxPriceMinor: 39 })).toThrow(
    expect.objectContaining({ type: 'price_above_max', extra: { price: 40, currency: 'USD' } }),
  );
  expect(() => buy(house, anna, { pick: 'cheapest', country: 'fr' })).toThrow(expect.objectContaining({ type: 'not_found' }));
});

test('the best delivered comes first, then the faster; what too few orders tell of comes last', () => {
  const { house, anna } = twoCountries();
  deliver(house, anna, 'us', [9, 9, null, 9]);
  deliver(house, anna, 'gb', [30, null, 30, null, 30]);
  expect(buy(house, anna, { pick: 'best_delivery' }).country).toBe('gb');
  deliver(house, anna, 'us', [9]);
  expect(buy(house, anna, { pick: 'best_delivery' }).country).toBe('us');
  const told = listOffers(house.db, house.terms, house.clock.nowMs()).map(({ country, carrier, delivery }) => [country, carrier, delivery]);
  expect(told).toEqual([
    ['gb', '', { medianSeconds: 30, successRate: 0.6, sample: 5 }],
    ['gb', 'o2', null],
    ['us', '', { medianSeconds: 9, successRate: 0.8, sample: 5 }],
  ]);
});

test('an order canceled within two minutes tells nothing of delivery, one canceled later does', () => {
  const { house, anna } = twoCountries();
  const samples = () => house.db.query<{ count: number }, []>('SELECT count(*) AS count FROM offer_samples').get()?.count;
  for (const [minutes, count] of [
    [1.9, 0],
    [2, 1],
  ] as const) {
    const { id } = buy(house, anna, { country: 'gb' });
    house.clock.pass(minutes * MINUTE_MS);
    house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: id }));
    expect(samples()).toBe(count);
  }
});

test('the newest hundred of an offer are kept', () => {
  const { house, anna } = twoCountries();
  deliver(house, anna, 'us', [1, 2, ...Array<number>(100).fill(7)]);
  expect(listOffers(house.db, house.terms, house.clock.nowMs(), { country: 'us' })[0]?.delivery).toEqual({
    medianSeconds: 7,
    successRate: 1,
    sample: 100,
  });
  expect(house.db.query<{ took: number }, []>('SELECT min(took_ms) AS took FROM offer_samples').get()?.took).toBe(7000);
});

test('an order of a carrier gets its SIM at its price, and so does its reuse', () => {
  const { house, anna } = twoCountries();
  const order = buy(house, anna, { country: 'gb', carrier: 'o2' });
  expect([order.iccid, order.priceMinor, order.carrier]).toEqual([house.sim(1, 'gb'), 70, 'o2']);
  expect(() => buy(house, anna, { country: 'gb', carrier: 'o2' })).toThrow('No number is free for telegram in gb by o2');
  expect(() => buy(house, anna, { country: 'us', carrier: 'o2' })).toThrow(
    'There is no offer for telegram in us by o2: there is one by any.',
  );
  expect(() => buy(house, anna, {})).toThrow('Name a country');
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: order.id }));
  expect(house.write((tx) => reuseOrder(tx, house.terms, { userId: anna, orderId: order.id })).priceMinor).toBe(70);
});

test('delivery is said of five and more, with the median of those that got a code', () => {
  expect(deliveryIn([1000, 2000, null, 4000])).toBeNull();
  expect(deliveryIn([1000, 2000, null, 4000, 3000])).toEqual({ medianSeconds: 2.5, successRate: 0.8, sample: 5 });
  expect(deliveryIn([null, null, null, null, null])).toEqual({ medianSeconds: null, successRate: 0, sample: 5 });
});
