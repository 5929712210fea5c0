import type { Tx } from '../db/write.ts';

/** Whose a code is that went to no order: no customer's id, and not the empty one that stands for every buyer in sims/allocate.ts. */
export const NOBODY = '?';

/**
 * Notes that codes of these services arrived on a SIM for a customer (or NOBODY): the number may then belong to an account, so it is not sold for the
 * service again within the reuse period, except to that customer. Kept by number too, for a replacement card with the same number.
 */
export function recordUses(tx: Tx, use: { iccid: string; services: Iterable<string>; userId: string }): void {
  const record = tx.db.query(
    `INSERT INTO sim_uses (iccid, number, service, user_id, last_at_ms)
     SELECT iccid, coalesce(number, ''), $service, $userId, $now FROM sims WHERE iccid = $iccid
     ON CONFLICT (iccid, service, user_id) DO UPDATE SET last_at_ms = excluded.last_at_ms, number = excluded.number`,
  );
  for (const service of new Set(use.services)) record.run({ iccid: use.iccid, service, userId: use.userId, now: tx.nowMs });
}
