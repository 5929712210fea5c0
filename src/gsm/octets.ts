/** Something wrong, with its place. */
export interface Fault {
  /** The path of the field, such as `deliver.user_data.header.element[1].length`; elements count from 1. */
  field: string;
  /** The offset of its first octet, from the start of the hex. */
  octet: number;
  /** In plain words. */
  message: string;
}

/** A fault in one line: `<field path> at octet <offset>: <why>`. */
export function faultText({ field, octet, message }: Fault): string {
  return `${field} at octet ${octet}: ${message}`;
}

/** What became of a hex line: the whole octets in it, and what was wrong with the rest. */
export interface HexReading {
  octets: Uint8Array;
  /** Null for clean hex. */
  fault: Fault | null;
}

/**
 * Reads a line of hex (either case, white space around it ignored). A character that is no hex digit ends the reading there; a lone last
 * digit is dropped. Both are reported, and the octets before them are still returned.
 */
export function parseHex(line: string): HexReading {
  const digits = line.trim();
  const clean = /^[0-9A-Fa-f]*/.exec(digits)?.[0] ?? '';
  const octets = new Uint8Array(clean.length >> 1);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(clean.slice(2 * i, 2 * i + 2), 16);
  const why = hexFault(digits, clean);
  return { octets, fault: why === null ? null : { field: 'pdu.hex', octet: octets.length, message: why } };
}

function hexFault(digits: string, clean: string): string | null {
  if (digits === '') return 'empty';
  if (clean.length < digits.length) return `character ${clean.length + 1} is no hex digit`;
  return clean.length % 2 === 1 ? 'odd number of hex digits' : null;
}

/** Octets as upper-case hex, the way modems print PDUs. */
export function toHex(octets: Uint8Array): string {
  let hex = '';
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0');
  return hex.toUpperCase();
}

/** Several runs of octets as one. */
export function concatOctets(...runs: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    whole.set(run, at);
    at += run.length;
  }
  return whole;
}

/** A place in a run of octets that moves on as fields are taken. Running out is a value (null) and is remembered as the failure. */
export class Cursor {
  readonly octets: Uint8Array;
  at: number;
  /** All that was wrong, in the order it was found, the failure among it. */
  readonly faults: Fault[] = [];
  /** The first fault that ended the reading of something; null while all could be read. */
  failure: Fault | null = null;

  constructor(octets: Uint8Array, at: number) {
    this.octets = octets;
    this.at = at;
  }

  get left(): number {
    return this.octets.length - this.at;
  }

  /** The next `count` octets, or null (and a failure) when fewer are left. `field` is the path named in the error. */
  take(count: number, field: string): Uint8Array | null {
    if (count > this.left) return this.fail(field, `needs ${count} octet${count === 1 ? '' : 's'}, ${this.left} left`);
    this.at += count;
    return this.octets.subarray(this.at - count, this.at);
  }

  /** The next octet as a number, or null (and a failure) at the end. */
  octet(field: string): number | null {
    return this.take(1, field)?.[0] ?? null;
  }

  /** Records why a field cannot be read, at the present offset unless another is given; the first record stays. */
  fail(field: string, message: string, octet: number = this.at): null {
    if (this.failure !== null) return null;
    this.failure = { field, octet, message };
    this.faults.push(this.failure);
    return null;
  }

  /** Records what is wrong with a field that could be read all the same. */
  note(field: string, message: string, octet: number): void {
    this.faults.push({ field, octet, message });
  }
}
