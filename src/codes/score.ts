import type { Candidate } from './candidates.ts';
import type { Words } from './keywords.ts';
import { kindsAt, type Mask } from './mask.ts';
import type { Shadow } from './normalise.ts';
import { gapBetween, overlaps, type Span } from './phrases.ts';
import weights from './rules/weights.json' with { type: 'json' };

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
}

const OPENERS = /["'`“”„«<([{\s【「*]*$/u;
const COPULA =
  /(?:[:=]|\s-|(?<!\p{L})(?:is|are|est|es|e|ist|lautet|jest|to|adalah|ialah|er|ar|je|on|bu|la|wa|ay|ni|este|yra|sunt|ειναι|ειναι ο|ειναι το)|คือ|为|為|是|は|が|هو|هي|است|है|:)$/u;

/** Weighs one candidate; the sum of the weights (rules/weights.json) that apply to it. */
export function scoreOf(candidate: Candidate, reading: Reading): number {
  const { words, masks, brands } = reading;
  let score = candidate.kind === 'bound' ? weights.originBound : 0;
  score += keywordScore(candidate, reading) + placeScore(candidate, reading) + shapeScore(candidate);
  if (words.commands.some((command) => command.end <= candidate.start && candidate.start - command.end <= 3)) score += weights.commanded;
  if (words.safety) score += weights.safety;
  if (words.validity) score += weights.validity;
  score += Math.max(weights.againstMost, weights.against * words.against.length);
  if (words.anti.some((anti) => anti.end <= candidate.start && candidate.start - anti.end <= 24)) score += weights.antiKeyword;
  if (candidate.kind !== 'bound' && kindsAt(masks, candidate).size > 0) score += weights.masked;
  if (brands.some((brand) => overlaps(brand, candidate))) score += weights.masked;
  return Math.round(score * 100) / 100;
}

/** Whether a keyword stands near enough to have anything to do with the candidate. */
function keywordScore(candidate: Candidate, { shadow, words }: Reading): number {
  let best = 0;
  for (const keyword of words.keywords) {
    const gap = gapBetween(keyword, candidate);
    const base = keyword.strong ? weights.strongKeyword : weights.weakKeyword;
    let score = Math.max(weights.leastKeyword, base - gap / weights.charactersPerPoint);
    if (announces(shadow.search, keyword, candidate)) score += weights.announced;
    best = Math.max(best, score);
  }
  return best;
}

/** "code: 1234", "code is 1234", "code [1234]", "код 1234". */
function announces(search: string, keyword: Span, candidate: Span): boolean {
  if (keyword.end > candidate.start || candidate.start - keyword.end > 48) return false;
  const between = search.slice(keyword.end, candidate.start).replace(OPENERS, '');
  return between.trim() === '' || COPULA.test(between.trimEnd());
}

function placeScore(candidate: Candidate, { shadow, words }: Reading): number {
  const before = shadow.text.slice(0, candidate.start);
  const after = shadow.text.slice(candidate.end);
  let score = 0;
  const whole = /^[\s"'[(<#>]*$/.test(before) && /^[\s"'\])>.!]*$/.test(after);
  const ownLine = /(?:^|\n)[\s"'[(<#>`*]*$/.test(before) && /^[\s"'\])>.`*]*(?:\n|$)/.test(after);
  if (whole) score += weights.wholeMessage;
  else if (ownLine && candidate.kind !== 'bound') score += weights.aloneOnLine;
  const opens =
    /^\s*(?:<#>|\[#\])?\s*(?:[[【(][^\]】)\n]{1,30}[\]】)])?[\s"'`„“«<([{【]*$/u.test(before) || /^[^:\n]{1,24}:\s*$/.test(before);
  const named = words.keywords.some((keyword) => keyword.start >= candidate.end && keyword.start - candidate.end <= 80);
  if (opens && named) score += weights.opensMessage;
  return score + repetitionScore(candidate, shadow);
}

function repetitionScore(candidate: Candidate, shadow: Shadow): number {
  if (candidate.code.length < 4) return 0;
  const elsewhere = `${shadow.text.slice(0, candidate.start)}\u0000${shadow.text.slice(candidate.end)}`;
  const at = elsewhere.indexOf(candidate.code);
  if (at < 0 || /[A-Za-z0-9]/.test(elsewhere.charAt(at + candidate.code.length))) return 0;
  return /[/=#]$/.test(elsewhere.slice(0, at)) ? weights.repeatedInLink : weights.repeatedInText;
}

function shapeScore({ code, kind }: Candidate): number {
  const length = kind === 'prefixed' ? code.length - code.indexOf('-') - 1 : code.length;
  let score = length === 6 ? weights.lengthSix : length >= 9 ? weights.lengthLong : weights.lengthUsual;
  if (kind === 'mixed') score += weights.mixed;
  if (kind === 'letters') score += weights.lettersOnly;
  if (kind === 'uneven') score += weights.uneven;
  if (kind === 'digits' && /^(?:19|20)\d\d$/.test(code)) score += weights.year;
  return score;
}
