import type { Tx } from '../db/write.ts';
import { type Concat, type DecodedPdu, decodePdu } from '../gsm/deliver.ts';
import type { OwnedPart } from './owners.ts';
import type { DecodedPart } from './parts.ts';

/**
 * The network stamps the parts of one message within seconds. What lies further apart may still belong together (a service centre that
 * stamps every new attempt), or its sender used the reference again.
 */
const STAMPED_TOGETHER_MS = 120_000;
const STAMPED_WITHIN_MS = 24 * 3_600_000;
/** Networks retry for days; a message that still lacks parts after this is left as it is. */
const OPEN_FOR_MS = 72 * 3_600_000;

/** What parts of one message share beside SIM and sender: width, reference and total (TS 23.040 9.2.3.24.1), and the sender's type of address. */
export function concatKey(decoded: DecodedPdu, { width, ref, total }: Concat): string {
  return `${width}:${ref}:${total}:${decoded.address[1] ?? 0}`;
}

/** When the network took a part; its arrival where the stamp is impossible. Milliseconds since 1970. */
function stampedAt(part: DecodedPart): number {
  return part.decoded.networkTimeMs ?? Math.round(part.read.arrivedAtMs);
}

/**
 * The message of the same SIM, sender, reference and total that still lacks this part, the nearest in network time within a day either way; null when none
 * does. Left as it is, so that a later tenant's text is never added to it, is what was given to an order or rental that has ended since; and,
 * for a part not stamped together with it, whatever came before another order was placed, or another rental began, on the SIM.
 */
export function findGroup(tx: Tx, part: OwnedPart): string | null {
  const { concat } = part.decoded;
  if (concat === null) return null;
  const row = tx.db
    .query<{ id: string }, Record<string, string | number>>(
      `SELECT m.id, abs(coalesce(m.network_at_ms, m.arrived_at_ms) - $stampedAtMs) AS apart FROM messages m WHERE m.id IN
         (SELECT p.message_id FROM parts p WHERE p.iccid = $iccid AND p.sender = $sender AND p.concat_key = $concatKey AND p.message_id IS NOT NULL)
       AND m.parts_have < m.parts_total AND apart <= $within AND m.stored_at_ms >= $openSince
       AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id AND o.ended_at_ms IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM rentals r WHERE r.id = m.rental_id AND r.ended_at_ms IS NOT NULL)
       AND (apart <= $together OR NOT EXISTS (${laterOrder("o.status IN ('pending', 'received')")} UNION ALL ${laterOrder('o.ended_at_ms IS NOT NULL')}))
       AND (apart <= $together OR NOT EXISTS (SELECT 1 FROM rentals r WHERE r.iccid = m.iccid AND r.status IN ('active', 'ended')
         AND r.starts_at_ms > m.arrived_at_ms AND r.id IS NOT m.rental_id))
       AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.message_id = m.id AND p.seq = $seq)
       ORDER BY apart, m.id DESC LIMIT 1`,
    )
    .get({
      iccid: part.read.iccid,
      sender: part.decoded.sender,
      concatKey: concatKey(part.decoded, concat),
      seq: concat.seq,
      stampedAtMs: stampedAt(part),
      within: STAMPED_WITHIN_MS,
      together: STAMPED_TOGETHER_MS,
      openSince: tx.nowMs - OPEN_FOR_MS,
    });
  return row?.id ?? null;
}

/** Open and ended orders by themselves, since each has an index of its own and all of them together have none. */
function laterOrder(which: string): string {
  return `SELECT 1 FROM orders o WHERE o.iccid = m.iccid AND ${which} AND o.created_at_ms > m.arrived_at_ms AND o.id IS NOT m.order_id`;
}

/**
 * Parts that were stamped together with this one but stand in a message that was not: the first to arrive of a message whose sender had used
 * the same reference hours before. Only in messages that nobody was given, and at most one for each place.
 */
export function partsStampedNear(tx: Tx, part: OwnedPart): { partId: number; messageId: string }[] {
  const { concat } = part.decoded;
  if (concat === null) return [];
  const rows = tx.db
    .query<
      { partId: number; messageId: string; seq: number; pdu: string; length: number | null; arrivedAtMs: number },
      Record<string, string | number>
    >(
      `SELECT p.id AS partId, p.message_id AS messageId, p.seq, p.pdu, p.tpdu_length AS length, p.arrived_at_ms AS arrivedAtMs
       FROM parts p JOIN messages m ON m.id = p.message_id
       WHERE p.iccid = $iccid AND p.sender = $sender AND p.concat_key = $concatKey AND p.seq <> $seq AND m.user_id IS NULL
       AND abs(coalesce(m.network_at_ms, m.arrived_at_ms) - $stampedAtMs) BETWEEN $together + 1 AND $within ORDER BY p.id DESC`,
    )
    .all({
      iccid: part.read.iccid,
      sender: part.decoded.sender,
      concatKey: concatKey(part.decoded, concat),
      seq: concat.seq,
      stampedAtMs: stampedAt(part),
      within: STAMPED_WITHIN_MS + STAMPED_TOGETHER_MS,
      together: STAMPED_TOGETHER_MS,
    });
  const near = rows.filter(({ pdu, length, arrivedAtMs }) => {
    const stampedAtMs = decodePdu(pdu, { smsc: 'auto', length }).networkTimeMs ?? arrivedAtMs;
    return Math.abs(stampedAtMs - stampedAt(part)) <= STAMPED_TOGETHER_MS;
  });
  return [...new Map(near.map((row) => [row.seq, row])).values()];
}
