import type { Clock } from '../../src/lib/clock.ts';
import { BenchLine, HELLO, HELLO_LENGTH } from '../modem/bench.ts';
import { disturbed, pieces } from './disturb.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

export interface BadLineOptions {
  random: Random;
  seed: number;
  tally: Tally;
  /** The session's own, which may go faster than others. */
  clock: Clock;
  /** Whether what of a PDU was stored is this PDU exactly. */
  isStored(pdu: string): boolean;
}

/** Of what the modem says, this share is left as it is; the rest is disturbed with the usual odds. */
const SOUND_SHARE = 0.6;
const SLOW_MS = 400;

/** An emulated modem at the end of a bad line, watched for deletes of what nobody stored. */
export class BadLine extends BenchLine {
  /** From here on the line is sound: what came must be found now. */
  mended = false;
  readonly sent: string[] = [];
  private readonly options: BadLineOptions;
  private freeAtMs = 0;

  constructor(modem: number, options: BadLineOptions) {
    super(modem);
    this.options = options;
    this.override = (command) => {
      this.watch(command);
      return null;
    };
  }

  override say(text: string): void {
    const { random, clock } = this.options;
    const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
    const isSound = this.mended || lines.length === 0 || random.chance(SOUND_SHARE);
    const octets = isSound ? Buffer.from(text, 'latin1') : disturbed(lines, 'AT+CSQ', random, false).octets;
    const nowMs = clock.monotonicMs();
    // In their order, each after what was said before it.
    this.freeAtMs = Math.max(this.freeAtMs, nowMs + (random.chance(0.1) ? random.below(SLOW_MS) : 0));
    const waitMs = this.freeAtMs - nowMs;
    for (const piece of pieces(octets, random)) {
      const say = () => super.say(Buffer.from(piece).toString('latin1'));
      if (waitMs <= 0) say();
      else setTimeout(say, waitMs);
    }
  }

  /** The next message of this modem arrives, with a content of its own. */
  arrive(): void {
    const pdu = HELLO.slice(0, -4) + (this.sent.length + 1).toString(16).padStart(4, '0').toUpperCase();
    this.sent.push(pdu);
    this.deliver(pdu, HELLO_LENGTH);
  }

  /** What was sent and lies neither in the modem nor with its listener. */
  lost(): string[] {
    const { SM, ME } = this.emulator.storages;
    const held = new Set([...SM.entries(), ...ME.entries()].map(([, { pdu }]) => pdu));
    return this.sent.filter((pdu) => !held.has(pdu) && !this.options.isStored(pdu));
  }

  private watch(command: string): void {
    const argument = /^AT\+CMGD=(.*)$/i.exec(command)?.[1];
    if (argument === undefined || argument === '?') return;
    const { tally, seed, isStored } = this.options;
    if (!/^\d+$/.test(argument)) return tally.violation(seed, `deleted more than one place: ${command}`);
    const [storage] = this.emulator.settings.storages;
    const there = this.emulator.storages[storage].get(Number(argument));
    tally.count('deletes');
    if (there !== undefined && !isStored(there.pdu))
      tally.violation(seed, `${command} in ${storage} deleted what was not stored: ${there.pdu}`);
  }
}
