import { findLetters } from './candidates.ts';
import { featuresOf, type Reading, type Scored, scoreOf, WEIGHTS, type Weights } from './features.ts';
import { findWords } from './keywords.ts';
import { type Message, MOST_CANDIDATES, readMessage } from './message.ts';
import type { Shadow } from './normalise.ts';
import { type Span, without } from './phrases.ts';
import { codePrefixOf, type Evidence, findEvidence, hasUnknownBrand } from './services.ts';

/** A message read once, with everything a verdict needs. */
export interface Weighed {
  message: Message;
  shadow: Shadow;
  /** Best first. */
  scored: Scored[];
  evidence: Evidence[];
  hasKeyword: boolean;
  /** Whether it names somebody the rules do not know; worked out only when asked. */
  namesAnother: () => boolean;
  /** Which groups of signs speak against a one-time code. */
  against: string[];
}

/** Weighs a message: names, and the score of each candidate. Time is linear in its first 2,000 characters. */
export function weigh(message: { text: string; sender: string; service: string }, weights: Weights = WEIGHTS): Weighed {
  const read = readMessage(message.text);
  const { shadow, words, masks, origin, prefixes } = read;
  const candidates = read.candidates.length > 0 ? read.candidates : findLetters(shadow, words.keywords).slice(0, MOST_CANDIDATES);
  const anchors = [...words.keywords, ...candidates];
  const evidence = findEvidence({
    shadow,
    sender: message.sender,
    ordered: message.service,
    origin,
    masks,
    anchors,
    prefixes,
    purposes: words.purposes,
  });
  const brands = evidence.flatMap(({ span }) => (span === null ? [] : [span]));
  // "Livre" in Mercado Livre and "Delivery" in Delivery Hero speak of no parcel.
  const misled = brands.length > 0 && words.against.length + words.anti.length > 0;
  const ownWords = misled ? findWords(without(shadow.search, brands)) : words;
  const reading: Reading = { shadow, words: ownWords, masks, brands };
  const scored = candidates.map((candidate): Scored => {
    const strip = candidate.prefix !== null && evidence.some(({ slug }) => codePrefixOf(slug) === candidate.prefix);
    const code = strip ? candidate.code.slice(candidate.code.indexOf('-') + 1) : candidate.code;
    const features = featuresOf(candidate, reading);
    return { ...candidate, code, features, score: scoreOf(features, weights) };
  });
  scored.sort((a, b) => b.score - a.score || a.start - b.start);
  return {
    message: read,
    shadow,
    scored,
    evidence,
    hasKeyword: ownWords.keywords.length > 0,
    namesAnother: () => hasUnknownBrand(shadow, words, scored.slice(0, 1), masks),
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
