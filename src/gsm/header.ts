import { DEFAULT_LANGUAGE, type Language } from './alphabet.ts';
import type { Fault } from './octets.ts';

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
  /** The same with their places: fields from `header` on, offsets from the start of the user data. */
  faults: Fault[];
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
  const header: Header = {
    octets: length + 1,
    concat: null,
    ports: null,
    language: { ...DEFAULT_LANGUAGE },
    elements: [],
    flags: [],
    faults: [],
  };
  if (length + 1 > userData.length) {
    complain(header, 'header_malformed', 'length', 0, `${length} octets announced, ${userData.length - 1} there: read as no header`);
    return { ...header, octets: 0 };
  }
  let at = 1;
  while (at <= length) {
    const id = userData[at] ?? 0;
    const field = `element[${header.elements.length + 1}]`;
    const size = at < length ? userData[at + 1] : undefined;
    if (size === undefined || at + 1 + size > length) {
      const why = size === undefined ? 'missing' : `${size} octets run over the end of the header, ${length - at - 1} left`;
      complain(header, 'header_malformed', `${field}.length`, at + 1, why);
      break;
    }
    header.elements.push(id);
    applyElement(header, { id, field, at, data: userData.subarray(at + 2, at + 2 + size) });
    at += 2 + size;
  }
  return header;
}

interface Element {
  id: number;
  field: string;
  /** Where its identifier stands in the user data. */
  at: number;
  data: Uint8Array;
}

function applyElement(header: Header, element: Element): void {
  const { id, field, at, data } = element;
  const wanted = ELEMENT_OCTETS.get(id);
  if (wanted === undefined) return;
  if (data.length !== wanted) {
    const why = `${data.length} octets, where element ${id.toString(16).padStart(2, '0')} has ${wanted}`;
    return complain(header, 'header_malformed', `${field}.length`, at + 1, why);
  }
  const [a = 0, b = 0, c = 0, d = 0] = data;
  if (id === CONCAT_8) applyConcat(header, { ref: a, total: b, seq: c, width: 8 }, element);
  else if (id === CONCAT_16) applyConcat(header, { ref: (a << 8) | b, total: c, seq: d, width: 16 }, element);
  else if (id === PORTS_8) header.ports = { destination: a, source: b, width: 8 };
  else if (id === PORTS_16) header.ports = { destination: (a << 8) | b, source: (c << 8) | d, width: 16 };
  else applyLanguage(header, a, element);
}

function complain(header: Header, flag: string, field: string, octet: number, message: string): void {
  if (!header.flags.includes(flag)) header.flags.push(flag);
  header.faults.push({ field: `header.${field}`, octet, message });
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
function applyConcat(header: Header, concat: Concat, { field, at }: Element): void {
  const { seq, total, width } = concat;
  if (seq !== 0 && seq <= total) header.concat = concat;
  else complain(header, 'concat_ignored', `${field}.sequence`, at + (width === 8 ? 4 : 5), `part ${seq} of ${total} cannot be`);
}

function applyLanguage(header: Header, number: number, { id, field, at }: Element): void {
  if (number > LAST_LANGUAGE)
    complain(header, 'language_unknown', `${field}.language`, at + 2, `${number} has no table, ${LAST_LANGUAGE} is the last`);
  else if (id === SINGLE_SHIFT) header.language.single = number;
  else header.language.locking = number;
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
