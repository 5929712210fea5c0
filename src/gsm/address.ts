import { decodeSeptets, encodeSeptets } from './alphabet.ts';
import { type Cursor, concatOctets } from './octets.ts';
import { decodeDigits, encodeDigits } from './semioctets.ts';
import { packSeptets, unpackSeptets } from './septets.ts';

/** An address field of a TPDU (TS 23.040 9.1.2.5). */
export interface Address {
  /** `+49…` when international, else digits, or an alphanumeric name; empty when the field is empty. */
  text: string;
  /** Type of number, bits 6 to 4 of the type octet: 1 international, 5 alphanumeric … */
  typeOfNumber: number;
  /** The field as sent: length, type, value. */
  octets: Uint8Array;
  /** A filler stood between digits, or the filler of an odd count was something else. */
  irregular: boolean;
}

const INTERNATIONAL = 1;
const ALPHANUMERIC = 5;
const MOST_SEMI_OCTETS = 20;
/** Ten octets hold eleven septets. */
const MOST_NAME_SEPTETS = 11;

/** Reads an address. Null (with the cursor's failure set) when it is cut off or longer than TS 23.040 allows (20 semi-octets). */
export function readAddress(cursor: Cursor, field: string): Address | null {
  const start = cursor.at;
  const length = cursor.octet(`${field}.length`);
  if (length === null) return null;
  if (length > MOST_SEMI_OCTETS) return cursor.fail(`${field}.length`, `${length} semi-octets, at most ${MOST_SEMI_OCTETS} allowed`, start);
  const type = cursor.octet(`${field}.type`);
  if (type === null) return null;
  const digitsAt = cursor.at;
  const value = cursor.take(Math.ceil(length / 2), `${field}.digits`);
  if (value === null) return null;
  const octets = cursor.octets.subarray(start, cursor.at);
  const typeOfNumber = (type >> 4) & 7;
  if (typeOfNumber === ALPHANUMERIC) {
    const septets = unpackSeptets(value, Math.floor((length * 4) / 7));
    return { text: decodeSeptets(septets), typeOfNumber, octets, irregular: false };
  }
  const { digits, fillerInside } = decodeDigits(value, length);
  const oddFiller = length % 2 === 1 && (value[value.length - 1] ?? 0) >> 4 !== 0x0f;
  if (fillerInside) cursor.note(`${field}.digits`, 'a filler (F) stands between digits', digitsAt);
  else if (oddFiller) cursor.note(`${field}.digits`, 'an odd count of digits does not end in a filler (F)', cursor.at - 1);
  return { text: international(digits, typeOfNumber), typeOfNumber, octets, irregular: fillerInside || oddFiller };
}

/**
 * The service centre before a TPDU (TS 24.011 8.2.5.1): its length counts octets, the type included. Null for length 0; the outer null
 * (`ok` false) when it is cut off.
 */
export function readServiceCentre(cursor: Cursor): { ok: boolean; text: string | null } {
  const length = cursor.octet('smsc.length');
  if (length === null) return { ok: false, text: null };
  const octets = cursor.take(length, 'smsc');
  if (octets === null) return { ok: false, text: null };
  const type = octets[0];
  if (type === undefined) return { ok: true, text: null };
  const { digits } = decodeDigits(octets.subarray(1), 2 * (octets.length - 1));
  return { ok: true, text: international(digits, (type >> 4) & 7) };
}

function international(digits: string, typeOfNumber: number): string {
  return typeOfNumber === INTERNATIONAL && digits !== '' ? `+${digits}` : digits;
}

/**
 * An originating address: `+` and digits as international, digits (and `*`, `#`) as of unknown type, anything else as a name of at most 11
 * septets of the default alphabet, the empty string as an empty address. Throws a RangeError for what fits none of these.
 */
export function encodeAddress(text: string): Uint8Array {
  if (text === '') return Uint8Array.of(0, 0x80);
  if (/^\+?[0-9*#]+$/.test(text)) {
    const digits = text.replace('+', '');
    if (digits.length > MOST_SEMI_OCTETS) throw new RangeError(`sender ${JSON.stringify(text)}: more than ${MOST_SEMI_OCTETS} digits`);
    return concatOctets(Uint8Array.of(digits.length, text.startsWith('+') ? 0x91 : 0x81), encodeDigits(digits) ?? new Uint8Array());
  }
  const septets = encodeSeptets(text)?.flat();
  if (septets === undefined) throw new RangeError(`sender ${JSON.stringify(text)}: a character is not in the GSM 7 bit default alphabet`);
  if (septets.length > MOST_NAME_SEPTETS) throw new RangeError(`sender ${JSON.stringify(text)}: longer than ${MOST_NAME_SEPTETS} septets`);
  return concatOctets(Uint8Array.of(Math.ceil((septets.length * 7) / 4), 0xd0), packSeptets(Uint8Array.from(septets)));
}

/** The service centre field before a TPDU: a single 0 for null, else its length in octets, type and digits. Throws for a non-number. */
export function encodeServiceCentre(number: string | null): Uint8Array {
  if (number === null) return Uint8Array.of(0);
  const digits = number.replace(/^\+/, '');
  const octets = /^[0-9]{1,20}$/.test(digits) ? encodeDigits(digits) : null;
  if (octets === null) throw new RangeError(`smsc ${JSON.stringify(number)}: no telephone number`);
  return concatOctets(Uint8Array.of(octets.length + 1, number.startsWith('+') ? 0x91 : 0x81), octets);
}
