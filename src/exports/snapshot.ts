import type { Database } from 'bun:sqlite';
import { idsFrom } from '../lib/ids.ts';
import type { Cell } from './encode.ts';
import type { Job } from './job.ts';
import { type Column, SOURCES, type Source } from './kinds.ts';

/** Rows held in memory at once. */
const PAGE_ROWS = 2000;
/** The end of the time that ids can tell. */
const LAST_MS = 32 ** 10 - 1;

type Bounds = Record<string, string | number>;

export interface Rows {
  columns: readonly Column[];
  /** Exact: counted in the same snapshot. */
  total: number;
  snapshotAtMs: number;
  pages: Iterable<Cell[][]>;
  /**
   * Lets go of the database for a moment between two pages, where the snapshot allows it, so that its log can be folded back; `reopen` goes on. False
   * where the snapshot is the transaction itself.
   */
  release(): boolean;
  reopen(): void;
}

/**
 * The rows of a job, oldest first, all from one moment: what is written meanwhile is not in it, half of it neither. Rows that may change are read in one
 * transaction, open until the last page was taken or the database is closed; of rows that are only ever added, a fixed bound keeps out what came later.
 */
export function readRows(db: Database, job: Job, nowMs: () => number): Rows {
  const source = SOURCES[job.kind];
  const fromMs = job.fromMs ?? 0;
  const toMs = job.toMs ?? LAST_MS;
  const bounds: Bounds = {
    ...{ userId: job.userId, fromMs, toMs, currency: job.currency },
    ...{ available: `available:${job.userId}`, held: `held:${job.userId}` },
    ...{ after: idsFrom(source.prefix, fromMs), before: idsFrom(source.prefix, toMs) },
  };
  db.run('BEGIN');
  // The first statement takes the snapshot.
  const total = db.query<{ n: number }, Bounds>(source.count).get(bounds)?.n ?? 0;
  if (source.bound !== null) bounds['bound'] = db.query<{ bound: number }, []>(source.bound).get()?.bound ?? 0;
  return {
    ...{ columns: source.columns, total, snapshotAtMs: nowMs(), pages: pagesOf(db, source, bounds) },
    release() {
      if (source.bound === null || !db.inTransaction) return false;
      db.run('COMMIT');
      return true;
    },
    reopen: () => void db.run('BEGIN'),
  };
}

function* pagesOf(db: Database, source: Source, bounds: Bounds): Generator<Cell[][]> {
  const page = db.query<unknown, Bounds>(source.page);
  let after = bounds['after'] ?? '';
  for (;;) {
    const here = { ...bounds, after, limit: PAGE_ROWS };
    const rows = page.values(here) as Cell[][];
    if (rows.length > 0) yield rows;
    const end = rows.length === PAGE_ROWS ? rows.at(-1)?.[0] : endOf(db, source, here);
    if (end === null || end === undefined) return;
    after = end;
  }
}

/** Where a page ends of which some rows came too late to be in it; null when it was the last. */
function endOf(db: Database, source: Source, here: Bounds): string | null {
  return source.pageEnd === null ? null : (db.query<{ id: string }, Bounds>(source.pageEnd).get(here)?.id ?? null);
}
