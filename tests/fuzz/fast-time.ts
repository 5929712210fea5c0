import type { Clock } from '../../src/lib/clock.ts';

/**
 * Runs `work` while timers of the whole process go off `factor` times as soon as asked, and hands it a clock that goes as fast: a modem session waits
 * seconds for an answer, and a fuzzing run has no seconds. Afterwards everything is as before.
 */
export async function inFastTime(factor: number, work: (clock: Clock) => Promise<void>): Promise<void> {
  const { setTimeout: realTimeout } = globalThis;
  const { sleep: realSleep } = Bun;
  const startedAtMs = Date.now();
  const startedMonotonicMs = performance.now();
  const passedMs = () => (performance.now() - startedMonotonicMs) * factor;
  const quickTimeout = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => realTimeout(callback, ms / factor, ...args);
  Object.assign(globalThis, { setTimeout: Object.assign(quickTimeout, realTimeout) });
  Object.assign(Bun, { sleep: (ms: number | Date) => realSleep(ms instanceof Date ? ms : ms / factor) });
  try {
    await work({ nowMs: () => startedAtMs + Math.round(passedMs()), monotonicMs: passedMs });
  } finally {
    Object.assign(globalThis, { setTimeout: realTimeout });
    Object.assign(Bun, { sleep: realSleep });
  }
}
