import { DEFAULT_LANGUAGE, decodeSeptets, type Language } from './alphabet.ts';
import type { Coding, CodingName } from './coding.ts';
import { type Concat, decodeHeader, type Header, type Ports } from './header.ts';
import type { Cursor, Fault } from './octets.ts';
import { headerSeptets, unpackSeptets } from './septets.ts';

/** A user data field, read (TS 23.040 9.2.3.16 and 9.2.3.24). */
export interface UserData {
  /** Null when there is no text to show: 8 bit data, compressed, or nothing of the field was there to read. */
  text: string | null;
  /** UDL as sent: septets for gsm7, octets otherwise. Null when even that was missing. */
  length: number | null;
  /** The field as sent, header included; shorter than UDL says when it was cut off. */
  octets: Uint8Array;
  /** How many of those octets are the header, its length octet included. */
  headerOctets: number;
  /** The septets after the header, of a gsm7 field; null otherwise. */
  septets: Uint8Array | null;
  language: Language;
  concat: Concat | null;
  ports: Ports | null;
  flags: string[];
}

/**
 * Reads UDL and UD at the cursor. A field that is cut off gives what is there, sets the cursor's failure and is flagged `truncated`;
 * octets after it are flagged `trailing_octets`.
 */
export function readUserData(cursor: Cursor, field: string, coding: Coding, hasHeader: boolean): UserData {
  const length = cursor.octet(`${field}.length`);
  const startsAt = cursor.at;
  const octets = length === null ? new Uint8Array() : takeOctets(cursor, field, coding.name, length);
  const flags: string[] = [];
  if (cursor.failure !== null) flags.push('truncated');
  if (cursor.left > 0) {
    flags.push('trailing_octets');
    cursor.note(field, `${cursor.left} octets stand after its end`, cursor.at);
  }
  if (hasHeader && octets.length === 0) cursor.fail(`${field}.header`, 'announced, but the user data is empty');
  const header = hasHeader && octets.length > 0 ? decodeHeader(octets) : null;
  if (header) flags.push(...header.flags);
  const complain = (flag: string | null, fault: Fault) => {
    if (flag !== null) flags.push(flag);
    cursor.note(`${field}.${fault.field}`, fault.message, startsAt + fault.octet);
  };
  for (const fault of header?.faults ?? []) complain(null, fault);
  const parts = readBody(octets, length ?? 0, coding.name, header, complain);
  return {
    ...parts,
    length,
    octets,
    headerOctets: header?.octets ?? 0,
    concat: header?.concat ?? null,
    ports: header?.ports ?? null,
    flags,
  };
}

function takeOctets(cursor: Cursor, field: string, coding: CodingName, length: number): Uint8Array {
  const wanted = coding === 'gsm7' ? Math.ceil((length * 7) / 8) : length;
  if (wanted > cursor.left) cursor.fail(field, `length ${length} needs ${wanted} octets, ${cursor.left} there`);
  return cursor.take(Math.min(wanted, cursor.left), field) ?? new Uint8Array();
}

type Complain = (flag: string, fault: Fault) => void;

function readBody(octets: Uint8Array, length: number, coding: CodingName, header: Header | null, complain: Complain) {
  const headerOctets = header?.octets ?? 0;
  const language = header?.language ?? DEFAULT_LANGUAGE;
  if (coding === 'gsm7') {
    const skip = headerSeptets(headerOctets);
    const septets = unpackSeptets(octets, length - skip, skip);
    return { text: decodeSeptets(septets, language), septets, language };
  }
  const body = octets.subarray(headerOctets);
  if (coding !== 'ucs2') return { text: null, septets: null, language };
  if (body.length % 2 === 1)
    complain('odd_ucs2', { field: 'text', octet: octets.length - 1, message: 'half a UCS2 character at the end is dropped' });
  const units = utf16Of(body);
  const text = units.toWellFormed();
  if (text !== units) {
    const message = 'half a surrogate pair is shown as U+FFFD';
    complain('replacement_character', { field: 'text', octet: headerOctets + 2 * firstLone(body), message });
  }
  return { text, septets: null, language };
}

/** The place, in units, of the first surrogate without its partner. */
function firstLone(octets: Uint8Array): number {
  const isSurrogate = (unit: number, kind: number) => ((octets[2 * unit] ?? 0) & 0xfc) === kind;
  const units = octets.length >> 1;
  for (let unit = 0; unit < units; unit++) {
    if (isSurrogate(unit, 0xdc)) return unit;
    if (!isSurrogate(unit, 0xd8)) continue;
    if (unit + 1 >= units || !isSurrogate(unit + 1, 0xdc)) return unit;
    unit++;
  }
  return units;
}

/**
 * UCS2 octets as text: UTF-16BE in practice, so pairs of surrogates are one character. A lone surrogate becomes U+FFFD, an odd last octet
 * is dropped, and so is a byte order mark at the start.
 */
export function decodeUcs2(octets: Uint8Array): string {
  return utf16Of(octets).toWellFormed();
}

function utf16Of(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    const unit = ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0);
    if (i > 0 || unit !== 0xfeff) text += String.fromCharCode(unit);
  }
  return text;
}

/** Text as UTF-16BE octets. */
export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    octets[2 * i] = unit >> 8;
    octets[2 * i + 1] = unit & 0xff;
  }
  return octets;
}

/**
 * 8 bit data as an operator may be shown it: null unless it is well-formed UTF-8 without control characters (line ends and tabs aside).
 * Never a message text: what 8 bit data means is between its sender and an application.
 */
export function printableOctets(octets: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return text === '' || /[^\P{C}\n\r\t]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}
