import { existsSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { canonicalIccid } from '../lib/iccid.ts';
import type { Log } from '../lib/log.ts';
import type { ConsoleAnswer, DialogueLine, Outcome, SlotActions } from './actions.ts';
import type { ResyncTiming } from './at/resync.ts';
import { Claims } from './claims.ts';
import { type ProbeGroup, usbIdOf } from './discovery/discovery.ts';
import { findAtPort } from './discovery/find-port.ts';
import { autosuspendOff, neighbours, systemUsbPower, usbDeviceOf } from './discovery/usb-power.ts';
import type { SourceHooks } from './inbox/inbox.ts';
import type { OpenLine } from './line/line.ts';
import { isTcp, openPort } from './line/open.ts';
import { type CardMemory, forgetfulMemory } from './memory.ts';
import { type Candidate, deviceOf, PortScan, type PortScanOptions } from './port-scan.ts';
import type { ModemSession } from './session.ts';
import type { SimOption, TypedPin } from './sim/pin.ts';
import { Slot, type SlotDeps } from './slot.ts';
import type { ModemSnapshot, SourceListener } from './source.ts';
import { ResetBudget } from './watchdog.ts';

export interface BankOptions extends PortScanOptions {
  sweepSeconds: number;
  sims: readonly SimOption[];
  /** Whether the network may be asked for the number of a SIM that does not know it. */
  ussd?: boolean;
  /** Whether the watchdog may take a modem off the USB and switch the power of its hub's port. */
  usbPower?: boolean;
  hooks?: SourceHooks;
}

export interface BankDeps {
  clock: Clock;
  log: Log;
  listener: SourceListener;
  /** What is known from before this process; nothing by default. */
  memory?: CardMemory;
  /** How ports are opened; the real devices and TCP by default. */
  openSerial?: OpenLine;
  /** How patient the dialogue is after a timeout; tests are less so. */
  timing?: ResyncTiming;
  /** 0 to below 1, for spreading retries. */
  random?(): number;
}

export interface Bank extends SlotActions {
  /** Every slot seen since the start, also those whose modem is gone. */
  snapshots(): ModemSnapshot[];
  /**
   * Reads all storages of this SIM in a sweep that begins after the call (callers of the same moment share one) and waits until everything
   * found is stored. True then; false when the SIM is not being read now, or the listing or the storing failed. Takes as long as the modem
   * takes. Never rejects.
   */
  readNow(iccid: string): Promise<boolean>;
  /** Ends all sessions: what was read is stored, listeners are told, ports are closed. */
  stop(): Promise<void>;
}

const RESCAN_MS = 5_000;

/** Starts reading every modem the options name, each in its own slot that no other can disturb. */
export function startBank(options: BankOptions, deps: BankDeps): Bank {
  return new LocalBank(options, deps);
}

class LocalBank implements Bank {
  private readonly slotDeps: SlotDeps;
  private readonly slots = new Map<string, Slot>();
  private readonly ports: PortScan;
  private readonly rescan: ReturnType<typeof setInterval>;
  /** The modems whose ports were asked for AT, and the names these had then. */
  private readonly asked = new Map<string, string>();
  private stopped = false;

  constructor(options: BankOptions, deps: BankDeps) {
    const { clock, log, listener, timing, memory = forgetfulMemory(clock.nowMs), openSerial = openPort, random = Math.random } = deps;
    const { sims, sweepSeconds, hooks = {}, ussd = false, sysfsRoot } = options;
    const claims = new Claims(memory);
    this.slotDeps = {
      open: openSerial,
      listener,
      clock,
      log,
      hooks,
      sims,
      sweepSeconds,
      ussd,
      ussdForms: new Map(),
      memory,
      random,
      claims,
      budget: new ResetBudget(clock, neighbours),
      usbPower: options.usbPower === true ? systemUsbPower() : null,
      usbIdOf: (port) => (isTcp(port) ? null : usbIdOf(deviceOf(port), sysfsRoot)),
      ...(timing === undefined ? {} : { timing }),
    };
    this.ports = new PortScan(options, log, () => this.scan());
    this.scan();
    this.rescan = setInterval(() => this.scan(), RESCAN_MS);
  }

  snapshots(): ModemSnapshot[] {
    return [...this.slots.values()].map((slot) => slot.status.snapshot());
  }

  readNow(iccid: string): Promise<boolean> {
    const canonical = canonicalIccid(iccid) ?? iccid;
    const holder = [...this.slots.values()].find((slot) => slot.session?.iccid === canonical);
    return holder?.session?.readNow() ?? Promise.resolve(false);
  }

  pause(id: string): Promise<Outcome> {
    return this.with(id, async (slot) => {
      if (slot.isPaused) return { ok: false, detail: 'It is paused already.' };
      await slot.pause();
      return { ok: true, detail: 'Paused: the port is closed and stays so until it is resumed. Its orders wait for the modem.' };
    });
  }

  resume(id: string): Promise<Outcome> {
    return this.with(id, async (slot) => {
      if (!slot.isPaused) return { ok: false, detail: 'It is not paused.' };
      slot.resume();
      return { ok: true, detail: 'Resumed: the port is being opened.' };
    });
  }

  reconnect(id: string): Promise<Outcome> {
    return this.with(id, async (slot) => {
      if (slot.isPaused) return { ok: false, detail: 'It is paused: resume it first.' };
      await slot.reconnect();
      return { ok: true, detail: 'The port was closed and is being opened again.' };
    });
  }

  reset(id: string): Promise<Outcome> {
    return this.withSession(id, ({ operations }) => operations.reset());
  }

  toggleRadio(id: string): Promise<Outcome> {
    return this.withSession(id, ({ operations }) => operations.toggleRadio());
  }

  enterPin(id: string, typed: TypedPin): Promise<Outcome> {
    return this.withSession(id, ({ operations }) => operations.enterPin(typed));
  }

  askNumber(id: string): Promise<Outcome> {
    return this.withSession(id, ({ operations }) => operations.askNumber(true));
  }

  command(id: string, text: string): Promise<ConsoleAnswer> {
    return this.withSession<ConsoleAnswer>(id, ({ operations }) => operations.command(text));
  }

  dialogue(id: string): DialogueLine[] | null {
    return this.slots.get(id)?.recorder.lines() ?? null;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.rescan);
    this.ports.close();
    await Promise.all([...this.slots.values()].map((slot) => slot.stop()));
  }

  private async with<T>(id: string, act: (slot: Slot) => Promise<T>): Promise<T | { ok: false; detail: string }> {
    const slot = this.slots.get(id);
    return slot === undefined ? { ok: false, detail: `There is no slot ${id}.` } : act(slot);
  }

  private withSession<T>(id: string, act: (session: ModemSession) => Promise<T>): Promise<T | { ok: false; detail: string }> {
    return this.with<T | { ok: false; detail: string }>(id, async ({ session, isPaused }) => {
      if (session !== null) return act(session);
      return { ok: false, detail: isPaused ? 'It is paused: resume it first.' : 'Its port is not open now.' };
    });
  }

  private scan(): void {
    for (const candidate of this.ports.candidates()) this.consider(candidate);
    for (const group of this.ports.unknownLayouts()) void this.ask(group);
    for (const slot of this.slots.values()) slot.look();
  }

  /** A new device gets a slot; one that was missing is tried at once now that it is there. */
  private consider({ id, port }: Candidate): void {
    const slot = this.slots.get(id);
    if (slot === undefined) {
      if (this.isServed(port)) return;
      this.keepAwake(id);
      this.slots.set(id, new Slot(id, port, this.slotDeps));
    } else if (slot.port !== port) {
      // A replugged USB modem keeps its place but may get another device name.
      if (slot.session === null) slot.moveTo(port);
    } else if (slot.session === null && slot.status.snapshot().state === 'gone' && !isTcp(port) && existsSync(port)) {
      slot.kick();
    }
  }

  /** A modem that the USB put to sleep announces nothing. */
  private keepAwake(id: string): void {
    if (this.slotDeps.usbPower === null || usbDeviceOf(id) === null) return;
    const { ok, detail } = autosuspendOff(id);
    this.slotDeps.log[ok ? 'debug' : 'warn']('modem.autosuspend', { slot: id, detail });
  }

  /** Finds the AT port of a known maker's modem whose layout is not known, once for each time it is plugged in. */
  private async ask(group: ProbeGroup): Promise<void> {
    const ports = group.ports.map(({ port }) => port).join(' ');
    if (this.asked.get(group.device) === ports || group.ports.some(({ slot }) => this.slots.get(slot)?.session)) return;
    this.asked.set(group.device, ports);
    const { open, clock, log } = this.slotDeps;
    const { port, refused } = await findAtPort(group, open, clock);
    if (this.stopped) return;
    log.info('modem.asked', { device: group.device, port: port?.port ?? null, refused: refused.join('; ') });
    if (port !== null) this.consider({ id: port.slot, port: port.port });
    else if (refused.length > 0) this.asked.delete(group.device);
  }

  /** The same device may be named twice, by a pattern and by discovery or by two links; the first name keeps it. */
  private isServed(port: string): boolean {
    if (isTcp(port)) return false;
    const device = deviceOf(port);
    return [...this.slots.values()].some((slot) => !isTcp(slot.port) && existsSync(slot.port) && deviceOf(slot.port) === device);
  }
}
