import { expect, test } from 'bun:test';
import { openDatabase } from '../../src/db/open.ts';
import { openDoor } from '../../src/db/write.ts';
import { type DiskLevel, levelOf, startDiskGuard } from '../../src/disk/guard.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { makeHouse } from '../support/house.ts';

const STOP_MEGABYTES = 10;

test.each([
  [500, 'enough', 'enough'],
  [10.5, 'stop', 'stop'],
  [11.5, 'stop', 'enough'],
  [9, 'enough', 'stop'],
  [500, 'stop', 'enough'],
] as const)('with %d MB free, from %s to %s', (megabytes, had: DiskLevel, level: DiskLevel) => {
  expect(levelOf(megabytes * 1e6, STOP_MEGABYTES, had)).toBe(level);
});

test('zero switches it off', () => {
  expect(levelOf(0, 0, 'enough')).toBe('enough');
});

test('below the limit the operator is told and an order is refused, not charged, and told when to try again', () => {
  const house = makeHouse();
  const userId = house.customer('anna@example.org');
  house.sim(1);
  house.offer('telegram', 45);
  const troubles = openTroubles(() => 1);
  const door = openDoor(house.db, () => 1, silentLog);
  const space = () => ({ freeOctets: 5e6, totalOctets: 1e9 });
  const guard = startDiskGuard({ folder: '/data', stopMegabytes: STOP_MEGABYTES, door, log: silentLog, troubles, space, probe: () => {} });
  guard.stop();
  expect(troubles.standing()).toMatchObject([{ code: 'disk', text: expect.stringContaining('Only 5 MB are free') }]);
  const order = () =>
    house.write((tx) =>
      placeOrder(tx, { ...house.terms, refuseNew: guard.refuseNew }, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }),
    );
  expect(order).toThrow(Refusal);
  expect(order).toThrow('nearly full');
  expect(house.db.query('SELECT count(*) AS n FROM orders').get()).toEqual({ n: 0 });
});

test('a commit that fails raises a trouble with what to do, the next that succeeds takes it away', async () => {
  const db = openDatabase(':memory:');
  db.run('CREATE TABLE facts (name TEXT) STRICT');
  const door = openDoor(db, () => 1, silentLog);
  const troubles = openTroubles(() => 1);
  const space = () => ({ freeOctets: 1e12, totalOctets: 1e12 });
  const guard = startDiskGuard({ folder: '/data', stopMegabytes: STOP_MEGABYTES, door, log: silentLog, troubles, space, probe: () => {} });
  guard.stop();
  db.run('PRAGMA max_page_count = 2');
  const big = 'x'.repeat(100_000);
  const refused = await door.write((tx) => void tx.db.run('INSERT INTO facts VALUES (?)', [big])).catch((thrown: unknown) => thrown);
  expect(refused).toMatchObject({
    type: 'unavailable',
    extra: { retry_after: 30 },
    detail: expect.stringContaining('disk of the server is full'),
  });
  expect(troubles.standing()).toMatchObject([{ code: 'writes', text: expect.stringContaining('Messages stay on the modems') }]);
  db.run('PRAGMA max_page_count = 1000');
  await door.write((tx) => void tx.db.run('INSERT INTO facts VALUES (?)', [big]));
  expect(troubles.standing()).toEqual([]);
});
