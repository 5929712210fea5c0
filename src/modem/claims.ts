import { sameCard } from '../lib/iccid.ts';
import type { AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';
import { type ClonedImeis, processImeis } from './memory.ts';

/** A session as the others see it. */
export interface Holder {
  /** The port it reads, for telling people. */
  readonly port: string;
  /** Asks the modem now whether all is as it was; a session that finds it is not ends, and lets go soon after. */
  stillHolds(): Promise<boolean>;
  /** Takes a message that the modem pushed to another of its ports; false when it is over and cannot. */
  takes(urc: Urc, line: AtLine): boolean;
  /** Another modem, read at `port`, tells the same IMEI; null: none does any more. For the alarm. */
  cloned(port: string | null): void;
}

/** Reads the ICCID of the SIM a session sees through its port now; null when it cannot be read. */
export type ReadIccid = () => Promise<string | null>;

/** A session that reads a modem. */
interface Reader {
  holder: Holder;
  readIccid: ReadIccid | null;
  /** Resolves when it has let go. */
  freed: PromiseWithResolvers<void>;
}

/** `freed` resolves when the holder has let go. */
export type Claimed = { ok: true } | { ok: false; by: Holder; freed: Promise<void> };

/**
 * Who reads which modem and which SIM. A modem with two AT ports, or a card moved while the old session has not noticed, would otherwise be
 * read by two sessions, and the deletes of one would hit messages the other has not read: each IMEI and each ICCID has one reader. Only where
 * two modems tell one IMEI, and show two SIMs to prove it, has an IMEI several.
 */
export class Claims {
  /** The first of a key's readers holds it; others are modems with its IMEI. */
  private readonly held = new Map<string, Reader[]>();
  private readonly imeis: ClonedImeis;

  constructor(imeis: ClonedImeis = processImeis()) {
    this.imeis = imeis;
  }

  /** Whether this IMEI was told by two modems at once, now or before: it tells no modem then, only the slot does. */
  isCloned(imei: string): boolean {
    return this.imeis.isCloned(imei);
  }

  /**
   * Takes `key` for `holder`. Where another holds it, that one is asked to look again: if it still has what it claimed, the newcomer is
   * refused; if not, the newcomer gets it as soon as the other has ended and stored what it had read.
   */
  async claim(key: string, holder: Holder, readIccid: ReadIccid | null = null): Promise<Claimed> {
    for (;;) {
      const [first] = this.held.get(key) ?? [];
      if (first === undefined) {
        this.held.set(key, [{ holder, readIccid, freed: Promise.withResolvers() }]);
        return { ok: true };
      }
      if (this.held.get(key)?.some((reader) => reader.holder === holder) === true) return { ok: true };
      if (await first.holder.stillHolds()) return { ok: false, by: first.holder, freed: first.freed.promise };
      await first.freed.promise;
    }
  }

  /**
   * Takes the modem with this IMEI. Where another session reads a modem with the same one, both read their SIM's ICCID: the same, or one that
   * cannot be read, is one modem seen through two ports, and the newcomer is refused; two SIMs are two modems, which are both read from then
   * on, and the IMEI is noted as cloned. Rejects when that cannot be made durable.
   */
  async claimModem(imei: string, holder: Holder, readIccid: ReadIccid): Promise<Claimed> {
    const key = `modem ${imei}`;
    const claimed = await this.claim(key, holder, readIccid);
    if (claimed.ok) {
      const others = (this.held.get(key) ?? []).filter((reader) => reader.holder !== holder);
      holder.cloned(others[0]?.holder.port ?? null);
      return claimed;
    }
    const readers = this.held.get(key) ?? [];
    for (const reader of readers) {
      if (await isSameModem(reader, readIccid)) return { ok: false, by: reader.holder, freed: reader.freed.promise };
    }
    // Who reads it may have changed while the cards were read: then nothing is known of the new one.
    if (readers.length === 0 || this.held.get(key) !== readers) return claimed;
    const joined = [...readers, { holder, readIccid, freed: Promise.withResolvers<void>() }];
    this.held.set(key, joined);
    await this.imeis.noteCloned(imei);
    holder.cloned(readers[0]?.holder.port ?? null);
    for (const reader of readers) reader.holder.cloned(holder.port);
    return { ok: true };
  }

  /** Lets go of everything `holder` has. */
  release(holder: Holder): void {
    for (const [key, readers] of this.held) {
      const gone = readers.find((reader) => reader.holder === holder);
      if (gone === undefined) continue;
      const left = readers.filter((reader) => reader !== gone);
      if (left.length === 0) this.held.delete(key);
      else this.held.set(key, left);
      gone.freed.resolve();
      if (readers.length === 2) for (const reader of readers) reader.holder.cloned(null);
    }
  }
}

/** Reads the other's card before and after the own one: a card exchanged in between would make one modem look like two. */
async function isSameModem({ readIccid }: Reader, readOwn: ReadIccid): Promise<boolean> {
  const before = (await readIccid?.()) ?? null;
  const own = before === null ? null : await readOwn();
  if (before === null || own === null || sameCard(before, own)) return true;
  const after = (await readIccid?.()) ?? null;
  return after === null || !sameCard(before, after);
}

/** How long to wait where another session reads the same: longer each time, and a moment after that one let go. */
const FIRST_WAIT_MS = 5_000;
const LAST_WAIT_MS = 60_000;
const FREED_MS = 1_000;

/** Who reads it, in words, and how long to wait before the next look. */
export interface Refused {
  detail: string;
  waitMs: number;
}

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
   * the next look. For a modem, `readIccid` reads the card in it: another modem with the same IMEI is then told from another port of this one
   * (see Claims); without it both count as one. Rejects when a cloned IMEI cannot be noted durably.
   */
  async claim(what: 'modem' | 'SIM', id: string, readIccid: ReadIccid = async () => null): Promise<Refused | null> {
    const { claims, holder } = this;
    const claimed = await (what === 'modem' ? claims.claimModem(id, holder, readIccid) : claims.claim(`SIM ${id}`, holder));
    if (what === 'modem') this.elder = claimed.ok ? null : claimed.by;
    if (!claimed.ok) return this.refused(what, claimed);
    if (what === 'SIM') this.waitMs = FIRST_WAIT_MS;
    return null;
  }

  private refused(what: 'modem' | 'SIM', { by, freed }: Extract<Claimed, { ok: false }>): Refused {
    if (this.awaited !== freed) {
      this.awaited = freed;
      void freed.then(() => setTimeout(this.wake, FREED_MS));
    }
    const { waitMs } = this;
    this.waitMs = Math.min(waitMs * 2, LAST_WAIT_MS);
    return { detail: `the same ${what} is already read at ${by.port}`, waitMs };
  }

  /** What a modem pushes to this port belongs to the session that reads it by another; false when there is none. */
  passOn(urc: Urc, line: AtLine): boolean {
    return this.elder?.takes(urc, line) === true;
  }

  release(): void {
    this.claims.release(this.holder);
  }
}
