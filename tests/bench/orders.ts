import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { fillHouse } from './fill.ts';

const SIMS = 4000;
const AT_ONCE = 64;

/** Orders per second through the door, durable, against raw durable inserts of one row a commit into the same file system. */
export async function orders(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-bench-'));
  try {
    const raw = rawCommitsPerSecond(join(dir, 'raw.db'));
    const own = await ordersPerSecond(join(dir, 'orders.db'));
    console.log(`Orders (allocation, hold, ledger, events; ${SIMS} SIMs, ${AT_ONCE} at once, fsynced)`);
    console.log(`  orders: ${own.toFixed(0)}/s`);
    console.log(`  reference, raw SQLite, one row a commit, synchronous=FULL: ${raw.toFixed(0)} commits/s`);
    console.log(`  ratio orders / raw commits: ${(own / raw).toFixed(2)}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function rawCommitsPerSecond(path: string): number {
  const db = openDatabase(path);
  db.run('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT) STRICT');
  const insert = db.query('INSERT INTO rows (text) VALUES ($text)');
  const text = 'x'.repeat(300);
  const startMs = performance.now();
  const commits = 2000;
  for (let n = 0; n < commits; n++) insert.run({ text });
  const seconds = (performance.now() - startMs) / 1000;
  db.close();
  return commits / seconds;
}

async function ordersPerSecond(path: string): Promise<number> {
  const db = openDatabase(path);
  migrate(db);
  const { terms, userId } = fillHouse(db, SIMS);
  const door = openDoor(db, Date.now, silentLog);
  const request = { userId, country: 'gb', service: 'telegram', maxPriceMinor: null };
  const startMs = performance.now();
  for (let placed = 0; placed < SIMS; placed += AT_ONCE) {
    const left = Math.min(AT_ONCE, SIMS - placed);
    await Promise.all(Array.from({ length: left }, () => door.write((tx) => placeOrder(tx, terms, request))));
  }
  const seconds = (performance.now() - startMs) / 1000;
  db.close();
  return SIMS / seconds;
}
