import { cleanRanges } from '../accounts/key-limits.ts';
import { type ApiKey, createKey, listKeys, parseScopes, revokeKey, usualScopes } from '../accounts/keys.ts';
import { requireUserByEmail } from '../accounts/users.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Config } from '../config.ts';
import { writeNow } from '../db/write.ts';
import { rfc3339 } from '../lib/clock.ts';
import { systemRandom } from '../lib/ids.ts';
import { type Io, openConfigured, readArgs, UsageError } from './usage.ts';

const CREATE = 'smspin key create EMAIL [--scopes a,b] [--name N] [--days N] [--addresses a,b]';
const LIST = 'smspin key list EMAIL [--json]';
const REVOKE = 'smspin key revoke ID';
export const KEY_USAGE = [CREATE, LIST, REVOKE];

const DAY_MS = 86_400_000;
const DAYS_MAX = 3650;

/** `smspin key …`. Returns the exit code. */
export async function keyCommand(args: string[], config: Config, io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'create') return create(rest, config, io);
  if (verb === 'list') return list(rest, config, io);
  if (verb === 'revoke') return revoke(rest, config, io);
  throw new UsageError(
    `${verb === undefined ? 'a verb is missing' : `unknown verb ${JSON.stringify(verb)}`}\nusage: ${KEY_USAGE.join('\n       ')}`,
  );
}

/** Prints the key alone on standard output, once. */
function create(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, {
    usage: CREATE,
    positionals: ['EMAIL'],
    options: {
      scopes: { type: 'string' },
      name: { type: 'string', default: 'key' },
      days: { type: 'string' },
      addresses: { type: 'string' },
    },
  });
  const days = values.days === undefined ? null : Number(values.days);
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= DAYS_MAX))
    throw new UsageError(`--days must be a whole number from 1 to ${DAYS_MAX}\nusage: ${CREATE}`);
  const limits = {
    expiresAtMs: days === null ? null : Date.now() + days * DAY_MS,
    allowedAddresses: values.addresses === undefined ? [] : cleanRanges(values.addresses.split(',')),
  };
  const db = openConfigured(config, io);
  const user = requireUserByEmail(db, words[0]);
  const scopes = values.scopes === undefined ? usualScopes(user.role) : parseScopes(values.scopes);
  const made = writeNow(db, Date.now(), (tx) => {
    const created = createKey(tx, systemRandom, { userId: user.id, name: values.name, scopes, limits });
    const detail = `API key ${created.key.id} (${JSON.stringify(values.name)}) made: ${scopes.join(', ')}.`;
    writeAudit(tx, { userId: null, action: 'key.create', target: user.id, detail });
    return created;
  });
  io.out(made.secret);
  return 0;
}

function list(args: string[], config: Config, io: Io): number {
  const { words, values } = readArgs(args, { usage: LIST, positionals: ['EMAIL'], options: { json: { type: 'boolean' } } });
  const db = openConfigured(config, io);
  const keys = listKeys(db, requireUserByEmail(db, words[0]).id);
  if (values.json === true) io.out(JSON.stringify(keys.map(shown), null, 2));
  else for (const key of keys) io.out(line(key));
  if (keys.length === 0) io.err(`${words[0]} has no API key; \`smspin key create ${words[0]}\` makes one.`);
  return 0;
}

function revoke(args: string[], config: Config, io: Io): number {
  const { words } = readArgs(args, { usage: REVOKE, positionals: ['ID'], options: {} });
  const db = openConfigured(config, io);
  const key = writeNow(db, Date.now(), (tx) => {
    const revoked = revokeKey(tx, { id: words[0] });
    const detail = `API key ${revoked.id} (${JSON.stringify(revoked.name)}) revoked.`;
    writeAudit(tx, { userId: null, action: 'key.revoke', target: revoked.userId, detail });
    return revoked;
  });
  io.out(`${key.id} (${key.prefix}…, ${JSON.stringify(key.name)}) revoked`);
  return 0;
}

function shown(key: ApiKey) {
  return {
    ...{ id: key.id, name: key.name, prefix: key.prefix, scopes: key.scopes, created_at: rfc3339(key.createdAtMs) },
    last_used_at: key.lastUsedAtMs === null ? null : rfc3339(key.lastUsedAtMs),
    last_used_address: key.lastUsedAddress,
    expires_at: key.expiresAtMs === null ? null : rfc3339(key.expiresAtMs),
    allowed_addresses: key.allowedAddresses,
  };
}

function line(key: ApiKey): string {
  const used = key.lastUsedAtMs === null ? 'never used' : `used ${rfc3339(key.lastUsedAtMs).slice(0, 16)}Z`;
  const until = key.expiresAtMs === null ? '' : `  until ${rfc3339(key.expiresAtMs).slice(0, 10)}`;
  const from = key.allowedAddresses.length === 0 ? '' : `  from ${key.allowedAddresses.join(' ')}`;
  return `${key.id}  ${key.prefix}…  ${JSON.stringify(key.name)}  ${key.scopes.join(',')}  ${used}${until}${from}`;
}
