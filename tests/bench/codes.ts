import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../src/codes/judge.ts';
import { Random } from '../../src/modem/virtual/random.ts';
import { hostileText } from '../support/hostile.ts';

const RUNS_MS = 3000;
const HOSTILE = 100_000;
const LIMIT_MS = 2;

/**
 * How many messages a second one core judges, in many languages, and how long the worst of 100,000 hostile texts takes. The reference in the same run is
 * the simplest extractor there is: one regular expression over the same messages.
 */
export async function codes(): Promise<void> {
  const texts = ['europe', 'elsewhere', 'shapes', 'mixed'].flatMap((name) =>
    readFileSync(join(import.meta.dir, '..', 'codes', 'own', `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line): string => JSON.parse(line).text),
  );
  const judged = perSecond(texts, (text) => judge({ text, sender: 'Verify', service: 'telegram', onlyOrder: true }));
  const reference = perSecond(texts, (text) => /\b\d{4,8}\b/.exec(text));
  console.log(
    `codes: ${Math.round(judged)} messages/s judged; reference /\\b\\d{4,8}\\b/: ${Math.round(reference)}/s (${(reference / judged).toFixed(0)} times)`,
  );
  const random = new Random(1);
  let paused = 0;
  let slowest = { ms: 0, text: '' };
  for (let i = 0; i < HOSTILE; i++) {
    const text = hostileText(() => random.next());
    let ms = timeOf(text);
    // A pause of the machine or of the garbage collector does not come again with the text; slow reading does.
    if (ms > LIMIT_MS) {
      ms = Math.min(ms, ...Array.from({ length: 5 }, () => timeOf(text)));
      if (ms <= LIMIT_MS) paused += 1;
    }
    if (ms > slowest.ms) slowest = { ms, text };
  }
  console.log(
    `codes: slowest of ${HOSTILE} hostile texts of 10,000 characters ${slowest.ms.toFixed(2)} ms, ${JSON.stringify(slowest.text.slice(0, 40))}; ${paused} took over ${LIMIT_MS} ms once and not again`,
  );
}

function timeOf(text: string): number {
  const startedMs = performance.now();
  judge({ text, sender: '', service: 'telegram', onlyOrder: true });
  return performance.now() - startedMs;
}

function perSecond(texts: readonly string[], work: (text: string) => unknown): number {
  for (const text of texts) work(text);
  const startedMs = performance.now();
  let done = 0;
  while (performance.now() - startedMs < RUNS_MS) {
    for (const text of texts) work(text);
    done += texts.length;
  }
  return (done / (performance.now() - startedMs)) * 1000;
}
