import type { Database } from 'bun:sqlite';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';

const ORDERS = 30;

/** A database as the release with that many migrations kept it, with rows in every table of the house's core and in those later releases made anew. */
export function releasedDatabase(path: string, schema: number): Database {
  const db = openDatabase(path);
  // Nobody's power fails here.
  db.run('PRAGMA synchronous = OFF');
  migrate(db, MIGRATIONS.slice(0, schema));
  db.transaction(() => fill(db))();
  return db;
}

function fill(db: Database): void {
  db.run(`INSERT INTO settings (key, value) VALUES ('currency', 'USD'), ('alive_at_ms', '1750000000000')`);
  db.run(
    `INSERT INTO users (id, email, role, state, created_at_ms) VALUES ('u', 'a@example.org', 'customer', 'active', 1), ('o', 'o@example.org', 'operator', 'active', 1)`,
  );
  db.run(
    `INSERT INTO api_keys (id, user_id, name, key_hash, prefix, scopes, created_at_ms) VALUES ('k', 'u', 'script', 'hash', 'pin_', 'orders', 1)`,
  );
  db.run(`INSERT INTO modems (imei, virtual, slot, first_seen_at_ms, last_seen_at_ms) VALUES ('001', 0, '1-1', 1, 1)`);
  db.run(
    `INSERT INTO sims (iccid, virtual, number_read, imei, slot, first_seen_at_ms, last_seen_at_ms, online) VALUES ('89', 0, '+44', '001', '1-1', 1, 1, 1)`,
  );
  db.run(`INSERT INTO offers (country, service, price_minor, updated_at_ms) VALUES ('gb', 'telegram', 45, 1)`);
  for (const [id, kind, user] of [
    ['funding', 'funding', null],
    ['revenue', 'revenue', null],
    ['available:u', 'available', 'u'],
    ['held:u', 'held', 'u'],
  ] as const)
    db.run('INSERT INTO ledger_accounts (id, kind, user_id) VALUES (?, ?, ?)', [id, kind, user]);
  post(db, 'txn_00', 'top_up', null, 'funding', 'available:u', 100_000);
  for (let n = 1; n <= ORDERS; n++) addOrder(db, n);
  for (const table of ['audit', 'modem_events'].filter(
    (name) => db.query('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== null,
  )) {
    if (table === 'audit')
      db.run(
        `INSERT INTO audit (at_ms, user_id, action, target, detail) VALUES (1, 'o', 'modem.reset', '1-1', 'done'), (2, 'o', 'sim.set', '89', 'paused')`,
      );
    else db.run(`INSERT INTO modem_events (at_ms, slot, port, kind, detail) VALUES (1, '1-1', '/dev/ttyUSB0', 'opened', 'x')`);
  }
}

function addOrder(db: Database, n: number): void {
  const id = String(n).padStart(4, '0');
  const which = n % 3;
  const [status, reason] = [
    ['pending', 'ordered'],
    ['finished', 'window_ended'],
    ['expired', 'no_valid_sms'],
  ][which] as [string, string];
  db.run(
    `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event)
     VALUES (?, 'u', '89', 'gb', ?, '+44', ?, 'USD', ?, ?, 1, 2, ?, 'e')`,
    [`ord_${id}`, `s${n}`, n, status, reason, which === 0 ? null : 3],
  );
  db.run(`INSERT INTO order_changes (order_id, status, reason, at_ms) VALUES (?, 'pending', 'ordered', 1)`, [`ord_${id}`]);
  db.run(`INSERT INTO events (id, type, user_id, order_id, data, created_at_ms) VALUES (?, 'order.created', 'u', ?, '{}', 1)`, [
    `evt_${id}`,
    `ord_${id}`,
  ]);
  post(db, `txn_${id}a`, 'hold', `ord_${id}`, 'available:u', 'held:u', n);
  if (which === 1) post(db, `txn_${id}b`, 'capture', `ord_${id}`, 'held:u', 'revenue', n);
  if (which === 2) post(db, `txn_${id}b`, 'refund', `ord_${id}`, 'held:u', 'available:u', n);
  const owner = which === 1 ? `ord_${id}` : null;
  db.run(
    `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, code, confidence, reason, rule, order_id, user_id)
     VALUES (?, '89', 'S', 'Your code is 12345', 1, 1, 7, 8, 9, 1, 'review', '12345', 0.5, 'r', 'rule', ?, ?)`,
    [`msg_${id}`, owner, owner && 'u'],
  );
  db.run(
    `INSERT INTO parts (fingerprint, iccid, imei, pdu, read_how, arrived_at_ms, stored_at_ms, sender, seq, message_id) VALUES (?, '89', '001', '00', 'urc', 1, 1, 'S', 1, ?)`,
    [id, `msg_${id}`],
  );
}

function post(db: Database, id: string, kind: string, orderId: string | null, from: string, to: string, amount: number): void {
  const entry = db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?)');
  entry.run(id, from, -amount);
  entry.run(id, to, amount);
  db.run(`INSERT INTO ledger_transactions (id, kind, user_id, order_id, created_at_ms) VALUES (?, ?, 'u', ?, 1)`, [id, kind, orderId]);
}
