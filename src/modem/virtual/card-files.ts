import { toHex } from '../../gsm/octets.ts';
import { encodeDigits } from '../../gsm/semioctets.ts';
import { swapNibbles } from '../../lib/iccid.ts';

const EF_ICCID_DIGITS = 20;
/** Files of TS 51.011 10: EF-ICCID (2FE2) and EF-MSISDN (6F40), and the ways to read them. */
const EF_ICCID = 12258;
export const EF_MSISDN = 28480;
const READ_BINARY = 176;
const READ_RECORD = 178;
const GET_RESPONSE = 192;
const ALPHA_OCTETS = 14;
const RECORD_OCTETS = ALPHA_OCTETS + 14;

/** What AT+CRSM reads from a card, in hex; null for a file or a way of reading it does not know. A card may not know its number. */
export function fileContents(card: { iccid: string; number: string | null }, command: number, file: number, octets: number): string | null {
  if (file === EF_ICCID && command === READ_BINARY) return iccidFile(card.iccid).slice(0, 2 * octets);
  if (file !== EF_MSISDN) return null;
  // Size, file, type, access, one linear fixed structure, record length (TS 51.011 9.2.1).
  if (command === GET_RESPONSE) return `0000001C6F40040011F022010201${RECORD_OCTETS.toString(16).toUpperCase()}`;
  if (command !== READ_RECORD) return null;
  return card.number === null ? 'FF'.repeat(RECORD_OCTETS) : numberRecord(card.number);
}

/** The digits of EF-ICCID as they lie on the card (TS 51.011 10.1.1), for AT+CRSM and for modems that do not swap them back. */
export function iccidFile(iccid: string): string {
  return swapNibbles(iccid.padEnd(EF_ICCID_DIGITS, 'F'));
}

/** Alpha, length of type and digits, type, ten octets of digits, two of no use (EF-MSISDN, TS 51.011 10.5.5). */
function numberRecord(number: string): string {
  const digits = toHex(encodeDigits(number.slice(1)) ?? new Uint8Array());
  const length = (digits.length / 2 + 1).toString(16).padStart(2, '0').toUpperCase();
  return `${'FF'.repeat(ALPHA_OCTETS)}${length}91${digits.padEnd(20, 'F')}FFFF`;
}
