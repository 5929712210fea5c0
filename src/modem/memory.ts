import { historyOf, type PinHistory, TRIES_OF_A_CARD } from '../lib/pin-history.ts';
import { distinctImei } from './sim/identify.ts';

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

/** A modem as it was found: where it is, and the IMEI it tells, '' for none. */
export interface FoundModem {
  imei: string;
  slot: string;
}

export interface CardMemory extends ClonedImeis {
  /** The ICCID under which this card is known already (one modem tells it with the check digit, another without), or null for a new card. */
  knownAs(iccid: string): string | null;
  /**
   * This card was found in this modem; asked before anything is read there. True when no other card can have received what lies in the modem's own
   * storage: none was found in it since that was last read whole (docs/architecture.md).
   */
  cardFound(modem: FoundModem, iccid: string): Promise<boolean>;
  /** The modem's own storage was read whole with this card in it and what was found is stored: what comes to lie there from now on is this card's. */
  ownStorageRead(modem: FoundModem, iccid: string): Promise<void>;
  /** What became of the last attempt to open this card with this PIN. */
  pinHistory(iccid: string, pin: string): PinHistory;
  /**
   * How many of the card's tries may be gone: PINs not known to be right that were sent to it since one was, since it was seen open, or since a person
   * stated how many tries are left.
   */
  unprovenPins(iccid: string): number;
  /** Written before the PIN is sent (TS 27.007 8.3): after a crash in between it counts as sent. */
  pinStarted(iccid: string, pin: string): Promise<void>;
  pinEnded(iccid: string, pin: string, outcome: 'accepted' | 'wrong'): Promise<void>;
  /** A person looked up in a phone that this card has so many tries left at least. */
  triesStated(iccid: string, atLeast: number): Promise<void>;
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

/** So far it was known how many of a card's tries were gone: after so many attempts. */
interface KnownTries {
  attempts: number;
  spent: number;
}

/** Remembers for the life of the process only: for tests and for tools that run without the house. */
export function forgetfulMemory(nowMs: () => number): CardMemory {
  const attempts: Attempt[] = [];
  const asked = new Map<string, number>();
  const numbers = new Map<string, LearnedNumber>();
  const cloned = new Set<string>();
  const cardsIn = new Map<string, Set<string>>();
  const tries = new Map<string, KnownTries>();
  const of = (card: string) => attempts.filter(({ iccid }) => iccid === card);
  const withPin = (iccid: string, pin: string) => attempts.filter((one) => one.iccid === iccid && one.pin === pin);
  return {
    ...processImeis(cloned),
    knownAs: () => null,
    cardFound: async (modem, iccid) => {
      const cards = (cardsIn.get(keyOf(modem)) ?? new Set()).add(iccid);
      cardsIn.set(keyOf(modem), cards);
      return cards.size === 1;
    },
    ownStorageRead: async (modem, iccid) => void cardsIn.set(keyOf(modem), new Set([iccid])),
    pinHistory: (iccid, pin) => historyOf(withPin(iccid, pin).map(({ outcome }) => outcome)),
    unprovenPins: (iccid) => {
      const outcomes = of(iccid).map(({ outcome }) => outcome);
      const accepted: KnownTries = { attempts: outcomes.lastIndexOf('accepted') + 1, spent: 0 };
      const known = tries.get(iccid);
      const since = known !== undefined && known.attempts >= accepted.attempts ? known : accepted;
      return since.spent + outcomes.length - since.attempts;
    },
    triesStated: async (iccid, atLeast) =>
      void tries.set(iccid, { attempts: of(iccid).length, spent: TRIES_OF_A_CARD - Math.min(atLeast, TRIES_OF_A_CARD) }),
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

/** By its IMEI where that tells it; else by its place. */
function keyOf({ imei, slot }: FoundModem): string {
  return distinctImei(imei) ?? `slot ${slot}`;
}

/** Cloned IMEIs known for the life of the process only. */
export function processImeis(cloned = new Set<string>()): ClonedImeis {
  return { isCloned: (imei) => cloned.has(imei), noteCloned: async (imei) => void cloned.add(imei) };
}
