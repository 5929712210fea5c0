import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed word in a link says: for what it may be used, about what, and until when. */
export interface Claim {
  /** Keeps a link for one thing from being used for another, such as `export` or `unsubscribe`. */
  purpose: string;
  subject: string;
  /** Wall-clock milliseconds; null for a link that never ends. */
  expiresAtMs: number | null;
}

export type Verified = { ok: true; subject: string; expiresAtMs: number | null } | { ok: false; why: 'forged' | 'expired' };

/** Longer ones are refused before anything is computed. */
const TOKEN_CHARACTERS_MAX = 1000;

/** A token for a link, readable by anybody and made only with `secret` (RFC 2104, SHA-256): `base64url(claim).base64url(mac)`. */
export function signClaim(secret: Uint8Array, claim: Claim): string {
  const body = Buffer.from(JSON.stringify([claim.purpose, claim.subject, claim.expiresAtMs])).toString('base64url');
  return `${body}.${mac(secret, body).toString('base64url')}`;
}

/** What a token says if it was made here for this purpose and still holds. Compares in constant time; never throws. */
export function verifyClaim(secret: Uint8Array, purpose: string, token: string, nowMs: number): Verified {
  const [body = '', given = '', ...more] = token.length > TOKEN_CHARACTERS_MAX ? [] : token.split('.');
  const expected = mac(secret, body);
  const got = Buffer.from(given, 'base64url');
  if (more.length > 0 || got.length !== expected.length || !timingSafeEqual(got, expected)) return { ok: false, why: 'forged' };
  const [about, subject, expiresAtMs] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, string, number | null];
  if (about !== purpose) return { ok: false, why: 'forged' };
  return expiresAtMs !== null && nowMs >= expiresAtMs ? { ok: false, why: 'expired' } : { ok: true, subject, expiresAtMs };
}

function mac(secret: Uint8Array, body: string): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}
