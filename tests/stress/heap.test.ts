import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapFigures } from './heap.ts';

const dir = mkdtempSync(join(tmpdir(), 'smspin-heap-'));
const file = join(dir, 'heap.jsonl');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Samples every 10 s with so many objects; the first six are of the start-up. */
function write(objects: readonly number[], atMs = (n: number) => n * 10_000): void {
  const lines = objects.map((objectCount, n) => JSON.stringify({ atMs: atMs(n + 1), heapSize: 1, objectCount, rss: 1, types: {} }));
  writeFileSync(file, lines.join('\n'));
}

const run = (quarters: readonly number[]) => [...Array(6).fill(9), ...quarters.flatMap((objects) => Array(5).fill(objects))];

test.each<[string, number[], boolean]>([
  ['level', [1000, 1000, 1000, 1000], true],
  ['at its bound', [900, 1000, 1010, 1030], true],
  ['just above its bound', [900, 1000, 1010, 1031], false],
  ['grown in the first quarter only', [500, 1000, 1000, 1000], true],
  ['shrunk', [1000, 1000, 900, 800], true],
])('a heap that is %s', (_name, quarters, isFlat) => {
  write(run(quarters));
  expect(heapFigures(file).isFlat).toBe(isFlat);
});

test('what cannot be judged is said, and is no failure', () => {
  expect(heapFigures(join(dir, 'none'))).toEqual({ isFlat: null, words: 'not judged: the server wrote none' });
  write(Array(17).fill(1000));
  expect(heapFigures(file)).toMatchObject({ isFlat: null, words: expect.stringMatching(/^not judged: 11 samples/) });
  write(run([1000, 1000, 1000, 2000]), (n) => (n > 20 ? n - 13 : n) * 10_000);
  expect(heapFigures(file)).toMatchObject({ isFlat: null, words: expect.stringContaining('the server was killed') });
});
