import { rmSync, symlinkSync } from 'node:fs';
import { Alarms } from './alarms.ts';
import { Chatter } from './chatter.ts';
import type { Dialect } from './dialect.ts';
import { Emulator, type EmulatorMemory } from './emulator.ts';
import type { FaultParameters } from './fault-set.ts';
import type { FaultName } from './faults.ts';
import type { VirtualIdentity } from './numbers.ts';
import { openPty, type Pty } from './pty.ts';
import { byOtherCentre } from './strangers.ts';
import { switchFault } from './switches.ts';
import { Wire } from './wire.ts';

export interface VirtualModemOptions {
  /** The symbolic link the server opens. */
  port: string;
  imei: string;
  identity: VirtualIdentity;
  dialect: Dialect;
  seed: number;
  memory?: EmulatorMemory;
  /** How long each command takes, asked anew for each. */
  replyDelayMs(): number;
  /** Milliseconds on a clock that never goes back. */
  nowMs(): number;
  /** What the modem holds has changed and may be written down soon … */
  changed(): void;
  /** … or must be written down before anybody is told of it. */
  save(): void;
}

const ESCAPE = 0x1b;
const LEFTOVERS = '\x00\xff~\r\n7E3\r\n\r\n+CMGL: 1,1,,2';
/** Longer than a reader waits for the answer to a short command. */
const LATE_LEAST_MS = 3_000;
const LATE_MOST_MS = 12_000;
const LAST_WORDS_MS = 20;

/** An emulated modem on a pseudo-terminal: it can be pulled out, put back, frozen, restarted, and have every fault of `FAULTS`. */
export class VirtualModem {
  readonly port: string;
  readonly emulator: Emulator;
  private readonly options: VirtualModemOptions;
  private readonly alarms = new Alarms();
  private readonly chatter: Chatter;
  private pty: Pty | null = null;
  private wire: Wire | null = null;
  private frozen = false;
  private commands: string[] = [];
  private busy = false;
  /** What was said while frozen; it comes out on thawing, late, as from a real modem that hung. */
  private unsaid: Uint8Array[] = [];
  private unheard: Uint8Array[] = [];
  /** Added to the time of the next answer. */
  private lateMs = 0;
  /** The next answer breaks off in the middle by a restart. */
  private breaksOff = false;
  private dueAtMs: number | null = null;

  constructor(options: VirtualModemOptions) {
    const { port, imei, identity, memory, dialect, seed, nowMs } = options;
    this.port = port;
    this.options = options;
    const kept = memory === undefined ? {} : { memory };
    this.emulator = new Emulator({ identity, imei, dialect, seed, nowMs, onChange: () => options.changed(), ...kept });
    this.emulator.powered = false;
    this.chatter = new Chatter({ emulator: this.emulator, alarms: this.alarms, nowMs, say: (line) => this.sayByItself(line) });
  }

  get plugged(): boolean {
    return this.pty !== null;
  }

  /** The faults that are on. */
  get faults(): FaultName[] {
    return this.emulator.faults.names();
  }

  /** Powers the modem on: a new pseudo-terminal behind the same link. */
  plug(): void {
    this.emulator.faults.turnOff('unplug');
    if (this.pty !== null) return;
    this.powerOff();
    this.connect();
    this.powerOn();
  }

  /** Pulls the modem out: the server sees a hang-up and the link is gone. */
  unplug(): void {
    this.emulator.faults.turnOn('unplug');
    this.powerOff();
    this.disconnect();
  }

  freeze(): void {
    this.emulator.faults.turnOn('freeze');
    this.frozen = true;
  }

  thaw(): void {
    this.emulator.faults.turnOff('freeze');
    if (!this.frozen) return;
    this.frozen = false;
    for (const octets of this.unsaid.splice(0)) void this.wire?.write(octets);
    for (const octets of this.unheard.splice(0)) this.heard(octets);
    this.pump();
  }

  /**
   * Turns a fault on or off; a momentary one just happens. Parameters, by fault: late `ms`, stray_final `rate` (of the
   * answers), noise `rate` (stray octets an octet), reboot `mid` (1: within the next answer), lost_part `ms`, pushed `again_ms` and `class0` (1: flash messages alone), pin and wrong_pin `pin`;
   * truncated and lost_part `times` (then it is over).
   */
  fault(name: FaultName, on: boolean, parameters: FaultParameters = {}): void {
    if (name === 'unplug') on ? this.unplug() : this.plug();
    else if (name === 'freeze') on ? this.freeze() : this.thaw();
    else if (name === 'reboot') this.rebootSoon(on, parameters);
    else if (name === 'late') this.lateMs = on ? this.lateFor(parameters) : 0;
    else void this.say(switchFault(this.emulator, name, on, parameters));
    this.options.save();
    this.awaitDue();
  }

  /** Turns every fault off. */
  heal(): void {
    for (const name of this.faults) this.fault(name, false);
    this.lateMs = 0;
    this.breaksOff = false;
  }

  /**
   * A message for this SIM arrives in the network. Resolves when it is durable and its announcement's last octet is written: true when it
   * was announced, false when it only lies there (switched off, full, frozen, or announcements not asked for).
   */
  async deliver(pdu: string, length: number): Promise<boolean> {
    let { announcement } = this.emulator.deliver(pdu, length);
    if (this.emulator.faults.isOn('duplicate')) announcement += this.emulator.deliver(byOtherCentre(pdu), length).announcement;
    this.options.save();
    this.awaitDue();
    return announcement !== '' && this.say(announcement);
  }

  /** A message the network brings only after `ms`. */
  deliverLater(pdu: string, length: number, ms: number): void {
    this.emulator.mailbox.holdBack({ pdu, length, stat: 0 }, this.options.nowMs() + ms);
    this.options.save();
    this.awaitDue();
  }

  /** Puts another SIM in and says so, as modems with a card switch do. */
  insertSim(identity: VirtualIdentity): void {
    this.emulator.insertSim(identity);
    this.options.save();
    void this.say('\r\n+CPIN: NOT INSERTED\r\n');
    void this.say('\r\n+CPIN: READY\r\n');
  }

  private connect(): void {
    const { faults, random } = this.emulator;
    const pty = openPty((octets) => this.wire?.read(octets));
    this.pty = pty;
    this.wire = new Wire(pty, { faults, random, nowMs: this.options.nowMs, heard: (octets) => this.heard(octets) });
    rmSync(this.port, { force: true });
    symlinkSync(pty.path, this.port);
  }

  private disconnect(): void {
    rmSync(this.port, { force: true });
    this.wire?.close();
    this.pty?.close();
    this.wire = null;
    this.pty = null;
  }

  private powerOff(): void {
    this.emulator.powered = false;
    this.emulator.faults.turnOff('freeze');
    this.alarms.clear();
    this.frozen = false;
    this.busy = false;
    this.breaksOff = false;
    this.lateMs = 0;
    this.chatter.stop();
    this.dueAtMs = null;
    this.commands = [];
    this.unsaid = [];
    this.unheard = [];
  }

  private powerOn(): void {
    this.emulator.powered = true;
    void this.say(this.emulator.restart());
    for (const { afterMs, text } of this.emulator.dialect.boot.lines) this.alarms.after(afterMs, () => this.sayByItself(text));
    this.awaitDue();
  }

  /** Off and on again by itself; by dialect the port goes away meanwhile, or stays and is deaf. */
  private reboot(): void {
    if (this.pty === null) return;
    const { hangsUp, takesMs } = this.emulator.dialect.boot;
    this.powerOff();
    if (hangsUp) this.disconnect();
    this.alarms.after(takesMs, () => {
      if (this.pty === null) this.connect();
      this.powerOn();
    });
  }

  private rebootSoon(on: boolean, parameters: FaultParameters): void {
    this.breaksOff = on && parameters['mid'] === 1;
    if (on && !this.breaksOff) this.reboot();
  }

  private lateFor({ ms }: FaultParameters): number {
    return typeof ms === 'number' ? ms : this.emulator.random.between(LATE_LEAST_MS, LATE_MOST_MS);
  }

  private say(text: string): Promise<boolean> {
    if (text === '' || this.wire === null || !this.emulator.powered) return Promise.resolve(false);
    const octets = Buffer.from(text, 'latin1');
    if (!this.frozen) return this.wire.write(octets);
    this.unsaid.push(octets);
    return Promise.resolve(false);
  }

  /** A line nobody asked for, if such lines come out on this port; what it says of the card is true. */
  private sayByItself(line: string): void {
    const { announces, sim, faults } = this.emulator;
    const state = faults.isOn('sim_removed') ? 'NOT INSERTED' : sim.state;
    if (announces) void this.say(`\r\n${line.replace(/^\+CPIN: .*/, `+CPIN: ${state}`)}\r\n`);
  }

  private heard(octets: Uint8Array): void {
    if (!this.emulator.powered) return;
    if (this.frozen) {
      this.unheard.push(octets);
      return;
    }
    this.chatter.heard();
    if (this.emulator.faults.isOn('garbage_open') && octets.includes(ESCAPE)) void this.say(LEFTOVERS);
    for (const { echo, command } of this.emulator.receive(octets)) {
      void this.say(echo);
      this.commands.push(command);
    }
    this.pump();
  }

  private pump(): void {
    while (!this.busy && !this.frozen && this.commands.length > 0) {
      const delayMs = this.options.replyDelayMs() + this.lateMs;
      this.lateMs = 0;
      if (delayMs > 0) {
        this.busy = true;
        this.alarms.after(delayMs, () => {
          this.busy = false;
          this.runNext();
          this.pump();
        });
      } else {
        this.runNext();
      }
    }
  }

  /** Runs the oldest command; one that was waiting when the modem froze or was pulled out stays or is gone. */
  private runNext(): void {
    if (this.frozen) return;
    const command = this.commands.shift();
    if (command === undefined) return;
    const { answer, announcements, later, restarts } = this.emulator.execute(command);
    if (this.breaksOff && answer.length > 1) {
      void this.say(answer.slice(0, answer.length / 2));
      this.alarms.after(LAST_WORDS_MS, () => this.reboot());
      this.breaksOff = false;
      this.commands = [];
      return;
    }
    void this.say(answer);
    void this.say(announcements);
    for (const { afterMs, text } of later) this.alarms.after(afterMs, () => void this.say(text));
    if (restarts) this.alarms.after(LAST_WORDS_MS, () => this.reboot());
    this.awaitDue();
  }

  /** Brings late messages when they are due. */
  private awaitDue(): void {
    const { nextDueAtMs } = this.emulator.mailbox;
    if (nextDueAtMs === null || (this.dueAtMs !== null && this.dueAtMs <= nextDueAtMs)) return;
    this.dueAtMs = nextDueAtMs;
    this.alarms.after(Math.max(1, Math.ceil(nextDueAtMs - this.options.nowMs())), () => {
      this.dueAtMs = null;
      const announcements = this.emulator.mailbox.releaseDue();
      this.options.save();
      void this.say(announcements);
      this.awaitDue();
    });
  }
}
