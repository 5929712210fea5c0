import { historyOf, type PinHistory } from '../lib/pin-history.ts';

/**
 * What the house remembers of cards and modems over restarts. The modem room asks and tells; where it is kept is the house's affair. Every
 * promise resolves only when the fact is durable, and rejects when it could not be made so.
 */

/** Where a number comes from: the SIM's own entry (+CNUM), its phone book "ON", its file EF-MSISDN, or the network's answer (USSD). */
export type NumberSource = 'cnum' | 'phone_book' | 'ef_msisdn' | 'ussd';

export interface LearnedNumber {
  /** E.164. */
  number: string;
  source: NumberSource;
}

/** Which IMEIs were seen in two modems at once, so that they tell nothing any more. */
export interface ClonedImeis {
  isCloned(imei: string): boolean;
  noteCloned(imei: string): Promise<void>;
}

export interface CardMemory extends ClonedImeis {
  /** The ICCID under which this card is known already (one modem tells it with the check digit, another without), or null for a new card. */
  knownAs(iccid: string): string | null;
  /** The ICCID that was `ready` last in the modem with this IMEI; null when none was, or when the IMEI is cloned and tells no modem. */
  formerIccid(imei: string): string | null;
  /** What became of the last attempt to open this card with this PIN. */
  pinHistory(iccid: string, pin: string): PinHistory;
  /** How many PINs that are not known to be right were sent to this card since one was: each may have cost a try, and a right one gives all back. */
  unprovenPins(iccid: string): number;
  /** Written before the PIN is sent (TS 27.007 8.3): after a crash in between it counts as sent. */
  pinStarted(iccid: string, pin: string): Promise<void>;
  pinEnded(iccid: string, pin: string, outcome: 'accepted' | 'wrong'): Promise<void>;
  /** The number learned from the card or its network before, or null. */
  learnedNumber(iccid: string): LearnedNumber | null;
  /** Keeps a number learned after the card was identified. Rejects for a card that never was. */
  numberLearned(iccid: string, learned: LearnedNumber): Promise<void>;
  /** When the network was last asked for this card's number by USSD, or null. */
  ussdAskedAtMs(iccid: string): number | null;
  ussdAsked(iccid: string): Promise<void>;
}

interface Attempt {
  iccid: string;
  pin: string;
  outcome: 'accepted' | 'wrong' | null;
}

/** Remembers for the life of the process only: for tests and for tools that run without the house. */
export function forgetfulMemory(nowMs: () => number): CardMemory {
  const attempts: Attempt[] = [];
  const asked = new Map<string, number>();
  const numbers = new Map<string, LearnedNumber>();
  const cloned = new Set<string>();
  const withPin = (iccid: string, pin: string) => attempts.filter((one) => one.iccid === iccid && one.pin === pin);
  return {
    ...processImeis(cloned),
    knownAs: () => null,
    formerIccid: () => null,
    pinHistory: (iccid, pin) => historyOf(withPin(iccid, pin).map(({ outcome }) => outcome)),
    unprovenPins: (iccid) => {
      const outcomes = attempts.filter((one) => one.iccid === iccid).map(({ outcome }) => outcome);
      return outcomes.length - 1 - outcomes.lastIndexOf('accepted');
    },
    pinStarted: async (iccid, pin) => void attempts.push({ iccid, pin, outcome: null }),
    pinEnded: async (iccid, pin, outcome) => {
      const last = withPin(iccid, pin).at(-1);
      if (last !== undefined) last.outcome = outcome;
    },
    learnedNumber: (iccid) => numbers.get(iccid) ?? null,
    numberLearned: async (iccid, learned) => void numbers.set(iccid, learned),
    ussdAskedAtMs: (iccid) => asked.get(iccid) ?? null,
    ussdAsked: async (iccid) => void asked.set(iccid, nowMs()),
  };
}

/** Cloned IMEIs known for the life of the process only. */
export function processImeis(cloned = new Set<string>()): ClonedImeis {
  return { isCloned: (imei) => cloned.has(imei), noteCloned: async (imei) => void cloned.add(imei) };
}
