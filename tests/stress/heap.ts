import { existsSync, readFileSync } from 'node:fs';

interface HeapSample {
  atMs: number;
  heapSize: number;
  objectCount: number;
  rss: number;
  types: Record<string, number>;
}

const MEGABYTE = 1024 * 1024;
const SHOWN = 12;
/** Caches fill and code is compiled for so long after the start: nothing before it counts as growth. */
const START_UP_MS = 60_000;

/** Growth of what is alive after a full collection, from the end of the start-up to the end, in words. */
export function heapFigures(file: string): string {
  if (!existsSync(file)) return 'the server wrote none';
  const samples = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): HeapSample => JSON.parse(line));
  const settled = samples.filter(({ atMs }) => atMs > START_UP_MS);
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined || settled.length < 6) return 'too short a run to tell';
  const quarter = Math.ceil(settled.length / 4);
  const means = [0, 1, 2, 3].map((n) => settled.slice(n * quarter, (n + 1) * quarter)).filter((some) => some.length > 0);
  const mean = (value: (sample: HeapSample) => number, digits: number) =>
    means.map((some) => (some.reduce((sum, sample) => sum + value(sample), 0) / some.length).toFixed(digits)).join(', ');
  const grown = Object.entries(last.types)
    .map(([type, count]) => ({ type, by: count - (first.types[type] ?? 0), count }))
    .toSorted((left, right) => right.by - left.by)
    .slice(0, SHOWN);
  return [
    `by quarters after ${START_UP_MS / 1000} s: heap ${mean(({ heapSize }) => heapSize / MEGABYTE, 1)} MB, objects ${mean(({ objectCount }) => objectCount, 0)}, resident ${mean(({ rss }) => rss / MEGABYTE, 0)} MB`,
    `  most grown: ${grown.map(({ type, by, count }) => `${type} ${by >= 0 ? '+' : ''}${by} (${count})`).join(', ')}`,
  ].join('\n');
}
