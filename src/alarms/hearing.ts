import type { Database } from 'bun:sqlite';

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
