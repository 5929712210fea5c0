import { merged, type Words } from './keywords.ts';
import type { Mask } from './mask.ts';
import type { Shadow } from './normalise.ts';
import { foldKeyword } from './normalise.ts';
import { gapBetween, overlaps, type Span } from './phrases.ts';
import vocabulary from './rules/plain-words.json' with { type: 'json' };
import { hasSmallName } from './small-name.ts';

/** Words that a message with a code has whoever sends it; anything else with a capital may be a name. */
const PLAIN = new Set(vocabulary.words.map(foldKeyword));
const longestFirst = (words: readonly string[]) => words.map(foldKeyword).sort((a, b) => b.length - a.length);
const PLAIN_HAN = longestFirst(vocabulary.han);
const PLAIN_KANA = longestFirst(vocabulary.katakana);
const PLAIN_HANGUL = longestFirst(vocabulary.hangul);
const PERSIAN_PLAIN = /^(?:تایید|تأیید|ورود|فعالسازی|پویا|یکبار|مصرف|امنیتی|موقت|جدید|هویت|حساب|ثبت|نام|ملی|عبور|پیامکی)/u;
const CASED_WORD = /(?:[\p{Lu}\p{Ll}]|(?<![\p{L}\d])\d{1,3}[\p{Lu}\p{Ll}])[\p{Lu}\p{Ll}\d]*(?:[.+&'][\p{Lu}\p{Ll}\d]+)*/gu;
/** Scripts without capitals; Chinese, Japanese and Korean are read by what touches their words. */
const UNCASED =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Thaana}\p{Script=Tibetan}\p{Script=Ethiopic}\p{Script=Georgian}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}'’]{2,}/gu;
const SPACELESS = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
/** Letters, marks not counted, from which on an unknown stretch may be a name: a whole word, what is glued to a known one, a rest without spaces. */
const SHORTEST_UNCASED = 2;
const SHORTEST_GLUED = 4;
const SHORTEST_SPACELESS = 4;
const UNCASED_PLAIN = longestFirst(vocabulary.uncased);
const UNCASED_WORDS = new Set(UNCASED_PLAIN);
/** Arabic, Hebrew and Amharic particles that are written with the next word. */
const GLUED_BEFORE = /^(?:ال|وال|بال|لل|[وبلفهہ]|[והבלמשכ]|[የለበከ])/u;
/** What a name with a capital follows even when it is a word: "the app Be". */
const APP =
  /(?:^|[^\p{L}])(?:app|aplikasi|ung dung|aplikac\p{L}{0,4}|applicat\p{L}{0,4}|applicazione|aplicac\p{L}{0,4}|aplicativo|приложени\p{L}{0,3}|додатк\p{L}{0,2}|sovellu\p{L}{0,4}) $/u;
/** `@acme_help`: an address within a messenger; the line of a bound code has a host there. */
const HANDLE = /(?:^|[\s(:])@[a-z][a-z\d_]{2,31}(?![\w.@]|\.[a-z]| #)/u;
/** A message with more is hostile. */
const MOST_ANCHORS = 24;
const MOST_GLUED = 6;
/** How far from the word for "code" a name is looked for. */
const REACH = 48;
/** `your acme code`: what stands there is a name, or one of the plain words, in small letters too. */
const ENGLISH_YOUR =
  /(?:^|[^\p{L}])your ([a-z][a-z\d.&'-]{2,24}) (?:(?:verification|security|login|confirmation|access|activation) )?(?:codes?|otp|passcode)(?![\p{L}])/gu;

/** What of a message is not a name, and what a name would stand near to. */
interface Known {
  /** Words for "code". */
  keywords: readonly Span[];
  /** Those, or the codes themselves and what is told to do with them where there are none. */
  anchors: readonly Span[];
  /** The codes, and other stretches that are no words. */
  others: readonly Span[];
  /** Every word that some rule knows. */
  words: readonly Span[];
}

/**
 * Whether the text carries a name that is nobody's we know: a signature in brackets or at the start, or a name around the word for "code" or the code.
 * In scripts without capitals any word beside them that no rule knows may be one: rather doubt a message than give it to the wrong customer.
 */
export function hasUnknownBrand(...read: Parameters<typeof hasUnknownName>): boolean {
  return hasUnknownName(...read) || namesHost(read[0]);
}

/** The same, without links. */
export function hasUnknownName(
  shadow: Shadow,
  { keywords, commands, purposes, all }: Words,
  candidates: readonly Span[],
  masks: readonly Mask[],
): boolean {
  const free = (start: number, end: number) => !keywords.some((keyword) => overlaps(keyword, { start, end }));
  for (const match of shadow.text.matchAll(/[[【「『]([^\]】」』\n]{2,30})[\]】」』]/g)) {
    const inside = match[1] ?? '';
    const words = /^[\p{Script=Han}]+$/u.test(inside) ? !isName(inside, PLAIN_HAN) : isPlain(inside);
    if (/\p{L}/u.test(inside) && !words && !/\d{4}/.test(match[0]) && free(match.index, match.index + match[0].length)) return true;
  }
  const parenthesis = /^\s*\(([^)\n]{2,30})\)/.exec(shadow.text)?.[1];
  if (parenthesis !== undefined && /\p{L}/u.test(parenthesis) && !isPlain(parenthesis)) return true;
  const leading = /^([\p{L}][^:\n]{1,24})(?::|\n)/u.exec(shadow.text);
  if (leading && free(0, leading[0].length) && !isPlain(leading[1] ?? '')) return true;
  const known: Known = {
    keywords,
    anchors: (keywords.length > 0 ? [...keywords, ...candidates] : [...candidates, ...commands, ...purposes]).slice(0, MOST_ANCHORS),
    others: [
      ...candidates,
      ...masks.filter(({ kind }) => kind === 'app_hash' || kind === 'url' || kind === 'email' || kind === 'reference'),
    ],
    words: merged(all),
  };
  return (
    hasCapitalName(shadow, known) ||
    namesYours(shadow) ||
    keywords.slice(0, MOST_GLUED).some((keyword) => hasGluedName(shadow, keyword)) ||
    purposes.slice(0, MOST_GLUED).some((purpose) => isEastAsianName(shadow, purpose)) ||
    hasArabicName(shadow) ||
    hasUncasedName(shadow, known) ||
    hasSmallName(shadow, known.anchors, known.words, known.others, keywords) ||
    HANDLE.test(shadow.search)
  );
}

function isPlain(words: string): boolean {
  return words
    .split(/[^\p{L}\p{M}']+/u)
    .every((word) => word === '' || PLAIN.has(foldKeyword(word)) || PLAIN.has(foldKeyword(word).replace(/'.*$/, '')));
}

/** A Latin word in a text of another script, or an unknown one with a capital, near the word for "code" or the code. */
function hasCapitalName(shadow: Shadow, { keywords, anchors, others, words }: Known): boolean {
  const { text, search } = shadow;
  const foreign = count(text, /[^\p{Script=Latin}\p{N}\p{P}\p{Z}\p{S}\n]/gu) > count(text, /\p{Script=Latin}/gu);
  const shouted = !/\p{Ll}/u.test(text);
  for (const match of text.matchAll(CASED_WORD)) {
    const word = match[0];
    const span = { start: match.index, end: match.index + word.length };
    if (!/^\d*\p{Lu}/u.test(word) && !(foreign && /^\p{Script=Latin}+$/u.test(word)) && !/^\p{Ll}+\p{Lu}/u.test(word)) continue;
    if (word.length < 2 || /\d{3}|^\p{Ll}.*\d/u.test(word) || keywords.some((keyword) => overlaps(keyword, span))) continue;
    const announces = keywords.some((keyword) => keyword.start === span.end + 1 && text.charAt(span.end) === ' ');
    if (shouted && !foreign && !announces) continue;
    if (!isNear(anchors, span) || isShouting(text, span) || others.some((other) => overlaps(other, span))) continue;
    const called = APP.test(search.slice(Math.max(0, span.start - 16), span.start));
    if (called || (!isPlain(search.slice(span.start, span.end)) && !isKnown(shadow, words, span))) return true;
  }
  return false;
}

function isNear(anchors: readonly Span[], span: Span): boolean {
  return anchors.some((anchor) => gapBetween(anchor, span) <= REACH);
}

/** A word that begins as one the rules know: a short rest is its ending. */
function isKnown({ search }: Shadow, words: readonly Span[], { start, end }: Span): boolean {
  return words.some(
    (word) => word.start <= start && word.end > start && /^[\p{L}\p{M}'’-]{0,4}$/u.test(search.slice(word.end, Math.max(word.end, end))),
  );
}

/**
 * A word of a script without capitals that no rule has, in the sentence of the code. Endings and prefixes glued to known words are shorter than a name;
 * scripts without spaces leave longer rests.
 */
function hasUncasedName({ search }: Shadow, { anchors, words }: Known): boolean {
  for (const match of search.matchAll(UNCASED)) {
    const token = { start: match.index, end: match.index + match[0].length };
    if (!isNear(anchors, token) || !anchors.some((anchor) => isOneSentence(search, anchor, token))) continue;
    const spaceless = SPACELESS.test(match[0]);
    for (const rest of restsOf(token, words)) {
      const letters = [...search.slice(rest.start, rest.end)].filter((unit) => /\p{L}/u.test(unit)).length;
      const whole = rest.start === token.start && rest.end === token.end;
      if (letters < (spaceless ? SHORTEST_SPACELESS : whole ? SHORTEST_UNCASED : SHORTEST_GLUED)) continue;
      if (!isUncasedPlain(search.slice(rest.start, rest.end), spaceless)) return true;
    }
  }
  return false;
}

/** What is left of a stretch when the known words are taken out. */
function restsOf(token: Span, words: readonly Span[]): Span[] {
  const rests: Span[] = [];
  let at = token.start;
  for (const word of words) {
    if (word.end <= at || word.start >= token.end) continue;
    if (word.start > at) rests.push({ start: at, end: word.start });
    at = word.end;
  }
  if (at < token.end) rests.push({ start: at, end: token.end });
  return rests;
}

function isOneSentence(search: string, a: Span, b: Span): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  return second.start <= first.end || !/[!?\n。！？।۔။]|\.(?:\s|$)/u.test(search.slice(first.end, second.start));
}

function isUncasedPlain(rest: string, spaceless: boolean): boolean {
  const bare = rest.replace(/['’]/g, '');
  if (!spaceless) return UNCASED_WORDS.has(bare) || UNCASED_WORDS.has(bare.replace(GLUED_BEFORE, ''));
  let left = bare;
  for (const word of UNCASED_PLAIN) left = left.replaceAll(word, '');
  return [...left].filter((unit) => /\p{L}/u.test(unit)).length < 3;
}

/** 登录小红书, 당근 로그인: the name touches what the code is for. */
function isEastAsianName({ search }: Shadow, { start, end }: Span): boolean {
  const purpose = search.slice(start, end);
  if (/^\p{Script=Han}/u.test(purpose)) {
    return isName(/^(\p{Script=Han}{2,10})/u.exec(search.slice(end, end + 12))?.[1], PLAIN_HAN);
  }
  if (!/^\p{Script=Hangul}/u.test(purpose)) return false;
  return isName(/(\p{Script=Hangul}{2,12}) $/u.exec(search.slice(Math.max(0, start - 14), start))?.[1], PLAIN_HANGUL);
}

/** Capitals beside a plain word in capitals are a raised voice (`DO NOT SHARE`, `JANGAN BERITAHU`). */
function isShouting(text: string, { start, end }: Span): boolean {
  if (!/^\p{Lu}{2,}$/u.test(text.slice(start, end))) return false;
  const before = /(?<!\p{L})(\p{Lu}{2,})[ ,]{1,2}$/u.exec(text.slice(Math.max(0, start - 20), start))?.[1];
  const after = /^[ ,]{1,2}(\p{Lu}{2,})(?!\p{L})/u.exec(text.slice(end, end + 20))?.[1];
  return [before, after].some((word) => word !== undefined && word !== 'OTP' && word !== 'SMS' && word !== 'PIN' && isPlain(word));
}

function namesYours({ search }: Shadow): boolean {
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
  for (const word of plain) {
    if (rest.length < 2) return false;
    rest = rest.replaceAll(word, '');
  }
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
  if (/(?:^|\n)@[a-z0-9][a-z0-9.-]{2,252} #|https?:\/\/[a-z0-9-]{1,63}\./.test(search)) return true;
  return /(?:^|[\s(@])(?:https?:\/\/)?(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|app|co|ru|de|cn|jp|kr|in|me|gov|uk|fr|es|it|br|fi|nl|pl|lv|lt|ee|az|am|ge|ba|rs|hr|si|ro|hu|cz|sk|at|ch|be|se|no|dk|pt|gr|tr|ua|by|kz|uz|il|ae|ir|vn|id|th|my|ph|za|ng|ke|au|ca|mx|ar|cl|tv|xyz|shop|dev|ai|eu|us)(?![a-z0-9.-]*@)(?:[/\s)#]|$)/u.test(
    search,
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
