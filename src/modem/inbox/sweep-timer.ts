import type { Clock } from '../../lib/clock.ts';

/** `periodic` includes a look whether the modem still has its settings; before `urgent` ones it is only asked for its card. */
export type SweepKind = 'periodic' | 'urgent';

/** Two urgent sweeps keep this distance, so that a modem that faults at every sweep is not swept without pause. */
const APART_MS = 300;
const FAILED_APART_MS = 1_000;

/** Says when the next sweep is due: every so often, and soon after something that may have left a message unread. */
export class SweepTimer {
  private readonly everyMs: number;
  private readonly clock: Clock;
  private kind: SweepKind | null = null;
  private dueAtMs: number;
  private lastAtMs = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private ended = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private waiter: ((kind: SweepKind) => void) | null = null;

  constructor(everyMs: number, clock: Clock) {
    this.everyMs = everyMs;
    this.clock = clock;
    this.dueAtMs = clock.monotonicMs() + everyMs;
  }

  /** A sweep is wanted at once, or a little later when the last one was just now or failed (1 s, 2 s, 4 s … up to the usual pause). */
  soon(kind: SweepKind = 'urgent'): void {
    const apartMs = this.failures === 0 ? APART_MS : Math.min(FAILED_APART_MS * 2 ** (this.failures - 1), this.everyMs);
    const atMs = Math.max(this.clock.monotonicMs(), this.lastAtMs + apartMs);
    if (kind === 'periodic' || this.kind === null) this.kind = kind;
    if (atMs < this.dueAtMs) this.dueAtMs = atMs;
    this.arm();
  }

  /** As `soon`, with the look whether all is still the same. */
  checkSoon(): void {
    this.soon('periodic');
  }

  /** A sweep is wanted this moment, whatever the distance to the last one. Only whoever waits now is told; what else is due stays due. */
  now(): void {
    const { waiter } = this;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiter = null;
    waiter?.('urgent');
  }

  /** A sweep has ended; `complete` when all storages were read and stored. */
  done(complete: boolean): void {
    this.lastAtMs = this.clock.monotonicMs();
    this.failures = complete ? 0 : this.failures + 1;
    if (!complete) this.soon();
  }

  /** Resolves when the next sweep is due, with its kind; at once when the timer was ended. One caller at a time. */
  due(): Promise<SweepKind> {
    if (this.ended) return Promise.resolve('periodic');
    return new Promise((resolve) => {
      this.waiter = resolve;
      this.arm();
    });
  }

  end(): void {
    this.ended = true;
    this.fire();
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiter === null) return;
    const waitMs = this.dueAtMs - this.clock.monotonicMs();
    if (waitMs <= 0) this.fire();
    else this.timer = setTimeout(() => this.fire(), waitMs);
  }

  private fire(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { waiter, kind } = this;
    this.waiter = null;
    if (waiter === null) return;
    this.kind = null;
    this.dueAtMs = this.clock.monotonicMs() + this.everyMs;
    waiter(kind ?? 'periodic');
  }
}
