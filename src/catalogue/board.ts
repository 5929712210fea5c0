import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { listOffers, type Offer, type OfferTerms } from './offers.ts';

/** What a command beside the server changed is seen this late at most. */
const FOREIGN_MS = 1000;
/** However many commits and readers there are, the stock is counted at most this often. */
const LEAST_MS = 100;

/** All offers with their stock, for the pages that everybody loads: counted anew after each commit, but never more often than ten times a second. */
export function offerBoard(deps: { db: Database; door: Door; clock: Clock; terms: OfferTerms }): () => readonly Offer[] {
  const { db, door, clock, terms } = deps;
  let offers: readonly Offer[] = [];
  let commits = -1;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonicMs();
    const ageMs = nowMs - countedAtMs;
    if (ageMs >= LEAST_MS && (ageMs >= FOREIGN_MS || commits !== door.counts.commits)) {
      // An order cannot name a carrier yet: what it cannot buy is not shown.
      offers = listOffers(db, terms, clock.nowMs(), { carrier: '' });
      commits = door.counts.commits;
      countedAtMs = nowMs;
    }
    return offers;
  };
}
