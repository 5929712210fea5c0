/**
 * How looks become alarms: pure, and on the monotonic clock alone, so that nothing is raised, ended or forgotten because somebody set the wall clock.
 *
 *   quiet --bad--> rising --bad for raiseAfter--> raised --good--> falling --good for clearAfter--> quiet
 *
 * `between` (neither over its threshold nor clearly back) holds what is raised and lets nothing rise. A look that failed is no look.
 */

/** What a look found: over the threshold, back under it by the margin, or in the margin. */
export type Level = 'bad' | 'between' | 'good';

export interface Rule {
  raiseAfterMs: number;
  clearAfterMs: number;
}

/** What is known of one alarm, raised or not, since the start of the process. */
export interface Track {
  phase: 'quiet' | 'rising' | 'raised' | 'falling';
  /** When it came into this phase. */
  sinceMs: number;
  /** When it was last cleared, or null. */
  clearedMs: number | null;
  /** How often in a row it came back soon after it was cleared. */
  returns: number;
}

export type Transition = 'raised' | 'cleared' | null;

export const QUIET: Track = { phase: 'quiet', sinceMs: 0, clearedMs: null, returns: 0 };
/** One that comes back within this flutters: each time it must be good for twice as long, and for at most this, before it is over. */
export const FLUTTER_MS = 3_600_000;
const FIRST_HOLD_MS = 60_000;

/** One that stood when the process ended: what became of it meanwhile, the looks tell. */
export function standingTrack(monotonicMs: number): Track {
  return { phase: 'raised', sinceMs: monotonicMs, clearedMs: null, returns: 0 };
}

/** How long it must be good: as the rule says, and doubled for each time that it came back. */
export function holdMs({ clearAfterMs }: Rule, returns: number): number {
  if (returns === 0) return clearAfterMs;
  return Math.max(clearAfterMs, Math.min(FLUTTER_MS, Math.max(clearAfterMs, FIRST_HOLD_MS) * 2 ** Math.min(returns - 1, 20)));
}

/** One look at one alarm. `atMs` is monotonic. */
export function step(before: Track, level: Level, rule: Rule, atMs: number): { track: Track; did: Transition } {
  let track = before;
  // Twice at most: what begins to rise, or to fall, with no time to wait does so at once.
  if (track.phase === 'quiet' && level === 'bad') track = { ...track, phase: 'rising', sinceMs: atMs };
  if (track.phase === 'raised' && level === 'good') track = { ...track, phase: 'falling', sinceMs: atMs };
  switch (track.phase) {
    case 'rising': {
      if (level !== 'bad') return { track: { ...track, phase: 'quiet', sinceMs: atMs }, did: null };
      if (atMs - track.sinceMs < rule.raiseAfterMs) return { track, did: null };
      const cameBack = track.clearedMs !== null && atMs - track.clearedMs <= FLUTTER_MS;
      return { track: { ...track, phase: 'raised', sinceMs: atMs, returns: cameBack ? track.returns + 1 : 0 }, did: 'raised' };
    }
    case 'falling': {
      if (level !== 'good') return { track: { ...track, phase: 'raised', sinceMs: atMs }, did: null };
      if (atMs - track.sinceMs < holdMs(rule, track.returns)) return { track, did: null };
      return { track: { ...track, phase: 'quiet', sinceMs: atMs, clearedMs: atMs }, did: 'cleared' };
    }
    default:
      return { track, did: null };
  }
}

/** True for what need not be remembered: it is quiet, and was so for as long as a return would count. */
export function isForgettable(track: Track, atMs: number): boolean {
  return track.phase === 'quiet' && (track.clearedMs === null || atMs - track.clearedMs > FLUTTER_MS);
}

/**
 * The level of a figure. `above`: bad over `threshold`, good again at `clearAt` or less; `below`: the other way round. A threshold of 0 that switches the
 * alarm off is not for here.
 */
export function levelOf(value: number, { is, threshold, clearAt }: { is: 'above' | 'below'; threshold: number; clearAt: number }): Level {
  const over = is === 'above' ? value > threshold : value < threshold;
  if (over) return 'bad';
  return (is === 'above' ? value <= clearAt : value >= clearAt) ? 'good' : 'between';
}
