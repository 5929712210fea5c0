import { canonicalIccid, swapNibbles } from '../../lib/iccid.ts';
import type { AtChannel, AtCommand, AtResult } from '../at/channel.ts';
import { ICCID_QUERIES, queryImsi, queryOwnNumber } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { BUSY_CODES, ErrorCode } from '../at/finals.ts';

const INTERNATIONAL = '145';
const E164 = /^\+[1-9]\d{6,14}$/;
const BUSY_RETRIES = 3;
const BUSY_RETRY_MS = 2_000;

/** Sends one command, at once or when its turn comes; null when its turn will not come any more. */
export type SendCommand = (command: AtCommand) => Promise<AtResult | null>;

/** Reads the card's ICCID by whichever command this modem knows, and keeps to that one. */
export class IccidReader {
  private readonly busyRetryMs: number;
  private known: AtCommand | null = null;

  constructor(busyRetryMs = BUSY_RETRY_MS) {
    this.busyRetryMs = busyRetryMs;
  }

  /** The ICCID in its canonical form, or null when no command tells one now. A busy SIM is asked the same again before anything else. */
  async read(send: SendCommand): Promise<string | null> {
    for (const command of this.known === null ? ICCID_QUERIES : [this.known]) {
      const result = await this.patiently(send, command);
      if (result === null || (!result.ok && result.kind !== 'error')) return null;
      const iccid = result.ok ? iccidIn(result.lines[0]?.text ?? '') : null;
      if (iccid === null) continue;
      this.known = command;
      return iccid;
    }
    return null;
  }

  private async patiently(send: SendCommand, command: AtCommand): Promise<AtResult | null> {
    for (let attempt = 0; ; attempt++) {
      const result = await send(command);
      if (result === null || !isBusy(result) || attempt === BUSY_RETRIES) return result;
      await Bun.sleep(this.busyRetryMs);
    }
  }
}

function isBusy(result: AtResult): boolean {
  return !result.ok && result.kind === 'error' && BUSY_CODES.some((code) => code === result.code);
}

function iccidIn(line: string): string | null {
  return line.startsWith('+CRSM:') ? iccidOfFile(line) : canonicalIccid(fieldsOf(line)[0] ?? '');
}

/** `+CRSM: 144,0,"98…"`: EF-ICCID, swapped nibbles (TS 51.011 10.1.1). */
function iccidOfFile(line: string): string | null {
  const [status, , data] = fieldsOf(line);
  return status === '144' && data !== undefined ? canonicalIccid(swapNibbles(data)) : null;
}

/** The IMEI if it tells this modem from others: null when unknown or blank (all digits alike, as unprogrammed modules have it). */
export function distinctImei(imei: string | null): string | null {
  return imei === null || /^(.?)\1*$/.test(imei) ? null : imei;
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
