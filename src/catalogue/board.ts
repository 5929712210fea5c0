import type { Database } from 'bun:sqlite';
import { openStock } from '../stock/stock.ts';
import { type PricedOffer, pricedOffers, stocked } from './listing.ts';
import type { Offer, OfferTerms } from './offers.ts';

/** However many commits and readers there are, the whole board is put together at most this often. */
const LEAST_MS = 100;
/** How long a board may stand though nothing was written: rests end, and reuse periods. */
const STANDS_MS = 1000;

/** Everything that is offered, with what else the pages and the API ask of it. */
export interface Board {
  /** All offers with their stock, at most a tenth of a second old. */
  all(): readonly Offer[];
  /** Those that the filter leaves, counted this moment. */
  some(filter: { country?: string; service?: string; carrier?: string }): Offer[];
}

/** Keeps the offers of the house at hand. Whoever changed something, also a command beside the server, is seen at once. */
export function offerBoard(deps: { db: Database; clock: { nowMs(): number; monotonicMs(): number }; terms: OfferTerms }): Board {
  const { db, clock, terms } = deps;
  const stock = terms.stock ?? openStock(db, terms);
  let offers: readonly Offer[] = [];
  let version = -1;
  let atMs = Number.NEGATIVE_INFINITY;
  const priced = keptPrices(db, terms);

  function all(): readonly Offer[] {
    const nowMs = clock.monotonicMs();
    if (nowMs - atMs < LEAST_MS) return offers;
    const seen = stock.version(clock.nowMs());
    if (seen === version && priced.isCurrent() && nowMs - atMs < STANDS_MS) return offers;
    offers = stocked(stock, priced.all().offers, clock.nowMs());
    version = seen;
    atMs = nowMs;
    return offers;
  }

  return {
    all,
    some({ country, service, carrier }) {
      const known = priced.all();
      const near =
        country !== undefined ? known.byCountry.get(country) : service !== undefined ? known.byService.get(service) : known.offers;
      const asked = (near ?? []).filter(
        (offer) =>
          (country === undefined || offer.country === country) &&
          (service === undefined || offer.service === service) &&
          (carrier === undefined || offer.carrier === carrier),
      );
      return stocked(stock, asked, clock.nowMs());
    },
  };
}

interface Priced {
  offers: readonly PricedOffer[];
  byCountry: ReadonlyMap<string, readonly PricedOffer[]>;
  byService: ReadonlyMap<string, readonly PricedOffer[]>;
}

/** The offers without what changes by the second; read again when an offer, the rules of services, or a term that they show changed. */
function keptPrices(db: Database, terms: OfferTerms): { all(): Priced; isCurrent(): boolean } {
  let kept: Priced | null = null;
  let key = '';
  let rules: unknown = null;
  const newest = () => {
    const seq = db.query<{ seq: number | null }, []>("SELECT max(seq) AS seq FROM stock_changes WHERE kind = 'offers'").get()?.seq ?? 0;
    return `${seq} ${terms.windowMinutes} ${terms.allow.join()}`;
  };
  const isCurrent = () => kept !== null && key === newest() && rules === terms.rules();
  return {
    isCurrent,
    all() {
      if (kept !== null && isCurrent()) return kept;
      key = newest();
      rules = terms.rules();
      const offers = pricedOffers(db, terms);
      kept = { offers, byCountry: Map.groupBy(offers, ({ country }) => country), byService: Map.groupBy(offers, ({ service }) => service) };
      return kept;
    },
  };
}
