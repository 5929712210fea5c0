import type { Tx } from '../db/write.ts';
import { type DecodedPdu, decodePdu } from '../gsm/deliver.ts';
import type { OwnedPart } from './owners.ts';
import type { DecodedPart } from './parts.ts';

/** How far back the other reading of a part may lie: a damaged message is left on its modem for a day. */
const WITHIN_MS = 72 * 3_600_000;
const SCTS_OCTETS = 7;
/** Parts of one message are stamped within seconds; its other reading bears the stamp of one of them. */
const STAMPED_WITHIN_MS = 120_000;

interface Reading {
  partId: number;
  messageId: string;
  pdu: string;
  length: number | null;
}

/** Lost its end on the way from the modem, as far as can be told: the header's length disagrees, or the text is shorter than it says. */
export function isDamaged({ read, decoded }: DecodedPart): boolean {
  return read.length === null || decoded.flags.includes('truncated');
}

/** True when a stored part is this damaged one with its end: it was read better before. */
export function isStoredWhole(tx: Tx, part: OwnedPart): boolean {
  if (!isTellingPart(part.decoded)) return false;
  const rows = tx.db
    .query<Reading, { iccid: string; sinceMs: number; sender: string; stampedAtMs: number | null; within: number }>(
      `SELECT p.id AS partId, p.message_id AS messageId, p.pdu, p.tpdu_length AS length FROM messages m JOIN parts p ON p.message_id = m.id
       WHERE m.iccid = $iccid AND m.arrived_at_ms > $sinceMs AND m.sender = $sender
       AND (m.network_at_ms IS $stampedAtMs OR abs(m.network_at_ms - $stampedAtMs) <= $within)`,
    )
    .all({
      ...{ iccid: part.read.iccid, sinceMs: tx.nowMs - WITHIN_MS, sender: part.decoded.sender },
      ...{ stampedAtMs: part.decoded.networkTimeMs, within: STAMPED_WITHIN_MS },
    });
  return rows.some((row) => isBeginning(part.decoded, decoded(row)));
}

/** A stored damaged reading, and whether its message went to an order or a rental that has ended: nothing is added to that any more. */
export interface ShorterTwin {
  partId: number;
  messageId: string;
  isClosed: boolean;
}

/**
 * The stored part that is this one without its end, and its message; null when there is none. This one need not be sound itself: of two damaged readings the
 * one that holds more is nearer to what was sent, and it may be whole, with nothing damaged but its header.
 */
export function shorterTwin(tx: Tx, part: OwnedPart): ShorterTwin | null {
  const rows = tx.db
    .query<Reading, { iccid: string; sinceMs: number; sender: string }>(
      `SELECT id AS partId, message_id AS messageId, pdu, tpdu_length AS length FROM parts
       WHERE iccid = $iccid AND tpdu_length IS NULL AND message_id IS NOT NULL AND arrived_at_ms > $sinceMs AND sender = $sender`,
    )
    .all({ iccid: part.read.iccid, sinceMs: tx.nowMs - WITHIN_MS, sender: part.decoded.sender });
  const twin = rows.find((row) => isBeginning(decoded(row), part.decoded));
  return twin === undefined ? null : { partId: twin.partId, messageId: twin.messageId, isClosed: isClosed(tx, twin.messageId) };
}

function isClosed(tx: Tx, messageId: string): boolean {
  return (
    tx.db
      .query(
        `SELECT 1 FROM messages m WHERE m.id = $messageId AND (
           EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id AND o.ended_at_ms IS NOT NULL)
           OR EXISTS (SELECT 1 FROM rentals r WHERE r.id = m.rental_id AND r.ended_at_ms IS NOT NULL))`,
      )
      .get({ messageId }) !== null
  );
}

/** A part cut off before its time stamp could be any of its sender's. */
export function isTellingPart(decoded: DecodedPdu): boolean {
  return decoded.sctsOctets.length === SCTS_OCTETS;
}

/**
 * Whether a reading is another one without its end. As in the fingerprint, the service centre and the first octet do not count: a network that delivers
 * again may change both, and then the hex lines differ from their first digits on. Parts of one message are alike up to the number of the part in their
 * header: one that was cut before it could be any of them, so it is none's beginning.
 */
function isBeginning(shorter: DecodedPdu, longer: DecodedPdu): boolean {
  return (
    isTellingPart(shorter) &&
    shorter.userData.length < longer.userData.length &&
    shorter.pid === longer.pid &&
    shorter.dcs === longer.dcs &&
    shorter.userDataLength === longer.userDataLength &&
    same(shorter.address, longer.address) &&
    same(shorter.sctsOctets, longer.sctsOctets) &&
    same(shorter.userData, longer.userData.subarray(0, shorter.userData.length)) &&
    shorter.concat?.seq === longer.concat?.seq
  );
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function decoded({ pdu, length }: Reading): DecodedPdu {
  return decodePdu(pdu, { smsc: 'auto', length });
}
