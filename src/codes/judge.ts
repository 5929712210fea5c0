import { BUILT_IN, knownService, type RuleBook } from './book.ts';
import { hasShapeOf } from './code-shape.ts';
import { type DeniedCategory, deniedMessage } from './deny.ts';
import { exclusionOf } from './exclusions.ts';
import type { Features, Scored, Weights } from './features.ts';
import thresholds from './rules/thresholds.json' with { type: 'json' };
import { type Evidence, isGenericSender, STRONG_EVIDENCE, serviceName } from './services.ts';
import { isCut, type Weighed, weigh } from './weigh.ts';

export { BUILT_IN, type RuleBook } from './book.ts';
export { serviceName, serviceSlug } from './services.ts';

/** Something in a message that was weighed as its code. */
export interface WeighedCandidate {
  /** As it stands in the message. */
  text: string;
  /** What would be typed. */
  code: string;
  score: number;
  /** What was seen of it, by the name of its weight (rules/weights.json), with how much of it. */
  features: Features;
  /** Where it stands in the message as received, in UTF-16 units: from `start` to before `end`. */
  start: number;
  end: number;
}

/** What a message is to an order. Stored with the message, so that a change of the rules can be tried on what came in before. */
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
   * The rule that decided. Accept: `template`, `origin`, `app_hash`, `sender`, `prefix`, `signature`, `mention`, `brandless`, `any`. Review: `weak_score`, `margin`,
   * `cut`, `merchant`, `unknown_brand`, `no_service`, `weak_evidence`, `min_confidence`. Reject: `other_service`, `promotional`, `denied:…` with the
   * category, `blocked_sender`, `not_keyword`, `no_code`, `not_otp`.
   */
  rule: string;
  /** Of the rule data: its published number and a hash of its content. */
  version: string;
  /** All that was weighed, best first, each code once. */
  candidates: WeighedCandidate[];
}

export interface JudgeInput {
  text: string;
  sender: string;
  /** Slug of the ordered service, or `any`. */
  service: string;
  /** True when the SIM has exactly one open order: then a code of a generic sender that names nobody may count as the order's. */
  onlyOrder: boolean;
  /** Kinds of messages that are refused whatever was ordered; none when absent. */
  deny?: readonly DeniedCategory[];
  /** More of the text may come: a code at its very end is not trusted. Gaps within the text (`…`) are seen without it. */
  incomplete?: boolean;
  /** The rules of services to judge by; those that come with the program when absent. */
  book?: RuleBook;
  /** Other weights than the published ones, to try a change out. */
  weights?: Weights;
}

/**
 * Whether a message is a valid SMS for an ordered service, and which code it carries. Pure and linear in the text, of which the first 2,000
 * characters count. Never throws, whatever the text and the sender are.
 */
export function judge(input: JudgeInput): Judgement {
  return judgeWeighed(input, weigh(input, input.weights));
}

/** As `judge`, of a message that was read already. */
export function judgeWeighed(input: JudgeInput, weighed: Weighed): Judgement {
  const { book = BUILT_IN } = input;
  const { scored, evidence } = weighed;
  const own = evidence.find(({ slug }) => slug === input.service) ?? null;
  const base = {
    version: book.version,
    candidates: distinct(scored).map((candidate) => shown(candidate, weighed)),
    service: own?.slug ?? evidence[0]?.slug ?? null,
  };
  const refuse = ({ verdict, rule, confidence, reason }: Doubt): Judgement => ({
    verdict,
    code: null,
    printed: null,
    confidence,
    reason,
    rule,
    ...base,
  });
  if (isPromotional(input.sender))
    return refuse({ verdict: 'reject', rule: 'promotional', confidence: 0.95, reason: 'its sender is registered for promotions' });
  const denied = input.deny && input.deny.length > 0 ? deniedMessage(input, book, weighed.message) : null;
  if (denied && input.deny?.includes(denied.category))
    return refuse({ verdict: 'reject', rule: `denied:${denied.category}`, confidence: 0.95, reason: denied.reason });
  const excluded = exclusionOf(input.service, weighed.shadow, input.sender, book);
  if (excluded) return refuse({ ...excluded, verdict: 'reject', confidence: 0.95 });
  const other = otherService(input.service, own, evidence);
  if (other) {
    const reason = `it is a message of ${serviceName(other.slug, book)}, not of ${serviceName(input.service, book)}`;
    return { ...refuse({ verdict: 'reject', rule: 'other_service', confidence: other.confidence, reason }), service: other.slug };
  }
  const best = scored[0];
  const speaker = input.service === 'any' ? evidence.find(({ rule }) => rule !== 'merchant') : own;
  const doubt = doubtOf(weighed, input, (speaker?.confidence ?? 0) >= STRONG_EVIDENCE);
  if (doubt || !best) return refuse(doubt ?? NO_OTP);
  const match = matchService(input, weighed, own);
  if (match.verdict === 'review') return refuse({ ...match, verdict: 'review' });
  const confidence = round(match.confidence * (weighed.given === null ? certainty(best.score) : 1));
  const needed = knownService(input.service, book)?.minConfidence ?? 0;
  if (confidence < needed) {
    const reason = `${match.reason}, but its confidence ${confidence} is below the ${needed} that the rules ask for`;
    return refuse({ verdict: 'review', rule: 'min_confidence', confidence, reason });
  }
  return {
    verdict: 'accept',
    code: best.code,
    printed: best.printed,
    rule: match.rule,
    reason: match.reason,
    confidence,
    ...base,
  };
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

const NO_OTP: Doubt = { verdict: 'reject', rule: 'not_otp', confidence: 0.9, reason: 'nothing in it reads like a one-time code' };

/** Why the message is no clear code message, or null when it is one. */
function doubtOf(
  { scored, hasKeyword, shadow, given }: Weighed,
  { service: ordered, incomplete = false, book = BUILT_IN }: JudgeInput,
  knownSpeaker: boolean,
): Doubt | null {
  const [best, ...rest] = scored;
  // A template of the service says where its code stands: nothing has to be guessed.
  if (best && given) return cutDoubt(shadow, best, incomplete);
  if (!best || best.score < thresholds.review) {
    if (!hasKeyword) return NO_OTP;
    return { verdict: 'reject', rule: 'no_code', confidence: 0.9, reason: 'it speaks of a code or password but carries none' };
  }
  const needed = knownSpeaker && !hasKeyword ? thresholds.acceptWithoutKeyword : thresholds.accept;
  if (best.score < needed) {
    return { verdict: 'review', rule: 'weak_score', confidence: 0.5, reason: `"${best.code}" may be a code, but little speaks for it` };
  }
  const cut = cutDoubt(shadow, best, incomplete);
  if (cut) return cut;
  // Of two that are equally likely, one may have the form of the ordered service's codes and the other not.
  const fits = hasShapeOf(ordered, best.code, book);
  const rival = rest.find(({ code }) => !sameCode(code, best.code) && !(fits && !hasShapeOf(ordered, code, book)));
  if (rival && best.score - rival.score < thresholds.margin) {
    return { verdict: 'review', rule: 'margin', confidence: 0.5, reason: `"${best.code}" and "${rival.code}" are equally likely` };
  }
  return null;
}

function cutDoubt(shadow: Weighed['shadow'], best: Scored, incomplete: boolean): Doubt | null {
  if (!isCut(shadow, best, incomplete)) return null;
  return { verdict: 'review', rule: 'cut', confidence: 0.5, reason: `"${best.code}" stands where the text is cut and may go on` };
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
  app_hash: 'it ends in the app hash of',
  sender: 'the sender is',
  prefix: 'the code has the prefix of',
  signature: 'it is signed by',
  mention: 'it mentions',
};

function matchService({ service, sender, onlyOrder, book = BUILT_IN }: JudgeInput, weighed: Weighed, own: Evidence | null): Match {
  const { namesAnother, outnamesSender, outnamesMention, namesBeneficiary } = weighed;
  if (service === 'any')
    return { verdict: 'accept', rule: 'any', confidence: 0.95, reason: 'it carries one clear code, and any service was ordered' };
  const name = serviceName(service, book);
  const review = (rule: string, reason: string): Match => ({ verdict: 'review', rule, confidence: 0.5, reason });
  if (own?.rule === 'merchant') return review('merchant', `it names ${name} as the shop of a payment, so the code may be a bank's`);
  const known = knownService(service, book);
  // Gateways and houses with many brands send for others: whom the text names counts before the sender.
  if (own && !own.inText && outnamesSender()) return review('unknown_brand', `its sender is ${name}, but it names somebody else`);
  if (own?.rule === 'mention' && own.span !== null && outnamesMention())
    return review('unknown_brand', `it only mentions ${name}, and names somebody else`);
  if (own && known?.carriesForOthers && namesBeneficiary())
    return review('unknown_brand', `${name} also sends codes of others, and this one is said to be for somebody else`);
  const weak = known?.acceptWeak === false;
  if (own?.rule === 'mention' && weak) return review('weak_evidence', `it only mentions ${name}, whose rules ask for more`);
  if (own) return { verdict: 'accept', rule: own.rule, confidence: own.confidence, reason: `${REASONS[own.rule]} ${name}` };
  if (!isGenericSender(sender) || namesAnother())
    return review('unknown_brand', `it carries a code, but of a sender that is not known to be ${name}`);
  if (!onlyOrder) return review('no_service', 'it carries a code but names no service, and the SIM has several orders');
  if (weak) return review('weak_evidence', `it names no service, and the rules of ${name} ask for more`);
  return { verdict: 'accept', rule: 'brandless', confidence: 0.6, reason: `it names no service, and ${name} is the only order of the SIM` };
}

function sameCode(a: string, b: string): boolean {
  return a.replaceAll('-', '') === b.replaceAll('-', '');
}

function distinct(scored: readonly Scored[]): Scored[] {
  return scored.filter((candidate, at) => scored.findIndex(({ code }) => sameCode(code, candidate.code)) === at);
}

function shown({ code, printed, score, features, start }: Scored, { shadow }: Weighed): WeighedCandidate {
  const from = shadow.origin[start] ?? 0;
  return { text: printed, code, score, features, start: from, end: from + printed.length };
}

/** From a score to how sure the code is the right one: 0.8 at the threshold, towards 1 above. */
function certainty(score: number): number {
  return Math.min(1, 0.8 + Math.max(0, score - thresholds.accept) / 20);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
