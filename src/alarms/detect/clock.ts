import type { Database } from 'bun:sqlite';
import type { Clock } from '../../lib/clock.ts';
import type { Condition, Detector } from '../condition.ts';
import { levelOf } from '../state.ts';

const EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Smaller steps between two looks are NTP at its work, or a look that came late. */
const STEP_MS_MIN = 1000;
/** How long a step is told of. */
const TOLD_MS = HOUR_MS;
const NETWORK_WINDOW_MS = 2 * HOUR_MS;
const MESSAGES_MAX = 500;
/** Fewer messages, or of fewer cards, say more about a carrier than about our clock. */
const MESSAGES_MIN = 10;
const SIMS_MIN = 3;
const MARGIN = 0.5;

/**
 * Two ways to see that the wall clock is off. `step`: between two looks it moved by more than the monotonic clock did, so somebody set it; steps add up, so
 * one that is taken back is over. `network`: the median over cards of the median of (arrival − SCTS) of what came live in the last two hours; one vote a card, since a
 * carrier's stamps may be off by a whole zone. Messages that were found late count neither way.
 */
export function clockDetector({ db, clock, clockOffSeconds }: { db: Database; clock: Clock; clockOffSeconds: number }): Detector {
  let base = clock.nowMs() - clock.monotonicMs();
  let steps: { atMonotonicMs: number; byMs: number }[] = [];

  function stepped(): Condition[] {
    const nowMonotonicMs = clock.monotonicMs();
    const offset = clock.nowMs() - nowMonotonicMs;
    if (Math.abs(offset - base) >= STEP_MS_MIN) steps.push({ atMonotonicMs: nowMonotonicMs, byMs: offset - base });
    // Slow corrections move with it and never add up to a step.
    base = offset;
    steps = steps.filter(({ atMonotonicMs }) => nowMonotonicMs - atMonotonicMs < TOLD_MS);
    const byMs = steps.reduce((sum, step) => sum + step.byMs, 0);
    const value = Math.round(Math.abs(byMs) / 1000);
    if (value <= clockOffSeconds) return [];
    const text = `The clock was set ${byMs > 0 ? 'forward' : 'back'} by ${value} s within the last hour, in ${steps.length === 1 ? 'one step' : `${steps.length} steps`}.`;
    return [{ code: 'clock_off', subject: 'step', text, value, threshold: clockOffSeconds }];
  }

  function network(): Condition[] {
    const offsetMs = networkOffset(offsetsOf(db, clock.nowMs()));
    if (offsetMs === null) return [];
    const value = Math.round(Math.abs(offsetMs) / 1000);
    const level = levelOf(value, { is: 'above', threshold: clockOffSeconds, clearAt: clockOffSeconds * MARGIN });
    if (level === 'good') return [];
    const text =
      offsetMs < 0
        ? `By the networks' time messages come ${value} s before they were sent: the clock of the box is slow.`
        : `By the networks' time messages come ${value} s after they were sent: the clock of the box is fast, or every carrier is slow.`;
    return [{ code: 'clock_off', subject: 'network', level, text, value, threshold: clockOffSeconds }];
  }

  return {
    name: 'clock',
    codes: ['clock_off'],
    everyMs: EVERY_MS,
    look: () => (clockOffSeconds === 0 ? [] : [...stepped(), ...network()]),
    why: ({ subject }) =>
      subject === 'step'
        ? 'It was not set again for an hour, or set back.'
        : 'It agrees with the networks again, or too few messages tell.',
  };
}

/** By how much our clock is ahead of the networks', or null while too little tells. Pure. */
export function networkOffset(messages: readonly { iccid: string; offsetMs: number }[]): number | null {
  const bySim = Map.groupBy(messages, ({ iccid }) => iccid);
  if (messages.length < MESSAGES_MIN || bySim.size < SIMS_MIN) return null;
  return median([...bySim.values()].map((own) => median(own.map(({ offsetMs }) => offsetMs))));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? 0) + (sorted[Math.ceil(at)] ?? 0)) / 2;
}

function offsetsOf(db: Database, nowMs: number): { iccid: string; offsetMs: number }[] {
  return db
    .query<{ iccid: string; offsetMs: number }, { sinceMs: number; nowMs: number; limit: number }>(
      `SELECT iccid, arrived_at_ms - network_at_ms AS offsetMs FROM messages
       WHERE arrived_at_ms > $sinceMs AND arrived_at_ms <= $nowMs AND live = 1 AND network_at_ms IS NOT NULL ORDER BY arrived_at_ms DESC LIMIT $limit`,
    )
    .all({ sinceMs: nowMs - NETWORK_WINDOW_MS, nowMs, limit: MESSAGES_MAX });
}
