import type { StatementWatch } from '../db/statements.ts';
import type { CommitWatch, Door } from '../db/write.ts';
import type { Log } from '../lib/log.ts';
import { Sparing } from '../lib/sparing.ts';
import type { Meters } from './meters.ts';

/** A slow statement is written down this often at most, each for itself; the count beside it tells how often it was slow since. */
const RECORD_EVERY_MS = 10_000;

export interface DatabaseWatch extends CommitWatch, StatementWatch {
  /** The door whose queue is measured. */
  at(door: Door): void;
}

/** Commits, the queue before them, and slow statements, which the log gets too, without values and seldom enough not to make it worse. */
export function databaseMeters(meters: Meters, deps: { log: Log; slowMs: number; monotonicMs(): number }): DatabaseWatch {
  const { log, slowMs, monotonicMs } = deps;
  const commits = meters.histogram({
    name: 'smspin_db_commit_seconds',
    help: 'From taking the lock of the database to the end of fsync; the writes of one moment share a commit.',
  });
  const verbs = meters.counter({ name: 'smspin_db_writes_total', help: 'Writes that were committed, each with a savepoint of its own.' });
  const slow = meters.counter({
    name: 'smspin_db_slow_total',
    help: 'Statements and whole commits that took longer than log.slow_statement_ms.',
    labels: ['what'],
  });
  slow.inc({ what: 'statement' }, 0);
  slow.inc({ what: 'commit' }, 0);
  const sparing = new Sparing(RECORD_EVERY_MS);

  function record(event: 'slow_statement' | 'slow_commit', name: string, fields: Record<string, string | number>): void {
    const held = sparing.take(name, monotonicMs());
    if (held !== null) log.warn(event, { ...fields, threshold_ms: slowMs, ...(held > 0 ? { same_before: held } : {}) });
  }

  return {
    monotonicMs,
    slowMs,
    slow({ text, ms }) {
      slow.inc({ what: 'statement' });
      record('slow_statement', text, { ms: rounded(ms), statement: text });
    },
    committed({ ms, verbs: count }) {
      commits.observe(ms / 1000);
      verbs.inc(count);
      if (ms < slowMs) return;
      slow.inc({ what: 'commit' });
      record('slow_commit', '', { ms: rounded(ms), writes: count });
    },
    at(door) {
      meters.gauge({ name: 'smspin_db_writes_waiting', help: 'Writes that wait for the next commit.' }, () => [[{}, door.waiting()]]);
      meters.total({ name: 'smspin_db_commits_failed_total', help: 'Commits that failed, of which nothing was kept.' }, () => [
        [{}, door.counts.failedCommits],
      ]);
    },
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
