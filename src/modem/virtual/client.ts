import { type Log, messageOf } from '../../lib/log.ts';
import { linesOf } from '../../lib/text-lines.ts';
import type { ChaosOptions } from './bank.ts';
import type { FaultParameters } from './fault-set.ts';
import type { FaultName } from './faults.ts';
import type { FaultLine, ReadyLine, VirtualSim, VirtualStored, VirtualTarget } from './protocol.ts';

export { FAULTS, type FaultName } from './faults.ts';
export type { VirtualSim, VirtualStored, VirtualTarget } from './protocol.ts';

export interface SpawnOptions {
  /** The words that start the bank's process, up to and with `simulate`. */
  command: readonly string[];
  count: number;
  /** Where the links to the ports are put. */
  dir: string;
  stateFile?: string;
  replyDelayMs?: number;
  /** How the modems speak: `generic` (by default), `mixed`, or names of families separated by commas. */
  profiles?: string;
  /** Of everything that happens by chance. */
  seed?: number;
  log: Log;
  /** A fault of the chaos began or ended; only then are they printed. */
  onFault?(line: FaultLine): void;
  /** The process ended without being told to. */
  onDeath?(reason: string): void;
}

export interface VirtualSms extends VirtualTarget {
  sender: string;
  text: string;
  /** When the network took it; now by default. */
  atMs?: number;
}

/** `writtenAtMs`: when the last octet of the last announcement went to the port, null when it was not announced (yet). */
export type SendResult = { ok: true; parts: number; writtenAtMs: number | null } | { ok: false; error: string };
export type DoneResult = { ok: true; sim: VirtualSim | null } | { ok: false; error: string };

/** `faults`: those that are on at the modem now. */
export type FaultResult = { ok: true; faults: readonly FaultName[] } | { ok: false; error: string };

export interface VirtualBank {
  readonly ports: readonly string[];
  /** The SIMs at the start; a swap changes them. */
  readonly sims: readonly VirtualSim[];
  readonly pid: number;
  sendSms(sms: VirtualSms): Promise<SendResult>;
  /** Delivers a PDU as it is, in hex with its service centre. */
  sendPdu(pdu: string, target: VirtualTarget): Promise<SendResult>;
  /** What still lies on the SIMs and modems. */
  list(): Promise<VirtualStored[]>;
  unplug(port: string): Promise<DoneResult>;
  plug(port: string): Promise<DoneResult>;
  freeze(port: string): Promise<DoneResult>;
  thaw(port: string): Promise<DoneResult>;
  /** Puts a fresh SIM in; `sim` tells its ICCID and number. */
  swap(port: string): Promise<DoneResult>;
  /** Turns a fault on or off (`FAULTS` lists them); a momentary one just happens. */
  fault(port: string, name: FaultName, on: boolean, parameters?: FaultParameters): Promise<FaultResult>;
  /** Random faults over all modems, the same for the same seed, each ending by itself; rate 0 ends all faults. */
  chaos(options: ChaosOptions): Promise<DoneResult>;
  setReplyDelay(ms: number): Promise<DoneResult>;
  /** Ends the process and waits for it. */
  stop(): Promise<void>;
}

interface Answer {
  id?: number;
  ok: boolean;
  error?: string;
  parts?: number;
  written_at_ms?: number | null;
  sim?: VirtualSim;
  sims?: VirtualStored[];
  faults?: FaultName[];
}

const START_MS = 20_000;
const STOP_MS = 3_000;
const REFUSED = 'the virtual bank refused';

/** Starts the process of a virtual bank and waits until its ports are there. Rejects, with what the process said, when it does not get so far. */
export async function spawnVirtualBank(options: SpawnOptions): Promise<VirtualBank> {
  const { command, count, dir, stateFile, replyDelayMs, profiles, seed, onFault } = options;
  const child = Bun.spawn({
    cmd: [
      ...command,
      ...['--modems', String(count), '--dir', dir],
      ...(stateFile === undefined ? [] : ['--state', stateFile]),
      ...(replyDelayMs === undefined ? [] : ['--reply-delay-ms', String(replyDelayMs)]),
      ...(profiles === undefined ? [] : ['--profiles', profiles]),
      ...(seed === undefined ? [] : ['--seed', String(seed)]),
      ...(onFault === undefined ? [] : ['--log-faults']),
    ],
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const bank = new BankProcess(child, options);
  await bank.started();
  return bank;
}

type Child = Bun.Subprocess<'pipe', 'pipe', 'pipe'>;

class BankProcess implements VirtualBank {
  ports: readonly string[] = [];
  sims: readonly VirtualSim[] = [];
  private readonly child: Child;
  private readonly options: SpawnOptions;
  private readonly ready = Promise.withResolvers<void>();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private complaints = '';
  private lastId = 0;
  private stopping = false;
  private ended = false;

  constructor(child: Child, options: SpawnOptions) {
    this.child = child;
    this.options = options;
    void this.readAnswers();
    void this.readComplaints();
    void child.exited.then(() => this.died());
  }

  get pid(): number {
    return this.child.pid;
  }

  async started(): Promise<void> {
    const timer = setTimeout(() => {
      this.ready.reject(new Error(`the virtual bank was not ready within ${START_MS / 1000} s`));
      this.child.kill('SIGKILL');
    }, START_MS);
    await this.ready.promise.finally(() => clearTimeout(timer));
  }

  async sendSms({ sender, text, atMs, ...target }: VirtualSms): Promise<SendResult> {
    return sent(await this.ask({ cmd: 'sms', sender, text, ...(atMs === undefined ? {} : { at_ms: atMs }), ...target }));
  }

  async sendPdu(pdu: string, target: VirtualTarget): Promise<SendResult> {
    return sent(await this.ask({ cmd: 'pdu', pdu, ...target }));
  }

  async list(): Promise<VirtualStored[]> {
    const answer = await this.ask({ cmd: 'list' });
    if (answer.sims === undefined) throw new Error(answer.error ?? 'the virtual bank did not list its messages');
    return answer.sims;
  }

  unplug = (port: string): Promise<DoneResult> => this.act('unplug', port);
  plug = (port: string): Promise<DoneResult> => this.act('plug', port);
  freeze = (port: string): Promise<DoneResult> => this.act('freeze', port);
  thaw = (port: string): Promise<DoneResult> => this.act('thaw', port);
  swap = (port: string): Promise<DoneResult> => this.act('swap', port);

  async fault(port: string, name: FaultName, on: boolean, parameters: FaultParameters = {}): Promise<FaultResult> {
    const { ok, faults = [], error = REFUSED } = await this.ask({ ...parameters, cmd: 'fault', port, fault: name, on });
    return ok ? { ok, faults } : { ok, error };
  }

  async chaos({ seed, rate, faults }: ChaosOptions): Promise<DoneResult> {
    return done(await this.ask({ cmd: 'chaos', seed, rate, ...(faults === undefined ? {} : { faults }) }));
  }

  async setReplyDelay(ms: number): Promise<DoneResult> {
    return done(await this.ask({ cmd: 'reply_delay', ms }));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (!this.ended) await this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.child.exited;
    clearTimeout(timer);
  }

  private async act(cmd: string, port: string): Promise<DoneResult> {
    return done(await this.ask({ cmd, port }));
  }

  private ask(command: Record<string, unknown>): Promise<Answer> {
    if (this.ended || this.stopping) return Promise.resolve({ ok: false, error: 'the virtual bank is not running' });
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
      void this.child.stdin.flush();
    });
  }

  private async readAnswers(): Promise<void> {
    for await (const line of linesOf(this.child.stdout)) {
      const answer = this.parse(line);
      if (answer === null) continue;
      if ('ready' in answer) {
        this.ports = answer.ports;
        this.sims = answer.sims;
        this.ready.resolve();
      } else if ('event' in answer) {
        this.options.onFault?.(answer);
      } else {
        this.waiting.get(answer.id ?? 0)?.(answer);
        this.waiting.delete(answer.id ?? 0);
      }
    }
  }

  private parse(line: string): Answer | ReadyLine | FaultLine | null {
    try {
      return JSON.parse(line);
    } catch {
      this.options.log.warn('virtual_bank.said', { text: line.slice(0, 500) });
      return null;
    }
  }

  private async readComplaints(): Promise<void> {
    for await (const line of linesOf(this.child.stderr)) {
      this.complaints = `${this.complaints}${line}\n`.slice(-1000);
      this.options.log.warn('virtual_bank.said', { text: line.slice(0, 500) });
    }
  }

  private died(): void {
    this.ended = true;
    const { exitCode, signalCode } = this.child;
    const reason = `the virtual bank ended (${signalCode ?? `exit code ${exitCode}`})${this.complaints === '' ? '' : `: ${this.complaints.trim()}`}`;
    this.ready.reject(new Error(reason));
    for (const resolve of this.waiting.values()) resolve({ ok: false, error: reason });
    this.waiting.clear();
    // Before it was ready, whoever spawned it is told by the rejection.
    if (this.stopping || this.ports.length === 0) return;
    this.options.log.error('virtual_bank.died', { reason });
    try {
      this.options.onDeath?.(reason);
    } catch (thrown) {
      this.options.log.error('virtual_bank.listener_failed', { error: messageOf(thrown) });
    }
  }
}

function sent({ ok, error, parts = 0, written_at_ms: writtenAtMs = null }: Answer): SendResult {
  return ok ? { ok, parts, writtenAtMs } : { ok, error: error ?? REFUSED };
}

function done({ ok, error, sim = undefined }: Answer): DoneResult {
  return ok ? { ok, sim: sim ?? null } : { ok, error: error ?? REFUSED };
}
