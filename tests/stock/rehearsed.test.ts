import { expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { dryOrder } from '../../src/status/dry-order.ts';
import { openStock } from '../../src/stock/stock.ts';
import { makeHouse } from '../support/house.ts';

test('a rehearsed order leaves no trace in the count: the first change after it is seen', async () => {
  const house = makeHouse({ quarantineMinutes: 0 });
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const terms = { ...house.terms, stock: openStock(house.db, house.terms, door) };
  house.sim(1);
  house.offer('telegram', 45);
  const userId = house.customer('anna@example.org');
  const wanted = { country: 'gb', service: 'telegram', carrier: '', windowMinutes: 20 };
  const order = await door.write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  expect(terms.stock.stockOf(wanted, house.clock.nowMs())).toBe(0);
  // Sold out: the check orders on a SIM that exists only while it is rehearsed.
  expect(door.rehearse((tx) => dryOrder(tx, terms, 0))).toEqual({ ok: true, degraded: null });
  await door.write((tx) => cancelOrder(tx, terms, { userId, orderId: order.id }));
  expect(terms.stock.stockOf(wanted, house.clock.nowMs())).toBe(1);
});
