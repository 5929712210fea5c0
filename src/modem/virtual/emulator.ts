import { answer, type CommandAnswer } from './answers.ts';
import type { VirtualIdentity } from './numbers.ts';
import { MessageStorage, type StoredPdu } from './storage.ts';

export type StorageName = 'SM' | 'ME';

/** Everything a virtual modem must not forget when its process ends. */
export interface EmulatorMemory {
  sm: [number, StoredPdu][];
  me: [number, StoredPdu][];
  /** Messages the network still holds because no place was free or the modem was off. */
  network: StoredPdu[];
}

export interface EmulatorSettings {
  echo: boolean;
  verbose: boolean;
  errors: 0 | 1 | 2;
  radio: number;
  /** 0 PDU mode, 1 text mode. */
  format: number;
  charset: string;
  service: number;
  /** <mode>,<mt>,<bm>,<ds>,<bfr> of AT+CNMI. */
  notification: [number, number, number, number, number];
  /** The storage for reading, writing and receiving (AT+CPMS). */
  storages: [StorageName, StorageName, StorageName];
}

export interface EmulatorOptions {
  identity: VirtualIdentity;
  imei: string;
  smCapacity?: number;
  meCapacity?: number;
  memory?: EmulatorMemory;
  /** Called after every change of what must not be forgotten. */
  onChange?(): void;
}

const SM_CAPACITY = 20;
const ME_CAPACITY = 50;
const CR = 0x0d;
const LF = 0x0a;
const BACKSPACE = 0x08;
const ESCAPE = 0x1b;
const SUBSTITUTE = 0x1a;
const LINE_CAP = 1024;
const STORED_AND_ANNOUNCED = 1;

function powerOnSettings(): EmulatorSettings {
  return {
    echo: true,
    verbose: true,
    errors: 0,
    radio: 1,
    format: 0,
    charset: 'GSM',
    service: 0,
    notification: [0, 0, 0, 0, 0],
    storages: ['SM', 'SM', 'SM'],
  };
}

/** A GSM modem as seen through its AT interface: octets in, octets out, no clock and no device of its own. */
export class Emulator {
  readonly imei: string;
  readonly onChange: () => void;
  identity: VirtualIdentity;
  settings = powerOnSettings();
  storages: Record<StorageName, MessageStorage>;
  private network: StoredPdu[];
  private line: number[] = [];

  constructor(options: EmulatorOptions) {
    const { identity, imei, memory, smCapacity = SM_CAPACITY, meCapacity = ME_CAPACITY } = options;
    this.identity = identity;
    this.imei = imei;
    this.onChange = () => options.onChange?.();
    this.storages = { SM: new MessageStorage(smCapacity, memory?.sm), ME: new MessageStorage(meCapacity, memory?.me) };
    this.network = [...(memory?.network ?? [])];
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
  execute(command: string): { answer: string; announcements: string } {
    const text = command.trim();
    if (text === '') return { answer: '', announcements: '' };
    const result: CommandAnswer = /^AT/i.test(text) ? answer(this, text.slice(2)) : { ok: false, code: null };
    return { answer: this.format(result), announcements: this.releaseNetwork() };
  }

  /** A message arrives from the network. What the modem says about it (empty when it says nothing), and where it went. */
  deliver(pdu: string, length: number): { announcement: string; where: StorageName | 'network' } {
    const message: StoredPdu = { pdu, length, stat: 0 };
    const index = this.settings.radio === 1 && this.network.length === 0 ? this.storages[this.receiveStorage].add(message) : null;
    if (index === null) this.network.push(message);
    this.onChange();
    if (index === null) return { announcement: '', where: 'network' };
    return { announcement: this.announce(index), where: this.receiveStorage };
  }

  /** Holds a message back in the network, as for a modem that is switched off. */
  holdBack(pdu: string, length: number): void {
    this.network.push({ pdu, length, stat: 0 });
    this.onChange();
  }

  /** Power off and on: settings are forgotten, messages are not, and the network delivers what it held. */
  restart(): string {
    this.settings = powerOnSettings();
    this.line = [];
    return this.releaseNetwork();
  }

  /** Another SIM, with nothing on it. Messages in the modem's own storage stay; what the network held for the old number is gone. */
  insertSim(identity: VirtualIdentity): void {
    this.identity = identity;
    this.storages = { ...this.storages, SM: new MessageStorage(this.storages.SM.capacity) };
    this.network = [];
    this.onChange();
  }

  memory(): EmulatorMemory {
    return { sm: this.storages.SM.entries(), me: this.storages.ME.entries(), network: [...this.network] };
  }

  private get receiveStorage(): StorageName {
    return this.settings.storages[2];
  }

  private endLine(): { echo: string; command: string } {
    const command = Buffer.from(this.line).toString('latin1');
    this.line = [];
    return { echo: this.settings.echo ? `${command}\r` : '', command };
  }

  private announce(index: number): string {
    const isAnnounced = this.settings.notification[1] === STORED_AND_ANNOUNCED;
    return isAnnounced ? `\r\n+CMTI: "${this.receiveStorage}",${index}\r\n` : '';
  }

  private releaseNetwork(): string {
    let announcements = '';
    while (this.settings.radio === 1) {
      const [first] = this.network;
      const index = first === undefined ? null : this.storages[this.receiveStorage].add(first);
      if (index === null) break;
      this.network.shift();
      announcements += this.announce(index);
      this.onChange();
    }
    return announcements;
  }

  private format(result: CommandAnswer): string {
    if (result.ok) return result.lines.map((line) => `\r\n${line}\r\n`).join('') + (this.settings.verbose ? '\r\nOK\r\n' : '0\r');
    if (result.code === null || this.settings.errors === 0) return this.settings.verbose ? '\r\nERROR\r\n' : '4\r';
    return `\r\n${result.code >= 300 ? '+CMS' : '+CME'} ERROR: ${result.code}\r\n`;
  }
}
