import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeDeliver } from '../../gsm/encode.ts';
import { VirtualModem } from './modem.ts';
import { virtualIdentity, virtualImei } from './numbers.ts';
import type { VirtualSim, VirtualStored, VirtualTarget } from './protocol.ts';
import { type BankState, readState, writeState } from './state.ts';

export interface VirtualBankOptions {
  count: number;
  /** Folder of the links `tty0`, `tty1` … the server opens. */
  dir: string;
  /** Where messages not yet deleted survive the end of the process; nothing survives without it. */
  stateFile?: string;
  replyDelayMs: number;
}

const SAVE_SOON_MS = 20;
const REFERENCES = 256;

/** A bank of virtual modems on pseudo-terminals, and the network that brings them messages. */
export class EmulatedBank {
  readonly modems: VirtualModem[];
  private readonly options: VirtualBankOptions;
  private replyDelayMs: number;
  private nextSerial: number;
  /** State of modems beyond `count`, kept for a later start with more of them. */
  private readonly spare: BankState['modems'];
  private saving: ReturnType<typeof setTimeout> | null = null;
  private reference: number;

  /** Throws when the state file cannot be understood or no pseudo-terminal can be had. `reference` seeds the references of long messages. */
  constructor(options: VirtualBankOptions, reference: number) {
    const state = options.stateFile === undefined ? null : readState(options.stateFile);
    this.options = options;
    this.replyDelayMs = options.replyDelayMs;
    this.reference = reference % REFERENCES;
    this.nextSerial = Math.max(state?.nextSerial ?? 0, state === null ? options.count : 0);
    this.spare = state?.modems.slice(options.count) ?? [];
    mkdirSync(options.dir, { recursive: true });
    this.modems = Array.from({ length: options.count }, (_, at) => this.modemAt(at, state));
    for (const modem of this.modems) modem.plug();
    this.save();
  }

  sims(): VirtualSim[] {
    return this.modems.map(simOf);
  }

  /** The modem a command is for, or null. */
  find(target: VirtualTarget): VirtualModem | null {
    const { number, port } = target;
    return this.modems.find((modem) => (number === undefined ? modem.port === port : modem.emulator.identity.number === number)) ?? null;
  }

  setReplyDelay(ms: number): void {
    this.replyDelayMs = ms;
  }

  /** Sends an SMS, in as many parts as it needs; how many, and whether the last was announced. Throws when it cannot be encoded. */
  async sendSms(modem: VirtualModem, sms: { sender: string; text: string; atMs: number }): Promise<{ parts: number; announced: boolean }> {
    const parts = encodeDeliver({ ...sms, ref: this.reference });
    this.reference = (this.reference + 1) % REFERENCES;
    const announced = await Promise.all(parts.map(({ pdu, length }) => modem.deliver(pdu, length)));
    return { parts: parts.length, announced: announced.every(Boolean) };
  }

  swap(modem: VirtualModem): VirtualSim {
    modem.insertSim(virtualIdentity(this.nextSerial++));
    this.save();
    return simOf(modem);
  }

  stored(): VirtualStored[] {
    return this.modems.map((modem) => {
      const { sm, me, network } = modem.emulator.memory();
      const messages = [
        ...sm.map(([index, pdu]) => ({ storage: 'SM' as const, index, ...pdu })),
        ...me.map(([index, pdu]) => ({ storage: 'ME' as const, index, ...pdu })),
      ];
      return { ...simOf(modem), plugged: modem.plugged, messages, waiting: network.length };
    });
  }

  close(): void {
    for (const modem of this.modems) modem.unplug();
    this.save();
  }

  private modemAt(at: number, state: BankState | null): VirtualModem {
    const before = state?.modems[at];
    const serial = before?.serial ?? (state === null ? at : this.nextSerial++);
    return new VirtualModem({
      port: resolve(join(this.options.dir, `tty${at}`)),
      imei: virtualImei(at),
      identity: virtualIdentity(serial),
      replyDelayMs: () => this.replyDelayMs,
      changed: () => this.saveSoon(),
      save: () => this.save(),
      ...(before === undefined ? {} : { memory: before.memory }),
    });
  }

  private saveSoon(): void {
    if (this.options.stateFile === undefined || this.saving !== null) return;
    this.saving = setTimeout(() => this.save(), SAVE_SOON_MS);
  }

  private save(): void {
    if (this.saving !== null) clearTimeout(this.saving);
    this.saving = null;
    if (this.options.stateFile === undefined) return;
    const modems = this.modems.map(({ emulator }) => ({ serial: emulator.identity.serial, memory: emulator.memory() }));
    writeState(this.options.stateFile, { version: 1, nextSerial: this.nextSerial, modems: [...modems, ...this.spare] });
  }
}

export function simOf({ port, emulator }: VirtualModem): VirtualSim {
  const { iccid, number, country } = emulator.identity;
  return { port, iccid, imei: emulator.imei, number, country };
}
