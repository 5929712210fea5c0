import { afterEach, expect, test } from 'bun:test';
import { openDoor } from '../../src/db/write.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openHub } from '../../src/live/hub.ts';
import { judgeWaiting, PARTIAL_AFTER_MS, partsUntilMs } from '../../src/messages/inbox.ts';
import { startExpiry } from '../../src/orders/expiry.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { findOrder } from '../../src/orders/view.ts';
import { simOffline, simOnline } from '../../src/sims/sims.ts';
import { until } from '../support/client.ts';
import { type House, MINUTE_MS, makeHouse, testSim } from '../support/house.ts';

const GRACE_SECONDS = 60;
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Starts the expiry of a house as a server start would; the SIM is read when the test says so, by default whenever it is online. */
function start(house: House, readNow?: () => Promise<boolean>) {
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  door.onCommit(() => hub.drain());
  const timers = startTimers(clock, silentLog);
  cleanups.push(timers.stop);
  const readOnline = async (iccid: string) => db.query('SELECT 1 FROM sims WHERE iccid = ? AND online = 1').get(iccid) !== null;
  const expiry = startExpiry({
    db,
    door,
    clock,
    timers,
    hub,
    log: silentLog,
    terms,
    graceSeconds: GRACE_SECONDS,
    readNow: readNow ?? readOnline,
    partsUntilMs: (iccid) => partsUntilMs(db, iccid),
    judgeWaiting: (tx, iccid) => judgeWaiting(tx, terms, iccid),
  });
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
/** What must happen may take its time on a busy machine. */
const ended = (house: House, id: string) => until(() => findOrder(house.db, id)?.endedAtMs != null, 'the order ends');

test('an order placed while running expires with its window and is refunded once', async () => {
  const house = makeHouse();
  const { userId, place } = rent(house);
  const { door } = start(house);
  const order = await door.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  house.clock.pass(20 * MINUTE_MS - 1);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(1);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'expired', reason: 'no_valid_sms' });
  expect(balanceOf(house.db, userId, 'USD')).toEqual({ currency: 'USD', availableMinor: 1000, heldMinor: 0 });
  expect(place).toThrow('out_of_stock');
});

test('after a restart an overdue order waits for its SIM to be read, and a message sent within the window still counts', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  const sentAtMs = house.clock.nowMs() + MINUTE_MS;
  house.write((tx) => simOffline(tx, testSim(1)));
  house.clock.pass(25 * MINUTE_MS);
  const { expiry } = start(house);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213', how: 'sweep', networkAtMs: sentAtMs });
  house.write((tx) => simOnline(tx, testSim(1)));
  expiry.simReady(iccid);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '48213' });
  expect(auditLedger(house.db)).toEqual([]);
});

test('after a restart an overdue order whose SIM was read without a message expires at once', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  house.write((tx) => simOffline(tx, testSim(1)));
  house.clock.pass(25 * MINUTE_MS);
  const { expiry } = start(house);
  house.write((tx) => simOnline(tx, testSim(1)));
  expiry.simReady(iccid);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a SIM that does not come back holds the refund no longer than the grace', async () => {
  const house = makeHouse();
  const { place } = rent(house);
  const order = place();
  house.write((tx) => simOffline(tx, testSim(1)));
  house.clock.pass(25 * MINUTE_MS);
  start(house);
  await soon();
  house.clock.pass(GRACE_SECONDS * 1000 - 5000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(6000);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a SIM that cannot be read in time is waited for, but not beyond the grace', async () => {
  const house = makeHouse();
  const { place } = rent(house);
  const order = place();
  start(house, () => new Promise(() => {}));
  house.clock.pass(20 * MINUTE_MS);
  await Bun.sleep(1000);
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.pass(GRACE_SECONDS * 1000);
  await Bun.sleep(1000);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('what the last reading before the expiry finds still counts', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  const sentAtMs = house.clock.nowMs() + MINUTE_MS;
  start(house, async () => {
    house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213', how: 'sweep', networkAtMs: sentAtMs });
    return true;
  });
  house.clock.pass(20 * MINUTE_MS);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '48213' });
});

const TEXT = `${'Do not give this code to anyone. '.repeat(5)}Your Telegram login code is 48213.`;

test('a message whose rest comes just after the window still counts whole; the order waits for it a few seconds', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  start(house);
  house.clock.pass(20 * MINUTE_MS - 1000);
  house.receive({ iccid, sender: 'Telegram', text: TEXT, ref: 7, only: [0] });
  house.clock.pass(1300);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.receive({ iccid, sender: 'Telegram', text: TEXT, ref: 7, only: [1], networkAtMs: house.clock.nowMs() - 1000 });
  house.clock.pass(PARTIAL_AFTER_MS);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '48213' });
});

test('a message whose rest does not come is judged as far as it came, and the order ends', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  start(house);
  house.clock.pass(20 * MINUTE_MS - 1000);
  house.receive({ iccid, sender: 'Telegram', text: `Your Telegram login code is 48213. ${TEXT}`, ref: 7, only: [0] });
  house.clock.pass(PARTIAL_AFTER_MS + 1000);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '48213' });
});

test('a modem that reads slowly but surely ends the wait when it has read, not when the grace is over', async () => {
  const house = makeHouse();
  const { place } = rent(house);
  const order = place();
  start(house, () => Bun.sleep(1000).then(() => true));
  house.clock.pass(20 * MINUTE_MS);
  await Bun.sleep(900);
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  await Bun.sleep(400);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('after a restart an overdue order with a code waits for its SIM too: a second code may lie on it', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 11111' });
  house.write((tx) => simOffline(tx, testSim(1)));
  house.clock.pass(25 * MINUTE_MS);
  const { expiry } = start(house);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('received');
  house.receive({
    iccid,
    sender: 'Telegram',
    text: 'Telegram code: 22222',
    how: 'sweep',
    networkAtMs: house.clock.nowMs() - 20 * MINUTE_MS,
  });
  house.write((tx) => simOnline(tx, testSim(1)));
  expiry.simReady(iccid);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)).toMatchObject({ status: 'finished', code: '22222' });
});

test('a clock set forward by hours ends no order before its SIM was read', async () => {
  const house = makeHouse();
  const { iccid, place } = rent(house);
  const order = place();
  house.write((tx) => simOffline(tx, testSim(1)));
  const { expiry } = start(house);
  await soon();
  house.clock.setForward(5 * 3_600_000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.write((tx) => simOnline(tx, testSim(1)));
  expiry.simReady(iccid);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
});

test('a clock set back and forth neither loses an expiry nor repeats it', async () => {
  const house = makeHouse();
  const { userId, place } = rent(house);
  const order = place();
  start(house);
  house.clock.setForward(-3_600_000);
  await soon();
  expect(findOrder(house.db, order.id)?.status).toBe('pending');
  house.clock.setForward(3_600_000 + 20 * MINUTE_MS);
  await ended(house, order.id);
  expect(findOrder(house.db, order.id)?.status).toBe('expired');
  house.clock.setForward(-20 * MINUTE_MS);
  await soon();
  house.clock.setForward(40 * MINUTE_MS);
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
