import type { Database } from 'bun:sqlite';
import { invariant } from '../lib/errors.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { BUSY_TIMEOUT_MS } from './open.ts';
import { isBusy, refusalOf, type WriteFailure, whyNot } from './write-failure.ts';

/** At most this many verbs share a commit, so that a storm of expiries never holds back an SMS by more than a few milliseconds. */
const VERBS_PER_COMMIT_MAX = 128;
/** While another program holds the database, how often it is tried again, and how long a verb waits for that before it is refused. */
const LOCKED_AGAIN_MS = 10;
const LOCKED_WAIT_MAX_MS = 3000;

/** What a verb is handed: the database inside its transaction, one moment for all its rows, and a place for effects. */
export interface Tx {
  readonly db: Database;
  /** The wall clock when this commit began; every row the verb writes carries it. */
  readonly nowMs: number;
  /** Runs `effect` after the commit reached the disk, never if this verb or the commit failed. Effects run in the order they were added. */
  afterCommit(effect: () => void): void;
}

/** A write operation: synchronous from start to end, since an `await` would let the transaction commit in the middle. */
export type Verb<T> = (tx: Tx) => T;

/** The one door through which everything is written. */
export interface Door {
  /**
   * Runs the verb in a transaction and resolves with its result after the commit was fsynced. Verbs handed over in the same turn of the event
   * loop share one commit; each has its own savepoint, so a throw (a Refusal or a bug) undoes that verb alone and rejects its promise. If the
   * commit itself fails (disk full, read-only), every verb in it is rejected with `unavailable` and nothing of it is kept. While another program
   * holds the database verbs wait for three seconds, and nothing else does; then they are refused the same way.
   */
  write<T>(verb: Verb<T>): Promise<T>;
  /**
   * Runs a verb in a transaction of its own, at once, and takes all of it back: for finding out what would happen. Nothing of it reaches the disk, not even the
   * pages it touched, which a savepoint would still bring there. Effects never run. Between two commits, since both are synchronous.
   */
  rehearse<T>(verb: Verb<T>): T;
  /** Calls `listener` after each commit that changed something, before the callers' promises resolve. */
  onCommit(listener: () => void): void;
  /** Calls `listener` with the reason when a commit fails, each time, and with null at the first one that succeeds again. */
  onHealth(listener: (why: WriteFailure | null, error: string) => void): void;
  /** Calls `listener` after a verb was undone, or with `commit` when a whole commit was: what was read inside it in the meantime is not so. */
  onUndone(listener: (what: 'verb' | 'commit') => void): void;
  /** Resolves when nothing is queued any more. */
  idle(): Promise<void>;
  /** Commits and failures since the start, for the operator. */
  readonly counts: { commits: number; verbs: number; failedCommits: number };
  /** How many verbs wait for the next commit. */
  waiting(): number;
}

/** Who measures commits. */
export interface CommitWatch {
  monotonicMs(): number;
  /** From the lock to the disk. Called before any effect. */
  committed(commit: { ms: number; verbs: number }): void;
}

interface Waiting {
  /** Monotonic. */
  sinceMs: number;
  run(tx: Tx): unknown;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Makes the door of a database. `nowMs` is the wall clock; `log` gets what fails unexpectedly. */
export function openDoor(db: Database, nowMs: () => number, log: Log, watch: CommitWatch | null = null): Door {
  const queue: Waiting[] = [];
  const listeners: (() => void)[] = [];
  const healthListeners: ((why: WriteFailure | null, error: string) => void)[] = [];
  let failing = false;
  const undone: ((what: 'verb' | 'commit') => void)[] = [];
  const counts = { commits: 0, verbs: 0, failedCommits: 0 };
  let idlers: (() => void)[] = [];
  let scheduled = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  /** Nothing of the batch has run: it goes back to where it came from, but for those that have waited long enough. */
  function tryAgainSoon(batch: Waiting[]): void {
    const sinceMs = performance.now() - LOCKED_WAIT_MAX_MS;
    // The queue is in the order of coming.
    const over = batch.filter((one) => one.sinceMs <= sinceMs);
    queue.unshift(...batch.slice(over.length));
    if (over.length > 0) fail(over, new Error('the database is locked by another program'), 'locked');
    if (queue.length === 0 || scheduled) return;
    scheduled = true;
    setTimeout(flush, LOCKED_AGAIN_MS);
  }

  function fail(batch: Waiting[], thrown: unknown, why: WriteFailure): void {
    counts.failedCommits++;
    failing = true;
    log.error('commit_failed', { verbs: batch.length, why, error: messageOf(thrown) });
    for (const listener of healthListeners) listener(why, messageOf(thrown));
    const refusal = refusalOf(why);
    for (const one of batch) one.reject(refusal);
  }

  function flush(): void {
    scheduled = false;
    const batch = queue.splice(0, VERBS_PER_COMMIT_MAX);
    if (batch.length > 0) commit(batch);
    if (queue.length > 0) schedule();
    if (queue.length === 0) {
      for (const done of idlers) done();
      idlers = [];
    }
  }

  function commit(batch: Waiting[]): void {
    const settled: (() => void)[] = [];
    const effects: (() => void)[] = [];
    const beganMs = watch?.monotonicMs() ?? 0;
    try {
      const atMs = nowMs();
      if (!begin(db)) return tryAgainSoon(batch);
      for (const one of batch) settled.push(runOne(db, one, atMs, effects, () => tell('verb')));
      db.run('COMMIT');
    } catch (thrown) {
      rollBack(db, log);
      tell('commit');
      return fail(batch, thrown, whyNot(thrown));
    }
    if (failing) {
      failing = false;
      for (const listener of healthListeners) listener(null, '');
    }
    counts.commits++;
    counts.verbs += batch.length;
    watch?.committed({ ms: watch.monotonicMs() - beganMs, verbs: batch.length });
    for (const effect of [...effects, ...listeners]) {
      try {
        effect();
      } catch (thrown) {
        log.error('effect_failed', { error: messageOf(thrown) });
      }
    }
    for (const settle of settled) settle();
  }

  function tell(what: 'verb' | 'commit'): void {
    for (const listener of undone) listener(what);
  }

  return {
    counts,
    waiting: () => queue.length,
    write<T>(verb: Verb<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ sinceMs: performance.now(), run: verb, resolve: (value) => resolve(value as T), reject });
        schedule();
      });
    },
    rehearse<T>(verb: Verb<T>): T {
      if (!begin(db)) throw refusalOf('locked');
      try {
        return verb({ db, nowMs: nowMs(), afterCommit: () => {} });
      } finally {
        if (db.inTransaction) db.run('ROLLBACK');
        tell('commit');
      }
    },
    onCommit: (listener) => void listeners.push(listener),
    onHealth: (listener) => void healthListeners.push(listener),
    onUndone: (listener) => void undone.push(listener),
    idle: () => (queue.length === 0 && !scheduled ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}

/** Begins a transaction; false when another program is writing. Never waits: everything else in the house would wait with it. */
function begin(db: Database): boolean {
  db.run('PRAGMA busy_timeout = 0');
  try {
    db.run('BEGIN IMMEDIATE');
    return true;
  } catch (thrown) {
    if (isBusy(thrown)) return false;
    throw thrown;
  } finally {
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/** Runs one verb in its savepoint and returns how to settle its promise once the commit is on the disk. */
function runOne(db: Database, one: Waiting, nowMs: number, effects: (() => void)[], undone: () => void): () => void {
  const own: (() => void)[] = [];
  db.run('SAVEPOINT verb');
  try {
    const value = one.run({ db, nowMs, afterCommit: (effect) => void own.push(effect) });
    invariant(!(value instanceof Promise), 'a verb returned a promise; it must be synchronous');
    db.run('RELEASE verb');
    effects.push(...own);
    return () => one.resolve(value);
  } catch (thrown) {
    // What the disk refuses is no fault of this verb: the next would meet the same. Some such errors make SQLite roll the whole transaction back by itself.
    if (!db.inTransaction || whyNot(thrown) !== 'failed') throw thrown;
    db.run('ROLLBACK TO verb');
    db.run('RELEASE verb');
    undone();
    return () => one.reject(thrown);
  }
}

function rollBack(db: Database, log: Log): void {
  if (!db.inTransaction) return;
  try {
    db.run('ROLLBACK');
  } catch (thrown) {
    log.error('rollback_failed', { error: messageOf(thrown) });
  }
}

/** Runs one verb at once in a transaction of its own: for commands, whose process does nothing else. Effects run after the commit. */
export function writeNow<T>(db: Database, nowMs: number, verb: Verb<T>): T {
  const effects: (() => void)[] = [];
  const value = db.transaction(() => verb({ db, nowMs, afterCommit: (effect) => void effects.push(effect) })).immediate();
  invariant(!(value instanceof Promise), 'a verb returned a promise; it must be synchronous');
  for (const effect of effects) effect();
  return value;
}
