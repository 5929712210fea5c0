import type { Socket } from 'bun';
import { messageOf } from '../../lib/log.ts';
import type { LineHandlers, OpenResult, SerialLine } from './line.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;
/** A side that takes nothing for so long is gone; nobody waits that long for an answer. */
const STALLED_MS = 10_000;
/** Telnet's IAC followed by WILL, WONT, DO or DONT (RFC 854): the far side negotiates options instead of passing octets through. */
const TELNET = { iac: 0xff, least: 0xfb };

/** Host and port of `tcp://host:port` (IPv6 in brackets), or null when it is not of that form. */
export function parseTcpAddress(port: string): { host: string; port: number } | null {
  const match = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^/\s:[\]]+)):(\d{1,5})\/?$/.exec(port);
  const host = match?.[1] ?? match?.[2];
  const number = Number(match?.[3]);
  return host !== undefined && number >= 1 && number <= 65_535 ? { host, port: number } : null;
}

/**
 * Connects to a modem behind a terminal server, `tcp://host:port`; gives up after 5 s. Octets pass through as they are: telnet and its serial
 * options (RFC 2217) are not spoken, the rate is set on the server's side. A far side that vanished without a word is found by TCP keep-alive, by
 * octets it does not take for `stalledMs`, and first of all by the commands it does not answer; whoever owns the line opens it again.
 */
export async function openTcp(address: string, stalledMs = STALLED_MS): Promise<OpenResult> {
  const target = parseTcpAddress(address);
  if (target === null) return { ok: false, code: 'failed', detail: `"${address}" is not of the form tcp://host:port` };
  const line = new TcpLine(stalledMs);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), CONNECT_TIMEOUT_MS);
  });
  try {
    const outcome = await Promise.race([line.connect(target.host, target.port), timeout]);
    if (outcome !== 'timeout') return { ok: true, line };
    line.close();
    return { ok: false, code: 'missing', detail: `${address} did not answer within ${CONNECT_TIMEOUT_MS / 1000} s` };
  } catch (thrown) {
    return { ok: false, code: 'missing', detail: `${address}: ${messageOf(thrown)}` };
  } finally {
    clearTimeout(timer);
  }
}

class TcpLine implements SerialLine {
  private socket: Socket | null = null;
  private handlers: LineHandlers | null = null;
  private early: Uint8Array[] = [];
  private unsent: Uint8Array[] = [];
  private open = true;
  private readonly stalledMs: number;
  private stalled: ReturnType<typeof setTimeout> | null = null;
  private sawFirst = false;
  /** Why the connection ended before anybody listened. */
  private endedEarly: string | null = null;

  constructor(stalledMs: number) {
    this.stalledMs = stalledMs;
  }

  async connect(hostname: string, port: number): Promise<void> {
    const socket = await Bun.connect({
      hostname,
      port,
      socket: {
        data: (_socket, octets) => this.received(new Uint8Array(octets)),
        drain: () => this.drain(),
        end: () => this.fail('the other side closed the connection'),
        close: () => this.fail('the connection was closed'),
        error: (_socket, error) => this.fail(`the connection failed: ${messageOf(error)}`),
      },
    });
    if (!this.open && this.endedEarly === null) {
      socket.terminate();
      return;
    }
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
    const early = this.early;
    this.early = [];
    for (const octets of early) handlers.bytes(octets);
    if (this.endedEarly !== null) handlers.closed(this.endedEarly);
  }

  write(octets: Uint8Array): void {
    if (!this.open) return;
    this.unsent.push(octets);
    if (this.unsent.length === 1) this.drain();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.unsent = [];
    this.moving();
    this.socket?.end();
  }

  private received(octets: Uint8Array): void {
    if (!this.open || octets.length === 0) return;
    const isTelnet = !this.sawFirst && octets[0] === TELNET.iac && (octets[1] ?? 0) >= TELNET.least;
    this.sawFirst = true;
    if (isTelnet) return this.fail('the other side speaks telnet: set its port to raw (in ser2net, an accepter tcp instead of telnet)');
    if (this.handlers === null) this.early.push(octets);
    else this.handlers.bytes(octets);
  }

  private drain(): void {
    while (this.open && this.socket !== null) {
      const [first] = this.unsent;
      if (first === undefined) return this.moving();
      const sent = this.socket.write(first);
      if (sent < 0) return this.fail('the connection was closed');
      if (sent < first.length) {
        this.unsent[0] = first.subarray(sent);
        if (sent > 0) this.moving();
        this.stalled ??= setTimeout(() => this.fail(`the other side took nothing for ${this.stalledMs / 1000} s`), this.stalledMs);
        return;
      }
      this.unsent.shift();
    }
  }

  /** Octets were taken: whatever was waited for came. */
  private moving(): void {
    if (this.stalled !== null) clearTimeout(this.stalled);
    this.stalled = null;
  }

  private fail(reason: string): void {
    if (!this.open) return;
    this.close();
    if (this.handlers === null) this.endedEarly = reason;
    else this.handlers.closed(reason);
  }
}
