import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { type KeyLimits, withinMaker } from './key-limits.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { User } from './users.ts';

/** What a key may do. */
export const SCOPES = [
  'offers:read',
  'orders:read',
  'orders:write',
  'rentals:read',
  'rentals:write',
  'messages:read',
  'balance:read',
  'balance:write',
  'webhooks:read',
  'webhooks:write',
  'exports:write',
  'keys:write',
  'alarms:read',
  'alarms:write',
] as const;
/** What the key of an operator may do besides. */
export const OPERATOR_SCOPES = ['metrics:read'] as const;
export const ALL_SCOPES = [...SCOPES, ...OPERATOR_SCOPES] as const;
export type Scope = (typeof ALL_SCOPES)[number];

/** What a key of somebody in this role may do. */
export function scopesFor(role: User['role']): readonly Scope[] {
  return role === 'operator' ? ALL_SCOPES : SCOPES;
}

/** What a key may do that is made without saying so: everything but metrics, and nothing that is an operator's alone. */
export function usualScopes(role: User['role']): readonly Scope[] {
  return role === 'operator' ? SCOPES : SCOPES.filter((scope) => !scope.startsWith('alarms:'));
}

export const KEY_PREFIX = 'smspin_';
export const NAME_CHARACTERS_MAX = 80;
const KEYS_MAX = 100;

/** Parses `a,b` into scopes; refuses an unknown one with the list of those there are. */
export function parseScopes(text: string): Scope[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const scopes = ALL_SCOPES.filter((scope) => words.includes(scope));
  const unknown = words.find((word) => !ALL_SCOPES.some((scope) => scope === word));
  if (unknown !== undefined || scopes.length === 0) {
    throw new Refusal('validation', `Unknown scope ${JSON.stringify(unknown ?? text)}; scopes are ${ALL_SCOPES.join(', ')}.`);
  }
  return scopes;
}

export interface NewKey {
  userId: string;
  name: string;
  scopes: readonly Scope[];
  limits?: KeyLimits;
  /** The key that makes this one, or nothing when a person does: a key gives no more than it has. */
  maker?: ApiKey;
}

/**
 * Makes an API key. Its `secret` is shown this once, only its hash is kept. Refuses what is no name, an expiry that is over, more scopes, a later expiry
 * or other addresses than the key that asks has, and more keys than anybody needs.
 */
export function createKey(tx: Tx, random: RandomBytes, key: NewKey): { secret: string; key: ApiKey } {
  const name = key.name.trim();
  if (name === '' || name.length > NAME_CHARACTERS_MAX)
    throw new Refusal('validation', `The name of a key has 1 to ${NAME_CHARACTERS_MAX} characters.`);
  const limits = withinMaker(key.limits ?? { expiresAtMs: null, allowedAddresses: [] }, key.maker ?? null, tx.nowMs);
  const missing = key.maker && key.scopes.find((scope) => !key.maker?.scopes.includes(scope));
  if (missing) throw new Refusal('forbidden', `A key gives no scope that it lacks itself: ${missing}.`);
  const allowed = scopesFor(roleOf(tx, key.userId));
  const foreign = key.scopes.find((scope) => !allowed.includes(scope));
  if (foreign) throw new Refusal('forbidden', `Only the key of an operator can have the scope ${foreign}.`);
  if (listKeys(tx.db, key.userId).length >= KEYS_MAX)
    throw new Refusal('limit_reached', `There are ${KEYS_MAX} API keys already. Revoke those that nobody uses.`);
  const secret = newSecret(KEY_PREFIX, random);
  const id = newId('key', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO api_keys (id, user_id, name, key_hash, prefix, scopes, created_at_ms, expires_at_ms, allowed_addresses)
       VALUES ($id, $userId, $name, $keyHash, $prefix, $scopes, $now, $expiresAtMs, $allowedAddresses)`,
    )
    .run({
      id,
      userId: key.userId,
      name,
      keyHash: hashSecret(secret),
      prefix: secret.slice(0, KEY_PREFIX.length + 4),
      scopes: ALL_SCOPES.filter((scope) => key.scopes.includes(scope)).join(','),
      now: tx.nowMs,
      expiresAtMs: limits.expiresAtMs,
      allowedAddresses: limits.allowedAddresses.length > 0 ? limits.allowedAddresses.join(' ') : null,
    });
  const made = findKey(tx.db, id);
  if (!made) throw new Error(`key ${id} was not written`);
  return { secret, key: made };
}

function roleOf(tx: Tx, userId: string): User['role'] {
  const row = tx.db.query<{ role: User['role'] }, { userId: string }>('SELECT role FROM users WHERE id = $userId').get({ userId });
  return row?.role ?? 'customer';
}

/** Ends a key at once and for good. Refuses one that is not this customer's, or was revoked already, as `not_found`. */
export function revokeKey(tx: Tx, request: { id: string; userId?: string }): ApiKey {
  const key = findKey(tx.db, request.id);
  if (!key || (request.userId !== undefined && key.userId !== request.userId))
    throw new Refusal('not_found', 'There is no API key with this id, or it was revoked already.');
  tx.db.query('UPDATE api_keys SET revoked_at_ms = $now WHERE id = $id').run({ id: key.id, now: tx.nowMs });
  return key;
}

/** Refuses as `forbidden` a key that would reach by a detour what it may not read; `doing` begins the sentence. */
export function requireReading(key: Pick<ApiKey, 'scopes'>, needed: readonly Scope[], doing: string): void {
  const missing = needed.filter((scope) => !key.scopes.includes(scope));
  if (missing.length === 0) return;
  throw new Refusal(
    'forbidden',
    `${doing} needs also ${missing.join(' and ')}, which this API key lacks; it has ${key.scopes.join(', ')}.`,
  );
}

/** A key that was not revoked; it may have expired. */
export interface ApiKey extends KeyLimits {
  id: string;
  userId: string;
  name: string;
  /** Its first characters, so that a person can tell keys apart. */
  prefix: string;
  scopes: readonly string[];
  createdAtMs: number;
  /** To the minute. */
  lastUsedAtMs: number | null;
  lastUsedAddress: string | null;
}

const COLUMNS = `k.id, k.user_id AS userId, k.name, k.prefix, k.scopes, k.created_at_ms AS createdAtMs, k.expires_at_ms AS expiresAtMs,
  k.allowed_addresses AS allowedAddresses, k.last_used_at_ms AS lastUsedAtMs, k.last_used_address AS lastUsedAddress`;

type KeyRow = Omit<ApiKey, 'scopes' | 'allowedAddresses'> & { scopes: string; allowedAddresses: string | null };

function keyOf({ scopes, allowedAddresses, ...row }: KeyRow): ApiKey {
  return { ...row, scopes: scopes.split(','), allowedAddresses: allowedAddresses?.split(' ') ?? [] };
}

function findKey(db: Database, id: string): ApiKey | null {
  const row = db.query<KeyRow, { id: string }>(`SELECT ${COLUMNS} FROM api_keys k WHERE id = $id AND revoked_at_ms IS NULL`).get({ id });
  return row && keyOf(row);
}

/** The keys of a customer that were not revoked, newest first. */
export function listKeys(db: Database, userId: string): ApiKey[] {
  return db
    .query<KeyRow, { userId: string }>(
      `SELECT ${COLUMNS} FROM api_keys k WHERE user_id = $userId AND revoked_at_ms IS NULL ORDER BY id DESC`,
    )
    .all({ userId })
    .map(keyOf);
}

export interface KeyHolder {
  user: User;
  key: ApiKey;
}

/** Whose key it is and what it may do, or null for one that is unknown, revoked, or of a user who is not active. It may have expired. */
export function keyHolder(db: Database, secretHash: string): KeyHolder | null {
  const row = db
    .query<KeyRow & { email: string; role: User['role']; state: User['state'] }, { secretHash: string }>(
      `SELECT ${COLUMNS}, u.email, u.role, u.state FROM api_keys k JOIN users u ON u.id = k.user_id
       WHERE k.key_hash = $secretHash AND k.revoked_at_ms IS NULL AND u.state = 'active'`,
    )
    .get({ secretHash });
  if (!row) return null;
  const { email, role, state, ...key } = row;
  return { user: { id: row.userId, email, role, state }, key: keyOf(key) };
}

/** Writes down that a key was used. */
export function markKeyUsed(tx: Tx, use: { id: string; address: string; atMs: number }): void {
  tx.db.query('UPDATE api_keys SET last_used_at_ms = $atMs, last_used_address = $address WHERE id = $id').run({ ...use });
}
