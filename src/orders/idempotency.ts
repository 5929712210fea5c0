import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

const KEPT_MS = 24 * 3_600_000;
const KEY_CHARACTERS_MAX = 255;

/** What was asked for under a key, so that another request under the same key can be told apart. */
export interface IdempotentRequest {
  userId: string;
  /** The Idempotency-Key header. */
  key: string;
  /** Everything that makes the request what it is. */
  request: string;
}

/**
 * Does something that costs money once for each Idempotency-Key of a customer: the same request again within a day gets the first answer, another
 * request under the key is refused as `idempotency_conflict`. The key is kept in the same commit as what it did; a refusal keeps nothing, so it can be tried again.
 */
export function once<T extends { id: string }>(tx: Tx, asked: IdempotentRequest, act: () => T): T {
  const requestHash = new Bun.CryptoHasher('sha256').update(asked.request).digest('hex');
  tx.db.query('DELETE FROM idempotency_keys WHERE created_at_ms < $before').run({ before: tx.nowMs - KEPT_MS });
  const earlier = tx.db
    .query<{ requestHash: string; answer: string }, { userId: string; key: string }>(
      'SELECT request_hash AS requestHash, answer FROM idempotency_keys WHERE user_id = $userId AND key = $key',
    )
    .get({ userId: asked.userId, key: asked.key });
  if (earlier) {
    if (earlier.requestHash === requestHash) return JSON.parse(earlier.answer) as T;
    throw new Refusal(
      'idempotency_conflict',
      'This Idempotency-Key was used for another request in the last 24 hours. Use a new one for each order.',
    );
  }
  const answer = act();
  tx.db
    .query(
      `INSERT INTO idempotency_keys (user_id, key, request_hash, order_id, answer, created_at_ms)
       VALUES ($userId, $key, $requestHash, $orderId, $answer, $now)`,
    )
    .run({ userId: asked.userId, key: asked.key, requestHash, orderId: answer.id, answer: JSON.stringify(answer), now: tx.nowMs });
  return answer;
}

/** The Idempotency-Key of a request, or null; refuses one that is empty, too long or not printable ASCII. */
export function idempotencyKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key');
  if (key === null) return null;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > KEY_CHARACTERS_MAX) {
    throw new Refusal(
      'validation',
      `Idempotency-Key must be 1 to ${KEY_CHARACTERS_MAX} printable ASCII characters without spaces, for example a UUID.`,
    );
  }
  return key;
}
