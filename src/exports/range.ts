/** Octets `start` to `end`, both inclusive. */
export interface OctetRange {
  start: number;
  end: number;
}

const MANY = /^bytes=\s*\S/i;
const ONE = /^bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i;

/**
 * What a Range header asks of a file of `size` octets (RFC 9110 14): one range, `unsatisfiable` (416), or null for the whole file: none was asked, its unit or
 * form is not known, or several were asked, which a server may answer with everything.
 */
export function readRange(header: string | null, size: number): OctetRange | 'unsatisfiable' | null {
  if (header === null || !MANY.test(header)) return null;
  const [, first, last] = ONE.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** The state of a file by which a client tells whether what it has is still the same. */
export interface Validators {
  /** Strong, with its quotation marks. */
  etag: string;
  modifiedMs: number;
}

/** True when a range may be answered: no If-Range, or it names this very state (RFC 9110 13.1.5: a weak tag never does). */
export function ifRangeHolds(header: string | null, { etag, modifiedMs }: Validators): boolean {
  if (header === null) return true;
  if (/^(W\/)?"/.test(header)) return header === etag;
  return Date.parse(header) === Math.floor(modifiedMs / 1000) * 1000;
}

/** True when the client has this state already: 304. If-None-Match is compared weakly and beats If-Modified-Since (RFC 9110 13.2.2). */
export function isUnchanged(
  headers: { noneMatch: string | null; modifiedSince: string | null },
  { etag, modifiedMs }: Validators,
): boolean {
  const { noneMatch, modifiedSince } = headers;
  if (noneMatch !== null) return noneMatch.trim() === '*' || noneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  return modifiedSince !== null && Math.floor(modifiedMs / 1000) * 1000 <= Date.parse(modifiedSince);
}
