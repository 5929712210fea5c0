import type { Database } from 'bun:sqlite';
import { watch } from 'node:fs';
import { type Log, messageOf } from '../lib/log.ts';

/** A command beside the server may commit at any time; besides the file watch, look this often. */
const FOREIGN_COMMIT_MS = 1000;

/** Publishes what commands beside the server commit: `PRAGMA data_version` tells such a commit from our own. */
export function watchForeignCommits(db: Database, folder: string, log: Log, committed: () => void): () => void {
  const version = () => db.query<{ data_version: number }, []>('PRAGMA data_version').get()?.data_version ?? 0;
  let seen = version();
  const look = (): void => {
    try {
      const now = version();
      if (now === seen) return;
      seen = now;
      committed();
    } catch (thrown) {
      log.error('foreign_commit_unread', { error: messageOf(thrown) });
    }
  };
  const watcher = watch(folder, (_, name) => {
    if (name?.endsWith('-wal')) look();
  });
  watcher.on('error', (thrown) => log.warn('folder_not_watched', { error: messageOf(thrown) }));
  const interval = setInterval(look, FOREIGN_COMMIT_MS);
  return () => {
    watcher.close();
    clearInterval(interval);
  };
}
