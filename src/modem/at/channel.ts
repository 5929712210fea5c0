import type { Clock } from '../../lib/clock.ts';
import type { SerialLine } from '../line/line.ts';
import { type Final, parseFinal } from './finals.ts';
import { LineFramer } from './lines.ts';
import { DEFAULT_TIMING, type ResyncTiming, resynchronise } from './resync.ts';
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
  /** When the last octet of it was read, on both clocks. */
  atMs: number;
  monotonicMs: number;
}

export type AtFailure = { ok: false; kind: 'error'; code: number | null; text: string } | { ok: false; kind: 'timeout' | 'closed' };
export type AtResult = { ok: true; lines: AtLine[] } | AtFailure;

export interface AtEvents {
  /** Something the modem said unasked. */
  urc(urc: Urc, line: AtLine): void;
  /** Our own command came back although echo is off: the modem has started anew. */
  echo(): void;
  /** A fault worth counting: timeout, overlong line, stray octets. */
  fault(text: string): void;
  /** The modem does not answer any more, or its line is gone. Called once. */
  dead(reason: string): void;
}

interface Running {
  command: AtCommand;
  lines: AtLine[];
  resolve: (result: AtResult) => void;
  timer: ReturnType<typeof setTimeout> | null;
}

const TIMEOUTS_IN_A_ROW = 3;
const HEX_LINE = /^[0-9A-Fa-f]+$/;
/** A command line coming back. Not every line from `AT` on is one: a maker may be called AT&T. */
const ECHO = /^AT([+^*#$%].*|[EVQZI]\d?)?$/i;
const ESCAPES = /^[\u001b\u001a\s]+/;

/**
 * The AT dialogue on one line: one command in flight, the others wait in order; what the modem says unasked is split off, even inside an
 * answer. Deadlines are absolute, no unsolicited line moves them. After a timeout the late answer may still come, so the next command goes
 * out only when the dialogue is in step again (see resync.ts).
 */
export class AtChannel {
  /** Set once ATE0 was accepted: from then on an echo means a restart. */
  echoOff = false;
  private readonly line: SerialLine;
  private readonly clock: Clock;
  private readonly events: AtEvents;
  private readonly timing: ResyncTiming;
  private readonly framer: LineFramer;
  private readonly waiting: Running[] = [];
  private current: Running | null = null;
  private state: 'dirty' | 'clean' | 'closed' = 'dirty';
  /** The header whose PDU is the next line: of the running command, or of a pushed message. */
  private header: AtLine | null = null;
  private pushHeader: AtLine | null = null;
  private timeouts = 0;
  private now = { atMs: 0, monotonicMs: 0 };
  private lastOctetAtMs: number;
  /** Finals seen since the last probe of a resynchronisation. */
  private probed: ((final: Final) => void) | null = null;

  constructor(line: SerialLine, clock: Clock, events: AtEvents, timing: ResyncTiming = DEFAULT_TIMING) {
    this.line = line;
    this.clock = clock;
    this.events = events;
    this.timing = timing;
    this.lastOctetAtMs = clock.monotonicMs();
    this.framer = new LineFramer({
      line: (text) => this.received(text),
      prompt: () => this.write('\u001b'),
      overflow: (octets) => events.fault(`a line of more than ${octets} octets`),
    });
  }

  get closed(): boolean {
    return this.state === 'closed';
  }

  /** Starts reading and brings the freshly opened line into step. False (and `dead` was called) when nothing answers like a modem. */
  async handshake(): Promise<boolean> {
    this.line.start({ bytes: (octets) => this.bytes(octets), closed: (reason) => this.die(reason) });
    return this.resync(this.timing.openQuietMs, this.timing.openSettleMs);
  }

  /** Sends one command, after those before it. Never rejects. */
  send(command: AtCommand): Promise<AtResult> {
    if (this.state === 'closed') return Promise.resolve({ ok: false, kind: 'closed' });
    return new Promise((resolve) => {
      this.waiting.push({ command, lines: [], resolve, timer: null });
      this.pump();
    });
  }

  /** The modem restarted: the answer now awaited will never come. It counts as timed out, and the dialogue is brought into step anew. */
  abort(): void {
    if (this.current !== null) this.timedOut(this.current);
  }

  /** Ends the dialogue and closes the line; what was running or waiting gets `closed`. */
  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.line.close();
    const pending = this.current === null ? this.waiting : [this.current, ...this.waiting];
    this.current = null;
    for (const running of pending.splice(0)) {
      if (running.timer !== null) clearTimeout(running.timer);
      running.resolve({ ok: false, kind: 'closed' });
    }
    this.waiting.length = 0;
  }

  private die(reason: string): void {
    if (this.state === 'closed') return;
    this.close();
    this.events.dead(reason);
  }

  private write(text: string): void {
    this.line.write(Buffer.from(text, 'latin1'));
  }

  private pump(): void {
    if (this.state !== 'clean' || this.current !== null) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.current = next;
    next.timer = setTimeout(() => this.timedOut(next), next.command.timeoutMs);
    this.write(`${next.command.text}\r`);
  }

  private timedOut(running: Running): void {
    if (this.current !== running) return;
    this.events.fault(`${nameOf(running.command)}: no answer`);
    this.state = 'dirty';
    this.finish(running, { ok: false, kind: 'timeout' });
    this.timeouts++;
    if (this.timeouts === TIMEOUTS_IN_A_ROW) return this.die(`${TIMEOUTS_IN_A_ROW} commands in a row were not answered`);
    void this.resync(this.timing.quietMs, this.timing.settleMs);
  }

  private finish(running: Running, result: AtResult): void {
    if (running.timer !== null) clearTimeout(running.timer);
    this.current = null;
    this.header = null;
    running.resolve(result);
  }

  private async resync(quietMs: number, settleMs: number): Promise<boolean> {
    const inStep = await resynchronise(
      { ...this.timing, quietMs, settleMs },
      {
        write: (text) => this.write(text),
        quietForMs: () => this.clock.monotonicMs() - this.lastOctetAtMs,
        listen: (seen) => {
          this.probed = seen;
        },
        ended: () => this.state === 'closed',
      },
    );
    if (this.state === 'closed') return false;
    if (!inStep) {
      this.die('the modem does not answer');
      return false;
    }
    this.state = 'clean';
    this.pump();
    return true;
  }

  private bytes(octets: Uint8Array): void {
    this.now = { atMs: this.clock.nowMs(), monotonicMs: this.clock.monotonicMs() };
    this.lastOctetAtMs = this.now.monotonicMs;
    this.framer.push(octets);
  }

  private received(raw: string): void {
    if (this.state === 'closed') return;
    const text = raw.replace(ESCAPES, '').trimEnd();
    if (text === '') return;
    if (this.pushHeader !== null) this.pushBody(this.pushHeader, text);
    else if (ECHO.test(text)) this.echoed();
    else if (this.current !== null && this.header !== null) this.body(this.current, this.header, text);
    else this.plain(text);
  }

  private echoed(): void {
    if (this.echoOff) this.events.echo();
  }

  private plain(text: string): void {
    const final = parseFinal(text);
    if (final !== null) return this.final(final);
    const line: AtLine = { text, pdu: null, ...this.now };
    const { current } = this;
    if (current !== null && belongsTo(current.command, text)) {
      current.lines.push(line);
      if (current.command.pdu === true) this.header = line;
    } else if (isPushHeader(text)) {
      this.pushHeader = line;
    } else {
      this.events.urc(parseUrc(text, null), line);
    }
  }

  private final(final: Final): void {
    const { current } = this;
    if (current !== null) {
      this.timeouts = 0;
      this.finish(current, final.ok ? { ok: true, lines: current.lines } : { ...final, kind: 'error' });
      this.pump();
    } else if (this.probed !== null) {
      this.probed(final);
    } else if (this.state === 'clean') {
      this.events.fault('a final result nobody asked for');
    }
  }

  /** The line after a +CMGL or +CMGR header. */
  private body(current: Running, header: AtLine, text: string): void {
    const next = text.search(/\+CMG[LR]:/);
    if (next > 0) {
      // Seen on real modems: the next header glued to the end of a PDU.
      this.body(current, header, text.slice(0, next));
      this.received(text.slice(next));
    } else if (HEX_LINE.test(text) && text.length > 1) {
      this.header = null;
      header.pdu = text.toUpperCase();
      header.atMs = this.now.atMs;
      header.monotonicMs = this.now.monotonicMs;
    } else if (parseFinal(text) !== null || belongsTo(current.command, text)) {
      this.header = null;
      this.plain(text);
    } else if (looksUnsolicited(text)) {
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
    const line = { ...header, ...this.now };
    const pdu = HEX_LINE.test(text) ? text.toUpperCase() : null;
    this.events.urc(parseUrc(header.text, pdu), { ...line, pdu });
  }
}

function belongsTo(command: AtCommand, text: string): boolean {
  if (command.prefixes?.some((prefix) => text.startsWith(prefix)) === true) return true;
  return command.bare?.test(text) === true && !looksUnsolicited(text);
}

/** The command without its arguments: a PIN must not reach a log. */
function nameOf(command: AtCommand): string {
  return command.text.replace(/=.*$/s, '');
}
