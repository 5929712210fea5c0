import { decodePdu } from '../../gsm/deliver.ts';
import type { AtLine } from '../at/channel.ts';
import { fieldsOf, numberOf } from '../at/fields.ts';

/** One message as a +CMGL or +CMGR answer shows it. */
export interface Entry {
  index: number;
  /** <stat>: 0 unread, 1 read, 2 unsent, 3 sent; null when not given. */
  stat: number | null;
  /** Upper-case hex, or whatever stood in its place. */
  pdu: string;
  /** <length> of the header, null when the framing is damaged: hex odd, no hex, or a length that fits no reading of it. */
  length: number | null;
  atMs: number;
  monotonicMs: number;
}

const HEX = /^[0-9A-F]+$/;
/** What fills an empty slot: `00`, or `00FF…` on MC35i. */
const FILLER = /^(00)?(FF)*$/;
const OUTGOING_STAT = 2;

/** The entries of a `+CMGL` answer (TS 27.005 4.1); headers without an index and empty slots are left out. */
export function parseListing(lines: readonly AtLine[]): Entry[] {
  return lines.flatMap((line) => {
    const [index, stat] = fieldsOf(line.text);
    const number = numberOf(index);
    return number === null ? [] : entryOf(number, numberOf(stat), line);
  });
}

/** The entry of a `+CMGR` answer (TS 27.005 4.2), or null when the slot is empty (a bare OK, `+CMGR: 0,,0`). */
export function parseReading(index: number, lines: readonly AtLine[]): Entry | null {
  const [line] = lines;
  return line === undefined ? null : (entryOf(index, numberOf(fieldsOf(line.text)[0]), line)[0] ?? null);
}

/**
 * The places in use as `+CMGD: (1,22),(0-4)` tells them (TS 27.005 3.5.4); null when it tells none or a range: that is what there might be, and
 * Huawei's `(1-4095)` is not even that.
 */
export function placesIn(line: string): number[] | null {
  const group = /^\+CMGD: ?\(([^()]*)\)/.exec(line)?.[1];
  if (group === undefined || !/^\d{1,5}(, ?\d{1,5})*$/.test(group)) return null;
  return group.split(',').map(Number);
}

/** True for a message this side wrote (unsent or sent), which waits for nobody. */
export function isOutgoing(entry: Entry): boolean {
  return entry.stat !== null && entry.stat >= OUTGOING_STAT;
}

function entryOf(index: number, stat: number | null, line: AtLine): Entry[] {
  const { pdu, atMs, monotonicMs } = line;
  if (pdu === null || FILLER.test(pdu)) return [];
  return [{ index, stat, pdu, length: line.isDoubtful === true ? null : fittingLength(line.text, pdu), atMs, monotonicMs }];
}

/**
 * The header's <length> when the PDU's octets agree with it, with the service centre counted apart as the standard says, or, as some modems
 * do it, absent or counted in. Some headers end in a further `,0`, so the field before the last may be the length.
 */
function fittingLength(header: string, pdu: string): number | null {
  const fields = fieldsOf(header);
  return [fields.at(-1), fields.at(-2)].map(numberOf).find((length) => length !== null && fits(pdu, length)) ?? null;
}

/** True when `pdu` is whole octets of hex and as long as `length` says, with or without its service centre. */
export function fits(pdu: string, length: number): boolean {
  if (length === 0 || pdu.length % 2 !== 0 || !HEX.test(pdu)) return false;
  const octets = pdu.length / 2;
  const serviceCentre = 1 + Number.parseInt(pdu.slice(0, 2), 16);
  return octets === serviceCentre + length || (octets === length && isWhole(pdu));
}

/**
 * A line that lost as many octets as its service centre has looks just like one whose header counts the service centre. It is whole when its
 * own length of user data (TS 23.040 9.2.3.16) agrees with what is there.
 */
function isWhole(pdu: string): boolean {
  const { flags, error } = decodePdu(pdu, { smsc: 'auto' });
  return error === null && !flags.includes('truncated') && !flags.includes('trailing_octets');
}
