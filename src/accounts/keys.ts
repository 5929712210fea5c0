import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { User } from './users.ts';

/** What a key may do. */
export const SCOPES = [
  'offers:read',
  'orders:read',
  'orders:write',
  'messages:read',
  'balance:read',
  'webhooks:read',
  'webhooks:write',
  'exports:write',
  'keys:write',
] as const;
export type Scope = (typeof SCOPES)[number];

const KEY_PREFIX = 'smspin_';
const NAME_CHARACTERS_MAX = 80;

/** Parses `a,b` into scopes; refuses an unknown one with the list of those there are. */
export function parseScopes(text: string): Scope[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const scopes = SCOPES.filter((scope) => words.includes(scope));
  const unknown = words.find((word) => !SCOPES.some((scope) => scope === word));
  if (unknown !== undefined || scopes.length === 0) {
    throw new Refusal('validation', `Unknown scope ${JSON.stringify(unknown ?? text)}; scopes are ${SCOPES.join(', ')}.`);
  }
  return scopes;
}

/** Makes an API key and returns it: it is shown this once, only its hash is kept. */
export function createKey(tx: Tx, random: RandomBytes, key: { userId: string; name: string; scopes: readonly Scope[] }): string {
  if (key.name.length > NAME_CHARACTERS_MAX)
    throw new Refusal('validation', `The name of a key has at most ${NAME_CHARACTERS_MAX} characters.`);
  const secret = newSecret(KEY_PREFIX, random);
  tx.db
    .query(
      `INSERT INTO api_keys (id, user_id, name, key_hash, prefix, scopes, created_at_ms)
       VALUES ($id, $userId, $name, $keyHash, $prefix, $scopes, $now)`,
    )
    .run({
      id: newId('key', tx.nowMs, random),
      userId: key.userId,
      name: key.name,
      keyHash: hashSecret(secret),
      prefix: secret.slice(0, KEY_PREFIX.length + 4),
      scopes: key.scopes.join(','),
      now: tx.nowMs,
    });
  return secret;
}

export interface KeyHolder {
  user: User;
  scopes: readonly string[];
}

/** Whose key it is and what it may do, or null for a key that is unknown, revoked, or of a user who is not active. */
export function keyHolder(db: Database, secret: string): KeyHolder | null {
  if (!secret.startsWith(KEY_PREFIX)) return null;
  const row = db
    .query<User & { scopes: string }, { keyHash: string }>(
      `SELECT u.id, u.email, u.role, u.state, k.scopes FROM api_keys k JOIN users u ON u.id = k.user_id
       WHERE k.key_hash = $keyHash AND k.revoked_at_ms IS NULL AND u.state = 'active'`,
    )
    .get({ keyHash: hashSecret(secret) });
  if (!row) return null;
  const { scopes, ...user } = row;
  return { user, scopes: scopes.split(',') };
}
