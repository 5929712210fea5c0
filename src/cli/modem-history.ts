import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../db/lock.ts';
import { rfc3339 } from '../lib/clock.ts';
import { printableLine } from '../lib/text-lines.ts';
import { DATABASE_FILE, type Io } from './usage.ts';

interface HistoryRow {
  id: number;
  at_ms: number;
  first_at_ms: number | null;
  count: number;
  kind: string;
  slot: string;
  iccid: string | null;
  detail: string;
}

const LOOK_MS = 300;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Prints the last entries of the modems' history in a data folder and then each new one, until `stopped`. Exit code 1 with the reason when there
 * is no database, or nobody who writes to it.
 */
export async function followHistory(dir: string, last: number, io: Io, stopped: Promise<void>): Promise<number> {
  const path = join(dir, DATABASE_FILE);
  if (!existsSync(path)) {
    io.err(`There is no database in ${dir}: start the server there once, or name a port to watch it directly.`);
    return 1;
  }
  const db = new Database(path, { readonly: true });
  try {
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (!hasHistory(db)) {
      io.err(`The database in ${dir} is of an older version without a history of modems: start the server once.`);
      return 1;
    }
    let seen = printNewest(db, last, io);
    if (!serverRuns(dir)) {
      io.err(`No server is running on ${dir}, so nothing new will come.`);
      return 1;
    }
    let over = false;
    const end = stopped.then(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([end, Bun.sleep(LOOK_MS)]);
      seen = printAfter(db, seen, io);
    }
    return 0;
  } finally {
    db.close();
  }
}

function hasHistory(db: Database): boolean {
  return db.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'modem_events' AND sql LIKE '%first_at_ms%'").get() !== null;
}

/** A server holds its folder's lock for as long as it runs. */
function serverRuns(dir: string): boolean {
  if (!existsSync(join(dir, 'server.lock'))) return false;
  const release = lockFolder(dir);
  release?.();
  return release === null;
}

function printNewest(db: Database, last: number, io: Io): number {
  const newest = db.query<{ id: number | null }, []>('SELECT max(id) AS id FROM modem_events').get()?.id ?? 0;
  const rows = db
    .query<HistoryRow, [number, number]>(
      'SELECT id, at_ms, first_at_ms, count, kind, slot, iccid, detail FROM modem_events WHERE id <= ? ORDER BY id DESC LIMIT ?',
    )
    .all(newest, last);
  for (const row of rows.toReversed()) io.out(lineOf(row));
  return newest;
}

function printAfter(db: Database, seen: number, io: Io): number {
  const rows = db
    .query<HistoryRow, [number]>(
      'SELECT id, at_ms, first_at_ms, count, kind, slot, iccid, detail FROM modem_events WHERE id > ? ORDER BY id',
    )
    .all(seen);
  for (const row of rows) io.out(lineOf(row));
  return rows.at(-1)?.id ?? seen;
}

function lineOf({ at_ms: atMs, first_at_ms: firstAtMs, count, kind, slot, iccid, detail }: HistoryRow): string {
  const sim = iccid === null ? '' : ` [${iccid}]`;
  const times = firstAtMs === null ? '' : ` (${count} times since ${rfc3339(firstAtMs)})`;
  return `${rfc3339(atMs)} ${slot} ${kind}${sim}: ${printableLine(detail)}${times}`;
}
