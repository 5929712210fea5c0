import { endsAsName } from './endings.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { findPhrase, type Span } from './phrases.ts';
import plainWords from './rules/plain-words.json' with { type: 'json' };

/** A slug's place in a text; `common` when the name is so short that only a sender's place makes it a name. */
export interface SlugPlace extends Span {
  common: boolean;
}

const PLAIN = new Set(plainWords.words.map(foldKeyword));
const TOP_LEVEL = /^(?:com|net|org|io|co|app|ru|de|fr|uk|in|cn|jp|kr|br|eu|me|ai|dev|tv|shop|store|online|gov|edu)$/;
const SHORTEST_FREE = 4;

/**
 * Finds a service nobody wrote rules for by its slug: `my-shop-24` is "My Shop 24", "MyShop24", "my.shop-24"; `example-com` also "Example".
 * Up to three characters that are no letters or digits may stand at each joint. Linear in the text.
 */
export function findSlug(shadow: Shadow, slug: string): SlugPlace[] {
  const words = wordsOf(slug);
  const places = findWords(shadow, words);
  const bare = words.length > 1 && TOP_LEVEL.test(words.at(-1) ?? '') ? words.slice(0, -1) : null;
  return bare === null || bare.join('').length < SHORTEST_FREE ? places : [...places, ...findWords(shadow, bare)];
}

/** Whether one of a host's labels is the slug (`login.my-shop.example`), or the host is (`example-com`: `example.com`). */
export function hasSlugHost(host: string, slug: string): boolean {
  const compact = wordsOf(slug).join('');
  if (compact === '') return false;
  const labels = host.split('.').map((label) => label.replaceAll('-', ''));
  return labels.slice(0, -1).includes(compact) || (labels.join('').endsWith(compact) && labels.slice(-2).join('') === compact);
}

/** A small letter before and a capital after: `ExampleCo` is not "Example" with an ending. */
export function goesOnInCamelCase({ text }: Shadow, { end }: Span): boolean {
  return /\p{Ll}/u.test(text.charAt(end - 1)) && /\p{Lu}/u.test(text.charAt(end));
}

function wordsOf(slug: string): string[] {
  return slug.split('-').map(foldKeyword).filter(Boolean).slice(0, 12);
}

function findWords(shadow: Shadow, words: readonly string[]): SlugPlace[] {
  const { text, search } = shadow;
  const [first] = words;
  if (first === undefined) return [];
  const compact = words.join('');
  // A message that says "your code" says nothing of a service called "Your Code".
  const plain = words.every((word) => PLAIN.has(word));
  if (plain && words.length > 1) return [];
  // An app called "Be" is one where a name stands, with a capital within the sentence.
  const ordinary = plain || compact.length < SHORTEST_FREE;
  const places: SlugPlace[] = [];
  // Only the first word's left edge is a word's edge for certain: the rest may be glued to it.
  for (const { start } of findPhrase(search, { needle: first, openLeft: false, openRight: true })) {
    const end = endOfWords(search, start, words);
    if (end === null || findPhrase(search.slice(start, end + 4), edgeOf(search.slice(start, end))).every((span) => span.start > 0))
      continue;
    if (goesOnInCamelCase(shadow, { start, end }) || !endsAsName(shadow, { start, end })) continue;
    if (plain && !isCapitalWithin(text, start)) continue;
    if (!ordinary || /[\p{Lu}\p{Lo}\p{N}]/u.test(text.slice(start, end))) places.push({ start, end, common: ordinary });
  }
  return places;
}

/** A capital after a word in small letters. */
function isCapitalWithin(text: string, start: number): boolean {
  return /\p{Lu}/u.test(text.charAt(start)) && /\p{Ll} $/u.test(text.slice(Math.max(0, start - 2), start));
}

/** The whole name may take a grammatical ending when it is not short. */
function edgeOf(found: string) {
  return { needle: found, openLeft: true, openRight: false, endings: found.length >= 5 ? 3 : 0 };
}

function endOfWords(search: string, start: number, words: readonly string[]): number | null {
  let at = start;
  for (const [i, word] of words.entries()) {
    if (i > 0) for (let gap = 0; gap < 3 && /[^\p{L}\p{N}\n]/u.test(search.charAt(at)); gap++) at += 1;
    if (!search.startsWith(word, at)) return null;
    at += word.length;
  }
  return at;
}
