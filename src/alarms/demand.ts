/** An offer, by what names it; `carrier` '' is any. */
export interface OfferKey {
  country: string;
  service: string;
  carrier: string;
}

export interface Demand {
  /** A customer wanted it and there was no number. */
  refused(offer: OfferKey): void;
  sold(offer: OfferKey): void;
  /** Of the last hour and the last day; offers that nobody wanted are left out. */
  lately(): (OfferKey & { refusals: number; orders: number })[];
}

const HOUR_MS = 3_600_000;
/** Counted in pieces of this length. */
const REFUSAL_PIECE_MS = HOUR_MS / 12;
const ORDER_PIECE_MS = HOUR_MS;
/** More offers are not remembered; the one that was wanted longest ago goes. */
const OFFERS_MAX = 1000;

interface Counters extends OfferKey {
  refusals: Map<number, number>;
  orders: Map<number, number>;
}

/** What customers want, in bounded memory and since the start of the process. `monotonicMs`: setting the wall clock changes no count. */
export function openDemand(monotonicMs: () => number): Demand {
  const offers = new Map<string, Counters>();

  function countersOf({ country, service, carrier }: OfferKey): Counters {
    const key = `${country}/${service}/${carrier}`;
    const counters = offers.get(key) ?? { country, service, carrier, refusals: new Map(), orders: new Map() };
    // Last in the order of the map: the first is the one that was wanted longest ago.
    offers.delete(key);
    offers.set(key, counters);
    if (offers.size > OFFERS_MAX) offers.delete(offers.keys().next().value ?? '');
    return counters;
  }

  return {
    refused: (offer) => count(countersOf(offer).refusals, Math.floor(monotonicMs() / REFUSAL_PIECE_MS), 12),
    sold: (offer) => count(countersOf(offer).orders, Math.floor(monotonicMs() / ORDER_PIECE_MS), 24),
    lately() {
      const refusalPiece = Math.floor(monotonicMs() / REFUSAL_PIECE_MS);
      const orderPiece = Math.floor(monotonicMs() / ORDER_PIECE_MS);
      return [...offers.values()].flatMap(({ refusals, orders, ...offer }) => {
        const lately = { ...offer, refusals: sum(refusals, refusalPiece, 12), orders: sum(orders, orderPiece, 24) };
        return lately.refusals + lately.orders > 0 ? [lately] : [];
      });
    },
  };
}

function count(pieces: Map<number, number>, piece: number, kept: number): void {
  pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
  for (const old of pieces.keys()) if (old <= piece - kept) pieces.delete(old);
}

function sum(pieces: ReadonlyMap<number, number>, piece: number, kept: number): number {
  return [...pieces].reduce((all, [at, count]) => all + (at > piece - kept ? count : 0), 0);
}
