import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';

/** How exactly it is known, after a crash, when the server stopped. */
const EVERY_MS = 30_000;
const KEY = 'alive_at_ms';

/** Notes, now and every half minute, that the server runs: after a crash its SIMs are known to have been away since the last time. */
export function startAlive({ door, clock, timers, log }: { door: Door; clock: Clock; timers: Timers; log: Log }): void {
  const note = (): void => {
    door.write(noteAlive).catch((thrown: unknown) => log.error('alive_not_noted', { error: messageOf(thrown) }));
    timers.set('alive', clock.nowMs() + EVERY_MS, note);
  };
  note();
  timers.onJump(note);
}

export function noteAlive(tx: Tx): void {
  tx.db
    .query('INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run({ key: KEY, value: String(tx.nowMs) });
}

/** When the server was last known to run, or null before it ever noted that. */
export function lastAliveMs(db: Database): number | null {
  const row = db.query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key').get({ key: KEY });
  return row === null ? null : Number(row.value);
}
