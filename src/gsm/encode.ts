import { encodeAddress, encodeServiceCentre } from './address.ts';
import { DEFAULT_LANGUAGE, encodeSeptets, type Language } from './alphabet.ts';
import { decodeCoding } from './coding.ts';
import { type Concat, encodeHeader } from './header.ts';
import { concatOctets, toHex } from './octets.ts';
import { headerSeptets, packSeptets, USER_DATA_SEPTETS } from './septets.ts';
import { encodeTimestamp } from './timestamp.ts';
import { encodeUcs2 } from './userdata.ts';

/** An SMS to be written as SMS-DELIVER PDUs, as a network would hand it to a modem. */
export interface DeliverSms {
  /** `+49…`, digits, a name of at most 11 septets, or '' for none. */
  sender: string;
  text: string;
  /** When the network took it, milliseconds since 1970; the time stamp keeps whole seconds. */
  atMs: number;
  /** The network's zone east of UTC, a multiple of 15; 0 by default. */
  zoneMinutes?: number;
  /** Reference of a long message, 0 to 255 or 65535; 0 by default. */
  ref?: number;
  refWidth?: 8 | 16;
  /** Data coding scheme; by default 0x00 where the text fits the GSM 7 bit alphabet (of `language`), else 0x08. */
  dcs?: number;
  pid?: number;
  /** National language tables for the GSM 7 bit alphabet. */
  language?: Language;
  smsc?: string;
}

export interface EncodedPdu {
  /** Upper-case hex, service centre first. */
  pdu: string;
  /** The TPDU's length in octets, service centre not counted, as +CMGR and +CMGL print it. */
  length: number;
}

const USER_DATA_OCTETS = 140;
const MOST_PARTS = 255;
const MORE_TO_SEND_NOT = 0x04;
const HAS_HEADER = 0x40;

/**
 * Writes an SMS as one PDU, or as several with a concatenation header. No character is cut by a part boundary: neither an escape and its
 * septet nor a surrogate pair. Throws a RangeError that names the field for what cannot be written: more than 255 parts, a text the asked
 * coding has no characters for, a lone surrogate, a sender or time stamp out of range.
 */
export function encodeDeliver(sms: DeliverSms): EncodedPdu[] {
  const body = writeBody(sms);
  const language = body.coding === 'gsm7' ? (sms.language ?? DEFAULT_LANGUAGE) : DEFAULT_LANGUAGE;
  const single = split(body, encodeHeader(null, language).length);
  if (single.length <= 1) return [writePdu(sms, body, single[0] ?? [], encodeHeader(null, language))];
  const width = sms.refWidth ?? 8;
  const ref = sms.ref ?? 0;
  if (!(Number.isInteger(ref) && ref >= 0 && ref < 2 ** width)) throw new RangeError(`ref ${ref} does not fit ${width} bits`);
  const header = (seq: number, total: number) => encodeHeader({ ref, total, seq, width } satisfies Concat, language);
  const parts = split(body, header(1, 1).length);
  if (parts.length > MOST_PARTS) throw new RangeError(`text needs ${parts.length} parts, at most ${MOST_PARTS} are possible`);
  return parts.map((units, i) => writePdu(sms, body, units, header(i + 1, parts.length)));
}

/** A text in units that must not be cut: septet runs of one character, or UTF-16 code units of one. */
interface Body {
  coding: 'gsm7' | 'ucs2';
  dcs: number;
  characters: number[][];
}

function writeBody(sms: DeliverSms): Body {
  const septets = encodeSeptets(sms.text, sms.language);
  const dcs = sms.dcs ?? (septets === null ? 0x08 : 0x00);
  const coding = decodeCoding(dcs).name;
  if (coding === 'gsm7') {
    if (septets === null) throw new RangeError(`text: a character is not in the GSM 7 bit alphabet that dcs ${dcs} asks for`);
    return { coding, dcs, characters: septets };
  }
  if (coding !== 'ucs2') throw new RangeError(`dcs ${dcs}: only GSM 7 bit and UCS2 texts are written`);
  if (!sms.text.isWellFormed()) throw new RangeError('text: a lone surrogate');
  const units = (character: string) => Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return { coding, dcs, characters: [...sms.text].map(units) };
}

/** The body in runs that fit one PDU each beside a header of so many octets. */
function split(body: Body, headerOctets: number): number[][] {
  const room = body.coding === 'gsm7' ? USER_DATA_SEPTETS - headerSeptets(headerOctets) : Math.floor((USER_DATA_OCTETS - headerOctets) / 2);
  const parts: number[][] = [];
  let part: number[] = [];
  for (const character of body.characters) {
    if (part.length + character.length > room) {
      parts.push(part);
      part = [];
    }
    part.push(...character);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function writePdu(sms: DeliverSms, body: Body, units: number[], header: Uint8Array): EncodedPdu {
  const tpdu = concatOctets(
    Uint8Array.of(MORE_TO_SEND_NOT | (header.length > 0 ? HAS_HEADER : 0)),
    encodeAddress(sms.sender),
    Uint8Array.of(sms.pid ?? 0, body.dcs),
    encodeTimestamp(sms.atMs, sms.zoneMinutes),
    writeUserData(body.coding, units, header),
  );
  return { pdu: toHex(concatOctets(encodeServiceCentre(sms.smsc ?? null), tpdu)), length: tpdu.length };
}

/** UDL and UD. Septets start at a septet boundary after the header, fill bits between. */
function writeUserData(coding: 'gsm7' | 'ucs2', units: number[], header: Uint8Array): Uint8Array {
  if (coding === 'ucs2') {
    const body = encodeUcs2(String.fromCharCode(...units));
    return concatOctets(Uint8Array.of(header.length + body.length), header, body);
  }
  const skip = headerSeptets(header.length);
  const octets = packSeptets(Uint8Array.from(units), skip);
  octets.set(header);
  return concatOctets(Uint8Array.of(skip + units.length), octets);
}
