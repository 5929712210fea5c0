import type { RuleBook } from './book.ts';
import { deniedMessage } from './deny.ts';
import { judge } from './judge.ts';
import denied from './rules/denied-examples.json' with { type: 'json' };
import first from './rules/services-examples-a-l.json' with { type: 'json' };
import last from './rules/services-examples-m-z.json' with { type: 'json' };

/** An example with what it must come to. `not_accept`: anything but delivered; `denied` and `not_denied`: by the kind of its sender. */
export interface Trial {
  /** Of the service whose example it is; `any` for those of denied kinds. */
  slug: string;
  text: string;
  sender: string;
  expected: 'accept' | 'review' | 'reject' | 'not_accept' | 'denied' | 'not_denied';
  code: string | null;
  builtIn: boolean;
}

/** What an example came to. */
export interface TrialResult {
  trial: Trial;
  passes: boolean;
  verdict: string;
  code: string | null;
  rule: string;
  reason: string;
}

interface BuiltIn {
  text: string;
  sender?: string;
  code?: string;
}

const BUILT_IN_TRIALS: readonly Trial[] = [
  ...[...first.services, ...last.services].flatMap(({ slug, accept, refuse }) => [
    ...accept.map((example: BuiltIn) => builtInOf(slug, example, 'accept')),
    ...refuse.map((example: BuiltIn) => builtInOf(slug, example, 'not_accept')),
  ]),
  ...denied.messages.denied.map(([text = '', sender = '']) => builtInOf('any', { text, sender }, 'denied')),
  ...denied.messages.allowed.map(([text = '', sender = '']) => builtInOf('any', { text, sender }, 'not_denied')),
];

/** All examples that a book must pass: those that come with the program, and the operator's. */
export function trialsOf(book: RuleBook): Trial[] {
  const own = [...book.rules.values()].flatMap(({ slug, examples = [] }) =>
    examples.map(({ text, sender, verdict, code }): Trial => ({ slug, text, sender, expected: verdict, code, builtIn: false })),
  );
  return [...own, ...BUILT_IN_TRIALS];
}

/** The built-in examples of one service. */
export function builtInTrials(slug: string): Trial[] {
  return BUILT_IN_TRIALS.filter((trial) => trial.slug === slug);
}

/** What comes with the program and must be delivered, for its service. */
export function builtInAccepted(): Trial[] {
  return BUILT_IN_TRIALS.filter(({ expected }) => expected === 'accept');
}

/** Runs one example, as on a SIM where orders of other services are open too. */
export function runTrial(trial: Trial, book: RuleBook): TrialResult {
  const { text, sender, slug, expected } = trial;
  if (expected === 'denied' || expected === 'not_denied') {
    const denial = deniedMessage({ text, sender }, book);
    const verdict = denial === null ? 'not_denied' : 'denied';
    return { trial, passes: verdict === expected, verdict, code: null, rule: denial?.category ?? '', reason: denial?.reason ?? '' };
  }
  const { verdict, code, rule, reason } = judge({ text, sender, service: slug, onlyOrder: false, book });
  const asExpected = expected === 'not_accept' ? verdict !== 'accept' : verdict === expected;
  return { trial, passes: asExpected && (expected !== 'accept' || code === trial.code), verdict, code, rule, reason };
}

function builtInOf(slug: string, { text, sender = '', code }: BuiltIn, expected: Trial['expected']): Trial {
  return { slug, text, sender, expected, code: code ?? null, builtIn: true };
}
