import type { Candidate } from './candidates.ts';
import type { Keyword, Words } from './keywords.ts';
import { kindsAt, type Mask } from './mask.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { gapBetween, overlaps, type Span, without } from './phrases.ts';
import signRules from './rules/signs.json' with { type: 'json' };
import standardWeights from './rules/weights.json' with { type: 'json' };

/** What can be seen of a candidate; the name is that of its weight. */
export type Feature = keyof typeof standardWeights;
export type Features = Partial<Record<Feature, number>>;
export type Weights = Readonly<Record<Feature, number>>;

/** The weights that are published with the rules. */
export const WEIGHTS: Weights = standardWeights;

/** Everything known of a message before its candidates are weighed. */
export interface Reading {
  shadow: Shadow;
  words: Words;
  masks: readonly Mask[];
  /** Names of services in the message: `12306` and `98point6` are brands, not codes. */
  brands: readonly Span[];
}

export interface Scored extends Candidate {
  score: number;
  features: Features;
}

/** A keyword further away than this counts as little as the furthest. */
const REACH = 60;
const LEAST_NEARNESS = 0.15;
const PURPOSE_REACH = 40;
const ANNOUNCED_REACH = 48;
const COMMAND_REACH = 12;
const COMMAND_AFTER = 18;
/** What may stand between "enter" and the code. */
const QUOTED = new RegExp(
  `^[\\s"'“”„«‘’\`(\\[「『【*<:]{0,4}(?:(?:${signRules.articles.map(foldKeyword).join('|')})[\\s"'“”„«‘’(\\[]{1,3})?(?:\\p{Ll}{1,4}-)?$`,
  'u',
);
const SENTENCE_END = /[.!?;\n。！？।۔።]/;
const ENDS_IN_COLON = /^[^.!?;\n。！？\d:]{0,60}:\s{0,2}$/u;
const OTHER_CLAUSE = /[.!?;:\n。！？।۔።\d]/;
const WITH_IT = new RegExp(`(?:^|[^\\p{L}])(?:${signRules.withIt.map(foldKeyword).join('|')})[\\s"'“«(]{1,3}$`, 'u');
/** "4829 is …" at the start of a message without a word for a code. */
const STATED = /^["'”»)\]*]{0,2}\s(?:is|ist|est|es|é|è|e|to|это|-) /u;
const BARE_REST = 24;
const WINDOW = 64;
const OPENERS = /["'“”„«‘’`<([{\s【「『〈《*_~]{0,8}$/u;
const PARTICLES = new RegExp(`(?:${signRules.particles.map(foldKeyword).join('|')})$`, 'u');
const HEAVY = new Set(signRules.heavy);
/** Kinds of messages that have passcodes and PINs of their own. */
const HEAVIEST = new Set(signRules.heaviest);
/** At most three words of four letters: prepositions and articles. */
const SMALL_WORDS = /^[\s-]{0,30}(?:[\p{L}\p{M}']{1,4}[\s-]{1,30}){0,2}[\p{L}\p{M}']{0,4}[\s-]{0,30}$/u;
const NAME = /(?<!\p{L})\p{Lu}[\p{L}\p{M}\d.]{2,20}/gu;
const YOURS = new RegExp(`(?<!\\p{L})(?:${signRules.yours.map(foldKeyword).join('|')})(?!\\p{L})`, 'gu');
const COPULAS = new Set(signRules.copulas.map(foldKeyword));

/** The features of one candidate that are not nought. */
export function featuresOf(candidate: Candidate, reading: Reading): Features {
  const { words, masks, brands } = reading;
  const keyword = bestKeyword(candidate, reading);
  const features: Features = { ...keyword, ...placeOf(candidate, reading), ...shapeOf(candidate) };
  if (candidate.kind === 'bound') features.originBound = 1;
  if (candidate.kind === 'link') features.linked = 1;
  if (isCommanded(candidate, reading)) features.commanded = 1;
  if ((features.commanded === 1 || features.opensMessage === 1 || opensText(candidate, reading)) && hasPurpose(candidate, reading))
    features.purposed = 1;
  if (words.safety) features.safety = 1;
  if (words.validity) features.validity = 1;
  const against = Math.min(
    3,
    words.against.reduce((sum, group) => sum + weightOfSign(group, keyword), 0),
  );
  if (against > 0) features[keyword.strongKeyword === undefined ? 'againstWeak' : 'againstStrong'] = against;
  if (reading.masks.some(({ kind }) => kind === 'percent')) features.percent = 1;
  if (words.anti.some((anti) => isSpokenOf(anti, candidate, reading.shadow, keyword.announced === 1))) features.antiKeyword = 1;
  const exempt = candidate.kind === 'bound' || candidate.kind === 'link';
  if (!exempt && (kindsAt(masks, candidate).size > 0 || brands.some((brand) => overlaps(brand, candidate)))) features.masked = 1;
  if (!exempt && isTouched(candidate, reading.shadow)) features.touched = 1;
  return features;
}

/** How to end a subscription stands under codes too, where carriers demand it. */
function weightOfSign(group: string, keyword: Features): number {
  if (group === 'opt_out' && keyword.announced === 1) return 0;
  if (HEAVIEST.has(group)) return 3;
  return HEAVY.has(group) ? 2 : 1;
}

/** The sum of the weights of a candidate's features, to the hundredth. */
export function scoreOf(features: Features, weights: Weights = WEIGHTS): number {
  let sum = 0;
  for (const [feature, value] of Object.entries(features)) sum += weights[feature as Feature] * value;
  return Math.round(sum * 100) / 100;
}

function bestKeyword(candidate: Candidate, { shadow, words, brands }: Reading): Features {
  let best: Features = {};
  let most = 0;
  const asides = [...brands, ...words.purposes].filter(
    (aside) => aside.end <= candidate.start && candidate.start - aside.end <= ANNOUNCED_REACH,
  );
  for (const keyword of words.keywords) {
    const nearness = Math.max(LEAST_NEARNESS, 1 - gapBetween(keyword, candidate) / REACH);
    if (WEIGHTS.strongKeyword * nearness + WEIGHTS.announced <= most) continue;
    // What an unknown compound announces may be anything: a Termincode is none of ours.
    const announced = !keyword.compound && announces(shadow, keyword, candidate, asides);
    const feature = keyword.strong ? 'strongKeyword' : 'weakKeyword';
    const worth = WEIGHTS[feature] * nearness + (announced ? WEIGHTS.announced : 0);
    if (worth <= most) continue;
    most = worth;
    best = announced ? { [feature]: nearness, announced: 1 } : { [feature]: nearness };
  }
  return best;
}

/**
 * "code: 1234", "code is 1234", "code [1234]", "код 1234": the keyword with nothing but a copula before the candidate. Whose code it is and what it is for
 * may stand between ("kod Acme saya 1234"), and a small word or two.
 */
function announces({ text, search }: Shadow, keyword: Keyword, candidate: Span, asides: readonly Span[]): boolean {
  if (keyword.end > candidate.start || candidate.start - keyword.end > ANNOUNCED_REACH) return false;
  const between = search.slice(keyword.end, candidate.start).replace(OPENERS, '').trimEnd();
  if (between.trim() === '' || /[:=>→៖՝፡]$|\s-$|^-$/.test(between)) return true;
  const last = /[\p{L}\p{M}'’]+$/u.exec(between)?.[0] ?? '';
  if (COPULAS.has(last) || PARTICLES.test(between)) return true;
  // Another number between is what the word speaks of.
  if (/\d{2}|\d.*\d/.test(between)) return false;
  const gap = { start: keyword.end, end: candidate.start };
  const within = asides.filter(({ start }) => start >= gap.start).map((aside) => spanAt(aside.start - gap.start, aside.end - aside.start));
  const names = [...text.slice(gap.start, gap.end).matchAll(NAME)].map((match) => spanAt(match.index, match[0].length));
  if (within.length + names.length === 0 && between.replace(YOURS, ' ') === between) return false;
  return SMALL_WORDS.test(
    without(search.slice(gap.start, gap.end), [...within, ...names])
      .replace(OPENERS, '')
      .replace(YOURS, ' '),
  );
}

function spanAt(start: number, length: number): Span {
  return { start, end: start + length };
}

/**
 * "Enter 4829", "4829 kodunu girin", "log in with 4829": told to be typed. Where the verb stands last, some words may be between, but no other number and
 * no end of the sentence.
 */
function isCommanded({ start, end }: Span, { words, shadow }: Reading): boolean {
  const { search } = shadow;
  const told = words.commands.some(
    (command) =>
      (command.end <= start && start - command.end <= COMMAND_REACH && QUOTED.test(search.slice(command.end, start))) ||
      (command.end <= start && start - command.end <= WINDOW && ENDS_IN_COLON.test(search.slice(command.end, start))) ||
      (command.start >= end &&
        command.end - command.start > 1 &&
        command.start - end <= COMMAND_AFTER &&
        !OTHER_CLAUSE.test(search.slice(end, command.start))),
  );
  return (
    told ||
    (WITH_IT.test(search.slice(Math.max(0, start - 12), start)) &&
      words.purposes.some((purpose) => isInClause(search, purpose, { start, end })))
  );
}

function isInClause(search: string, purpose: Span, { start, end }: Span): boolean {
  const [before, after] = [start - purpose.end, purpose.start - end];
  if (before >= 0) return before <= PURPOSE_REACH && !OTHER_CLAUSE.test(search.slice(purpose.end, start));
  return after >= 0 && after <= 3 && !OTHER_CLAUSE.test(search.slice(end, purpose.start));
}

/** "Use 4829 to confirm it is you", "To log in to Acme enter 4829": what a command is for, in the sentence of the candidate. */
function hasPurpose({ start, end }: Span, { words, shadow }: Reading): boolean {
  return words.purposes.some((purpose) =>
    purpose.start >= end
      ? purpose.start - end <= PURPOSE_REACH && !SENTENCE_END.test(shadow.search.slice(end, purpose.start))
      : purpose.end <= start && start - purpose.end <= PURPOSE_REACH && !SENTENCE_END.test(shadow.search.slice(purpose.end, start)),
  );
}

/** Nothing but a bracketed name before it. */
function opensText({ start }: Span, { shadow }: Reading): boolean {
  return start <= WINDOW && opens({ start, end: start }, shadow.text.slice(0, start));
}

/** Whether a code of another kind is what the candidate is: it stands after its name, or before it ("1234 is your voucher code") and no other word claims it. */
function isSpokenOf(anti: Span, candidate: Span, { search }: Shadow, announced: boolean): boolean {
  if (overlaps(anti, candidate)) return true;
  if (anti.end <= candidate.start) return candidate.start - anti.end <= 24;
  return !announced && anti.start - candidate.end <= 16 && !/[.,;:!?()\n]/.test(search.slice(candidate.end, anti.start));
}

function isTouched({ start, end, kind }: Candidate, { text, original, origin }: Shadow): boolean {
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  if (before !== '' && '$€£¥₹*+#/\\'.includes(before) && !(kind === 'digits' && before === '*' && after === '*')) return true;
  if (after !== '' && '$€£¥₹%#/\\'.includes(after)) return true;
  // A full-width comma, folded to an ASCII one, ends a clause (`482913，10分钟`) and parts no number.
  const isDecimal = (at: number) => /[.,]/.test(original.charAt(origin[at] ?? original.length));
  return (
    (/^[.,]\d/.test(text.slice(end, end + 2)) && isDecimal(end)) ||
    (/\d[.,]$/.test(text.slice(Math.max(0, start - 2), start)) && isDecimal(start - 1))
  );
}

function placeOf(candidate: Candidate, { shadow, words }: Reading): Features {
  const { text } = shadow;
  const before = text.slice(Math.max(0, candidate.start - WINDOW), candidate.start);
  const after = text.slice(candidate.end, candidate.end + WINDOW);
  const features: Features = {};
  const startsLine = candidate.start - before.length === 0 ? /(?:^|\n)[\s"'[(<#>`*]{0,8}$/ : /\n[\s"'[(<#>`*]{0,8}$/;
  const endsLine = candidate.end + after.length === text.length ? /^[\s"'\])>.!`*]{0,8}(?:\n|$)/ : /^[\s"'\])>.!`*]{0,8}\n/;
  const startsText = candidate.start <= WINDOW && /^[\s"'[(<#>`*]*$/.test(before);
  if (startsText && /^[\s"'\])>.!`*]*$/.test(after) && after.length < WINDOW) features.wholeMessage = 1;
  else if (words.keywords.length === 0 && isBare(candidate, text)) features.bareMessage = 1;
  else if (candidate.kind !== 'bound' && startsLine.test(before) && endsLine.test(after)) features.aloneOnLine = 1;
  if (opens(candidate, before) && words.keywords.some(({ start }) => start >= candidate.end && start - candidate.end <= 80))
    features.opensMessage = 1;
  else if (opens(candidate, before) && STATED.test(after.toLowerCase())) features.stated = 1;
  return { ...features, ...repetitionOf(candidate, shadow) };
}

/** Nothing but a name beside it: `Acme: 482913`, `482913 (Acme)`. */
function isBare({ start, end }: Span, text: string): boolean {
  if (text.length - (end - start) > BARE_REST) return false;
  const rest = `${text.slice(0, start)} ${text.slice(end)}`;
  return !/\d/.test(rest) && rest.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length <= 2;
}

/** First in the message, but for a signature, a marker or a quotation mark. */
function opens({ start }: Span, before: string): boolean {
  if (start > WINDOW) return false;
  return (
    /^\s*(?:<#>|\[#\])?\s*(?:[[【(「『][^\]】)」』\n]{1,30}[\]】)」』])?[\s"'`„“«<([{【*]*$/u.test(before) ||
    /^[^:\n]{1,24}:\s*$/.test(before)
  );
}

function repetitionOf(candidate: Candidate, { text }: Shadow): Features {
  if (candidate.code.length < 4) return {};
  let at = text.indexOf(candidate.code);
  for (let tries = 0; at >= 0 && tries < 8; tries++) {
    const end = at + candidate.code.length;
    if ((end <= candidate.start || at >= candidate.end) && !/[A-Za-z0-9]/.test(text.charAt(end))) {
      return /[/=#]/.test(text.charAt(at - 1)) ? { repeatedInLink: 1 } : { repeatedInText: 1 };
    }
    at = text.indexOf(candidate.code, end);
  }
  return {};
}

function shapeOf({ code, kind }: Candidate): Features {
  const length = kind === 'prefixed' ? code.length - code.indexOf('-') - 1 : code.length;
  const features: Features = {};
  if (length === 6) features.lengthSix = 1;
  else if (length >= 9) features.lengthLong = 1;
  else if (length === 3) features.lengthThree = 1;
  else features.lengthUsual = 1;
  if (kind === 'mixed') features.mixed = 1;
  if (kind === 'mixed' && /^[A-Za-z]{3,8}\d{1,4}$/.test(code) && /[aeiouyAEIOUY]/.test(code)) features.slogan = 1;
  if (kind === 'mixed' && /^[a-z]+\d[a-z]*$|^\d[a-z]+$/.test(code)) features.spelling = 1;
  if (kind === 'letters') features.lettersOnly = 1;
  if (kind === 'uneven') features.uneven = 1;
  if (kind === 'digits' && /^(?:19|20)\d\d$/.test(code)) features.year = 1;
  return features;
}
