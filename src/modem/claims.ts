import type { AtLine } from './at.ts';
import type { Urc } from './urc.ts';

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
