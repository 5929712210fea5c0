import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeDeliver } from '../../gsm/encode.ts';
import { systemClock } from '../../lib/clock.ts';
import { Chaos, type StrikeReport } from './chaos.ts';
import { type Dialect, GENERIC } from './dialect.ts';
import type { FaultName } from './faults.ts';
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
  /** How the modems speak, in turn; all after the standards by default. */
  dialects?: readonly Dialect[];
  /** Of everything that happens by chance: the same seed gives the same run. */
  seed?: number;
}

export interface ChaosOptions {
  seed: number;
  /** Faults a minute and modem; 0 ends the chaos and every fault. */
  rate: number;
  /** All by default. */
  faults?: readonly FaultName[];
}

const SAVE_SOON_MS = 20;
/** So much later than its siblings a lost part comes. */
const LOST_PART_MS = 20_000;
const REFERENCES = 256;
/** Modems of neighbouring seeds behave unlike each other. */
const SEEDS_APART = 10_007;

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
  private readonly chaosRun: Chaos;

  /** Throws when the state file cannot be understood or no pseudo-terminal can be had. `reference` seeds the references of long messages. */
  constructor(options: VirtualBankOptions, reference: number, report: (strike: StrikeReport) => void = () => {}) {
    const state = options.stateFile === undefined ? null : readState(options.stateFile);
    this.options = options;
    this.replyDelayMs = options.replyDelayMs;
    this.reference = reference % REFERENCES;
    this.nextSerial = Math.max(state?.nextSerial ?? 0, state === null ? options.count : 0);
    this.spare = state?.modems.slice(options.count) ?? [];
    mkdirSync(options.dir, { recursive: true });
    this.modems = Array.from({ length: options.count }, (_, at) => this.modemAt(at, state));
    this.chaosRun = new Chaos(this.modems, report);
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
    const { faults, random } = modem.emulator;
    const lateMs = faults.figure('lost_part', 'ms', LOST_PART_MS);
    const lostAt = parts.length > 1 && faults.strikes('lost_part') ? random.between(0, parts.length - 1) : null;
    const arriving = parts.filter((_, at) => at !== lostAt);
    const lost = lostAt === null ? undefined : parts[lostAt];
    if (lost !== undefined) modem.deliverLater(lost.pdu, lost.length, lateMs);
    const ordered = faults.isOn('reorder') ? random.shuffled(arriving) : arriving;
    const announced = await Promise.all(ordered.map(({ pdu, length }) => modem.deliver(pdu, length)));
    return { parts: parts.length, announced: announced.every(Boolean) };
  }

  /** Turns chaos on, or off with rate 0: then every fault ends. */
  chaos(options: ChaosOptions): void {
    this.chaosRun.stop();
    for (const modem of options.rate === 0 ? this.modems : []) modem.heal();
    if (options.rate > 0) this.chaosRun.start(options);
  }

  swap(modem: VirtualModem): VirtualSim {
    modem.insertSim(virtualIdentity(this.nextSerial++));
    this.save();
    return simOf(modem);
  }

  stored(): VirtualStored[] {
    return this.modems.map((modem) => {
      const { sm, me, sr = [], network } = modem.emulator.memory();
      const messages = [
        ...sm.map(([index, pdu]) => ({ storage: 'SM' as const, index, ...pdu })),
        ...me.map(([index, pdu]) => ({ storage: 'ME' as const, index, ...pdu })),
        ...sr.map(([index, pdu]) => ({ storage: 'SR' as const, index, ...pdu })),
      ];
      const { plugged, faults, emulator } = modem;
      return { ...simOf(modem), dialect: emulator.dialect.name, faults, plugged, messages, waiting: network.length };
    });
  }

  close(): void {
    this.chaosRun.stop();
    for (const modem of this.modems) modem.unplug();
    this.save();
  }

  private modemAt(at: number, state: BankState | null): VirtualModem {
    const before = state?.modems[at];
    const serial = before?.serial ?? (state === null ? at : this.nextSerial++);
    const { dialects = [GENERIC], seed = 0 } = this.options;
    return new VirtualModem({
      dialect: dialects[at % dialects.length] ?? GENERIC,
      seed: seed * SEEDS_APART + at,
      nowMs: () => systemClock.monotonicMs(),
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
