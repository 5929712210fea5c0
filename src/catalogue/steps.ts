/** A price of a service in a country, of one carrier's SIMs or of any (''). `windowMinutes`: null is the house's. */
export interface Price {
  country: string;
  service: string;
  carrier: string;
  priceMinor: number;
  windowMinutes: number | null;
}

/** What happens to one offer, as it is kept and handed to SQLite: before is null for a new one, after for one that goes. */
export type Step = readonly [
  country: string,
  service: string,
  carrier: string,
  priceBefore: number | null,
  windowBefore: number | null,
  priceAfter: number | null,
  windowAfter: number | null,
];

export type StepKind = 'added' | 'changed' | 'removed';

export function kindOf(step: Step): StepKind {
  if (step[3] === null) return 'added';
  return step[5] === null ? 'removed' : 'changed';
}

export type Counts = Record<StepKind | 'unchanged', number>;

/** All prices by `keyOf`, in the order of country, service, carrier. */
export type PriceMap = ReadonlyMap<string, Price>;

export function keyOf({ country, service, carrier }: Pick<Price, 'country' | 'service' | 'carrier'>): string {
  return `${country} ${service} ${carrier}`;
}

/**
 * What must happen to `current` so that it holds all of `wanted`; with `whole`, nothing else. `wanted` names no offer twice. Pure but for `breathe`, which is called now and
 * then so that long lists do not stop everything else. Sorted by country, service, carrier.
 */
export async function stepsTo(
  current: PriceMap,
  wanted: Iterable<Price>,
  { whole, breathe }: { whole: boolean; breathe: () => Promise<void> },
): Promise<{ steps: Step[]; counts: Counts }> {
  const steps: Step[] = [];
  const counts: Counts = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  const named = new Set<string>();
  let seen = 0;
  const note = (step: Step): void => {
    steps.push(step);
    counts[kindOf(step)]++;
  };
  for (const price of wanted) {
    if (++seen % 512 === 0) await breathe();
    const key = keyOf(price);
    const before = current.get(key);
    named.add(key);
    if (before?.priceMinor === price.priceMinor && before.windowMinutes === price.windowMinutes) counts.unchanged++;
    else note(stepOf(price, before ?? null, price));
  }
  for (const [key, before] of whole ? current : []) {
    if (++seen % 512 === 0) await breathe();
    if (!named.has(key)) note(stepOf(before, before, null));
  }
  await breathe();
  steps.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]));
  return { steps, counts };
}

export function stepOf(
  { country, service, carrier }: Pick<Price, 'country' | 'service' | 'carrier'>,
  before: Price | null,
  after: Price | null,
): Step {
  return [
    ...([country, service, carrier] as const),
    ...([before?.priceMinor ?? null, before?.windowMinutes ?? null] as const),
    ...([after?.priceMinor ?? null, after?.windowMinutes ?? null] as const),
  ];
}

/** The step that takes a step back. */
export function backward([country, service, carrier, priceBefore, windowBefore, priceAfter, windowAfter]: Step): Step {
  return [country, service, carrier, priceAfter, windowAfter, priceBefore, windowBefore];
}

/** As SQLite sorts what is ASCII. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
