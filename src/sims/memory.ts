import type { Database } from 'bun:sqlite';
import type { CardMemory } from '../modem/memory.ts';
import { formerIccid } from './sims.ts';

/** What the house remembers of cards, for the modem room. */
export function cardMemory(db: Database): CardMemory {
  return {
    knownAs: () => null,
    formerIccid: (imei) => formerIccid(db, imei),
    pinHistory: () => 'never',
    hasUnprovenPin: () => false,
    pinStarted: async () => {},
    pinEnded: async () => {},
    learnedNumber: () => null,
    ussdAskedAtMs: () => null,
    ussdAsked: async () => {},
  };
}
