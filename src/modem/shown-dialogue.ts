import { printableLine } from '../lib/text-lines.ts';
import { parseFinal } from './at/finals.ts';
import { looksUnsolicited, parseUrc } from './at/urc.ts';
import { maskDialogue } from './mask.ts';

export type Direction = '>' | '<' | '!';

/**
 * A message header in PDU mode and in text mode (TS 27.005 3.4, 4), CDMA's too, also behind noise; not the answer to `AT+CMGL=?`. What follows is
 * the message.
 */
const MESSAGE_HEADER = /(\+(CMT|CDS|CBM|CMGR|CMGL)|\^H(CMT|CMGR)): ?[^( ]/i;
/** A whole PDU: in PDU mode nothing more follows its header. */
const PDU = /^(?:[0-9A-F]{2}){12,}$/i;
const NETWORK_ANSWER = /^\+CUSD:/;
const IMSI_QUERY = /^AT\+CIMI\b/i;
const IMSI = /\b\d{14,15}\b/;
const CODE = /(?<!\d)\d(?:[ -]?\d){3,7}(?!\d)/g;

/**
 * The lines of a modem's dialogue, in order, as a person may see them: PINs and codes masked, PDUs and texts of messages told by their length,
 * control characters written out, and the IMSI without its middle unless `raw`.
 */
export class ShownDialogue {
  private readonly raw: boolean;
  private isMessage = false;
  private isNetworkText = false;
  private asksImsi = false;

  constructor(raw: boolean) {
    this.raw = raw;
  }

  /** One line, with or without its ends, in the form it may be shown. */
  text(direction: Direction, line: string): string {
    return printableLine(this.masked(direction, line.replace(/[\r\n]+$/, '')));
  }

  private masked(direction: Direction, text: string): string {
    if (direction === '!') return text;
    if (direction === '>') {
      this.isMessage = false;
      this.asksImsi = IMSI_QUERY.test(text);
      return maskDialogue(text);
    }
    const isHeader = MESSAGE_HEADER.test(text);
    if (this.isMessage && !isHeader && !isKnownLine(text)) {
      if (!PDU.test(text)) return `<text, ${text.length} characters>`;
      this.isMessage = false;
      return maskDialogue(text);
    }
    this.isMessage = isHeader;
    if (this.continuesNetworkText(text)) return text.replace(CODE, '****');
    if (this.asksImsi && !this.raw && IMSI.test(text)) return text.replace(IMSI, maskImsi);
    return maskDialogue(text);
  }

  /** The network's answer may hold line ends inside its quotes: the lines up to the closing quote belong to it. */
  private continuesNetworkText(text: string): boolean {
    const began = this.isNetworkText;
    if (began || NETWORK_ANSWER.test(text)) {
      const isOdd = (text.split('"').length - 1) % 2 === 1;
      this.isNetworkText = began ? !isOdd : isOdd;
    }
    return began;
  }
}

/** Ends a message of several lines: the end of an answer, or something a modem says of which the kind is known. */
function isKnownLine(text: string): boolean {
  return parseFinal(text) !== null || (looksUnsolicited(text) && parseUrc(text, null).kind !== 'other');
}

/** The network of an IMSI (MCC and MNC, TS 23.003 2.2) and its last two digits; the rest tells who it is. */
export function maskImsi(imsi: string): string {
  return `${imsi.slice(0, 5)}${'*'.repeat(Math.max(0, imsi.length - 7))}${imsi.slice(-2)}`;
}
