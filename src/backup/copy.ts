import type { Database } from 'bun:sqlite';
import { openReadOnly } from '../db/open.ts';

/** Copies a database of one moment into a new file, while others write. Throws what SQLite throws. */
export function copyDatabase(from: string, to: string): void {
  const db = openReadOnly(from);
  try {
    vacuumInto(db, to);
  } finally {
    db.close();
  }
}

/** The whole database, as this connection sees it, into a new file. */
export function vacuumInto(db: Database, to: string): void {
  db.query('VACUUM INTO $to').run({ to });
}
