import type { Database } from 'bun:sqlite';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../db/lock.ts';
import { MIGRATIONS, migrate, schemaVersion } from '../db/migrate.ts';
import { Refusal } from '../lib/errors.ts';
import { messageOf } from '../lib/log.ts';
import { vacuumInto } from './copy.ts';
import { makePrivateFolder, syncFile, syncFolder } from './durable.ts';

const NAME = /^before-(\d{4})(-\d+)?\.db$/;
/** Of earlier upgrades; each is a whole database. */
const COPIES_MAX = 3;

export interface Upgraded {
  from: number;
  to: number;
  /** The database as it was, or null when there was nothing in it or nothing to do. */
  copy: string | null;
}

/**
 * Brings an open database up to this release's schema, after a whole copy of it was put into `backups/before-NNNN.db` (NNNN: the first step that it lacked). Refuses
 * with `unavailable`, and changes nothing, when the database is of a newer release, when a server (of an older release) runs on it, or when the copy cannot be made.
 */
export function upgrade(db: Database, dataDir: string, nowMs: number, migrations: readonly string[] = MIGRATIONS): Upgraded {
  const from = schemaVersion(db);
  const to = migrations.length;
  if (from > to) throw new Refusal('unavailable', newerWords(dataDir, from, to));
  if (from === to) return { from, to, copy: null };
  if (from === 0) {
    migrate(db, migrations);
    return { from, to, copy: null };
  }
  const unlock = lockFolder(dataDir);
  if (unlock === null)
    throw new Refusal(
      'unavailable',
      `A server of another release runs on ${dataDir} (schema ${from}; this one needs ${to}): stop it first, or use its own smspin.`,
    );
  try {
    const copy = copyBefore(db, join(dataDir, 'backups'), from + 1, nowMs);
    migrate(db, migrations);
    return { from, to, copy };
  } finally {
    unlock();
  }
}

function copyBefore(db: Database, folder: string, step: number, nowMs: number): string {
  const plain = join(folder, `before-${String(step).padStart(4, '0')}.db`);
  // One of an earlier upgrade from here, after which somebody went back: both are worth keeping.
  const path = existsSync(plain) ? plain.replace(/\.db$/, `-${nowMs}.db`) : plain;
  const partial = `${path}.partial`;
  try {
    makePrivateFolder(folder);
    if (existsSync(partial)) rmSync(partial);
    vacuumInto(db, partial);
    syncFile(partial);
    renameSync(partial, path);
    syncFolder(folder);
  } catch (thrown) {
    if (existsSync(partial)) rmSync(partial);
    throw new Refusal(
      'unavailable',
      `The database must be brought to a new schema, and no copy could be made before (${messageOf(thrown)}), so nothing was changed. Make room where ${folder} lies, then start again.`,
    );
  }
  for (const { name } of copiesIn(folder).slice(COPIES_MAX)) rmSync(join(folder, name), { force: true });
  return path;
}

/** The copies from before upgrades, those of the latest steps first. */
function copiesIn(folder: string): { name: string; step: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const step = NAME.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .toSorted((left, right) => right.step - left.step || right.name.localeCompare(left.name));
}

function newerWords(dataDir: string, from: number, to: number): string {
  const folder = join(dataDir, 'backups');
  const copy = copiesIn(folder).find(({ step }) => step <= to + 1);
  const back =
    copy === undefined
      ? `restore a backup that is at most of schema ${to}: smspin restore FILE --force`
      : `restore the copy from before that upgrade: smspin restore ${join(folder, copy.name)} --force`;
  return `The database in ${dataDir} was used by a newer release (schema ${from}, this one knows ${to}); nothing was changed. Install the newer release again; or, to go back for good, ${back} (what happened since is then only in what is put aside).`;
}
