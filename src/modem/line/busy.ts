import { realpathSync } from 'node:fs';
import { describeHolder, type Holder, holdersInSlices } from './holder.ts';

/** Who holds a port changes seldom, and a busy port is tried every few seconds. */
const KNOWN_FOR_MS = 30_000;

type Look = (devices: readonly string[], ownPid: number) => Promise<Map<string, Holder>>;

/**
 * Tells which process holds a busy port. However many ports are busy, at most one look at all processes is under way: whoever asks meanwhile shares the next
 * one, and what was found is believed for half a minute.
 */
export class BusyPorts {
  private readonly look: Look;
  private readonly nowMs: () => number;
  private readonly known = new Map<string, { text: string | null; atMs: number }>();
  private wanted = new Set<string>();
  private next: Promise<void> | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(look: Look = holdersInSlices, nowMs: () => number = () => performance.now()) {
    this.look = look;
    this.nowMs = nowMs;
  }

  /** As `ModemManager (pid 812)`, or null when none can be seen: other users' processes are hidden from us unless we run as root. */
  async holderOf(path: string): Promise<string | null> {
    const device = realPath(path);
    if (device === null) return null;
    const known = this.known.get(device);
    if (known !== undefined && this.nowMs() - known.atMs < KNOWN_FOR_MS) return known.text;
    this.wanted.add(device);
    this.next ??= this.running = this.running.then(() => this.lookOnce());
    await this.next;
    return this.known.get(device)?.text ?? null;
  }

  private async lookOnce(): Promise<void> {
    const devices = [...this.wanted];
    this.wanted = new Set();
    this.next = null;
    const holders = await this.look(devices, process.pid);
    const atMs = this.nowMs();
    for (const [device, known] of this.known) if (atMs - known.atMs >= KNOWN_FOR_MS) this.known.delete(device);
    for (const device of devices) {
      const holder = holders.get(device);
      this.known.set(device, { text: holder === undefined ? null : describeHolder(holder), atMs });
    }
  }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // Gone meanwhile: nobody holds it.
    return null;
  }
}
