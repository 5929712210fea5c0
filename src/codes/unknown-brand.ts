import type { Shadow } from './normalise.ts';
import { foldKeyword } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };

/** Words that a message with a code has whoever sends it; anything else with a capital may be a name. */
const PLAIN = new Set(vocabulary.words.map(foldKeyword));
const longestFirst = (words: readonly string[]) => words.map(foldKeyword).sort((a, b) => b.length - a.length);
const PLAIN_HAN = longestFirst(vocabulary.han);
const PLAIN_KANA = longestFirst(vocabulary.katakana);
const PLAIN_HANGUL = longestFirst(vocabulary.hangul);
const PERSIAN_PLAIN = /^(?:تایید|تأیید|ورود|فعالسازی|پویا|یکبار|مصرف|امنیتی|موقت|جدید|هویت|حساب|ثبت|نام|ملی|عبور|پیامکی)/u;
/** How far from the word for "code" a name is looked for. */
const REACH = 48;
/** `your acme code`: what stands there is a name, or one of the plain words, in small letters too. */
const ENGLISH_YOUR =
  /(?:^|[^\p{L}])your ([a-z][a-z\d.&'-]{2,24}) (?:(?:verification|security|login|confirmation|access|activation) )?(?:codes?|otp|passcode)(?![\p{L}])/gu;

/** Whether the text carries a name that is nobody's we know: a signature in brackets or at the start, or a name around the word for "code". */
export function hasUnknownBrand(shadow: Shadow, keywords: readonly Span[]): boolean {
  const free = (start: number, end: number) => !keywords.some((keyword) => overlaps(keyword, { start, end }));
  for (const match of shadow.text.matchAll(/[[【]([^\]】\n]{2,30})[\]】]/g)) {
    const inside = match[1] ?? '';
    const words = /^[\p{Script=Han}]+$/u.test(inside) ? !isName(inside, PLAIN_HAN) : isPlain(inside);
    if (/\p{L}/u.test(inside) && !words && !/\d{4}/.test(match[0]) && free(match.index, match.index + match[0].length)) return true;
  }
  const parenthesis = /^\s*\(([^)\n]{2,30})\)/.exec(shadow.text)?.[1];
  if (parenthesis !== undefined && /\p{L}/u.test(parenthesis) && !isPlain(parenthesis)) return true;
  const leading = /^([\p{L}][^:\n]{1,24}):/u.exec(shadow.text);
  if (leading && free(0, leading[0].length) && !isPlain(leading[1] ?? '')) return true;
  return (
    hasLatinName(shadow, keywords) ||
    hasSmallName(shadow) ||
    keywords.some((keyword) => hasGluedName(shadow, keyword)) ||
    hasArabicName(shadow) ||
    namesHost(shadow)
  );
}

function isPlain(words: string): boolean {
  return words
    .split(/[^\p{L}\p{M}']+/u)
    .every((word) => word === '' || PLAIN.has(foldKeyword(word)) || PLAIN.has(foldKeyword(word).replace(/'.*$/, '')));
}

/** A Latin word in a text of another script, or one with a capital within a sentence, near the word for "code". */
function hasLatinName({ text, search }: Shadow, keywords: readonly Span[]): boolean {
  const foreign = count(text, /[^\p{Script=Latin}\p{N}\p{P}\p{Z}\p{S}\n]/gu) > count(text, /\p{Script=Latin}/gu);
  const shouted = !/\p{Ll}/u.test(text);
  for (const match of text.matchAll(/[\p{L}][\p{L}\p{M}\d]*(?:[.+&'][\p{L}\d]+)*/gu)) {
    const word = match[0];
    const span = { start: match.index, end: match.index + word.length };
    if (!/^\p{Lu}/u.test(word) && !(foreign && /^\p{Script=Latin}+$/u.test(word)) && !/^\p{Ll}+\p{Lu}/u.test(word)) continue;
    if (word.length < 2 || /\d{3}|^\p{Ll}.*\d/u.test(word) || keywords.some((keyword) => overlaps(keyword, span))) continue;
    const opens = opensSentence(text, span.start) && !foreign && !/\p{Ll}\p{Lu}/u.test(word);
    const announces = keywords.some((keyword) => keyword.start === span.end + 1 && text.charAt(span.end) === ' ');
    if ((opens || (shouted && !foreign)) && !announces) continue;
    if (!keywords.some((keyword) => keyword.start - span.end <= REACH && span.start - keyword.end <= REACH)) continue;
    if (isShouting(text, span)) continue;
    if (!isPlain(search.slice(span.start, span.end))) return true;
  }
  return false;
}

/** Capitals beside a plain word in capitals are a raised voice (`DO NOT SHARE`, `JANGAN BERITAHU`). */
function isShouting(text: string, { start, end }: Span): boolean {
  if (!/^\p{Lu}{2,}$/u.test(text.slice(start, end))) return false;
  const before = /(?<!\p{L})(\p{Lu}{2,})[ ,]{1,2}$/u.exec(text.slice(Math.max(0, start - 20), start))?.[1];
  const after = /^[ ,]{1,2}(\p{Lu}{2,})(?!\p{L})/u.exec(text.slice(end, end + 20))?.[1];
  return [before, after].some((word) => word !== undefined && word !== 'OTP' && word !== 'SMS' && word !== 'PIN' && isPlain(word));
}

function hasSmallName({ search }: Shadow): boolean {
  return [...search.matchAll(ENGLISH_YOUR)].some(([, word = '']) => !isPlain(word.replaceAll('-', ' ')));
}

/** What stands directly before a Chinese, Japanese or Korean word for "code" is whose code it is, unless it is one of the usual words. */
function hasGluedName({ search }: Shadow, keyword: Span): boolean {
  const before = search.slice(Math.max(0, keyword.start - 16), keyword.start);
  const keywordText = search.slice(keyword.start, keyword.end);
  if (/^\p{Script=Hangul}/u.test(keywordText)) return isName(/(\p{Script=Hangul}{2,12}) ?$/u.exec(before)?.[1], PLAIN_HANGUL);
  if (!/^[\p{Script=Han}\p{Script=Katakana}]/u.test(keywordText)) return false;
  return (
    isName(/(\p{Script=Han}{2,16})$/u.exec(before)?.[1], PLAIN_HAN) ||
    isName(/([\p{Script=Katakana}ー]{3,16})の?$/u.exec(before)?.[1], PLAIN_KANA)
  );
}

/** Whether two characters or more are left of a run when the usual words are taken out. */
function isName(run: string | undefined, plain: readonly string[]): boolean {
  let rest = run ?? '';
  for (const word of plain) rest = rest.replaceAll(word, '');
  return rest.length >= 2;
}

/** Arabic "the code belonging to …" and Persian "the code of … of yours": a transliterated name has no capital to tell it by. */
function hasArabicName({ search }: Shadow): boolean {
  if (/الخاص ب(?!(?:ک|کم|ه|ها|نا|هذا|تسجیل|الدخول|التحقق|حساب\p{L}*|رقم\p{L}*|هاتف\p{L}*)(?!\p{L}))\p{L}{3,}/u.test(search)) return true;
  const own = /(?:کد|رمز)(?: (?:تایید|تأیید|ورود|فعالسازی|فعال سازی|پویا|احراز هویت))? (\p{L}[\p{L}\p{M}]{2,20}) شما/u.exec(search)?.[1];
  return own !== undefined && !PLAIN.has(own) && !PERSIAN_PLAIN.test(own);
}

/** A link or a bound host names somebody too. */
function namesHost({ search }: Shadow): boolean {
  if (/(?:^|\n)@[a-z0-9][a-z0-9.-]{2,252} #/.test(search)) return true;
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
