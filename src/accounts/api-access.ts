import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import { networkOf } from '../http/address.ts';
import { type Left, RateLimit } from '../http/limits.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { isAllowedFrom } from './key-limits.ts';
import { KEY_PREFIX, type KeyHolder, keyHolder, markKeyUsed } from './keys.ts';
import { hashSecret } from './secrets.ts';

const MINUTE_MS = 60_000;
/** What an account may send, and an address, as a multiple of one key: several keys, or several customers behind one address. */
const ACCOUNT_TIMES = 2;
const ADDRESS_TIMES = 4;
/** Unknown keys that one address may try in five minutes. */
const BAD_KEYS_MAX = 30;
const BAD_KEYS_REFILL_MS = 300_000;
/** Keys whose last use is remembered in memory; the others are written once more than they must be. */
const REMEMBERED_MAX = 50_000;

/** Who calls the API, and how often they may. */
export interface ApiAccess {
  /**
   * Looks at a request before anything else does. Puts the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10) into `headers`; refuses too many
   * requests as `limit_reached`, a wrong or expired key as `unauthorized`, one from an address that it is not for as `forbidden`. A request without a key passes:
   * the call it is for says what it needs.
   */
  admit(request: Request, address: string, headers: Record<string, string>): void;
  /** Whose key an admitted request carried, or null. */
  holderOf(request: Request): KeyHolder | null;
  /** Whose key it is as long as it holds, else null; for those who were admitted by it and stay. */
  standing(secret: string): KeyHolder | null;
  /** From where an admitted request came. */
  addressOf(request: Request): string;
}

export function apiAccess(deps: { db: Database; door: Door; clock: Clock; log: Log; requestsPerMinute: number }): ApiAccess {
  const { db, clock, requestsPerMinute: quota } = deps;
  const holders = new WeakMap<Request, KeyHolder>();
  const addresses = new WeakMap<Request, string>();
  const badKeys = new RateLimit({ burst: BAD_KEYS_MAX, refillMs: BAD_KEYS_REFILL_MS, what: 'wrong API keys from this address' });
  const quotas = quota === 0 ? null : makeQuotas(quota);
  const uses = keyUses(deps);

  function holderOfSecret(secret: string, address: string, nowMs: number): KeyHolder {
    const hash = hashSecret(secret);
    // Whoever guesses is told nothing more, not even a right guess; who has been using a key from behind the same address goes on.
    const network = networkOf(address);
    if (badKeys.look(network, nowMs).remaining < 1 && !uses.isKnown(hash)) badKeys.take(network, nowMs);
    const holder = secret.startsWith(KEY_PREFIX) ? keyHolder(db, hash) : null;
    if (!holder) {
      badKeys.take(network, nowMs);
      throw new Refusal('unauthorized', 'The API key is unknown or was revoked.');
    }
    const { expiresAtMs, allowedAddresses } = holder.key;
    if (expiresAtMs !== null && expiresAtMs <= clock.nowMs())
      throw new Refusal('unauthorized', `The API key expired at ${new Date(expiresAtMs).toISOString()}. Make a new one.`);
    if (!isAllowedFrom(allowedAddresses, address))
      throw new Refusal('forbidden', `This API key may not be used from ${address}; its list of addresses is in the settings.`);
    uses.note(hash, holder.key.id, address);
    return holder;
  }

  return {
    holderOf: (request) => holders.get(request) ?? null,
    addressOf: (request) => addresses.get(request) ?? 'unknown',
    standing(secret) {
      const holder = keyHolder(db, hashSecret(secret));
      return holder && (holder.key.expiresAtMs ?? Number.POSITIVE_INFINITY) > clock.nowMs() ? holder : null;
    },
    admit(request, address, headers) {
      const nowMs = clock.monotonicMs();
      const header = request.headers.get('authorization');
      addresses.set(request, address);
      quotas?.take('address', networkOf(address), nowMs, headers);
      if (header === null) return;
      const secret = /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
      if (secret === undefined) throw new Refusal('unauthorized', 'The Authorization header must be `Bearer KEY`.');
      const holder = holderOfSecret(secret, address, nowMs);
      quotas?.take('account', holder.user.id, nowMs, headers);
      quotas?.take('key', holder.key.id, nowMs, headers);
      holders.set(request, holder);
    },
  };
}

type Policy = 'key' | 'account' | 'address';

function makeQuotas(quota: number) {
  const sizes: Record<Policy, number> = { key: quota, account: quota * ACCOUNT_TIMES, address: quota * ADDRESS_TIMES };
  const limit = (policy: Policy, who: string) => new RateLimit({ burst: sizes[policy], refillMs: MINUTE_MS, what: `API requests ${who}` });
  const limits = {
    key: limit('key', 'with this key'),
    account: limit('account', 'of this account'),
    address: limit('address', 'from this address'),
  };
  const state = (policy: Policy, left: Left) => `"${policy}";r=${left.remaining};t=${left.wholeInSeconds}`;
  const add = (headers: Record<string, string>, name: string, item: string) => {
    headers[name] = headers[name] === undefined ? item : `${headers[name]}, ${item}`;
  };
  return {
    take(policy: Policy, name: string, nowMs: number, headers: Record<string, string>): void {
      add(headers, 'ratelimit-policy', `"${policy}";q=${sizes[policy]};w=60`);
      try {
        add(headers, 'ratelimit', state(policy, limits[policy].take(name, nowMs)));
      } catch (thrown) {
        add(headers, 'ratelimit', state(policy, limits[policy].look(name, nowMs)));
        throw thrown;
      }
    },
  };
}

/** When each key was last used: written at most once a minute for each, all of one moment in one commit. */
function keyUses({ door, clock, log }: { door: Door; clock: Clock; log: Log }) {
  const writtenAtMs = new Map<string, number>();
  return {
    /** True for a key that was good not long ago. */
    isKnown: (hash: string) => writtenAtMs.has(hash),
    note(hash: string, id: string, address: string): void {
      const nowMs = clock.monotonicMs();
      const lastMs = writtenAtMs.get(hash);
      if (lastMs !== undefined && nowMs - lastMs < MINUTE_MS) return;
      writtenAtMs.delete(hash);
      writtenAtMs.set(hash, nowMs);
      const oldest = writtenAtMs.keys().next();
      if (writtenAtMs.size > REMEMBERED_MAX && !oldest.done) writtenAtMs.delete(oldest.value);
      const atMs = clock.nowMs();
      door
        .write((tx) => markKeyUsed(tx, { id, address, atMs }))
        .catch((thrown: unknown) => log.warn('key_use_unwritten', { key: id, error: messageOf(thrown) }));
    },
  };
}
