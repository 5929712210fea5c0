import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { houseSecret } from '../../src/db/secret.ts';
import { signClaim, verifyClaim } from '../../src/lib/signed.ts';
import { makeHouse, seededRandom } from '../support/house.ts';

const secret = new Uint8Array(32).fill(7);
const claim = { purpose: 'export', subject: 'exp_1', expiresAtMs: 1000 };

test('a token says what was signed, until it expires', () => {
  const token = signClaim(secret, claim);
  expect(verifyClaim(secret, 'export', token, 999)).toEqual({ ok: true, subject: 'exp_1', expiresAtMs: 1000 });
  expect(verifyClaim(secret, 'export', token, 1000)).toEqual({ ok: false, why: 'expired' });
  expect(verifyClaim(secret, 'export', signClaim(secret, { ...claim, expiresAtMs: null }), 10 ** 15).ok).toBe(true);
});

test('another purpose, another secret, or one changed character is a forgery', () => {
  const token = signClaim(secret, claim);
  expect(verifyClaim(secret, 'unsubscribe', token, 0)).toEqual({ ok: false, why: 'forged' });
  expect(verifyClaim(new Uint8Array(32), 'export', token, 0)).toEqual({ ok: false, why: 'forged' });
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019-_.'), (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      // The last character of base64url holds unused bits: the octets may be the same.
      const same = Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
      const verified = verifyClaim(secret, 'export', changed, 0);
      expect(verified.ok).toBe(same && changed.split('.')[0] === token.split('.')[0]);
    }),
  );
});

test('anything at all may stand in an address', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(verifyClaim(secret, 'export', text, 0).ok).toBe(false)));
});

test('the secret of a data folder is made once, one for each purpose', () => {
  const { db } = makeHouse();
  const first = houseSecret(db, 'links', seededRandom(1), 0);
  expect(first).toHaveLength(32);
  expect(houseSecret(db, 'links', seededRandom(2), 0)).toEqual(first);
  expect(houseSecret(db, 'other', seededRandom(2), 0)).not.toEqual(first);
});
