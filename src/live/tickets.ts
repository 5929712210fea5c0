import { base32, type RandomBytes } from '../lib/ids.ts';

/** Long enough to connect, short enough to be of no use in a log of addresses. */
export const TICKET_SECONDS = 60;
/** More than anybody needs within a minute; beyond it the oldest is forgotten. */
const TICKETS_MAX = 10_000;
const OCTETS = 20;

/**
 * Words that stand in for an API key in an address, since browsers send no headers with a WebSocket: each good once and for a minute. Kept in memory only: after
 * a restart a client asks for a new one.
 */
export class Tickets {
  readonly #random: RandomBytes;
  readonly #monotonicMs: () => number;
  readonly #open = new Map<string, { secret: string; endsMs: number }>();

  constructor(random: RandomBytes, monotonicMs: () => number) {
    this.#random = random;
    this.#monotonicMs = monotonicMs;
  }

  /** A new ticket that stands for this key. */
  issue(secret: string): string {
    const ticket = base32(this.#random(OCTETS));
    this.#open.set(ticket, { secret, endsMs: this.#monotonicMs() + TICKET_SECONDS * 1000 });
    const oldest = this.#open.keys().next();
    if (this.#open.size > TICKETS_MAX && !oldest.done) this.#open.delete(oldest.value);
    return ticket;
  }

  /** The key behind a ticket, which is used up by it; null when it is unknown, used or over. */
  redeem(ticket: string): string | null {
    const found = this.#open.get(ticket);
    this.#open.delete(ticket);
    return found && this.#monotonicMs() < found.endsMs ? found.secret : null;
  }
}
