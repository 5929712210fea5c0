/** Books of many rows, written as fast as the disk takes them: what would be checked row by row is checked once at the end. */
import { Database } from 'bun:sqlite';
import { auditLedger } from '../../src/ledger/ledger.ts';
import { base32, idsFrom } from '../../src/lib/ids.ts';

const START_MS = Date.UTC(2026, 0, 1);
const EVERY_MS = 1000;
const ROWS_PER_COMMIT = 500_000;
/** Of ten rows two are the hold and the end of an order, eight are top-ups. */
const CYCLE = 10;
const REFERENCES = [
  'invoice 17',
  'say "hi", twice',
  '=HYPERLINK("http://x")',
  '-1+1',
  '+447700900123',
  'line\r\nbreak; =1',
  '🦊 שלום',
  "'quoted",
];

/** Fills the books of a user with `rows` movements that sum to zero. Throws when the finished books do not prove. */
export function fillBooks(path: string, userId: string, rows: number): void {
  const db = new Database(path, { strict: true });
  for (const pragma of ['synchronous = OFF', 'journal_mode = WAL', 'cache_size = -1000000', 'temp_store = FILE'])
    db.run(`PRAGMA ${pragma}`);
  const restore = withoutIndexes(db, ['orders', 'ledger_transactions', 'ledger_entries']);
  addSim(db);
  insertAll(db, userId, rows);
  for (const sql of restore) db.run(sql);
  db.run(
    'UPDATE ledger_accounts SET balance_minor = (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries WHERE account_id = ledger_accounts.id)',
  );
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  const broken = db.query('PRAGMA foreign_key_check(ledger_entries)').all().length;
  const wrong = auditLedger(db);
  if (broken > 0 || wrong.length > 0)
    throw new Error(`the books are wrong: ${broken} without a transaction; ${wrong.slice(0, 3).join('; ')}`);
  db.close();
}

function withoutIndexes(db: Database, tables: readonly string[]): string[] {
  const kept = db
    .query<{ type: string; name: string; sql: string }, [string]>(
      `SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(tables));
  for (const { type, name } of kept) db.run(`DROP ${type} ${name}`);
  return kept.map(({ sql }) => sql);
}

function addSim(db: Database): void {
  db.run(
    `INSERT INTO sims (iccid, number_set, country_set, virtual, first_seen_at_ms, last_seen_at_ms) VALUES ('8944010000000000001', '+447700900001', 'gb', 1, 0, 0)`,
  );
}

function insertAll(db: Database, userId: string, rows: number): void {
  const entry = db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES (?, ?, ?)');
  const transaction = db.query(
    'INSERT INTO ledger_transactions (id, kind, user_id, order_id, reference, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const order = db.query(
    `INSERT INTO orders (id, user_id, iccid, country, service, number, price_minor, currency, status, reason, created_at_ms, expires_at_ms, ended_at_ms, last_event)
     VALUES (?, ?, '8944010000000000001', 'gb', 'telegram', '+447700900001', ?, 'USD', ?, ?, ?, ?, ?, 'evt_0')`,
  );
  const [available, held] = [`available:${userId}`, `held:${userId}`];
  const move = (
    id: string,
    kind: string,
    orderId: string | null,
    reference: string | null,
    atMs: number,
    from: string,
    to: string,
    minor: number,
  ) => {
    entry.run(id, from, -minor);
    entry.run(id, to, minor);
    transaction.run(id, kind, userId, orderId, reference, atMs);
  };
  let orderId = '';
  let price = 0;
  db.run('BEGIN');
  for (let n = 0; n < rows; n++) {
    const atMs = START_MS + n * EVERY_MS;
    const tail = base32(Uint8Array.from([0, 0, 0, 0, 0, 0, n >>> 24, n >>> 16, n >>> 8, n]));
    const id = idsFrom('txn', atMs) + tail;
    const step = n % CYCLE;
    if (step === 8) {
      orderId = idsFrom('ord', atMs) + tail;
      price = 10 + (n % 90);
      const captured = n % (2 * CYCLE) < CYCLE;
      const [status, reason] = captured ? ['finished', 'window_ended'] : ['expired', 'no_valid_sms'];
      order.run(orderId, userId, price, status, reason, atMs, atMs + EVERY_MS, atMs + EVERY_MS);
      move(id, 'hold', orderId, null, atMs, available, held, price);
    } else if (step === 9) {
      const captured = (n - 1) % (2 * CYCLE) < CYCLE;
      move(id, captured ? 'capture' : 'refund', orderId, null, atMs, held, captured ? 'revenue' : available, price);
    } else {
      move(id, 'top_up', null, `${REFERENCES[n % REFERENCES.length]} ${n}`, atMs, 'funding', available, 100 + (n % 900));
    }
    if (n % ROWS_PER_COMMIT === ROWS_PER_COMMIT - 1) db.run('COMMIT; BEGIN');
  }
  db.run('COMMIT');
}
