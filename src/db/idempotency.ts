import { Refusal } from '../lib/errors.ts';
import type { Tx } from './write.ts';

const KEPT_MS = 24 * 3_600_000;

/** What was asked for under a key, so that another request under the same key can be told apart. */
export interface IdempotentRequest {
  userId: string;
  /** The Idempotency-Key header; null without one: then the request is done each time. */
  key: string | null;
  /** Everything that makes the request what it is, the verb first: `['order', order]`. */
  request: readonly unknown[];
}

/**
 * Does something that must not be done twice once for each Idempotency-Key of a customer: the same request again within a day gets the first answer, another
 * request under the key is refused as `idempotency_conflict`. The answer is kept in the same commit as what was done, so that neither exists without the other
 * and no request is ever seen half done: of two at once the later one waits its turn at the door and gets the answer of the first. A refusal keeps nothing, so it can be tried again.
 */
export function once<T>(tx: Tx, asked: IdempotentRequest, act: () => T): T {
  const { userId, key } = asked;
  if (key === null) return act();
  const requestHash = new Bun.CryptoHasher('sha256').update(JSON.stringify(asked.request)).digest('hex');
  tx.db.query('DELETE FROM idempotent_answers WHERE created_at_ms < $before').run({ before: tx.nowMs - KEPT_MS });
  const earlier = tx.db
    .query<{ requestHash: string; answer: string }, { userId: string; key: string }>(
      'SELECT request_hash AS requestHash, answer FROM idempotent_answers WHERE user_id = $userId AND key = $key',
    )
    .get({ userId, key });
  if (earlier) {
    if (earlier.requestHash === requestHash) return JSON.parse(earlier.answer) as T;
    throw new Refusal(
      'idempotency_conflict',
      'This Idempotency-Key was used for another request in the last 24 hours. Use a new one for each thing you ask for.',
    );
  }
  const answer = act();
  tx.db
    .query(
      `INSERT INTO idempotent_answers (user_id, key, request_hash, answer, created_at_ms)
       VALUES ($userId, $key, $requestHash, $answer, $now)`,
    )
    .run({ userId, key, requestHash, answer: JSON.stringify(answer), now: tx.nowMs });
  return answer;
}
