import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** How long it is kept who signed in from where. */
export const SIGN_IN_DAYS = 90;
const DAY_MS = 86_400_000;
/** Of one account no more than this many are kept: whoever guesses passwords must not fill the disk. */
const KEPT_MAX = 200;
const USER_AGENT_CHARACTERS_MAX = 200;

export type SignInOutcome = 'signed_in' | 'signed_up' | 'wrong_password' | 'waiting' | 'blocked';

export interface SignIn {
  id: number;
  atMs: number;
  outcome: SignInOutcome;
  address: string;
  /** As the browser calls itself. Hostile. */
  userAgent: string;
}

/** Notes that somebody signed in to an account, or tried to; never what they typed. */
export function noteSignIn(tx: Tx, seen: { userId: string; outcome: SignInOutcome; address: string; userAgent: string }): void {
  const { userId } = seen;
  tx.db.query('DELETE FROM sign_ins WHERE at_ms < $before').run({ before: tx.nowMs - SIGN_IN_DAYS * DAY_MS });
  tx.db
    .query('INSERT INTO sign_ins (user_id, at_ms, outcome, address, user_agent) VALUES ($userId, $now, $outcome, $address, $userAgent)')
    .run({ ...seen, userAgent: seen.userAgent.slice(0, USER_AGENT_CHARACTERS_MAX).toWellFormed(), now: tx.nowMs });
  tx.db
    .query(
      'DELETE FROM sign_ins WHERE user_id = $userId AND id <= (SELECT id FROM sign_ins WHERE user_id = $userId ORDER BY id DESC LIMIT 1 OFFSET $kept)',
    )
    .run({ userId, kept: KEPT_MAX });
}

/** The newest sign-ins of an account, the newest first. */
export function signInsOf(db: Database, userId: string, limit: number): SignIn[] {
  return db
    .query<SignIn, { userId: string; limit: number }>(
      'SELECT id, at_ms AS atMs, outcome, address, user_agent AS userAgent FROM sign_ins WHERE user_id = $userId ORDER BY id DESC LIMIT $limit',
    )
    .all({ userId, limit });
}
