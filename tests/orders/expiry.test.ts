import { afterEach, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openHub } from '../../src/live/hub.ts';
import { startExpiry } from '../../src/orders/expiry.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { type House, MINUTE_MS, makeHouse } from '../support/house.ts';

const GRACE_SECONDS = 60;
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Starts the expiry of a house as a server start would; the SIM's modem settles when the test says so. */
function start(house: House, settled: () => Promise<void> = () => Promise.resolve()) {
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  door.onCommit(() => hub.drain());
  const timers = startTimers(clock, silentLog);
  cleanups.push(timers.stop);
  const expiry = startExpiry({ db, door, clock, timers, hub, log: silentLog, terms, graceSeconds: GRACE_SECONDS, settled });
  return { door, expiry, timers };
}

function rent(house: House) {
  const iccid = house.sim(1);
  house.offer('telegram', 45);
  const userId = house.customer('anna@example.org');
  const place = () => house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  return { iccid, userId, place };
}

/** Longer than a turn of the wheel, a turn of the event loop and a commit. */
const soon = () => Bun.sleep(120);

test('an order placed while running expires with its window and is refunded once', async () => {
  const house = makeHouse();
  const { userId, place } = rent(house);
  const { door } = start(house);
  const order = await door.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.clock.pass(20 * MINUTE_MS - 1);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(1);
  await soon();
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'expired', reason: 'no_valid_sms' });
  expect(balanceOf(house.db, userId, 'USD')).toEqual({ currency: 'USD', availableMinor: 1000, heldMinor: 0 });
  expect(place).toThrow('out_of_stock');
});

test('after a restart an overdue order waits for its SIM to be read, and a message sent within the window still counts', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  const sentAtMs = house.clock.nowMs() + MINUTE_MS;
  house.write((tx) => simOffline(tx, iccid));
  house.clock.pass(25 * MINUTE_MS);
  const { expiry } = start(house);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213', how: 'sweep', networkAtMs: sentAtMs });
  house.write((tx) => simOnline(tx, iccid));
  expiry.simReady(iccid);
  await soon();
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '48213' });
  expect(auditLedger(house.db)).toEqual([]);
});

test('after a restart an overdue order whose SIM was read without a message expires at once', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  house.write((tx) => simOffline(tx, iccid));
  house.clock.pass(25 * MINUTE_MS);
  const { expiry } = start(house);
  house.write((tx) => simOnline(tx, iccid));
  expiry.simReady(iccid);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a SIM that does not come back holds the refund no longer than the grace', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  house.write((tx) => simOffline(tx, iccid));
  house.clock.pass(25 * MINUTE_MS);
  start(house);
  await soon();
  house.clock.pass(GRACE_SECONDS * 1000 - 5000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(6000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a message announced just before the expiry is waited for, but not beyond the promised second', async () => {
  const house = makeHouse();
  const { place } = rent(house);
  const order = place();
  start(house, () => new Promise(() => {}));
  house.clock.pass(20 * MINUTE_MS);
  await Bun.sleep(200);
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  await Bun.sleep(800);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a clock set back and forth neither loses an expiry nor repeats it', async () => {
  const house = makeHouse();
  const { userId, place } = rent(house);
  const order = place();
  start(house);
  house.clock.pass(-3_600_000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(3_600_000 + 20 * MINUTE_MS);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
  house.clock.pass(-20 * MINUTE_MS);
  await soon();
  house.clock.pass(40 * MINUTE_MS);
  await soon();
  expect(balanceOf(house.db, userId, 'USD').availableMinor).toBe(1000);
  expect(auditLedger(house.db)).toEqual([]);
});

test('a storm of expiries is settled in batches, each order once', async () => {
  const house = makeHouse();
  house.offer('telegram', 45);
  const userId = house.customer('anna@example.org', 100_000);
  for (let n = 1; n <= 300; n++) house.sim(n);
  for (let n = 0; n < 300; n++)
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  start(house);
  house.clock.pass(20 * MINUTE_MS);
  await Bun.sleep(600);
  expect(house.db.query('SELECT 1 FROM orders WHERE status <> ?').all('expired')).toEqual([]);
  expect(balanceOf(house.db, userId, 'USD')).toEqual({ currency: 'USD', availableMinor: 100_000, heldMinor: 0 });
  expect(auditLedger(house.db)).toEqual([]);
});
