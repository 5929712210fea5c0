import type { Verb } from '../db/write.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Troubles } from '../lib/troubles.ts';
import { dayOf, minuteOf } from './calendar.ts';
import { closeIncident, openIncident } from './incidents.ts';
import { lookOnce } from './look.ts';
import { type Recorded, recordMinutes, settleDays } from './minutes.ts';
import { type Checks, type Result, SURFACES, type Surface } from './surfaces.ts';
import { CHECKS_IN_MINUTE, MINUTE_MS } from './uptime.ts';

/** Six checks that fail one after the other, a minute, open an incident; twelve that succeed close it. */
const OPEN_AFTER = 6;
const CLOSE_AFTER = 12;
/** What works in part is an incident after five minutes of it. */
const DEGRADED_AFTER = 30;
/** Minutes that cannot be written are kept this long. */
const UNWRITTEN_MAX = 3 * 1440;
/** Less than the time between two checks, so that none waits for the one before. */
const LIMIT_MS = 8000;

export interface RecorderDeps {
  checks: Checks;
  write<T>(verb: Verb<T>): Promise<T>;
  nowMs(): number;
  monotonicMs(): number;
  random: RandomBytes;
  log: Log;
  troubles: Troubles;
  /** A window that was announced runs: what fails in it is no incident. */
  inMaintenance(surface: Surface, atMs: number): boolean;
  /** Minutes, or incidents, were written. */
  written?(): void;
  limitMs?: number;
}

/** How a surface has been lately. */
interface Streak {
  failed: number;
  degraded: number;
  ok: number;
  sinceMs: number;
  /** Whether its last check failed in announced maintenance, which is no part of an incident. */
  isExcused: boolean;
  /** Whether an incident of its checks is open; null: not known since the start. */
  isOpen: boolean | null;
}

interface Bucket extends Recorded {
  latencySumMs: number;
}

const SURFACE_WORDS: Record<Surface, string> = { ordering: 'Ordering', dashboard: 'The dashboard', delivery: 'Delivery' };

/** Checks the surfaces at each `tick`, keeps each minute's outcome until it is over and then writes it, and opens and closes incidents. Ticks never wait for each other. */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #buckets = new Map<string, Bucket>();
  readonly #results = new Map<Surface, Result>();
  readonly #streaks = new Map<Surface, Streak>();
  readonly #running = new Set<Surface>();
  #intents: Verb<unknown>[] = [];
  #triedMinute = -1;
  #settledDay = '';
  #isWriting = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** The newest result of a surface, or null before the first. */
  result(surface: Surface): Result | null {
    return this.#results.get(surface) ?? null;
  }

  /** Minutes that are over and not yet written, as when the disk refuses. */
  get unwritten(): number[] {
    const current = minuteOf(this.#deps.nowMs());
    return [...new Set([...this.#buckets.values()].flatMap(({ minute }) => (minute === current ? [] : [minute])))];
  }

  /** One check of each surface. Resolves when all have ended and what is over is written; never rejects. */
  async tick(): Promise<void> {
    const minute = minuteOf(this.#deps.nowMs());
    const flushed = this.#flush(minute, false);
    await Promise.all([flushed, ...SURFACES.map((surface) => this.#look(surface, minute))]);
    // As soon as it is whole: a crash a moment later must not take it with it.
    const isWhole = SURFACES.every((surface) => countOf(this.#buckets.get(`${minute}:${surface}`)) >= CHECKS_IN_MINUTE);
    if (isWhole || this.#intents.length > 0) await this.#flush(minute, isWhole);
  }

  /** Writes everything, the minute that is not over too. */
  async stop(): Promise<void> {
    this.#triedMinute = -1;
    await this.#flush(minuteOf(this.#deps.nowMs()), true);
  }

  async #look(surface: Surface, minute: number): Promise<void> {
    const { checks, nowMs, monotonicMs, limitMs = LIMIT_MS } = this.#deps;
    const atMs = nowMs();
    // It hangs beyond its own limit: the process is far behind. Nobody is asked twice at once.
    if (this.#running.has(surface))
      return this.#note(surface, minute, { found: { ok: false, why: 'the check before has not ended' }, atMs, latencyMs: 0 });
    this.#running.add(surface);
    const beganMs = monotonicMs();
    const found = await lookOnce(checks[surface], limitMs);
    this.#running.delete(surface);
    this.#note(surface, minute, { found, atMs, latencyMs: Math.round(monotonicMs() - beganMs) });
  }

  #note(surface: Surface, minute: number, result: Result): void {
    const before = this.#results.get(surface);
    this.#results.set(surface, result);
    const { found, latencyMs } = result;
    if (!found.ok && before?.found.ok !== false)
      this.#deps.log.warn('status_check_failed', { surface, why: found.why.slice(0, 300), latency_ms: latencyMs });
    const key = `${minute}:${surface}`;
    const bucket = this.#buckets.get(key) ?? {
      surface,
      minute,
      ok: 0,
      failed: 0,
      latencyMeanMs: null,
      latencyMaxMs: null,
      latencySumMs: 0,
    };
    this.#buckets.set(key, bucket);
    if (found.ok) {
      bucket.ok++;
      bucket.latencySumMs += latencyMs;
      bucket.latencyMeanMs = Math.round(bucket.latencySumMs / bucket.ok);
      bucket.latencyMaxMs = Math.max(bucket.latencyMaxMs ?? 0, latencyMs);
    } else bucket.failed++;
    this.#judge(surface, result);
  }

  /** Opens and closes the incidents of a surface. */
  #judge(surface: Surface, { found, atMs }: Result): void {
    const streak = this.#streaks.get(surface) ?? { failed: 0, degraded: 0, ok: 0, sinceMs: atMs, isExcused: false, isOpen: null };
    this.#streaks.set(surface, streak);
    const state = !found.ok ? 'failed' : found.degraded !== null ? 'degraded' : 'ok';
    if (streak[state] === 0 || streak.isExcused) streak.sinceMs = atMs;
    streak.isExcused = state !== 'ok' && this.#deps.inMaintenance(surface, atMs);
    streak.failed = state === 'failed' ? streak.failed + 1 : 0;
    streak.degraded = state === 'degraded' ? streak.degraded + 1 : 0;
    streak.ok = state === 'ok' ? streak.ok + 1 : 0;
    const { random } = this.#deps;
    const words = SURFACE_WORDS[surface];
    const startedAtMs = streak.sinceMs;
    if (state === 'ok') {
      if (streak.ok < CLOSE_AFTER || streak.isOpen === false) return;
      streak.isOpen = false;
      this.#intents.push((tx) => closeIncident(tx, surface, startedAtMs, `${words} works again: two minutes of checks succeeded.`));
      return;
    }
    const isDue = state === 'failed' ? streak.failed >= OPEN_AFTER : streak.degraded >= DEGRADED_AFTER;
    if (!isDue || streak.isOpen === true || streak.isExcused) return;
    streak.isOpen = true;
    const why = found.ok ? (found.degraded ?? '') : found.why;
    const severity = state === 'failed' ? 'major' : 'minor';
    const title = state === 'failed' ? `${words} ${surface === 'ordering' ? 'fails' : 'does not work'}` : `${words} works in part`;
    this.#intents.push((tx) =>
      openIncident(tx, random, { surface, severity, title, text: `Found by our own checks: ${why}.`, startedAtMs }),
    );
  }

  /** Writes the minutes that are over, or all, and what happened to incidents, in one commit. After a refusal not again before the next minute. */
  async #flush(current: number, all: boolean): Promise<void> {
    const { write, nowMs, log, troubles } = this.#deps;
    const over = [...this.#buckets].filter(([, { minute }]) => all || minute !== current);
    const intents = this.#intents;
    if (this.#isWriting || (over.length === 0 && intents.length === 0) || this.#triedMinute === current) return;
    const today = dayOf(nowMs());
    this.#isWriting = true;
    try {
      await write((tx) => {
        recordMinutes(
          tx,
          over.map(([, { latencySumMs: _, ...row }]) => row),
        );
        for (const intent of intents) intent(tx);
        if (today !== this.#settledDay) settleDays(tx);
      });
      for (const [key] of over) this.#buckets.delete(key);
      this.#intents = this.#intents.slice(intents.length);
      this.#settledDay = today;
      this.#triedMinute = -1;
      troubles.mended('status_record');
      this.#deps.written?.();
    } catch (thrown) {
      this.#triedMinute = current;
      log.error('status_not_recorded', { minutes: over.length, error: messageOf(thrown) });
      troubles.failed('status_record', `The minutes of the status page cannot be written: ${messageOf(thrown)}`);
      for (const [key] of over.slice(0, Math.max(0, over.length - UNWRITTEN_MAX))) this.#buckets.delete(key);
    } finally {
      this.#isWriting = false;
    }
  }
}

function countOf(bucket: Bucket | undefined): number {
  return bucket === undefined ? 0 : bucket.ok + bucket.failed;
}

/** The time a surface went without any check while the house was not running, as an incident that is over. Nothing for less than two minutes. */
export function noteGap(random: RandomBytes, newest: number | null, inMaintenance: (atMs: number) => boolean): Verb<void> {
  return (tx) => {
    if (newest === null) return;
    const fromMs = (newest + 1) * MINUTE_MS;
    const minutes = Math.floor((tx.nowMs - fromMs) / MINUTE_MS);
    if (minutes < 2 || (inMaintenance(fromMs) && inMaintenance(tx.nowMs - 1))) return;
    const text = `The server did not run for ${minutes} minutes. Orders, codes and money of that time are safe; what lay in the modems was read when it was back.`;
    openIncident(tx, random, { surface: null, severity: 'major', title: 'The server did not run', text, startedAtMs: fromMs });
    closeIncident(tx, null, tx.nowMs, 'The server runs again.');
  };
}
