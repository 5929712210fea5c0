/** The wall clock, as an argument: tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds that never go back and know nothing of the date; for deadlines and durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The shortest window (three seconds, for trying things out) and the longest; beyond that a number is rented. */
export const WINDOW_MINUTES_MIN = 0.05;
export const WINDOW_MINUTES_MAX = 1440;

/** RFC 3339 in UTC with milliseconds, as every time in the API is written. */
export function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}
