import { Database } from 'bun:sqlite';

/** How long a statement waits for another process's lock (a command beside the running server) before SQLITE_BUSY. */
export const BUSY_TIMEOUT_MS = 5000;
const LOG_OCTETS_KEPT = 64 * 1024 * 1024;
/** Bun compiles a statement anew unless it is among the last 20 that were used: the house has hundreds, and compiling one takes ten times as long as running it. */
const STATEMENTS_KEPT = 1000;

/**
 * Opens a database file (or `:memory:`) with the settings everything else relies on: WAL, synchronous FULL (a commit is on the disk when it
 * returns), foreign keys on, parameters checked by name.
 */
export function openDatabase(path: string): Database {
  return withSettings(new Database(path, { create: true, strict: true }));
}

/** The same for a database that came to be in another way, from octets of `serialize()`. */
export function withSettings(db: Database): Database {
  Database.MAX_QUERY_CACHE_SIZE = STATEMENTS_KEPT;
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  // A long reader (an export) lets the log grow; afterwards the disk gets it back.
  db.run(`PRAGMA journal_size_limit = ${LOG_OCTETS_KEPT}`);
  db.run('PRAGMA foreign_keys = ON');
  db.run('PRAGMA temp_store = MEMORY');
  db.run('PRAGMA cache_size = -32768');
  return db;
}

/** Opens a database file for reading alone, for a worker beside the server; `busy_timeout` as everywhere. */
export function openReadOnly(path: string): Database {
  const db = new Database(path, { readonly: true, strict: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return db;
}
