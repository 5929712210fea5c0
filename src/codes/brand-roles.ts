import type { Mask } from './mask.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { gapBetween, overlaps, type Span } from './phrases.ts';
import roleRules from './rules/roles.json' with { type: 'json' };

/**
 * What a brand does where it stands. `signature`: the code is said to be its own (in brackets, before a colon at the start, beside the word for "code").
 * `near`: close to the code or its word. `mention`: somewhere in the text. `aside`: "not even …". `carrier`: only brings the code ("via …").
 * `merchant`: the shop of a payment. `advert`: where the sender may be followed, asked or found. `linked`: part of a link or address that is not its own.
 */
export type Role = 'signature' | 'near' | 'mention' | 'aside' | 'carrier' | 'merchant' | 'advert' | 'linked';

export interface BrandPlace {
  role: Role;
  /** Characters to the nearest word for "code" or candidate: of two signatures the nearer one counts. */
  gap: number;
}

export interface Surroundings {
  shadow: Shadow;
  masks: readonly Mask[];
  keywords: readonly Span[];
  candidates: readonly Span[];
  /** Both of these. */
  anchors: readonly Span[];
  /** Words for what a code is for: log-in … */
  purposes: readonly Span[];
}

const REACH = 40;
const NEAR = 30;
const BESIDE = 12;
/** Further apart a name and a code are not read as of one sentence. */
const SENTENCE = 160;
const SENTENCE_END = /[!?\n。！？;；]|\.(?:\s|$)/;

/** A list of words as one pattern at the end of what stands before, or at the start of what stands after. */
const before = (words: readonly string[], between = '\\s{1,2}') =>
  new RegExp(`(?:^|[^\\p{L}\\p{M}])(?:${words.join('|')})${between}$`, 'u');
const POSSESSIVE = before(roleRules.possessives);
const FOR_IT = before([...roleRules.prepositions], `\\s{1,2}(?:(?:${roleRules.possessives.join('|')})\\s{1,2})?`);
const CARRIED = before(roleRules.carried, '[\\s:]{0,2}');
const CARRIED_AFTER = new RegExp(`^['’]?\\s{0,2}(?:${roleRules.carriedAfter.join('|')})`, 'u');
const POSSESSED = new RegExp(`(?:^|[^\\p{L}])(?:${roleRules.possessives.join('|')})(?![\\p{L}])`, 'u');
const ASIDE = before(roleRules.asides, '\\s{1,2}(?:the |from |by |to )?');
const WITH_WHOM = new RegExp(`\\p{Lu}[\\p{L}\\d.&-]{1,24} (?:${roleRules.withWhom.join('|')}) $`, 'u');
const ADVERT_WORDS = roleRules.adverts.map((word) => foldKeyword(word).replaceAll('?', '\\?')).join('|');
const ADVERT_BEFORE = new RegExp(`(?:^|[^\\p{L}\\p{M}])(?:${ADVERT_WORDS})(?![\\p{L}])[^.!?\\n。！？]{0,24}$`, 'u');
const ADVERT_AFTER = new RegExp(`^[^.!?\\n。！？]{0,16}(?<![\\p{L}])(?:${ADVERT_WORDS})(?![\\p{L}])`, 'u');
const PAID_AT = new RegExp(`(?:\\s(?:${roleRules.paidAt.join('|')})\\s|@\\s?)$`, 'u');
const PRICED = new RegExp(`^\\s{0,2}(?:(?:${roleRules.paidAt.join('|')})\\s|@\\s?)?$`, 'u');
const PRICED_AFTER = new RegExp(`^\\s{0,2}(?:(?:${roleRules.pricedFor.join('|')})\\s)?$`, 'u');
const PRICE_REACH = 12;
const PAYMENT = new RegExp(`(?:${roleRules.payments.join('|')})[^!?\\n]{0,40}$`, 'u');
const ITS_OWN = new RegExp(`^\\s?-?(?:${roleRules.belongings.join('|')})(?![\\p{Script=Latin}\\p{Script=Cyrillic}])`, 'u');

/** Reads the role of a name from the forty characters around it; `isWord` when the name is also an ordinary word, which takes clearer signs. */
export function placeOf(span: Span, { shadow, masks, keywords, anchors, purposes }: Surroundings, isWord = false): BrandPlace {
  const gap = anchors.reduce((least, anchor) => Math.min(least, gapBetween(anchor, span)), Number.POSITIVE_INFINITY);
  const left = shadow.search.slice(Math.max(0, span.start - REACH), span.start);
  const right = shadow.search.slice(span.end, span.end + REACH);
  const at = (role: Role): BrandPlace => ({ role, gap });
  // A name that is a host itself (`Booking.com: …`) is no link.
  const isPart = (mask: Mask) => overlaps(mask, span) && (mask.start < span.start || mask.end > span.end + 1);
  if (masks.some((mask) => (mask.kind === 'url' || mask.kind === 'email') && isPart(mask))) return at('linked');
  if (/[\p{L}\p{N}]\.$|@$/u.test(left)) return at('linked');
  if (isPaidAt(shadow.search, span.start) || isPriced(shadow.search, span, masks)) return at('merchant');
  if (CARRIED.test(left) || CARRIED_AFTER.test(right)) return at('carrier');
  if (ASIDE.test(left) || WITH_WHOM.test(shadow.text.slice(Math.max(0, span.start - REACH), span.start))) return at('aside');
  const isWith = (anchor: Span) => gapBetween(anchor, span) <= SENTENCE && isOneSentence(shadow.search, anchor, span);
  const withCode = anchors.some(isWith);
  if (!withCode && isAdvert(left, right, span, masks)) return at('advert');
  if (inBrackets(left, right) || leads(shadow.text, span, isWord) || besideKeyword(shadow.search, span, keywords)) return at('signature');
  if (standsFor(shadow.search, span, keywords, left)) return at('signature');
  return at(gap <= NEAR && (withCode || purposes.some(isWith) || standsAlone(shadow.search, span)) ? 'near' : 'mention');
}

function isOneSentence(search: string, a: Span, b: Span): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  return second.start <= first.end || !SENTENCE_END.test(search.slice(first.end, second.start));
}

/** `Join our Telegram channel!`, `Questions? WhatsApp +49 …`: a sentence of its own that says where to find the sender. */
function isAdvert(left: string, right: string, { end }: Span, masks: readonly Mask[]): boolean {
  if (masks.some(({ kind, start }) => kind === 'phone' && start >= end && start - end <= 3)) return true;
  return ADVERT_BEFORE.test(left) || ADVERT_AFTER.test(right) || /^[\s:]{1,3}@[\p{L}\d_]/u.test(right);
}

/** First or last in a message and alone in its sentence or line: a signature. */
function standsAlone(search: string, { start, end }: Span): boolean {
  const [left, right] = [search.slice(Math.max(0, start - 6), start), search.slice(end, end + 5)];
  if (/^\s{0,5}$/.test(left)) return /^[.!\n]/.test(right);
  return /[.!?\n。！？]\s{0,3}[-–—]{0,2}\s?$/u.test(left) && /^[\s.!]{0,4}$/.test(right);
}

/** "Purchase of 12.00 EUR at …". The end is looked at first, since few names stand behind such a word. */
function isPaidAt(search: string, start: number): boolean {
  const end = PAID_AT.exec(search.slice(Math.max(0, start - 8), start))?.[0].length;
  return end !== undefined && PAYMENT.test(search.slice(Math.max(0, start - 60), start - end));
}

/** `£20.00 at AMAZON`, `45,00 PLN UBER`, `AMAZON £20.00`: an amount beside a name is what its shop takes. */
function isPriced(search: string, span: Span, masks: readonly Mask[]): boolean {
  return masks.some(({ kind, start, end }) => {
    if (
      kind !== 'amount' ||
      overlaps({ start, end }, span) ||
      Math.min(Math.abs(span.start - end), Math.abs(start - span.end)) > PRICE_REACH
    )
      return false;
    return end <= span.start ? PRICED.test(search.slice(end, span.start)) : PRICED_AFTER.test(search.slice(span.end, start));
  });
}

/** Whether the place is one where a sender puts its name; only there is an ordinary word a name (`LINE`, `Signal`). */
export function isNamed(span: Span, surroundings: Surroundings): boolean {
  const { shadow, candidates } = surroundings;
  const { search } = shadow;
  const right = search.slice(span.end, span.end + REACH);
  if (/^[A-Za-z\d]/.test(shadow.text.charAt(span.start)) && span.end - span.start > 2 && !isMostlyLatin(shadow)) return true;
  if (placeOf(span, surroundings, true).role === 'signature') return true;
  if (isProperNoun(shadow.text, span) || isAskedFor(search, span, surroundings)) return true;
  if (ITS_OWN.test(right)) return true;
  const touching = candidates.some((candidate) => {
    const between = candidate.start >= span.end ? search.slice(span.end, candidate.start) : search.slice(candidate.end, span.start);
    return gapBetween(candidate, span) <= 3 && /^[\s:>"'-]*$/.test(between);
  });
  const only = /^[\s<>#[\]]*$/.test(search.slice(0, span.start));
  const possessed = POSSESSIVE.test(search.slice(Math.max(0, span.start - REACH), span.start)) && !/^\s\d/.test(right);
  return possessed || (touching && only);
}

/** In a text of another script a Latin word is a name, whatever it means. */
function isMostlyLatin(shadow: Shadow): boolean {
  const before = MOSTLY_LATIN.get(shadow);
  if (before !== undefined) return before;
  const letters = (shadow.text.match(/\p{L}/gu) ?? []).length;
  const found = (shadow.text.match(/\p{Script=Latin}/gu) ?? []).length * 2 > letters;
  MOSTLY_LATIN.set(shadow, found);
  return found;
}

/** Asked for each name of a message, and counted once. */
const MOSTLY_LATIN = new WeakMap<Shadow, boolean>();

function inBrackets(left: string, right: string): boolean {
  return /[[【(《「『<][^\]】)》」』>\n]{0,20}$/.test(left) && /^[^[【(《「『<\n]{0,20}[\]】)》」』>]/.test(right);
}

/** A capital within a sentence, or an ending behind an apostrophe: only names have them. */
function isProperNoun(text: string, { start, end }: Span): boolean {
  if (!/\p{Lu}/u.test(text.charAt(start))) return false;
  if (/^['’]\p{Ll}{1,4}(?!\p{L})/u.test(text.slice(end, end + 6)) && !/^['’](?:s|re|ll|ve|t|d|m)(?!\p{L})/u.test(text.slice(end, end + 4)))
    return true;
  const before = text.slice(Math.max(0, start - 24), start);
  // Where every word has a capital (`Enter Line Code`), or all are shouted, a capital says nothing.
  return /(?<!\p{L})(?:\p{Ll}[\p{L}\p{M}'’]*[ -]|\p{Ll}['’])$/u.test(before) || /^\p{Ll}{1,3}$/u.test(/[\p{L}]*$/u.exec(before)?.[0] ?? '');
}

/** `Rapido me login`, `IMO girmek üçin`: first, and what the code is for right behind. */
function isAskedFor(search: string, { start, end }: Span, { purposes }: Surroundings): boolean {
  return (
    start <= 2 &&
    purposes.some((purpose) => purpose.start > end && purpose.start - end <= 14 && !SENTENCE_END.test(search.slice(end, purpose.start)))
  );
}

/** At the start and before a colon, a dash or a line end: `Uber: 1234`, `Grab - code 1234`. */
function leads(text: string, span: Span, isWord: boolean): boolean {
  if (span.start > 14 || /[:\n。.!?]/.test(text.slice(0, span.start).replace(/^[\s<#>.]+/, ''))) return false;
  const after = text.slice(span.end, span.end + 26);
  return (isWord ? /^\s?[:：]/ : /^[^:\n.!?\d]{0,24}[:：]/).test(after) || /^\s{0,2}(?:\n|\s[-|>]\s)/.test(after);
}

/** `Signal code`, `code Signal`, `Signal verification code`, `微信验证码`: nothing but a word or two between. */
function besideKeyword(search: string, span: Span, keywords: readonly Span[]): boolean {
  return keywords.some((keyword) => {
    if (overlaps(keyword, span)) return true;
    if (gapBetween(keyword, span) > BESIDE) return false;
    const between = keyword.start >= span.end ? search.slice(span.end, keyword.start) : search.slice(keyword.end, span.start);
    // "Grab your code" tells the reader what to do.
    if (keyword.start >= span.end && POSSESSED.test(between)) return false;
    return !SENTENCE_END.test(between) && !/\d{3}/.test(between) && !/[:,]/.test(between);
  });
}

/** `code for Signal`, `код для входа в Uber`, `your Signal …code`: a small word before it, and the word for "code" in the same sentence. */
function standsFor(search: string, span: Span, keywords: readonly Span[], left: string): boolean {
  const possessed = POSSESSIVE.test(left);
  if (!possessed && !FOR_IT.test(left)) return false;
  return keywords.some((keyword) => {
    if (gapBetween(keyword, span) > REACH) return false;
    if (keyword.start >= span.end) return possessed && !SENTENCE_END.test(search.slice(span.end, keyword.start));
    return !SENTENCE_END.test(search.slice(keyword.end, span.start));
  });
}
