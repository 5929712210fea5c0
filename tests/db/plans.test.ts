import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { SOURCES } from '../../src/exports/kinds.ts';
import {
  complaintsAbout,
  EXCUSED,
  OPEN_INDEXES,
  plainSql,
  planOf,
  recordStatements,
  type Seen,
  SMALL_TABLES,
  tablesOf,
} from '../support/plans.ts';
import { walkHouse } from './plan-walk.ts';

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'smspin-plans-'));
/** Without figures of its tables, as a database of the house has none: plans are the same however much is in it. */
const db = openDatabase(':memory:');
migrate(db);
const tables = tablesOf(db);
let seen: Seen[] = [];
let answers = new Map<string, number>();

beforeAll(async () => {
  const walked = await walkHouse(folder);
  answers = walked.answers;
  // Exports are read by a thread with a connection of its own.
  const exported = Object.entries(SOURCES).flatMap(([kind, { page, count, pageEnd }]) =>
    [page, count, pageEnd].flatMap((sql) => (sql === null ? [] : [{ sql, at: `export of ${kind}` }])),
  );
  seen = [...walked.seen.values(), ...exported].filter(({ at }) => at !== 'a test');
});

afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function complaints(about: readonly Seen[] = seen): string[] {
  return about.flatMap(({ sql, at }) => {
    const bad = complaintsAbout(sql, planOf(db, sql), tables);
    return bad.length === 0 ? [] : [`${at}: ${bad.join('; ')}: ${plainSql(sql).slice(0, 300)}`];
  });
}

/** What is complained about while an index is not there. */
function without({ name, sql }: { name: string; sql: string }): string[] {
  const used = seen.filter((one) => planOf(db, one.sql).some((line) => line.split(' ').includes(name)));
  db.run(`DROP INDEX ${name}`);
  const found = complaints(used);
  db.run(sql);
  return found;
}

test('every page and every list of the API was read, with its filters', () => {
  const paths = new Set([...answers.keys()].map((address) => address.split('?')[0]));
  expect(paths.size).toBeGreaterThan(85);
  expect([...answers].filter(([, status]) => status === 401 || status === 403 || status >= 500)).toEqual([]);
  const wholly = [...paths].filter((path) => [...answers].every(([address, status]) => address.split('?')[0] !== path || status >= 400));
  // Of these there is none in this house: no modem, no published rules, no change of prices or of SIMs, no alarm, no closed day, no incident, no link of a mail.
  expect(
    wholly.filter(
      (path) => !/^\/admin\/bank\/%2F|\/versions\/0$|\/(chg|sch|alm|inc|mnt)_none$|\/days\/2020-01-01|\/none(\/|$)/.test(path ?? ''),
    ),
  ).toEqual([]);
  for (const table of [
    'orders',
    'messages',
    'ledger_transactions',
    'ledger_entries',
    'rentals',
    'events',
    'deliveries',
    'audit',
    'sim_uses',
    'parts',
  ]) {
    expect([table, seen.some(({ sql }) => new RegExp(`\\b(FROM|JOIN) ${table}\\b`).test(sql))]).toEqual([table, true]);
  }
});

test('nothing that the house asks reads a big table whole, or sorts it', () => {
  expect(complaints()).toEqual([]);
});

/** Which index must serve what customers and operators list: without it the rows would be found all the same, only slowly. */
const SERVED: readonly (readonly [fragment: string, index: string])[] = [
  ['FROM orders o WHERE o.user_id = $userId AND o.id < $cursor ORDER BY o.id DESC', 'orders_by_user'],
  ['FROM orders o WHERE o.user_id = $userId AND o.id < $cursor AND status = $status ORDER BY o.id DESC', 'orders_by_user_status'],
  ["FROM orders INDEXED BY orders_open_by_user WHERE user_id = $userId AND status IN ('pending', 'received')", 'orders_open_by_user'],
  ['FROM messages WHERE user_id = $userId AND id < $cursor ORDER BY id DESC', 'messages_by_user'],
  ['FROM messages WHERE +user_id = $userId AND order_id = $orderId AND id < $cursor', 'messages_by_order'],
  ['FROM messages WHERE +user_id = $userId AND rental_id = $rentalId AND id < $cursor', 'messages_by_rental'],
  ['FROM messages WHERE order_id = $orderId ORDER BY id DESC LIMIT $limit', 'messages_by_order'],
  ['FROM messages WHERE rental_id = $rentalId AND id >= $from AND id < $before AND EXISTS', 'messages_by_rental'],
  ['WHERE m.user_id IS NULL AND m.id < $cursor ORDER BY m.id DESC LIMIT', 'messages_unmatched'],
  ['WHERE t.user_id = $userId AND t.id >= $from AND t.id < $before GROUP BY t.id', 'ledger_by_user'],
  ['WHERE t.user_id = $userId AND t.id >= $from AND t.id < $before AND t.kind = $kind GROUP BY t.id', 'ledger_by_user_kind'],
  ['FROM ledger_entries WHERE account_id = $account AND transaction_id > $at', 'ledger_entries_by_account'],
  ['FROM rentals WHERE user_id = $userId AND id < $cursor ORDER BY id DESC', 'rentals_by_user'],
  ['FROM events WHERE user_id = $userId AND seq > $seq', 'events_by_user'],
  ["WHERE d.target = $webhookId AND d.state = 'failed' ORDER BY d.seq DESC", 'deliveries_failed'],
  ["WHERE d.target = $webhookId AND d.state = 'waiting' ORDER BY d.seq DESC", 'deliveries_waiting_listed'],
  ['WHERE d.target = $webhookId ORDER BY d.seq DESC', 'deliveries_by_target'],
  ['FROM deliveries INDEXED BY deliveries_due', 'deliveries_due'],
  ['FROM audit a LEFT JOIN users u ON u.id = a.user_id WHERE a.target = $target', 'audit_by_target'],
  ['FROM sim_uses WHERE number = $number', 'sim_uses_by_number'],
];

const indexSql = (name: string): string =>
  db.query<{ sql: string }, [string]>('SELECT sql FROM sqlite_schema WHERE name = ?').get(name)?.sql ?? '';

test('each list is served by the index made for it, and by another plan when that is not there', () => {
  for (const [fragment, index] of SERVED) {
    const asked = seen.filter(({ sql }) => plainSql(sql).includes(fragment));
    expect([fragment, asked.length > 0]).toEqual([fragment, true]);
    const uses = () =>
      asked.map(
        ({ sql }) => new RegExp(`\\b${index}\\b`).test(planOf(db, sql).join('\n')) && !planOf(db, sql).join('').includes('REFUSED'),
      );
    expect([fragment, ...uses()]).toEqual([fragment, ...asked.map(() => true)]);
    const sql = indexSql(index);
    db.run(`DROP INDEX ${index}`);
    expect([fragment, ...uses()]).toEqual([fragment, ...asked.map(() => false)]);
    db.run(sql);
  }
});

test('without one of these, a list would read a big table whole, or sort it, and that is noticed', () => {
  const missed = [
    ...['orders_by_user', 'orders_open_by_user', 'orders_ended_by_sim', 'orders_reported'],
    ...['messages_by_user', 'messages_by_order', 'messages_by_rental', 'messages_by_sim', 'messages_waiting', 'parts_damaged'],
    ...[
      'ledger_by_user',
      'ledger_entries_by_account',
      'ledger_entries_by_transaction',
      'rentals_by_user',
      'rentals_by_sim',
      'rentals_current_by_user',
    ],
    ...[
      'events_by_order',
      'deliveries_by_target',
      'deliveries_due',
      'deliveries_of_mail',
      'audit_by_target',
      'sim_uses_by_number',
      'order_changes_by_order',
    ],
    ...['rental_changes_by_rental', 'users_operators', 'vouchers_by_batch'],
  ];
  expect(missed.filter((name) => without({ name, sql: indexSql(name) }).length === 0)).toEqual([]);
});

test('small tables, open indexes and excuses are all there, and needed', () => {
  expect(Object.keys(SMALL_TABLES).filter((table) => !tables.has(table))).toEqual([]);
  const indexes = new Set(
    db
      .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'index'")
      .all()
      .map(({ name }) => name),
  );
  expect(Object.keys(OPEN_INDEXES).filter((index) => !indexes.has(index))).toEqual([]);
  const asked = seen.map(({ sql }) => plainSql(sql));
  expect(EXCUSED.filter(({ fragment, isTimed }) => !isTimed && !asked.some((sql) => sql.includes(fragment)))).toEqual([]);
});

test('a list that no index serves is complained about', () => {
  const about = (sql: string) => complaintsAbout(sql, planOf(db, sql), tables).length;
  expect(about('SELECT id FROM orders WHERE user_id = $userId AND id < $cursor ORDER BY id DESC LIMIT 50')).toBe(0);
  expect(about('SELECT id FROM orders WHERE code = $code')).toBe(1);
  expect(about('SELECT o.id FROM users u CROSS JOIN orders AS o WHERE u.id = $userId')).toBe(1);
  expect(about('SELECT id FROM orders WHERE user_id = $userId ORDER BY created_at_ms DESC LIMIT 50')).toBe(1);
  expect(about('SELECT id FROM messages WHERE user_id = $userId AND ($orderId IS NULL OR order_id = $orderId)')).toBe(1);
  expect(about('SELECT id FROM no_such_table')).toBe(1);
  expect(about('SELECT slug FROM services ORDER BY name')).toBe(0);
  const noted = recordStatements(db);
  db.query('SELECT 1');
  expect([...noted.keys()]).toEqual(['SELECT 1']);
});
