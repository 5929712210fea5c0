import { expect, test } from 'bun:test';
import { listAudit } from '../../src/admin/audit.ts';
import { keepPlan, listChanges, PRICES_AUDITED, requireChange, scheduleChange, stepPage, undoable } from '../../src/catalogue/changes.ts';
import { confirmPlan, type PriceDeps, planPrices, planRules, setOnePrice, undoChange } from '../../src/catalogue/planning.ts';
import { readPriceFile } from '../../src/catalogue/price-file.ts';
import { allPrices } from '../../src/catalogue/prices.ts';
import { startPriceSchedule } from '../../src/catalogue/schedule.ts';
import type { Price } from '../../src/catalogue/steps.ts';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { breather } from '../../src/lib/slices.ts';
import { startTimers } from '../../src/lib/timers.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { type House, MINUTE_MS, makeHouse, START_MS } from '../support/house.ts';

const price = (service: string, priceMinor: number, country = 'gb', windowMinutes: number | null = null): Price => ({
  ...{ country, service, carrier: '', priceMinor, windowMinutes },
});

function room(house: House = makeHouse()) {
  const door = openDoor(house.db, house.clock.nowMs, silentLog);
  const deps: PriceDeps = { db: house.db, door, clock: { monotonicMs: () => performance.now() }, terms: house.terms };
  const userId = house.customer('op@example.org', 1000);
  const prices = async () => [...(await allPrices(house.db, async () => {})).prices.values()];
  const plan = async (wanted: Price[], whole: boolean, title = 'list.csv') => {
    const made = await planPrices(deps, wanted, whole);
    return door.write((tx) => keepPlan(tx, house.terms.random, { kind: 'import', title, userId }, made));
  };
  return { house, door, deps, userId, prices, plan };
}

test('a plan says what it does, does exactly that, and is taken back', async () => {
  const { house, deps, userId, prices, plan } = room();
  for (const [service, minor] of [
    ['telegram', 45],
    ['uber', 30],
    ['signal', 20],
  ] as const)
    house.offer(service, minor);
  const before = await prices();
  const id = await plan([price('telegram', 50), price('uber', 30), price('viber', 10, 'de', 5)], true);
  expect(requireChange(house.db, id)).toMatchObject({ state: 'planned', added: 1, changed: 1, removed: 1, unchanged: 1 });
  expect(await prices()).toEqual(before);
  expect(stepPage(house.db, id, 'changed', { number: 1, size: 10 })).toEqual([['gb', 'telegram', '', 45, null, 50, null]]);
  expect(stepPage(house.db, id, 'added', { number: 1, size: 10 })).toEqual([['de', 'viber', '', null, null, 10, 5]]);
  expect(stepPage(house.db, id, 'removed', { number: 1, size: 10 })).toEqual([['gb', 'signal', '', 20, null, null, null]]);
  await confirmPlan(deps, id, userId);
  expect(await prices()).toEqual([price('viber', 10, 'de', 5), price('telegram', 50), price('uber', 30)]);
  await expect(confirmPlan(deps, id, userId)).rejects.toThrow('prices_changed');
  expect(undoable(house.db)?.id).toBe(id);
  await undoChange(deps, id, userId);
  expect(await prices()).toEqual(before);
  expect(listChanges(house.db, 5).map(({ state }) => state)).toEqual(['undone']);
  expect(listAudit(house.db, PRICES_AUDITED, 9).map(({ action, detail }) => `${action} ${detail}`)).toEqual([
    'prices.undo list.csv: taken back.',
    'prices.import list.csv: 1 new, 1 changed, 1 removed, 1 unchanged.',
  ]);
});

test('a plan that somebody overtook is refused and nothing of it is done', async () => {
  const { house, door, deps, userId, prices, plan } = room();
  house.offer('telegram', 45);
  const id = await plan([price('telegram', 50)], false);
  await door.write((tx) => setOnePrice(tx, house.terms, userId, price('uber', 1), { priceMinor: 33, windowMinutes: null }));
  await expect(confirmPlan(deps, id, userId)).rejects.toThrow('prices_changed');
  await door.idle();
  expect(await prices()).toEqual([price('telegram', 45), price('uber', 33)]);
});

test('changes are taken back one after the other, and not over a price that is another one now', async () => {
  const { house, door, deps, userId, prices } = room();
  const set = (minor: number | null) =>
    door.write((tx) =>
      setOnePrice(tx, house.terms, userId, price('uber', 1), minor === null ? null : { priceMinor: minor, windowMinutes: null }),
    );
  expect([await set(30), await set(30), await set(31), await set(null)]).toEqual([true, false, true, true]);
  await expect(set(null)).rejects.toThrow('not_found');
  const undo = async () => undoChange(deps, undoable(house.db)?.id ?? '', userId);
  await undo();
  expect(await prices()).toEqual([price('uber', 31)]);
  await undo();
  expect(await prices()).toEqual([price('uber', 30)]);
  house.offer('uber', 77);
  await expect(undo()).rejects.toThrow('1 of its prices changed since, uber in gb among them');
  house.offer('uber', 30);
  await undo();
  expect(await prices()).toEqual([]);
  await expect(undo()).rejects.toThrow('not_found');
});

test('a price below the minimum is refused, whoever sets it', async () => {
  const { house, door, userId } = room(makeHouse({ minimumPriceMinor: 25 }));
  const set = door.write((tx) => setOnePrice(tx, house.terms, userId, price('uber', 1), { priceMinor: 24, windowMinutes: null }));
  await expect(set).rejects.toThrow('at least $0.25 (money.minimum_price); got $0.24');
});

test('rules come true at their time, late ones at the start, canceled ones never; open orders keep their price', async () => {
  const { house, door, deps, userId, prices } = room();
  house.offer('telegram', 45);
  house.offer('uber', 30);
  house.sim(1);
  const order = house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service: 'telegram', maxPriceMinor: null }));
  const rule = { scope: 'category', of: 'messengers', country: '', carrier: '', change: 'percent', amount: 2000, stepMinor: 1 } as const;
  const change = { kind: 'rules', title: 'Messengers +20 %', userId } as const;
  const at = (minutes: number) =>
    door.write((tx) => scheduleChange(tx, house.terms.random, change, START_MS + minutes * MINUTE_MS, [rule]));
  await at(10);
  const gone = await at(10);
  house.clock.pass(11 * MINUTE_MS);
  const timers = startTimers(house.clock, silentLog);
  await door.write((tx) => void tx.db.run(`UPDATE price_changes SET state = 'canceled' WHERE id = '${gone}'`));
  const troubles = openTroubles(house.clock.nowMs);
  const schedule = startPriceSchedule({ ...deps, clock: house.clock, timers, log: silentLog, troubles });
  const until = async (minor: number) => {
    for (let tried = 0; tried < 200 && (await prices()).find(({ service }) => service === 'telegram')?.priceMinor !== minor; tried++)
      await Bun.sleep(10);
    return prices();
  };
  expect(await until(54)).toEqual([price('telegram', 54), price('uber', 30)]);
  await at(20);
  schedule.look();
  await Bun.sleep(80);
  expect(await prices()).toEqual([price('telegram', 54), price('uber', 30)]);
  house.clock.pass(10 * MINUTE_MS);
  expect(await until(65)).toEqual([price('telegram', 65), price('uber', 30)]);
  timers.stop();
  expect(listAudit(house.db, PRICES_AUDITED, 9).map(({ action }) => action)).toEqual([
    ...['prices.rules', 'prices.schedule', 'prices.rules', 'prices.schedule', 'prices.schedule'],
  ]);
  expect(house.db.query('SELECT price_minor AS minor FROM orders WHERE id = ?').get(order.id)).toEqual({ minor: 45 });
  expect(troubles.standing()).toEqual([]);
});

test('what is planned by rules is what is shown: only what they are about, with what stays the same counted', async () => {
  const { house, deps } = room();
  house.offer('telegram', 45);
  house.offer('uber', 30);
  const plan = await planRules(deps, [{ scope: 'all', of: '', country: '', carrier: '', change: 'minimum', amount: 40, stepMinor: 1 }]);
  expect(plan).toMatchObject({
    steps: [['gb', 'uber', '', 30, null, 40, null]],
    counts: { changed: 1, unchanged: 1, added: 0, removed: 0 },
  });
});

test('the staged prices have the columns of the prices, so that they are moved whole', () => {
  const { db } = makeHouse();
  const columns = (table: string) => db.query(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`).all();
  expect(columns('offers_staged')).toEqual(columns('offers'));
  const indexed = (table: string) =>
    db.query(`SELECT i.name AS of FROM pragma_index_list('${table}') l, pragma_index_info(l.name) i ORDER BY l.origin, i.seqno`).all();
  expect(indexed('offers_staged')).toEqual(indexed('offers'));
  // A trigger would make SQLite move row by row.
  expect(db.query("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('offers', 'offers_staged')").all()).toEqual([]);
});

test('60,000 lines: three bad ones are named and nothing is done; without them all of it is, in short transactions, and is taken back', async () => {
  const { house, door, deps, userId, prices, plan } = room();
  house.offer('telegram', 45);
  const codes = ['gb', 'de', 'fr', 'es', 'it', 'pl', 'nl', 'se', 'us', 'ca', 'jp', 'kw'];
  const lines = ['country,service,carrier,price_usd,window_minutes'];
  for (const country of codes) for (let n = 0; n < 5000; n++) lines.push(`${country},service-${n},,${(0.05 + n / 100).toFixed(2)},20`);
  const bad = [...lines];
  for (const at of [100, 30_000, 60_000]) bad[at] = (bad[at] ?? '').replace(/,,/, ',,x');
  const breathe = breather({ monotonicMs: () => performance.now() });
  const current = (await allPrices(house.db, breathe)).prices;
  const read = (text: string[]) =>
    readPriceFile(new TextEncoder().encode(text.join('\r\n')), { ...house.terms, minimumPriceMinor: 1 }, current, breathe);
  const refused = await read(bad);
  expect(refused).toMatchObject({ ok: false, badCount: 3, lines: 60_000 });
  expect(refused.ok ? [] : refused.bad.map(({ line }) => line)).toEqual([101, 30_001, 60_001]);
  const good = await read(lines);
  if (!good.ok) throw new Error(JSON.stringify(good.bad[0]));
  const id = await plan(good.prices, true);
  let longest = 0;
  const timed = {
    ...deps,
    door: {
      write: <T>(verb: Parameters<typeof door.write<T>>[0]) =>
        door.write((tx) => {
          const started = performance.now();
          const value = verb(tx);
          longest = Math.max(longest, performance.now() - started);
          return value;
        }),
    },
  };
  await confirmPlan(timed, id, userId);
  expect((await prices()).length).toBe(60_000);
  expect(requireChange(house.db, id)).toMatchObject({ state: 'applied', added: 60_000, removed: 1 });
  expect(house.db.query('SELECT count(*) AS n FROM offers_staged').get()).toEqual({ n: 0 });
  expect(longest).toBeLessThan(1000);
  await undoChange(timed, id, userId);
  expect(await prices()).toEqual([price('telegram', 45)]);
}, 60_000);
