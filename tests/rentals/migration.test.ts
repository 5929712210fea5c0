import type { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { auditLedger } from '../../src/ledger/ledger.ts';

const SQL_BEFORE = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE rentals'));

/** A database as the release before kept it: orders of each status with their money, messages of orders and of nobody, parts, reviews, reports, keys. */
function filled(): Database {
  const db = openDatabase(':memory:');
  migrate(db, MIGRATIONS.slice(0, SQL_BEFORE));
  db.run(`INSERT INTO users (id, email, role, state, created_at_ms) VALUES ('u', 'a@example.org', 'customer', 'active', 1)`);
  db.run(`INSERT INTO sims (iccid, virtual, number_read, first_seen_at_ms, last_seen_at_ms, online) VALUES ('89', 0, '+44', 1, 1, 1)`);
  for (const [id, kind, user] of [
    ['funding', 'funding', null],
    ['revenue', 'revenue', null],
    ['available:u', 'available', 'u'],
    ['held:u', 'held', 'u'],
  ] as const) {
    db.run('INSERT INTO ledger_accounts (id, kind, user_id) VALUES (?, ?, ?)', [id, kind, user]);
  }
  post(db, 'txn_00', 'top_up', null, 'funding', 'available:u', 1_000_000);
  for (let n = 1; n <= 300; n++) {
    const id = String(n).padStart(4, '0');
    const ends = n % 3;
    const [status, reason] = (
      [
        ['pending', 'ordered'],
        ['finished', 'window_ended'],
        ['expired', 'no_valid_sms'],
      ] as const
    )[ends] as [string, string];
    db.run(
      `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event)
       VALUES (?, 'u', '89', 'gb', ?, '+44', ?, 'USD', ?, ?, 1, 2, ?, 'e')`,
      [`ord_${id}`, `s${n}`, n, status, reason, ends === 0 ? null : 3],
    );
    post(db, `txn_${id}a`, 'hold', `ord_${id}`, 'available:u', 'held:u', n);
    if (ends === 1) post(db, `txn_${id}b`, 'capture', `ord_${id}`, 'held:u', 'revenue', n);
    if (ends === 2) post(db, `txn_${id}b`, 'refund', `ord_${id}`, 'held:u', 'available:u', n);
    const owner = ends === 1 ? `ord_${id}` : null;
    db.run(
      `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, confidence, reason, rule,
         order_id, user_id, event_seq, printed, rule_version, candidates, judged_at_ms) VALUES (?, '89', 'S', 'text', 1, 1, 7, 8, 9, 1, 'review', '1', 0.5, 'r', 'rule', ?, ?, 4, '1', 'v', '[]', 11)`,
      [`msg_${id}`, owner, owner && 'u'],
    );
    db.run(
      `INSERT INTO parts (fingerprint, iccid, imei, pdu, read_how, arrived_at_ms, stored_at_ms, sender, seq, message_id) VALUES (?, '89', '1', '00', 'urc', 1, 1, 'S', 1, ?)`,
      [id, `msg_${id}`],
    );
    if (owner === null) db.run(`INSERT INTO reviews VALUES (?, 'open', 1)`, [`msg_${id}`]);
    else
      db.run(`INSERT INTO message_reports (message_id, user_id, reason, first_at_ms, reported_at_ms) VALUES (?, 'u', 'wrong_code', 1, 1)`, [
        `msg_${id}`,
      ]);
  }
  return db;
}

function post(db: Database, id: string, kind: string, orderId: string | null, from: string, to: string, amount: number): void {
  db.transaction(() => {
    db.run('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?), (?, ?, ?)', [
      id,
      from,
      -amount,
      id,
      to,
      amount,
    ]);
    db.run(`INSERT INTO ledger_transactions (id, kind, user_id, order_id, created_at_ms) VALUES (?, ?, 'u', ?, 1)`, [id, kind, orderId]);
  })();
}

const all = (db: Database, sql: string) => db.query(sql).all();
const LEDGER = 'SELECT id, kind, user_id, order_id, reference, created_at_ms FROM ledger_transactions ORDER BY id';
const MESSAGES = `SELECT id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, service, confidence, reason,
  rule, order_id, user_id, event_seq, printed, rule_version, candidates, judged_at_ms FROM messages ORDER BY id`;
const BALANCES = 'SELECT id, balance_minor FROM ledger_accounts ORDER BY id';
const ENTRIES = 'SELECT count(*) AS n, sum(amount_minor) AS sum, sum(abs(amount_minor)) AS turnover FROM ledger_entries';

test('a filled database keeps every row and every sum, its books are proven, and no reference dangles', () => {
  const db = filled();
  const before = [LEDGER, MESSAGES, BALANCES, ENTRIES].map((sql) => all(db, sql));
  expect(migrate(db)).toBe(MIGRATIONS.length - SQL_BEFORE);
  expect([LEDGER, MESSAGES, BALANCES, ENTRIES].map((sql) => all(db, sql))).toEqual(before);
  expect(all(db, 'PRAGMA foreign_key_check')).toEqual([]);
  expect(all(db, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(auditLedger(db)).toEqual([]);
  expect(all(db, "SELECT name FROM sqlite_master WHERE name LIKE '%_before'")).toEqual([]);
});

test('every index and trigger of the tables that were made anew is there again', () => {
  const names = (db: Database) =>
    db
      .query<{ name: string }, []>(
        "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name IN ('ledger_transactions', 'ledger_entries', 'messages', 'idempotency_keys', 'events') AND sql IS NOT NULL",
      )
      .all()
      .map(({ name }) => name);
  const db = filled();
  const before = names(db);
  expect(before.length).toBeGreaterThan(15);
  migrate(db);
  expect(names(db)).toEqual(expect.arrayContaining(before));
});

test.each([
  ['an entry that is changed', 'UPDATE ledger_entries SET amount_minor = 1', 'append only'],
  ['an entry that is deleted', 'DELETE FROM ledger_entries', 'append only'],
  ['a transaction that is changed', "UPDATE ledger_transactions SET kind = 'refund'", 'append only'],
  ['a transaction that is deleted', 'DELETE FROM ledger_transactions', 'append only'],
  [
    'an entry added to a sealed transaction',
    "INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES ('txn_00', 'revenue', 5)",
    'sealed',
  ],
  [
    'a transaction without entries',
    "INSERT INTO ledger_transactions (id, kind, user_id, created_at_ms) VALUES ('t', 'top_up', 'u', 1)",
    'do not sum to zero',
  ],
  ['a message of a rental that is none', "UPDATE messages SET rental_id = 'rnt', user_id = 'u' WHERE id = 'msg_0002'", 'FOREIGN KEY'],
  ['a message without its customer', "UPDATE messages SET user_id = NULL WHERE id = 'msg_0001'", 'CHECK'],
] as const)('after it, %s is still refused', (_, sql, why) => {
  const db = filled();
  migrate(db);
  expect(() => db.run(sql)).toThrow(why);
});

test('money of rentals: one hold and one end for each charge, a part back once and never more than was captured; a message of two is refused', () => {
  const db = filled();
  migrate(db);
  db.run(`INSERT INTO rentals (id, user_id, iccid, number, country, status, reason, name, currency, price_minor, created_at_ms, starts_at_ms, ends_at_ms, last_event)
    VALUES ('rnt', 'u', '89', '+44', 'gb', 'scheduled', 'booked', '', 'USD', 100, 1, 1, 2, 'e')`);
  db.run(`INSERT INTO rental_charges VALUES ('rnt', 1, 'day', 1, 100, 0, 1)`);
  let n = 0;
  const move = (kind: string, from: string, to: string, amount: number, charge = 1) =>
    db.transaction(() => {
      const id = `r${n++}`;
      db.run('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?), (?, ?, ?)', [
        id,
        from,
        -amount,
        id,
        to,
        amount,
      ]);
      db.run(`INSERT INTO ledger_transactions (id, kind, user_id, rental_id, charge, created_at_ms) VALUES (?, ?, 'u', 'rnt', ?, 1)`, [
        id,
        kind,
        charge,
      ]);
    })();
  move('hold', 'available:u', 'held:u', 100);
  expect(() => move('hold', 'available:u', 'held:u', 100)).toThrow('UNIQUE');
  expect(() => move('hold', 'available:u', 'held:u', 100, 2)).toThrow('FOREIGN KEY');
  expect(() => move('partial_refund', 'revenue', 'available:u', 1)).toThrow('more would go back');
  move('capture', 'held:u', 'revenue', 100);
  expect(() => move('refund', 'held:u', 'available:u', 100)).toThrow('UNIQUE');
  expect(() => move('partial_refund', 'revenue', 'available:u', 101)).toThrow('more would go back');
  move('partial_refund', 'revenue', 'available:u', 60);
  expect(() => move('partial_refund', 'revenue', 'available:u', 10)).toThrow('UNIQUE');
  expect(() => move('debit', 'available:u', 'funding', 10)).toThrow('CHECK');
  expect(() => db.run("UPDATE messages SET rental_id = 'rnt' WHERE id = 'msg_0001'")).toThrow('CHECK');
  expect(() =>
    db.run(`INSERT INTO rentals SELECT 'r2', user_id, iccid, number, country, service, 'active', reason, name, currency, price_minor, created_at_ms, starts_at_ms,
    ends_at_ms, ended_at_ms, first_message_at_ms, outage_ms, auto_cap_minor, auto_spent_minor, last_event FROM rentals`),
  ).toThrow('open order');
  expect(() => db.run("UPDATE rentals SET status = 'active'")).toThrow('open order');
});
