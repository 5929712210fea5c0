/**
 * `bun run eval:codes FILE.jsonl [--folds] [--fit]`: how well codes are found among labelled rows, by language, with everything that went wrong, beside
 * other extractors. `--folds` measures five parts by source, each with weights that have not seen it; `--fit` prints weights fitted to all of FILE and the
 * project's own rows.
 */
import { join } from 'node:path';
import { fitWeights } from './fit.ts';
import { measureFolds } from './folds.ts';
import { crossAccepts, type Figures, figuresOf, isExact, judgeRows } from './measure.ts';
import { measureExtractor, otherExtractors } from './others.ts';
import { type Row, readRows } from './rows.ts';

const OWN = ['europe', 'elsewhere', 'shapes', 'mixed', 'fresh-1', 'fresh-2', 'fresh-3', 'fresh-4', 'fresh-5', 'fresh-6'].map((name) =>
  join(import.meta.dir, '..', 'codes', 'own', `${name}.jsonl`),
);
const [file, ...options] = process.argv.slice(2);
if (file === undefined || options.some((option) => option !== '--folds' && option !== '--fit')) {
  console.error('usage: bun run eval:codes FILE.jsonl [--folds] [--fit]');
  process.exit(2);
}
const rows = readRows(file);
report(rows);
if (options.includes('--folds')) reportFolds(rows);
if (options.includes('--fit')) console.log(JSON.stringify(rounded(fitWeights([...rows, ...own()])), null, 2));

function report(all: readonly Row[]): void {
  const verdicts = judgeRows(all);
  const { tried, accepted } = crossAccepts(all);
  const named = accepted.filter((each) => each.named);
  console.log(
    'exact: codes accepted and exactly right, of the messages with a code (recall); precision: of all accepted; other services: accepted for one though the text names its own',
  );
  console.log(`all          ${lineOf(figuresOf(verdicts))}, other services ${named.length}`);
  const languages = [...Map.groupBy(verdicts, ({ row }) => row.lang)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [language, group] of languages) {
    const crossed = named.filter(({ row }) => row.lang === language).length;
    console.log(`${language.padEnd(12)} ${lineOf(figuresOf(group))}, other services ${crossed}`);
  }
  for (const { row, verdict, rule, code } of verdicts.filter((each) =>
    each.row.code === null ? each.verdict === 'accept' : !isExact(each),
  )) {
    console.log(
      `  ${row.id} ${row.lang} expected ${row.code ?? 'none'}, got ${verdict} ${code ?? ''} (${rule}): ${JSON.stringify(row.text)}`,
    );
  }
  const unnamed = figuresOf(judgeRows(all.map((row) => ({ ...row, service: null }))));
  console.log(`any service  ${lineOf(unnamed)}`);
  console.log(
    `\naccepted for another service: ${named.length} of ${tried} pairs where the text names its own, ${accepted.length - named.length} where it names nobody`,
  );
  for (const { row, service } of named) console.log(`  ${row.id} of ${row.service} for ${service}: ${JSON.stringify(row.text)}`);
  const { positives, negatives } = figuresOf(verdicts);
  console.log('\nother extractors, which answer only what the code is:');
  for (const extractor of otherExtractors()) {
    const { exact, wrong, falseAccepts } = measureExtractor(extractor, all);
    console.log(`  ${extractor.name}: exact ${share(exact, positives)}, wrong ${wrong}, false accepts ${share(falseAccepts, negatives)}`);
  }
}

function reportFolds(all: readonly Row[]): void {
  console.log('\nfive folds by source; fitted: weights that have not seen the fold');
  const folds = measureFolds(all, own());
  for (const [at, { sources, published, fitted }] of folds.entries()) {
    console.log(`  fold ${at + 1} published ${lineOf(published)}`);
    console.log(`         fitted    ${lineOf(fitted)}   ${sources.join(', ')}`);
  }
  for (const which of ['published', 'fitted'] as const) {
    const exact = folds.map((fold) => (100 * fold[which].exact) / Math.max(1, fold[which].positives));
    const wrong = folds.map((fold) => (100 * fold[which].falseAccepts) / Math.max(1, fold[which].negatives));
    console.log(`  ${which}: exact ${spread(exact)}, false accepts ${spread(wrong)}`);
  }
}

function spread(shares: readonly number[]): string {
  return `${Math.min(...shares).toFixed(1)} % to ${Math.max(...shares).toFixed(1)} %`;
}

function own(): Row[] {
  return OWN.flatMap(readRows);
}

function lineOf({ positives, negatives, exact, wrong, review, falseAccepts }: Figures): string {
  const accepted = exact + wrong + falseAccepts;
  const precision = accepted === 0 ? '-' : share(exact, accepted);
  return `exact ${share(exact, positives)}, precision ${precision}, wrong ${wrong}, review ${review}, false accepts ${share(falseAccepts, negatives)}`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0 of 0' : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
}

function rounded(weights: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, Math.round(weight * 20) / 20]));
}
