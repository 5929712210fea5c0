import { type Features, WEIGHTS, type Weights } from '../../src/codes/features.ts';
import thresholds from '../../src/codes/rules/thresholds.json' with { type: 'json' };
import { weigh } from '../../src/codes/weigh.ts';
import type { Row } from './rows.ts';

/** How strongly a fit is drawn back to the published weights, so that a feature seen in few rows keeps its weight. */
const PULL = 0.02;
/** A wrong accept costs a customer money, a missed code only time: what is no code weighs this much more. */
const COST_OF_ACCEPT = 4;
const STEPS = 400;
const PACE = 0.5;

/** A candidate of a labelled row: what was seen of it, and whether it is the code. */
interface Example {
  features: Features;
  isCode: boolean;
}

/** Fits the weights to rows: logistic regression over their candidates, around the threshold of acceptance, from the published weights. */
export function fitWeights(rows: readonly Row[]): Weights {
  const examples = rows.flatMap(examplesOf);
  const weights: Record<string, number> = { ...WEIGHTS };
  for (let step = 0; step < STEPS; step++) {
    const slope = new Map<string, number>();
    for (const { features, isCode } of examples) {
      const score = Object.entries(features).reduce((sum, [name, value]) => sum + (weights[name] ?? 0) * value, 0);
      const likely = 1 / (1 + Math.exp(thresholds.accept - score));
      const error = isCode ? 1 - likely : -COST_OF_ACCEPT * likely;
      for (const [name, value] of Object.entries(features)) slope.set(name, (slope.get(name) ?? 0) + error * value);
    }
    for (const [name, start] of Object.entries(WEIGHTS)) {
      const now = weights[name] ?? start;
      weights[name] = now + PACE * ((slope.get(name) ?? 0) / Math.max(1, examples.length) - PULL * (now - start));
    }
  }
  return { ...WEIGHTS, ...weights };
}

function examplesOf(row: Row): Example[] {
  const { scored } = weigh({ text: row.text, sender: row.sender, service: row.service ?? 'any' });
  return scored.map(({ features, code }) => ({ features, isCode: row.right.includes(code) }));
}
