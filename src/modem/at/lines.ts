/** What the framer finds in a stream of octets. */
export interface FramerEvents {
  /** One non-empty line without its CR and LF, as Latin-1. */
  line(text: string): void;
  /** The modem waits for input after `> `. */
  prompt(): void;
  /** A line was longer than the cap and was dropped; `octets` is how much of it was seen so far. */
  overflow(octets: number): void;
}

/** A PDU line has at most 352 characters; 4 kB allow for whatever a modem says about itself. */
const LINE_CAP_OCTETS = 4096;
const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const PROMPT = 0x3e;

/**
 * Cuts the octets of a modem into lines: at CR or LF in any number and order, since modems differ (V.250 allows S3 and S4 to be changed, echo
 * ends in CR alone). NULs, which appear at power-up, are dropped. Octets of a line may come in any number of pieces.
 */
export class LineFramer {
  private readonly events: FramerEvents;
  private readonly held = Buffer.alloc(LINE_CAP_OCTETS);
  private length = 0;
  private overlong = false;

  constructor(events: FramerEvents) {
    this.events = events;
  }

  push(octets: Uint8Array): void {
    for (const octet of octets) {
      if (octet === CR || octet === LF) this.end();
      else if (octet !== NUL) this.keep(octet);
    }
    if (this.length === 2 && this.held[0] === PROMPT && this.held[1] === SPACE) {
      this.length = 0;
      this.events.prompt();
    }
  }

  /** Forgets an unfinished line, as when the device was opened anew. */
  reset(): void {
    this.length = 0;
    this.overlong = false;
  }

  private keep(octet: number): void {
    if (this.overlong) return;
    if (this.length === LINE_CAP_OCTETS) {
      this.overlong = true;
      this.events.overflow(this.length);
      return;
    }
    this.held[this.length++] = octet;
  }

  private end(): void {
    const { length, overlong } = this;
    this.reset();
    if (length > 0 && !overlong) this.events.line(this.held.toString('latin1', 0, length));
  }
}
