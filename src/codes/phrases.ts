import { foldKeyword } from './normalise.ts';

/** Where something stands in a shadow: from `start` to before `end`. */
export interface Span {
  start: number;
  end: number;
}

/** A phrase ready for searching. */
export interface Phrase {
  needle: string;
  openLeft: boolean;
  openRight: boolean;
  /** How many letters of a grammatical ending may follow (`Telegrami`, `Телеграма`); ignored where `openRight` allows any. */
  endings?: number;
}

/** Scripts written without spaces, or with particles and articles glued to words: there a phrase needs no word boundary. */
const UNBOUNDED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Georgian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Sinhala}\p{Script=Ethiopic}\p{Script=Armenian}]/u;
const LETTER = /[\p{L}\p{M}]/u;

/** Reads a phrase as rules write it: `*` at an end lets the word go on there. */
export function phraseOf(written: string): Phrase {
  const openLeft = written.startsWith('*');
  const openRight = written.endsWith('*');
  return { needle: foldKeyword(written.slice(openLeft ? 1 : 0, openRight ? -1 : undefined)), openLeft, openRight };
}

/** Whether a letter next to a phrase belongs to the same word: it does within a script, not across (`码123`, `OTPคือ`). */
function continues(neighbour: string, edge: string): boolean {
  return LETTER.test(neighbour) && LETTER.test(edge) && !UNBOUNDED.test(neighbour) && !UNBOUNDED.test(edge);
}

/** Every place a phrase stands in a folded text, honouring word boundaries. Linear in the text. */
export function findPhrase(search: string, phrase: Phrase): Span[] {
  const found: Span[] = [];
  if (phrase.needle === '') return found;
  let start = search.indexOf(phrase.needle);
  while (start >= 0) {
    const end = start + phrase.needle.length;
    const left = phrase.openLeft || !continues(search.charAt(start - 1), search.charAt(start));
    const right = phrase.openRight || wordEnds(search, end, phrase.endings ?? 0);
    if (left && right) found.push({ start, end });
    start = search.indexOf(phrase.needle, end);
  }
  return found;
}

function wordEnds(search: string, end: number, endings: number): boolean {
  for (let at = end; at <= end + endings; at++) if (!continues(search.charAt(at), search.charAt(at - 1))) return true;
  return false;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Characters between two spans; 0 where they touch or overlap. */
export function gapBetween(a: Span, b: Span): number {
  return Math.max(0, a.start >= b.end ? a.start - b.end : b.start - a.end);
}
