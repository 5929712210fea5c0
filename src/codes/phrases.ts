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
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Georgian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Thaana}\p{Script=Tibetan}\p{Script=Ethiopic}\p{Script=Armenian}]/u;
const LETTER = /[\p{L}\p{M}]/u;

/** Reads a phrase as rules write it: `*` at an end lets the word go on there. */
export function phraseOf(written: string): Phrase {
  const openLeft = written.startsWith('*');
  const openRight = written.endsWith('*');
  return { needle: foldKeyword(written.slice(openLeft ? 1 : 0, openRight ? -1 : undefined)), openLeft, openRight };
}

/** Whether the letter at a place goes on the word of the one before it: it does within a script, not across (`码123`, `OTPคือ`). */
export function continuesWord(search: string, at: number): boolean {
  return isBounded(search.charCodeAt(at)) && isBounded(search.charCodeAt(at - 1));
}

/** Whether a UTF-16 unit is a letter of a script that parts its words. */
export function isBounded(unit: number): boolean {
  return kindOf(unit) === BOUNDED;
}

const [NO_LETTER, BOUNDED, UNBOUNDED_LETTER] = [1, 2, 3];
/** What each UTF-16 unit is, found out when it is first met. */
const KINDS = new Uint8Array(0x10000);

function kindOf(unit: number): number {
  // Beyond an end of the text stands no letter.
  if (Number.isNaN(unit)) return NO_LETTER;
  const known = KINDS[unit];
  if (known !== undefined && known !== 0) return known;
  const character = String.fromCharCode(unit);
  const kind = !LETTER.test(character) ? NO_LETTER : UNBOUNDED.test(character) ? UNBOUNDED_LETTER : BOUNDED;
  KINDS[unit] = kind;
  return kind;
}

/** Every place a phrase stands in a folded text, honouring word boundaries. Linear in the text. */
export function findPhrase(search: string, phrase: Phrase): Span[] {
  const found: Span[] = [];
  if (phrase.needle === '') return found;
  let start = search.indexOf(phrase.needle);
  while (start >= 0) {
    const span = { start, end: start + phrase.needle.length };
    if (isWhole(search, phrase, span.start, span.end)) found.push(span);
    start = search.indexOf(phrase.needle, span.end);
  }
  return found;
}

function isWhole(search: string, phrase: Phrase, start: number, end: number): boolean {
  if (!phrase.openLeft && continuesWord(search, start)) return false;
  return phrase.openRight || wordEnds(search, end, phrase.endings ?? 0);
}

/** Whether a word ends at a place, or after at most so many letters of an ending. */
export function wordEnds(search: string, end: number, endings: number): boolean {
  for (let at = end; at <= end + endings; at++) if (!continuesWord(search, at)) return true;
  return false;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Characters between two spans; 0 where they touch or overlap. */
export function gapBetween(a: Span, b: Span): number {
  return Math.max(0, a.start >= b.end ? a.start - b.end : b.start - a.end);
}

/** A text with spaces in place of some spans. */
export function without(search: string, spans: readonly Span[]): string {
  let rest = search;
  for (const { start, end } of spans) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
  return rest;
}
