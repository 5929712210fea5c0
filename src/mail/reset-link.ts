import type { Database } from 'bun:sqlite';
import { signedPath } from '../../views/paths.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';
import type { MailLinks } from './links.ts';

/** How long a link to a new password works after it was asked for. */
export const RESET_MS = 3_600_000;

interface Holder {
  state: 'active' | 'waiting' | 'blocked';
  passwordHash: string | null;
}

/** What stands for the password of now: a link made for it dies when the password changes, so it works once. Tells nothing of the password. */
export function passwordMark(db: Database, userId: string): string | null {
  const holder = db
    .query<Holder, { userId: string }>('SELECT state, password_hash AS passwordHash FROM users WHERE id = $userId')
    .get({ userId });
  if (!holder || holder.state === 'blocked') return null;
  return new Bun.CryptoHasher('sha256')
    .update(`reset ${holder.passwordHash ?? ''}`)
    .digest('hex')
    .slice(0, 32);
}

/** The link for a mail, or null when the password is another one than when it was asked for. */
export function resetUrl(
  db: Database,
  { publicUrl, secret }: MailLinks,
  asked: { userId: string; mark: string; askedAtMs: number },
): { url: string; untilMs: number } | null {
  if (passwordMark(db, asked.userId) !== asked.mark) return null;
  const untilMs = asked.askedAtMs + RESET_MS;
  const token = signClaim(secret, { purpose: 'reset', subject: `${asked.userId} ${asked.mark}`, expiresAtMs: untilMs });
  return { url: `${publicUrl}${signedPath('reset', token)}`, untilMs };
}

/** Whose password a link may set now, or why none. */
export function readReset(
  db: Database,
  secret: Uint8Array,
  token: string,
  nowMs: number,
): { ok: true; userId: string } | { ok: false; why: 'expired' | 'used' | 'forged' } {
  const verified = verifyClaim(secret, 'reset', token, nowMs);
  if (!verified.ok) return { ok: false, why: verified.why };
  const [userId = '', mark = ''] = verified.subject.split(' ');
  return passwordMark(db, userId) === mark ? { ok: true, userId } : { ok: false, why: 'used' };
}
