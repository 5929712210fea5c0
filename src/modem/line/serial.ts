import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { messageOf } from '../../lib/log.ts';
import { driverOf } from '../discovery/sysfs.ts';
import type { LineHandlers, OpenRefusal, OpenResult, SerialLine } from './line.ts';
import { deniedReason } from './permission.ts';
import { BAUD_RATES, claim, flush, makeRaw } from './termios.ts';

const O_CLOEXEC = 0o2000000;
const OPEN_FLAGS = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK | O_CLOEXEC;
const RETRY_WRITE_MS = 2;
/** Drivers of modems that sit on the USB themselves: there is no serial line, and no rate, behind the port. */
const RATELESS_DRIVERS = ['option1', 'option', 'cdc_acm', 'sierra', 'qcserial', 'hso', 'GobiSerial'];
const REFUSALS: Record<string, OpenRefusal> = {
  EBUSY: 'busy',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'missing',
  ENODEV: 'missing',
  ENXIO: 'missing',
  EIO: 'missing',
};

/**
 * Opens a serial device (or pseudo-terminal) for this process alone: raw 8N1 115200, no flow control, non-blocking, and empty of what an
 * earlier owner left.
 */
export function openSerial(path: string): OpenResult {
  let fd: number;
  try {
    fd = openSync(path, OPEN_FLAGS);
  } catch (thrown) {
    return refusalOf(path, thrown);
  }
  const problem = prepare(fd, path);
  if (problem === null) return { ok: true, line: new DeviceLine(fd, !RATELESS_DRIVERS.includes(driverOf(path) ?? '')) };
  closeSync(fd);
  return problem;
}

function prepare(fd: number, path: string): OpenResult | null {
  try {
    if (!claim(fd)) return busy(path);
    if (!makeRaw(fd)) return { ok: false, code: 'failed', detail: `${path} is not a serial device` };
    flush(fd);
    return null;
  } catch (thrown) {
    return refusalOf(path, thrown);
  }
}

function refusalOf(path: string, thrown: unknown): OpenResult {
  const code = REFUSALS[codeOf(thrown)] ?? 'failed';
  if (code === 'busy') return busy(path);
  return { ok: false, code, detail: WORDS[code]?.(path) ?? messageOf(thrown) };
}

const WORDS: Partial<Record<OpenRefusal, (path: string) => string>> = {
  missing: (path) => `nothing is plugged in at ${path}`,
  denied: deniedReason,
};

function busy(path: string): OpenResult {
  return { ok: false, code: 'busy', detail: `${path} is in use` };
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

interface OctetReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Reads by Bun's poll on the descriptor (it keeps a duplicate of its own) and writes by plain write(2). */
class DeviceLine implements SerialLine {
  private readonly fd: number;
  private reader: OctetReader | null = null;
  private handlers: LineHandlers | null = null;
  private unsent: Uint8Array[] = [];
  private retry: ReturnType<typeof setTimeout> | null = null;
  private open = true;
  private readonly hasRate: boolean;

  constructor(fd: number, hasRate: boolean) {
    this.fd = fd;
    this.hasRate = hasRate;
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
    this.reader = Bun.file(this.fd).stream().getReader();
    void this.read(this.reader);
  }

  write(octets: Uint8Array): void {
    if (!this.open) return;
    this.unsent.push(octets);
    if (this.retry === null) this.drain();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    if (this.retry !== null) clearTimeout(this.retry);
    this.unsent = [];
    const { reader, fd } = this;
    if (reader === null) {
      closeSync(fd);
      return;
    }
    // The lock on the device ends with the last of the two descriptors, so ours goes when Bun's is gone.
    void reader.cancel().then(
      () => closeSync(fd),
      () => closeSync(fd),
    );
  }

  setBaud(baud: number): boolean {
    if (!this.open || !this.hasRate || !BAUD_RATES.includes(baud) || !makeRaw(this.fd, baud)) return false;
    flush(this.fd);
    return true;
  }

  private async read(reader: OctetReader): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (this.open && value !== undefined && value.length > 0) this.handlers?.bytes(value);
      }
      this.fail('the device hung up');
    } catch (thrown) {
      this.fail(`reading failed: ${messageOf(thrown)}`);
    }
  }

  private drain(): void {
    this.retry = null;
    while (this.open) {
      const [first] = this.unsent;
      if (first === undefined) return;
      let sent = 0;
      try {
        sent = writeSync(this.fd, first);
      } catch (thrown) {
        if (codeOf(thrown) !== 'EAGAIN') return this.fail(`writing failed: ${messageOf(thrown)}`);
      }
      if (sent === first.length) {
        this.unsent.shift();
      } else {
        this.unsent[0] = first.subarray(sent);
        this.retry = setTimeout(() => this.drain(), RETRY_WRITE_MS);
        return;
      }
    }
  }

  private fail(reason: string): void {
    if (!this.open) return;
    this.close();
    this.handlers?.closed(reason);
  }
}
