import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { simOffline } from '../../src/sims/sims.ts';
import { CHECK_HEADER, ORDER_CHECK_PATH } from '../../src/status/checker.ts';
import { dryOrder, noteCheck } from '../../src/status/dry-order.ts';
import { openStock } from '../../src/stock/stock.ts';
import { adminHouse } from '../support/admin-house.ts';
import { type House, makeHouse, testSim } from '../support/house.ts';

/** Everything the database holds, but the time of the last check. */
function contents(db: Database): string {
  const tables = db.query<{ name: string }, []>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all();
  return JSON.stringify(
    tables.map(({ name }) => [name, db.query(`SELECT * FROM "${name}" ${name === 'settings' ? `WHERE key <> 'status_probe'` : ''}`).all()]),
  );
}

const doorOf = ({ db, clock }: House) => openDoor(db, clock.nowMs, silentLog);
const rehearsed = (house: House) => doorOf(house).rehearse((tx) => dryOrder(tx, house.terms, 0));

describe('the order of the checks', () => {
  test('goes through everything and leaves nothing, not even on the disk, and no event number is used up', () => {
    const dir = mkdtempSync(join(tmpdir(), 'smspin-dry-'));
    const house = makeHouse({}, join(dir, 'house.db'));
    const wal = () => statSync(join(dir, 'house.db-wal')).size;
    house.offer('telegram', 45);
    house.sim(1);
    house.db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = contents(house.db);
    expect(rehearsed(house)).toEqual({ ok: true, degraded: null });
    expect(contents(house.db)).toBe(before);
    expect(wal()).toBe(0);
    house.write(noteCheck);
    expect(contents(house.db)).toBe(before);
    expect(house.db.query(`SELECT value FROM settings WHERE key = 'status_probe'`).get()).toEqual({ value: String(house.clock.ms) });
    expect(wal()).toBeLessThan(2 * 4200);
    house.db.close();
    rmSync(dir, { recursive: true });
  });

  test('never runs an effect', () => {
    const house = makeHouse();
    let effects = 0;
    const door = doorOf(house);
    door.rehearse((tx) => tx.afterCommit(() => void effects++));
    expect(effects).toBe(0);
    expect(() =>
      door.rehearse(() => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
    expect(house.db.inTransaction).toBe(false);
  });

  test('leaves the stock in memory as it was: what changes next is seen', async () => {
    const house = makeHouse({ quarantineMinutes: 0 });
    house.offer('telegram', 45);
    house.sim(1);
    const door = doorOf(house);
    const terms = { ...house.terms, stock: openStock(house.db, house.terms, door) };
    const wanted = { country: 'gb', service: 'telegram', carrier: '', windowMinutes: 20 };
    const stock = () => terms.stock.stockOf(wanted, house.clock.nowMs());
    expect(stock()).toBe(1);
    const userId = house.customer('anna@example.org');
    const request = { userId, country: 'gb', service: 'telegram', maxPriceMinor: null };
    const { id: orderId } = await door.write((tx) => placeOrder(tx, terms, request));
    expect(stock()).toBe(0);
    expect(door.rehearse((tx) => dryOrder(tx, terms, 0)).ok).toBe(true);
    await door.write((tx) => cancelOrder(tx, terms, { userId, orderId }));
    expect(stock()).toBe(1);
  });

  test('sold out is not out of order; nothing to read is; without prices there is nothing to fail', () => {
    const house = makeHouse();
    const ask = () => rehearsed(house);
    expect(ask().ok).toBe(true);
    house.offer('telegram', 45);
    expect(ask()).toEqual({ ok: false, why: 'no modem can be read, so no number can be ordered' });
    house.sim(1);
    const anna = house.customer('anna@example.org');
    house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
    const before = contents(house.db);
    expect(ask()).toEqual({ ok: true, degraded: null });
    expect(contents(house.db)).toBe(before);
    house.write((tx) => simOffline(tx, testSim(1)));
    expect(ask().ok).toBe(false);
  });

  test('a broken step is found: a balance that cannot be held, an event that cannot be written', () => {
    const house = makeHouse();
    house.offer('telegram', 45);
    house.sim(1);
    const before = contents(house.db);
    house.db.run(`CREATE TEMP TRIGGER broken BEFORE INSERT ON main.events BEGIN SELECT raise(ABORT, 'no events today'); END`);
    expect(() => rehearsed(house)).toThrow('no events today');
    house.db.run('DROP TRIGGER broken');
    expect(contents(house.db)).toBe(before);
  });

  test('nobody who does not know the secret finds it, whoever they are', async () => {
    const { app, status, operator, house } = adminHouse();
    const before = contents(house.db);
    const ask = (headers: Record<string, string>) =>
      app.handle(new Request(`http://localhost${ORDER_CHECK_PATH}`, { method: 'POST', headers }));
    for (const headers of [
      {},
      { cookie: operator },
      { [CHECK_HEADER]: '' },
      { [CHECK_HEADER]: 'a'.repeat(64) },
      { [CHECK_HEADER]: status.checker.token.slice(1) },
    ])
      expect((await ask(headers as Record<string, string>)).status).toBe(404);
    expect(contents(house.db)).toBe(before);
    const answer = await ask({ [CHECK_HEADER]: status.checker.token });
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true, degraded: null }]);
  });

  test('the customer of the checks sees an empty dashboard and nothing else, and can change nothing', async () => {
    const { app, status, house } = adminHouse();
    const cookie = `smspin_session=${status.checker.token}`;
    const get = (path: string, method = 'GET') =>
      app.handle(new Request(`http://localhost${path}`, { method, headers: { cookie, accept: 'text/html' }, redirect: 'manual' }));
    const page = await get('/dashboard');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="balance"');
    const before = contents(house.db);
    for (const path of ['/dashboard/history', '/dashboard/balance', '/settings/keys', '/admin/bank', '/admin/status', '/dashboard/poll'])
      expect([path, (await get(path)).status]).toEqual([path, 303]);
    for (const path of ['/dashboard/orders', '/dashboard', '/settings/keys'])
      expect([200, 201].includes((await get(path, 'POST')).status)).toBe(false);
    expect(contents(house.db)).toBe(before);
  });
});
