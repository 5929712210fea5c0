import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WEIGHTS } from '../../src/codes/features.ts';
import { fitWeights } from './fit.ts';
import { foldsOf } from './folds.ts';
import { crossAccepts, figuresOf, judgeRows } from './measure.ts';
import { measureExtractor, otherExtractors } from './others.ts';
import { type Row, readRows } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'smspin-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

function rowsOf(...rows: object[]): Row[] {
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  return readRows(file);
}

test('rows are read with every right answer and the collection they come from', () => {
  const rows = rowsOf(
    { id: 'a', lang: 'en', text: 'x', service: 'Mail.ru', code: '1', accept: ['2'], source: 'template: owner/name/path (note)' },
    { id: 'b', text: 'y', code: null },
  );
  expect(rows).toMatchObject([
    { service: 'mail-ru', right: ['1', '2'], source: 'owner/name' },
    { service: null, right: [], source: 'unknown', lang: 'und' },
  ]);
  expect(() => rowsOf({ id: 'a' })).toThrow('line 1');
});

describe('figures', () => {
  const rows = rowsOf(
    { id: 'a', text: 'Your Acme code is 482913', service: 'acme', code: '482913' },
    { id: 'b', text: 'Your Acme code is 482913', service: 'acme', code: '111111' },
    { id: 'c', text: 'See you', service: null, code: null },
    { id: 'd', text: 'Your code is 730261', service: 'zenith', code: null },
  );
  test('count what was right and what was not', () => {
    expect(figuresOf(judgeRows(rows))).toEqual({ positives: 2, negatives: 2, exact: 1, wrong: 1, review: 0, falseAccepts: 1 });
  });
  test('tell who is accepted for whom', () => {
    const { tried, accepted } = crossAccepts(rows);
    expect([tried, accepted.length]).toEqual([2, 0]);
  });
  test('are there for the other extractors', () => {
    for (const extractor of otherExtractors()) expect(measureExtractor(extractor, rows)).toMatchObject({ exact: 1, wrong: 1 });
  });
});

test('folds hold every row once, and no source twice', () => {
  const rows = rowsOf(...Array.from({ length: 40 }, (_, i) => ({ id: `${i}`, text: 'x', code: null, source: `s/${i % 9}` })));
  const folds = foldsOf(rows);
  expect(folds.flat().length).toBe(40);
  const sources = folds.flatMap((fold) => [...new Set(fold.map(({ source }) => source))]);
  expect(sources.length).toBe(new Set(sources).size);
});

test('a fit moves a weight where rows speak for it, and leaves the others', () => {
  const rows = rowsOf(...Array.from({ length: 20 }, (_, i) => ({ id: `${i}`, text: `Your code is ${100000 + i}`, code: null })));
  const fitted = fitWeights(rows);
  expect(fitted.weakKeyword).toBeLessThan(WEIGHTS.weakKeyword);
  expect(fitted.originBound).toBe(WEIGHTS.originBound);
});
