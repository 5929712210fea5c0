import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { crossAccepts, figuresOf, judgeRows } from '../eval/measure.ts';
import { readRows } from '../eval/rows.ts';

/** Messages that were written without a look at the rules. Some of their codes are still missed; the figures must not fall below what was reached. */
describe.each([
  ['fresh-1', 0.98],
  ['fresh-2', 0.95],
])('messages written before the rules were read: %s', (name, least) => {
  const rows = readRows(join(import.meta.dir, 'own', `${name}.jsonl`));
  const figures = figuresOf(judgeRows(rows));
  test('are hundreds, in many languages, of both kinds', () => {
    expect(new Set(rows.map(({ lang }) => lang)).size).toBeGreaterThan(70);
    expect(Math.min(figures.positives, figures.negatives)).toBeGreaterThan(50);
  });
  test('nearly all have their code found, and none a wrong one', () => {
    expect(figures.exact / figures.positives).toBeGreaterThan(least);
    expect(figures.wrong).toBe(0);
  });
  test('those without a code are not accepted', () => {
    expect(figures.falseAccepts / figures.negatives).toBeLessThanOrEqual(0.01);
  });
  test('hardly any reaches an order of another service when it names its own', () => {
    const { tried, accepted } = crossAccepts(rows);
    expect(accepted.filter(({ named }) => named).length / tried).toBeLessThan(0.01);
  });
});
