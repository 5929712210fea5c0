/**
 * When a delivery that failed is tried again: seconds after the first, the second … failure, spread over more than three days (the schedule that the
 * Standard Webhooks specification recommends). After the last one it is given up.
 */
export const RETRY_SECONDS: readonly number[] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** So much earlier or later, so that what failed together does not come back together. */
const JITTER = 0.1;
/** A receiver may ask for a later attempt, not for one in a month. */
const RETRY_AFTER_MS_MAX = 24 * 3_600_000;

/**
 * The wall-clock time of the next attempt, or null when there is none. `failures` counts those so far, at least one; `chance` is from 0 to 1; `afterMs` is
 * how long the receiver asked to be left alone (Retry-After), which may put the attempt off but not forward.
 */
export function nextAttemptAtMs(
  { failures, nowMs, chance, afterMs }: { failures: number; nowMs: number; chance: number; afterMs: number },
  retrySeconds: readonly number[] = RETRY_SECONDS,
): number | null {
  const seconds = retrySeconds[failures - 1];
  if (seconds === undefined) return null;
  const waitMs = seconds * 1000 * (1 + JITTER * (2 * chance - 1));
  return Math.round(nowMs + Math.max(waitMs, Math.min(afterMs, RETRY_AFTER_MS_MAX)));
}
