import { existsSync, type FSWatcher, realpathSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { canonicalIccid } from '../lib/iccid.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { ConsoleAnswer, DialogueLine, Outcome, SlotActions } from './actions.ts';
import type { ResyncTiming } from './at/resync.ts';
import { Claims } from './claims.ts';
import { discoverModems, worsePorts } from './discovery/discovery.ts';
import { expandPattern, isPattern } from './discovery/glob.ts';
import type { SourceHooks } from './inbox/inbox.ts';
import type { OpenLine } from './line/line.ts';
import { isTcp, openPort } from './line/open.ts';
import { type CardMemory, forgetfulMemory } from './memory.ts';
import { FormerSims } from './sim/former-sims.ts';
import type { SimOption } from './sim/pin.ts';
import { Slot, type SlotDeps } from './slot.ts';
import type { ModemSnapshot, SourceListener } from './source.ts';

export interface BankOptions {
  /** Device paths, patterns (`/dev/ttyUSB*`, looked at again while running) and `tcp://host:port`. */
  ports: readonly string[];
  /** Whether to look for USB modems in sysfs. */
  discover: boolean;
  /** Where sysfs lists ttys and where their nodes are; for tests. */
  sysfsRoot?: string;
  deviceRoot?: string;
  sweepSeconds: number;
  sims: readonly SimOption[];
  hooks?: SourceHooks;
}

export interface BankDeps {
  clock: Clock;
  log: Log;
  listener: SourceListener;
  /** What is known from before this process; nothing by default. What a modem's own storage holds at the start is reported under the SIM it served last. */
  memory?: CardMemory;
  /** How ports are opened; the real devices and TCP by default. */
  openSerial?: OpenLine;
  /** How patient the dialogue is after a timeout; tests are less so. */
  timing?: ResyncTiming;
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
/** A device node exists a moment before its permissions are set. */
const RESCAN_AFTER_HINT_MS = 300;

/** Starts reading every modem the options name, each in its own slot that no other can disturb. */
export function startBank(options: BankOptions, deps: BankDeps): Bank {
  return new LocalBank(options, deps);
}

class LocalBank implements Bank {
  private readonly options: BankOptions;
  private readonly deps: BankDeps;
  private readonly slotDeps: SlotDeps;
  private readonly slots = new Map<string, Slot>();
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly rescan: ReturnType<typeof setInterval>;
  private hint: ReturnType<typeof setTimeout> | null = null;
  private readonly told = new Set<string>();

  constructor(options: BankOptions, deps: BankDeps) {
    const { clock, log, listener, timing, memory = forgetfulMemory(clock.nowMs) } = deps;
    const { sims, sweepSeconds, hooks = {} } = options;
    this.options = options;
    this.deps = deps;
    const open = deps.openSerial ?? openPort;
    const shared = { memory, claims: new Claims(), former: new FormerSims((imei) => memory.formerIccid(imei)) };
    this.slotDeps = { open, listener, clock, log, hooks, sims, sweepSeconds, ...shared, ...(timing === undefined ? {} : { timing }) };
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

  pause = later;
  resume = later;
  reconnect = later;
  reset = later;
  toggleRadio = later;
  enterPin = later;
  askNumber = later;

  async command(): Promise<ConsoleAnswer> {
    return { ok: false, detail: 'not yet' };
  }

  dialogue(): DialogueLine[] | null {
    return null;
  }

  async stop(): Promise<void> {
    clearInterval(this.rescan);
    if (this.hint !== null) clearTimeout(this.hint);
    for (const watcher of this.watchers.values()) watcher.close();
    await Promise.all([...this.slots.values()].map((slot) => slot.stop()));
  }

  private scan(): void {
    const candidates = this.withoutWorse(this.options.ports.flatMap((port) => this.named(port)));
    if (this.options.discover) candidates.push(...this.discovered());
    for (const { id, port } of candidates) this.consider(id, port);
  }

  /** Where several ports of one known modem are named, as by a pattern, the best of them is enough. */
  private withoutWorse(named: { id: string; port: string }[]): { id: string; port: string }[] {
    const { sysfsRoot, deviceRoot } = this.options;
    const devices = named.filter(({ port }) => !isTcp(port) && existsSync(port)).map(({ port }) => deviceOf(port));
    if (devices.length < 2) return named;
    const worse = new Map(worsePorts(devices, sysfsRoot, deviceRoot).map((found) => [found.port, found.reason]));
    return named.filter(({ port }) => {
      const reason = worse.get(deviceOf(port));
      if (reason !== undefined) this.tell(port, false, reason);
      return reason === undefined;
    });
  }

  /** A new device gets a slot; one that was missing is tried at once now that it is there. */
  private consider(id: string, port: string): void {
    const slot = this.slots.get(id);
    if (slot === undefined) {
      if (!this.isServed(port)) this.slots.set(id, new Slot(id, port, this.slotDeps));
    } else if (slot.port !== port) {
      // A replugged USB modem keeps its place but may get another device name.
      if (slot.session === null) slot.moveTo(port);
    } else if (slot.session === null && slot.status.snapshot().state === 'gone' && !isTcp(port) && existsSync(port)) {
      slot.kick();
    }
  }

  /** The same device may be named twice, by a pattern and by discovery or by two links; the first name keeps it. */
  private isServed(port: string): boolean {
    if (isTcp(port)) return false;
    const device = deviceOf(port);
    return [...this.slots.values()].some((slot) => !isTcp(slot.port) && existsSync(slot.port) && deviceOf(slot.port) === device);
  }

  private named(port: string): { id: string; port: string }[] {
    if (isTcp(port)) return [{ id: port, port }];
    if (!isPattern(port)) {
      this.watch(dirname(port));
      return [{ id: port, port }];
    }
    this.watch(port.slice(0, port.search(/[^/]*[*?[\]{}]/)));
    return expandPattern(port).map((path) => ({ id: path, port: path }));
  }

  private discovered(): { id: string; port: string }[] {
    const { sysfsRoot, deviceRoot = '/dev' } = this.options;
    this.watch(deviceRoot);
    return discoverModems(sysfsRoot, deviceRoot).flatMap(({ port, slot, taken, reason }) => {
      this.tell(port, taken, reason);
      return taken && slot !== null ? [{ id: slot, port }] : [];
    });
  }

  private tell(port: string, taken: boolean, reason: string): void {
    const key = `${port} ${reason}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.deps.log.info('modem.discovered', { port, taken, reason });
  }

  /** Changes in a folder are a hint to look again; where they cannot be watched, the regular look does. */
  private watch(folder: string): void {
    if (folder === '' || this.watchers.has(folder) || !existsSync(folder)) return;
    try {
      const watcher = watch(folder, () => this.hinted());
      watcher.on('error', (error) => {
        this.deps.log.debug('modem.watch_failed', { folder, error: messageOf(error) });
        watcher.close();
        this.watchers.delete(folder);
      });
      this.watchers.set(folder, watcher);
    } catch (thrown) {
      this.deps.log.debug('modem.watch_failed', { folder, error: messageOf(thrown) });
    }
  }

  private hinted(): void {
    if (this.hint !== null) return;
    this.hint = setTimeout(() => {
      this.hint = null;
      this.scan();
    }, RESCAN_AFTER_HINT_MS);
  }
}

async function later(): Promise<Outcome> {
  return { ok: false, detail: 'not yet' };
}

function deviceOf(port: string): string {
  try {
    return realpathSync(port);
  } catch {
    return port;
  }
}
