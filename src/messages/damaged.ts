import type { Tx } from '../db/write.ts';
import type { DecodedPdu } from '../gsm/deliver.ts';
import type { OwnedPart } from './owners.ts';
import type { DecodedPart } from './parts.ts';

/** How far back the other reading of a part may lie: a damaged message is left on its modem for a day. */
const WITHIN_MS = 72 * 3_600_000;
const SCTS_OCTETS = 7;

/** Lost its end on the way from the modem, as far as can be told: the header's length disagrees, or the text is shorter than it says. */
export function isDamaged({ read, decoded }: DecodedPart): boolean {
  return read.length === null || decoded.flags.includes('truncated');
}

/** True when a stored part is this damaged one with its end: it was read better before. */
export function isStoredWhole(tx: Tx, part: OwnedPart): boolean {
  if (!isTellingPart(part.decoded)) return false;
  return (
    tx.db
      .query<{ id: number }, { iccid: string; sinceMs: number; pdu: string }>(
        `SELECT p.id FROM messages m JOIN parts p ON p.message_id = m.id
         WHERE m.iccid = $iccid AND m.arrived_at_ms > $sinceMs AND length(p.pdu) > length($pdu) AND substr(p.pdu, 1, length($pdu)) = $pdu LIMIT 1`,
      )
      .get({ iccid: part.read.iccid, sinceMs: tx.nowMs - WITHIN_MS, pdu: part.read.pdu }) !== null
  );
}

/**
 * The stored part that is this one without its end, and its message; null when there is none. This one need not be sound itself: of two damaged readings the
 * one that holds more is nearer to what was sent, and it may be whole, with nothing damaged but its header.
 */
export function shorterTwin(tx: Tx, part: OwnedPart): { partId: number; messageId: string } | null {
  const rows = tx.db
    .query<{ partId: number; messageId: string; pdu: string }, { iccid: string; sinceMs: number; sender: string }>(
      `SELECT id AS partId, message_id AS messageId, pdu FROM parts
       WHERE iccid = $iccid AND tpdu_length IS NULL AND message_id IS NOT NULL AND arrived_at_ms > $sinceMs AND sender = $sender`,
    )
    .all({ iccid: part.read.iccid, sinceMs: tx.nowMs - WITHIN_MS, sender: part.decoded.sender });
  return rows.find(({ pdu }) => pdu.length < part.read.pdu.length && part.read.pdu.startsWith(pdu)) ?? null;
}

/** A part cut off before its time stamp could be any of its sender's. */
export function isTellingPart(decoded: DecodedPdu): boolean {
  return decoded.sctsOctets.length === SCTS_OCTETS;
}
