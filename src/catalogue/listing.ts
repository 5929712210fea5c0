import type { Database } from 'bun:sqlite';
import { serviceName } from '../codes/judge.ts';
import { openStock, type Stock } from '../stock/stock.ts';
import { type Offer, type OfferTerms, SHOWN, serviceDenied } from './offers.ts';

/** `carrier`: '' those that name none. */
export type OfferFilter = { country?: string; service?: string; carrier?: string };

/** What is offered, without its stock. */
export type PricedOffer = Omit<Offer, 'stock' | 'delivery'>;

/** All offers, or those that the filter names, by country, service and carrier. */
export function pricedOffers(db: Database, terms: OfferTerms, filter: OfferFilter = {}): PricedOffer[] {
  const rules = terms.rules();
  const rows = db
    .query<
      { country: string; service: string; carrier: string; priceMinor: number; windowMinutes: number | null },
      { country: string | null; service: string | null; carrier: string | null }
    >(
      `SELECT country, service, carrier, price_minor AS priceMinor, window_minutes AS windowMinutes FROM offers
       WHERE ($country IS NULL OR country = $country) AND ($service IS NULL OR service = $service) AND ($carrier IS NULL OR carrier = $carrier) AND ${SHOWN}
       ORDER BY country, service, carrier`,
    )
    .all({ country: filter.country ?? null, service: filter.service ?? null, carrier: filter.carrier ?? null });
  const denied = new Map<string, boolean>();
  for (const { service } of rows) if (!denied.has(service)) denied.set(service, serviceDenied(service, terms));
  // One that was set before its category was denied is not shown.
  return rows
    .filter(({ service }) => denied.get(service) !== true)
    .map((row) => ({
      country: row.country,
      service: row.service,
      serviceName: serviceName(row.service, rules),
      carrier: row.carrier,
      priceMinor: row.priceMinor,
      currency: terms.currency,
      windowMinutes: row.windowMinutes ?? terms.windowMinutes,
    }));
}

/** Offers with their stock and delivery at `nowMs`. */
export function stocked(stock: Stock, offers: readonly PricedOffer[], nowMs: number): Offer[] {
  const now = stock.at(nowMs);
  return offers.map((offer) => ({ ...offer, stock: now.stockOf(offer), delivery: now.deliveryOf(offer) }));
}

/** All offers, or those that the filter names, with their stock at `nowMs`. */
export function listOffers(db: Database, terms: OfferTerms, nowMs: number, filter: OfferFilter = {}): Offer[] {
  return stocked(terms.stock ?? openStock(db, terms), pricedOffers(db, terms, filter), nowMs);
}
