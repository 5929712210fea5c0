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

/** RFC 3339 in UTC with milliseconds, as every time in the API is written. */
export function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}
