import type { Keyword } from './keywords.ts';
import { printed, type Shadow } from './normalise.ts';
import type { Span } from './phrases.ts';
import signRules from './rules/signs.json' with { type: 'json' };

/**
 * How a candidate is written: `prefixed` is `G-123456`, `grouped` `123-456`, `uneven` `54-234-3`, `bound` the `@host #code` line, `link` a parameter of a
 * link such as `?code=123456`.
 */
export type CandidateKind = 'digits' | 'grouped' | 'uneven' | 'prefixed' | 'mixed' | 'letters' | 'bound' | 'link';

/** Something in a message that may be the code. */
export interface Candidate extends Span {
  /** What a customer types: separators between equal groups of digits gone, letter case kept. */
  code: string;
  /** As it stands in the message. */
  printed: string;
  kind: CandidateKind;
  /** The letters before the hyphen of a prefixed one. */
  prefix: string | null;
}

/** The last line of an origin-bound message (WICG sms-one-time-codes): the host and its code. */
export interface OriginBound extends Span {
  host: string;
  code: string;
}

const UNITS = /(?:KWH|MHZ|GHZ|MIN|HRS|SEC|PTS|KMH|MPH|LBS|PCS)$/;
const FEWEST = 4;
const MOST = 10;
const NO_CODES = new Set(signRules.notCodes);
const LINKED = new RegExp(`[?&](?:${signRules.linkParameters.join('|')})=([A-Za-z0-9]{${FEWEST},${MOST}})(?![A-Za-z0-9])`, 'gi');

/** Finds `@host #code` on a line of its own, with an embedded origin (`@` or `%`) allowed after it. The last one counts. */
export function findOriginBound(shadow: Shadow): OriginBound | null {
  const pattern = /(?:^|\n)@([A-Za-z0-9][A-Za-z0-9.-]{0,252}) #([^\s#]{1,64})(?: [@%][A-Za-z0-9.-]{1,253})?[ ]*(?=\n|$)/g;
  let last: OriginBound | null = null;
  for (const match of shadow.text.matchAll(pattern)) {
    const [whole, host = '', code = ''] = match;
    const start = match.index + whole.lastIndexOf(`#${code}`) + 1;
    last = { host: host.toLowerCase(), code, start, end: start + code.length };
  }
  return last;
}

/** Every candidate of a message, in reading order; candidates of one shape do not overlap. */
export function findCandidates(shadow: Shadow, keywords: readonly Keyword[], bound: OriginBound | null): Candidate[] {
  const found = findSpaced(shadow);
  const taken = [...found];
  if (bound) {
    const span = { start: bound.start, end: bound.end };
    taken.push({ ...span, code: bound.code, printed: printed(shadow, span.start, span.end), kind: 'bound', prefix: null });
    found.push(...taken.slice(-1));
  }
  for (const candidate of findLinked(shadow)) {
    taken.push(candidate);
    found.push(candidate);
  }
  for (const match of shadow.text.matchAll(/[A-Za-z0-9]+(?:-[A-Za-z0-9]+){0,4}/g)) {
    const start = match.index;
    const token = match[0];
    if (taken.some((other) => start < other.end && start + token.length > other.start)) continue;
    const candidate = readToken(shadow, token, start, keywords);
    if (candidate) found.push(candidate);
  }
  return found.sort((a, b) => a.start - b.start);
}

/**
 * Letters alone, after a word for "code": small or capital ones after a colon as the last thing of a line (`PASSCODE: mifsuc`), capital ones anywhere
 * (`your code is XKPTWQ`) unless all the message shouts.
 */
export function findLetters(shadow: Shadow, keywords: readonly Keyword[]): Candidate[] {
  const shouts = !/[a-z]{3}/.test(shadow.text);
  const found: Candidate[] = [];
  for (const keyword of keywords) {
    if (!keyword.strong) continue;
    const after = shadow.text.slice(keyword.end, keyword.end + 40);
    const last = /^\s{0,2}:\s{0,2}([A-Za-z]{5,8})[ .]{0,2}(?=\n|$)/.exec(after);
    const capitals = shouts ? null : /^[^.!?;\n]{0,16}[ :"'[(]([A-Z]{5,8})(?![\p{L}\d])/u.exec(after);
    const match = last ?? capitals;
    const code = match?.[1];
    if (!match || code === undefined || NO_CODES.has(code.toUpperCase())) continue;
    const start = keyword.end + match.index + match[0].lastIndexOf(code);
    const span = { start, end: start + code.length };
    if (!found.some((other) => other.start === start)) found.push(candidateOf(shadow, span, code, 'letters'));
  }
  return found;
}

/** Codes that a link carries to its host by a parameter named for them. */
function findLinked(shadow: Shadow): Candidate[] {
  return [...shadow.text.matchAll(LINKED)].flatMap((match) => {
    const code = match[1] ?? '';
    const end = match.index + match[0].length;
    return /\d/.test(code) ? [candidateOf(shadow, { start: end - code.length, end }, code, 'link')] : [];
  });
}

/** Equal groups of digits with single spaces between, and digits spaced out one by one. */
function findSpaced(shadow: Shadow): Candidate[] {
  const pattern =
    /(?<![\w.,/+-])(?<!\d[ :])(?:\d{3} \d{3}(?: \d{3})?|\d{4} \d{4}|\d{2} \d{2} \d{2}|\d(?: \d){3,9})(?![\w/-]|:\d| \d{1,4}(?!\d|[/.:-]\d)|[.,]\d)/g;
  return [...shadow.text.matchAll(pattern)].map((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    return candidateOf(shadow, span, match[0].replaceAll(' ', ''), 'grouped');
  });
}

function readToken(shadow: Shadow, token: string, start: number, keywords: readonly Keyword[]): Candidate | null {
  if (!/\d/.test(token)) return null;
  const whole = { start, end: start + token.length };
  const parts = token.split('-');
  if (parts.length > 1) return readHyphened(shadow, whole, parts);
  if (/^\d+$/.test(token)) return fits(token) || isShort(token, start, keywords) ? candidateOf(shadow, whole, token, 'digits') : null;
  return readMixed(shadow, whole, token, keywords);
}

function readHyphened(shadow: Shadow, whole: Span, parts: readonly string[]): Candidate | null {
  const joined = parts.join('');
  const [first = '', second = ''] = parts;
  if (/^\d+$/.test(joined)) {
    if (!fits(joined)) return null;
    const even = parts.every((part) => part.length === first.length) && (first.length > 1 || parts.length > 3);
    return even ? candidateOf(shadow, whole, joined, 'grouped') : candidateOf(shadow, whole, parts.join('-'), 'uneven');
  }
  // Zulu `u-4829`, `ngu-482913`: what is glued before in small letters belongs to the sentence; prefixes of codes are capitals.
  const particle = parts.length === 2 && /^[a-z]{1,5}$/.test(first) && /^\d+$/.test(second);
  if (!particle && parts.length === 2 && /^[A-Za-z]{1,6}$/.test(first) && /^\d+$/.test(second) && fits(second)) {
    return { ...candidateOf(shadow, whole, parts.join('-'), 'prefixed'), prefix: first };
  }
  const digits = parts.filter((part) => /^\d+$/.test(part) && fits(part));
  const [only] = digits;
  if (only !== undefined && digits.length === 1 && parts.every((part) => part === only || /^[A-Za-z]+$/.test(part))) {
    const start = whole.start + parts.slice(0, parts.indexOf(only)).reduce((sum, part) => sum + part.length + 1, 0);
    return candidateOf(shadow, { start, end: start + only.length }, only, 'digits');
  }
  const groups = joined.length > FEWEST && joined.length <= MOST && parts.every((part) => part.length <= 6 && part.length > 1);
  return groups && !/[a-z]/.test(joined) ? candidateOf(shadow, whole, parts.join('-'), 'mixed') : null;
}

function readMixed(shadow: Shadow, whole: Span, token: string, keywords: readonly Keyword[]): Candidate | null {
  const glued = /^[A-Za-z]+(?=\d+$)/.exec(token)?.[0].length ?? 0;
  const digits = token.slice(glued);
  const afterKeyword = glued > 0 && keywords.some((keyword) => keyword.end === whole.start + glued && keyword.start <= whole.start);
  if (afterKeyword && fits(digits)) return candidateOf(shadow, { start: whole.start + glued, end: whole.end }, digits, 'digits');
  // A short number with small letters is an amount of something, or a number with a grammatical ending.
  const measure = /^\d{1,4}[a-z]{1,5}$/.test(token) || (/^\d{1,3}[A-Z]{1,3}$/.test(token) && (token.length < 6 || UNITS.test(token)));
  return fits(token) && !measure ? candidateOf(shadow, whole, token, 'mixed') : null;
}

/** Three digits are a code only where the word for it stands right before them. */
function isShort(token: string, start: number, keywords: readonly Keyword[]): boolean {
  return token.length === 3 && keywords.some((keyword) => keyword.end <= start && start - keyword.end <= 5);
}

function fits(code: string): boolean {
  return code.length >= FEWEST && code.length <= MOST;
}

function candidateOf(shadow: Shadow, span: Span, code: string, kind: CandidateKind): Candidate {
  return { ...span, code, printed: printed(shadow, span.start, span.end), kind, prefix: null };
}
