import type { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { auditLedger, debit, topUp } from '../../src/ledger/ledger.ts';
import { ledgerWithBalances } from '../../src/ledger/running.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

const MOVEMENTS = 900;

/** Top-ups and debits, now and then with the clock set back, so that ids come before earlier ones. */
function movedHouse() {
  const house = makeHouse();
  const userId = house.customer('anna@example.org', 100_000);
  const random = seededRandom(3);
  for (let n = 0; n < MOVEMENTS; n++) {
    const amountMinor = 1 + (random(1)[0] ?? 0);
    house.clock.pass(n % 50 === 49 ? -40_000 : 1000);
    if (n % 3 === 0) house.write((tx) => debit(tx, house.terms, { userId, amountMinor, reason: 'test' }));
    else house.write((tx) => topUp(tx, house.terms, { userId, amountMinor, reference: null }));
  }
  return { house, userId };
}

const marksOf = (db: Database) =>
  db
    .query<{ account: string; at: string; balance: number }, []>(
      'SELECT account_id AS account, transaction_id AS at, balance_minor AS balance FROM ledger_marks ORDER BY 1, 2',
    )
    .all();

test('marks are what the entries up to them sum up to, also when ids came out of order', () => {
  const { house } = movedHouse();
  expect(marksOf(house.db).length).toBe(Math.floor((MOVEMENTS + 1) / 200));
  expect(auditLedger(house.db)).toEqual([]);
  house.db.run(
    'UPDATE ledger_marks SET balance_minor = balance_minor + 1 WHERE transaction_id = (SELECT min(transaction_id) FROM ledger_marks)',
  );
  expect(auditLedger(house.db)).toMatchObject([expect.stringContaining('the mark of account available:')]);
});

test('the balance after each movement is the sum of all up to it, on every page and with every filter', () => {
  const { house, userId } = movedHouse();
  const all = ledgerWithBalances(house.db, userId, { limit: 2000, cursor: null });
  let sum = 0;
  const expected = new Map(
    all.toReversed().map((line) => {
      sum += line.availableMinor;
      return [line.id, sum];
    }),
  );
  expect(all.length).toBe(MOVEMENTS + 1);
  const after = (lines: typeof all) =>
    lines.map(({ id, availableAfterMinor, heldAfterMinor }) => [id, availableAfterMinor, heldAfterMinor]);
  const right = (lines: typeof all) => lines.map(({ id }) => [id, expected.get(id), 0]);
  expect(after(all)).toEqual(right(all) as ReturnType<typeof after>);
  for (const page of [
    { limit: 7, cursor: all[500]?.id ?? '' },
    { limit: 50, cursor: null, kind: 'debit' as const },
  ]) {
    const lines = ledgerWithBalances(house.db, userId, page);
    expect(lines.length).toBe(page.limit);
    expect(after(lines)).toEqual(right(lines) as ReturnType<typeof after>);
  }
});

test('the migration makes of books that are there what the trigger would have made', () => {
  const { house } = movedHouse();
  const before = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE ledger_marks'));
  const db = openDatabase(':memory:');
  migrate(db, MIGRATIONS.slice(0, before));
  db.run('PRAGMA foreign_keys = OFF');
  const copy = (table: string, columns: string, order: string) => {
    const rows = house.db.query<Record<string, string | number | null>, []>(`SELECT ${columns} FROM ${table} ORDER BY ${order}`).all();
    const insert = db.query(
      `INSERT INTO ${table} (${columns}) VALUES (${columns
        .split(', ')
        .map((one) => `$${one}`)
        .join(', ')})`,
    );
    for (const row of rows) insert.run(row);
  };
  db.run('BEGIN');
  copy('ledger_accounts', 'id, kind, user_id', 'id');
  copy('ledger_entries', 'id, transaction_id, account_id, amount_minor', 'id');
  db.run('COMMIT');
  migrate(db);
  const bySum = marksOf(db);
  expect(bySum.length).toBe(marksOf(house.db).length);
  const sums = new Map(
    db
      .query<{ at: string; sum: number }, []>(
        "SELECT transaction_id AS at, sum(amount_minor) OVER (ORDER BY transaction_id) AS sum FROM ledger_entries WHERE account_id LIKE 'available:%'",
      )
      .all()
      .map(({ at, sum }) => [at, sum]),
  );
  expect(bySum.map(({ at, balance }) => [at, balance])).toEqual(bySum.map(({ at }) => [at, sums.get(at) ?? Number.NaN]));
  const entries = 'SELECT id, entries FROM ledger_accounts WHERE user_id IS NOT NULL ORDER BY id';
  expect(db.query(entries).all()).toEqual(house.db.query(entries).all());
});
