import type { Database } from 'bun:sqlite';

/** Fewer say nothing. */
const SAMPLE_MIN = 5;

/** How the newest orders of an offer went (docs/stock.md says which count). */
export interface Delivery {
  /** From the order to its code, of those that got one; null when none did. */
  medianSeconds: number | null;
  /** Share of those that got a code, 0 to 1. */
  successRate: number;
  sample: number;
}

/** What the samples of an offer say (written by the trigger `orders_sampled`, 0026_stock.sql), or null when there are fewer than five. */
export function deliveryOf(db: Database, offer: { country: string; service: string; carrier: string }): Delivery | null {
  const took = db
    .query<{ tookMs: number | null }, { country: string; service: string; carrier: string }>(
      'SELECT took_ms AS tookMs FROM offer_samples WHERE country = $country AND service = $service AND carrier = $carrier',
    )
    .all(offer)
    .map(({ tookMs }) => tookMs);
  return deliveryIn(took);
}

/** `took`: milliseconds from order to code of each sample, null where none came. */
export function deliveryIn(took: readonly (number | null)[]): Delivery | null {
  if (took.length < SAMPLE_MIN) return null;
  const got = took.filter((one) => one !== null).toSorted((a, b) => a - b);
  const middle = ((got[(got.length - 1) >> 1] ?? 0) + (got[got.length >> 1] ?? 0)) / 2;
  return {
    medianSeconds: got.length === 0 ? null : Math.round(middle / 100) / 10,
    successRate: Math.round((got.length / took.length) * 1000) / 1000,
    sample: took.length,
  };
}
