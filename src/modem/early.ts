import type { AtLine } from './at/channel.ts';
import type { Urc } from './at/urc.ts';

/** What the modem said by itself. `isOurs`: while the SIM it is handed to was in it, for certain. */
export interface Heard {
  urc: Urc;
  line: AtLine;
  isOurs: boolean;
}

/** No ICCID is this: it may have come for a card that was taken out since. */
const ANOTHER_CARD = '';

/** Messages that the modem pushed while no SIM was being read: they lie nowhere else, and wait for the SIM to be known. */
export class EarlyPushes {
  /** `iccid` is the card each came under; null for the one that is being set up. */
  private waiting: { urc: Urc; line: AtLine; iccid: string | null }[] = [];

  add(urc: Urc, line: AtLine): void {
    this.waiting.push({ urc, line, iccid: null });
  }

  /** What was left of the time of the SIM with this ICCID. */
  addUnheard(unheard: readonly Heard[], iccid: string): void {
    this.waiting.push(...unheard.map(({ urc, line, isOurs }) => ({ urc, line, iccid: isOurs ? iccid : ANOTHER_CARD })));
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
    return this.waiting.splice(0).map((early) => ({ ...early, isOurs: early.iccid === null || early.iccid === iccid }));
  }
}
