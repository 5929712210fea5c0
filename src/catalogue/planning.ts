import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { breather } from '../lib/slices.ts';
import { type Applying, applySteps, writeSteps } from './apply.ts';
import { categoryOf } from './categories.ts';
import {
  type ChangeKind,
  changeUndone,
  type NewChange,
  noteApplied,
  type Plan,
  planApplied,
  requireChange,
  stepsOf,
  undoable,
} from './changes.ts';
import { checkPrice } from './check.ts';
import { type OfferTerms, refuseDenied } from './offers.ts';
import { type PriceRule, pricesByRules } from './price-rules.ts';
import { allPrices, findPrice, pricesChanged, pricesRevision } from './prices.ts';
import { ownCategories } from './services.ts';
import { backward, type Counts, keyOf, kindOf, type Price, type Step, stepOf, stepsTo } from './steps.ts';

/** What changes of prices need. */
export interface PriceDeps {
  db: Database;
  door: Pick<Door, 'write'>;
  clock: Pick<Clock, 'monotonicMs'>;
  terms: OfferTerms & { random: RandomBytes };
}

const applying = ({ db, door, clock, terms }: PriceDeps): Applying => ({
  ...{ db, random: terms.random, breathe: breather(clock) },
  write: (verb) => door.write(verb),
});

/** What must happen so that the prices are `wanted`; with `whole`, no others. Nothing is written. */
export async function planPrices(deps: PriceDeps, wanted: Iterable<Price>, whole: boolean): Promise<Plan> {
  const breathe = breather(deps.clock);
  const { revision, prices } = await allPrices(deps.db, breathe);
  return { ...(await stepsTo(prices, wanted, { whole, breathe })), revision };
}

/** What the rules would do to the prices there are. */
export async function planRules(deps: PriceDeps, rules: readonly PriceRule[]): Promise<Plan> {
  const { db, terms } = deps;
  const breathe = breather(deps.clock);
  const { revision, prices } = await allPrices(db, breathe);
  const own = ownCategories(db);
  const book = terms.rules();
  const known = new Map<string, string>();
  const category = (service: string): string => {
    const found = known.get(service) ?? categoryOf(service, book, own);
    known.set(service, found);
    return found;
  };
  const after = pricesByRules(rules, prices.values(), { categoryOf: category, minimumMinor: terms.minimumPriceMinor ?? 1 });
  return { ...(await stepsTo(prices, after, { whole: false, breathe })), revision };
}

/** Makes a kept plan true, exactly as it was shown. Refuses as `prices_changed` when any price changed since, or when it was applied before. */
export async function confirmPlan(deps: PriceDeps, id: string, userId: string | null): Promise<void> {
  const change = requireChange(deps.db, id);
  if (change.state !== 'planned' || change.revision === null) {
    throw new Refusal('prices_changed', 'This change was applied or canceled before.');
  }
  const { kind, title, added, changed, removed, unchanged, revision } = change;
  await applySteps(applying(deps), stepsOf(deps.db, id), revision, (tx) =>
    planApplied(tx, id, { kind, title, userId }, { steps: null, counts: { added, changed, removed, unchanged }, revision }),
  );
}

/** Makes a plan true that was not kept and notes the change it belongs to as applied, in one transaction. */
export async function applyPlan(deps: PriceDeps, id: string, { kind, title, userId }: NewChange, plan: Plan): Promise<void> {
  const steps = JSON.stringify(plan.steps);
  await applySteps(applying(deps), plan.steps, plan.revision, (tx) => planApplied(tx, id, { kind, title, userId }, { ...plan, steps }));
}

/** Takes back the newest change, the only one that can be. Refuses when a price it made is another one now: nothing is lost unseen. */
export async function undoChange(deps: PriceDeps, id: string, userId: string | null): Promise<void> {
  const { db, clock } = deps;
  const change = requireChange(db, id);
  if (undoable(db)?.id !== id) {
    throw new Refusal('prices_changed', 'Only the newest change can be taken back, while its prices are kept.');
  }
  const breathe = breather(clock);
  const { revision, prices } = await allPrices(db, breathe);
  const steps = stepsOf(db, id);
  const back: Step[] = [];
  const other: Step[] = [];
  for (const step of steps) {
    if (back.length % 512 === 0) await breathe();
    const [country, service, carrier, , , priceMinor, windowMinutes] = step;
    const now = prices.get(keyOf({ country, service, carrier }));
    if ((now?.priceMinor ?? null) !== priceMinor || (now?.windowMinutes ?? null) !== windowMinutes) other.push(step);
    back.push(backward(step));
  }
  const [first] = other;
  if (first !== undefined) {
    const said = `${other.length} of its prices changed since, ${first[1]} in ${first[0]} among them`;
    throw new Refusal('prices_changed', `It cannot be taken back: ${said}.`);
  }
  await applySteps(applying(deps), back, revision, (tx) => changeUndone(tx, change, userId));
}

/** Sets or (null) takes away one price at once; false when it was so already. */
export function setOnePrice(
  tx: Tx,
  terms: PriceDeps['terms'],
  userId: string,
  key: Pick<Price, 'country' | 'service' | 'carrier'>,
  after: Pick<Price, 'priceMinor' | 'windowMinutes'> | null,
): boolean {
  const before = findPrice(tx.db, key);
  const price = after === null ? null : { ...key, ...after };
  if (price !== null) {
    checkPrice(price, terms);
    refuseDenied(price.service, terms, (category) => ` To allow that category: [access] allow = ["${category}"].`);
    if (before?.priceMinor === price.priceMinor && before.windowMinutes === price.windowMinutes) return false;
  } else if (before === null)
    throw new Refusal('not_found', `There is no price for ${key.service} in ${key.country}; it may have been removed meanwhile.`);
  const step = stepOf(key, before, price);
  const counts: Counts = { added: 0, changed: 0, removed: 0, unchanged: 0, [kindOf(step)]: 1 };
  const plan = { steps: [step], counts, revision: pricesRevision(tx.db) };
  writeSteps(tx, plan.steps);
  pricesChanged(tx);
  const title = `${key.service} in ${key.country}${key.carrier === '' ? '' : ` by ${key.carrier}`}`;
  const kind: ChangeKind = 'one';
  noteApplied(tx, terms.random, { kind, title, userId }, plan);
  return true;
}
