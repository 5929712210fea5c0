import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** An alarm of the house about a SIM, found from what was stored, for as long as it lasts. */
export interface SimAlarm {
  iccid: string;
  code: 'deaf';
  text: string;
  sinceMs: number;
}

const HOUR_MS = 3_600_000;
/** The silences before the last messages that say what is usual. */
const GAPS = 100;
/** A SIM may be twice as silent as it usually is before that means anything. */
const USUAL_FACTOR = 2;

export interface Hearing {
  nowMs: number;
  /** The modem is ready and registered since then, without a break; null while it is not. */
  listeningSinceMs: number | null;
  lastMessageAtMs: number | null;
  /** The longest silence that is usual for this SIM, or null while it is unknown. */
  usualGapMs: number | null;
  /** `modems.deaf_hours`; 0 is off. */
  deafHours: number;
  /** When it was found deaf, while the alarm stands. */
  deafSinceMs: number | null;
}

/**
 * Whether a SIM that is registered hears nothing. `raise`: it was silent, while its modem listened, for longer than the configured hours and than
 * twice its usual longest silence · `clear`: a message came since, or the watch is off · `keep`: nothing changes. A SIM that never got a message
 * says nothing: it may just not be in use. The alarm outlasts a modem that is away, since that tells nothing new.
 */
export function judgeHearing(hearing: Hearing): { verdict: 'raise' | 'clear' | 'keep'; silentMs: number } {
  const { nowMs, listeningSinceMs, lastMessageAtMs, usualGapMs, deafHours, deafSinceMs } = hearing;
  const silentMs =
    lastMessageAtMs === null || listeningSinceMs === null ? 0 : Math.max(0, nowMs - Math.max(lastMessageAtMs, listeningSinceMs));
  if (deafSinceMs !== null) {
    const heard = lastMessageAtMs !== null && lastMessageAtMs > deafSinceMs;
    return { verdict: heard || deafHours === 0 ? 'clear' : 'keep', silentMs };
  }
  const bearableMs = Math.max(deafHours * HOUR_MS, USUAL_FACTOR * (usualGapMs ?? 0));
  return { verdict: deafHours > 0 && silentMs > bearableMs ? 'raise' : 'keep', silentMs };
}

/**
 * The longest usual one of these silences: the 95th percentile by nearest rank, so that a single outage does not make the next one usual; with
 * fewer than twenty it is the longest. Null for none.
 */
export function usualGap(gapsMs: readonly number[]): number | null {
  const sorted = gapsMs.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}

/** When the SIM's last message came and what silence is usual for it, from its stored messages. */
export function hearingOf(db: Database, iccid: string): { lastMessageAtMs: number | null; usualGapMs: number | null } {
  const rows = db
    .query<{ atMs: number }, { iccid: string; limit: number }>(
      'SELECT arrived_at_ms AS atMs FROM messages WHERE iccid = $iccid ORDER BY arrived_at_ms DESC LIMIT $limit',
    )
    .all({ iccid, limit: GAPS + 1 });
  const gaps = rows.slice(1).map(({ atMs }, index) => (rows[index]?.atMs ?? atMs) - atMs);
  return { lastMessageAtMs: rows[0]?.atMs ?? null, usualGapMs: usualGap(gaps) };
}

/** Every alarm that stands. */
export function simAlarms(db: Database): SimAlarm[] {
  return db.query<SimAlarm, []>('SELECT iccid, code, text, since_ms AS sinceMs FROM sim_alarms ORDER BY since_ms').all();
}

/** Raises an alarm inside a verb; false when it stands already. */
export function raiseSimAlarm(tx: Tx, alarm: Omit<SimAlarm, 'sinceMs'>): boolean {
  const { iccid, code, text } = alarm;
  return (
    tx.db
      .query('INSERT INTO sim_alarms (iccid, code, text, since_ms) VALUES ($iccid, $code, $text, $now) ON CONFLICT DO NOTHING')
      .run({ iccid, code, text, now: tx.nowMs }).changes > 0
  );
}

/** Ends an alarm inside a verb; false when it did not stand. */
export function clearSimAlarm(tx: Tx, iccid: string, code: SimAlarm['code']): boolean {
  return tx.db.query('DELETE FROM sim_alarms WHERE iccid = $iccid AND code = $code').run({ iccid, code }).changes > 0;
}
