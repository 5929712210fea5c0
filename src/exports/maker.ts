import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import {
  beginExport,
  type Export,
  type ExportLimits,
  endExport,
  expireExports,
  findExport,
  liveExports,
  nextQueued,
  octetsLeft,
  resumeExports,
} from './exports.ts';
import type { ExportFiles } from './files.ts';
import type { Made, Progress } from './job.ts';
import { type Making, startWorker } from './start-worker.ts';

/** What stays free for SMS that come: the database lies on the same disk. */
const RESERVE_OCTETS = 256 * 1024 * 1024;
/** Folding it back afterwards holds the house up, the longer the more there is. */
const LOG_GROWTH_MAX = 256 * 1024 * 1024;
const SWEEP_EVERY_MS = 3_600_000;
/** When even the end of an export could not be written (disk full), the next look. */
const AGAIN_MS = 5000;

interface Running {
  found: Export;
  making: Making | null;
  progress: Progress | null;
}

export interface MakerDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  log: Log;
  files: ExportFiles;
  limits: ExportLimits;
  currency: string;
  /** Signs what is said of a file. */
  manifest(made: Export, file: Made & { ok: true }): string;
  /** Tests bring a disk that is full. */
  reserveOctets?: number;
}

/** Makes the files that wait, a few at once, and takes away what has reached its time. */
export interface Maker {
  /** Something was queued or withdrawn: begins what can begin, stops what must stop. */
  look(): void;
  /** How far a running one is; null before its rows were counted, and when it is not running. */
  progress(id: string): Progress | null;
  stop(): Promise<void>;
}

/** Takes up what an earlier process left, removes files that belong to nothing, and begins. */
export async function startMaker(deps: MakerDeps): Promise<Maker> {
  const { db, door, clock, timers, log, files, limits } = deps;
  const running = new Map<string, Running>();
  let stopped = false;

  async function make(found: Export): Promise<void> {
    const state: Running = { found, making: null, progress: null };
    running.set(found.id, state);
    try {
      if (!(await door.write((tx) => beginExport(tx, found.id))) || stopped) return;
      const startedMs = clock.monotonicMs();
      state.making = startWorker(jobOf(found), (progress) => {
        state.progress = progress;
      });
      stopWithdrawn();
      const made = await state.making.ended;
      // Stopped with the server: it stays `running`, and is made anew at the next start.
      if (!stopped) await settle(found, made, clock.monotonicMs() - startedMs);
    } finally {
      running.delete(found.id);
    }
  }

  async function settle(found: Export, made: Made, durationMs: number): Promise<void> {
    const manifest = made.ok ? deps.manifest(found, made) : null;
    const told: Made = made.ok || made.reason !== 'internal' ? made : { ...made, detail: INTERNAL };
    const kept = await door.write((tx) => endExport(tx, found.id, told, manifest));
    // Canceled meanwhile, or failed: no file without a row that is ready.
    if (!kept || !made.ok) files.remove(found.id);
    const facts = { export: found.id, kind: found.kind, duration_ms: Math.round(durationMs) };
    if (made.ok) log.info('export_made', { ...facts, rows: made.rows, octets: made.octets, kept });
    else if (made.reason === 'internal') log.error('export_failed', { ...facts, error: made.detail });
    else log.info('export_not_made', { ...facts, reason: made.reason });
  }

  function jobOf(found: Export) {
    return {
      ...{ databasePath: db.filename, path: files.path(found.id, found.format), currency: deps.currency },
      ...{ userId: found.userId, kind: found.kind, format: found.format, bom: found.bom === 1, fromMs: found.fromMs, toMs: found.toMs },
      ...{
        octetsMax: octetsLeft(db, found.userId, limits),
        reserveOctets: deps.reserveOctets ?? RESERVE_OCTETS,
        logGrowthMax: LOG_GROWTH_MAX,
      },
    };
  }

  function begin(): void {
    while (!stopped && running.size < limits.atOnce) {
      const next = nextQueued(db, [...running.keys()]);
      if (next === null) return;
      make(next).then(look, (thrown: unknown) => {
        log.error('export_not_settled', { export: next.id, error: messageOf(thrown) });
        if (!stopped) timers.set('exports-again', clock.nowMs() + AGAIN_MS, () => void resume().catch(unswept));
      });
    }
  }

  function stopWithdrawn(): void {
    for (const [id, { making }] of running) if (findExport(db, id)?.status !== 'running') making?.cancel();
  }

  function look(): void {
    stopWithdrawn();
    begin();
    setTimer();
  }

  async function resume(): Promise<void> {
    const { again, failed } = await door.write((tx) => resumeExports(tx, [...running.keys()]));
    if (again + failed > 0) log.info('exports_resumed', { again, failed });
    await sweep();
  }

  /** One timer for the next that reaches its time, and at the latest a sweep every hour. */
  function setTimer(): void {
    if (stopped) return;
    const nextMs = Math.min(clock.nowMs() + SWEEP_EVERY_MS, ...liveExports(db).map(({ expiresAtMs }) => expiresAtMs));
    timers.set('exports', nextMs, () => void sweep().catch(unswept));
  }

  async function sweep(): Promise<void> {
    const expired = await door.write(expireExports);
    for (const id of expired) log.info('export_expired', { export: id });
    const ready = liveExports(db).filter(({ status }) => status === 'ready');
    // One that is being made may bear either name.
    const making = [...running.values()].map(({ found }) => found);
    const stray = files.sweep({ whole: [...ready, ...making], parts: making });
    if (stray.length > 0) log.info('export_files_removed', { count: stray.length, first: stray[0] ?? null });
    look();
  }

  const unswept = (thrown: unknown): void => log.error('exports_not_swept', { error: messageOf(thrown) });

  await resume();
  timers.onJump(setTimer);
  return {
    look,
    progress: (id) => running.get(id)?.progress ?? null,
    async stop() {
      stopped = true;
      timers.cancel('exports');
      for (const { making } of running.values()) making?.kill();
    },
  };
}

const INTERNAL = 'The server failed while it made this file; the operator finds the reason in the log. Try again later.';
