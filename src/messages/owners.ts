import type { Tx } from '../db/write.ts';
import { decodePdu } from '../gsm/deliver.ts';
import { fingerprint } from '../gsm/fingerprint.ts';
import type { ReadPart } from '../modem/source.ts';
import { isTelling, unknownCardOf } from '../sims/modem-cards.ts';
import { isTellingPart } from './damaged.ts';
import type { DecodedPart } from './parts.ts';

/** A part of which it is settled for which card it came, or that nobody can tell (then the ICCID is that of an unknown card). */
export type OwnedPart = DecodedPart & { read: ReadPart & { iccid: string } };

/** The one storage that leaves with the SIM. */
const SIM_STORAGE = 'SM';

export function fingerprintOf(read: ReadPart, iccid: string): string {
  return fingerprint(iccid, read.pdu, { smsc: 'auto', length: read.length });
}

/**
 * Settles whose a part is: where it lay in a modem's own storage and was stored from there before, it is whose it was then, whatever card is in the modem
 * now. A delete that failed, a kill and a swap of cards must not make one message two.
 */
export function owned(tx: Tx, part: DecodedPart): OwnedPart {
  const { read } = part;
  const iccid = storedOwner(tx, part) ?? read.iccid ?? unknownCardOf(tx, read);
  return { ...part, read: { ...read, iccid }, fingerprint: iccid === read.iccid ? part.fingerprint : fingerprintOf(read, iccid) };
}

interface Stored {
  iccid: string;
  pdu: string;
}

/** Who got this very PDU, or the same with its end lost or found, when it was stored from the own storage of this modem. */
function storedOwner(tx: Tx, { read, decoded }: DecodedPart): string | null {
  if (read.storage === null || read.storage === SIM_STORAGE) return null;
  // Two modems that tell one IMEI may hold the same text, sent to both of their SIMs in one second.
  const place = { imei: read.imei, slot: isTelling(tx.db, read.imei) ? null : read.slot };
  const isHere = "imei = $imei AND storage <> 'SM' AND ($slot IS NULL OR slot = $slot)";
  const same = tx.db.query<Stored, typeof place & { pdu: string; end: string }>(
    `SELECT iccid, pdu FROM parts INDEXED BY parts_in_modem WHERE ${isHere} AND pdu >= $pdu AND pdu <= $end ORDER BY pdu, id LIMIT 1`,
  );
  // One that lost its end is found by its beginning, if that tells it from its sender's others.
  const end = read.length === null && isTellingPart(decoded) ? `${read.pdu}~` : read.pdu;
  const found = same.get({ ...place, pdu: read.pdu, end });
  if (found !== null) return found.iccid;
  const damaged = tx.db.query<Stored, typeof place & { pdu: string }>(
    `SELECT iccid, pdu FROM parts INDEXED BY parts_damaged WHERE ${isHere} AND tpdu_length IS NULL AND message_id IS NOT NULL
     AND length(pdu) < length($pdu) AND substr($pdu, 1, length(pdu)) = pdu ORDER BY id`,
  );
  const beginning = damaged
    .all({ ...place, pdu: read.pdu })
    .find((one) => isTellingPart(decodePdu(one.pdu, { smsc: 'auto', length: null })));
  return beginning?.iccid ?? null;
}
