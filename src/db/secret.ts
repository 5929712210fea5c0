import type { Database } from 'bun:sqlite';
import type { RandomBytes } from '../lib/ids.ts';
import { writeNow } from './write.ts';

const OCTETS = 32;

/**
 * The secret of this data folder for `purpose`, made at its first use and kept for ever: what was signed with it holds over restarts and backups. Kept as hex
 * in `settings` under `secret:<purpose>`; never logged, exported or shown.
 */
export function houseSecret(db: Database, purpose: string, random: RandomBytes, nowMs: number): Uint8Array {
  const key = `secret:${purpose}`;
  const find = () => db.query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key').get({ key })?.value;
  const hex =
    find() ??
    writeNow(db, nowMs, (tx) => {
      const value = Buffer.from(random(OCTETS)).toString('hex');
      tx.db.query('INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO NOTHING').run({ key, value });
      return find() ?? value;
    });
  return Uint8Array.fromHex(hex);
}
