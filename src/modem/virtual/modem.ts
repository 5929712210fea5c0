import { rmSync, symlinkSync } from 'node:fs';
import { Emulator, type EmulatorMemory } from './emulator.ts';
import type { VirtualIdentity } from './numbers.ts';
import { openPty, type Pty } from './pty.ts';

export interface VirtualModemOptions {
  /** The symbolic link the server opens. */
  port: string;
  imei: string;
  identity: VirtualIdentity;
  memory?: EmulatorMemory;
  /** How long each command takes, asked anew for each. */
  replyDelayMs(): number;
  /** What the modem holds has changed and may be written down soon … */
  changed(): void;
  /** … or must be written down before anybody is told of it. */
  save(): void;
}

/** An emulated modem on a pseudo-terminal: it can be pulled out, put back, frozen and thawed. */
export class VirtualModem {
  readonly port: string;
  readonly emulator: Emulator;
  private readonly options: VirtualModemOptions;
  private pty: Pty | null = null;
  private frozen = false;
  private commands: string[] = [];
  private busy = false;
  /** What was said while frozen; it comes out on thawing, late, as from a real modem that hung. */
  private unsaid: Uint8Array[] = [];
  private unheard: Uint8Array[] = [];

  constructor(options: VirtualModemOptions) {
    const { port, imei, identity, memory } = options;
    this.port = port;
    this.options = options;
    this.emulator = new Emulator({ identity, imei, onChange: () => options.changed(), ...(memory === undefined ? {} : { memory }) });
  }

  get plugged(): boolean {
    return this.pty !== null;
  }

  /** Powers the modem on: a new pseudo-terminal behind the same link. */
  plug(): void {
    if (this.pty !== null) return;
    this.emulator.restart();
    this.pty = openPty((octets) => this.heard(octets));
    rmSync(this.port, { force: true });
    symlinkSync(this.pty.path, this.port);
  }

  /** Pulls the modem out: the server sees a hang-up and the link is gone. */
  unplug(): void {
    rmSync(this.port, { force: true });
    this.pty?.close();
    this.pty = null;
    this.frozen = false;
    this.commands = [];
    this.unsaid = [];
    this.unheard = [];
  }

  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    for (const octets of this.unsaid.splice(0)) void this.pty?.write(octets);
    for (const octets of this.unheard.splice(0)) this.heard(octets);
    this.pump();
  }

  /**
   * A message for this SIM arrives in the network. Resolves when it is durable and its announcement's last octet is written: true when it
   * was announced, false when it only lies there (switched off, full, frozen, or announcements not asked for).
   */
  async deliver(pdu: string, length: number): Promise<boolean> {
    if (this.pty === null) this.emulator.holdBack(pdu, length);
    const announcement = this.pty === null ? '' : this.emulator.deliver(pdu, length).announcement;
    this.options.save();
    return announcement !== '' && this.say(announcement);
  }

  /** Puts another SIM in and says so, as modems with a card switch do. */
  insertSim(identity: VirtualIdentity): void {
    this.emulator.insertSim(identity);
    this.options.save();
    void this.say('\r\n+CPIN: NOT INSERTED\r\n');
    void this.say('\r\n+CPIN: READY\r\n');
  }

  private say(text: string): Promise<boolean> {
    if (text === '' || this.pty === null) return Promise.resolve(false);
    const octets = Buffer.from(text, 'latin1');
    if (!this.frozen) return this.pty.write(octets);
    this.unsaid.push(octets);
    return Promise.resolve(false);
  }

  private heard(octets: Uint8Array): void {
    if (this.frozen) {
      this.unheard.push(octets);
      return;
    }
    for (const { echo, command } of this.emulator.receive(octets)) {
      void this.say(echo);
      this.commands.push(command);
    }
    this.pump();
  }

  private pump(): void {
    while (!this.busy && !this.frozen && this.commands.length > 0) {
      const delayMs = this.options.replyDelayMs();
      if (delayMs > 0) {
        this.busy = true;
        setTimeout(() => {
          this.busy = false;
          this.runNext();
          this.pump();
        }, delayMs);
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
    const { answer, announcements } = this.emulator.execute(command);
    void this.say(answer);
    void this.say(announcements);
  }
}
