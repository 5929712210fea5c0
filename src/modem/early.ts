import type { AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';
import { fits } from './inbox/listing.ts';
import { Storing, type StoringDeps } from './inbox/storing.ts';

/** What the modem said by itself. `isOurs`: while the SIM it is handed to was in it, for certain. */
export interface Heard {
  urc: Urc;
  line: AtLine;
  isOurs: boolean;
}

interface Early {
  urc: Urc;
  line: AtLine;
  /** The card it came under; null for the one that is being set up. */
  iccid: string | null;
  /** Whether the house knows that card, so that a message may be kept under it. */
  isKnown: boolean;
}

/** No ICCID is this: it may have come for a card that was taken out since. */
const ANOTHER_CARD = '';
/** So many wait for their SIM; a modem may stay without a usable one for ever, so what is older is stored as nobody's. */
const MOST = 50;

/** Messages that the modem pushed while no SIM was being read: they lie nowhere else, and wait for the SIM to be known. None is forgotten. */
export class EarlyPushes {
  private readonly deps: StoringDeps;
  private readonly storing: Storing;
  private waiting: Early[] = [];

  constructor(deps: StoringDeps) {
    this.deps = deps;
    this.storing = new Storing(deps);
  }

  add(urc: Urc, line: AtLine): void {
    this.keep([{ urc, line, iccid: null, isKnown: false }]);
  }

  /** What was left of the time of the SIM with this ICCID. `isKnown`: the house was told of that SIM. */
  addUnheard(unheard: readonly Heard[], iccid: string, isKnown: boolean): void {
    this.keep(unheard.map(({ urc, line, isOurs }) => ({ urc, line, iccid: isOurs ? iccid : ANOTHER_CARD, isKnown })));
  }

  /** The modem or its card starts anew: the card that was in it may not be the one that is found next. */
  cardMayChange(): void {
    this.waiting = this.waiting.map((early) => ({ ...early, iccid: early.iccid ?? ANOTHER_CARD }));
  }

  /** Hands over those that `takes` wants, and keeps the others. */
  passOn(takes: (urc: Urc, line: AtLine) => boolean): void {
    this.waiting = this.waiting.filter(({ urc, line }) => !takes(urc, line));
  }

  /** All of them, for the SIM that is read now. */
  takeFor(iccid: string): Heard[] {
    return this.waiting.splice(0).map(({ urc, line, iccid: under }) => ({ urc, line, isOurs: under === null || under === iccid }));
  }

  /**
   * No SIM will be read here any more: what waits is stored, under the card it came for where that is known and else as nobody's. Resolves when each was
   * tried once; what was refused is tried on.
   */
  async storeRest(): Promise<void> {
    this.storeAll(this.waiting.splice(0));
    await this.storing.idle();
  }

  private keep(early: readonly Early[]): void {
    this.waiting.push(...early);
    if (this.waiting.length > MOST) this.storeAll(this.waiting.splice(0, this.waiting.length - MOST));
  }

  private storeAll(early: readonly Early[]): void {
    for (const one of early) void this.store(one);
  }

  private async store({ urc, line, iccid, isKnown }: Early): Promise<void> {
    const { status, sim } = this.deps;
    if (urc.kind !== 'pushed') return;
    const { pdu, length } = urc;
    if (pdu === null) return status.fault('a message pushed while no SIM was read was damaged and is lost');
    const { atMs: arrivedAtMs, monotonicMs: arrivedMonotonicMs } = line;
    await this.storing.persist({
      ...{ pdu, length: length !== null && fits(pdu, length) ? length : null, stat: null, how: 'direct', storage: null, index: null },
      ...{ iccid: isKnown && iccid !== ANOTHER_CARD ? iccid : null, imei: status.snapshot().imei ?? '', slot: sim.slot },
      ...{ arrivedAtMs, arrivedMonotonicMs },
    });
  }
}
