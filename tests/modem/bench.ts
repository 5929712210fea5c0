import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { ResyncTiming } from '../../src/modem/at/resync.ts';
import { Claims } from '../../src/modem/claims.ts';
import type { LineHandlers, SerialLine } from '../../src/modem/line/line.ts';
import { forgetfulMemory } from '../../src/modem/memory.ts';
import { DialogueRecorder } from '../../src/modem/recorder.ts';
import { ModemSession, type SessionDeps } from '../../src/modem/session.ts';
import type { ModemEvent, ModemSnapshot, ReadPart, SimIdentity, SourceListener } from '../../src/modem/source.ts';
import { ModemStatus } from '../../src/modem/status.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';

/** Short enough for a test, long enough for a loaded machine. */
export const QUICK: ResyncTiming = { quietMs: 30, openQuietMs: 5, settleMs: 40, openSettleMs: 5, probeMs: 300, probes: 3 };

/** An SMS-DELIVER from +447700900999 with the text `hellohello` (TS 23.040 9.2.2.1), service centre first; its TPDU has 25 octets. */
export const HELLO = '0791448720003023040C914477000999990000622111024400000AE8329BFD4697D9EC37';
export const HELLO_LENGTH = HELLO.length / 2 - 8;

/** Waits until `condition` holds; fails after `limitMs` saying what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 4_500): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await Bun.sleep(2);
  }
}

/** A listener that writes down what it is told and can be made to refuse. */
export class Recorder implements SourceListener {
  readonly events: string[] = [];
  readonly sims: SimIdentity[] = [];
  readonly parts: ReadPart[] = [];
  /** Whom `lost` was told of, in order. */
  readonly losses: SimIdentity[] = [];
  snapshot: ModemSnapshot | null = null;
  /** What `store` does before it takes the parts. */
  beforeStore: (parts: readonly ReadPart[]) => Promise<void> = async () => {};

  async identified(sim: SimIdentity): Promise<void> {
    this.sims.push(sim);
    this.events.push(`identified ${sim.iccid}`);
  }

  async store(parts: readonly ReadPart[]): Promise<void> {
    await this.beforeStore(parts);
    this.parts.push(...parts);
    this.events.push(`store ${parts.map((part) => `${part.how} ${part.storage} ${part.index}`).join(', ')}`);
  }

  async ready(sim: SimIdentity): Promise<void> {
    this.events.push(`ready ${sim.iccid}`);
  }

  async lost(sim: SimIdentity, reason: string): Promise<void> {
    this.losses.push(sim);
    this.events.push(`lost ${sim.iccid}: ${reason}`);
  }

  readonly history: ModemEvent[] = [];

  happened(event: ModemEvent): void {
    this.history.push(event);
  }

  changed(modem: ModemSnapshot): void {
    this.snapshot = modem;
  }

  isReady(times = 1): boolean {
    return this.events.filter((event) => event.startsWith('ready')).length >= times;
  }
}

/** A line straight into an emulated modem, whose answers a test may replace. */
export class BenchLine implements SerialLine {
  readonly emulator: Emulator;
  readonly commands: string[] = [];
  /** Answers a command in the emulator's place; null lets the emulator answer. */
  override: (command: string) => string | null = () => null;
  /** While true the modem neither answers nor announces. */
  silent = false;
  closed = false;
  private handlers: LineHandlers | null = null;

  /** The `serial`-th virtual modem, or one that shows another port already. */
  constructor(modem: number | Emulator = 0) {
    this.emulator = typeof modem === 'number' ? new Emulator({ identity: virtualIdentity(modem), imei: virtualImei(modem) }) : modem;
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
  }

  write(octets: Uint8Array): void {
    if (this.closed || this.silent) return;
    for (const { echo, command } of this.emulator.receive(octets)) {
      this.commands.push(command);
      this.say(echo);
      const replaced = this.override(command);
      const { answer, announcements } = replaced === null ? this.emulator.execute(command) : { answer: replaced, announcements: '' };
      this.say(answer + announcements);
    }
  }

  close(): void {
    this.closed = true;
  }

  /** The modem says something, on a later turn as a device would. */
  say(text: string): void {
    if (text === '') return;
    setImmediate(() => {
      if (!this.closed && !this.silent) this.handlers?.bytes(Buffer.from(text, 'latin1'));
    });
  }

  deliver(pdu = HELLO, length = HELLO_LENGTH): void {
    this.say(this.emulator.deliver(pdu, length).announcement);
  }

  hangUp(): void {
    this.closed = true;
    this.handlers?.closed('pulled out');
  }

  /** How many messages lie in the modem. */
  get held(): number {
    return this.emulator.storages.SM.used + this.emulator.storages.ME.used;
  }
}

export function startSession(line: SerialLine, recorder: Recorder, changes: Partial<SessionDeps> = {}): ModemSession {
  const status = new ModemStatus('slot', 'port', { listener: recorder, log: silentLog, clock: systemClock });
  return new ModemSession(line, {
    slot: 'slot',
    port: 'port',
    listener: recorder,
    status,
    clock: systemClock,
    log: silentLog,
    hooks: {},
    sims: [],
    memory: forgetfulMemory(() => Date.now()),
    usbId: null,
    baud: null,
    profile: null,
    resetFirst: null,
    recorder: new DialogueRecorder(systemClock),
    ussd: false,
    ussdForms: new Map(),
    mayReset: () => ({ ok: true }),
    notReset: () => {},
    claims: new Claims(),
    sweepSeconds: 3600,
    timing: QUICK,
    ...changes,
  });
}
