import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openReadOnly } from '../db/open.ts';
import { shownOctets, spaceOf } from '../disk/space.ts';
import { rfc3339 } from '../lib/clock.ts';
import { messageOf } from '../lib/log.ts';
import { VERSION } from '../lib/version.ts';
import { type Proof, proveDatabase } from './checks.ts';
import { copyDatabase } from './copy.ts';
import { makePrivateFolder, syncFolder } from './durable.ts';
import { placesOf, removePartials } from './files.ts';
import { MANIFEST_FILE, type Manifest } from './manifest.ts';
import { packArchive, sha256Of } from './pack.ts';
import { DATABASE_FILE, SIGNING_KEY_FILE } from './unpack.ts';

/** Everything a thread needs to make one backup. */
export interface BackupJob {
  dataDir: string;
  /** The file to be; it must not be there yet. */
  path: string;
  recipients: readonly string[];
  atMs: number;
  /** The schema that this release knows. */
  latestSchema: number;
}

export type BackupMade =
  | { ok: true; path: string; octets: number; sha256: string; manifest: Manifest; durationMs: number }
  | { ok: false; problem: string };

/** What the thread says on its way: which file is being copied to, so that it can be synced meanwhile, and that it is copied. */
export type BackupTold = { told: 'copying'; copy: string } | { told: 'copied' } | { told: 'end'; made: BackupMade };

/** Left free beside copy and archive. */
const RESERVE_OCTETS = 64_000_000;
/** Proving the copy of a very large database writes nothing for that long. */
const STALE_MS = 3_600_000;

/**
 * Makes a backup of a data folder that is in use: a copy of one moment (VACUUM INTO: readers and writers go on), proved by itself, packed with the signing key and
 * a manifest, read back, and only then given its name. Never rejects. Blocks its thread: run it in a worker.
 */
export async function makeBackup(job: BackupJob, tell: (told: BackupTold) => void): Promise<BackupMade> {
  const startedMs = performance.now();
  const folder = dirname(job.path);
  const { work, archive } = placesOf(job);
  try {
    makePrivateFolder(folder);
    for (const place of new Set([folder, job.dataDir])) removePartials(place, STALE_MS, job.atMs);
    const database = join(job.dataDir, DATABASE_FILE);
    if (!existsSync(database)) return { ok: false, problem: `There is no database in ${job.dataDir} yet: nothing to back up.` };
    if (existsSync(job.path)) return { ok: false, problem: `${job.path} is there already: take another name.` };
    const { size } = statSync(database);
    const places = dirname(work) === folder ? [folder, folder] : [dirname(work), folder];
    const tooLittle = spaceProblem(places, size);
    if (tooLittle !== null) return { ok: false, problem: tooLittle };
    for (const left of [work, archive]) rmSync(left, { recursive: true, force: true });
    mkdirSync(work, { mode: 0o700 });
    const made = await makeIn({ work, archive }, database, job, tell);
    return made.ok ? { ...made, durationMs: Math.round(performance.now() - startedMs) } : made;
  } catch (thrown) {
    return { ok: false, problem: `The backup could not be made: ${messageOf(thrown)}` };
  } finally {
    for (const left of [work, archive]) rmSync(left, { recursive: true, force: true });
  }
}

async function makeIn(
  { work, archive }: ReturnType<typeof placesOf>,
  database: string,
  job: BackupJob,
  tell: (told: BackupTold) => void,
): Promise<BackupMade> {
  const copy = join(work, DATABASE_FILE);
  tell({ told: 'copying', copy });
  copyDatabase(database, copy);
  tell({ told: 'copied' });
  const proof = proveFile(copy, job.latestSchema);
  if (proof.wrong.length > 0)
    return { ok: false, problem: `The copy is not sound, so it was not kept: ${proof.wrong.slice(0, 5).join('; ')}. Run smspin doctor.` };
  const signingKey = join(job.dataDir, SIGNING_KEY_FILE);
  const hasKey = existsSync(signingKey);
  const manifest: Manifest = {
    ...{ format: 'smspin-backup/1', made_at: rfc3339(job.atMs), smspin: VERSION },
    ...proof.facts,
    database: { sha256: await sha256Of(copy), octets: statSync(copy).size },
    signing_key: hasKey ? { sha256: await sha256Of(signingKey) } : null,
  };
  const { sha256, octets } = await packArchive(
    [
      { name: MANIFEST_FILE, text: `${JSON.stringify(manifest, null, 2)}\n` },
      { name: DATABASE_FILE, path: copy },
      ...(hasKey ? [{ name: SIGNING_KEY_FILE, path: signingKey }] : []),
    ],
    archive,
    job,
  );
  if ((await sha256Of(archive)) !== sha256)
    return { ok: false, problem: `What was written to ${archive} reads back otherwise: the disk is not to be trusted.` };
  renameSync(archive, job.path);
  syncFolder(dirname(job.path));
  return { ok: true, path: job.path, octets, sha256, manifest, durationMs: 0 };
}

/** Proves a database file without changing it. */
export function proveFile(path: string, latestSchema: number): Proof {
  const db = openReadOnly(path);
  try {
    return proveDatabase(db, latestSchema);
  } finally {
    db.close();
  }
}

/** Each of the places takes one whole database at most: the copy, the archive. */
function spaceProblem(places: readonly string[], databaseOctets: number): string | null {
  const needed = (folder: string): number => places.filter((one) => one === folder).length * databaseOctets + RESERVE_OCTETS;
  const full = places.find((folder) => spaceOf(folder).freeOctets < needed(folder));
  return full === undefined ? null : tooLittleWords(full, needed(full));
}

function tooLittleWords(folder: string, needed: number): string {
  const { freeOctets } = spaceOf(folder);
  return `Too little is free where ${folder} lies: ${shownOctets(freeOctets)}, and it may take ${shownOctets(needed)}. Make room, or set backup.dir to another disk.`;
}
