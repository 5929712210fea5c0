import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes a data folder for this process alone and returns how to give it back, or null when another server has it: two servers on one database would
 * both read the modems and mark each other's SIMs as away. The lock is an open write transaction, so the system frees it however the process ends.
 */
export function lockFolder(dir: string): (() => void) | null {
  const lock = new Database(join(dir, 'server.lock'), { create: true });
  try {
    lock.run('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'SQLITE_BUSY') return null;
    throw thrown;
  }
  return () => lock.close();
}

/** Whether a server has the folder, without taking it or leaving anything there. Throws what SQLite throws for a lock that cannot be read. */
export function isFolderLocked(dir: string): boolean {
  const path = join(dir, 'server.lock');
  if (!existsSync(path)) return false;
  const lock = new Database(path, { readonly: true });
  try {
    lock.query('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'SQLITE_BUSY') return true;
    throw thrown;
  } finally {
    lock.close();
  }
}
