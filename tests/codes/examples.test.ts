import { describe, expect, test } from 'bun:test';
import { BUILT_IN } from '../../src/codes/book.ts';
import { builtInTrials, runTrial, trialsOf } from '../../src/codes/examples.ts';
import { foldKeyword } from '../../src/codes/normalise.ts';
import { BUILT_IN_RULES, type ListedRule } from '../../src/codes/service-data.ts';

const ordered = BUILT_IN_RULES.filter(({ denied }) => denied === null);
/** No wording may stand for more of the services than this. */
const MOST_ALIKE = 0.05;

/** What is left of a message when the service's names and all digits are taken out. */
function skeletonOf(text: string, { name, aliases = [], common = [] }: ListedRule): string {
  const names = [name, ...aliases, ...common].map(foldKeyword).sort((a, b) => b.length - a.length);
  const bare = names.reduce((rest, one) => rest.replaceAll(one, '#'), foldKeyword(text));
  return bare.replace(/[\p{N}\p{P}\s]+/gu, ' ').trim();
}

describe('the examples of a service', () => {
  test('are there for every service that can be ordered, of both kinds', () => {
    const lacking = ordered.filter(({ slug }) => {
      const expected = builtInTrials(slug).map((trial) => trial.expected);
      return !expected.includes('accept') || !expected.includes('not_accept');
    });
    expect(lacking.map(({ slug }) => slug)).toEqual([]);
    expect(ordered.length).toBeGreaterThanOrEqual(500);
  });

  test('pass by the rules that come with the program', () => {
    const failing = trialsOf(BUILT_IN).map((trial) => runTrial(trial, BUILT_IN));
    expect(failing.filter(({ passes }) => !passes)).toEqual([]);
  });

  test('are of many wordings, none of them stamped over the services', () => {
    const alike = new Map<string, Set<string>>();
    for (const rule of ordered)
      for (const { text } of builtInTrials(rule.slug)) {
        const skeleton = skeletonOf(text, rule);
        alike.set(skeleton, (alike.get(skeleton) ?? new Set()).add(rule.slug));
      }
    const most = [...alike].sort(([, a], [, b]) => b.size - a.size)[0];
    expect([most?.[0], (most?.[1].size ?? 0) / ordered.length < MOST_ALIKE]).toEqual([most?.[0], true]);
    expect(alike.size).toBeGreaterThan(ordered.length);
  });
});
