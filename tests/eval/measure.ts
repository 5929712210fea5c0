import { BUILT_IN, knownService } from '../../src/codes/book.ts';
import type { Weights } from '../../src/codes/features.ts';
import { type Judgement, judge, serviceSlug } from '../../src/codes/judge.ts';
import type { Row } from './rows.ts';

/** How well codes were found among labelled rows. */
export interface Figures {
  positives: number;
  negatives: number;
  /** Accepted with a right code. */
  exact: number;
  /** Accepted with a wrong code. */
  wrong: number;
  review: number;
  /** Negatives that were accepted. */
  falseAccepts: number;
}

export interface Verdict {
  row: Row;
  verdict: Judgement['verdict'];
  rule: string;
  code: string | null;
}

/** Judges every row for its own service, or for `any` where it names none. */
export function judgeRows(rows: readonly Row[], weights?: Weights): Verdict[] {
  return rows.map((row) => {
    const input = { text: row.text, sender: row.sender, service: row.service ?? 'any', onlyOrder: true };
    const { verdict, rule, code } = judge(weights ? { ...input, weights } : input);
    return { row, verdict, rule, code };
  });
}

export function isExact({ row, verdict, code }: Verdict): boolean {
  return verdict === 'accept' && code !== null && row.right.includes(code);
}

export function figuresOf(verdicts: readonly Verdict[]): Figures {
  const positives = verdicts.filter(({ row }) => row.code !== null);
  const negatives = verdicts.filter(({ row }) => row.code === null);
  const accepted = positives.filter(({ verdict }) => verdict === 'accept');
  const exact = positives.filter(isExact);
  return {
    positives: positives.length,
    negatives: negatives.length,
    exact: exact.length,
    wrong: accepted.length - exact.length,
    review: positives.filter(({ verdict }) => verdict === 'review').length,
    falseAccepts: negatives.filter(({ verdict }) => verdict === 'accept').length,
  };
}

/** Positives accepted for another service of the file, and whether their own is named in the text. Every pair is tried. */
export function crossAccepts(rows: readonly Row[]): { tried: number; accepted: { row: Row; service: string; named: boolean }[] } {
  const services = [...new Set(rows.flatMap(({ service }) => (service === null ? [] : [service])))];
  let tried = 0;
  const accepted: { row: Row; service: string; named: boolean }[] = [];
  for (const row of rows) {
    if (row.code === null || row.service === null) continue;
    const named = serviceSlug(row.text).replaceAll('-', '').includes(row.service.replaceAll('-', ''));
    for (const service of services) {
      if (isSame(service, row.service)) continue;
      tried += 1;
      if (judge({ text: row.text, sender: row.sender, service, onlyOrder: true }).verdict === 'accept')
        accepted.push({ row, service, named });
    }
  }
  return { tried, accepted };
}

/** Two names of one service (`глово`, `glovo`), or of houses whose codes count for one another, are no other service. */
function isSame(asked: string, own: string): boolean {
  const [a, b] = [knownService(asked, BUILT_IN), knownService(own, BUILT_IN)];
  return asked === own || (a !== null && b !== null && (a === b || a.accepts.includes(b.slug)));
}
