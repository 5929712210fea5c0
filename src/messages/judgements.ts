import type { Judgement } from '../codes/judge.ts';
import type { Tx } from '../db/write.ts';

/** What is stored of all that was weighed as the code. */
export interface StoredCandidate {
  /** As it stands in the message. */
  text: string;
  /** What would be typed. */
  code: string;
  score: number;
  /** Place in the message, in UTF-16 units. */
  start: number;
  end: number;
  features: Record<string, number>;
}

/** Characters of JSON; a message made of numbers must not fill the disk. */
const CANDIDATES_CHARACTERS_MAX = 8000;

/** Whose a message is: an order's or a rental's. */
export interface Owner {
  userId: string;
  orderId: string | null;
  rentalId: string | null;
}

/** Writes what the rules said of a message, and whose it is. The code is kept only where it belongs to somebody: the operator's list shows the text. */
export function recordJudgement(
  tx: Tx,
  messageId: string,
  { judgement, reason, owner }: { judgement: Judgement; reason: string; owner: Owner | null },
): void {
  const { verdict, code, printed, service, confidence, rule, version, candidates } = judgement;
  tx.db
    .query(
      `UPDATE messages SET verdict = $verdict, code = $code, printed = $printed, service = $service, confidence = $confidence, rule = $rule, reason = $reason,
         rule_version = $version, candidates = $candidates, judged_at_ms = $now, order_id = $orderId, rental_id = $rentalId, user_id = $userId
       WHERE id = $messageId`,
    )
    .run({
      ...{ messageId, verdict, service, confidence, rule, reason, version, candidates: bounded(candidates), now: tx.nowMs },
      ...{ code: owner && code, printed: owner && printed, orderId: owner?.orderId ?? null },
      ...{ rentalId: owner?.rentalId ?? null, userId: owner?.userId ?? null },
    });
}

/** The stored candidates, best first; none of a message that was judged before they were kept. */
export function readCandidates(json: string | null): StoredCandidate[] {
  return json === null ? [] : (JSON.parse(json) as StoredCandidate[]);
}

/** The best ones, as many as the space allows. */
function bounded(candidates: Judgement['candidates']): string {
  const kept: string[] = [];
  let characters = 2;
  for (const { text, code, score, start, end, features } of candidates) {
    const one = JSON.stringify({ text, code, score: Math.round(score * 1000) / 1000, start, end, features });
    characters += one.length + 1;
    if (characters > CANDIDATES_CHARACTERS_MAX) break;
    kept.push(one);
  }
  return `[${kept.join(',')}]`;
}
