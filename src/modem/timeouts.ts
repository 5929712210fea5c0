import type { Clock } from '../lib/clock.ts';

/** So many answers staying out within this time, though others come, are too many (ModemManager gives up a port at ten). */
export const TIMEOUTS_MOST = 10;
export const TIMEOUTS_WITHIN_MS = 10 * 60_000;

/** Counts the answers of one modem that stayed out lately. */
export class Timeouts {
  private readonly clock: Clock;
  private atMs: number[] = [];
  private lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** True when none stayed out for that long. */
  get isQuiet(): boolean {
    return this.clock.monotonicMs() - this.lastAtMs >= TIMEOUTS_WITHIN_MS;
  }

  /** Notes one more; true when they have become too many, and then the count begins anew. */
  tooMany(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.lastAtMs = nowMs;
    this.atMs = [...this.atMs.filter((earlier) => nowMs - earlier < TIMEOUTS_WITHIN_MS), nowMs];
    if (this.atMs.length < TIMEOUTS_MOST) return false;
    this.atMs = [];
    return true;
  }
}
