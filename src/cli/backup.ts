import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { backupName, listBackups, partialName, rotate } from '../backup/files.ts';
import type { BackupMade } from '../backup/make.ts';
import { verifyBackup } from '../backup/restore.ts';
import { startBackup } from '../backup/start.ts';
import { RECIPIENT } from '../config/backup.ts';
import type { Config } from '../config.ts';
import { MIGRATIONS } from '../db/migrate.ts';
import { shownOctets } from '../disk/space.ts';
import { rfc3339 } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { BACKUP_USAGE, type Io, readArgs, UsageError } from './usage.ts';

/** `smspin backup`: a copy of the running house, proved; what there is; whether one can be restored; a key to encrypt with. Returns the exit code. */
export async function backupCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'list':
      return list(rest, config, io);
    case 'verify':
      return verify(rest, config, io);
    case 'key':
      return makeKey(rest, io);
    default:
      return make(args, config, io);
  }
}

async function make(args: string[], config: Config, io: Io): Promise<number> {
  const options = { to: { type: 'string' }, recipient: { type: 'string', multiple: true }, json: { type: 'boolean' } } as const;
  const { values } = readArgs(args, { usage: BACKUP_USAGE.make, positionals: [], options });
  const recipients = values.recipient ?? config.backup.recipients;
  const wrong = recipients.find((one) => !RECIPIENT.test(one));
  if (wrong !== undefined)
    throw new UsageError(`--recipient must be a public key of age, which begins with age1; it is ${JSON.stringify(wrong.slice(0, 20))}`);
  const atMs = Date.now();
  const path = target(values.to, config, backupName(atMs, recipients.length > 0));
  const { ended } = startBackup({ dataDir: config.data.dir, path, recipients, atMs, latestSchema: MIGRATIONS.length });
  const made = await ended;
  if (!made.ok) {
    io.err(made.problem);
    return 1;
  }
  const removed =
    dirname(path) === config.backup.dir
      ? rotate(config.backup.dir, { daily: config.backup.keepDaily, weekly: config.backup.keepWeekly }, atMs)
      : [];
  if (values.json) io.out(JSON.stringify({ ...made, removed }));
  else for (const line of describe(made, removed, recipients.length > 0)) io.out(line);
  return 0;
}

/** A folder gets a file of the usual name; anything else is the file. */
function target(to: string | undefined, { backup }: Config, name: string): string {
  if (to === undefined) return join(backup.dir, name);
  const path = resolve(to);
  return to.endsWith('/') || (existsSync(path) && statSync(path).isDirectory()) ? join(path, name) : path;
}

function describe(
  { path, octets, sha256, manifest, durationMs }: BackupMade & { ok: true },
  removed: readonly string[],
  encrypted: boolean,
): string[] {
  const { rows, ledger, schema_version, audit } = manifest;
  return [
    `${path}  ${shownOctets(octets)}, made in ${(durationMs / 1000).toFixed(1)} s${encrypted ? '' : ', NOT encrypted: it holds codes, password hashes and keys'}`,
    `  sha256 ${sha256}`,
    `  schema ${schema_version}, ${rows['orders'] ?? 0} orders, ${rows['messages'] ?? 0} messages, ${ledger.entries} entries of the ledger that sum to ${ledger.sum_minor}${audit === null ? '' : `, audit log to entry ${audit.entry} (${audit.hash.slice(0, 16)})`}`,
    '  proved: pages and indexes, references, books, audit log; read back from the disk',
    ...(removed.length > 0 ? [`  ${removed.length} older ones were removed: ${removed.join(', ')}`] : []),
  ];
}

function list(args: string[], { backup }: Config, io: Io): number {
  const { values } = readArgs(args, { usage: BACKUP_USAGE.list, positionals: [], options: { json: { type: 'boolean' } } });
  const found = listBackups(backup.dir).map((one) => ({
    path: join(backup.dir, one.name),
    made_at: rfc3339(one.atMs),
    octets: statSync(join(backup.dir, one.name)).size,
  }));
  if (values.json) io.out(JSON.stringify(found));
  else if (found.length === 0) io.out(`There is no backup in ${backup.dir} yet. Make one: smspin backup`);
  else for (const { path, made_at, octets } of found) io.out(`${made_at}  ${shownOctets(octets).padStart(8)}  ${path}`);
  return 0;
}

async function verify(args: string[], config: Config, io: Io): Promise<number> {
  const options = { identity: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, words } = readArgs(args, { usage: BACKUP_USAGE.verify, positionals: ['FILE'], options });
  const file = resolve(words[0]);
  const job = { file, identities: readIdentities(values.identity), latestSchema: MIGRATIONS.length };
  // Never beside the file: what comes out of an encrypted one is not for the place where that lies.
  const place = existsSync(config.data.dir) ? config.data.dir : tmpdir();
  const { facts, manifest } = await verifyBackup(job, join(place, partialName(`smspin-verify-${process.pid}`)));
  if (values.json) io.out(JSON.stringify({ ok: true, made_at: manifest?.made_at ?? null, ...facts }));
  else
    io.out(
      `${file} can be restored: schema ${facts.schema_version}, ${facts.rows['orders'] ?? 0} orders, ledger sum ${facts.ledger.sum_minor}. Everything in it was proved.`,
    );
  return 0;
}

/** The secret keys of age in a file: its lines that are no comments. Refuses with `validation` what holds none. */
export function readIdentities(path: string | undefined): string[] {
  if (path === undefined) return [];
  if (!existsSync(path)) throw new Refusal('validation', `There is no file ${path}.`);
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => line.trim() || []);
  const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identities.length === 0)
    throw new Refusal('validation', `${path} holds no secret key of age: a line must begin with AGE-SECRET-KEY-.`);
  return identities;
}

async function makeKey(args: string[], io: Io): Promise<number> {
  const { words } = readArgs(args, { usage: BACKUP_USAGE.key, positionals: ['FILE'], options: {} });
  const path = resolve(words[0]);
  if (existsSync(path))
    throw new Refusal(
      'already_exists',
      `${path} is there already and was left alone: a lost key makes every backup made for it worthless.`,
    );
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeSync(fd, `# created: ${rfc3339(Date.now())}\n# public key: ${recipient}\n${identity}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  io.err(
    `${path} is the secret key: keep it off this box, in two places. Without it no backup made for it can be read. This is the public key, for smspin.toml:`,
  );
  io.err('[backup]');
  io.out(`recipients = ["${recipient}"]`);
  return 0;
}
