import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { watchStatements, withoutValues } from '../../src/db/statements.ts';
import { openDoor } from '../../src/db/write.ts';
import { debit, topUp } from '../../src/ledger/ledger.ts';
import { jsonLog } from '../../src/lib/log.ts';
import { Sparing } from '../../src/lib/sparing.ts';
import { databaseMeters } from '../../src/metrics/database.ts';
import { loopMeters } from '../../src/metrics/loop.ts';
import { Meters } from '../../src/metrics/meters.ts';
import { moneyMeters } from '../../src/metrics/money.ts';
import { makeHouse, TestClock } from '../support/house.ts';

function watched() {
  const clock = new TestClock();
  const lines: Record<string, unknown>[] = [];
  const log = jsonLog((line) => lines.push(JSON.parse(line)), clock.nowMs, 'debug');
  return { clock, lines, log, meters: new Meters(), monotonicMs: clock.monotonicMs };
}

test('a late event loop is measured and written down with how late it was, at most once in ten seconds', async () => {
  const { clock, lines, log, meters, monotonicMs } = watched();
  const turn = loopMeters(meters, { log, slowMs: 250, monotonicMs });
  const pass = (ms: number) => {
    clock.pass(ms);
    turn();
  };
  turn();
  for (let n = 0; n < 5; n++) pass(50);
  pass(299);
  expect(lines).toEqual([]);
  pass(350);
  expect(lines).toMatchObject([{ level: 'warn', event: 'event_loop_late', ms: 300, threshold_ms: 250 }]);
  pass(1050);
  pass(450);
  expect(lines).toHaveLength(1);
  // Somebody sets the wall clock: nothing was late.
  clock.setForward(3_600_000);
  for (let n = 0; n < 200; n++) pass(50);
  expect(lines).toHaveLength(1);
  pass(350);
  expect(lines[1]).toMatchObject({ ms: 300, same_before: 2, worst_ms: 1000 });
  const text = await meters.text();
  expect(text).toContain('smspin_event_loop_slow_total 4');
  expect(text).toContain('smspin_event_loop_lag_seconds_count 210');
  expect(text).toContain('smspin_event_loop_lag_seconds_bucket{le="0.0005"} 205');
});

test('a slow statement is written down without any value, each at most once in ten seconds', async () => {
  const { clock, lines, log, meters, monotonicMs } = watched();
  const db = new Database(':memory:', { strict: true });
  db.run('CREATE TABLE codes (id INTEGER PRIMARY KEY, code TEXT) STRICT');
  let takesMs = 0;
  const watch = databaseMeters(meters, { log, slowMs: 100, monotonicMs });
  // Every second look at the clock finds it as much later as the statement takes.
  let looks = 0;
  watchStatements(db, {
    ...watch,
    monotonicMs: () => {
      if (looks++ % 2 === 1) clock.pass(takesMs);
      return clock.monotonicMs();
    },
  });
  const insert = "INSERT INTO codes (code) VALUES ($code), ('it''s 4711')";
  const add = (code: string) => db.query(insert).run({ code });
  add('quick-1');
  expect(lines).toEqual([]);
  takesMs = 120;
  add('secret-739184');
  add('secret-739185');
  expect(db.query<{ n: number }, []>('SELECT count(*) AS n FROM codes WHERE id > 12').get()?.n).toBe(0);
  expect(() => db.query('INSERT INTO codes (id) VALUES (1)').run()).toThrow('UNIQUE');
  expect(lines).toMatchObject([
    { level: 'warn', event: 'slow_statement', ms: 120, threshold_ms: 100, statement: 'INSERT INTO codes (code) VALUES ($code), (?)' },
    { statement: 'SELECT count(*) AS n FROM codes WHERE id > ?' },
    { statement: 'INSERT INTO codes (id) VALUES (?)' },
  ]);
  clock.pass(10_000);
  add('secret-739186');
  expect(lines[3]).toMatchObject({ ms: 120, same_before: 1 });
  expect(JSON.stringify(lines)).not.toMatch(/secret|4711/);
  expect(await meters.text()).toContain('smspin_db_slow_total{what="statement"} 5');
});

test.each([
  ["SELECT 'a', x'0f', \"b\" FROM t1 WHERE n = 12.5\n  AND u = $u", 'SELECT ?, ?, "b" FROM t1 WHERE n = ? AND u = $u'],
  ["SELECT 'never ends", 'SELECT ?'],
  [`SELECT '${'x'.repeat(5000)}'`, 'SELECT ?'],
])('%j is told as %j', (sql, told) => {
  expect(withoutValues(sql)).toBe(told);
});

test('commits and what waits for them are measured; a slow one is written down', async () => {
  const { clock, lines, log, meters, monotonicMs } = watched();
  const house = makeHouse();
  const watch = databaseMeters(meters, { log, slowMs: 100, monotonicMs });
  const door = openDoor(house.db, clock.nowMs, log, watch);
  watch.at(door);
  const writes = [door.write(() => 1), door.write(() => clock.pass(130)), door.write(() => 3)];
  expect(await meters.text()).toContain('smspin_db_writes_waiting 3\n');
  await Promise.all(writes);
  await expect(
    door.write((tx) => {
      tx.db.run('ROLLBACK');
      throw new Error('the disk is full');
    }),
  ).rejects.toThrow('unavailable');
  const text = await meters.text();
  for (const line of ['smspin_db_commit_seconds_count 1', 'smspin_db_commit_seconds_sum 0.13', 'smspin_db_writes_total 3'])
    expect(text).toContain(`${line}\n`);
  expect(text).toContain('smspin_db_writes_waiting 0\n');
  expect(text).toContain('smspin_db_commits_failed_total 1\n');
  expect(lines[0]).toMatchObject({ event: 'slow_commit', ms: 130, writes: 3, threshold_ms: 100 });
});

test('money is counted by kind from the books, from the start on, each movement once', async () => {
  const house = makeHouse();
  const anna = house.customer('anna@example.org', 900_000);
  const meters = new Meters();
  const read = moneyMeters(meters, { db: house.db, currency: 'USD' });
  house.write((tx) => {
    for (let n = 0; n < 1100; n++) {
      topUp(tx, house.terms, { userId: anna, amountMinor: 7, reference: null });
      debit(tx, house.terms, { userId: anna, amountMinor: 3, reason: 'a test' });
    }
  });
  // 4,400 entries: the last page begins in the middle of the movements.
  expect([read(), read(), read()]).toEqual([true, false, false]);
  const lines = (await meters.text()).split('\n');
  expect(lines).toContain('smspin_money_minor_total{kind="top_up",currency="USD"} 7700');
  expect(lines).toContain('smspin_money_movements_total{kind="top_up",currency="USD"} 1100');
  expect(lines).toContain('smspin_money_minor_total{kind="debit",currency="USD"} 3300');
  expect(lines).toContain('smspin_money_movements_total{kind="debit",currency="USD"} 1100');
  expect(lines).toContain('smspin_money_minor_total{kind="capture",currency="USD"} 0');
});

test('of what would come a thousand times one in a while is let through, and the others are counted', () => {
  const sparing = new Sparing(10_000);
  expect([0, 1, 9999].map((nowMs) => sparing.take('a', nowMs))).toEqual([0, null, null]);
  expect(sparing.take('b', 9999)).toBe(0);
  expect(sparing.take('a', 10_000)).toBe(2);
  for (let n = 0; n < 600; n++) sparing.take(`c${n}`, 10_001);
  // It remembers only so many: one that was forgotten is let through.
  expect(sparing.take('a', 10_002)).toBe(0);
});
