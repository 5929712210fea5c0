import type { Log } from '../lib/log.ts';
import { Sparing } from '../lib/sparing.ts';
import type { Meters } from './meters.ts';

/** How often the loop is asked whether it is on time. */
const TURN_EVERY_MS = 50;
const RECORD_EVERY_MS = 10_000;

/**
 * How late the event loop is: everything of the house runs on it, so what holds it up holds up every SMS. Returns what is to be called each 50 ms. What was late by
 * `slowMs` and more is written down, at most once in ten seconds, with the worst since.
 */
export function loopMeters(meters: Meters, deps: { log: Log; slowMs: number; monotonicMs(): number }): () => void {
  const { log, slowMs, monotonicMs } = deps;
  const lag = meters.histogram({ name: 'smspin_event_loop_lag_seconds', help: 'How late the event loop came to a timer of 50 ms.' });
  const slow = meters.counter({
    name: 'smspin_event_loop_slow_total',
    help: 'Times the event loop was late by log.slow_loop_ms and more.',
  });
  const sparing = new Sparing(RECORD_EVERY_MS);
  let lastMs: number | null = null;
  let worstMs = 0;
  return () => {
    const nowMs = monotonicMs();
    const isFirst = lastMs === null;
    const lateMs = Math.max(0, nowMs - (lastMs ?? nowMs) - TURN_EVERY_MS);
    lastMs = nowMs;
    if (isFirst) return;
    lag.observe(lateMs / 1000);
    if (lateMs < slowMs) return;
    slow.inc();
    worstMs = Math.max(worstMs, lateMs);
    const held = sparing.take('', nowMs);
    if (held === null) return;
    log.warn('event_loop_late', {
      ms: Math.round(lateMs),
      threshold_ms: slowMs,
      ...(held > 0 ? { same_before: held, worst_ms: Math.round(worstMs) } : {}),
    });
    worstMs = 0;
  };
}

/** Calls `turn` each 50 ms. Returns how to stop. */
export function startLoopWatch(turn: () => void): () => void {
  const interval = setInterval(turn, TURN_EVERY_MS);
  return () => clearInterval(interval);
}
