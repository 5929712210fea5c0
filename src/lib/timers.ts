import type { Clock } from './clock.ts';
import { type Log, messageOf } from './log.ts';
import { TimerWheel } from './wheel.ts';

/** How often the wheel is turned: an expiry fires at most this (and a turn of the event loop) late. */
const TURN_EVERY_MS = 25;
/** Wall and monotonic clock apart by more than this since the last turn: somebody set the clock. */
const JUMP_MS = 1000;

/** The one wheel of the process, driven by the wall clock. */
export interface Timers {
  /** Calls `fire` once when `atMs` (wall clock) has come; an earlier timer of the same key is replaced. */
  set(key: string, atMs: number, fire: () => void): void;
  cancel(key: string): void;
  /** Adds a function that sets, from the database, every timer of its kind: called after the wall clock jumped, with an empty wheel, and told by how much (negative: it was set back). */
  onJump(rebuild: (byMs: number) => void): void;
  readonly size: number;
  stop(): void;
}

export function startTimers(clock: Clock, log: Log): Timers {
  const wheel = new TimerWheel<() => void>(clock.nowMs());
  const rebuilds: ((byMs: number) => void)[] = [];
  let lastWallMs = clock.nowMs();
  let lastMonotonicMs = clock.monotonicMs();

  function turn(): void {
    const wallMs = clock.nowMs();
    const monotonicMs = clock.monotonicMs();
    const jumpedMs = wallMs - lastWallMs - (monotonicMs - lastMonotonicMs);
    lastWallMs = wallMs;
    lastMonotonicMs = monotonicMs;
    if (Math.abs(jumpedMs) > JUMP_MS) {
      log.warn('clock_jumped', { by_ms: Math.round(jumpedMs) });
      wheel.reset(wallMs);
      for (const rebuild of rebuilds) attempt(() => rebuild(jumpedMs));
    }
    for (const due of wheel.advance(wallMs)) attempt(due.payload);
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      log.error('timer_failed', { error: messageOf(thrown) });
    }
  }

  const interval = setInterval(turn, TURN_EVERY_MS);
  return {
    set: (key, atMs, fire) => wheel.insert(key, atMs, fire),
    cancel: (key) => void wheel.cancel(key),
    onJump: (rebuild) => void rebuilds.push(rebuild),
    get size() {
      return wheel.size;
    },
    stop: () => clearInterval(interval),
  };
}
