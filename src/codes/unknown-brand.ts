import type { Shadow } from './normalise.ts';
import { foldKeyword } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };

/** Words that a message with a code has whoever sends it; anything else with a capital may be a name. */
const PLAIN = new Set(vocabulary.words.map(foldKeyword));
const PLAIN_HAN = vocabulary.han.map(foldKeyword).sort((a, b) => b.length - a.length);
/** How far from the word for "code" a name is looked for. */
const REACH = 48;
/** `Acme code`: in English nothing but a name, or one of the plain words, stands between the start and the word for it. */
const ENGLISH_CODE = /^ (?:otp|codes?|(?:verification|security|login|confirmation|access) code|passcode)(?![\p{L}])/u;

/** Whether the text carries a name that is nobody's we know: a signature in brackets or at the start, or a name around the word for "code". */
export function hasUnknownBrand(shadow: Shadow, keywords: readonly Span[]): boolean {
  const free = (start: number, end: number) => !keywords.some((keyword) => overlaps(keyword, { start, end }));
  for (const match of shadow.text.matchAll(/[[【]([^\]】\n]{2,30})[\]】]/g)) {
    if (/\p{L}/u.test(match[1] ?? '') && !/\d{4}/.test(match[0]) && free(match.index, match.index + match[0].length)) return true;
  }
  const leading = /^([\p{L}][^:\n]{1,24}):/u.exec(shadow.text);
  if (leading && free(0, leading[0].length) && !isPlain(leading[1] ?? '')) return true;
  return hasLatinName(shadow, keywords) || keywords.some((keyword) => hasHanName(shadow, keyword)) || namesHost(shadow);
}

function isPlain(words: string): boolean {
  return words.split(/[^\p{L}\p{M}']+/u).every((word) => word === '' || PLAIN.has(foldKeyword(word)));
}

/** A Latin word in a text of another script, or one with a capital within a sentence, near the word for "code". */
function hasLatinName({ text, search }: Shadow, keywords: readonly Span[]): boolean {
  const foreign = count(text, /[^\p{Script=Latin}\p{N}\p{P}\p{Z}\p{S}\n]/gu) > count(text, /\p{Script=Latin}/gu);
  const shouted = !/\p{Ll}/u.test(text);
  for (const match of text.matchAll(/[\p{L}][\p{L}\p{M}\d]*(?:[.+&'][\p{L}\d]+)*/gu)) {
    const word = match[0];
    const span = { start: match.index, end: match.index + word.length };
    if (!/^\p{Lu}/u.test(word) && !(foreign && /^\p{Script=Latin}+$/u.test(word)) && !/^\p{Ll}+\p{Lu}/u.test(word)) continue;
    if (word.length < 2 || /\d{3}/.test(word) || keywords.some((keyword) => overlaps(keyword, span))) continue;
    if (shouted && !foreign) continue;
    if (!keywords.some((keyword) => keyword.start - span.end <= REACH && span.start - keyword.end <= REACH)) continue;
    const opens = opensSentence(text, span.start) && !foreign && !/\p{Ll}\p{Lu}/u.test(word);
    if (opens && !ENGLISH_CODE.test(search.slice(span.end, span.end + 24))) continue;
    if (!isPlain(search.slice(span.start, span.end))) return true;
  }
  return false;
}

/** What stands directly before the Chinese word for "code" is whose code it is, unless it is one of the usual words. */
function hasHanName({ search }: Shadow, keyword: Span): boolean {
  if (!/^\p{Script=Han}/u.test(search.slice(keyword.start, keyword.end))) return false;
  let run = /\p{Script=Han}{0,16}$/u.exec(search.slice(Math.max(0, keyword.start - 16), keyword.start))?.[0] ?? '';
  for (const word of PLAIN_HAN) run = run.replaceAll(word, '');
  return run.length >= 2;
}

/** A link or a bound host names somebody too. */
function namesHost({ search }: Shadow): boolean {
  return /(?:^|[\s(@])(?:https?:\/\/)?(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|app|co|ru|de|cn|jp|kr|in|me|gov|uk|fr|es|it|br)(?![a-z0-9.-]*@)(?:[/\s)#]|$)/u.test(
    search,
  );
}

function opensSentence(text: string, at: number): boolean {
  return /(?:^|[.!?:;\n>\])"“”«„*#…-])[\s"'“„«(¡¿]*$/u.test(text.slice(Math.max(0, at - 8), at)) || /^[\s<#>\d-]*$/.test(text.slice(0, at));
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
