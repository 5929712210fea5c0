import { Database } from 'bun:sqlite';
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
