import { existsSync, type FSWatcher, realpathSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Log, messageOf } from '../lib/log.ts';
import { discoverModems, type ProbeGroup, probeOrder, slotOf, worsePorts } from './discovery/discovery.ts';
import { expandPattern, isPattern } from './discovery/glob.ts';
import { namesIn, TTY_ROOT } from './discovery/sysfs.ts';
import { isTcp } from './line/open.ts';

export interface PortScanOptions {
  /** Device paths, patterns (`/dev/ttyUSB*`, looked at again while running) and `tcp://host:port`. */
  ports: readonly string[];
  /** Whether to look for USB modems in sysfs. */
  discover: boolean;
  /** Where sysfs lists ttys and where their nodes are; for tests. */
  sysfsRoot?: string;
  deviceRoot?: string;
}

/** A place a modem may be in and the device that leads to it now. */
export interface Candidate {
  id: string;
  port: string;
}

/** A device node exists a moment before its permissions are set. */
const AFTER_HINT_MS = 300;

/** Says which ports there are to read, and notices when that may have changed. */
export class PortScan {
  private readonly options: PortScanOptions;
  private readonly log: Log;
  private readonly changed: () => void;
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly told = new Set<string>();
  private hint: ReturnType<typeof setTimeout> | null = null;
  /** What was there at the last look, and what came of it. */
  private seen: string | null = null;
  private found: Candidate[] = [];
  private unknown: readonly ProbeGroup[] = [];

  /** `changed` is called a moment after a device came or went, where the system tells; look regularly all the same. */
  constructor(options: PortScanOptions, log: Log, changed: () => void) {
    this.options = options;
    this.log = log;
    this.changed = changed;
  }

  /** Every port to read now, configured ones first; a device may be named more than once. */
  candidates(): Candidate[] {
    if (this.options.discover) this.watch(this.options.deviceRoot ?? '/dev');
    const named = this.options.ports.flatMap((port) => this.named(port));
    const seen = [this.sysfsNow(), ...named.map((port) => `${port} ${isTcp(port) ? '' : deviceOf(port)}`)].join('\n');
    if (seen === this.seen) return this.found;
    this.seen = seen;
    this.found = this.withoutWorse(named.map((port) => ({ id: this.idOf(port), port })));
    if (this.options.discover) this.found.push(...this.discovered());
    this.unknown = this.options.discover ? probeOrder(this.options.sysfsRoot, this.options.deviceRoot) : [];
    return this.found;
  }

  /** The modems of known makers whose AT port must be found by asking, as of the last look; empty where ports are not looked for. */
  unknownLayouts(): readonly ProbeGroup[] {
    return this.unknown;
  }

  close(): void {
    if (this.hint !== null) clearTimeout(this.hint);
    for (const watcher of this.watchers.values()) watcher.close();
  }

  /** Where several ports of one known modem are named, as by a pattern, the best of them is enough. */
  private withoutWorse(named: Candidate[]): Candidate[] {
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

  /** Which ttys there are and where, in one text: reading all that is known of each takes long enough to be felt by messages. */
  private sysfsNow(): string {
    const { sysfsRoot = TTY_ROOT } = this.options;
    return namesIn(sysfsRoot)
      .map((name) => `${name} ${deviceOf(join(sysfsRoot, name, 'device'))}`)
      .join('\n');
  }

  /** A device of the USB found by a pattern is known by its place: its name changes with every replug. */
  private idOf(port: string): string {
    const isNamedItself = isTcp(port) || this.options.ports.includes(port);
    return isNamedItself ? port : (slotOf(deviceOf(port), this.options.sysfsRoot) ?? port);
  }

  private named(port: string): string[] {
    if (isTcp(port)) return [port];
    if (!isPattern(port)) {
      this.watch(dirname(port));
      return [port];
    }
    this.watch(port.slice(0, port.search(/[^/]*[*?[\]{}]/)));
    return expandPattern(port);
  }

  private discovered(): Candidate[] {
    const { sysfsRoot, deviceRoot = '/dev' } = this.options;
    return discoverModems(sysfsRoot, deviceRoot).flatMap(({ port, slot, taken, reason }) => {
      this.tell(port, taken, reason);
      return taken ? [{ id: slot, port }] : [];
    });
  }

  private tell(port: string, taken: boolean, reason: string): void {
    const key = `${port} ${reason}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.log.info('modem.discovered', { port, taken, reason });
  }

  /** Changes in a folder are a hint to look again; where they cannot be watched, the regular look does. */
  private watch(folder: string): void {
    if (folder === '' || this.watchers.has(folder) || !existsSync(folder)) return;
    try {
      const watcher = watch(folder, () => this.hinted());
      watcher.on('error', (error) => {
        this.log.debug('modem.watch_failed', { folder, error: messageOf(error) });
        watcher.close();
        this.watchers.delete(folder);
      });
      this.watchers.set(folder, watcher);
    } catch (thrown) {
      this.log.debug('modem.watch_failed', { folder, error: messageOf(thrown) });
    }
  }

  private hinted(): void {
    if (this.hint !== null) return;
    this.hint = setTimeout(() => {
      this.hint = null;
      this.changed();
    }, AFTER_HINT_MS);
  }
}

/** The device behind a name, which may be a link. */
export function deviceOf(port: string): string {
  try {
    return realpathSync(port);
  } catch {
    return port;
  }
}
