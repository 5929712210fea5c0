import type { Database } from 'bun:sqlite';
import { findOffer, type OfferTerms, refuseDenied, SHOWN } from '../catalogue/offers.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { type FreeSim, findFreeSim } from '../sims/allocate.ts';
import { type Delivery, deliveryOf } from '../stock/delivery.ts';

export const PICKS = ['cheapest', 'best_delivery'] as const;
/** How the offer is chosen where the request leaves several open. */
export type OfferPick = (typeof PICKS)[number];

/** An offer as an order is made of it. */
export interface OfferChosen {
  country: string;
  carrier: string;
  priceMinor: number;
  windowMinutes: number;
}

/** What is asked for; see OrderRequest. */
export interface Asked {
  country: string | null;
  service: string;
  carrier?: string;
  pick?: OfferPick;
  maxPriceMinor: number | null;
}

/**
 * The offer and the SIM for a request, at most at its price. Refuses with `validation` (no country and no pick), `not_found` (no such offer), `price_above_max`
 * or `out_of_stock`.
 */
export function chooseNumber(tx: Tx, terms: OfferTerms, asked: Asked): { offer: OfferChosen; sim: FreeSim } {
  terms.beforeSale?.(tx, asked);
  return asked.pick === undefined ? theOne(tx, terms, asked) : theBest(tx, terms, asked, asked.pick);
}

/** Today's offer for the number of an earlier order: of the same carrier, or else of any. Null when there is none. */
export function offerAgain(
  db: Database,
  terms: OfferTerms,
  earlier: { country: string; service: string; carrier: string },
): OfferChosen | null {
  const { country, service } = earlier;
  for (const carrier of new Set([earlier.carrier, ''])) {
    const offer = findOffer(db, country, service, terms, carrier);
    if (offer !== null) return { country, carrier, ...offer };
  }
  return null;
}

function theOne(
  tx: Tx,
  terms: OfferTerms,
  { country, service, carrier: named, maxPriceMinor }: Asked,
): { offer: OfferChosen; sim: FreeSim } {
  if (country === null) {
    const message = 'Name a country, or say with pick which offer of any country you want: cheapest or best_delivery.';
    throw new Refusal('validation', message, { errors: [{ field: 'country', message }] });
  }
  const carrier = named === undefined || named === 'any' ? '' : named;
  const found = findOffer(tx.db, country, service, terms, carrier);
  if (found === null) throw noOffer(tx.db, country, service, carrier);
  const offer = { country, carrier, ...found };
  refuseAbove(maxPriceMinor, offer.priceMinor, terms);
  const sim = freeSimOf(tx, terms, service, offer);
  if (sim !== null) return { offer, sim };
  terms.demand?.refused({ country, service, carrier });
  throw outOfStock(`${service} in ${country}${carrier === '' ? '' : ` by ${carrier}`}`, terms);
}

/** The refusal of an offer that there is not, with what there is. */
export function noOffer(db: Database, country: string, service: string, carrier: string): Refusal {
  const others = db
    .query<{ carrier: string }, { country: string; service: string }>(
      `SELECT carrier FROM offers WHERE country = $country AND service = $service AND ${SHOWN} ORDER BY carrier`,
    )
    .all({ country, service })
    .map((offer) => offer.carrier || 'any');
  const by = carrier === '' ? (others.length === 0 ? '' : ' by any carrier') : ` by ${carrier}`;
  const remedy = others.length === 0 ? 'GET /api/v1/offers lists what there is' : `there is one by ${others.join(', ')}`;
  return new Refusal('not_found', `There is no offer for ${service} in ${country}${by}: ${remedy}.`);
}

type Candidate = OfferChosen & { delivery: Delivery | null };

/** The best offer that is in stock at no more than the price; those above it are looked at only to say why there is none. */
function theBest(tx: Tx, terms: OfferTerms, asked: Asked, pick: OfferPick): { offer: OfferChosen; sim: FreeSim } {
  const { service, maxPriceMinor } = asked;
  refuseDenied(service, terms);
  const candidates = candidatesOf(tx, terms, asked).toSorted(orderOf(pick));
  const where = `${service}${asked.country === null ? '' : ` in ${asked.country}`}${asked.carrier === undefined ? '' : ` by ${asked.carrier}`}`;
  if (candidates.length === 0) throw new Refusal('not_found', `There is no offer for ${where}. GET /api/v1/offers lists what there is.`);
  const affordable = ({ priceMinor }: Candidate) => maxPriceMinor === null || priceMinor <= maxPriceMinor;
  for (const offer of candidates.filter(affordable)) {
    const sim = freeSimOf(tx, terms, service, offer);
    if (sim !== null) return { offer, sim };
    terms.demand?.refused({ country: offer.country, service, carrier: offer.carrier });
  }
  const dearer = candidates.filter((one) => !affordable(one)).toSorted(byPrice);
  const cheapest = dearer.find((offer) => freeSimOf(tx, terms, service, offer) !== null);
  if (cheapest !== undefined) refuseAbove(maxPriceMinor, cheapest.priceMinor, terms, `The cheapest in stock for ${where} costs`);
  throw outOfStock(where, terms);
}

function candidatesOf(tx: Tx, terms: OfferTerms, { service, country, carrier }: Asked): Candidate[] {
  const rows = tx.db
    .query<
      { country: string; carrier: string; priceMinor: number; windowMinutes: number | null },
      { service: string; country: string | null; carrier: string | null }
    >(
      `SELECT country, carrier, price_minor AS priceMinor, window_minutes AS windowMinutes FROM offers INDEXED BY offers_by_service
       WHERE service = $service AND ($country IS NULL OR country = $country) AND ($carrier IS NULL OR carrier = $carrier) AND ${SHOWN}`,
    )
    .all({ service, country, carrier: carrier === undefined || carrier === 'any' ? null : carrier });
  const stock = terms.stock?.at(tx.nowMs);
  return rows.map((row) => {
    const offer = { ...row, windowMinutes: row.windowMinutes ?? terms.windowMinutes };
    const of = { country: row.country, service, carrier: row.carrier };
    return { ...offer, delivery: stock === undefined ? deliveryOf(tx.db, of) : stock.deliveryOf(of) };
  });
}

/** How offers of a service are ranked: the first of those in stock is taken. The pages show by it what would be taken now. */
export function orderOf(pick: OfferPick): (a: Ranked, b: Ranked) => number {
  return pick === 'cheapest' ? byPrice : byDelivery;
}

type Ranked = Pick<Candidate, 'country' | 'carrier' | 'priceMinor' | 'delivery'>;

/** Cheapest first; of the same price the better delivered, then by country. */
function byPrice(a: Ranked, b: Ranked): number {
  return a.priceMinor - b.priceMinor || deliveryFirst(a, b) || inOrder(a, b);
}

/** Best delivered first, those that nothing is known of last; of the same delivery the cheaper, then by country. */
function byDelivery(a: Ranked, b: Ranked): number {
  return deliveryFirst(a, b) || a.priceMinor - b.priceMinor || inOrder(a, b);
}

function deliveryFirst({ delivery: a }: Ranked, { delivery: b }: Ranked): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const never = Number.MAX_SAFE_INTEGER;
  return b.successRate - a.successRate || (a.medianSeconds ?? never) - (b.medianSeconds ?? never);
}

function inOrder(a: Ranked, b: Ranked): number {
  const [one, other] = [`${a.country}/${a.carrier}`, `${b.country}/${b.carrier}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function freeSimOf(tx: Tx, terms: OfferTerms, service: string, { country, carrier, windowMinutes }: OfferChosen): FreeSim | null {
  const wanted = { country, service, carrier, windowMinutes };
  return terms.stock === undefined ? findFreeSim(tx.db, wanted, terms, tx.nowMs) : terms.stock.choose(wanted, tx.nowMs);
}

function outOfStock(what: string, { waitingPlacesMax = 0 }: OfferTerms): Refusal {
  const why = `No number is free for ${what} right now. Nothing was charged; try again later`;
  if (waitingPlacesMax === 0) return new Refusal('out_of_stock', `${why}.`);
  return new Refusal('out_of_stock', `${why}, or wait in line for one: POST /api/v1/waiting.`, { waiting_list: '/api/v1/waiting' });
}

/** Refuses as `price_above_max` what costs more than its customer agreed to; null agrees to any price. `what` begins the sentence that ends with the price. */
export function refuseAbove(
  maxPriceMinor: number | null,
  priceMinor: number,
  { currency }: Pick<OfferTerms, 'currency'>,
  what = 'The price is',
): void {
  if (maxPriceMinor === null || priceMinor <= maxPriceMinor) return;
  throw new Refusal('price_above_max', `${what} ${priceMinor}, above the max_price of ${maxPriceMinor}. Nothing was charged.`, {
    price: priceMinor,
    currency,
  });
}
