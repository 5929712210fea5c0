import type { Tx } from '../db/write.ts';
import { type DecodedPdu, decodePdu, isForReading } from '../gsm/deliver.ts';
import { joinText } from '../gsm/join.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { ReadPart } from '../modem/source.ts';
import { isDamaged, isStoredWhole, type ShorterTwin, shorterTwin } from './damaged.ts';
import { concatKey, findGroup, partsStampedNear } from './groups.ts';
import { fingerprintOf, type OwnedPart, owned } from './owners.ts';

/** A part with everything that could be read from its PDU, outside any transaction. */
export interface DecodedPart {
  read: ReadPart;
  decoded: DecodedPdu;
  /** As the part of the card it was read for, see owners.ts. */
  fingerprint: string;
  /** Why it is no message for people, in plain words, or null. */
  setAside: string | null;
}

/** Decodes a part as it was read. Never throws: what cannot be decoded is set aside with the reason. */
export function decodePart(read: ReadPart): DecodedPart {
  const decoded = decodePdu(read.pdu, { smsc: 'auto', length: read.length });
  return {
    read,
    decoded,
    fingerprint: fingerprintOf(read, read.iccid ?? ''),
    setAside: setAsideReason(read, decoded),
  };
}

function setAsideReason(read: ReadPart, decoded: DecodedPdu): string | null {
  if (read.stat === 2 || read.stat === 3 || decoded.type === 'submit') return 'A message written on this modem, not received.';
  if (decoded.type === 'status_report') return 'A delivery report.';
  // A PDU that ends before the first character of its text tells a customer nothing; cut within its header, the header would be read as text.
  const isCutInHeader = decoded.flags.includes('truncated') && decoded.flags.includes('header_malformed');
  const hasText = decoded.text !== null && (decoded.text !== '' || decoded.error === null) && !isCutInHeader;
  if (!hasText) return decoded.error ?? 'Binary content with no text to show.';
  if (decoded.ports !== null) return `Data for port ${decoded.ports.destination}, not for a person.`;
  return isForReading(decoded) ? null : 'A message for the SIM or for nobody, not for a person.';
}

/** What storing a part did: nothing (seen before), kept aside, or added to a message. */
export type StoredPart =
  | { outcome: 'duplicate' }
  | { outcome: 'set_aside'; partId: number }
  | { outcome: 'joined'; partId: number; messageId: string; complete: boolean };

/** Writes a part once (rule 2) and adds it to its message, which is created with its first part. */
export function storePart(tx: Tx, random: RandomBytes, decoded: DecodedPart): StoredPart {
  const part = owned(tx, decoded);
  const twin = shorterTwin(tx, part);
  const setAside = part.setAside ?? whyLeftAside(tx, part, twin);
  const partId = insertPart(tx, { ...part, setAside });
  if (partId === null) return { outcome: 'duplicate' };
  if (setAside !== null) return { outcome: 'set_aside', partId };
  if (twin !== null) return { outcome: 'joined', partId, messageId: twin.messageId, complete: replace(tx, twin, partId) };
  const joined = part.decoded.concat === null ? null : joinGroup(tx, random, part, partId);
  const messageId = joined?.messageId ?? newMessage(tx, random, part);
  if (joined === null) assign(tx, partId, messageId);
  const complete = joined?.complete ?? true;
  tx.db.query('UPDATE sims SET last_message_at_ms = $now WHERE iccid = $iccid').run({ now: tx.nowMs, iccid: part.read.iccid });
  return { outcome: 'joined', partId, messageId, complete };
}

/** Why a reading of a part that is known in another reading is kept raw and changes nothing, or null when it is new, or better than the other. */
function whyLeftAside(tx: Tx, part: OwnedPart, twin: ShorterTwin | null): string | null {
  if (isDamaged(part) && isStoredWhole(tx, part)) return 'Damaged; the same part was read better before.';
  return twin?.isClosed ? 'A better reading of a part whose message went to an order or a rental that has ended.' : null;
}

function insertPart(tx: Tx, part: OwnedPart): number | null {
  const { read, decoded } = part;
  const row = tx.db
    .query<{ id: number }, Record<string, string | number | null>>(
      `INSERT INTO parts (fingerprint, iccid, imei, slot, storage, storage_index, pdu, tpdu_length, read_how, arrived_at_ms, stored_at_ms, sender, concat_key, seq, set_aside)
       VALUES ($fingerprint, $iccid, $imei, $slot, $storage, $index, $pdu, $length, $how, $arrivedAtMs, $storedAtMs, $sender, $concatKey, $seq, $setAside)
       ON CONFLICT (fingerprint) DO NOTHING RETURNING id`,
    )
    .get({
      fingerprint: part.fingerprint,
      iccid: read.iccid,
      imei: read.imei,
      slot: read.slot,
      storage: read.storage,
      index: read.index,
      pdu: read.pdu,
      length: read.length,
      how: read.how,
      arrivedAtMs: Math.round(read.arrivedAtMs),
      storedAtMs: tx.nowMs,
      sender: decoded.sender,
      concatKey: decoded.concat === null ? null : concatKey(decoded, decoded.concat),
      seq: decoded.concat?.seq ?? 1,
      setAside: part.setAside,
    });
  return row?.id ?? null;
}

/**
 * Puts a part into the message it belongs to, or into a new one. What a new one finds stamped close to it in a message of another day, where only the
 * re-used reference had put it, comes over to it.
 */
function joinGroup(tx: Tx, random: RandomBytes, part: OwnedPart, partId: number): { messageId: string; complete: boolean } {
  const group = findGroup(tx, part);
  const messageId = group ?? newMessage(tx, random, part);
  const strays = group === null ? partsStampedNear(tx, part) : [];
  assign(tx, partId, messageId);
  for (const stray of strays) assign(tx, stray.partId, messageId);
  for (const left of new Set(strays.map((stray) => stray.messageId))) rejoin(tx, left);
  return { messageId, complete: rejoin(tx, messageId) };
}

/** A damaged reading of a part gives its place in the message to one that holds more; it stays as evidence. True when the message is whole. */
function replace(tx: Tx, twin: { partId: number; messageId: string }, partId: number): boolean {
  tx.db
    .query("UPDATE parts SET message_id = NULL, set_aside = 'Damaged; more of the same part was read later.' WHERE id = $id")
    .run({ id: twin.partId });
  assign(tx, partId, twin.messageId);
  return rejoin(tx, twin.messageId);
}

function assign(tx: Tx, partId: number, messageId: string): void {
  tx.db.query('UPDATE parts SET message_id = $messageId WHERE id = $partId').run({ messageId, partId });
}

function newMessage(tx: Tx, random: RandomBytes, part: OwnedPart): string {
  const { read, decoded } = part;
  const id = newId('msg', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO messages (id, iccid, sender, text, parts_have, parts_total, network_at_ms, arrived_at_ms, stored_at_ms, live, verdict, confidence, reason, rule)
       VALUES ($id, $iccid, $sender, $text, 1, $total, $networkAtMs, $arrivedAtMs, $storedAtMs, $live, 'review', 0, 'Waiting for the rest of the message.', $rule)`,
    )
    .run({
      id,
      iccid: read.iccid,
      sender: decoded.sender,
      text: decoded.text ?? '',
      total: decoded.concat?.total ?? 1,
      networkAtMs: decoded.networkTimeMs,
      arrivedAtMs: Math.round(read.arrivedAtMs),
      storedAtMs: tx.nowMs,
      live: read.how === 'sweep' ? 0 : 1,
      rule: WAITING_RULE,
    });
  return id;
}

/** The rule of a message that has not been judged yet because parts are missing. */
export const WAITING_RULE = 'waiting_for_parts';

/** Joins the stored parts of a message anew, in their order, and tells whether it is whole. */
function rejoin(tx: Tx, messageId: string): boolean {
  const rows = tx.db
    .query<{ pdu: string; length: number | null; seq: number }, { messageId: string }>(
      'SELECT pdu, tpdu_length AS length, seq FROM parts WHERE message_id = $messageId ORDER BY seq',
    )
    .all({ messageId });
  const text = joinText(rows.map((row) => decodePdu(row.pdu, { smsc: 'auto', length: row.length })));
  const row = tx.db
    .query<{ complete: number }, { messageId: string; text: string; have: number }>(
      'UPDATE messages SET text = $text, parts_have = $have WHERE id = $messageId RETURNING parts_have = parts_total AS complete',
    )
    .get({ messageId, text, have: rows.length });
  return row?.complete === 1;
}
