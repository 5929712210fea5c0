import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** An alarm of the house about a SIM, found from what was stored, for as long as it lasts: `same_number` is never written, it is what one-number.ts sees. */
export interface SimAlarm {
  iccid: string;
  code: 'deaf' | 'same_number';
  text: string;
  sinceMs: number;
}

const HOUR_MS = 3_600_000;
/** The silences before the last messages that say what is usual. */
const GAPS = 100;
/** A SIM may be twice as silent as it usually is before that means anything. */
const USUAL_FACTOR = 2;

/** No silence longer than this is usual: a wall clock that was set forward leaves a gap between two messages that was none. */
const USUAL_MS_MAX = 30 * 24 * HOUR_MS;

/** All on the monotonic clock but `usualGapMs`, so that nobody becomes deaf, or stays so, because the wall clock was set. */
export interface Hearing {
  /** How long the modem has been ready and registered, without a break, since its last message or since the watch began; null while it is not. */
  silentMs: number | null;
  /** A message came to this SIM at some time. */
  heardEver: boolean;
  /** The longest silence that is usual for this SIM, or null while it is unknown. */
  usualGapMs: number | null;
  /** `modems.deaf_hours`; 0 is off. */
  deafHours: number;
  /** The alarm that stands: whether a message came since it was raised. Null while none stands. */
  alarm: { heardSince: boolean } | null;
}

/**
 * Whether a SIM that is registered hears nothing. `raise`: it was silent, while its modem listened, for longer than the configured hours and than
 * twice its usual longest silence · `clear`: a message came since, or the watch is off · `keep`: nothing changes. A SIM that never got a message
 * says nothing: it may just not be in use. The alarm outlasts a modem that is away, since that tells nothing new.
 */
export function judgeHearing({ silentMs, heardEver, usualGapMs, deafHours, alarm }: Hearing): 'raise' | 'clear' | 'keep' {
  if (alarm !== null) return alarm.heardSince || deafHours === 0 ? 'clear' : 'keep';
  const bearableMs = Math.max(deafHours * HOUR_MS, USUAL_FACTOR * Math.min(usualGapMs ?? 0, USUAL_MS_MAX));
  return deafHours > 0 && heardEver && silentMs !== null && silentMs > bearableMs ? 'raise' : 'keep';
}

/**
 * The longest usual one of these silences: the 95th percentile by nearest rank, so that a single outage does not make the next one usual; with
 * fewer than twenty it is the longest. Null for none.
 */
export function usualGap(gapsMs: readonly number[]): number | null {
  const sorted = gapsMs.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}

/**
 * When the SIM's last message was stored, by the wall clock of that moment, and what silence is usual for it. Another `lastMessageAtMs` than before
 * means that a message came; whether it is an earlier or a later one tells nothing, since clocks are set.
 */
export function hearingOf(db: Database, iccid: string): { lastMessageAtMs: number | null; usualGapMs: number | null } {
  const rows = db
    .query<{ atMs: number }, { iccid: string; limit: number }>(
      'SELECT arrived_at_ms AS atMs FROM messages WHERE iccid = $iccid ORDER BY arrived_at_ms DESC LIMIT $limit',
    )
    .all({ iccid, limit: GAPS + 1 });
  const gaps = rows.slice(1).map(({ atMs }, index) => (rows[index]?.atMs ?? atMs) - atMs);
  const sim = db
    .query<{ atMs: number | null }, { iccid: string }>('SELECT last_message_at_ms AS atMs FROM sims WHERE iccid = $iccid')
    .get({ iccid });
  return { lastMessageAtMs: sim?.atMs ?? null, usualGapMs: usualGap(gaps) };
}

/** Every alarm that was raised and stands. */
export function simAlarms(db: Database): SimAlarm[] {
  return db.query<SimAlarm, []>('SELECT iccid, code, text, since_ms AS sinceMs FROM sim_alarms ORDER BY since_ms').all();
}

/** The SIMs that are known to be deaf, each with its `lastMessageAtMs` of when that was found. */
export function deafSims(db: Database): Map<string, number | null> {
  const rows = db
    .query<{ iccid: string; lastMessageAtMs: number | null }, []>(
      "SELECT iccid, last_message_at_ms AS lastMessageAtMs FROM sim_alarms WHERE code = 'deaf'",
    )
    .all();
  return new Map(rows.map(({ iccid, lastMessageAtMs }) => [iccid, lastMessageAtMs]));
}

/** Raises an alarm inside a verb; false when it stands already. */
export function raiseSimAlarm(tx: Tx, alarm: Omit<SimAlarm, 'sinceMs'>): boolean {
  const { iccid, code, text } = alarm;
  return (
    tx.db
      .query(
        `INSERT INTO sim_alarms (iccid, code, text, since_ms, last_message_at_ms)
         SELECT iccid, $code, $text, $now, last_message_at_ms FROM sims WHERE iccid = $iccid ON CONFLICT DO NOTHING`,
      )
      .run({ iccid, code, text, now: tx.nowMs }).changes > 0
  );
}

/** Ends an alarm inside a verb; false when it did not stand. */
export function clearSimAlarm(tx: Tx, iccid: string, code: SimAlarm['code']): boolean {
  return tx.db.query('DELETE FROM sim_alarms WHERE iccid = $iccid AND code = $code').run({ iccid, code }).changes > 0;
}
