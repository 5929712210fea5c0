import {
  chmodSync,
  closeSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { Decrypter } from 'age-encryption';
import { type } from 'arktype';
import { extract } from 'tar-stream';
import { Refusal } from '../lib/errors.ts';
import { messageOf } from '../lib/log.ts';
import { MANIFEST_FILE, Manifest } from './manifest.ts';
import { sha256Of } from './pack.ts';

export const DATABASE_FILE = 'smspin.db';
export const SIGNING_KEY_FILE = 'signing-key.json';
/** What a backup holds; anything else in an archive is not ours. */
const KNOWN = [MANIFEST_FILE, DATABASE_FILE, SIGNING_KEY_FILE];
const MANIFEST_OCTETS_MAX = 1024 * 1024;
const OWNER_ONLY = 0o600;

const MAGIC = { database: 'SQLite format 3\0', age: 'age-encryption.org/v1', zstd: '\x28\xb5\x2f\xfd' };

/** What was in a backup, as files in the folder it was unpacked to. */
export interface Unpacked {
  database: string;
  signingKey: string | null;
  /** Null for a bare database file. */
  manifest: Manifest | null;
}

/**
 * Takes a backup apart into a folder that is empty: an archive, encrypted or not, or a bare database file (a copy from before an upgrade, or one that was put aside;
 * with the log and the signing key that lie beside it). Checks that what came out is what the manifest says. Refuses with `validation` what is no
 * backup of ours, is damaged, or is encrypted for none of the identities (texts of age, `AGE-SECRET-KEY-1…`).
 */
export async function unpackBackup(path: string, into: string, identities: readonly string[]): Promise<Unpacked> {
  if (!existsSync(path)) throw new Refusal('validation', `There is no file ${path}.`);
  const start = firstOctets(path, 64);
  if (start.startsWith(MAGIC.database)) return bareDatabase(path, into);
  const isEncrypted = start.startsWith(MAGIC.age);
  if (!isEncrypted && !start.startsWith(MAGIC.zstd))
    throw new Refusal('validation', `${path} is neither a backup (.tar.zst, .tar.zst.age) nor a database file.`);
  if (isEncrypted && identities.length === 0)
    throw new Refusal(
      'validation',
      `${path} is encrypted: name the file with its secret key by --identity FILE (it begins with AGE-SECRET-KEY-).`,
    );
  try {
    const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
    await extractInto(isEncrypted ? await decrypted(file, identities) : file, into);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    if (/no identity matched/i.test(messageOf(thrown)))
      throw new Refusal(
        'validation',
        `${path} is encrypted for other keys than the one given. Take the identity file whose public key it was made for.`,
      );
    throw new Refusal(
      'validation',
      `${path} is damaged or cut short, nothing was taken from it: ${messageOf(thrown)}. Take an earlier backup.`,
    );
  }
  return compared(path, into);
}

function firstOctets(path: string, count: number): string {
  const fd = openSync(path, 'r');
  try {
    const octets = Buffer.alloc(count);
    return octets.subarray(0, readSync(fd, octets)).toString('latin1');
  } finally {
    closeSync(fd);
  }
}

function bareDatabase(path: string, into: string): Unpacked {
  const database = join(into, DATABASE_FILE);
  copyFileSync(path, database);
  // The log of a database that was put aside while it had one; without it commits are missing.
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${database}-wal`);
  const beside = join(dirname(path), SIGNING_KEY_FILE);
  const signingKey = basename(path) === DATABASE_FILE && existsSync(beside) ? join(into, SIGNING_KEY_FILE) : null;
  if (signingKey !== null) copyFileSync(beside, signingKey);
  // A copy has the mode of what it was made from, and /var/tmp is for everybody.
  for (const file of readdirSync(into)) chmodSync(join(into, file), OWNER_ONLY);
  return { database, signingKey, manifest: null };
}

async function decrypted(file: Readable, identities: readonly string[]): Promise<Readable> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  return Readable.from(await decrypter.decrypt(Readable.toWeb(file) as ReadableStream<Uint8Array>));
}

async function extractInto(archive: Readable, into: string): Promise<void> {
  const entries = extract();
  const piping = pipeline(archive, createZstdDecompress(), entries);
  piping.catch(() => {});
  for await (const entry of entries) {
    const { name, type: kind } = entry.header;
    if (!KNOWN.includes(name) || kind !== 'file')
      throw new Refusal('validation', `The archive holds ${JSON.stringify(name)}, which no backup of SMSPin does.`);
    await pipeline(entry, createWriteStream(join(into, name), { flags: 'wx', mode: OWNER_ONLY }));
  }
  await piping;
}

/** Holds what came out of an archive against its manifest. */
async function compared(path: string, into: string): Promise<Unpacked> {
  const [manifestPath, database, signingKey] = KNOWN.map((name) => join(into, name)) as [string, string, string];
  if (!existsSync(manifestPath) || !existsSync(database))
    throw new Refusal('validation', `${path} holds no database or no manifest: it is no backup of SMSPin.`);
  const manifest = Manifest(JSON.parse(readFileSync(manifestPath, 'utf8').slice(0, MANIFEST_OCTETS_MAX)));
  if (manifest instanceof type.errors) throw new Refusal('validation', `The manifest of ${path} is not as it must be: ${manifest.summary}`);
  const expected = [
    [database, manifest.database.sha256],
    ...(manifest.signing_key === null ? [] : [[signingKey, manifest.signing_key.sha256]]),
  ] as const;
  for (const [file, sha256] of expected) {
    if (file === undefined || !existsSync(file) || (await sha256Of(file)) !== sha256)
      throw new Refusal(
        'validation',
        `${basename(file ?? '')} in ${path} is not what was backed up: its SHA-256 differs. Take an earlier backup.`,
      );
  }
  return { database, signingKey: manifest.signing_key === null ? null : signingKey, manifest };
}
