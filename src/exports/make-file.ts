import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openReadOnly } from '../db/open.ts';
import { messageOf } from '../lib/log.ts';
import { type Cell, encoderOf } from './encode.ts';
import { type FailureReason, type Job, type Made, type Progress, partPath } from './job.ts';
import { readRows } from './snapshot.ts';

/** Written back at once, so that the commits of the house never wait for a gigabyte that the system had kept in memory. */
const SYNC_EVERY_OCTETS = 1024 * 1024;

/** Where the snapshot allows it, the database is let go for a moment so often: long enough for a commit that folds its log back. */
const HELD_MS = 500;
const PAUSE_MS = 20;

/** Why a file was not made; expected, unlike a bug. */
class Stopped extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * Makes the file of a job from one snapshot of the database: written under another name, fsynced, then renamed, so that whatever bears the final name is whole.
 * Memory does not grow with the number of rows. `progress` is called after each few thousand; `isCanceled` is asked as often.
 */
export async function makeFile(
  job: Job,
  { progress, isCanceled, nowMs }: { progress(done: Progress): void; isCanceled(): boolean; nowMs(): number },
): Promise<Made> {
  const part = partPath(job.path);
  try {
    const file = openFile(part, job);
    try {
      return await fill(file, job, { progress, isCanceled, nowMs });
    } finally {
      file.close();
    }
  } catch (thrown) {
    rmSync(part, { force: true });
    if (thrown instanceof Stopped) return { ok: false, reason: thrown.reason, detail: thrown.message };
    if (isDiskFull(thrown)) return { ok: false, reason: 'disk_full', detail: DISK_FULL };
    return { ok: false, reason: 'internal', detail: messageOf(thrown) };
  }
}

async function fill(file: PartFile, job: Job, { progress, isCanceled, nowMs }: Parameters<typeof makeFile>[1]): Promise<Made> {
  const db = openReadOnly(job.databasePath);
  try {
    const logAtStart = logOctets(job.databasePath);
    const { columns, total, snapshotAtMs, pages, release, reopen } = readRows(db, job, nowMs);
    const encoder = encoderOf(job.format, columns, job.bom);
    file.write(encoder.head);
    let rows = 0;
    let heldSinceMs = performance.now();
    for (const page of pages) {
      const syncedMs = file.write(encode(page, encoder.row));
      rows += page.length;
      progress({ rowsDone: rows, rowsTotal: total });
      if (logOctets(job.databasePath) - logAtStart > job.logGrowthMax) throw new Stopped('too_busy', TOO_BUSY);
      const released = performance.now() - heldSinceMs > HELD_MS && release();
      // As long as it had the disk, others have it. Lets the message in that cancels, too.
      await Bun.sleep(Math.max(syncedMs, released ? PAUSE_MS : 0));
      if (released) {
        reopen();
        heldSinceMs = performance.now();
      }
      if (isCanceled()) throw new Stopped('canceled', 'It was canceled.');
    }
    if (rows !== total) throw new Error(`${total} rows were counted, ${rows} written`);
    const { octets, sha256 } = file.finish(job.path);
    return { ok: true, rows, octets, sha256, columns: columns.map(({ name }) => name), snapshotAtMs };
  } finally {
    db.close();
  }
}

function encode(page: readonly (readonly Cell[])[], row: (cells: readonly Cell[]) => string): string {
  let text = '';
  for (const cells of page) text += row(cells);
  return text;
}

interface PartFile {
  /** Tells how many milliseconds of it the disk took. */
  write(text: string): number;
  finish(path: string): { octets: number; sha256: string };
  close(): void;
}

function openFile(part: string, { octetsMax, reserveOctets }: Job): PartFile {
  refuseFullDisk(dirname(part), reserveOctets);
  const fd = openSync(part, 'w', 0o600);
  const hash = new Bun.CryptoHasher('sha256');
  let octets = 0;
  let unsynced = 0;
  return {
    write(text) {
      const chunk = Buffer.from(text);
      octets += chunk.length;
      if (octets > octetsMax) throw new Stopped('too_large', tooLarge(octetsMax));
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
      hash.update(chunk);
      unsynced += chunk.length;
      if (unsynced < SYNC_EVERY_OCTETS) return 0;
      const startedMs = performance.now();
      fdatasyncSync(fd);
      unsynced = 0;
      refuseFullDisk(dirname(part), reserveOctets);
      return performance.now() - startedMs;
    },
    finish(path) {
      fsyncSync(fd);
      renameSync(part, path);
      syncFolder(dirname(path));
      return { octets, sha256: hash.digest('hex') };
    },
    close: () => closeSync(fd),
  };
}

/** The new name must survive a power cut too. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function refuseFullDisk(folder: string, reserveOctets: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < reserveOctets) throw new Stopped('disk_full', DISK_FULL);
}

function isDiskFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
}

function logOctets(databasePath: string): number {
  return statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

const DISK_FULL = "The server's disk is too full for the file. The operator has to make room; nothing was kept.";
const TOO_BUSY = 'Too much was written to the database meanwhile to hold a snapshot of it. Choose a shorter period, or a quieter hour.';
const tooLarge = (octets: number): string =>
  `The file would be larger than the ${Math.floor(octets / 1_000_000)} MB that are left for your exports. Revoke older ones, or choose a shorter period.`;
