import type { AtChannel, AtCommand } from './at.ts';
import { ICCID_QUERIES, queryImsi, queryOwnNumber } from './commands.ts';
import { fieldsOf } from './fields.ts';
import { ErrorCode } from './finals.ts';

const INTERNATIONAL = '145';
const E164 = /^\+[1-9]\d{6,14}$/;
const BUSY_RETRIES = 3;
const BUSY_RETRY_MS = 2_000;
const CHECK_DIGIT_FROM = 18;

/** Reads the card's ICCID by whichever command this modem knows, and keeps to that one: two commands may differ in the check digit. */
export class IccidReader {
  private known: AtCommand | null = null;

  /** The ICCID, or null when no command tells one now. */
  async read(channel: AtChannel): Promise<string | null> {
    for (const command of this.known === null ? ICCID_QUERIES : [this.known]) {
      const result = await channel.send(command);
      if (!result.ok && result.kind !== 'error') return null;
      const iccid = result.ok ? iccidIn(result.lines[0]?.text ?? '') : null;
      if (iccid === null) continue;
      this.known = command;
      return iccid;
    }
    return null;
  }
}

function iccidIn(line: string): string | null {
  return line.startsWith('+CRSM:') ? iccidOfFile(line) : normaliseIccid(fieldsOf(line)[0] ?? '');
}

/** An ICCID as printed on the card: filler removed, nibbles turned when the modem gave the file as it is (98…); null when it is none. */
export function normaliseIccid(raw: string): string | null {
  const text = raw.replaceAll('"', '').trim().toUpperCase();
  const turned = text.startsWith('98') ? swapNibbles(text) : text;
  const iccid = turned.replace(/F+$/, '');
  return /^89[0-9]{4}[0-9A-F]{12,16}$/.test(iccid) ? iccid : null;
}

/** True when both name the same card; the check digit, which some modems leave out, is not compared. */
export function sameIccid(left: string, right: string): boolean {
  return left.slice(0, CHECK_DIGIT_FROM) === right.slice(0, CHECK_DIGIT_FROM);
}

/** `+CRSM: 144,0,"98…"`: EF-ICCID, swapped nibbles (TS 51.011 10.1.1). */
function iccidOfFile(line: string): string | null {
  const [status, , data] = fieldsOf(line);
  return status === '144' && data !== undefined ? normaliseIccid(swapNibbles(data.toUpperCase())) : null;
}

function swapNibbles(hex: string): string {
  return hex.replace(/(.)(.)/g, '$2$1');
}

/** The IMSI, or null. */
export async function readImsi(channel: AtChannel): Promise<string | null> {
  const result = await channel.send(queryImsi);
  return result.ok ? (/\d{6,15}/.exec(result.lines[0]?.text ?? '')?.[0] ?? null) : null;
}

/** The SIM's own number in E.164 as +CNUM tells it, or null: most SIMs do not know theirs, and a national form tells no country. */
export async function readOwnNumber(channel: AtChannel, busyRetryMs = BUSY_RETRY_MS): Promise<string | null> {
  for (let attempt = 0; attempt < BUSY_RETRIES; attempt++) {
    const result = await channel.send(queryOwnNumber);
    if (result.ok) return result.lines.map((line) => numberIn(line.text)).find((number) => number !== null) ?? null;
    if (result.kind !== 'error' || result.code !== ErrorCode.simBusy) return null;
    await Bun.sleep(busyRetryMs);
  }
  return null;
}

/** `+CNUM: [alpha],"number",type[,…]`; type 145 is international, with or without its `+`. */
function numberIn(line: string): string | null {
  const fields = fieldsOf(line);
  const type = fields.indexOf(INTERNATIONAL);
  const candidates = [fields[1] ?? '', type > 0 ? `+${fields[type - 1]?.replace(/^\+/, '') ?? ''}` : ''];
  return candidates.find((candidate) => E164.test(candidate)) ?? null;
}
