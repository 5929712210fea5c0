import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type } from 'arktype';
import { rfc3339 } from '../lib/clock.ts';

/** A public key that this server signs with, or once did. */
export interface PublicKey {
  /** RFC 7638 thumbprint. */
  keyId: string;
  /** SubjectPublicKeyInfo in PEM, as openssl reads it. */
  pem: string;
  /** The raw key, base64url (RFC 8037). */
  x: string;
  createdAt: string;
  /** When another took its place, null for the present one. */
  retiredAt: string | null;
}

/** The key that signs now. */
export interface SigningKey extends PublicKey {
  private: KeyObject;
}

/** The keys of a data folder; read anew each time, so that a rotation by command is seen at once. */
export interface KeyRing {
  current(): SigningKey;
  /** The present one first. */
  all(): PublicKey[];
}

const FILE = 'signing-key.json';
const StoredKey = type({ key_id: 'string', pem: 'string', x: 'string', created_at: 'string', retired_at: 'string | null' });
const Stored = type({ current: StoredKey.and({ private_pem: 'string' }), former: StoredKey.array() });
type Stored = typeof Stored.infer;

/** The keys in `folder`, or null when none was made yet. Throws when the file is there and cannot be read as such. */
export function findKeys(folder: string): KeyRing | null {
  return readStored(folder) === null ? null : ringOf(folder);
}

/** The keys in `folder`; the first is made when there is none. */
export function openKeys(folder: string, nowMs: number): KeyRing {
  if (readStored(folder) === null) writeStored(folder, { current: newKey(nowMs), former: [] });
  return ringOf(folder);
}

/** Takes a new key into use; the former one goes on being published, so that what it signed can be checked. Returns the new one. */
export function rotateKey(folder: string, nowMs: number): PublicKey {
  const old = readStored(folder);
  const current = newKey(nowMs);
  const retired = old === null ? [] : [{ ...publicPart(old.current), retired_at: rfc3339(nowMs) }, ...old.former];
  writeStored(folder, { current, former: retired });
  return shown(current);
}

function ringOf(folder: string): KeyRing {
  const read = (): Stored => {
    const stored = readStored(folder);
    if (stored === null) throw new Error(`${FILE} was there and is gone: restore it from a backup, or start again to make a new one`);
    return stored;
  };
  return {
    current: () => {
      const { current } = read();
      return { ...shown(current), private: createPrivateKey(current.private_pem) };
    },
    all: () => {
      const { current, former } = read();
      return [current, ...former].map(shown);
    },
  };
}

function newKey(nowMs: number): Stored['current'] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { keyId, x } = identify(publicKey);
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key_id: keyId, pem, x, created_at: rfc3339(nowMs), retired_at: null, private_pem: privatePem };
}

/** The name of an Ed25519 public key (RFC 7638 over RFC 8037's members) and its raw octets. */
export function identify(key: KeyObject): { keyId: string; x: string } {
  const x = key.export({ format: 'jwk' })['x'];
  if (key.asymmetricKeyType !== 'ed25519' || typeof x !== 'string') throw new Error('not an Ed25519 key');
  const canonical = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
  return { keyId: createHash('sha256').update(canonical).digest('base64url'), x };
}

/** The key of a PEM text. Throws when it is none, or not Ed25519. */
export function publicKeyOf(pem: string): { key: KeyObject; keyId: string } {
  const key = createPublicKey(pem);
  return { key, keyId: identify(key).keyId };
}

function publicPart({ key_id, pem, x, created_at, retired_at }: typeof StoredKey.infer): typeof StoredKey.infer {
  return { key_id, pem, x, created_at, retired_at };
}

function shown(key: typeof StoredKey.infer): PublicKey {
  return { keyId: key.key_id, pem: key.pem, x: key.x, createdAt: key.created_at, retiredAt: key.retired_at };
}

function readStored(folder: string): Stored | null {
  let content: string;
  try {
    content = readFileSync(join(folder, FILE), 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
  const stored = Stored(JSON.parse(content));
  // Never what stands in it: it holds the private key.
  if (stored instanceof type.errors) throw new Error(`${join(folder, FILE)} is not as this program wrote it; restore it from a backup`);
  return stored;
}

/** For its owner alone, whole or not at all, on the disk when it returns. */
function writeStored(folder: string, stored: Stored): void {
  const path = join(folder, FILE);
  const fd = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(stored, null, 2)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.new`, path);
}
