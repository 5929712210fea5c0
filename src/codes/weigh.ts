import { namesBeneficiary } from './beneficiary.ts';
import { BUILT_IN, knownService, namesIn, type RuleBook } from './book.ts';
import { type Candidate, findLetters } from './candidates.ts';
import { featuresOf, type Reading, type Scored, scoreOf, WEIGHTS, type Weights } from './features.ts';
import { findWords, type Words } from './keywords.ts';
import type { Mask } from './mask.ts';
import { type Message, MOST_CANDIDATES, readMessage } from './message.ts';
import { printed, type Shadow } from './normalise.ts';
import { type Span, without } from './phrases.ts';
import type { Service } from './service-data.ts';
import { type Evidence, findEvidence, hasUnknownBrand, hasUnknownName } from './services.ts';
import { findSlug } from './unknown-service.ts';
import { isWritten } from './written-name.ts';

/** A message read once, with everything a verdict needs. */
export interface Weighed {
  message: Message;
  shadow: Shadow;
  /** Best first. */
  scored: Scored[];
  words: Words;
  masks: readonly Mask[];
  /** Where a template of the service has its code: that one stands first among the scored, whatever its score. */
  given: Span | null;
  evidence: Evidence[];
  hasKeyword: boolean;
  /** Whether it names somebody the rules do not know; worked out only when asked. */
  namesAnother: () => boolean;
  /** The same where the sender is known: names of known services that stand below it were weighed already. */
  outnamesSender: () => boolean;
  /** The same where a name is only mentioned, and links say nothing. */
  outnamesMention: () => boolean;
  /** Whether it says that the code is for somebody the rules do not know; worked out only when asked. */
  namesBeneficiary: () => boolean;
  /** Which groups of signs speak against a one-time code. */
  against: string[];
}

/** Weighs a message: names, and the score of each candidate. Time is linear in its first 2,000 characters. */
export function weigh(message: { text: string; sender: string; service: string; book?: RuleBook }, weights: Weights = WEIGHTS): Weighed {
  const { book = BUILT_IN } = message;
  const read = readMessage(message.text);
  const { shadow, words, masks, origin, prefixes } = read;
  const candidates = read.candidates.length > 0 ? read.candidates : findLetters(shadow, words.keywords).slice(0, MOST_CANDIDATES);
  const anchors = [...words.keywords, ...candidates];
  const evidence = findEvidence({
    ...{ shadow, sender: message.sender, ordered: message.service, origin, masks, anchors, prefixes, book },
    purposes: words.purposes,
  });
  const brands = evidence.flatMap(({ span }) => (span === null ? [] : [span]));
  // "Livre" in Mercado Livre and "Delivery" in Delivery Hero speak of no parcel.
  const misled = brands.length > 0 && words.against.length + words.anti.length > 0;
  const ownWords = misled ? findWords(without(shadow.search, brands)) : words;
  const reading: Reading = { shadow, words: ownWords, masks, brands };
  const given = evidence.find(({ rule, code }) => rule === 'template' && code !== null)?.code ?? null;
  const services = evidence.flatMap(({ slug }) => knownService(slug, book) ?? []);
  const scored = withGiven(shadow, candidates, given).map((candidate): Scored => {
    const code = typedCode(candidate, services);
    const features = featuresOf(candidate, reading);
    return { ...candidate, code, features, score: scoreOf(features, weights) };
  });
  scored.sort((a, b) => isAt(b, given) - isAt(a, given) || b.score - a.score || a.start - b.start);
  return {
    message: read,
    shadow,
    words,
    masks,
    given,
    scored,
    evidence,
    hasKeyword: ownWords.keywords.length > 0,
    namesAnother: () => hasUnknownBrand(shadow, words, scored.slice(0, 1), masks),
    outnamesSender: () => hasUnknownBrand(withoutNames(shadow, message.service, book), words, scored.slice(0, 1), masks),
    outnamesMention: () => hasUnknownName(withoutNames(shadow, message.service, book), words, scored.slice(0, 1), masks),
    namesBeneficiary: () => namesBeneficiary(shadow, [...words.all, ...namesIn(shadow, book)]),
    against: ownWords.against,
  };
}

/**
 * Whether a stretch may go on in a part of the message that is missing. A gap shows as `…` (see gsm/join.ts); at the end of a text that is known to be
 * incomplete no sign is needed.
 */
export function isCut({ original, origin, text }: Shadow, { start, end }: Span, incomplete: boolean): boolean {
  const after = text.slice(end).search(/[^\s-]/);
  if (incomplete && after < 0) return true;
  const before = /[\s-]{0,2}$/.exec(text.slice(Math.max(0, start - 2), start))?.[0].length ?? 0;
  const isGap = (at: number) => original.charAt(origin[at] ?? original.length) === '…';
  return (after >= 0 && after <= 1 && isGap(end + after)) || (start - before > 0 && before <= 1 && isGap(start - before - 1));
}

function withoutNames(shadow: Shadow, ordered: string, book: RuleBook): Shadow {
  const known = namesIn(shadow, book).filter(({ tag, ...span }) => isWritten(shadow, span, tag.name));
  const names = [...known, ...findSlug(shadow, ordered)];
  return names.length === 0 ? shadow : { ...shadow, text: without(shadow.text, names), search: without(shadow.search, names) };
}

/** The candidates, with what a template has as the code when it has no usual form. */
function withGiven(shadow: Shadow, candidates: readonly Candidate[], given: Span | null): readonly Candidate[] {
  if (given === null || candidates.some((candidate) => isAt(candidate, given) === 1)) return candidates;
  const { start, end } = given;
  const code = shadow.text.slice(start, end);
  return [
    ...candidates,
    { start, end, code, printed: printed(shadow, start, end), kind: 'mixed', prefix: /^([A-Za-z]+)-/.exec(code)?.[1] ?? null },
  ];
}

function isAt(candidate: Span, given: Span | null): number {
  return candidate.start === given?.start && candidate.end === given.end ? 1 : 0;
}

/** What is typed of a code, by the rules of the services it may be of: without a prefix, with or without its separators. */
function typedCode(candidate: Candidate, services: readonly Service[]): string {
  const { prefix, code, printed: written } = candidate;
  const strip = prefix !== null && services.some(({ codePrefix }) => codePrefix === prefix);
  const typed = (whole: string) => (strip ? whole.slice(whole.indexOf('-') + 1) : whole);
  const separators = services.find((service) => service.separators !== null)?.separators ?? null;
  if (separators === 'strip') return typed(code).replace(/[\s-]/g, '');
  return typed(separators === 'keep' && candidate.kind === 'grouped' ? written : code);
}
