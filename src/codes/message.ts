import { type Candidate, findCandidates, findOriginBound, type OriginBound } from './candidates.ts';
import { findWords, type Words } from './keywords.ts';
import { findMasks, type Mask } from './mask.ts';
import { type Shadow, shadowOf } from './normalise.ts';

/** What stands in a message, whoever asks: found once, and read for the order, for the denied kinds and for the score. */
export interface Message {
  shadow: Shadow;
  words: Words;
  masks: readonly Mask[];
  origin: OriginBound | null;
  /** With a digit in them. */
  candidates: readonly Candidate[];
  /** Letters before the hyphen of candidates. */
  prefixes: readonly string[];
}

/** A message with more numbers than this is a list; looking at all of them would only cost time. */
export const MOST_CANDIDATES = 24;

/** Finds words, masks and candidates in the first 2,000 characters of a message. Linear in them. */
export function readMessage(text: string): Message {
  const shadow = shadowOf(text);
  const words = findWords(shadow.search);
  const origin = findOriginBound(shadow);
  const candidates = findCandidates(shadow, words.keywords, origin).slice(0, MOST_CANDIDATES);
  return { shadow, words, masks: findMasks(shadow), origin, candidates, prefixes: prefixesOf(candidates) };
}

function prefixesOf(candidates: readonly Candidate[]): string[] {
  return candidates.flatMap(({ prefix }) => (prefix === null ? [] : [prefix]));
}
