import { afterEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import { openDoor } from '../../src/db/write.ts';
import { timelineOf } from '../../src/evidence/timeline.ts';
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openHub } from '../../src/live/hub.ts';
import { judgeWaiting, partsUntilMs } from '../../src/messages/inbox.ts';
import { type ExpiryDeps, startExpiry } from '../../src/orders/expiry.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { clockOf, creditOutage, giveUpOutage, OUTAGE_MS_MIN } from '../../src/orders/outage.ts';
import { startOutageWatch } from '../../src/orders/outage-watch.ts';
import { findOrder, type Order, presentOrder } from '../../src/orders/view.ts';
import { noteAlive } from '../../src/sims/alive.ts';
import { allOffline, simOffline, simOnline } from '../../src/sims/sims.ts';
import { type House, MINUTE_MS, makeHouse, testSim } from '../support/house.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function shop(terms: Parameters<typeof makeHouse>[0] = {}, windowMinutes = 20) {
  const house = makeHouse(terms);
  const iccid = house.sim(1);
  house.offer('telegram', 45, { windowMinutes });
  const userId = house.customer('anna@example.org');
  const order = house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const now = () => findOrder(house.db, order.id) as Order;
  return { ...house, house, iccid, userId, order, now, ...line(house) };
}

function line(house: House) {
  const { write, terms } = house;
  const card = testSim(1);
  return {
    lose: () => write((tx) => simOffline(tx, card)),
    back: () =>
      write((tx) => {
        const sinceMs = simOnline(tx, card);
        if (sinceMs !== null) creditOutage(tx, terms, card.iccid, sinceMs);
      }),
  };
}

/** Expiry and watch as a server start would; the SIM is read when it is online. */
function start(house: House, graceSeconds = 60) {
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const hub = openHub(db, silentLog);
  door.onCommit(() => hub.drain());
  const timers = startTimers(clock, silentLog);
  cleanups.push(timers.stop);
  const deps: ExpiryDeps = {
    ...{ db, door, clock, timers, hub, log: silentLog, terms, graceSeconds },
    readNow: async (iccid) => db.query('SELECT 1 FROM sims WHERE iccid = ? AND online = 1').get(iccid) !== null,
    partsUntilMs: (iccid) => partsUntilMs(db, iccid),
    judgeWaiting: (tx, iccid) => judgeWaiting(tx, terms, iccid),
  };
  return { door, expiry: startExpiry(deps), watch: startOutageWatch(deps), hub };
}

const soon = () => Bun.sleep(120);

test('a window gets the time back that its modem was away, once, and says so', () => {
  const s = shop();
  s.clock.pass(5 * MINUTE_MS);
  s.lose();
  s.clock.pass(4 * MINUTE_MS);
  s.back();
  expect(s.now()).toMatchObject({ status: 'pending', outageMs: 4 * MINUTE_MS, expiresAtMs: s.order.expiresAtMs + 4 * MINUTE_MS });
  expect(presentOrder(s.db, s.now())).toMatchObject({ outage_seconds: 240, extended_seconds: 0 });
  s.back();
  expect(s.now().outageMs).toBe(4 * MINUTE_MS);
  const outages = s.db.query('SELECT iccid, from_ms, to_ms, cause FROM outages').all();
  const fromMs = s.order.createdAtMs + 5 * MINUTE_MS;
  expect(outages).toEqual([{ iccid: s.iccid, from_ms: fromMs, to_ms: fromMs + 4 * MINUTE_MS, cause: 'modem_lost' }]);
  const told = timelineOf(s.db, s.now()).entries.find(({ detail }) => detail['reason'] === 'outage_added');
  expect(told?.text).toBe('The window was extended by 240 s: its modem was lost, from 2026-11-22 12:05:00 UTC to 2026-11-22 12:09:00 UTC.');
  expect(told?.detail['outage']).toBe(s.db.query<{ id: string }, []>('SELECT id FROM outages').get()?.id ?? '');
});

test('a modem that is back within seconds changes nothing', () => {
  const s = shop();
  s.lose();
  s.clock.pass(OUTAGE_MS_MIN - 1);
  s.back();
  expect(s.now()).toMatchObject({ outageMs: 0, lastEvent: s.order.lastEvent });
  expect(s.db.query('SELECT 1 FROM outages').all()).toEqual([]);
});

test('several outages together add no more than the bound, nor than the window was', () => {
  const s = shop({ outageExtendMinutes: 5 });
  for (const minutes of [3, 3]) {
    s.lose();
    s.clock.pass(minutes * MINUTE_MS);
    s.back();
  }
  expect(s.now().outageMs).toBe(5 * MINUTE_MS);
  const short = shop({}, 2);
  short.clock.pass(MINUTE_MS);
  short.lose();
  short.clock.pass(10 * MINUTE_MS);
  short.back();
  expect(short.now().outageMs).toBe(2 * MINUTE_MS);
});

test('an SMS of the time in which the window waited, read when the modem is back, is the order’s', () => {
  const s = shop();
  s.clock.pass(18 * MINUTE_MS);
  s.lose();
  s.clock.pass(7 * MINUTE_MS);
  // 22 minutes after the order: out of the window that was sold, within the one that waits. The storage is read before the SIM is ready.
  s.house.receive({
    ...{ iccid: s.iccid, sender: 'Telegram', text: 'Telegram code: 48213', how: 'sweep' },
    networkAtMs: s.order.createdAtMs + 22 * MINUTE_MS,
  });
  expect(s.now()).toMatchObject({ status: 'received', code: '48213' });
  s.back();
  expect(s.now().expiresAtMs).toBe(s.order.expiresAtMs + 7 * MINUTE_MS);
  expect(auditLedger(s.db)).toEqual([]);
});

test('at the bound a pending order is refunded at once, before its window ends; what is read later reaches nobody', async () => {
  const s = shop({ outageExtendMinutes: 10 }, 60);
  const { watch } = start(s.house);
  s.clock.pass(MINUTE_MS);
  s.lose();
  watch.simLost(s.iccid);
  s.clock.pass(10 * MINUTE_MS - 1);
  await soon();
  expect(s.now().status).toBe('pending');
  s.clock.pass(1);
  await soon();
  expect(s.now()).toMatchObject({ status: 'expired', reason: 'modem_outage' });
  expect(balanceOf(s.db, s.userId, 'USD')).toMatchObject({ availableMinor: 1000, heldMinor: 0 });
  s.house.receive({
    ...{ iccid: s.iccid, sender: 'Telegram', text: 'Telegram code: 48213', how: 'sweep' },
    networkAtMs: s.order.createdAtMs + 2 * MINUTE_MS,
  });
  s.back();
  expect(s.now()).toMatchObject({ status: 'expired', code: null, outageMs: 0 });
  expect(s.db.query('SELECT 1 FROM messages WHERE user_id IS NOT NULL').all()).toEqual([]);
  expect(s.db.query<{ open: number }, []>('SELECT to_ms IS NULL AS open FROM outages').all()).toEqual([{ open: 0 }]);
  expect(timelineOf(s.db, s.now()).entries.some(({ text }) => text.includes('modem outage: its modem was lost'))).toBe(true);
  expect(auditLedger(s.db)).toEqual([]);
});

test('the window waits at its end while the modem is away, and goes on when it is back', async () => {
  const s = shop();
  const { door, expiry, watch } = start(s.house);
  s.clock.pass(17 * MINUTE_MS);
  s.lose();
  watch.simLost(s.iccid);
  s.clock.pass(5 * MINUTE_MS);
  await soon();
  s.clock.pass(2 * MINUTE_MS);
  await soon();
  expect(s.now().status).toBe('pending');
  await door.write((tx) => {
    const sinceMs = simOnline(tx, testSim(1));
    if (sinceMs !== null) creditOutage(tx, s.terms, s.iccid, sinceMs);
  });
  expiry.simReady(s.iccid);
  await soon();
  expect(s.now()).toMatchObject({ status: 'pending', outageMs: 7 * MINUTE_MS });
  s.clock.pass(3 * MINUTE_MS - 1);
  await soon();
  expect(s.now().status).toBe('pending');
  s.clock.pass(1);
  await soon();
  expect(s.now()).toMatchObject({ status: 'expired', reason: 'no_valid_sms' });
});

test('a received order ends at its bound and stays paid', async () => {
  const s = shop({ outageExtendMinutes: 5 });
  s.house.receive({ iccid: s.iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  const { watch } = start(s.house, 0);
  s.clock.pass(18 * MINUTE_MS);
  s.lose();
  watch.simLost(s.iccid);
  s.clock.pass(6 * MINUTE_MS);
  await soon();
  expect(s.now().status).toBe('received');
  s.clock.pass(MINUTE_MS);
  await soon();
  expect(s.now()).toMatchObject({ status: 'finished', reason: 'window_ended' });
  expect(balanceOf(s.db, s.userId, 'USD')).toMatchObject({ availableMinor: 955, heldMinor: 0 });
});

test('a server that did not run is an outage too; after the start modems get the grace before anything is refunded', async () => {
  const s = shop({}, 60);
  s.write(noteAlive);
  s.clock.pass(30 * MINUTE_MS);
  s.write(allOffline);
  start(s.house, 60);
  s.clock.pass(59_000);
  await soon();
  expect(s.now().status).toBe('pending');
  s.back();
  await soon();
  s.clock.pass(10_000);
  await soon();
  expect(s.now()).toMatchObject({ status: 'pending', outageMs: 20 * MINUTE_MS });
  expect(s.db.query('SELECT cause FROM outages').all()).toEqual([{ cause: 'server_down' }]);
  const lost = shop({}, 60);
  lost.write(noteAlive);
  lost.clock.pass(30 * MINUTE_MS);
  lost.write(allOffline);
  start(lost.house, 60);
  lost.clock.pass(61_000);
  await soon();
  expect(lost.now()).toMatchObject({ status: 'expired', reason: 'modem_outage' });
});

test('switched off, a window waits for no modem beyond the grace', () => {
  const s = shop({ outageExtendMinutes: 0 });
  s.lose();
  s.clock.pass(10 * MINUTE_MS);
  expect(s.write((tx) => giveUpOutage(tx, s.terms, s.order.id))).toBeNull();
  s.back();
  expect(s.now()).toMatchObject({ outageMs: 0, expiresAtMs: s.order.expiresAtMs });
});

test('the clock of a window never runs backwards, never waits beyond the bound or its own length, and agrees with what is credited', () => {
  const minutes = (most: number) => fc.integer({ min: 0, max: most * MINUTE_MS });
  fc.assert(
    fc.property(
      fc.record({
        window: fc.integer({ min: 3000, max: 90 * MINUTE_MS }),
        used: minutes(30),
        extended: minutes(10),
        bound: fc.integer({ min: 0, max: 40 }),
      }),
      fc.integer({ min: -60 * MINUTE_MS, max: 120 * MINUTE_MS }),
      minutes(200),
      minutes(200),
      ({ window, used, extended, bound }, awayFrom, first, more) => {
        const createdAtMs = 1_000_000_000;
        const order = { createdAtMs, expiresAtMs: createdAtMs + window + used + extended, extendedMs: extended, outageMs: used };
        const terms = { outageExtendMinutes: bound };
        const awayMs = createdAtMs + awayFrom;
        const at = (afterMs: number) => clockOf(order, awayMs, terms, Math.max(awayMs, createdAtMs) + afterMs);
        const [early, late] = [at(first), at(first + more)];
        const most = Math.max(0, Math.min(bound * MINUTE_MS, window) - used);
        expect(early.endsAtMs).toBeGreaterThanOrEqual(order.expiresAtMs);
        expect(late.endsAtMs).toBeGreaterThanOrEqual(early.endsAtMs);
        expect(late.endsAtMs).toBeLessThanOrEqual(order.expiresAtMs + most);
        expect(late.lostMs).toBe(late.endsAtMs - order.expiresAtMs);
        expect(late.lostMs).toBeLessThanOrEqual(first + more);
        expect(clockOf(order, null, terms, awayMs)).toMatchObject({ endsAtMs: order.expiresAtMs, lostMs: 0 });
      },
    ),
    { numRuns: 2000 },
  );
});
