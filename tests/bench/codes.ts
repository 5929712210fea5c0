import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DENIED_CATEGORIES } from '../../src/codes/deny.ts';
import { type JudgeInput, judge } from '../../src/codes/judge.ts';
import { Random } from '../../src/modem/virtual/random.ts';
import { hostileText } from '../support/hostile.ts';

const RUNS_MS = 3000;
const HOSTILE = 100_000;
const LIMIT_MS = 0.5;
/** A text that took longer than the limit is read this often: slow reading comes again, a pause of the machine or of the garbage collector does not. */
const REPEATS = 15;
const WORST = 5;
/** What the house asks: an order of a known service, one of a service without rules, and with the kinds that are denied by default. */
const ASKED: readonly JudgeInput[] = [
  { text: '', sender: '', service: 'telegram', onlyOrder: true },
  { text: '', sender: '', service: 'zorbla-shop', onlyOrder: true, deny: DENIED_CATEGORIES },
];

/**
 * How many messages a second one core judges, in many languages, and how long the worst of 100,000 hostile texts take. The reference in the same run is
 * the simplest extractor there is: a row of the same messages parsed, and one regular expression over its text. `SMSPIN_BENCH_SEED` chooses other hostile texts.
 */
export async function codes(): Promise<void> {
  const rows = ['europe', 'elsewhere', 'shapes', 'mixed', 'fresh-1', 'fresh-2', 'fresh-3'].flatMap((name) =>
    readFileSync(join(import.meta.dir, '..', 'codes', 'own', `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n'),
  );
  const textOf = (row: string): string => JSON.parse(row).text;
  const texts = rows.map(textOf);
  for (const asked of ASKED) {
    const judged = speedOf(texts, (text) => judge({ ...asked, text, sender: 'Verify' }));
    const reference = speedOf(rows, (row) => /\b\d{4,8}\b/.exec(textOf(row)));
    console.log(
      `codes: ${shown(judged)} judged for ${nameOf(asked)}; reference, JSON.parse and /\\b\\d{4,8}\\b/: ${shown(reference)}, ${(reference.perSecond / judged.perSecond).toFixed(1)} times as many`,
    );
  }
  const seed = Number(process.env['SMSPIN_BENCH_SEED'] ?? 1);
  for (const asked of ASKED) hostile(asked, seed);
}

function hostile(asked: JudgeInput, seed: number): void {
  const random = new Random(seed);
  const worst: { ms: number; text: string }[] = [];
  let once = 0;
  for (let i = 0; i < HOSTILE; i++) {
    const text = hostileText(() => random.next());
    let ms = timeOf(asked, text);
    if (ms > LIMIT_MS) {
      ms = Math.min(ms, ...Array.from({ length: REPEATS }, () => timeOf(asked, text)));
      if (ms <= LIMIT_MS) once += 1;
    }
    worst.push({ ms, text });
    if (worst.length > WORST * 20) worst.sort((a, b) => b.ms - a.ms).splice(WORST);
  }
  worst.sort((a, b) => b.ms - a.ms).splice(WORST);
  console.log(
    `codes: ${HOSTILE} hostile texts of 10,000 characters (seed ${seed}) for ${nameOf(asked)}; ${once} took over ${LIMIT_MS} ms once and not in the best of ${REPEATS} repeats; the slowest:`,
  );
  for (const { ms, text } of worst) console.log(`  ${ms.toFixed(2)} ms ${JSON.stringify(text.slice(0, 80))}`);
}

function nameOf({ service, deny }: JudgeInput): string {
  return deny === undefined ? service : `${service} with denied kinds`;
}

function timeOf(asked: JudgeInput, text: string): number {
  const startedMs = performance.now();
  judge({ ...asked, text });
  return performance.now() - startedMs;
}

interface Speed {
  perSecond: number;
  /** Of one core: below 1 where others took it, above where the runtime's own threads (compiler, garbage collector) helped. */
  share: number;
}

function shown({ perSecond, share }: Speed): string {
  return `${Math.round(perSecond)} messages/s on ${Math.round(share * 100)} % of a core`;
}

function speedOf(texts: readonly string[], work: (text: string) => unknown): Speed {
  for (const text of texts) work(text);
  const startedMs = performance.now();
  const used = process.cpuUsage();
  let done = 0;
  while (performance.now() - startedMs < RUNS_MS) {
    for (const text of texts) work(text);
    done += texts.length;
  }
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(used);
  return { perSecond: (done / tookMs) * 1000, share: (user + system) / 1000 / tookMs };
}
