import type { RuleBook } from '../codes/book.ts';
import { runTrial, type Trial, type TrialResult, trialsOf } from '../codes/examples.ts';
import type { Clock } from '../lib/clock.ts';
import { breather } from '../lib/slices.ts';

/** What the examples of all services came to. */
export interface Trials {
  count: number;
  failing: TrialResult[];
}

/** Runs every example that a book must pass, in slices that leave the live path its turn. */
export async function runTrials(book: RuleBook, clock: Clock): Promise<Trials> {
  const breathe = breather(clock);
  const trials = trialsOf(book);
  const failing: TrialResult[] = [];
  for (const trial of trials) {
    const result = runTrial(trial, book);
    if (!result.passes) failing.push(result);
    await breathe();
  }
  return { count: trials.length, failing };
}

/** The examples of one service, at once: few enough. */
export function runOwnTrials(book: RuleBook, slug: string): Trials {
  const trials = trialsOf(book).filter((trial: Trial) => trial.slug === slug);
  return { count: trials.length, failing: trials.map((trial) => runTrial(trial, book)).filter(({ passes }) => !passes) };
}
