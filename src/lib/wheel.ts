import { invariant } from './errors.ts';

/** 256 slots a level, 6 levels of 8 bits over a tick of 16 ms: reaches 2^48 ticks, far beyond any date we keep. */
const SLOT_BITS = 8;
const SLOTS = 1 << SLOT_BITS;
const LEVELS = 6;
export const TICK_MS = 16;

interface Entry<T> {
  key: string;
  atMs: number;
  payload: T;
  level: number;
  slot: number;
  previous: Entry<T> | null;
  next: Entry<T> | null;
}

/**
 * A hierarchical timer wheel (Varghese and Lauck 1987, scheme 6): insert and cancel O(1), a million timers, nothing allocated per tick.
 * It knows no clock: `advance(nowMs)` hands out what is due. The database is the truth of every expiry; the wheel only says when to look.
 */
export class TimerWheel<T> {
  #tick: number;
  readonly #byKey = new Map<string, Entry<T>>();
  readonly #heads: (Entry<T> | null)[] = new Array<Entry<T> | null>(SLOTS * LEVELS).fill(null);
  readonly #counts: number[] = new Array<number>(LEVELS).fill(0);

  constructor(nowMs: number) {
    this.#tick = tickOf(nowMs);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Sets the timer `key` to `atMs` (wall clock); an earlier one of the same key is replaced. A time gone by is due at the next `advance`. */
  insert(key: string, atMs: number, payload: T): void {
    invariant(Number.isFinite(atMs), `timer ${key} at ${atMs}`);
    this.cancel(key);
    const entry: Entry<T> = { key, atMs, payload, level: 0, slot: 0, previous: null, next: null };
    this.#byKey.set(key, entry);
    this.#place(entry);
  }

  /** Removes the timer; false if there was none. */
  cancel(key: string): boolean {
    const entry = this.#byKey.get(key);
    if (!entry) return false;
    this.#unlink(entry);
    this.#byKey.delete(key);
    return true;
  }

  /** Moves on to `nowMs` and returns what became due, earliest first. A clock that went back returns only what was overdue: call `reset`. */
  advance(nowMs: number): { key: string; atMs: number; payload: T }[] {
    const target = tickOf(nowMs);
    const due: Entry<T>[] = [];
    this.#takeDue(due, nowMs);
    while (this.#tick < target) {
      this.#tick = this.#nextBusyTick(target);
      this.#turn();
      this.#takeDue(due, nowMs);
    }
    return due.sort((a, b) => a.atMs - b.atMs);
  }

  /** Starts again at another time with nothing set, after the wall clock jumped; the caller fills it from the database. */
  reset(nowMs: number): void {
    this.#byKey.clear();
    this.#heads.fill(null);
    this.#counts.fill(0);
    this.#tick = tickOf(nowMs);
  }

  /** The next tick (at most `target`) at which level 0 may hold something or a higher level must be spread out. */
  #nextBusyTick(target: number): number {
    if (this.#counts[0] !== 0) return this.#tick + 1;
    // Nothing on level 0: jump to the next turn of the lowest level that holds something.
    for (let level = 1; level < LEVELS; level++) {
      if (this.#counts[level] === 0) continue;
      const span = spanOf(level);
      return Math.min(target, (Math.floor(this.#tick / span) + 1) * span);
    }
    return target;
  }

  /** Spreads each level whose slot begins at this tick over the levels below it, highest first. */
  #turn(): void {
    let turned = 0;
    while (turned + 1 < LEVELS && this.#tick % spanOf(turned + 1) === 0) turned++;
    for (let level = turned; level > 0; level--) this.#respread(level, Math.floor(this.#tick / spanOf(level)) % SLOTS);
  }

  #takeDue(due: Entry<T>[], nowMs: number): void {
    let entry = this.#heads[this.#tick % SLOTS] ?? null;
    while (entry) {
      const next: Entry<T> | null = entry.next;
      if (entry.atMs <= nowMs) {
        this.#unlink(entry);
        this.#byKey.delete(entry.key);
        due.push(entry);
      }
      entry = next;
    }
  }

  #respread(level: number, slot: number): void {
    let entry = this.#heads[level * SLOTS + slot] ?? null;
    while (entry) {
      const next: Entry<T> | null = entry.next;
      this.#unlink(entry);
      this.#place(entry);
      entry = next;
    }
  }

  #place(entry: Entry<T>): void {
    const tick = Math.max(tickOf(entry.atMs), this.#tick);
    let level = 0;
    // The level on which this tick and the present one share everything above.
    while (level < LEVELS - 1 && Math.floor(tick / spanOf(level + 1)) !== Math.floor(this.#tick / spanOf(level + 1))) level++;
    entry.level = level;
    entry.slot = level * SLOTS + (Math.floor(tick / spanOf(level)) % SLOTS);
    const head = this.#heads[entry.slot] ?? null;
    entry.previous = null;
    entry.next = head;
    if (head) head.previous = entry;
    this.#heads[entry.slot] = entry;
    this.#counts[level] = (this.#counts[level] ?? 0) + 1;
  }

  #unlink(entry: Entry<T>): void {
    if (entry.previous) entry.previous.next = entry.next;
    else this.#heads[entry.slot] = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    entry.previous = null;
    entry.next = null;
    this.#counts[entry.level] = (this.#counts[entry.level] ?? 0) - 1;
  }
}

const SPANS = Array.from({ length: LEVELS }, (_, level) => SLOTS ** level);

/** How many ticks one slot of a level lasts. */
function spanOf(level: number): number {
  return SPANS[level] ?? Number.POSITIVE_INFINITY;
}

function tickOf(atMs: number): number {
  return Math.floor(atMs / TICK_MS);
}
