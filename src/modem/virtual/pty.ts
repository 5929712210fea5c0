import { ptr } from 'bun:ffi';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { messageOf } from '../../lib/log.ts';
import { libc } from '../line/libc.ts';
import { makeRaw } from '../line/termios.ts';
import { baudOf } from './baud.ts';

const O_CLOEXEC = 0o2000000;
const OPEN_FLAGS = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK | O_CLOEXEC;
const NAME_OCTETS = 128;
const RETRY_WRITE_MS = 2;
/** While nobody reads, the wait doubles up to this, so that a bank nobody reads sleeps. */
const RETRY_WRITE_MOST_MS = 256;
/** What a modem says while nobody reads piles up in the terminal; beyond this the oldest silence is better than memory. */
const UNSENT_CAP_OCTETS = 256 * 1024;

/** The modem's side of a pseudo-terminal pair. */
export interface Pty {
  /** The device the other side opens, as `/dev/pts/7`. */
  readonly path: string;
  /** Sends octets in order; resolves when the last is in the terminal, false when it was closed or choked before. */
  write(octets: Uint8Array): Promise<boolean>;
  /** The line rate the other side has set, in baud; null for an unusual one. */
  baud(): number | null;
  /** Closes both sides: the reader of the device sees a hang-up, as when a modem is pulled out. */
  close(): void;
}

/** Creates a pseudo-terminal in raw mode and reads what the other side writes. Throws when the system has none left. */
export function openPty(onBytes: (octets: Uint8Array) => void): Pty {
  const { posix_openpt, grantpt, unlockpt, ptsname_r } = libc();
  const master = posix_openpt(OPEN_FLAGS);
  if (master < 0) throw new Error('no pseudo-terminal could be opened (is devpts mounted, and is its limit reached?)');
  const name = new Uint8Array(NAME_OCTETS);
  if (grantpt(master) !== 0 || unlockpt(master) !== 0 || ptsname_r(master, ptr(name), NAME_OCTETS) !== 0) {
    closeSync(master);
    throw new Error('the pseudo-terminal could not be unlocked');
  }
  const path = Buffer.from(name.subarray(0, name.indexOf(0))).toString('latin1');
  // Held open so that the pair outlives whoever opens and closes the device.
  const held = openSync(path, OPEN_FLAGS);
  makeRaw(held);
  return new Master(path, master, held, onBytes);
}

interface Unsent {
  octets: Uint8Array;
  done: (sent: boolean) => void;
}

class Master implements Pty {
  readonly path: string;
  private readonly master: number;
  private readonly held: number;
  private readonly reader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>; cancel(): Promise<void> };
  private readonly onBytes: (octets: Uint8Array) => void;
  private unsent: Unsent[] = [];
  private unsentOctets = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private retryMs = RETRY_WRITE_MS;
  private open = true;

  constructor(path: string, master: number, held: number, onBytes: (octets: Uint8Array) => void) {
    this.path = path;
    this.master = master;
    this.held = held;
    this.onBytes = onBytes;
    this.reader = Bun.file(master).stream().getReader();
    void this.read();
  }

  write(octets: Uint8Array): Promise<boolean> {
    if (!this.open || this.unsentOctets + octets.length > UNSENT_CAP_OCTETS) return Promise.resolve(false);
    const sent = new Promise<boolean>((done) => {
      this.unsent.push({ octets, done });
    });
    this.unsentOctets += octets.length;
    if (this.retry === null) this.drain();
    return sent;
  }

  baud(): number | null {
    return this.open ? baudOf(this.held) : null;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    if (this.retry !== null) clearTimeout(this.retry);
    for (const { done } of this.unsent.splice(0)) done(false);
    closeSync(this.held);
    const { master } = this;
    void this.reader.cancel().then(
      () => closeSync(master),
      () => closeSync(master),
    );
  }

  private async read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.reader.read();
        if (done) break;
        if (this.open && value !== undefined) this.onBytes(value);
      }
    } catch {
      // A pair being closed ends reading with an error on some kernels; either way nothing more comes from it.
    }
    this.close();
  }

  private drain(): void {
    this.retry = null;
    while (this.open) {
      const [first] = this.unsent;
      if (first === undefined) return;
      const sent = this.push(first.octets);
      this.unsentOctets -= sent;
      this.retryMs = sent > 0 ? RETRY_WRITE_MS : Math.min(this.retryMs * 2, RETRY_WRITE_MOST_MS);
      if (sent < first.octets.length) {
        first.octets = first.octets.subarray(sent);
        this.retry = setTimeout(() => this.drain(), this.retryMs);
        return;
      }
      this.unsent.shift();
      first.done(true);
    }
  }

  private push(octets: Uint8Array): number {
    try {
      return writeSync(this.master, octets);
    } catch (thrown) {
      const isFull = thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN';
      if (!isFull) throw new Error(`writing to ${this.path} failed: ${messageOf(thrown)}`);
      return 0;
    }
  }
}
