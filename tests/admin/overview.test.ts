/** The overview: minutes as they are recorded, what is drawn of them, and that reading them costs no more with ten million orders. */
import { describe, expect, test } from 'bun:test';
import { FLOWS, flowsBetween, LEVELS, levelsNow, stepsFrom, writeMinute } from '../../src/admin/house-minutes.ts';
import { startMinuteWatch } from '../../src/admin/minute-watch.ts';
import { insertAlarm } from '../../src/alarms/alarms.ts';
import { debit, topUp } from '../../src/ledger/ledger.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { niceTop } from '../../views/admin/chart.tsx';
import { adminHouse, snapshot } from '../support/admin-house.ts';
import { type House, MINUTE_MS, makeHouse, START_MS } from '../support/house.ts';
import { plansOf } from '../support/plans.ts';
import { seen } from '../views/markup.ts';

const MINUTE = START_MS / MINUTE_MS;

/** Anna orders for Telegram in the first minute and gets her code; Bob only orders, in the second. */
function busyHouse(): House {
  const house = makeHouse();
  for (const n of [1, 2, 3]) house.sim(n);
  house.offer('telegram', 40);
  const order = (userId: string) =>
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const anna = house.customer('anna@example.org', 500);
  const bob = house.customer('bob@example.org', 700);
  order(anna);
  const [{ iccid } = { iccid: '' }] = house.db.query<{ iccid: string }, []>('SELECT iccid FROM orders').all();
  house.clock.pass(5000);
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48291' });
  house.write((tx) => debit(tx, house.terms, { userId: bob, amountMinor: 100, reason: 'Paid back in cash.' }));
  house.clock.pass(MINUTE_MS);
  order(bob);
  return house;
}

describe('a minute', () => {
  test('holds what happened in it, and how things stood', () => {
    const { db, write } = busyHouse();
    const first = { codes: 1, orders: 1, paidInMinor: 1200, paidOutMinor: 100, earnedMinor: 40 };
    expect(flowsBetween(db, START_MS, START_MS + MINUTE_MS)).toEqual(first);
    expect(flowsBetween(db, START_MS + MINUTE_MS, START_MS + 2 * MINUTE_MS)).toEqual({
      codes: 0,
      orders: 1,
      paidInMinor: 0,
      paidOutMinor: 0,
      earnedMinor: 0,
    });
    const levels = { openOrders: 2, freeSims: 1, readableSims: 3 };
    expect(levelsNow(db)).toEqual(levels);
    write((tx) => writeMinute(tx, MINUTE));
    write((tx) => writeMinute(tx, MINUTE));
    expect(stepsFrom(db, MINUTE, 1, 2)).toEqual([
      { atMs: START_MS, minutes: 1, ...first, ...levels },
      {
        atMs: START_MS + MINUTE_MS,
        minutes: 0,
        codes: 0,
        orders: 0,
        paidInMinor: 0,
        paidOutMinor: 0,
        earnedMinor: 0,
        openOrders: 0,
        freeSims: 0,
        readableSims: 0,
      },
    ]);
  });

  test('that comes twice, as the clock was set back, has what was made in both, and the levels of the first', () => {
    const { db, clock, write, customer, terms } = busyHouse();
    write((tx) => writeMinute(tx, MINUTE));
    clock.setForward(START_MS + 30_000 - clock.nowMs());
    const userId = customer('carl@example.org', 100);
    write((tx) => placeOrder(tx, terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
    write((tx) => writeMinute(tx, MINUTE));
    expect(stepsFrom(db, MINUTE, 1, 1)).toMatchObject([{ minutes: 1, orders: 2, paidInMinor: 1300, openOrders: 2, freeSims: 1 }]);
  });

  test('is written once it is over; minutes of more than a month are forgotten', async () => {
    const { db, clock, write } = makeHouse();
    write((tx) => writeMinute(tx, MINUTE - 32 * 1440));
    let due: { atMs: number; fire(): void } | null = null;
    const set: Timers['set'] = (_key, atMs, fire) => {
      due = { atMs, fire };
    };
    const door = { write: async <T>(verb: Parameters<typeof write<T>>[0]) => write(verb) };
    startMinuteWatch({
      door,
      clock,
      timers: { set, onJump: () => {} } as unknown as Timers,
      log: silentLog,
      troubles: openTroubles(clock.nowMs),
    });
    for (let turn = 0; turn < 2; turn++) {
      const { atMs, fire } = due ?? { atMs: 0, fire: () => {} };
      clock.ms = atMs;
      fire();
      await Promise.resolve();
    }
    expect(db.query('SELECT minute FROM house_minutes ORDER BY minute').values()).toEqual([[MINUTE], [MINUTE + 1]]);
  });
});

test('no figure is read by looking through a table of orders, messages or money', () => {
  const { db } = makeHouse();
  const plans = [...Object.values(FLOWS), ...Object.values(LEVELS)].flatMap((sql) => plansOf(db, sql));
  expect(plans.length).toBeGreaterThan(5);
  // The cards are looked through, thousands of them; of orders only the open ones, by their own index.
  for (const step of plans)
    expect(step).toMatch(
      /^SEARCH |^SCAN s\b|^SCAN orders USING INDEX orders_open_by_sim$|^(CORRELATED )?SCALAR|^USE TEMP B-TREE FOR GROUP BY/,
    );
});

test.each([
  [0, 1],
  [0.4, 0.4],
  [1, 1],
  [3, 4],
  [41, 50],
  [64, 100],
  [100, 100],
  [1234, 2000],
])('a scale for %d ends at %d', (value, top) => expect(niceTop(value)).toBeCloseTo(top));

describe('/admin', () => {
  test('begins empty, and says what to do', async () => {
    const { text, html } = await shown(adminHouse());
    expect(text).toContain('No SIM was seen yet.');
    expect(text).toContain('No alarm stands');
    expect(text).toContain('No modem');
    expect(html).not.toContain('style=');
  });

  test('shows what is free, ordered, delivered, paid, and what is wrong, each with its table', async () => {
    const admin = adminHouse();
    const { house } = admin;
    for (const n of [1, 2, 3]) house.sim(n);
    house.offer('telegram', 40);
    const userId = house.customer('anna@example.org', 1000);
    house.write((tx) => topUp(tx, house.terms, { userId, amountMinor: 250, reference: null }));
    house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
    const denied = { code: 'denied' as const, subject: '/dev/test1', text: 'Registration <3>.' };
    house.write((tx) => insertAlarm(tx, house.terms.random, denied, START_MS));
    admin.bank.modems = [snapshot(1), snapshot(2)];
    const { text, html } = await shown(admin);
    expect(text).toContain('One alarm stands');
    expect(text).toContain('Network refuses the SIM');
    expect(text).toContain('Registration <3>.');
    expect(text).toContain('2 free of 3 readable SIMs');
    expect(text).toContain('1 open now');
    expect(text).toContain('$12.50 paid in today');
    expect(text).toContain('no message to measure in this time');
    expect(html.match(/<svg class="chart"[^>]*aria-label="[^"]{10,}"/g)).toHaveLength(6);
    expect(html.match(/<table>/g)).toHaveLength(6);
  });

  test('what is fetched again is that part alone, for the range asked for', async () => {
    const admin = adminHouse();
    const html = await (await admin.get('/admin/now?range=hour')).text();
    expect(html).toStartWith('<div id="overview"');
    expect(html).toContain('/admin/now?range=hour');
    expect(html).toContain('Each step of the charts is a minute');
    const zipped = await admin.get('/admin/now?range=hour', { 'accept-encoding': 'br, gzip' });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    const octets = await zipped.arrayBuffer();
    expect(new TextDecoder().decode(Bun.gunzipSync(octets))).toBe(html);
    expect(octets.byteLength).toBeLessThan(html.length / 8);
  });
});

async function shown({ get }: ReturnType<typeof adminHouse>): Promise<{ text: string; html: string }> {
  const html = await (await get('/admin')).text();
  return { html, text: seen(html).text };
}
