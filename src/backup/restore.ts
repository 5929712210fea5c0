import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../db/lock.ts';
import { schemaVersion } from '../db/migrate.ts';
import { openDatabase, openReadOnly } from '../db/open.ts';
import { shownOctets, spaceOf } from '../disk/space.ts';
import { rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { messageOf } from '../lib/log.ts';
import { lastAliveMs } from '../sims/alive.ts';
import { factsOf, type Proof, proveDatabase } from './checks.ts';
import { makePrivateFolder, syncFile, syncFolder } from './durable.ts';
import { removeInterrupted, restoreAside, restoreWork } from './interrupted.ts';
import { proveFile } from './make.ts';
import type { Facts, Manifest } from './manifest.ts';
import { DATABASE_FILE, SIGNING_KEY_FILE, type Unpacked, unpackBackup } from './unpack.ts';

export interface RestoreJob {
  file: string;
  dataDir: string;
  /** Secret keys of age. */
  identities: readonly string[];
  /** Take the place of what is there. */
  force: boolean;
  latestSchema: number;
  nowMs: number;
  /** Who asks, as the system numbers its users; left out: the user of this process. */
  uid?: number;
}

export interface Restored {
  manifest: Manifest | null;
  /** Of the database in its new place. */
  proof: Proof;
  /** Where what was there before lies now; null when nothing was. */
  aside: string | null;
  hasSigningKey: boolean;
}

/** What belongs together: moved aside and back as one. */
const DATABASE_SET = [DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`];
const SET = [...DATABASE_SET, SIGNING_KEY_FILE];
const RESERVE_OCTETS = 64_000_000;

/**
 * Puts a backup in the place of a data folder's database and signing key. Everything is unpacked and proved beside the present one first; then the present one is
 * moved aside, never deleted, and the books are proved again where they now lie. Refuses with `unavailable` while a server runs on the folder and for
 * whoever does not own that, with `already_exists` when there is a database and no `force`, with `validation` what is damaged, of a newer release, or not sound; then nothing was changed.
 */
export async function restoreBackup(job: RestoreJob): Promise<Restored> {
  makePrivateFolder(job.dataDir);
  requireOwner(job);
  const unlock = lockFolder(job.dataDir);
  if (unlock === null)
    throw new Refusal('unavailable', `A SMSPin server is running on ${job.dataDir}. Stop it first (systemctl stop smspin), then restore.`);
  const work = restoreWork(job.dataDir, stampOf(job.nowMs));
  try {
    removeInterrupted(job.dataDir);
    mkdirSync(work, { mode: 0o700 });
    requireSpace(job);
    const unpacked = await unpackBackup(job.file, work, job.identities);
    const facts = requireSound(job, unpacked);
    requirePlace(job, facts, unpacked.manifest);
    const aside = swap(job, unpacked);
    const db = openDatabase(join(job.dataDir, DATABASE_FILE));
    try {
      return {
        manifest: unpacked.manifest,
        proof: proveDatabase(db, job.latestSchema),
        aside,
        hasSigningKey: unpacked.signingKey !== null,
      };
    } finally {
      db.close();
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
    unlock();
  }
}

/** Unpacks a backup into a folder of its own and proves it, as a restore would, and leaves nothing. Refuses as `restoreBackup` does. */
export async function verifyBackup(
  job: Pick<RestoreJob, 'file' | 'identities' | 'latestSchema'>,
  work: string,
): Promise<{ facts: Facts; manifest: Manifest | null }> {
  mkdirSync(work, { mode: 0o700 });
  try {
    const unpacked = await unpackBackup(job.file, work, job.identities);
    return { facts: requireSound(job, unpacked), manifest: unpacked.manifest };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Files that another user made, root above all, the server could not open. */
function requireOwner({ dataDir, uid = process.getuid?.() }: RestoreJob): void {
  const owner = statSync(dataDir).uid;
  if (uid === undefined || uid === owner) return;
  throw new Refusal(
    'unavailable',
    `${dataDir} belongs to another user (uid ${owner}, you are ${uid}), who could not open what you restore. Restore as that user: sudo -u '#${owner}' smspin restore …`,
  );
}

function requireSpace({ file, dataDir }: RestoreJob): void {
  const { freeOctets } = spaceOf(dataDir);
  // An archive is a third to a tenth of what comes out of it.
  const needed = (existsSync(file) ? statSync(file).size : 0) * 3 + RESERVE_OCTETS;
  if (freeOctets < needed)
    throw new Refusal(
      'unavailable',
      `Too little is free for ${dataDir}: ${shownOctets(freeOctets)}, and it may take ${shownOctets(needed)}. Make room first.`,
    );
}

/** The database in the backup is one of ours, not newer than this release, whole, sound, and what its manifest says. */
function requireSound({ file, latestSchema }: Pick<RestoreJob, 'file' | 'latestSchema'>, { database, manifest }: Unpacked): Facts {
  let proof: Proof;
  try {
    foldLog(database);
    const version = schemaOf(database);
    if (version === 0) throw new Refusal('validation', `${file} is a SQLite database, but none of SMSPin.`);
    if (version > latestSchema)
      throw new Refusal(
        'validation',
        `${file} was made by a newer release (schema ${version}, this one knows ${latestSchema}): install the release it was made by${manifest === null ? '' : ` (${manifest.smspin})`} or a later one, then restore.`,
      );
    proof = proveFile(database, latestSchema);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    throw new Refusal('validation', `The database in ${file} cannot be read: ${messageOf(thrown)}. Take an earlier backup.`);
  }
  if (proof.wrong.length > 0)
    throw new Refusal('validation', `The database in ${file} is not sound: ${proof.wrong.slice(0, 5).join('; ')}. Take an earlier backup.`);
  const { schema_version, rows, ledger, audit } = manifest ?? proof.facts;
  if (!Bun.deepEquals(proof.facts, { schema_version, rows, ledger, audit }))
    throw new Refusal('validation', `The rows and sums in ${file} are not those of its manifest. Take an earlier backup.`);
  return proof.facts;
}

/** Takes commits that are in the log alone into the file, so that it is whole without it. */
function foldLog(path: string): void {
  if (!existsSync(`${path}-wal`)) return;
  const db = openDatabase(path);
  db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

function schemaOf(path: string): number {
  const db = openReadOnly(path);
  try {
    return schemaVersion(db);
  } finally {
    db.close();
  }
}

/** Nothing is there, or it may be put aside. */
function requirePlace({ dataDir, force, file }: RestoreJob, facts: Facts, manifest: Manifest | null): void {
  if (force || !SET.some((name) => existsSync(join(dataDir, name)))) return;
  const of = manifest === null ? '' : ` of ${manifest.made_at}`;
  throw new Refusal(
    'already_exists',
    `${dataDir} holds a database already: ${describePresent(dataDir, facts)}. ${file}${of} has ${facts.rows['orders'] ?? 0} orders. Say --force to put the present one aside (nothing is deleted), or --data DIR for another folder.`,
  );
}

function describePresent(dataDir: string, backup: Facts): string {
  try {
    const db = openReadOnly(join(dataDir, DATABASE_FILE));
    try {
      const { rows, schema_version } = factsOf(db);
      const aliveMs = (rows['settings'] ?? 0) > 0 ? lastAliveMs(db) : null;
      const newer =
        schema_version > backup.schema_version || (rows['events'] ?? 0) > (backup.rows['events'] ?? 0) ? ', newer than the backup' : '';
      return `schema ${schema_version}, ${rows['orders'] ?? 0} orders${aliveMs === null ? '' : `, last in use ${rfc3339(aliveMs)}`}${newer}`;
    } finally {
      db.close();
    }
  } catch (thrown) {
    return `it cannot be read (${messageOf(thrown)})`;
  }
}

/**
 * Moves the present set aside and the new one in; when that fails in the middle, everything is put back. Returns where the old one lies. A bare database comes without
 * a signing key: then the present one stays, since what was signed with it is still to be proved by it.
 */
function swap({ dataDir, nowMs }: RestoreJob, { database, signingKey }: Unpacked): string | null {
  const present = (signingKey === null ? DATABASE_SET : SET).filter((name) => existsSync(join(dataDir, name)));
  const aside = present.length === 0 ? null : restoreAside(dataDir, stampOf(nowMs));
  const moved: [from: string, to: string][] = [];
  const move = (from: string, to: string): void => {
    renameSync(from, to);
    moved.unshift([from, to]);
  };
  try {
    if (aside !== null) {
      mkdirSync(aside, { mode: 0o700 });
      for (const name of present) move(join(dataDir, name), join(aside, name));
    }
    for (const [from, name] of [[database, DATABASE_FILE], ...(signingKey === null ? [] : [[signingKey, SIGNING_KEY_FILE]])] as [
      string,
      string,
    ][]) {
      syncFile(from);
      move(from, join(dataDir, name));
    }
    syncFolder(dataDir);
  } catch (thrown) {
    for (const [from, to] of moved) renameSync(to, from);
    throw new Refusal('unavailable', `The files could not be moved (${messageOf(thrown)}); everything is as it was.`);
  }
  return aside;
}

function stampOf(atMs: number): string {
  return rfc3339(atMs).replace(/[-:]/g, '').replace(/\.\d+/, '');
}
