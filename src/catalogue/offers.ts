import type { Database } from 'bun:sqlite';
import type { Demand } from '../alarms/demand.ts';
import { type Denial, type DeniedCategory, deniedService } from '../codes/deny.ts';
import { BUILT_IN, type RuleBook } from '../codes/judge.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import type { RestTerms } from '../sims/allocate.ts';
import type { Delivery } from '../stock/delivery.ts';
import type { Stock } from '../stock/stock.ts';
import { checkPrice } from './check.ts';
import { pricesChanged } from './prices.ts';

export interface Offer {
  country: string;
  service: string;
  serviceName: string;
  /** The home carrier of its SIMs; '' when any will do. */
  carrier: string;
  priceMinor: number;
  currency: string;
  windowMinutes: number;
  /** How many numbers could be rented this moment. */
  stock: number;
  /** How its last orders went; null while too few tell. */
  delivery: Delivery | null;
}

/** What offers need to know of the configuration. */
export interface OfferTerms extends RestTerms {
  currency: string;
  windowMinutes: number;
  /** Categories of services that the operator offers though they are refused by default. */
  allow: readonly DeniedCategory[];
  /** The rules of services as they are published this moment. */
  rules: () => RuleBook;
  /** No offer is cheaper. */
  minimumPriceMinor?: number;
  /** In how many lines a customer may wait at once; 0, or nothing: there is no waiting list. */
  waitingPlacesMax?: number;
  /** Where stock is counted all the time, as in the server; without one it is counted from the database when it is asked for. */
  stock?: Stock;
  /** Where it is counted what customers want, for the alarm about offers without stock. */
  demand?: Demand | undefined;
  /** Serves those who wait, in the transaction of a sale and before it, so that nobody gets the number in front of them. */
  beforeSale?: BeforeSale;
}

/** What is about to be sold. `country`: null for any; `service`: `any` where a number is taken from all of them. */
export type BeforeSale = (tx: Tx, sale: { country: string | null; service: string }) => void;

/** SQL on `offers`: the service is not hidden by the operator. */
export const SHOWN = 'NOT EXISTS (SELECT 1 FROM services h WHERE h.slug = offers.service AND h.hidden = 1)';

/**
 * Sets the price (and, if given, the window) of a service in a country, of one carrier's SIMs or of any (''). Refuses what is no country, slug, price or window, and services of
 * categories that are refused by default (banks, payments, government, health, insurers) and not in `allow`.
 */
export function setOffer(
  tx: Tx,
  offer: { country: string; service: string; carrier?: string; priceMinor: number; windowMinutes: number | null },
  terms: Pick<OfferTerms, 'allow' | 'rules' | 'minimumPriceMinor'> & { currency?: string } = { allow: [], rules: () => BUILT_IN },
): void {
  const { carrier = '' } = offer;
  const { allow, rules } = terms;
  checkPrice({ ...offer, carrier }, terms);
  refuseDenied(
    offer.service,
    { allow, rules },
    (category) => ` To allow that category, put it into the configuration: [access] allow = ["${category}"].`,
  );
  tx.db
    .query(
      `INSERT INTO offers (country, service, carrier, price_minor, window_minutes, updated_at_ms) VALUES ($country, $service, $carrier, $priceMinor, $windowMinutes, $now)
       ON CONFLICT (country, service, carrier) DO UPDATE SET price_minor = excluded.price_minor,
         window_minutes = coalesce(excluded.window_minutes, window_minutes), updated_at_ms = excluded.updated_at_ms`,
    )
    .run({ ...offer, carrier, now: tx.nowMs });
  pricesChanged(tx);
}

/** Takes an offer away; open orders go on. Refuses one that is not there. */
export function removeOffer(tx: Tx, country: string, service: string, carrier = ''): void {
  const removed = tx.db
    .query('DELETE FROM offers WHERE country = $country AND service = $service AND carrier = $carrier')
    .run({ country, service, carrier });
  if (removed.changes === 0)
    throw new Refusal(
      'not_found',
      `There is no offer for ${service} in ${country}${carrier === '' ? '' : ` by ${carrier}`}; \`smspin offer list\` shows those there are.`,
    );
  pricesChanged(tx);
}

/** The price and window of a service in a country, of one carrier's SIMs or of any (''), or null when the operator does not offer it. Refuses a service of a denied category. */
export function findOffer(
  db: Database,
  country: string,
  service: string,
  terms: OfferTerms,
  carrier = '',
): { priceMinor: number; windowMinutes: number } | null {
  refuseDenied(service, terms);
  const row = db
    .query<{ priceMinor: number; windowMinutes: number | null }, { country: string; service: string; carrier: string }>(
      `SELECT price_minor AS priceMinor, window_minutes AS windowMinutes FROM offers
       WHERE country = $country AND service = $service AND carrier = $carrier AND ${SHOWN}`,
    )
    .get({ country, service, carrier });
  return row && { priceMinor: row.priceMinor, windowMinutes: row.windowMinutes ?? terms.windowMinutes };
}

/** Why the service may not be offered here, or null. `any` stands for every service, and its messages are looked at one by one. */
type DenyTerms = Pick<OfferTerms, 'allow' | 'rules'>;

function denialOf(service: string, { allow, rules }: DenyTerms): Denial | null {
  const denial = service === 'any' ? null : deniedService(service, rules());
  return denial === null || allow.includes(denial.category) ? null : denial;
}

/** Whether a service is of a category that is denied and not allowed here. */
export function serviceDenied(service: string, terms: DenyTerms): boolean {
  return denialOf(service, terms) !== null;
}

/** `remedy`: for whom it concerns, what would be right. */
export function refuseDenied(service: string, terms: DenyTerms, remedy: (category: DeniedCategory) => string = () => ''): void {
  const denial = denialOf(service, terms);
  if (denial === null) return;
  throw new Refusal('service_denied', `${service} is not offered here: ${denial.reason}.${remedy(denial.category)}`);
}

/** The services the virtual bank is offered for on a first start, with prices in minor units. */
const DEMO_PRICES: Record<string, number> = {
  any: 60,
  telegram: 45,
  whatsapp: 50,
  google: 30,
  discord: 20,
  signal: 35,
  microsoft: 25,
  instagram: 30,
};

/** Offers for a newcomer to try: every demo service in the given countries, unless the operator has already set any price. */
export function seedDemoOffers(tx: Tx, countries: readonly string[]): boolean {
  if (tx.db.query('SELECT 1 FROM offers LIMIT 1').get() !== null) return false;
  for (const country of countries) {
    for (const [service, priceMinor] of Object.entries(DEMO_PRICES)) setOffer(tx, { country, service, priceMinor, windowMinutes: null });
  }
  return true;
}
