/** Where a part of a verb is undone by itself, in a savepoint that the stock is not told of, what is counted in memory stays right. */
import { expect, test } from 'bun:test';
import { openDoor, type Tx } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type Fill, placeOrders } from '../../src/orders/batch.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { endOfTime } from '../../src/rentals/life.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { rent } from '../../src/rentals/rentals.ts';
import { freeSimsSql, restParameters } from '../../src/sims/allocate.ts';
import { openStock } from '../../src/stock/stock.ts';
import { serveLine } from '../../src/waiting/line.ts';
import { joinLine } from '../../src/waiting/places.ts';
import { makeHouse } from '../support/house.ts';

const SERVICES = ['telegram', 'google', 'any'];
const HOUR_MS = 3_600_000;

/** `sims` numbers at 45 each, an open order of google on the first, and what the count says of each service beside what the SQL says. */
async function open(sims: number, openOrders = 0) {
  const house = makeHouse({ quarantineMinutes: 0, limits: { openOrders, ordersADay: 0 } });
  const { db, clock } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const terms = { ...house.terms, stock: openStock(db, house.terms, door) };
  for (const service of SERVICES) house.offer(service, 45);
  for (let n = 1; n <= sims; n++) house.sim(n);
  const counts = (): number[][] =>
    SERVICES.map((service) => {
      const wanted = { country: 'gb', service, carrier: '', windowMinutes: 20 };
      const { count } = db
        .query<{ count: number }, Record<string, string | number>>(
          `SELECT count(*) AS count FROM sims s WHERE s.country = 'gb' AND ${freeSimsSql('$service', "''", '20')}`,
        )
        .get({ service, ...restParameters(terms, clock.nowMs()) }) ?? { count: -1 };
      return [terms.stock.stockOf(wanted, clock.nowMs()), count];
    });
  const agree = (): void => {
    for (const [counted, count] of counts()) expect(counted).toBe(count);
  };
  const write = <T>(verb: (tx: Tx) => T): Promise<T> =>
    door.write((tx) => {
      agree();
      const done = verb(tx);
      agree();
      return done;
    });
  agree();
  const asked = (userId: string, service = 'telegram') => ({ userId, country: 'gb', service, maxPriceMinor: null });
  return { house, door, terms, write, agree, asked };
}

test.each<[string, number, number, number, Fill]>([
  ['the balance ends', 4, 100, 0, 'all'],
  ['the balance ends', 4, 100, 0, 'available'],
  ['the limit is reached', 4, 1000, 2, 'all'],
  ['the limit is reached', 4, 1000, 2, 'available'],
  ['there are no more', 2, 1000, 0, 'all'],
  ['there are no more', 2, 1000, 0, 'available'],
])('several at once where %s (%#)', async (_, sims, minor, limit, fill) => {
  const { house, write, agree, terms, asked } = await open(sims, limit);
  const anna = house.customer('anna@example.org', minor);
  const ben = house.customer('ben@example.org');
  const batch = write((tx) => placeOrders(tx, terms, { ...asked(anna), count: 3, fill }).orders.length);
  // In the same commit, behind what was undone.
  const next = write((tx) => placeOrder(tx, terms, asked(ben, 'google')));
  if (fill === 'all') expect(batch).rejects.toThrow('Only 2 of 3 numbers can be had');
  else expect(await batch).toBe(2);
  await next;
  agree();
});

test('a line whose first is refused, before one who is served', async () => {
  const { house, write, agree, terms, asked } = await open(0);
  for (const name of ['anna', 'ben']) {
    const wants = { ...asked(house.customer(`${name}@example.org`)), carrier: '', mode: 'buy' as const, maxPriceMinor: 45 };
    await write((tx) => joinLine(tx, terms, wants));
  }
  // Nothing that is seen beforehand stands in the way: it is refused after its number was chosen.
  house.db.run("UPDATE waiting_places SET note = ? WHERE user_id = (SELECT id FROM users WHERE email = 'anna@example.org')", [
    'x'.repeat(201),
  ]);
  for (let n = 1; n <= 2; n++) house.sim(n);
  const { orders, refused } = await write((tx) => serveLine(tx, terms));
  expect([orders.length, [...refused.values()]]).toEqual([1, ['validation']]);
  agree();
});

test('a rental that cannot be extended by itself ends', async () => {
  const { house, write, agree, terms } = await open(2);
  house.write((tx) => setRate(tx, 'gb', { hour: 50 }));
  const anna = house.customer('anna@example.org', 60);
  const term = { unit: 'hour' as const, periods: 1 };
  const how = { startsAtMs: null, name: '', autoCapMinor: 500, maxPriceMinor: null };
  const { id } = await write((tx) => rent(tx, terms, { userId: anna, country: 'gb', service: null, term, ...how }));
  house.clock.pass(HOUR_MS);
  expect(await write((tx) => endOfTime(tx, terms, id))).toMatchObject({ status: 'ended' });
  agree();
});

test('a verb that is undone costs what it changed, and not what others had changed before', async () => {
  const { house, door, terms, agree, asked } = await open(50);
  const poor = house.customer('poor@example.org', 10);
  house.db.run("UPDATE sims SET state = 'paused'");
  house.db.run("UPDATE sims SET state = 'active'");
  let read = 0;
  const query = house.db.query.bind(house.db) as typeof house.db.query;
  house.db.query = ((sql: string) => {
    if (sql.includes('FROM sims s WHERE s.iccid = $iccid') && sql.includes('sellable')) read++;
    return query(sql);
  }) as typeof house.db.query;
  const orders = Array.from({ length: 20 }, () => door.write((tx) => placeOrder(tx, terms, asked(poor))));
  const came = await Promise.allSettled(orders);
  expect([came.filter(({ status }) => status === 'rejected').length, read]).toEqual([20, 50]);
  agree();
});
