import { type Final, parseFinal } from './finals.ts';
import { isPushHeader, looksUnsolicited, parseUrc, type Urc } from './urc.ts';

export interface AtCommand {
  /** The command line without its CR. */
  text: string;
  timeoutMs: number;
  /** Information lines of the answer begin with one of these. */
  prefixes?: readonly string[];
  /** An answer without prefix, as AT+CGSN gives it, looks like this. */
  bare?: RegExp;
  /** Each information line is a header followed by a line of hex (PDU mode of TS 27.005). */
  pdu?: boolean;
}

export interface AtLine {
  text: string;
  /** The line that followed the header, upper case; null when none did or the command has none. */
  pdu: string | null;
  /** Something unknown stood between the header and its PDU, perhaps another header: whose PDU it is must be asked. */
  isDoubtful?: boolean;
  /** When the last octet of it was read, on both clocks. */
  atMs: number;
  monotonicMs: number;
}

export interface SortedLines {
  /** The command whose answer is awaited, or null. */
  command(): AtCommand | null;
  /** An information line of its answer; the PDU that belongs to it is filled in when it comes. */
  answered(line: AtLine): void;
  final(final: Final): void;
  /** A command line came back. */
  echo(): void;
  /** Something the modem said unasked. */
  urc(urc: Urc, line: AtLine): void;
}

const HEX_LINE = /^[0-9A-Fa-f]+$/;
/** A command line coming back. Not every line from `AT` on is one: a maker may be called AT&T. */
const ECHO = /^AT([+^*#$%].*|[EVQZI]\d?)?$/i;
/** The text of a USSD answer may hold line ends inside its quotes; this many lines at most. */
const QUOTED_LINES_MOST = 16;

/** Tells the lines of a modem apart: of the running command's answer, its end, echoes, and what is said unasked, even inside an answer. */
export class LineSorter {
  private readonly to: SortedLines;
  /** The header whose PDU is the next line: of the running command, or of a pushed message. */
  private header: AtLine | null = null;
  private pushHeader: AtLine | null = null;
  /** Lines of an unsolicited answer whose quotes are still open. */
  private quoted: string[] = [];
  private now = { atMs: 0, monotonicMs: 0 };

  constructor(to: SortedLines) {
    this.to = to;
  }

  /** Takes one line without its ends, not empty, with the time its last octet came. */
  take(text: string, now: { atMs: number; monotonicMs: number }): void {
    this.now = now;
    const command = this.to.command();
    if (this.pushHeader !== null) this.pushBody(this.pushHeader, text);
    else if (this.quoted.length > 0) this.continued(text);
    else if (ECHO.test(text)) this.to.echo();
    else if (command !== null && this.header !== null) this.body(command, this.header, text);
    else this.plain(text);
  }

  /** What follows belongs to no header of the answer that has just ended. */
  commandEnded(): void {
    this.header = null;
  }

  private plain(text: string): void {
    const final = parseFinal(text);
    if (final !== null) return this.to.final(final);
    const line: AtLine = { text, pdu: null, ...this.now };
    const command = this.to.command();
    if (command !== null && belongsTo(command, text)) {
      this.to.answered(line);
      if (command.pdu === true) this.header = line;
    } else if (isPushHeader(text)) {
      this.pushHeader = line;
    } else if (text.startsWith('+CUSD:') && hasOpenQuote(text)) {
      this.quoted = [text];
    } else {
      this.to.urc(parseUrc(text, null), line);
    }
  }

  /** A further line of an answer whose quotes were open; the whole of it once they close. */
  private continued(text: string): void {
    if (parseFinal(text) !== null || looksUnsolicited(text)) {
      // No text of a network says that: its quotes were never closed.
      this.endQuoted(this.quoted.join('\n'));
      return this.plain(text);
    }
    this.quoted.push(text);
    const whole = this.quoted.join('\n');
    if (hasOpenQuote(whole) && this.quoted.length < QUOTED_LINES_MOST) return;
    this.endQuoted(whole);
  }

  private endQuoted(whole: string): void {
    this.quoted = [];
    this.to.urc(parseUrc(whole, null), { text: whole, pdu: null, ...this.now });
  }

  /** The line after a +CMGL or +CMGR header. */
  private body(command: AtCommand, header: AtLine, text: string): void {
    const next = text.search(/\+CMG[LR]:/);
    if (next > 0) {
      // Seen on real modems: the next header glued to the end of a PDU.
      this.body(command, header, text.slice(0, next));
      this.take(text.slice(next), this.now);
    } else if (HEX_LINE.test(text) && text.length > 1) {
      this.header = null;
      header.pdu = text.toUpperCase();
      header.atMs = this.now.atMs;
      header.monotonicMs = this.now.monotonicMs;
    } else if (parseFinal(text) !== null || belongsTo(command, text)) {
      this.header = null;
      this.plain(text);
    } else if (looksUnsolicited(text)) {
      if (parseUrc(text, null).kind === 'other') header.isDoubtful = true;
      this.plain(text);
    } else {
      this.header = null;
      header.pdu = text;
    }
  }

  /** The line after a +CMT header is its body whatever it says: in text mode (after a restart) a sender could write `OK` into it. */
  private pushBody(header: AtLine, text: string): void {
    if (looksUnsolicited(text) && !isPushHeader(text)) return this.plain(text);
    this.pushHeader = null;
    const pdu = HEX_LINE.test(text) ? text.toUpperCase() : null;
    this.to.urc(parseUrc(header.text, pdu), { ...header, ...this.now, pdu });
  }
}

function belongsTo(command: AtCommand, text: string): boolean {
  if (command.prefixes?.some((prefix) => text.startsWith(prefix)) === true) return true;
  return command.bare?.test(text) === true && !looksUnsolicited(text);
}

/** The text may hold quotes of its own; it ends where its line ends in a quote, or in a quote and the coding. */
function hasOpenQuote(text: string): boolean {
  const opened = text.indexOf('"');
  return opened >= 0 && !/"\s*(,\s*\d*\s*)?$/.test(text.slice(opened + 1));
}
