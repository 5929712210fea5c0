import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** Mail does not leave, and it is our side's fault: the server cannot be reached, or does not take what we send. */
export interface MailTrouble {
  sinceMs: number;
  lastAtMs: number;
  /** Attempts that failed since then. */
  attempts: number;
  detail: string;
}

const KEY = 'mail:trouble';
const DETAIL_CHARACTERS_MAX = 300;

/** The trouble that lasts, for the operator, or null. */
export function mailTrouble(db: Database): MailTrouble | null {
  const row = db.query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key').get({ key: KEY });
  return row && (JSON.parse(row.value) as MailTrouble);
}

/** Notes an attempt that failed by our fault. True when the trouble begins with it. */
export function noteTrouble(tx: Tx, detail: string): boolean {
  const before = mailTrouble(tx.db);
  const trouble: MailTrouble = {
    sinceMs: before?.sinceMs ?? tx.nowMs,
    lastAtMs: tx.nowMs,
    attempts: (before?.attempts ?? 0) + 1,
    detail: detail.slice(0, DETAIL_CHARACTERS_MAX).toWellFormed(),
  };
  tx.db
    .query('INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run({ key: KEY, value: JSON.stringify(trouble) });
  return before === null;
}

/** After a shorter trouble the next attempt is near anyway. */
const PULLED_AFTER_MS = 60_000;

/**
 * The mail server took or judged a mail: the trouble is over. After a longer one what waits for its next attempt need not wait any longer; that attempt is
 * given on top of its schedule, so that a server that comes and goes uses no schedule up. True when there was trouble.
 */
export function endTrouble(tx: Tx): boolean {
  const trouble = mailTrouble(tx.db);
  if (trouble === null) return false;
  tx.db.query('DELETE FROM settings WHERE key = $key').run({ key: KEY });
  if (tx.nowMs - trouble.sinceMs < PULLED_AFTER_MS) return true;
  // Of one moment, so that they leave in the order in which they were queued.
  tx.db
    .query(
      `UPDATE deliveries SET next_at_ms = $now, failures = failures - 1
       WHERE channel = 'mail' AND state = 'waiting' AND failures > 0 AND next_at_ms > $now`,
    )
    .run({ now: tx.nowMs });
  return true;
}
