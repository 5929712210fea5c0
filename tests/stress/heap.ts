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

/** What is alive is flat when the last quarter has at most this much more than the second: the first may still fill caches. */
const GROWTH_MOST = 0.03;
const LEAST_SAMPLES = 12;

/** The figures in words, and whether the number of objects stayed flat; null where the run cannot tell, and `words` say why. */
export interface HeapVerdict {
  isFlat: boolean | null;
  words: string;
}

/** Growth of what is alive after a full collection, from the end of the start-up to the end. */
export function heapFigures(file: string): HeapVerdict {
  if (!existsSync(file)) return { isFlat: null, words: 'not judged: the server wrote none' };
  const samples = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): HeapSample => JSON.parse(line));
  const settled = samples.filter(({ atMs }) => atMs > START_UP_MS);
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined || settled.length < LEAST_SAMPLES) {
    return {
      isFlat: null,
      words: `not judged: ${settled.length} samples after the start-up, and ${LEAST_SAMPLES} are needed: let it run longer`,
    };
  }
  const quarter = Math.ceil(settled.length / 4);
  const means = [0, 1, 2, 3].map((n) => settled.slice(n * quarter, (n + 1) * quarter)).filter((some) => some.length > 0);
  const mean = (value: (sample: HeapSample) => number, digits: number) =>
    means.map((some) => (some.reduce((sum, sample) => sum + value(sample), 0) / some.length).toFixed(digits)).join(', ');
  const grown = Object.entries(last.types)
    .map(([type, count]) => ({ type, by: count - (first.types[type] ?? 0), count }))
    .toSorted((left, right) => right.by - left.by)
    .slice(0, SHOWN);
  const [, second = 0, , fourth = 0] = means.map((some) => some.reduce((sum, { objectCount }) => sum + objectCount, 0) / some.length);
  // The heap of a server that was killed begins anew: its samples are of several lives.
  const isOneLife = samples.every(({ atMs }, at) => at === 0 || atMs > (samples[at - 1]?.atMs ?? 0));
  const words = [
    `by quarters after ${START_UP_MS / 1000} s: heap ${mean(({ heapSize }) => heapSize / MEGABYTE, 1)} MB, objects ${mean(({ objectCount }) => objectCount, 0)}, resident ${mean(({ rss }) => rss / MEGABYTE, 0)} MB`,
    `  most grown: ${grown.map(({ type, by, count }) => `${type} ${by >= 0 ? '+' : ''}${by} (${count})`).join(', ')}`,
    `  objects in the last quarter: ${(100 * (fourth / second - 1)).toFixed(1)} % above the second; ${isOneLife ? `at most ${100 * GROWTH_MOST} % is flat` : 'not judged: the server was killed meanwhile'}`,
  ].join('\n');
  return { isFlat: isOneLife ? fourth <= second * (1 + GROWTH_MOST) : null, words };
}
