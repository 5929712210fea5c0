import { canonicalIccid } from '../../lib/iccid.ts';
import type { AtChannel, AtCommand, AtResult } from '../at/channel.ts';
import { query, queryImsi, SIM_MS } from '../at/commands.ts';
import { fieldsOf } from '../at/fields.ts';
import { BUSY_CODES } from '../at/finals.ts';

const BUSY_RETRIES = 3;
const BUSY_RETRY_MS = 2_000;

/** Sends one command, at once or when its turn comes; null when its turn will not come any more. */
export type SendCommand = (command: AtCommand) => Promise<AtResult | null>;

/** READ BINARY of EF-ICCID (2FE2, TS 51.011 10.1.1, TS 102 221 13.2), whose ten octets every card has. */
const FILE_QUERY = 'AT+CRSM=176,12258,0,0,10';
const ASKING = ['AT+CCID', 'AT+QCCID', 'AT+ICCID', 'AT+CICCID', 'AT^ICCID?', 'AT#CCID', 'AT^SCID', 'AT!ICCID?', 'AT+ZGETICCID'];
/** Some answer under another's name, or without the sign before it. */
const NAMES = [
  '+CCID:',
  '+QCCID:',
  '+ICCID:',
  '+CICCID:',
  '^ICCID:',
  '#CCID:',
  '^SCID:',
  '!ICCID:',
  '+ZGETICCID:',
  'ICCID:',
  'CCID:',
  'SCID:',
];
const ICCID_LINE = /^"?[0-9A-Fa-f]{18,22}"?$/;

/**
 * The file first: it holds the card's ICCID whole, so all modems tell the same form of it, while the makers' commands leave the check digit
 * out, turn the nibbles or not, each in its way. Those serve where the modem reads no files, as some do not before the PIN.
 */
const ICCID_QUERIES: readonly AtCommand[] = [
  query(FILE_QUERY, SIM_MS),
  ...ASKING.map((text): AtCommand => ({ text, timeoutMs: SIM_MS, prefixes: NAMES, bare: ICCID_LINE })),
];
/** Status words by which a card says that the data is good, as decimal SW1 (TS 51.011 9.4): 90, 91, 92, 9F. */
const GOOD_STATUS = ['144', '145', '146', '159'];

/** Reads the card's ICCID by whichever command this modem knows, and keeps to that one. */
export class IccidReader {
  private readonly knownAs: (iccid: string) => string | null;
  private readonly busyRetryMs: number;
  private known: AtCommand | null = null;
  /** Commands that were not even refused: asked again only after all others. */
  private readonly silent = new Set<AtCommand>();

  /** `knownAs` tells the form in which a card is known already (CardMemory), so that it stays one card whichever modem it is in. */
  constructor(knownAs: (iccid: string) => string | null = () => null, busyRetryMs = BUSY_RETRY_MS) {
    this.knownAs = knownAs;
    this.busyRetryMs = busyRetryMs;
  }

  /**
   * The ICCID in its canonical form, as known already or else as the modem tells it; null when no command tells one now. A busy SIM is asked
   * the same again before anything else.
   */
  async read(send: SendCommand): Promise<string | null> {
    for (const command of this.candidates()) {
      const result = await this.patiently(send, command);
      if (result !== null && !result.ok && result.kind === 'timeout') this.silent.add(command);
      if (result === null || (!result.ok && result.kind !== 'error')) return null;
      const iccid = result.ok ? (result.lines.map(({ text }) => iccidIn(text)).find((found) => found !== null) ?? null) : null;
      if (iccid === null) continue;
      this.known = command;
      return this.knownAs(iccid) ?? iccid;
    }
    return null;
  }

  private candidates(): readonly AtCommand[] {
    const { known } = this;
    const others = ICCID_QUERIES.filter((command) => command !== known && !this.silent.has(command));
    // The one that told it before may be refused now, as before a PIN.
    return [...(known === null ? [] : [known]), ...others, ...[...this.silent].filter((command) => command !== known)];
  }

  private async patiently(send: SendCommand, command: AtCommand): Promise<AtResult | null> {
    for (let attempt = 0; ; attempt++) {
      const result = await send(command);
      if (result === null || !isBusy(result) || attempt === BUSY_RETRIES) return result;
      await Bun.sleep(this.busyRetryMs);
    }
  }
}

export function isBusy(result: AtResult): boolean {
  return !result.ok && result.kind === 'error' && BUSY_CODES.some((code) => code === result.code);
}

/** `+CRSM: 144,0,"98…"` as it lies in the file, or an answer that is the ICCID, alone or before other fields. */
function iccidIn(line: string): string | null {
  const fields = fieldsOf(line);
  if (!line.startsWith('+CRSM:')) return canonicalIccid(fields[0] ?? '');
  const [status = '', , data = ''] = fields;
  return GOOD_STATUS.includes(status) ? canonicalIccid(data) : null;
}

/** The IMEI if it tells this modem from others: null when unknown or blank (all digits alike, as unprogrammed modules have it). */
export function distinctImei(imei: string | null): string | null {
  return imei === null || /^(.?)\1*$/.test(imei) ? null : imei;
}

/** The IMSI, or null. */
export async function readImsi(channel: Pick<AtChannel, 'send'>): Promise<string | null> {
  const result = await channel.send(queryImsi);
  return result.ok ? (/\d{6,15}/.exec(result.lines[0]?.text ?? '')?.[0] ?? null) : null;
}
