import { base32, type RandomBytes } from '../lib/ids.ts';

/** Long enough to connect, short enough to be of no use in a log of addresses. */
export const TICKET_SECONDS = 60;
/** More than anybody needs within a minute; beyond it the oldest one of the same account is forgotten, so that nobody's use up another's. */
export const TICKETS_OF_ACCOUNT_MAX = 100;
const OCTETS = 20;

/**
 * Words that stand in for an API key in an address, since browsers send no headers with a WebSocket: each good once and for a minute. Kept in memory only: after
 * a restart a client asks for a new one.
 */
export class Tickets {
  readonly #random: RandomBytes;
  readonly #monotonicMs: () => number;
  readonly #open = new Map<string, { secret: string; userId: string; endsMs: number }>();
  /** Those of each account, the oldest first. */
  readonly #byUser = new Map<string, Set<string>>();

  constructor(random: RandomBytes, monotonicMs: () => number) {
    this.#random = random;
    this.#monotonicMs = monotonicMs;
  }

  /** A new ticket that stands for this key of an account. */
  issue(secret: string, userId: string): string {
    this.#forgetOver();
    const own = this.#byUser.get(userId) ?? new Set();
    const oldest = own.values().next();
    if (own.size >= TICKETS_OF_ACCOUNT_MAX && !oldest.done) this.#take(oldest.value);
    const ticket = base32(this.#random(OCTETS));
    this.#open.set(ticket, { secret, userId, endsMs: this.#monotonicMs() + TICKET_SECONDS * 1000 });
    this.#byUser.set(userId, own.add(ticket));
    return ticket;
  }

  /** The key behind a ticket, which is used up by it; null when it is unknown, used or over. */
  redeem(ticket: string): string | null {
    const found = this.#take(ticket);
    return found && this.#monotonicMs() < found.endsMs ? found.secret : null;
  }

  #take(ticket: string) {
    const found = this.#open.get(ticket);
    if (!found) return null;
    this.#open.delete(ticket);
    const own = this.#byUser.get(found.userId);
    own?.delete(ticket);
    if (own?.size === 0) this.#byUser.delete(found.userId);
    return found;
  }

  /** They all live equally long, so the oldest end first. */
  #forgetOver(): void {
    const nowMs = this.#monotonicMs();
    for (const [ticket, { endsMs }] of this.#open) {
      if (nowMs < endsMs) return;
      this.#take(ticket);
    }
  }
}
