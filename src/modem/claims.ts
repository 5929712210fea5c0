import type { AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';

/** A session as the others see it. */
export interface Holder {
  /** The port it reads, for telling people. */
  readonly port: string;
  /** Asks the modem now whether all is as it was; a session that finds it is not ends, and lets go soon after. */
  stillHolds(): Promise<boolean>;
  /** Takes a message that the modem pushed to another of its ports; false when it is over and cannot. */
  takes(urc: Urc, line: AtLine): boolean;
}

/** `freed` resolves when the holder has let go. */
export type Claimed = { ok: true } | { ok: false; by: Holder; freed: Promise<void> };

/**
 * Who reads which modem and which SIM. A modem with two AT ports, or a card moved while the old session has not noticed, would otherwise be
 * read by two sessions, and the deletes of one would hit messages the other has not read: each IMEI and each ICCID has one reader.
 */
export class Claims {
  private readonly held = new Map<string, { holder: Holder; freed: PromiseWithResolvers<void> }>();

  /**
   * Takes `key` for `holder`. Where another holds it, that one is asked to look again: if it still has what it claimed, the newcomer is
   * refused; if not, the newcomer gets it as soon as the other has ended and stored what it had read.
   */
  async claim(key: string, holder: Holder): Promise<Claimed> {
    for (;;) {
      const entry = this.held.get(key);
      if (entry === undefined) {
        this.held.set(key, { holder, freed: Promise.withResolvers() });
        return { ok: true };
      }
      if (entry.holder === holder) return { ok: true };
      if (await entry.holder.stillHolds()) return { ok: false, by: entry.holder, freed: entry.freed.promise };
      await entry.freed.promise;
    }
  }

  /** Lets go of everything `holder` has. */
  release(holder: Holder): void {
    for (const [key, entry] of this.held) {
      if (entry.holder !== holder) continue;
      this.held.delete(key);
      entry.freed.resolve();
    }
  }
}

/** How long to wait where another session reads the same: longer each time, and a moment after that one let go. */
const FIRST_WAIT_MS = 5_000;
const LAST_WAIT_MS = 60_000;
const FREED_MS = 1_000;

/** One session's side of the claims. */
export class Claimant {
  private readonly claims: Claims;
  private readonly holder: Holder;
  private readonly wake: () => void;
  /** The session that reads this modem by another port, and the promise of its letting go. */
  private elder: Holder | null = null;
  private awaited: Promise<void> | null = null;
  private waitMs = FIRST_WAIT_MS;

  /** `wake` is called when it may be worth while to claim again. */
  constructor(claims: Claims, holder: Holder, wake: () => void) {
    this.claims = claims;
    this.holder = holder;
    this.wake = wake;
  }

  /**
   * Makes sure that this session alone reads the modem or SIM with this number. Null when it does; else who does, and how long to wait before
   * the next look.
   */
  async claim(what: 'modem' | 'SIM', id: string): Promise<{ detail: string; waitMs: number } | null> {
    const claimed = await this.claims.claim(`${what} ${id}`, this.holder);
    if (what === 'modem') this.elder = claimed.ok ? null : claimed.by;
    if (claimed.ok) {
      if (what === 'SIM') this.waitMs = FIRST_WAIT_MS;
      return null;
    }
    if (this.awaited !== claimed.freed) {
      this.awaited = claimed.freed;
      void claimed.freed.then(() => setTimeout(this.wake, FREED_MS));
    }
    const { waitMs } = this;
    this.waitMs = Math.min(waitMs * 2, LAST_WAIT_MS);
    return { detail: `the same ${what} is already read at ${claimed.by.port}`, waitMs };
  }

  /** What a modem pushes to this port belongs to the session that reads it by another; false when there is none. */
  passOn(urc: Urc, line: AtLine): boolean {
    return this.elder?.takes(urc, line) === true;
  }

  release(): void {
    this.claims.release(this.holder);
  }
}
