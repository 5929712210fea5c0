import type { Clock } from '../../lib/clock.ts';
import type { SerialLine } from '../line/line.ts';
import type { Final } from './finals.ts';
import { LineFramer } from './lines.ts';
import { DEFAULT_TIMING, type ResyncTiming, resynchronise } from './resync.ts';
import { type AtCommand, type AtLine, LineSorter } from './sorter.ts';
import type { Urc } from './urc.ts';

export type { AtCommand, AtLine } from './sorter.ts';

/** A timeout keeps the lines that came: some modems answer and forget the final result. */
export type AtFailure =
  | { ok: false; kind: 'error'; code: number | null; text: string }
  | { ok: false; kind: 'timeout'; lines: AtLine[] }
  | { ok: false; kind: 'closed' };
export type AtResult = { ok: true; lines: AtLine[] } | AtFailure;

export interface AtEvents {
  /** Something the modem said unasked. */
  urc(urc: Urc, line: AtLine): void;
  /** Our own command came back although echo is off: the modem has started anew. */
  echo(): void;
  /** A fault worth counting: overlong line, stray octets; `timedOut` when an answer stayed out. */
  fault(text: string, timedOut?: boolean): void;
  /** The modem does not answer any more (`mute`), or its line is gone. Called once. */
  dead(reason: string, mute: boolean): void;
  /** What went over the line, unmasked: `>` sent, `<` received, `!` what became of the exchange. For a record of the dialogue. */
  spoke?(direction: '>' | '<' | '!', text: string): void;
}

interface Running {
  command: AtCommand;
  lines: AtLine[];
  resolve: (result: AtResult) => void;
  timer: ReturnType<typeof setTimeout> | null;
  sentAtMs: number;
}

const TIMEOUTS_IN_A_ROW = 3;
/** Real UARTs keep the rate they were last set to; USB modems ignore it. The most usual comes first, once more: it may have been starting. */
const BAUDS = [115200, 9600, 57600, 230400, 460800, 921600];
const BAUD_PROBES = 3;
const BAUD_PROBE_MS = 1_000;
const ESCAPES = /^[\u001b\u001a\s]+/;

/**
 * The AT dialogue on one line: one command in flight, the others wait in order; what the modem says unasked is split off, even inside an
 * answer. Deadlines are absolute, no unsolicited line moves them. After a timeout the late answer may still come, so the next command goes
 * out only when the dialogue is in step again (see resync.ts).
 */
export class AtChannel {
  /** Set once ATE0 was accepted: from then on an echo means a restart. */
  echoOff = false;
  /** Whether the last command came back as an echo. */
  echoed = false;
  /** The rate at which the modem answered, where the one the line was opened with was wrong; else null. */
  baud: number | null = null;
  /** How long the last command took that got a final result; null before the first. */
  roundTripMs: number | null = null;
  /** A pause between two commands, for modems that need one. */
  gapMs = 0;
  private readonly line: SerialLine;
  private readonly clock: Clock;
  private readonly events: AtEvents;
  private readonly timing: ResyncTiming;
  private readonly framer: LineFramer;
  private readonly sorter: LineSorter;
  private readonly waiting: Running[] = [];
  private current: Running | null = null;
  private state: 'dirty' | 'clean' | 'closed' = 'dirty';
  private timeouts = 0;
  private gap: ReturnType<typeof setTimeout> | null = null;
  private consuming = false;
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
    this.sorter = new LineSorter({
      command: () => this.current?.command ?? null,
      answered: (answerLine) => this.current?.lines.push(answerLine),
      final: (final) => this.final(final),
      echo: () => {
        this.echoed = true;
        if (this.echoOff) events.echo();
      },
      urc: (urc, urcLine) => events.urc(urc, urcLine),
    });
    this.framer = new LineFramer({
      line: (text) => this.received(text),
      prompt: () => this.write('\u001b'),
      overflow: (octets) => events.fault(`a line of more than ${octets} octets`),
    });
  }

  get closed(): boolean {
    return this.state === 'closed';
  }

  /**
   * Starts reading and brings the freshly opened line into step, at `baud` where that is known, else at the rate it was opened with and then
   * at the others. False (and `dead` was called) when nothing answers like a modem.
   */
  async handshake(baud: number | null = null): Promise<boolean> {
    if (baud !== null && this.line.setBaud?.(baud) === true) this.baud = baud;
    this.line.start({ bytes: (octets) => this.bytes(octets), closed: (reason) => this.die(reason, false) });
    const timing = { ...this.timing, quietMs: this.timing.openQuietMs, settleMs: this.timing.openSettleMs };
    if (await this.inStep(timing)) return true;
    for (const rate of BAUDS) {
      if (this.closed || this.line.setBaud?.(rate) !== true) break;
      this.framer.reset();
      this.note('!', `trying ${rate} baud`);
      if (!(await this.inStep({ ...timing, probes: BAUD_PROBES, probeMs: Math.min(timing.probeMs, BAUD_PROBE_MS) }))) continue;
      this.baud = rate;
      return true;
    }
    this.die('the modem does not answer', true);
    return false;
  }

  /** Sends one command, after those before it. Never rejects. */
  send(command: AtCommand): Promise<AtResult> {
    if (this.state === 'closed') return Promise.resolve({ ok: false, kind: 'closed' });
    return new Promise((resolve) => {
      this.waiting.push({ command, lines: [], resolve, timer: null, sentAtMs: 0 });
      this.pump();
    });
  }

  /** The modem restarted: the answer now awaited will never come. It counts as timed out, and the dialogue is brought into step anew. */
  abort(): void {
    if (this.current !== null) this.timedOut(this.current);
  }

  /** Answers and commands may have come out of step: nothing more is sent before they are in step again. The command under way ends as it does. */
  doubt(reason: string): void {
    this.events.fault(reason);
    if (this.state !== 'clean' || this.current !== null) return;
    this.state = 'dirty';
    void this.regain();
  }

  /** Ends the dialogue and closes the line; what was running or waiting gets `closed`. */
  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    if (this.gap !== null) clearTimeout(this.gap);
    this.line.close();
    const pending = this.current === null ? this.waiting : [this.current, ...this.waiting];
    this.current = null;
    for (const running of pending.splice(0)) {
      if (running.timer !== null) clearTimeout(running.timer);
      running.resolve({ ok: false, kind: 'closed' });
    }
    this.waiting.length = 0;
  }

  private die(reason: string, mute: boolean): void {
    if (this.state === 'closed') return;
    this.note('!', reason);
    this.close();
    this.events.dead(reason, mute);
  }

  private write(text: string): void {
    this.note('>', text);
    this.line.write(Buffer.from(text, 'latin1'));
  }

  private note(direction: '>' | '<' | '!', text: string): void {
    this.events.spoke?.(direction, text);
  }

  private pump(): void {
    // Only once all that was read is sorted: a second final in it must not pass for the answer to the next command.
    if (this.consuming || this.state !== 'clean' || this.current !== null || this.gap !== null) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.current = next;
    next.sentAtMs = this.clock.monotonicMs();
    this.echoed = false;
    next.timer = setTimeout(() => this.timedOut(next), next.command.timeoutMs);
    this.write(`${next.command.text}\r`);
  }

  private pumpAfterGap(): void {
    if (this.gapMs === 0) return this.pump();
    this.gap = setTimeout(() => {
      this.gap = null;
      this.pump();
    }, this.gapMs);
  }

  private timedOut(running: Running): void {
    if (this.current !== running) return;
    this.note('!', `no answer to ${nameOf(running.command)} within ${running.command.timeoutMs} ms`);
    this.events.fault(`${nameOf(running.command)}: no answer`, true);
    this.state = 'dirty';
    this.finish(running, { ok: false, kind: 'timeout', lines: running.lines });
    this.timeouts++;
    if (this.timeouts === TIMEOUTS_IN_A_ROW) return this.die(`${TIMEOUTS_IN_A_ROW} commands in a row were not answered`, true);
    void this.regain();
  }

  private async regain(): Promise<void> {
    if (!(await this.inStep(this.timing))) this.die('the modem does not answer', true);
  }

  private finish(running: Running, result: AtResult): void {
    if (running.timer !== null) clearTimeout(running.timer);
    this.current = null;
    this.sorter.commandEnded();
    running.resolve(result);
  }

  /** Brings the dialogue into step; true when it is, and commands go out again. */
  private async inStep(timing: ResyncTiming): Promise<boolean> {
    const answers = await resynchronise(timing, {
      write: (text) => this.write(text),
      quietForMs: () => this.clock.monotonicMs() - this.lastOctetAtMs,
      listen: (seen) => {
        this.probed = seen;
      },
      ended: () => this.state === 'closed',
    });
    if (this.state === 'closed' || !answers) return false;
    this.state = 'clean';
    this.pump();
    return true;
  }

  private bytes(octets: Uint8Array): void {
    this.now = { atMs: this.clock.nowMs(), monotonicMs: this.clock.monotonicMs() };
    this.lastOctetAtMs = this.now.monotonicMs;
    this.consuming = true;
    this.framer.push(octets);
    this.consuming = false;
    this.pump();
  }

  private received(raw: string): void {
    if (this.state === 'closed') return;
    const text = raw.replace(ESCAPES, '').trimEnd();
    if (text === '') return;
    this.note('<', text);
    this.sorter.take(text, this.now);
  }

  private final(final: Final): void {
    const { current } = this;
    if (current !== null) {
      this.timeouts = 0;
      this.roundTripMs = this.clock.monotonicMs() - current.sentAtMs;
      this.finish(current, final.ok ? { ok: true, lines: current.lines } : { ...final, kind: 'error' });
      this.pumpAfterGap();
    } else if (this.probed !== null) {
      this.probed(final);
    } else if (this.state === 'clean') {
      this.doubt('a final result nobody asked for');
    }
  }
}

/** The command without its arguments: a PIN must not reach a log. */
function nameOf(command: AtCommand): string {
  return command.text.replace(/=.*$/s, '');
}
