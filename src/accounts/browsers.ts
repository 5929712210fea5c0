import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { queueMail } from '../mail/queue.ts';
import { hashSecret, newSecret } from './secrets.ts';

const COOKIE = 'smspin_browser';
/** The longest a browser keeps a cookie. */
const DAYS = 400;
const DAY_MS = 86_400_000;
const USER_AGENT_CHARACTERS_MAX = 200;

/** What a browser bears to be known again when somebody signs in with it; it gives no access to anything. */
export function browserToken(request: Request): string | null {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z0-9]{20,64})(?:;|$)`).exec(request.headers.get('cookie') ?? '')?.[1] ?? null;
}

export function browserCookie(token: string, secure: boolean): string {
  return `${COOKIE}=${token}; Path=/; Max-Age=${DAYS * 86_400}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Whether somebody signed in to the account of this e-mail with this browser before. */
export function isKnownBrowser(db: Database, email: string, browser: string): boolean {
  return (
    db
      .query('SELECT 1 FROM known_browsers b JOIN users u ON u.id = b.user_id WHERE u.email = $email AND b.token_hash = $tokenHash')
      .get({ email, tokenHash: hashSecret(browser) }) !== null
  );
}

/**
 * Notes with which browser somebody signed in, and tells them by mail when it was not seen with them before. `address` is where it came from; null
 * says that a new browser is no news, as at the sign-up or for who came by a link of our mail. Returns the token the browser is to bear.
 */
export function noteBrowser(
  tx: Tx,
  random: RandomBytes,
  seen: { userId: string; browser: string | null; userAgent: string; address: string | null },
): string {
  const { userId, address } = seen;
  const token = seen.browser ?? newSecret('', random);
  const tokenHash = hashSecret(token);
  tx.db.query('DELETE FROM known_browsers WHERE last_seen_at_ms < $beforeMs').run({ beforeMs: tx.nowMs - DAYS * DAY_MS });
  const known = tx.db
    .query('UPDATE known_browsers SET last_seen_at_ms = $now WHERE user_id = $userId AND token_hash = $tokenHash')
    .run({ userId, tokenHash, now: tx.nowMs });
  if (known.changes > 0) return token;
  tx.db
    .query('INSERT INTO known_browsers (user_id, token_hash, last_seen_at_ms) VALUES ($userId, $tokenHash, $now)')
    .run({ userId, tokenHash, now: tx.nowMs });
  if (address !== null) {
    const userAgent = seen.userAgent.slice(0, USER_AGENT_CHARACTERS_MAX).toWellFormed();
    const payload = { userAgent, address, atMs: tx.nowMs };
    queueMail(tx, { kind: 'new_browser', about: `${userId}:${tokenHash.slice(0, 16)}:${tx.nowMs}`, userId, payload });
  }
  return token;
}
