import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureFolds } from './folds.ts';
import { crossAccepts, figuresOf, judgeRows } from './measure.ts';
import { type Row, readRows } from './rows.ts';

const OWN = ['europe', 'elsewhere', 'shapes', 'mixed', 'fresh-1', 'fresh-2', 'fresh-3', 'fresh-4', 'fresh-5', 'fresh-6'];
const own = OWN.flatMap((name) => readRows(join(import.meta.dir, '..', 'codes', 'own', `${name}.jsonl`)));

/** Recall, precision and the share of false accepts, for the services of the rows or for any. */
function sharesOf(rows: readonly Row[], service: 'own' | 'any') {
  const { positives, negatives, exact, wrong, falseAccepts } = figuresOf(
    judgeRows(service === 'own' ? rows : rows.map((row) => ({ ...row, service: null }))),
  );
  return { recall: exact / positives, precision: exact / (exact + wrong + falseAccepts), falseAccepts: falseAccepts / negatives };
}

describe.each(['own', 'any'] as const)('all own messages, for %s service', (service) => {
  const { recall, precision, falseAccepts } = sharesOf(own, service);
  test('nearly all codes are found', () => {
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });
  test('what is accepted is right', () => {
    expect(precision).toBeGreaterThanOrEqual(0.999);
    expect(falseAccepts).toBeLessThanOrEqual(0.001);
  });
});

const file = join(process.env['SMSPIN_CORPORA'] ?? join(import.meta.dir, '../../../shared/corpora'), 'otp-dev.jsonl');
/** The public collection is no part of the program: measured where it lies. */
describe('the public collection', () => {
  if (!existsSync(file)) {
    test(`SKIPPED: no corpus at ${file} (set SMSPIN_CORPORA); nothing was measured`, () => {
      expect(existsSync(file)).toBe(false);
    });
    return;
  }
  const rows = () => readRows(file);
  test.each(['own', 'any'] as const)('for %s service', (service) => {
    const { recall, precision, falseAccepts } = sharesOf(rows(), service);
    expect(recall).toBeGreaterThanOrEqual(0.98);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(falseAccepts).toBeLessThanOrEqual(0.01);
  });
  test('no message that names its service reaches another', () => {
    expect(crossAccepts(rows()).accepted.filter(({ named }) => named)).toEqual([]);
  }, 60_000);
  test('weights that have not seen a fold find its codes too', () => {
    for (const { fitted } of measureFolds(rows(), own)) {
      expect(fitted.exact / fitted.positives).toBeGreaterThanOrEqual(0.95);
      expect(fitted.falseAccepts / fitted.negatives).toBeLessThanOrEqual(0.05);
    }
  }, 120_000);
});
