/** What each detector finds, and when it finds nothing. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { insertAlarm, standingAlarms } from '../../src/alarms/alarms.ts';
import type { Detector } from '../../src/alarms/condition.ts';
import { openDemand } from '../../src/alarms/demand.ts';
import { clockDetector, networkOffset } from '../../src/alarms/detect/clock.ts';
import { deliveryDetector } from '../../src/alarms/detect/delivery.ts';
import { backupDetector, diskDetector, mailDetector, troubleDetector } from '../../src/alarms/detect/house.ts';
import { ledgerDetector } from '../../src/alarms/detect/ledger.ts';
import { modemDetector } from '../../src/alarms/detect/modems.ts';
import { reviewDetector, webhookDetector } from '../../src/alarms/detect/queues.ts';
import { expiryDetector, notedExpiries, twinDetector } from '../../src/alarms/detect/sims.ts';
import { stockDetector, waitingFor } from '../../src/alarms/detect/stock.ts';
import { openDoor } from '../../src/db/write.ts';
import { ALARM_CODES } from '../../src/lib/alarm-kinds.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { noteTrouble } from '../../src/mail/trouble.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { writeReview } from '../../src/reviews/items.ts';
import { simOffline } from '../../src/sims/sims.ts';
import { openStock } from '../../src/stock/stock.ts';
import { snapshot } from '../support/admin-house.ts';
import { MINUTE_MS, makeHouse, testSim } from '../support/house.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

async function found(detector: Detector, house = makeHouse()): Promise<string[]> {
  const conditions = await detector.look(standingAlarms(house.db).filter(({ code }) => detector.codes.some((one) => one === code)));
  return conditions.map(({ code, subject, level = 'bad' }) => `${code} ${subject} ${level}`);
}

// ---- Modems
function modems() {
  const house = makeHouse();
  let shown = [snapshot(1)];
  const detector = modemDetector({
    db: house.db,
    nowMs: house.clock.nowMs,
    snapshots: () => shown,
    modemDownMinutes: 2,
    simFullPercent: 80,
  });
  const show = (...now: typeof shown): void => {
    shown = now;
  };
  return { house, detector, show };
}

test.each([
  [{}, []],
  [{ state: 'gone', iccid: null }, ['modem_down /dev/test1 bad']],
  [{ state: 'failed', detail: 'It answers ERROR.' }, ['modem_down /dev/test1 bad']],
  [{ state: 'initialising' }, ['modem_down /dev/test1 bad']],
  [{ state: 'paused' }, []],
  [{ state: 'sweeping' }, []],
  [{ state: 'sim_missing', iccid: null }, ['sim_missing /dev/test1 bad']],
  [{ storage: { name: 'SM', used: 15, total: 20 } }, ['storage_filling /dev/test1 between']],
  [{ storage: { name: 'SM', used: 16, total: 20 } }, ['storage_filling /dev/test1 bad']],
  [{ storage: { name: 'SM', used: 14, total: 20 } }, []],
  [{ storage: { name: 'SM', used: 0, total: 0 } }, []],
  [{ alarms: [{ code: 'storage_full', text: 'Full.', sinceMs: 1 }] }, ['storage_full /dev/test1 bad']],
  [{ alarms: [{ code: 'storage_filling', text: 'By its own mark.', sinceMs: 1 }] }, []],
] as const)('a modem that is %j', async (changes, expected) => {
  const { house, detector, show } = modems();
  show(snapshot(1, changes as Parameters<typeof snapshot>[1]));
  expect(await found(detector, house)).toEqual([...expected]);
});

test('a modem that was there before the restart and did not come back is down, with its SIM, for a week; not one that the operator paused', async () => {
  const { house, detector, show } = modems();
  const iccid = house.sim(2);
  house.sim(3);
  house.write((tx) => simOffline(tx, testSim(2)));
  house.write((tx) => simOffline(tx, testSim(3)));
  house.db.run(`UPDATE sims SET state = 'paused' WHERE slot = '/dev/test3'`);
  show();
  expect(await found(detector, house)).toEqual(['modem_down /dev/test2 bad']);
  house.clock.pass(3 * HOUR_MS);
  expect(await detector.look([])).toMatchObject([{ iccid, value: 180, threshold: 2, sinceMs: house.clock.nowMs() - 3 * HOUR_MS }]);
  house.clock.pass(7 * DAY_MS);
  expect(await found(detector, house)).toEqual([]);
  show(snapshot(2, { state: 'gone', iccid: null }));
  expect(await found(detector, house)).toEqual([]);
});

test('what stood about a modem stays while it has not told yet how it is, after a restart of the server or its own', async () => {
  const { house, detector, show } = modems();
  house.sim(1);
  house.write((tx) => simOffline(tx, testSim(1)));
  house.write((tx) =>
    insertAlarm(tx, house.terms.random, { code: 'denied', subject: '/dev/test1', text: 'The network refuses this SIM.' }, 0),
  );
  show();
  expect(await found(detector, house)).toEqual(['denied /dev/test1 between', 'modem_down /dev/test1 bad']);
  show(snapshot(1, { state: 'initialising' }));
  expect(await found(detector, house)).toContain('denied /dev/test1 between');
  show(snapshot(1));
  expect(await found(detector, house)).toEqual([]);
});

test('SIMs of one number, and SIMs whose day is near', async () => {
  const house = makeHouse();
  house.sim(1);
  house.sim(2);
  house.db.run(`UPDATE sims SET number_set = '+447700900001'`);
  expect((await found(twinDetector({ db: house.db }))).sort()).toEqual([
    `same_number ${testSim(1).iccid} bad`,
    `same_number ${testSim(2).iccid} bad`,
  ]);
  const today = new Date(house.clock.nowMs()).toISOString().slice(0, 10);
  const on = (days: number) => new Date(Date.parse(today) + days * DAY_MS).toISOString().slice(0, 10);
  const days = [-61, -60, -1, 0, 1, 14, 15].map((n) => ({ iccid: `${n}`, expiresOn: on(n) }));
  const detector = (simExpiryDays: number) =>
    expiryDetector({ expiries: (until) => days.filter(({ expiresOn }) => expiresOn <= until), simExpiryDays, nowMs: house.clock.nowMs });
  expect((await found(detector(14))).map((one) => one.split(' ')[1])).toEqual(['-60', '-1', '0', '1', '14']);
  expect((await detector(14).look([])).map(({ text }) => text)[1]).toBe(`Its last day was on ${on(-1)}, 1 days ago.`);
  expect(await found(detector(0))).toEqual([]);
});

test('noted days are read where they are kept', () => {
  const house = makeHouse();
  if (house.db.query("SELECT 1 FROM sqlite_master WHERE name = 'sim_care'").get() === null) {
    expect(notedExpiries(house.db, '2099-01-01')).toEqual([]);
    house.db.run('CREATE TABLE sim_care (iccid TEXT PRIMARY KEY, expires_on TEXT)');
  }
  const [a, b, c] = [house.sim(1), house.sim(2), house.sim(3)];
  const insert = house.db.query('INSERT INTO sim_care (iccid, expires_on) VALUES (?, ?)');
  insert.run(a, '2026-12-01');
  insert.run(b, '2026-12-31');
  insert.run(c, '2026-12-01');
  house.db.run(`UPDATE sims SET state = 'paused' WHERE iccid = ?`, [c]);
  expect(notedExpiries(house.db, '2026-12-10')).toEqual([{ iccid: a, expiresOn: '2026-12-01' }]);
});

// ---- Stock
function shop() {
  const house = makeHouse({ quarantineMinutes: 60 });
  const demand = openDemand(house.clock.monotonicMs);
  const terms = { ...house.terms, stock: openStock(house.db, house.terms), demand };
  const detector = stockDetector({
    db: house.db,
    nowMs: house.clock.nowMs,
    demand,
    terms,
    busyRefusals: 3,
    busyOrders: 5,
    waiting: (offer) => waitingFor(house.db, offer),
  });
  const userId = house.customer('anna@example.org', 100_000);
  const order = (service = 'telegram') => {
    try {
      house.write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service, maxPriceMinor: null }));
      return 'sold';
    } catch (thrown) {
      return String(thrown).includes('out_of_stock') ? 'refused' : String(thrown);
    }
  };
  return { house, demand, detector, order, terms, userId };
}

test('an offer without stock is an alarm once it was declined three times within an hour, until there is stock or nobody wants it', async () => {
  const { house, detector, order } = shop();
  house.offer('telegram', 45);
  house.offer('google', 45);
  expect([order(), order()]).toEqual(['refused', 'refused']);
  expect(await found(detector, house)).toEqual([]);
  expect(order()).toBe('refused');
  expect(await found(detector, house)).toEqual(['stock_out gb/telegram bad']);
  expect(await detector.look([])).toMatchObject([
    { value: 3, threshold: 3, text: 'No number is free: 3 declined in the last hour, 0 sold in the last day.' },
  ]);
  house.sim(1);
  expect(await found(detector, house)).toEqual([]);
  expect(order()).toBe('sold');
  expect(await found(detector, house)).toEqual(['stock_out gb/telegram bad']);
  house.clock.pass(2 * HOUR_MS);
  house.write((tx) => simOffline(tx, testSim(1)));
  expect(await found(detector, house)).toEqual([]);
});

test('one that sells well is an alarm as soon as it has none, declined or not; one that is not offered any more is none', async () => {
  const { house, detector, order } = shop();
  house.offer('telegram', 45);
  for (let n = 1; n <= 5; n++) house.sim(n);
  expect(Array.from({ length: 5 }, () => order())).toEqual(Array.from({ length: 5 }, () => 'sold'));
  expect(await found(detector, house)).toEqual(['stock_out gb/telegram bad']);
  house.db.run('DELETE FROM offers');
  expect(await found(detector, house)).toEqual([]);
});

test('what was chosen and then refused, or undone, was sold to nobody', () => {
  const { house, demand, terms, userId } = shop();
  house.offer('telegram', 45);
  house.sim(1);
  const poor = house.customer('poor@example.org', 10);
  const request = { userId: poor, country: 'gb', service: 'telegram', maxPriceMinor: null };
  expect(() => house.write((tx) => placeOrder(tx, terms, request))).toThrow('The price is $0.45');
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  door.rehearse((tx) => placeOrder(tx, terms, { ...request, userId }));
  expect(demand.lately()).toEqual([]);
});

test('demand is counted in bounded memory, by a clock that nobody sets', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 90 }), sold: fc.boolean() }), { maxLength: 60 }), (acts) => {
      let nowMs = 0;
      const demand = openDemand(() => nowMs);
      const at: { ms: number; sold: boolean }[] = [];
      for (const { minutes, sold } of acts) {
        nowMs += minutes * MINUTE_MS;
        demand[sold ? 'sold' : 'refused']({ country: 'gb', service: 'x', carrier: '' });
        at.push({ ms: nowMs, sold });
      }
      const [offer = { refusals: 0, orders: 0 }] = demand.lately();
      const within = (sold: boolean, ms: number) => at.filter((one) => one.sold === sold && nowMs - one.ms < ms).length;
      // Counted in pieces: at least what came in all but one piece of the time, at most what came in all of it.
      expect(offer.refusals).toBeGreaterThanOrEqual(within(false, 55 * MINUTE_MS));
      expect(offer.refusals).toBeLessThanOrEqual(within(false, HOUR_MS));
      expect(offer.orders).toBeGreaterThanOrEqual(within(true, 23 * HOUR_MS));
      expect(offer.orders).toBeLessThanOrEqual(within(true, DAY_MS));
    }),
    { numRuns: 200 },
  );
  const demand = openDemand(() => 0);
  for (let n = 0; n < 5000; n++) demand.refused({ country: 'gb', service: `s${n}`, carrier: '' });
  expect(demand.lately()).toHaveLength(1000);
  expect(demand.lately().at(-1)?.service).toBe('s4999');
});

// ---- Delivery
test.each([
  [{ sample: 19, medianMs: 9000, p95Ms: 60_000 }, []],
  [{ sample: 20, medianMs: 3000, p95Ms: 10_000 }, ['delivery_slow median between', 'delivery_slow 95 of 100 between']],
  [{ sample: 20, medianMs: 2700, p95Ms: 9000 }, []],
  [{ sample: 20, medianMs: 4000, p95Ms: 9000 }, ['delivery_slow median bad']],
  [{ sample: 200, medianMs: 1000, p95Ms: 11_000 }, ['delivery_slow 95 of 100 bad']],
])('of the last hour %j', async (figure, expected) => {
  const detector = deliveryDetector({ figuresSince: () => figure, nowMs: () => 0, deliveryMedianSeconds: 3, deliveryP95Seconds: 10 });
  expect(await found(detector)).toEqual(expected);
  expect(
    await found(deliveryDetector({ figuresSince: () => figure, nowMs: () => 0, deliveryMedianSeconds: 0, deliveryP95Seconds: 0 })),
  ).toEqual([]);
});

test('with too few messages what stands stays, with none it goes', async () => {
  const house = makeHouse();
  house.write((tx) => insertAlarm(tx, house.terms.random, { code: 'delivery_slow', subject: 'median', text: 'Slow.' }, 0));
  const detector = (sample: number) =>
    deliveryDetector({
      figuresSince: () => ({ sample, medianMs: null, p95Ms: null }),
      nowMs: () => 0,
      deliveryMedianSeconds: 3,
      deliveryP95Seconds: 10,
    });
  expect(await found(detector(3), house)).toEqual(['delivery_slow median between']);
  expect(await found(detector(0), house)).toEqual([]);
});

// ---- Clock
test('a large step of the wall clock is told for an hour; one that is taken back, NTP at work and time that passes are not', async () => {
  const house = makeHouse();
  const detector = clockDetector({ db: house.db, clock: house.clock, clockOffSeconds: 120 });
  expect(await found(detector, house)).toEqual([]);
  for (let n = 0; n < 600; n++) {
    house.clock.pass(10_000);
    house.clock.setForward(900);
    expect(await found(detector, house)).toEqual([]);
  }
  house.clock.setForward(-HOUR_MS);
  expect(await detector.look([])).toMatchObject([{ subject: 'step', value: 3600, text: expect.stringContaining('set back by 3600 s') }]);
  house.clock.pass(10_000);
  house.clock.setForward(HOUR_MS);
  expect(await found(detector, house)).toEqual([]);
  house.clock.pass(2 * HOUR_MS);
  house.clock.setForward(10 * MINUTE_MS);
  expect(await found(detector, house)).toEqual(['clock_off step bad']);
  house.clock.pass(HOUR_MS);
  expect(await found(detector, house)).toEqual([]);
  house.clock.setForward(YEAR_MS);
  expect(await found(clockDetector({ db: house.db, clock: house.clock, clockOffSeconds: 0 }), house)).toEqual([]);
});

test('the networks outvote one of them: a card counts once, however many messages it gets', () => {
  const of = (iccid: string, ...offsets: number[]) => offsets.map((offsetMs) => ({ iccid, offsetMs }));
  expect(networkOffset([...of('a', 1, 2, 3, 4), ...of('b', 5, 6, 7), ...of('c', 1, 9)])).toBeNull();
  expect(networkOffset([...of('a', 1, 2, 3, 4, 5, 6), ...of('b', 5, 6, 7, 8)])).toBeNull();
  expect(networkOffset([...of('a', ...Array.from({ length: 50 }, () => 3_600_000)), ...of('b', 2000, 4000), ...of('c', 1000, 3000)])).toBe(
    3000,
  );
});

test('messages that come before they were sent say that the clock is slow', async () => {
  const house = makeHouse();
  const detector = clockDetector({ db: house.db, clock: house.clock, clockOffSeconds: 120 });
  const cards = [house.sim(1), house.sim(2), house.sim(3)];
  for (let n = 0; n < 12; n++) {
    house.clock.pass(MINUTE_MS);
    const iccid = cards[n % 3] ?? '';
    house.receive({ iccid, sender: 'Telegram', text: `Telegram code: ${10_000 + n}`, networkAtMs: house.clock.nowMs() + 300_000 });
    // What was found late says nothing.
    house.receive({ iccid, sender: 'Telegram', text: `Late ${n}`, how: 'sweep', networkAtMs: house.clock.nowMs() - 4 * HOUR_MS });
  }
  expect(await detector.look([])).toMatchObject([{ subject: 'network', value: 300, text: expect.stringContaining('is slow') }]);
});

// ---- Queues, house, ledger
test('the oldest review, endpoints that were switched off, mail that does not leave, and work that fails', async () => {
  const house = makeHouse();
  const { db, clock } = house;
  const reviews = (reviewMinutes: number) => reviewDetector({ db, nowMs: clock.nowMs, reviewMinutes });
  const iccid = house.sim(1);
  const { messages } = house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' }) as unknown as {
    messages: { id: string }[];
  };
  const id = messages?.[0]?.id ?? db.query<{ id: string }, []>('SELECT id FROM messages').get()?.id ?? '';
  house.write((tx) => writeReview(tx, id, []));
  clock.pass(30 * MINUTE_MS);
  expect(await found(reviews(30))).toEqual([]);
  clock.pass(MINUTE_MS);
  expect(await reviews(30).look([])).toMatchObject([{ code: 'review_old', value: 31, threshold: 30, text: 'One message waits.' }]);
  expect(await found(reviews(0))).toEqual([]);

  const anna = house.customer('anna@example.org');
  const webhooks = webhookDetector({ db, nowMs: clock.nowMs });
  db.query(
    `INSERT INTO webhooks (id, user_id, url, description, events, state, disabled_reason, disabled_at_ms, secret, created_at_ms)
     VALUES ('whk_1', $anna, 'https://a.example/secret-path', '', NULL, 'disabled', 'gone', $now, 's', 0)`,
  ).run({ anna, now: clock.nowMs() });
  expect(await webhooks.look([])).toMatchObject([
    { subject: 'whk_1', text: 'An endpoint of anna@example.org was switched off: it said that it is gone (410).' },
  ]);
  clock.pass(8 * DAY_MS);
  expect(await found(webhooks)).toEqual([]);

  expect(await found(mailDetector({ db }))).toEqual([]);
  house.write((tx) => noteTrouble(tx, '535 wrong password'));
  expect(await mailDetector({ db }).look([])).toMatchObject([{ code: 'mail_stuck', text: '1 attempts failed: 535 wrong password' }]);

  const troubles = openTroubles(clock.nowMs);
  expect(await found(troubleDetector({ troubles }))).toEqual([]);
  troubles.failed('history', 'ENOSPC');
  expect(await found(troubleDetector({ troubles }))).toEqual(['history  bad']);
});

test.each([
  [20_000, 100_000, []],
  [999, 10_000, ['disk_low  bad']],
  [1000, 10_000, ['disk_low  between']],
  [1100, 10_000, []],
  [4999, 100_000, ['disk_low  bad']],
  [5500, 100_000, []],
])('of %i MB free of %i', async (free, total, expected) => {
  const space = () => ({ freeOctets: free * 1e6, totalOctets: total * 1e6 });
  expect(await found(diskDetector({ space, diskFreeMegabytes: 1000, diskFreePercent: 5 }))).toEqual([...expected]);
  expect(await found(diskDetector({ space, diskFreeMegabytes: 0, diskFreePercent: 0 }))).toEqual([]);
});

test.each([
  ['an hour ago', HOUR_MS, true, []],
  ['26 hours ago', 26 * HOUR_MS, true, []],
  ['27 hours ago', 27 * HOUR_MS, true, ['backup_old  bad']],
  ['never, a day after the first start', null, true, []],
  ['27 hours ago, and none are scheduled', 27 * HOUR_MS, false, []],
] as const)('a backup of %s', async (_name, agoMs, scheduled, expected) => {
  const nowMs = 10 * DAY_MS;
  const detector = (firstStartAtMs: number) =>
    backupDetector({
      lastBackupAtMs: () => (agoMs === null ? null : nowMs - agoMs),
      scheduled,
      backupHours: 26,
      nowMs: () => nowMs,
      firstStartAtMs: () => firstStartAtMs,
    });
  expect(await found(detector(nowMs - DAY_MS))).toEqual([...expected]);
  expect(await found(detector(0))).toEqual(agoMs === null ? ['backup_old  bad'] : [...expected]);
});

test('a ledger whose entries do not sum to zero is found, new entries and changed old ones, in pieces', async () => {
  const house = makeHouse();
  const { db } = house;
  for (let n = 0; n < 30; n++) house.customer(`a${n}@example.org`, 100 + n);
  const detector = ledgerDetector({ db, atOnce: 7 });
  const looks = async (count: number) => {
    let last: string[] = [];
    for (let n = 0; n < count; n++) last = await found(detector, house);
    return last;
  };
  expect(await looks(40)).toEqual([]);
  // What SMSPin itself cannot do: its triggers refuse it.
  expect(() => db.run('UPDATE ledger_entries SET amount_minor = amount_minor + 5 WHERE id = 3')).toThrow('append only');
  db.run('DROP TRIGGER ledger_entries_no_update');
  db.run('UPDATE ledger_entries SET amount_minor = amount_minor + 5 WHERE id = 3');
  expect(await looks(25)).toEqual(['ledger_unequal  bad']);
  db.run('UPDATE ledger_entries SET amount_minor = amount_minor - 5 WHERE id = 3');
  expect(await looks(25)).toEqual([]);
  house.customer('late@example.org', 500);
  expect(await looks(1)).toEqual([]);
});

test('each kind has one detector', () => {
  const house = makeHouse();
  const { db, clock } = house;
  const nowMs = clock.nowMs;
  const detectors = [
    modemDetector({ db, nowMs, snapshots: () => [], modemDownMinutes: 2, simFullPercent: 80 }),
    twinDetector({ db }),
    expiryDetector({ expiries: () => [], simExpiryDays: 1, nowMs }),
    stockDetector({
      db,
      nowMs,
      demand: openDemand(clock.monotonicMs),
      terms: house.terms,
      busyRefusals: 1,
      busyOrders: 1,
      waiting: () => 0,
    }),
    deliveryDetector({
      figuresSince: () => ({ sample: 0, medianMs: null, p95Ms: null }),
      nowMs,
      deliveryMedianSeconds: 3,
      deliveryP95Seconds: 10,
    }),
    clockDetector({ db, clock, clockOffSeconds: 120 }),
    backupDetector({ lastBackupAtMs: () => null, scheduled: true, backupHours: 26, nowMs, firstStartAtMs: () => 0 }),
    diskDetector({ space: () => ({ freeOctets: 1, totalOctets: 1 }), diskFreeMegabytes: 1, diskFreePercent: 1 }),
    ledgerDetector({ db }),
    mailDetector({ db }),
    troubleDetector({ troubles: openTroubles(nowMs) }),
    reviewDetector({ db, nowMs, reviewMinutes: 1 }),
    webhookDetector({ db, nowMs }),
  ];
  expect([...detectors.flatMap(({ codes }) => codes), 'deaf'].sort()).toEqual([...ALARM_CODES].sort());
  expect(new Set(detectors.map(({ name }) => name)).size).toBe(detectors.length);
});
