import { answerLine } from './answers.ts';
import type { Dialect, StorageName } from './dialect.ts';
import { GENERIC } from './dialect.ts';
import { FaultSet } from './fault-set.ts';
import { Mailbox, type MailMemory } from './mailbox.ts';
import type { VirtualIdentity } from './numbers.ts';
import { Random } from './random.ts';
import { type EmulatorSettings, powerOnSettings } from './settings.ts';
import { type CardLock, SimCard } from './sim-card.ts';
import type { MessageStorage } from './storage.ts';
import { withStrayFinal } from './stray-final.ts';

export type { StorageName } from './dialect.ts';
export type { EmulatorSettings } from './settings.ts';

/** Everything a virtual modem must not forget when its process ends. */
export interface EmulatorMemory extends MailMemory {
  /** Absent: the card asks for no PIN. */
  lock?: CardLock;
}

/** Said by the modem a while later, without being asked. */
export interface LaterLine {
  afterMs: number;
  text: string;
}

export interface Executed {
  answer: string;
  announcements: string;
  later: readonly LaterLine[];
  /** The modem restarts once the answer is out. */
  restarts: boolean;
}

export interface EmulatorOptions {
  identity: VirtualIdentity;
  imei: string;
  dialect?: Dialect;
  smCapacity?: number;
  meCapacity?: number;
  memory?: EmulatorMemory;
  /** Of what faults do by chance; the serial number of the SIM by default. */
  seed?: number;
  /** Milliseconds on a clock that never goes back. Without one no time passes for it: its SIM is never busy. */
  nowMs?(): number;
  /** Called after every change of what must not be forgotten. */
  onChange?(): void;
}

const ME_CAPACITY = 50;
const CR = 0x0d;
const LF = 0x0a;
const BACKSPACE = 0x08;
const ESCAPE = 0x1b;
const SUBSTITUTE = 0x1a;
const LINE_CAP = 1024;

/** A GSM modem as seen through its AT interface: octets in, octets out, no timer and no device of its own. */
export class Emulator {
  readonly imei: string;
  readonly dialect: Dialect;
  readonly faults = new FaultSet();
  readonly random: Random;
  readonly mailbox: Mailbox;
  readonly onChange: () => void;
  identity: VirtualIdentity;
  sim: SimCard;
  settings: EmulatorSettings;
  /** The value of the dialect's setting for the announcing port; it outlives a restart. */
  urcPort: string | null;
  /** Without power the network cannot reach it. */
  powered = true;
  private readonly nowMs: (() => number) | null;
  private simReadyAtMs = 0;
  private floods: boolean;
  private line: number[] = [];

  constructor(options: EmulatorOptions) {
    const { identity, imei, memory, dialect = GENERIC, smCapacity = dialect.cpms.smCapacity, meCapacity = ME_CAPACITY } = options;
    this.identity = identity;
    this.imei = imei;
    this.dialect = dialect;
    this.random = new Random(options.seed ?? identity.serial);
    this.nowMs = options.nowMs ?? null;
    this.settings = powerOnSettings(dialect);
    this.sim = new SimCard(memory?.lock);
    this.urcPort = dialect.urcPort?.right[0] ?? null;
    this.floods = dialect.flood !== null;
    this.onChange = () => options.onChange?.();
    this.mailbox = new Mailbox({
      dialect,
      faults: this.faults,
      smCapacity,
      meCapacity,
      ...(memory === undefined ? {} : { memory }),
      settings: () => ({
        notification: this.settings.notification,
        service: this.settings.service,
        receiving: this.settings.storages[2],
        reachable: this.isReachable,
        heard: this.announces,
      }),
      nowMs: () => this.nowMs?.() ?? 0,
      onChange: this.onChange,
    });
  }

  get storages(): Record<StorageName, MessageStorage> {
    return this.mailbox.storages;
  }

  /** The network can deliver: radio on, registered, and a card that is open. */
  get isReachable(): boolean {
    const { faults, settings, sim } = this;
    const isCut = faults.isOn('deaf') || faults.isOn('denied') || faults.isOn('sim_removed');
    return this.powered && settings.radio === 1 && !isCut && sim.state === 'READY';
  }

  /** What the modem says by itself comes out on this port. */
  get announces(): boolean {
    const { dialect, urcPort, faults } = this;
    return !faults.isOn('silent') && (dialect.urcPort === null || urcPort === null || dialect.urcPort.right.includes(urcPort));
  }

  /** The card is still starting. */
  get isSimBusy(): boolean {
    return this.nowMs !== null && this.nowMs() < this.simReadyAtMs;
  }

  /** What it repeats while it is talked to, or null. */
  get flood(): Dialect['flood'] {
    return this.floods && this.announces ? this.dialect.flood : null;
  }

  /**
   * Takes octets from the line. The command lines they complete come back to be run by `execute`, each with its echo (empty when off), so
   * that the caller may let time pass between the two.
   */
  receive(octets: Uint8Array): { echo: string; command: string }[] {
    const commands: { echo: string; command: string }[] = [];
    for (const octet of octets) {
      if (octet === CR) commands.push(this.endLine());
      else if (octet === BACKSPACE) this.line.pop();
      else if (octet === ESCAPE || octet === SUBSTITUTE) this.line = [];
      else if (octet !== LF && this.line.length < LINE_CAP) this.line.push(octet);
    }
    return commands;
  }

  /** Runs one command line; the answer with its final result, and announcements of messages that found a place by it. */
  execute(command: string): Executed {
    const text = command.trim();
    if (text === '') return { answer: '', announcements: '', later: [], restarts: false };
    if (this.dialect.flood?.untilCommand === text.slice(2).toUpperCase()) this.floods = false;
    return withStrayFinal(this, { ...answerLine(this, text), announcements: this.mailbox.release() });
  }

  /** A message arrives from the network. What the modem says about it (empty when it says nothing), and where it went. */
  deliver(pdu: string, length: number): { announcement: string; where: StorageName | 'network' } {
    return this.mailbox.deliver({ pdu, length, stat: 0 });
  }

  /** Holds a message back in the network, as for a modem that is switched off. */
  holdBack(pdu: string, length: number): void {
    this.mailbox.holdBack({ pdu, length, stat: 0 });
  }

  /** Power off and on: settings are forgotten, messages are not, and the network delivers what it held. */
  restart(): string {
    this.settings = powerOnSettings(this.dialect);
    this.line = [];
    this.floods = this.dialect.flood !== null;
    this.faults.turnOff('deaf');
    this.startSim();
    return this.mailbox.release();
  }

  /** The card gets power anew: it asks for its PIN again and is busy for a while. */
  startSim(): void {
    this.sim.powerOff();
    this.settleSim();
  }

  /** The card is busy for a while, as after its PIN. */
  settleSim(): void {
    this.simReadyAtMs = (this.nowMs?.() ?? 0) + this.dialect.simBusyMs;
  }

  /** Another SIM, with nothing on it. Messages in the modem's own storage stay; what the network held for the old number is gone. */
  insertSim(identity: VirtualIdentity): void {
    this.identity = identity;
    this.sim = new SimCard();
    this.mailbox.changeSim();
  }

  memory(): EmulatorMemory {
    const lock = this.sim.memory();
    const isPlain = lock.pin === null && this.sim.state === 'READY';
    return { ...this.mailbox.memory(), ...(isPlain ? {} : { lock }) };
  }

  private endLine(): { echo: string; command: string } {
    const command = Buffer.from(this.line).toString('latin1');
    this.line = [];
    return { echo: this.settings.echo || this.faults.isOn('echo') ? `${command}\r` : '', command };
  }
}
