/** Bits on a serial line for one octet: start, eight, stop. */
const BITS_AN_OCTET = 10;
const TURN_MS = 5;

interface Queued {
  octets: Uint8Array;
  done: (sent: boolean) => void;
}

/** Passes octets on at the rate of a serial line, in order. */
export class Pacer {
  private readonly emit: (octets: Uint8Array) => Promise<boolean>;
  /** The line rate in baud, asked anew each turn; null lets everything through. */
  private readonly baud: () => number | null;
  private queue: Queued[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastMs = 0;
  private readonly nowMs: () => number;

  constructor(emit: (octets: Uint8Array) => Promise<boolean>, baud: () => number | null, nowMs: () => number) {
    this.emit = emit;
    this.baud = baud;
    this.nowMs = nowMs;
  }

  /** Resolves when the last octet is out; false when it never will be. */
  push(octets: Uint8Array): Promise<boolean> {
    if (this.queue.length === 0 && this.baud() === null) return this.emit(octets);
    return new Promise((done) => {
      this.queue.push({ octets, done });
      if (this.timer === null) this.start();
    });
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const { done } of this.queue.splice(0)) done(false);
  }

  private start(): void {
    this.lastMs = this.nowMs();
    this.timer = setTimeout(() => this.turn(), TURN_MS);
  }

  private turn(): void {
    this.timer = null;
    const baud = this.baud();
    const sinceMs = this.nowMs() - this.lastMs;
    let room = baud === null ? Number.POSITIVE_INFINITY : Math.floor((sinceMs * baud) / BITS_AN_OCTET / 1000);
    // Time that was not enough for a whole octet counts for the next turn.
    if (room > 0) this.lastMs = this.nowMs();
    for (let first = this.queue[0]; first !== undefined && room > 0; first = this.queue[0]) {
      const { octets, done } = first;
      const now = octets.subarray(0, room);
      room -= now.length;
      first.octets = octets.subarray(now.length);
      const sent = this.emit(now);
      if (first.octets.length > 0) break;
      this.queue.shift();
      void sent.then(done);
    }
    if (this.queue.length > 0) this.timer = setTimeout(() => this.turn(), TURN_MS);
  }
}
