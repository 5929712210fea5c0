import type { Tx } from '../db/write.ts';
import { type DecodedPdu, decodePdu, isForReading } from '../gsm/deliver.ts';
import { fingerprint } from '../gsm/fingerprint.ts';
import { joinText } from '../gsm/join.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { ReadPart } from '../modem/source.ts';

/** The network stamps the parts of one message within seconds, however far apart it delivers them; the same reference beyond this is another message. */
const STAMPED_WITHIN_MS = 120_000;

/** A part with everything that could be read from its PDU, outside any transaction. */
export interface DecodedPart {
  read: ReadPart;
  decoded: DecodedPdu;
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
    fingerprint: fingerprint(read.iccid, read.pdu, { smsc: 'auto', length: read.length }),
    setAside: setAsideReason(read, decoded),
  };
}

function setAsideReason(read: ReadPart, decoded: DecodedPdu): string | null {
  if (read.stat === 2 || read.stat === 3 || decoded.type === 'submit') return 'A message written on this modem, not received.';
  if (decoded.type === 'status_report') return 'A delivery report.';
  if (decoded.text === null) return decoded.error ?? 'Binary content with no text to show.';
  if (decoded.ports !== null) return `Data for port ${decoded.ports.destination}, not for a person.`;
  return isForReading(decoded) ? null : 'A message for the SIM or for nobody, not for a person.';
}

/** What storing a part did: nothing (seen before), kept aside, or added to a message. */
export type StoredPart =
  | { outcome: 'duplicate' }
  | { outcome: 'set_aside'; partId: number }
  | { outcome: 'joined'; partId: number; messageId: string; complete: boolean };

/** Writes a part once (rule 2) and adds it to its message, which is created with its first part. */
export function storePart(tx: Tx, random: RandomBytes, part: DecodedPart): StoredPart {
  const partId = insertPart(tx, part);
  if (partId === null) return { outcome: 'duplicate' };
  if (part.setAside !== null) return { outcome: 'set_aside', partId };
  const { concat } = part.decoded;
  const group = concat === null ? null : openGroup(tx, part);
  const messageId = group ?? newMessage(tx, random, part);
  tx.db.query('UPDATE parts SET message_id = $messageId WHERE id = $partId').run({ messageId, partId });
  const complete = group === null ? (concat?.total ?? 1) === 1 : rejoin(tx, messageId);
  tx.db.query('UPDATE sims SET last_message_at_ms = $now WHERE iccid = $iccid').run({ now: tx.nowMs, iccid: part.read.iccid });
  return { outcome: 'joined', partId, messageId, complete };
}

function insertPart(tx: Tx, part: DecodedPart): number | null {
  const { read, decoded } = part;
  const row = tx.db
    .query<{ id: number }, Record<string, string | number | null>>(
      `INSERT INTO parts (fingerprint, iccid, imei, storage, storage_index, pdu, tpdu_length, read_how, arrived_at_ms, stored_at_ms, sender, concat_key, seq, set_aside)
       VALUES ($fingerprint, $iccid, $imei, $storage, $index, $pdu, $length, $how, $arrivedAtMs, $storedAtMs, $sender, $concatKey, $seq, $setAside)
       ON CONFLICT (fingerprint) DO NOTHING RETURNING id`,
    )
    .get({
      fingerprint: part.fingerprint,
      iccid: read.iccid,
      imei: read.imei,
      storage: read.storage,
      index: read.index,
      pdu: read.pdu,
      length: read.length,
      how: read.how,
      arrivedAtMs: Math.round(read.arrivedAtMs),
      storedAtMs: tx.nowMs,
      sender: decoded.sender,
      concatKey: concatKey(decoded),
      seq: decoded.concat?.seq ?? 1,
      setAside: part.setAside,
    });
  return row?.id ?? null;
}

function concatKey(decoded: DecodedPdu): string | null {
  const { concat } = decoded;
  return concat === null ? null : `${concat.width}:${concat.ref}:${concat.total}`;
}

/**
 * The newest message of the same SIM, sender, reference, total and time that still lacks this part: a re-used reference opens a new one. What was given
 * to an order that has ended since is left as it is, so that a later tenant's text is never added to it.
 */
function openGroup(tx: Tx, part: DecodedPart): string | null {
  const row = tx.db
    .query<{ id: string }, Record<string, string | number | null>>(
      `SELECT m.id FROM messages m WHERE m.id IN
         (SELECT p.message_id FROM parts p WHERE p.iccid = $iccid AND p.sender = $sender AND p.concat_key = $concatKey AND p.message_id IS NOT NULL)
       AND m.parts_have < m.parts_total
       AND abs(coalesce(m.network_at_ms, m.arrived_at_ms) - $stampedAtMs) <= $within
       AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id AND o.ended_at_ms IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.message_id = m.id AND p.seq = $seq)
       ORDER BY m.id DESC LIMIT 1`,
    )
    .get({
      iccid: part.read.iccid,
      sender: part.decoded.sender,
      concatKey: concatKey(part.decoded),
      seq: part.decoded.concat?.seq ?? 1,
      stampedAtMs: part.decoded.networkTimeMs ?? Math.round(part.read.arrivedAtMs),
      within: STAMPED_WITHIN_MS,
    });
  return row?.id ?? null;
}

function newMessage(tx: Tx, random: RandomBytes, part: DecodedPart): string {
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
