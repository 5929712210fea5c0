import type { OfferView } from '../model.ts';

/** The price a form showed, as its hidden field `quote` carries it: `gb/telegram/50`. */
export function quoteOf(offer: Pick<OfferView, 'country' | 'service' | 'priceMinor'>): string {
  return `${offer.country}/${offer.service}/${offer.priceMinor}`;
}

/**
 * The most the customer agreed to pay, in minor units, from a posted `quote`; null when the form was about another country or service (chosen
 * without JavaScript after the price was shown) or the field is missing or malformed.
 */
export function quotedPriceMinor(quote: string | undefined, country: string, service: string): number | null {
  const prefix = `${country}/${service}/`;
  if (!quote?.startsWith(prefix)) return null;
  const price = quote.slice(prefix.length);
  return /^\d{1,10}$/.test(price) ? Number(price) : null;
}
