import { close, fdatasync, open, rmSync } from 'node:fs';
import { placesOf } from './files.ts';
import type { BackupJob, BackupMade, BackupTold } from './make.ts';

/** A backup that is being made. */
export interface MakingBackup {
  /** Resolves with how it ended; never rejects. */
  ended: Promise<BackupMade>;
  /** Ends the thread at once and removes what it has made so far. */
  kill(): void;
}

/** How often what was copied is given to the disk. */
const SYNC_EVERY_MS = 20;

/** Inside the executable the worker is found by its place under src/, in a checkout by its file. */
const WORKER = import.meta.path.startsWith('/$bunfs') ? './backup/worker.ts' : new URL('./worker.ts', import.meta.url).href;

/**
 * Makes a backup in a thread of its own, with its own connection to the database. While the copy grows it is synced from here, again and again: a commit's fsync
 * waits for what else the file system has to write (ext4, data=ordered), and a whole copy at once was measured to stall commits for 90 to 180 ms; in small
 * pieces it is 10 to 30 ms.
 */
export function startBackup(job: BackupJob): MakingBackup {
  const worker = new Worker(WORKER);
  const { promise, resolve } = Promise.withResolvers<BackupMade>();
  let copying: ReturnType<typeof keepSynced> | null = null;
  const end = (made: BackupMade): void => {
    copying?.stop();
    resolve(made);
    worker.terminate();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<BackupTold>) => {
    if (data.told === 'end') end(data.made);
    else if (data.told === 'copying') copying = keepSynced(data.copy);
    else copying?.stop();
  });
  worker.addEventListener('error', (event) => end({ ok: false, problem: `The thread of the backup failed: ${event.message}` }));
  worker.addEventListener('close', () => end({ ok: false, problem: 'The thread of the backup ended without a word.' }));
  worker.postMessage(job);
  const kill = (): void => {
    end({ ok: false, problem: 'The server was stopped.' });
    try {
      const { work, archive } = placesOf(job);
      for (const left of [work, archive]) rmSync(left, { recursive: true, force: true });
    } catch {
      // The thread put something there meanwhile: the next backup removes it.
    }
  };
  return { ended: promise, kill };
}

/** Syncs a file that another thread writes, one sync at a time, until it is told to stop. What fails here is found out by the writer. */
export function keepSynced(path: string): { stop(): void } {
  let stopped = false;
  const sync = (): void => {
    if (stopped) return;
    open(path, 'r', (missing, fd) => {
      if (missing) return again();
      fdatasync(fd, () => close(fd, again));
    });
  };
  const again = (): void => void setTimeout(sync, SYNC_EVERY_MS);
  sync();
  return {
    stop() {
      stopped = true;
    },
  };
}
