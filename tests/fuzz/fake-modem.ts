import type { LineHandlers, SerialLine } from '../../src/modem/line/line.ts';
import { disturbed, pieces } from './disturb.ts';
import type { Random } from './random.ts';

/** Answers later than the command's deadline by up to this much; beyond the probes of a resynchronisation a modem counts as dead. */
const LATE_MS = 60;
/** What a modem takes that is neither quick nor late; less than the time in which a second answer to a probe is waited for. */
const SOON_MS = 10;

export interface FakeModemOptions {
  random: Random;
  /** The sound answer to a command line, its final result last; null for one it never answers. */
  answer(command: string): string[];
  timeoutMs: number;
  /** Whether its answers may end more often than they should. */
  mayBeSurplus: boolean;
}

/** A modem that works off command lines one after another, as modems do, at the end of a bad line. */
export class FakeModem implements SerialLine {
  /** True from an answer with too many ends until the dialogue was brought into step after it. */
  surplus = false;
  closed = false;
  private readonly options: FakeModemOptions;
  private handlers: LineHandlers | null = null;
  private typed = '';
  private readonly waiting: string[] = [];
  private busy = false;
  private resyncing = false;

  constructor(options: FakeModemOptions) {
    this.options = options;
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
  }

  write(octets: Uint8Array): void {
    const text = Buffer.from(octets).toString('latin1');
    // Escape alone leaves a prompt; with a line end it begins a resynchronisation.
    if (text === '\u001b\r') this.resyncing = true;
    for (const character of text) {
      if (character === '\u001b') this.typed = '';
      else if (character === '\r') this.commandLine();
      else this.typed += character;
    }
  }

  close(): void {
    this.closed = true;
  }

  /** The plug is pulled. */
  pull(): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers?.closed('pulled out');
  }

  private commandLine(): void {
    const command = this.typed;
    this.typed = '';
    if (command === '') return;
    // The first command after the probes: whatever was too much has been seen through, unless answers are still to come. Then more than one command
    // was under way, which no probe can know, and the answers may lie further apart than it waits.
    if (command !== 'AT' && this.resyncing) {
      this.surplus &&= this.busy;
      this.resyncing = false;
    }
    this.waiting.push(command);
    this.work();
  }

  private work(): void {
    const command = this.busy ? undefined : this.waiting.shift();
    if (command === undefined) return;
    this.busy = true;
    const { random, timeoutMs } = this.options;
    const answer = () => {
      this.say(command);
      this.busy = false;
      this.work();
    };
    // A probe is answered soon: a modem that takes its time over AT itself cannot be told from one that is still at the last command.
    if (command !== 'AT' && random.chance(0.06)) setTimeout(answer, timeoutMs + random.below(LATE_MS));
    else if (random.chance(0.3)) setTimeout(answer, 1 + random.below(SOON_MS));
    else setTimeout(answer, 0);
  }

  private say(command: string): void {
    const { random, answer, mayBeSurplus } = this.options;
    const lines = command === 'AT' ? ['OK'] : answer(command);
    const { octets, surplus } = disturbed(lines, command, random, mayBeSurplus && command !== 'AT');
    this.surplus ||= surplus;
    for (const piece of pieces(octets, random)) if (!this.closed) this.handlers?.bytes(Uint8Array.from(piece));
  }
}
