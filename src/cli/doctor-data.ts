import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listBackups, newestUntil } from '../backup/files.ts';
import { proveFile } from '../backup/make.ts';
import type { Config } from '../config.ts';
import { isFolderLocked } from '../db/lock.ts';
import { schemaVersion } from '../db/migrate.ts';
import { openReadOnly } from '../db/open.ts';
import { shownOctets, spaceOf } from '../disk/space.ts';
import { rfc3339 } from '../lib/clock.ts';
import { messageOf } from '../lib/log.ts';
import { type Finding, fail, ok, warn } from './doctor-finding.ts';
import { DATABASE_FILE } from './usage.ts';

const MEGABYTE = 1_000_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The log of the database folds back by itself; one that large has a reader that does not let go. */
const LOG_OCTETS_MAX = 512 * MEGABYTE;
/** Of what is wrong, the first few say enough. */
const SHOWN_MAX = 3;

/** The data folder, its disk, its database and its backups. Nothing is changed; a server may run. */
export function lookAtData(config: Config, latestSchema: number, nowMs: number): Finding[] {
  const { dir } = config.data;
  if (!existsSync(dir))
    return [warn('data folder', `${dir} is not there yet.`, 'Start the server once (smspin serve): it makes the folder.')];
  const folder = folderFindings(dir);
  const space = spaceFinding(config);
  if (!existsSync(join(dir, DATABASE_FILE)))
    return [
      ...folder,
      space,
      warn('database', `There is no database in ${dir} yet.`, 'Start the server once (smspin serve): it makes it.'),
    ];
  return [
    ...folder,
    space,
    serverFinding(dir),
    ...databaseFindings(dir, latestSchema),
    backupFinding(config, nowMs),
    encryptionFinding(config),
  ];
}

function folderFindings(dir: string): Finding[] {
  const findings: Finding[] = [];
  const { mode, uid } = statSync(dir);
  const owner = process.getuid?.();
  if ((mode & 0o077) !== 0)
    findings.push(
      warn(
        'permissions',
        `Others than its owner can look into ${dir} (mode ${(mode & 0o777).toString(8)}): it holds codes and keys.`,
        `Run: chmod 700 ${dir}`,
      ),
    );
  if (owner !== undefined && owner !== 0 && uid !== owner)
    findings.push(
      fail(
        'permissions',
        `${dir} belongs to another user (uid ${uid}, you are ${owner}).`,
        `Run this as the user of the server, or: chown -R ${owner} ${dir}`,
      ),
    );
  if (!isWritable(dir))
    findings.push(
      fail(
        'permissions',
        `${dir} cannot be written.`,
        'If the disk is mounted read-only, look at dmesg and remount it; else give the folder to the user of the server with chown.',
      ),
    );
  return findings.length > 0 ? findings : [ok('permissions', `${dir} is for its owner alone.`)];
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function spaceFinding({ data, alarms }: Config): Finding {
  const { freeOctets, totalOctets } = spaceOf(data.dir);
  const text = `${shownOctets(freeOctets)} of ${shownOctets(totalOctets)} are free where ${data.dir} lies.`;
  const fix = 'Make room: old backups and exports are what mostly can go; or move the data folder to a larger disk.';
  if (freeOctets < data.stopMegabytes * MEGABYTE) return fail('disk', `${text} New orders are refused.`, fix);
  return freeOctets < alarms.diskFreeMegabytes * MEGABYTE ? warn('disk', text, fix) : ok('disk', text);
}

function serverFinding(dir: string): Finding {
  try {
    return ok('server', isFolderLocked(dir) ? `A server runs on ${dir}.` : `No server runs on ${dir} right now.`);
  } catch (thrown) {
    return fail(
      'server',
      `Whether a server runs cannot be told: ${messageOf(thrown)}.`,
      `Look at the permissions of ${join(dir, 'server.lock')}.`,
    );
  }
}

function databaseFindings(dir: string, latestSchema: number): Finding[] {
  const path = join(dir, DATABASE_FILE);
  try {
    const log = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
    const logs =
      log < LOG_OCTETS_MAX
        ? []
        : [
            warn(
              'database log',
              `${path}-wal has grown to ${shownOctets(log)}.`,
              `Some program reads the database without an end: fuser ${path} names it.`,
            ),
          ];
    return [...logs, schemaFinding(path, latestSchema), ...proofFindings(path, latestSchema)];
  } catch (thrown) {
    return [
      fail(
        'database',
        `${path} cannot be read: ${messageOf(thrown)}.`,
        // SQLite needs to write beside a database even to read it.
        isWritable(dir)
          ? 'Stop the server and restore the newest backup: smspin backup list, smspin restore FILE --force.'
          : 'The database may be sound: mend the permissions or the disk first, then look again.',
      ),
    ];
  }
}

function schemaFinding(path: string, latestSchema: number): Finding {
  const db = openReadOnly(path);
  const version = schemaVersion(db);
  db.close();
  if (version > latestSchema)
    return fail(
      'schema',
      `The database is of schema ${version}, this release knows ${latestSchema}.`,
      'Install the newer release again, or restore data/backups/before-NNNN.db with smspin restore.',
    );
  if (version < latestSchema)
    return warn(
      'schema',
      `The database is of schema ${version}, this release brings ${latestSchema}.`,
      'The next start brings it up to date, with a copy before it in data/backups.',
    );
  return ok('schema', `The database is of schema ${version}, as this release.`);
}

function proofFindings(path: string, latestSchema: number): Finding[] {
  const { by, unchecked, facts } = proveFile(path, latestSchema);
  const { ledger, audit, rows } = facts;
  const restore =
    'Stop the server, keep the folder as evidence, and restore the newest backup: smspin backup list, smspin restore FILE --force.';
  const judged = (check: string, wrong: readonly string[], fine: string, fix: string): Finding =>
    wrong.length === 0 ? ok(check, fine) : fail(check, `${wrong.slice(0, SHOWN_MAX).join('; ')}.`, fix);
  return [
    judged(
      'database',
      by.file,
      `Pages, indexes and references are whole (${rows['orders'] ?? 0} orders, ${rows['messages'] ?? 0} messages).`,
      restore,
    ),
    judged(
      'ledger',
      by.ledger,
      `${ledger.entries} entries sum to ${ledger.sum_minor}.`,
      'Nothing of the house can do this: find out who wrote to the database, and restore the newest backup that proves (smspin backup verify FILE).',
    ),
    judged(
      'audit log',
      by.audit,
      audit === null ? 'It has no entry with a link yet.' : `Every entry up to ${audit.entry} is as it was written.`,
      'Somebody changed the database by hand: compare with a backup (smspin backup verify FILE --json tells its last link).',
    ),
    ...unchecked.map((what) => warn('unchecked', `Not looked at: ${what}.`, 'Mend what is named above, then look again.')),
  ];
}

function backupFinding({ backup }: Config, nowMs: number): Finding {
  const newest = newestUntil(backup.dir, nowMs) ?? listBackups(backup.dir)[0];
  const fix = 'Make one now: smspin backup; with backup.every_hours above 0 the server makes them by itself.';
  if (newest === undefined) return warn('backup', `There is no backup in ${backup.dir}.`, fix);
  const hours = (nowMs - newest.atMs) / HOUR_MS;
  const text = `The newest backup is ${hours < 1 ? 'less than an hour' : `${Math.round(hours)} hours`} old (${rfc3339(newest.atMs)}).`;
  if (nowMs < newest.atMs - MINUTE_MS)
    return warn('backup', `The newest backup is of the future (${rfc3339(newest.atMs)}).`, 'Look at the clock of this machine.');
  const due = backup.everyHours === 0 ? 7 * 24 : 2 * backup.everyHours;
  return hours > due ? warn('backup', text, fix) : ok('backup', text);
}

function encryptionFinding({ backup, data }: Config): Finding {
  const isHere = deviceOf(backup.dir) === deviceOf(data.dir);
  if (isHere)
    return warn(
      'backup place',
      `Backups lie on the same disk as the data (${backup.dir}).`,
      'Set backup.dir to another disk or a network share, or copy them away: a broken disk takes both.',
    );
  return backup.recipients.length === 0
    ? warn(
        'backup place',
        `Backups in ${backup.dir} are not encrypted.`,
        'Make a key (smspin backup key FILE), put its public half into backup.recipients, and keep the file elsewhere.',
      )
    : ok('backup place', `Backups go to ${backup.dir}, encrypted.`);
}

/** The device a folder lies on, or will lie on once it is made. */
function deviceOf(folder: string): number {
  return existsSync(folder) ? statSync(folder).dev : deviceOf(dirname(folder));
}
