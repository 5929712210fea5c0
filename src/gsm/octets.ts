/** What became of a hex line: the whole octets in it, and what was wrong with the rest. */
export interface HexReading {
  octets: Uint8Array;
  /** Null for clean hex; else the field path, the octet offset and the reason. */
  error: string | null;
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
  if (digits === '') return { octets, error: 'pdu.hex at octet 0: empty' };
  if (clean.length < digits.length) {
    return { octets, error: `pdu.hex at octet ${octets.length}: character ${clean.length + 1} is no hex digit` };
  }
  if (clean.length % 2 === 1) return { octets, error: `pdu.hex at octet ${octets.length}: odd number of hex digits` };
  return { octets, error: null };
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

/** A place in a run of octets that moves on as fields are taken. Running out is a value (null) and is remembered as the error. */
export class Cursor {
  readonly octets: Uint8Array;
  at: number;
  /** The first thing that went wrong: `<field path> at octet <offset>: <why>`. */
  error: string | null = null;

  constructor(octets: Uint8Array, at: number) {
    this.octets = octets;
    this.at = at;
  }

  get left(): number {
    return this.octets.length - this.at;
  }

  /** The next `count` octets, or null (and an error) when fewer are left. `field` is the path named in the error. */
  take(count: number, field: string): Uint8Array | null {
    if (count > this.left) return this.fail(field, `needs ${count} octet${count === 1 ? '' : 's'}, ${this.left} left`);
    this.at += count;
    return this.octets.subarray(this.at - count, this.at);
  }

  /** The next octet as a number, or null (and an error) at the end. */
  octet(field: string): number | null {
    return this.take(1, field)?.[0] ?? null;
  }

  /** Records what is wrong with a field, at the present offset unless another is given; the first record stays. */
  fail(field: string, why: string, at: number = this.at): null {
    this.error ??= `${field} at octet ${at}: ${why}`;
    return null;
  }
}
