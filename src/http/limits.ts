import { Refusal } from '../lib/errors.ts';

/** How many names a limiter remembers; beyond it the fullest buckets are forgotten first. */
const NAMES_MAX = 50_000;

/** What is left of a quota, and in how many seconds it will be whole again. */
export interface Left {
  remaining: number;
  wholeInSeconds: number;
}

/** A token bucket for each name: `burst` at once, refilled evenly over `refillMs`. */
export class RateLimit {
  readonly #burst: number;
  readonly #refillMs: number;
  readonly #what: string;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(limit: { burst: number; refillMs: number; what: string }) {
    this.#burst = limit.burst;
    this.#refillMs = limit.refillMs;
    this.#what = limit.what;
  }

  /** Takes one token of `name`, or refuses as `limit_reached` with the seconds to wait. `nowMs` is a monotonic time. */
  take(name: string, nowMs: number): Left {
    const tokens = this.#tokens(name, nowMs);
    if (tokens < 1) {
      const retryAfterSeconds = Math.ceil(((1 - tokens) * this.#refillMs) / this.#burst / 1000);
      throw new Refusal('limit_reached', `Too many ${this.#what}. Try again in ${retryAfterSeconds} seconds.`, {
        retry_after: retryAfterSeconds,
      });
    }
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: tokens - 1, atMs: nowMs });
    this.#forgetOldest();
    return this.#left(tokens - 1);
  }

  /** What `take` would find, without taking. */
  look(name: string, nowMs: number): Left {
    return this.#left(this.#tokens(name, nowMs));
  }

  /** Gives a token back: what it was taken for turned out well. */
  giveBack(name: string): void {
    const bucket = this.#buckets.get(name);
    if (bucket) bucket.tokens = Math.min(this.#burst, bucket.tokens + 1);
  }

  #tokens(name: string, nowMs: number): number {
    const bucket = this.#buckets.get(name);
    return bucket ? Math.min(this.#burst, bucket.tokens + ((nowMs - bucket.atMs) * this.#burst) / this.#refillMs) : this.#burst;
  }

  #left(tokens: number): Left {
    return { remaining: Math.floor(tokens), wholeInSeconds: Math.ceil(((this.#burst - tokens) * this.#refillMs) / this.#burst / 1000) };
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > NAMES_MAX && !oldest.done) this.#buckets.delete(oldest.value);
  }
}
