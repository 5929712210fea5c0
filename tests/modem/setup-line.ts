import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { AtChannel, type AtLine } from '../../src/modem/at/channel.ts';
import type { ResyncTiming } from '../../src/modem/at/resync.ts';
import type { Urc } from '../../src/modem/at/urc.ts';
import type { LineHandlers, SerialLine } from '../../src/modem/line/line.ts';
import type { SourceListener } from '../../src/modem/source.ts';
import { ModemStatus } from '../../src/modem/status.ts';

const QUICK: ResyncTiming = { quietMs: 20, openQuietMs: 1, settleMs: 10, openSettleMs: 1, probeMs: 300, probes: 3 };

/** What a scripted modem says to a command: its answer as it goes over the line (`OK` alone for a bare one), or nothing. */
export type Script = (command: string) => string | null;

/** The script of a table; what is not in it is answered OK. An entry with several answers gives one after the other, then the last again. */
export function scriptOf(answers: Record<string, string | readonly (string | null)[] | null>): Script {
  const given = new Map<string, number>();
  return (command) => {
    const answer = answers[command];
    if (answer === undefined) return 'OK';
    if (answer === null || typeof answer === 'string') return answer;
    const at = given.get(command) ?? 0;
    given.set(command, at + 1);
    return answer[Math.min(at, answer.length - 1)] ?? null;
  };
}

/** A modem that speaks by a script, with a channel to it that is in step. */
export class ScriptedModem implements SerialLine {
  readonly commands: string[] = [];
  readonly urcs: { urc: Urc; line: AtLine }[] = [];
  readonly channel: AtChannel;
  private readonly script: Script;
  private handlers: LineHandlers | null = null;
  private typed = '';

  private constructor(script: Script) {
    this.script = script;
    const urc = (seen: Urc, line: AtLine) => void this.urcs.push({ urc: seen, line });
    this.channel = new AtChannel(this, systemClock, { urc, echo: () => {}, fault: () => {}, dead: () => {} }, QUICK);
  }

  static async open(script: Script): Promise<ScriptedModem> {
    const modem = new ScriptedModem(script);
    if (!(await modem.channel.handshake())) throw new Error('the scripted modem does not answer');
    modem.commands.length = 0;
    return modem;
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
  }

  write(octets: Uint8Array): void {
    this.typed += Buffer.from(octets).toString('latin1').replaceAll('\u001b', '');
    for (let end = this.typed.indexOf('\r'); end >= 0; end = this.typed.indexOf('\r')) {
      const command = this.typed.slice(0, end);
      this.typed = this.typed.slice(end + 1);
      if (command !== '') this.answer(command);
    }
  }

  close(): void {
    this.handlers = null;
  }

  /** The commands that begin with one of these. */
  sent(...starts: readonly string[]): string[] {
    return this.commands.filter((command) => starts.some((start) => command.startsWith(start)));
  }

  private answer(command: string): void {
    this.commands.push(command);
    const answer = this.script(command);
    if (answer === null) return;
    const lines = answer.split('\n').map((line) => `\r\n${line}\r\n`);
    setImmediate(() => this.handlers?.bytes(Buffer.from(lines.join(''), 'latin1')));
  }
}

const nobody: SourceListener = {
  identified: async () => {},
  store: async () => {},
  ready: async () => {},
  lost: async () => {},
  changed: () => {},
  happened: () => {},
};

/** The status of a modem nobody looks at. */
export function lonelyStatus(): ModemStatus {
  return new ModemStatus('slot', 'port', { listener: nobody, log: silentLog, clock: systemClock });
}
