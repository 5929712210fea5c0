import { decodeBcd, encodeBcd } from './semioctets.ts';

/** A service centre time stamp (TS 23.040 9.2.3.11) that names a real moment. */
export interface Timestamp {
  /** RFC 3339 with the zone offset of the network that stamped it, e.g. `2011-02-28T11:50:50-05:00`. */
  text: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  atMs: number;
}

const MINUTES_A_QUARTER = 15;
const MOST_QUARTERS = 79;
/** Two-digit years from here on are of the last century: the first SMS was sent in 1992. */
const LAST_CENTURY_FROM = 90;

/**
 * The zone octet in quarter hours: bit 3 is the sign, three bits tens, four bits units. Units above 9 occur in the wild (0xC2 is 32
 * quarters) and are computed, not refused.
 */
export function zoneQuarters(octet: number): number {
  const quarters = (octet & 0x07) * 10 + (octet >> 4);
  return octet & 0x08 ? -quarters : quarters;
}

/** Reads the seven octets of a time stamp; null when a digit is no digit or the date or time does not exist. */
export function decodeTimestamp(octets: Uint8Array): Timestamp | null {
  const fields = Array.from(octets.subarray(0, 6), decodeBcd);
  const [shortYear, month, day, hour, minute, second] = fields;
  const zone = octets[6];
  if (shortYear == null || month == null || day == null || hour == null || minute == null || second == null || zone === undefined)
    return null;
  const year = shortYear + (shortYear >= LAST_CENTURY_FROM ? 1900 : 2000);
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const local = new Date(localMs).toISOString().slice(0, 19);
  // Date.UTC carries what overflows (31 April becomes 1 May), so a date that does not exist comes back different.
  const asked = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  if (local !== asked) return null;
  const offsetMinutes = zoneQuarters(zone) * MINUTES_A_QUARTER;
  return { text: asked + zoneText(offsetMinutes), atMs: localMs - offsetMinutes * 60_000 };
}

/**
 * A moment as seven octets in a zone. `zoneMinutes` is a multiple of 15 within ±19:45. Throws a RangeError for another zone and for years
 * outside 1990 to 2089, which two digits cannot tell apart.
 */
export function encodeTimestamp(atMs: number, zoneMinutes = 0): Uint8Array {
  const quarters = zoneMinutes / MINUTES_A_QUARTER;
  if (!Number.isInteger(quarters) || Math.abs(quarters) > MOST_QUARTERS) throw new RangeError(`zone of ${zoneMinutes} minutes`);
  const local = new Date(atMs + zoneMinutes * 60_000);
  const year = local.getUTCFullYear();
  if (!(year >= 1900 + LAST_CENTURY_FROM && year < 2000 + LAST_CENTURY_FROM))
    throw new RangeError(`time stamp of ${atMs} ms: year ${year}`);
  const fields = [
    year % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  const zone = encodeBcd(Math.abs(quarters)) | (quarters < 0 ? 0x08 : 0);
  return Uint8Array.from([...fields.map(encodeBcd), zone]);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function zoneText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
