import { DEFAULT_LANGUAGE, type Language } from './alphabet.ts';

/** Where a part stands in a long message (TS 23.040 9.2.3.24.1 and .8). */
export interface Concat {
  ref: number;
  total: number;
  /** From 1. */
  seq: number;
  /** Bits of the reference: elements 00 and 08 number their messages apart. */
  width: 8 | 16;
}

/** Application ports (TS 23.040 9.2.3.24.3 and .4). */
export interface Ports {
  destination: number;
  source: number;
  width: 8 | 16;
}

/** A user data header. */
export interface Header {
  /** Octets it takes of the user data, its length octet included. */
  octets: number;
  concat: Concat | null;
  ports: Ports | null;
  language: Language;
  /** The identifiers found, in order. */
  elements: number[];
  /** What was wrong with it: `header_malformed`, `concat_ignored`, `language_unknown`. */
  flags: string[];
}

const CONCAT_8 = 0x00;
const PORTS_8 = 0x04;
const PORTS_16 = 0x05;
const CONCAT_16 = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;
const LAST_LANGUAGE = 13;

/**
 * Reads the header at the start of user data (TS 23.040 9.2.3.24). Damage never costs the text: an element that runs over the end of the
 * header ends the reading, one of a wrong length is passed over, and a header longer than the user data is taken for none at all. Each is
 * flagged. Of repeated elements the last one counts.
 */
export function decodeHeader(userData: Uint8Array): Header {
  const length = userData[0] ?? 0;
  const header: Header = { octets: length + 1, concat: null, ports: null, language: { ...DEFAULT_LANGUAGE }, elements: [], flags: [] };
  if (length + 1 > userData.length) return { ...header, octets: 0, flags: ['header_malformed'] };
  const flags = new Set<string>();
  let at = 1;
  while (at <= length) {
    const id = userData[at] ?? 0;
    const size = userData[at + 1];
    if (size === undefined || at + 1 + size > length) {
      flags.add('header_malformed');
      break;
    }
    header.elements.push(id);
    applyElement(header, id, userData.subarray(at + 2, at + 2 + size), flags);
    at += 2 + size;
  }
  header.flags = [...flags];
  return header;
}

function applyElement(header: Header, id: number, data: Uint8Array, flags: Set<string>): void {
  const wanted = ELEMENT_OCTETS.get(id);
  if (wanted === undefined) return;
  if (data.length !== wanted) {
    flags.add('header_malformed');
    return;
  }
  const [a = 0, b = 0, c = 0, d = 0] = data;
  if (id === CONCAT_8) applyConcat(header, { ref: a, total: b, seq: c, width: 8 }, flags);
  else if (id === CONCAT_16) applyConcat(header, { ref: (a << 8) | b, total: c, seq: d, width: 16 }, flags);
  else if (id === PORTS_8) header.ports = { destination: a, source: b, width: 8 };
  else if (id === PORTS_16) header.ports = { destination: (a << 8) | b, source: (c << 8) | d, width: 16 };
  else applyLanguage(header.language, id, a, flags);
}

const ELEMENT_OCTETS: ReadonlyMap<number, number> = new Map([
  [CONCAT_8, 3],
  [CONCAT_16, 4],
  [PORTS_8, 2],
  [PORTS_16, 4],
  [SINGLE_SHIFT, 1],
  [LOCKING_SHIFT, 1],
]);

/** A part 0, a part past the total, or a total of 0 makes the element void: the message stands alone. */
function applyConcat(header: Header, concat: Concat, flags: Set<string>): void {
  if (concat.seq === 0 || concat.seq > concat.total) flags.add('concat_ignored');
  else header.concat = concat;
}

function applyLanguage(language: Language, id: number, number: number, flags: Set<string>): void {
  if (number > LAST_LANGUAGE) flags.add('language_unknown');
  else if (id === SINGLE_SHIFT) language.single = number;
  else language.locking = number;
}

/** The elements an encoder writes: a whole header with its length octet, or no octets when there is nothing to say. */
export function encodeHeader(concat: Concat | null, language: Language): Uint8Array {
  const elements: number[] = [];
  if (concat?.width === 8) elements.push(CONCAT_8, 3, concat.ref, concat.total, concat.seq);
  if (concat?.width === 16) elements.push(CONCAT_16, 4, concat.ref >> 8, concat.ref & 0xff, concat.total, concat.seq);
  if (language.single !== 0) elements.push(SINGLE_SHIFT, 1, language.single);
  if (language.locking !== 0) elements.push(LOCKING_SHIFT, 1, language.locking);
  return elements.length === 0 ? new Uint8Array() : Uint8Array.of(elements.length, ...elements);
}
