import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { User } from './users.ts';

export const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;

/** Starts a session and returns the token for the cookie; only its hash is kept. */
export function startSession(tx: Tx, random: RandomBytes, userId: string, userAgent: string): string {
  const token = newSecret('', random);
  tx.db.query('DELETE FROM sessions WHERE expires_at_ms < $now').run({ now: tx.nowMs });
  tx.db
    .query(
      `INSERT INTO sessions (token_hash, user_id, created_at_ms, expires_at_ms, user_agent)
       VALUES ($tokenHash, $userId, $now, $expiresAtMs, $userAgent)`,
    )
    .run({
      tokenHash: hashSecret(token),
      userId,
      now: tx.nowMs,
      expiresAtMs: tx.nowMs + SESSION_DAYS * DAY_MS,
      userAgent: userAgent.slice(0, 200),
    });
  return token;
}

/** The active user of a session token, or null. */
export function sessionUser(db: Database, token: string, nowMs: number): User | null {
  return db
    .query<User, { tokenHash: string; nowMs: number }>(
      `SELECT u.id, u.email, u.role, u.state FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.token_hash = $tokenHash AND s.expires_at_ms > $nowMs AND u.state = 'active'`,
    )
    .get({ tokenHash: hashSecret(token), nowMs });
}

export function endSession(tx: Tx, token: string): void {
  tx.db.query('DELETE FROM sessions WHERE token_hash = $tokenHash').run({ tokenHash: hashSecret(token) });
}

/** Signs somebody out everywhere. Returns how many sessions there were. */
export function endSessionsOf(tx: Tx, userId: string): number {
  return tx.db.query('DELETE FROM sessions WHERE user_id = $userId').run({ userId }).changes;
}
