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

/** Whether a letter next to a phrase belongs to the same word: it does within a script, not across (`码123`, `OTPคือ`). */
function continues(neighbour: number, edge: number): boolean {
  return kindOf(neighbour) === BOUNDED && kindOf(edge) === BOUNDED;
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
  if (!phrase.openLeft && continues(search.charCodeAt(start - 1), search.charCodeAt(start))) return false;
  return phrase.openRight || wordEnds(search, end, phrase.endings ?? 0);
}

function wordEnds(search: string, end: number, endings: number): boolean {
  for (let at = end; at <= end + endings; at++) if (!continues(search.charCodeAt(at), search.charCodeAt(at - 1))) return true;
  return false;
}

/** A message that is read by people has far fewer known words; one that has more is not read to its end. */
const MOST_FOUND = 1000;

/** A phrase that was found, with what its list says of it. */
export interface Hit<T> extends Span {
  tag: T;
}

/** Thousands of phrases, searched all at once in one walk over the text. */
export interface PhraseIndex<T> {
  find(search: string): Hit<T>[];
}

/**
 * Builds an index over phrases, each with its tag. Searching looks at a place of the text only as deep as some phrase goes on there, so its time is
 * bounded by the text's length times the longest phrase, whatever the text and however many phrases there are.
 */
export function indexPhrases<T>(entries: readonly { phrase: Phrase; tag: T }[]): PhraseIndex<T> {
  // One map for all edges: from node and UTF-16 unit to the next node.
  const edges = new Map<number, number>();
  const ends: { phrase: Phrase; tag: T }[][] = [[]];
  for (const entry of entries) {
    if (entry.phrase.needle === '') continue;
    let node = 0;
    for (let i = 0; i < entry.phrase.needle.length; i++) {
      const key = node * 0x10000 + entry.phrase.needle.charCodeAt(i);
      const next = edges.get(key) ?? ends.push([]) - 1;
      edges.set(key, next);
      node = next;
    }
    ends[node]?.push(entry);
  }
  return { find: (search) => walk(search, edges, ends) };
}

function walk<T>(search: string, edges: ReadonlyMap<number, number>, ends: readonly { phrase: Phrase; tag: T }[][]): Hit<T>[] {
  const found: Hit<T>[] = [];
  for (let start = 0; start < search.length && found.length < MOST_FOUND; start++) {
    let node = edges.get(search.charCodeAt(start));
    for (let end = start + 1; node !== undefined; end++) {
      const here = ends[node];
      if (here !== undefined && here.length > 0) {
        for (const { phrase, tag } of here) if (isWhole(search, phrase, start, end)) found.push({ start, end, tag });
      }
      node = end < search.length ? edges.get(node * 0x10000 + search.charCodeAt(end)) : undefined;
    }
  }
  return found;
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
