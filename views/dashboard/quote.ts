import type { OfferView } from '../model.ts';

/** The price a form showed, as its hidden field `quote` carries it: `gb/telegram/50`, or `gb/telegram/o2/50` with a carrier. `country`: or how it is picked. */
export function quoteOf(offer: Pick<OfferView, 'country' | 'service' | 'priceMinor'> & { carrier?: string }): string {
  return `${offer.country}/${offer.service}/${offer.carrier ? `${offer.carrier}/` : ''}${offer.priceMinor}`;
}

/**
 * The most the customer agreed to pay, in minor units, from a posted `quote`; null when the form was about another country, service or carrier (chosen
 * without JavaScript after the price was shown) or the field is missing or malformed.
 */
export function quotedPriceMinor(quote: string | undefined, country: string, service: string, carrier = ''): number | null {
  const prefix = `${country}/${service}/${carrier === '' ? '' : `${carrier}/`}`;
  if (!quote?.startsWith(prefix)) return null;
  const price = quote.slice(prefix.length);
  return /^\d{1,10}$/.test(price) ? Number(price) : null;
}
