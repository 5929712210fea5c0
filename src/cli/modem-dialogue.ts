import { maskDialogue } from '../modem/mask.ts';
import { printableLine } from './stdin.ts';

export type Direction = '>' | '<' | '!';

/** A message header in PDU mode and in text mode (TS 27.005 3.4, 4), not the answer to `AT+CMGL=?`: the next line is the message. */
const MESSAGE_HEADER = /^\+(CMT|CDS|CBM|CMGR|CMGL): ?[^( ]/;
const HEX = /^[0-9A-Fa-f]+$/;
const IMSI_QUERY = /^AT\+CIMI\b/i;
const IMSI = /\b\d{14,15}\b/;

/**
 * The lines of a modem's dialogue as a person may see them: PINs and codes masked, PDUs and texts of messages told by their length, control
 * characters written out, and the IMSI without its middle unless `raw`.
 */
export class ShownDialogue {
  private readonly raw: boolean;
  private isMessage = false;
  private asksImsi = false;

  constructor(raw: boolean) {
    this.raw = raw;
  }

  line(direction: Direction, text: string): string {
    return `${direction} ${printableLine(this.shown(direction, text.replace(/[\r\n]+$/, '')))}`;
  }

  private shown(direction: Direction, text: string): string {
    if (direction === '!') return text;
    if (direction === '>') {
      this.asksImsi = IMSI_QUERY.test(text);
      return maskDialogue(text);
    }
    const isMessage = this.isMessage && !MESSAGE_HEADER.test(text);
    this.isMessage = MESSAGE_HEADER.test(text);
    // In text mode the message itself would follow; it is nobody's here.
    if (isMessage && !HEX.test(text)) return `<text, ${text.length} characters>`;
    if (this.asksImsi && !this.raw && IMSI.test(text)) return text.replace(IMSI, maskImsi);
    return maskDialogue(text);
  }
}

/** The network of an IMSI (MCC and MNC, TS 23.003 2.2) and its last two digits; the rest tells who it is. */
export function maskImsi(imsi: string): string {
  return `${imsi.slice(0, 5)}${'*'.repeat(Math.max(0, imsi.length - 7))}${imsi.slice(-2)}`;
}
