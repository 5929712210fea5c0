import { findCandidates, findLetters, findOriginBound } from './candidates.ts';
import { findWords } from './keywords.ts';
import { findMasks } from './mask.ts';
import { shadowOf } from './normalise.ts';
import keywordRules from './rules/keywords.json' with { type: 'json' };
import weights from './rules/weights.json' with { type: 'json' };
import { type Reading, type Scored, scoreOf } from './score.ts';
import { codePrefixOf, type Evidence, findEvidence, hasUnknownBrand, isGenericSender, SERVICE_RULES_VERSION, STRONG_EVIDENCE, serviceName } from './services.ts';

export { knownServices, serviceName, serviceSlug } from './services.ts';

/** What a message is to an order. */
export interface Judgement {
  /** `accept`: valid for the ordered service, deliver. `review`: unclear, for the operator. `reject`: not valid. */
  verdict: 'accept' | 'review' | 'reject';
  /** What the customer types; only with `accept`. */
  code: string | null;
  /** The code as it stands in the message. */
  printed: string | null;
  /** The service the evidence speaks for, or null. */
  service: string | null;
  /** 0 to 1. */
  confidence: number;
  /** Plain words for the operator. */
  reason: string;
  /**
   * The rule that decided. Accept: `template`, `origin`, `sender`, `prefix`, `signature`, `mention`, `brandless`, `any`. Review: `weak_score`, `margin`,
   * `merchant`, `unknown_brand`, `no_service`. Reject: `other_service`, `promotional`, `no_code`,
   * `not_otp`.
   */
  rule: string;
  ruleVersion: string;
  /** All that was weighed, best first. */
  candidates: { code: string; score: number }[];
}

export interface JudgeInput {
  text: string;
  sender: string;
  /** Slug of the ordered service, or `any`. */
  service: string;
  /** True when the SIM has exactly one open order: then a code of a generic sender that names nobody may count as the order's. */
  onlyOrder: boolean;
}

/** A message with more numbers than this is a list; looking at all of them would only cost time. */
const MOST_CANDIDATES = 50;

/** Of keywords, services and weights together. */
const RULE_VERSION = [keywordRules.version, SERVICE_RULES_VERSION, weights.version].join('.');

/**
 * Whether a message is a valid SMS for an ordered service, and which code it carries. Pure and linear in the text, of which the first 2,000
 * characters count. Never throws, whatever the text and the sender are.
 */
export function judge(input: JudgeInput): Judgement {
  const weighed = weigh(input);
  const { scored, evidence } = weighed;
  const own = evidence.find(({ slug }) => slug === input.service) ?? null;
  const top = evidence[0] ?? null;
  const base = {
    ruleVersion: RULE_VERSION,
    candidates: distinct(scored).map(({ code, score }) => ({ code, score })),
    service: own?.slug ?? top?.slug ?? null,
  };
  const refuse = (verdict: 'review' | 'reject', rule: string, confidence: number, reason: string): Judgement => ({
    verdict,
    code: null,
    printed: null,
    confidence,
    reason,
    rule,
    ...base,
  });
  if (isPromotional(input.sender)) return refuse('reject', 'promotional', 0.95, 'its sender is registered for promotions');
  const other = otherService(input.service, own, evidence);
  if (other) {
    const reason = `it is a message of ${serviceName(other.slug)}, not of ${serviceName(input.service)}`;
    return { ...refuse('reject', 'other_service', other.confidence, reason), service: other.slug };
  }
  const doubt = doubtOf(weighed, own !== null && own.confidence >= STRONG_EVIDENCE);
  const best = scored[0];
  if (doubt || !best)
    return refuse(doubt?.verdict ?? 'reject', doubt?.rule ?? 'not_otp', doubt?.confidence ?? 0.9, doubt?.reason ?? 'no code');
  const match = matchService(input, weighed, own);
  if (match.verdict === 'review') return refuse('review', match.rule, match.confidence, match.reason);
  return {
    verdict: 'accept',
    code: best.code,
    printed: best.printed,
    rule: match.rule,
    reason: match.reason,
    confidence: round(match.confidence * certainty(best.score)),
    ...base,
  };
}

interface Weighed {
  scored: Scored[];
  evidence: Evidence[];
  hasKeyword: boolean;
  unknownBrand: boolean;
}

/** Reads the message once: words, masks, candidates, names, and the score of each candidate, best first. */
function weigh({ text, sender, service }: JudgeInput): Weighed {
  const shadow = shadowOf(text);
  const words = findWords(shadow.search);
  const masks = findMasks(shadow);
  const origin = findOriginBound(shadow);
  const found = findCandidates(shadow, words.keywords, origin);
  const candidates = (found.length > 0 ? found : findLetters(shadow, words.keywords)).slice(0, MOST_CANDIDATES);
  const prefixes = candidates.flatMap(({ prefix }) => (prefix === null ? [] : [prefix]));
  const anchors = [...words.keywords, ...candidates];
  const evidence = findEvidence({ shadow, sender, ordered: service, origin, masks, anchors, prefixes });
  const brands = evidence.flatMap(({ span }) => (span === null ? [] : [span]));
  const reading: Reading = { shadow, words, masks, brands };
  const stripped = candidates.map((candidate) => {
    const strip = candidate.prefix !== null && evidence.some(({ slug }) => codePrefixOf(slug) === candidate.prefix);
    return strip ? { ...candidate, code: candidate.code.slice(candidate.code.indexOf('-') + 1) } : candidate;
  });
  const scored = stripped.map((candidate): Scored => ({ ...candidate, score: scoreOf(candidate, reading) }));
  scored.sort((a, b) => b.score - a.score || a.start - b.start);
  return { scored, evidence, hasKeyword: words.keywords.length > 0, unknownBrand: hasUnknownBrand(shadow, words.keywords) };
}

/** India's registered senders end in the class of their messages since 2025; P is promotional. */
function isPromotional(sender: string): boolean {
  return /^[A-Za-z]{2}-[A-Za-z0-9]{3,11}-[Pp]$/.test(sender);
}

function otherService(ordered: string, own: Evidence | null, evidence: readonly Evidence[]): Evidence | null {
  if (ordered === 'any' || (own !== null && own.confidence >= STRONG_EVIDENCE)) return null;
  return (
    evidence.find(
      ({ slug, rule, confidence }) => slug !== ordered && rule !== 'merchant' && (confidence >= STRONG_EVIDENCE || own === null),
    ) ?? null
  );
}

interface Doubt {
  verdict: 'review' | 'reject';
  rule: string;
  confidence: number;
  reason: string;
}

/** Why the message is no clear code message, or null when it is one. */
function doubtOf({ scored, hasKeyword }: Weighed, ownService: boolean): Doubt | null {
  const [best, ...rest] = scored;
  if (!best || best.score < weights.review) {
    if (hasKeyword)
      return { verdict: 'reject', rule: 'no_code', confidence: 0.9, reason: 'it speaks of a code or password but carries none' };
    return { verdict: 'reject', rule: 'not_otp', confidence: 0.9, reason: 'nothing in it reads like a one-time code' };
  }
  const needed = ownService && !hasKeyword ? weights.acceptWithoutKeyword : weights.accept;
  if (best.score < needed) {
    return { verdict: 'review', rule: 'weak_score', confidence: 0.5, reason: `"${best.code}" may be a code, but little speaks for it` };
  }
  const rival = rest.find(({ code }) => !sameCode(code, best.code));
  if (rival && best.score - rival.score < weights.margin) {
    return { verdict: 'review', rule: 'margin', confidence: 0.5, reason: `"${best.code}" and "${rival.code}" are equally likely` };
  }
  return null;
}

interface Match {
  verdict: 'accept' | 'review';
  rule: string;
  confidence: number;
  reason: string;
}

const REASONS: Record<Exclude<Evidence['rule'], 'merchant'>, string> = {
  template: 'it has the wording of',
  origin: 'the code is bound to a host of',
  sender: 'the sender is',
  prefix: 'the code has the prefix of',
  signature: 'it is signed by',
  mention: 'it mentions',
};

function matchService({ service, sender, onlyOrder }: JudgeInput, { unknownBrand }: Weighed, own: Evidence | null): Match {
  if (service === 'any')
    return { verdict: 'accept', rule: 'any', confidence: 0.95, reason: 'it carries one clear code, and any service was ordered' };
  const name = serviceName(service);
  if (own?.rule === 'merchant') {
    return {
      verdict: 'review',
      rule: 'merchant',
      confidence: 0.5,
      reason: `it names ${name} as the shop of a payment, so the code may be a bank's`,
    };
  }
  if (own) return { verdict: 'accept', rule: own.rule, confidence: own.confidence, reason: `${REASONS[own.rule]} ${name}` };
  if (unknownBrand || !isGenericSender(sender)) {
    return {
      verdict: 'review',
      rule: 'unknown_brand',
      confidence: 0.5,
      reason: `it carries a code, but of a sender that is not known to be ${name}`,
    };
  }
  if (!onlyOrder) {
    return {
      verdict: 'review',
      rule: 'no_service',
      confidence: 0.5,
      reason: 'it carries a code but names no service, and the SIM has several orders',
    };
  }
  return { verdict: 'accept', rule: 'brandless', confidence: 0.6, reason: `it names no service, and ${name} is the only order of the SIM` };
}

function sameCode(a: string, b: string): boolean {
  return a.replaceAll('-', '') === b.replaceAll('-', '');
}

function distinct(scored: readonly Scored[]): Scored[] {
  return scored.filter((candidate, at) => scored.findIndex(({ code }) => sameCode(code, candidate.code)) === at);
}

/** From a score to how sure the code is the right one: 0.8 at the threshold, towards 1 above. */
function certainty(score: number): number {
  return Math.min(1, 0.8 + Math.max(0, score - weights.accept) / 20);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
