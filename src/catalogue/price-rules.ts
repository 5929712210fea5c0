import { AMOUNT_MINOR_MAX } from '../lib/money.ts';
import type { Price } from './steps.ts';

/** `percent` in hundredths of a percent; the others in minor units; `minimum` raises what is below it. */
export type RuleChange = 'percent' | 'add' | 'set' | 'minimum';

/** One line of a change by rules: which prices, and what becomes of them. */
export interface PriceRule {
  scope: 'all' | 'category' | 'service';
  /** Slug of the category or service; '' for all. */
  of: string;
  /** '' is every country. */
  country: string;
  /** '' is whatever the offer names. */
  carrier: string;
  change: RuleChange;
  amount: number;
  /** Rounded to whole multiples of it, half up; 1 rounds nothing. */
  stepMinor: number;
}

export const RULES_MAX = 50;
/** From almost nothing to eleven times. */
export const PERCENT_LEAST = -99;
export const PERCENT_MOST = 1000;

/** Whether a rule is about an offer of a service of that category. */
export function ruleFits(rule: PriceRule, offer: Pick<Price, 'country' | 'service' | 'carrier'>, category: string): boolean {
  if (rule.scope === 'service' && rule.of !== offer.service) return false;
  if (rule.scope === 'category' && rule.of !== category) return false;
  if (rule.country !== '' && rule.country !== offer.country) return false;
  return rule.carrier === '' || rule.carrier === offer.carrier;
}

/**
 * A price after all rules that are about it, one after the other, as a whole number of minor units. Never below `minimumMinor` when a rule touched it, so that no
 * reduction gives something away; never above what a posting can hold.
 */
export function priceByRules(rules: readonly PriceRule[], offer: Price, category: string, minimumMinor: number): number {
  let price = offer.priceMinor;
  let touched = false;
  for (const rule of rules) {
    if (!ruleFits(rule, offer, category)) continue;
    touched = true;
    price = Math.min(AMOUNT_MINOR_MAX, rounded(changed(price, rule), rule.stepMinor));
  }
  return touched ? Math.max(minimumMinor, price, 1) : price;
}

function changed(price: number, { change, amount }: PriceRule): number {
  if (change === 'percent') return Math.round((price * (10_000 + amount)) / 10_000);
  if (change === 'add') return price + amount;
  return change === 'set' ? amount : Math.max(price, amount);
}

/** A price that is not nothing does not become nothing by rounding. */
function rounded(price: number, stepMinor: number): number {
  if (stepMinor <= 1) return Math.max(price, 0);
  return Math.max(stepMinor, Math.round(price / stepMinor) * stepMinor);
}

/** Prices by rules, those that no rule is about left out. */
export function* pricesByRules(
  rules: readonly PriceRule[],
  prices: Iterable<Price>,
  { categoryOf, minimumMinor }: { categoryOf: (service: string) => string; minimumMinor: number },
): Generator<Price> {
  for (const price of prices) {
    const category = categoryOf(price.service);
    if (!rules.some((rule) => ruleFits(rule, price, category))) continue;
    yield { ...price, priceMinor: priceByRules(rules, price, category, minimumMinor) };
  }
}
