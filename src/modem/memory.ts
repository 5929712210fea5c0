/**
 * What the house remembers of cards and modems over restarts. The modem room asks and tells; where it is kept is the house's affair. Every
 * promise resolves only when the fact is durable.
 */

/** `never`: this PIN was never sent to this card · `started`: it was sent, and nobody knows how it ended · `accepted` · `wrong`. */
export type PinHistory = 'never' | 'started' | 'accepted' | 'wrong';

/** Where a number comes from: the SIM's own entry (+CNUM), its phone book "ON", its file EF-MSISDN, or the network's answer (USSD). */
export type NumberSource = 'cnum' | 'phone_book' | 'ef_msisdn' | 'ussd';

export interface LearnedNumber {
  /** E.164. */
  number: string;
  source: NumberSource;
}

export interface CardMemory {
  /** The ICCID under which this card is known already (one modem tells it with the check digit, another without), or null for a new card. */
  knownAs(iccid: string): string | null;
  /** The ICCID that was `ready` last in the modem with this IMEI; null when none was. */
  formerIccid(imei: string): string | null;
  /** What became of the last attempt to open this card with this PIN. */
  pinHistory(iccid: string, pin: string): PinHistory;
  /** True when a PIN that is not known to be right was sent to this card: with the tries unknown, none may be sent again. */
  hasUnprovenPin(iccid: string): boolean;
  /** Written before the PIN is sent (TS 27.007 8.3): after a crash in between it counts as sent. */
  pinStarted(iccid: string, pin: string): Promise<void>;
  pinEnded(iccid: string, pin: string, outcome: 'accepted' | 'wrong'): Promise<void>;
  /** The number learned from the card or its network before, or null. */
  learnedNumber(iccid: string): LearnedNumber | null;
  /** When the network was last asked for this card's number by USSD, or null. */
  ussdAskedAtMs(iccid: string): number | null;
  ussdAsked(iccid: string): Promise<void>;
}

/** Remembers for the life of the process only: for tests and for tools that run without the house. */
export function forgetfulMemory(nowMs: () => number): CardMemory {
  const pins = new Map<string, PinHistory>();
  const asked = new Map<string, number>();
  const keyOf = (iccid: string, pin: string) => `${iccid} ${pin}`;
  return {
    knownAs: () => null,
    formerIccid: () => null,
    pinHistory: (iccid, pin) => pins.get(keyOf(iccid, pin)) ?? 'never',
    hasUnprovenPin: (iccid) =>
      [...pins].some(([key, history]) => key.startsWith(`${iccid} `) && (history === 'started' || history === 'wrong')),
    pinStarted: async (iccid, pin) => void pins.set(keyOf(iccid, pin), 'started'),
    pinEnded: async (iccid, pin, outcome) => void pins.set(keyOf(iccid, pin), outcome),
    learnedNumber: () => null,
    ussdAskedAtMs: (iccid) => asked.get(iccid) ?? null,
    ussdAsked: async (iccid) => void asked.set(iccid, nowMs()),
  };
}
