import { BUILT_IN, namesIn } from './book.ts';
import { exclusionOf } from './exclusions.ts';
import { type JudgeInput, type Judgement, judgeWeighed } from './judge.ts';
import type { MaskKind } from './mask.ts';
import { printed, type Shadow } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';
import { weigh } from './weigh.ts';

/** What a stretch of a message was taken for. */
export type SpanKind = 'code' | 'candidate' | 'keyword' | 'brand' | 'other' | 'excluded';

/** A stretch of a message as received, in UTF-16 units, with what it was taken for in plain words. */
export interface ExplainedSpan extends Span {
  kind: SpanKind;
  what: string;
}

const MASKS: Record<MaskKind, string> = {
  url: 'a link',
  email: 'an e-mail address',
  amount: 'an amount',
  percent: 'a percentage',
  number: 'a number with separators',
  date: 'a date',
  time: 'a time',
  phone: 'a telephone number',
  masked: 'a masked number',
  account: 'an account or a card',
  unit: 'a measure',
  app_hash: 'the hash of an app',
  reference: 'a reference',
  service_code: 'a code to dial',
};

/** How a message is judged and what each stretch of it was taken for, in reading order. Pure and linear, as judging. */
export function explainMessage(input: JudgeInput): { judgement: Judgement; spans: ExplainedSpan[] } {
  const { book = BUILT_IN } = input;
  const weighed = weigh(input, input.weights);
  const judgement = judgeWeighed(input, weighed);
  const { shadow, words, masks, evidence } = weighed;
  const spans: ExplainedSpan[] = [];
  const add = (span: Span, kind: SpanKind, what: string) => {
    const placed = inOriginal(shadow, span);
    const same = (one: ExplainedSpan) => one.start === placed.start && one.end === placed.end && one.what === what;
    if (!spans.some(same)) spans.push({ ...placed, kind, what });
  };
  for (const [at, { start, end, score }] of weighed.scored.entries()) {
    if (at === 0 && judgement.verdict === 'accept') add({ start, end }, 'code', 'the code');
    else add({ start, end }, 'candidate', `weighed as the code, score ${score}`);
  }
  for (const { start, end, strong } of words.keywords) {
    add({ start, end }, 'keyword', strong ? 'a word for one-time codes' : 'a word for codes or passwords');
  }
  for (const { slug, rule, span } of evidence) if (span) add(span, 'brand', `a name of ${slug}: ${rule}`);
  // A stronger sign, such as the sender, does not make a name less of one.
  const found = new Set(evidence.map(({ slug }) => slug));
  for (const { tag, start, end } of namesIn(shadow, book)) {
    const known = evidence.some(({ span }) => span !== null && overlaps(span, { start, end }));
    if (found.has(tag.service.slug) && !known) add({ start, end }, 'brand', `a name of ${tag.service.slug}`);
  }
  for (const { start, end, kind } of masks) add({ start, end }, 'other', MASKS[kind]);
  const excluded = exclusionOf(input.service, shadow, input.sender, book);
  if (excluded?.span) add(excluded.span, 'excluded', 'excludes the service');
  return { judgement, spans: spans.sort((a, b) => a.start - b.start || b.end - a.end) };
}

function inOriginal(shadow: Shadow, { start, end }: Span): Span {
  const from = shadow.origin[start] ?? shadow.original.length;
  return { start: from, end: from + printed(shadow, start, end).length };
}
