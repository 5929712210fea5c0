import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { complaintsAbout } from './support/tidy.ts';

const root = resolve(import.meta.dir, '..');
const patterns = [
  '{src,views,tests,static,docs,deploy,client,examples,.ci}/**/*.{ts,tsx,js,css,json,sql,md,sh,svg}',
  '*.{json,toml,md,lock}',
  'Dockerfile',
  '.ci/*',
];
// These two speak of what they forbid.
const exempt = new Set(['tests/support/tidy.ts', 'tests/gates.test.ts']);

const files = patterns
  .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })])
  .filter((path) => !exempt.has(path) && !path.startsWith('tests/.artifacts/'))
  .sort();

test('the files of the project are found', () => {
  expect(files).toContain('src/lib/clock.ts');
  expect(files).toContain('views/model.ts');
  expect(files).toContain('bun.lock');
  expect(files).toContain('.ci/run');
});

test('every file keeps the rules of the house', () => {
  expect(files.flatMap((path) => complaintsAbout(path, readFileSync(resolve(root, path), 'utf8')))).toEqual([]);
});
