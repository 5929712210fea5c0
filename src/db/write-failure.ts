import { Refusal } from '../lib/errors.ts';

/** Why nothing could be written: no space, a disk that takes nothing (mounted read-only, or broken), another program holding the database, or something else. */
export type WriteFailure = 'full' | 'read_only' | 'locked' | 'failed';

/** When it is worth trying again, in seconds: space and disks take a person, locks end by themselves. */
const RETRY_SECONDS: Record<WriteFailure, number> = { full: 30, read_only: 30, locked: 5, failed: 5 };

const WORDS: Record<WriteFailure, string> = {
  full: 'The disk of the server is full, so nothing was kept and nothing was charged. Try again in a minute.',
  read_only: 'The disk of the server takes no writes right now, so nothing was kept and nothing was charged. Try again in a minute.',
  locked: 'The database is held by another program, so nothing was kept and nothing was charged. Try again in a few seconds.',
  failed: 'The change could not be written to the disk; nothing of it was kept. Try again soon.',
};

/** What a commit's error of SQLite means; its codes: https://sqlite.org/rescode.html. */
export function whyNot(thrown: unknown): WriteFailure {
  const code = codeOf(thrown);
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) return 'read_only';
  return isBusy(thrown) ? 'locked' : 'failed';
}

export function isBusy(thrown: unknown): boolean {
  return codeOf(thrown).startsWith('SQLITE_BUSY');
}

/** What whoever waited for the commit is told: a 503 with Retry-After. */
export function refusalOf(why: WriteFailure): Refusal {
  return new Refusal('unavailable', WORDS[why], { retry_after: RETRY_SECONDS[why] });
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
