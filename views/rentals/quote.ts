import type { QuoteView, Unit } from './model.ts';

/** The price a form showed and for what, as its hidden field `quote` carries it: `gb/2/day/800`. */
export function rentQuoteOf({ country, unit, periods }: { country: string; unit: Unit; periods: number }, quote: QuoteView): string {
  return 'priceMinor' in quote ? `${country}/${periods}/${unit}/${quote.priceMinor}` : '';
}

/** The price the customer was shown for this very choice, in minor units; null when it was another one, or none: then nothing is bought before it is shown. */
export function shownPriceMinor(
  quote: string | undefined,
  { country, unit, periods }: { country: string; unit: Unit; periods: number },
): number | null {
  const prefix = `${country}/${periods}/${unit}/`;
  const price = quote?.startsWith(prefix) ? quote.slice(prefix.length) : '';
  return /^\d{1,10}$/.test(price) ? Number(price) : null;
}
