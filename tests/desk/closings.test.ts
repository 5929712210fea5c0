import { expect, test } from 'bun:test';
import { linesOf, openDays, totalsOf } from '../../src/ledger/closings.ts';
import { topUp } from '../../src/ledger/ledger.ts';
import { dayIn, isDay, nextDay, startOfDayIn } from '../../src/lib/zoned-day.ts';
import { cancelOrder, placeOrder } from '../../src/orders/orders.ts';
import { closingPath, paths } from '../../views/paths.ts';
import { adminHouse } from '../support/admin-house.ts';
import { MINUTE_MS } from '../support/house.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const ZONE = 'Europe/Berlin';

/** The books of two days: a credit, a captured order, a canceled one. The house starts on 2026-11-22 at 12:00 UTC. */
function open() {
  const admin = adminHouse({ env: { SMSPIN_LEDGER_TIME_ZONE: ZONE } });
  const { house, post } = admin;
  const anna = house.customer('anna@example.org');
  const iccid = house.sim(1);
  house.sim(2);
  house.offer('telegram', 40);
  const order = () =>
    house.write((tx) => placeOrder(tx, house.terms, { userId: anna, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  order();
  house.receive({ iccid, sender: 'Telegram', text: 'Telegram code: 48213' });
  house.clock.pass(DAY_MS);
  const { id } = order();
  house.write((tx) => cancelOrder(tx, house.terms, { userId: anna, orderId: id }));
  const close = (upto: string) => post(paths.closings, { upto, confirm: 'yes' });
  const totals = (day: string) => totalsOf(linesOf(house.db, day));
  return { ...admin, anna, order, close, totals };
}

test('days begin where the clock on the wall says so, also when clocks change', () => {
  const length = (day: string): number => (startOfDayIn(ZONE, nextDay(day)) - startOfDayIn(ZONE, day)) / 3_600_000;
  expect(['2026-03-29', '2026-10-25', '2026-11-22'].map(length)).toEqual([23, 25, 24]);
  expect(new Date(startOfDayIn(ZONE, '2026-07-01')).toISOString()).toBe('2026-06-30T22:00:00.000Z');
  // Clocks went forward at midnight: the day began at one.
  expect(new Date(startOfDayIn('Africa/Cairo', '2026-04-24')).toISOString()).toBe('2026-04-23T22:00:00.000Z');
  expect(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'].map((zone) => dayIn(zone, startOfDayIn(zone, '2026-11-22')))).toEqual(
    Array(3).fill('2026-11-22'),
  );
  expect(['2026-11-22', '2026-02-30', '2026-1-1', ''].map(isDay)).toEqual([true, false, false, false]);
});

test('on the first day the page says from when it can be closed', async () => {
  const { get } = adminHouse({ env: { SMSPIN_LEDGER_TIME_ZONE: ZONE } });
  const page = await (await get(paths.closings)).text();
  expect(page).toContain(`No day is over yet: today can be closed from 00:00 ${ZONE}.`);
  expect(page).not.toContain('Every day that is over is closed.');
  expect(page).not.toContain('No day was closed yet.');
});

test('days that are over are closed in order, once, with opening, movements and closing; all sums to zero', async () => {
  const { house, get, post, close, totals, audit } = open();
  expect(openDays(house.db, ZONE, house.clock.ms, 9).map(({ day }) => day)).toEqual(['2026-11-22']);
  house.clock.pass(DAY_MS);
  const page = await (await get(paths.closings)).text();
  expect(page).toContain('2 days are over and not closed, from 2026-11-22 to 2026-11-23.');
  const asked = await (await post(paths.closings, { upto: '2026-11-23' })).text();
  expect([asked.includes('A closed day cannot be opened or changed.'), linesOf(house.db, '2026-11-22')]).toEqual([true, []]);
  const answers = await Promise.all([close('2026-11-23'), close('2026-11-23')]);
  expect(answers.map(({ status }) => status)).toContain(303);
  expect((await close('2026-11-23')).headers.get('location')).toContain('days-closed-before');
  expect(totals('2026-11-22')).toEqual({ available: 960, held: 0, revenue: 40, funding: -1000 });
  expect(totals('2026-11-23')).toEqual({ available: 960, held: 0, revenue: 40, funding: -1000 });
  expect(linesOf(house.db, '2026-11-23').filter(({ kind, account }) => kind !== 'opening' && account === 'held')).toEqual([
    { kind: 'hold', account: 'held', movements: 1, amountMinor: 40 },
    { kind: 'refund', account: 'held', movements: 1, amountMinor: -40 },
  ]);
  expect(audit().map(({ action, target }) => `${action} ${target}`)).toEqual(['ledger.close 2026-11-22', 'ledger.close 2026-11-23']);
  const day = await (await get(closingPath('2026-11-23'))).text();
  expect(day).toContain('the entries give what was kept, and everything sums to <span>$0.00</span>');
  expect(day).toContain('operator@example.org');
  expect((await get(closingPath('2026-11-24'))).status).toBe(404);
});

test('a movement with a clock set back counts for a later day; a closed one stays', async () => {
  const { house, anna, close, totals } = open();
  house.clock.pass(DAY_MS);
  await close('2026-11-23');
  const before = totals('2026-11-23');
  house.clock.ms -= DAY_MS;
  house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: 500, reference: null }));
  house.clock.ms += 2 * DAY_MS;
  await close('2026-11-24');
  expect([totals('2026-11-23'), totals('2026-11-24').available]).toEqual([before, before.available + 500]);
});

test('the database itself refuses to change a closed day, and to close one twice, out of order or unevenly', async () => {
  const { house, close } = open();
  house.clock.pass(DAY_MS);
  await close('2026-11-23');
  const refused = [
    "UPDATE ledger_closings SET to_ms = to_ms + 1 WHERE day = '2026-11-22'",
    "DELETE FROM ledger_closings WHERE day = '2026-11-22'",
    "UPDATE ledger_closing_lines SET amount_minor = 1 WHERE day = '2026-11-22'",
    "DELETE FROM ledger_closing_lines WHERE day = '2026-11-22'",
    "INSERT INTO ledger_closing_lines VALUES ('2026-11-22', 'x', 'held', 1, 1)",
  ];
  for (const sql of refused) expect(() => house.db.run(sql)).toThrow('the day is closed');
  const closing = (day: string, first: number) =>
    house.db.run(
      `INSERT INTO ledger_closings SELECT '${day}', zone, from_ms, to_ms, ${first}, ${first}, closed_by, closed_at_ms FROM ledger_closings WHERE day = '2026-11-22'`,
    );
  expect(() => closing('2026-11-24', 1)).toThrow('a day follows the day before it');
  expect(() => closing('2026-11-21', 9)).toThrow('a day follows the day before it');
  expect(() =>
    house.db.transaction(() => {
      house.db.run("INSERT INTO ledger_closing_lines VALUES ('2026-11-24', 'top_up', 'held', 1, 1)");
      closing('2026-11-24', 11);
    })(),
  ).toThrow('do not sum to zero');
});

test('entries that were changed by other means are noticed', async () => {
  const { house, close, get } = open();
  house.clock.pass(DAY_MS);
  await close('2026-11-22');
  house.db.run('DROP TRIGGER ledger_entries_no_update');
  house.db.run('UPDATE ledger_entries SET amount_minor = amount_minor * 2 WHERE id <= 2');
  expect(await (await get(closingPath('2026-11-22'))).text()).toContain('the entries do not give what was kept');
});

test('files of days and entries hold every line, and no formula', async () => {
  const { house, anna, close, get, audit } = open();
  house.write((tx) => topUp(tx, house.terms, { userId: anna, amountMinor: 500, reference: '=HYPERLINK("http://evil")' }));
  house.clock.pass(DAY_MS);
  await close('2026-11-23');
  const days = await (await get(`${paths.closings}.csv`)).text();
  expect(days.split('\r\n')[0]).toBe('day,time_zone,kind,account,movements,amount_minor,currency,closed_by,closed_at');
  expect(days).toContain('2026-11-22,Europe/Berlin,top_up,available,1,1000,USD,operator@example.org,');
  const entries = await (await get(closingPath('2026-11-23', 'entries.csv'))).text();
  expect(entries).toContain('"\'=HYPERLINK(""http://evil"")"');
  const amounts = entries
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => Number(line.split(',').at(-3)));
  expect([amounts.length, amounts.reduce((sum, amount) => sum + amount, 0)]).toEqual([6, 0]);
  expect(audit().map(({ action, target }) => `${action} ${target}`)).toEqual([
    ...['ledger.close 2026-11-22', 'ledger.close 2026-11-23', 'ledger.csv closed days', 'ledger.csv 2026-11-23'],
  ]);
});
