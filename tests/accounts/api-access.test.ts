import { expect, test } from 'bun:test';
import { apiAccess } from '../../src/accounts/api-access.ts';
import { createKey, listKeys, revokeKey } from '../../src/accounts/keys.ts';
import { openDoor } from '../../src/db/write.ts';
import { Refusal } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

function scene(requestsPerMinute: number) {
  const house = makeHouse();
  const { db, clock } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const access = apiAccess({ db, door, clock, log: silentLog, requestsPerMinute });
  const random = seededRandom(3);
  const makeKey = (userId: string, limits?: { expiresAtMs: number | null; allowedAddresses: string[] }) =>
    house.write((tx) => createKey(tx, random, { userId, name: 'test', scopes: ['orders:read'], ...(limits ? { limits } : {}) }));
  /** The refusal, or null, and the headers of the answer. */
  const admit = (secret: string | null, address = '192.0.2.1') => {
    const headers: Record<string, string> = {};
    const request = new Request(
      'http://localhost/api/v1/orders',
      secret === null ? {} : { headers: { authorization: `Bearer ${secret}` } },
    );
    try {
      access.admit(request, address, headers);
      return { refusal: null, headers, user: access.holderOf(request)?.user.id ?? null };
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return { refusal: thrown, headers, user: access.holderOf(request)?.user.id ?? null };
    }
  };
  return { house, db, clock, door, makeKey, admit };
}

test('requests are counted by key, account and address, as the headers say', () => {
  const { house, clock, makeKey, admit } = scene(3);
  const anna = house.customer('anna@example.org');
  const [one, two, three] = [makeKey(anna).secret, makeKey(anna).secret, makeKey(anna).secret];
  expect(admit(one).headers).toEqual({
    'ratelimit-policy': '"address";q=12;w=60, "account";q=6;w=60, "key";q=3;w=60',
    ratelimit: '"address";r=11;t=5, "account";r=5;t=10, "key";r=2;t=20',
  });
  admit(one);
  expect(admit(one).refusal).toBeNull();
  const refused = admit(one);
  expect(refused.refusal).toMatchObject({ type: 'limit_reached', extra: { retry_after: 20 } });
  expect(refused.headers['ratelimit']).toEndWith('"key";r=0;t=60');
  expect(refused.user).toBeNull();
  // Another key of the account goes on until the account has had enough, a third one then finds nothing left.
  expect(admit(two).refusal).toBeNull();
  expect(admit(two).refusal).toBeNull();
  expect(admit(three).refusal?.detail).toContain('of this account');
  // Time brings it back.
  clock.pass(20_000);
  expect(admit(one).refusal).toBeNull();
  // The address counts whoever comes from it.
  const bob = house.customer('bob@example.org');
  const others = [makeKey(bob).secret, makeKey(house.customer('carl@example.org')).secret];
  const results = Array.from({ length: 12 }, (_, n) => admit(others[n % 2] ?? ''));
  expect(results.some(({ refusal }) => refusal?.detail.includes('from this address'))).toBe(true);
  expect(admit(others[0] ?? '', '192.0.2.2').refusal?.detail ?? '').not.toContain('from this address');
});

test('a limit of 0 is none', () => {
  const { house, makeKey, admit } = scene(0);
  const { secret } = makeKey(house.customer('anna@example.org'));
  for (let n = 0; n < 5000; n++) expect(admit(secret).refusal).toBeNull();
  expect(admit(secret).headers).toEqual({});
});

test('who guesses keys is shut out, also with a right guess; who has been using a key from there goes on', () => {
  const { house, clock, makeKey, admit } = scene(3000);
  const anna = house.customer('anna@example.org');
  const used = makeKey(anna).secret;
  const unused = makeKey(anna).secret;
  expect(admit(used).refusal).toBeNull();
  for (let n = 0; n < 30; n++) expect(admit(`smspin_guess${n}`).refusal?.type).toBe('unauthorized');
  expect(admit('smspin_guess').refusal).toMatchObject({ type: 'limit_reached' });
  expect(admit(unused).refusal).toMatchObject({ type: 'limit_reached' });
  expect(admit(used).refusal).toBeNull();
  expect(admit(unused, '192.0.2.9').refusal).toBeNull();
  clock.pass(10_000);
  expect(admit(makeKey(anna).secret).refusal).toBeNull();
});

test.each(['', 'Basic abc', 'Bearer', 'Bearer a b', 'smspin_x'])('an Authorization of %j is refused', (value) => {
  const { house, clock, db } = scene(0);
  const access = apiAccess({ db, door: openDoor(db, clock.nowMs, silentLog), clock, log: silentLog, requestsPerMinute: 0 });
  const request = new Request('http://localhost/', { headers: { authorization: value } });
  expect(() => access.admit(request, '192.0.2.1', {})).toThrow('unauthorized');
  house.clock.pass(1);
});

test('expiry, addresses, revocation and a blocked owner hold at once', () => {
  const { house, clock, makeKey, admit } = scene(0);
  const anna = house.customer('anna@example.org');
  const { secret, key } = makeKey(anna, { expiresAtMs: clock.nowMs() + 1000, allowedAddresses: ['192.0.2.0/24'] });
  expect(admit(secret).user).toBe(anna);
  expect(admit(secret, '198.51.100.1').refusal).toMatchObject({ type: 'forbidden' });
  clock.pass(1000);
  expect(admit(secret).refusal?.detail).toContain('expired at 2026-11-22T12:00:01.000Z');
  const other = makeKey(anna);
  expect(admit(other.secret).refusal).toBeNull();
  house.write((tx) => revokeKey(tx, { id: other.key.id, userId: anna }));
  expect(admit(other.secret).refusal?.type).toBe('unauthorized');
  expect(() => house.write((tx) => revokeKey(tx, { id: other.key.id, userId: anna }))).toThrow('revoked already');
  expect(() => house.write((tx) => revokeKey(tx, { id: key.id, userId: 'usr_other' }))).toThrow('not_found');
  const third = makeKey(anna).secret;
  house.db.run("UPDATE users SET state = 'blocked'");
  expect(admit(third).refusal?.type).toBe('unauthorized');
});

test('the last use is written once a minute for each key, all of a moment in one commit', async () => {
  const { house, clock, door, makeKey, admit } = scene(0);
  const anna = house.customer('anna@example.org');
  const keys = Array.from({ length: 20 }, () => makeKey(anna).secret);
  for (let n = 0; n < 50; n++) for (const key of keys) admit(key);
  await door.idle();
  expect(door.counts).toMatchObject({ commits: 1, verbs: 20 });
  const first = clock.nowMs();
  expect(listKeys(house.db, anna).every((key) => key.lastUsedAtMs === first && key.lastUsedAddress === '192.0.2.1')).toBe(true);
  clock.pass(59_999);
  admit(keys[0] ?? '');
  await door.idle();
  expect(door.counts.verbs).toBe(20);
  clock.pass(1);
  admit(keys[0] ?? '', '192.0.2.77');
  await door.idle();
  expect(door.counts.verbs).toBe(21);
  const later = listKeys(house.db, anna).filter((key) => key.lastUsedAtMs === first + 60_000);
  expect(later).toMatchObject([{ lastUsedAddress: '192.0.2.77' }]);
});
