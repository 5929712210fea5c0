import type { OriginBound } from './candidates.ts';
import type { Mask } from './mask.ts';
import { foldKeyword, type Shadow } from './normalise.ts';
import { findPhrase, gapBetween, overlaps, type Phrase, phraseOf, type Span } from './phrases.ts';
import senderRules from './rules/senders.json' with { type: 'json' };
import serviceRules from './rules/services.json' with { type: 'json' };

interface ServiceRule {
  slug: string;
  name: string;
  keywords?: readonly string[];
  exact?: readonly string[];
  senders?: readonly string[];
  domains?: readonly string[];
  codePrefix?: string;
}

interface Service {
  slug: string;
  name: string;
  keywords: readonly Phrase[];
  exact: readonly Phrase[];
  senders: readonly string[];
  domains: readonly string[];
  codePrefix: string | null;
}

/** Why a message is taken for one of a service; the confidence is that of the kind of evidence. */
export interface Evidence {
  slug: string;
  rule: 'origin' | 'sender' | 'prefix' | 'signature' | 'mention' | 'merchant';
  confidence: number;
  /** Where the name stands in the text, when it was found there. */
  span: Span | null;
}

const CONFIDENCE = { origin: 0.98, sender: 0.95, prefix: 0.9, signature: 0.9, mention: 0.75, merchant: 0.3 } as const;
/** Evidence from here on says which service it is, even against the order. */
export const STRONG_EVIDENCE = 0.9;
/** A name this near to a keyword or a candidate is the sender's own name. */
const NEAR = 30;

const RULES: readonly ServiceRule[] = serviceRules.services;
const SERVICES: readonly Service[] = RULES.map(serviceOf);
const BY_SLUG = new Map(SERVICES.map((service) => [service.slug, service]));
const GENERIC_SENDERS = new Set(senderRules.generic.map(foldSender));

/** The services with rules of their own, by slug. Any other slug works too, from its name alone. */
export const knownServices: readonly { slug: string; name: string }[] = SERVICES.map(({ slug, name }) => ({ slug, name })).sort((a, b) =>
  a.slug < b.slug ? -1 : 1,
);

/** The name people know a service by: `telegram` is "Telegram"; an unknown slug in title case; `any` is "Any service". */
export function serviceName(slug: string): string {
  if (slug === 'any') return 'Any service';
  const known = BY_SLUG.get(slug);
  if (known) return known.name;
  return slug
    .split('-')
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** A service's slug from its name: lower case, everything but letters and digits becomes a single hyphen. `Disney+ Hotstar` is `disney-hotstar`. */
export function serviceSlug(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** Whether a sender names nobody: empty, a number, or a gateway's own name. */
export function isGenericSender(sender: string): boolean {
  const folded = foldSender(sender);
  return folded === '' || /^\+?\d+$/.test(folded) || GENERIC_SENDERS.has(folded);
}

/** What to strip before the hyphen of a service's codes, such as Google's `G`; null when nothing. */
export function codePrefixOf(slug: string | null): string | null {
  return slug === null ? null : (BY_SLUG.get(slug)?.codePrefix ?? null);
}

export interface ServiceInput {
  shadow: Shadow;
  sender: string;
  /** The ordered service, looked for whether it has rules or not; `any` adds none. */
  ordered: string;
  origin: OriginBound | null;
  masks: readonly Mask[];
  /** Keywords and candidates: what a signature stands near to. */
  anchors: readonly Span[];
  prefixes: readonly string[];
}

/** All evidence for any service, the best of each service, strongest first. Of overlapping names the longest counts. */
export function findEvidence(input: ServiceInput): Evidence[] {
  const services = BY_SLUG.has(input.ordered) || input.ordered === 'any' ? SERVICES : [...SERVICES, fromSlug(input.ordered)];
  const mentions = longest(services.flatMap((service) => findNames(input.shadow, service).map((span) => ({ span, service }))));
  const all: Evidence[] = [];
  for (const service of services) {
    const add = (rule: Evidence['rule'], span: Span | null = null) =>
      all.push({ slug: service.slug, rule, confidence: CONFIDENCE[rule], span });
    if (input.origin && ownsHost(service, input.origin.host)) add('origin');
    if (ownsSender(service, input.sender)) add('sender');
    if (service.codePrefix !== null && input.prefixes.includes(service.codePrefix)) add('prefix');
    if (!input.origin && hostsIn(input).some((host) => ownsHost(service, host))) add('mention');
  }
  for (const { span, service } of mentions) {
    const linked = input.masks.some((mask) => (mask.kind === 'url' || mask.kind === 'email') && overlaps(mask, span));
    const ownName = service.domains.some((domain) => input.shadow.search.startsWith(domain, span.start));
    if (linked && !ownName) continue;
    const rule = isMerchant(input.shadow, span) ? 'merchant' : isSignature(input, span) ? 'signature' : 'mention';
    all.push({ slug: service.slug, rule, confidence: CONFIDENCE[rule], span });
  }
  return bestOfEach(all);
}

/** Whether the text carries a name that is nobody's we know: a bracketed or leading signature, or a capitalised word beside a keyword. */
export function hasUnknownBrand(shadow: Shadow, keywords: readonly Span[]): boolean {
  const free = (start: number, end: number) => !keywords.some((keyword) => overlaps(keyword, { start, end }));
  for (const match of shadow.text.matchAll(/[[【]([^\]】\n]{2,30})[\]】]/g)) {
    if (/\p{L}/u.test(match[1] ?? '') && !/\d{4}/.test(match[0]) && free(match.index, match.index + match[0].length)) return true;
  }
  const leading = /^([\p{L}][^:\n]{1,24}):/u.exec(shadow.text);
  if (leading && free(0, leading[0].length)) return true;
  return keywords.some((keyword) => {
    const before = /(?<=[\p{L}] )\p{Lu}[\p{L}\d]{2,20} $/u.exec(shadow.text.slice(Math.max(0, keyword.start - 24), keyword.start));
    return before !== null;
  });
}

function serviceOf(rule: ServiceRule): Service {
  const compact = [rule.slug.replaceAll('-', ''), foldSender(rule.name)];
  return {
    slug: rule.slug,
    name: rule.name,
    keywords: (rule.keywords ?? []).map(nameOf),
    exact: (rule.exact ?? []).map((name) => ({ needle: name, openLeft: false, openRight: false })),
    senders: [...new Set([...(rule.senders ?? []).map(foldSender), ...compact])],
    domains: rule.domains ?? [],
    codePrefix: rule.codePrefix ?? null,
  };
}

/** Names take grammatical endings in many languages; of short ones an ending would make other words. */
function nameOf(name: string): Phrase {
  return { ...phraseOf(name), endings: name.length >= 5 ? 3 : 0 };
}

/** A service nobody wrote rules for: its slug, with any joint between its words, is its name, its sender and a label of its host. */
function fromSlug(slug: string): Service {
  const words = slug.split('-').filter(Boolean);
  const names = [' ', '', '-', '.', '+ ', "'", ' & '].map((joint) => words.join(joint));
  return serviceOf({ slug, name: serviceName(slug), keywords: [...new Set(names)] });
}

function findNames(shadow: Shadow, service: Service): Span[] {
  const folded = service.keywords.flatMap((name) => findPhrase(shadow.search, name));
  const exact = service.exact
    .flatMap((name) => findPhrase(shadow.text, name))
    .filter((span) => span.end - span.start > 2 || standsAlone(shadow, span));
  return [...folded, ...exact];
}

/** Names of one or two letters must not be pieces of codes (`X-1234`) or of masked numbers. */
function standsAlone({ text }: Shadow, { start, end }: Span): boolean {
  return !/[\p{N}*#-]/u.test(text.charAt(start - 1)) && !/[\p{N}*#-]/u.test(text.charAt(end));
}

function longest<T extends { span: Span }>(mentions: readonly T[]): T[] {
  const size = ({ span }: T) => span.end - span.start;
  return mentions.filter((mention) => !mentions.some((other) => size(other) > size(mention) && overlaps(other.span, mention.span)));
}

function ownsHost(service: Service, host: string): boolean {
  if (service.domains.some((domain) => host === domain || host.endsWith(`.${domain}`))) return true;
  return !BY_SLUG.has(service.slug) && host.split('.').some((label) => label.replaceAll('-', '') === service.slug.replaceAll('-', ''));
}

/** India's senders carry a route before and a class after the name (`VM-AMAZON-T`). */
function ownsSender(service: Service, sender: string): boolean {
  const bare = sender.replace(/^[A-Za-z]{2}-/, '').replace(/-[PSTGpstg]$/, '');
  return [foldSender(sender), foldSender(bare)].some((name) => name !== '' && service.senders.includes(name));
}

function foldSender(sender: string): string {
  return foldKeyword(sender).replace(/[^\p{L}\p{M}\p{N}+]/gu, '');
}

function hostsIn({ shadow, masks }: ServiceInput): string[] {
  const links = masks.filter((mask) => mask.kind === 'url').map((mask) => shadow.search.slice(mask.start, mask.end));
  return links.map((link) => link.replace(/^https?:\/\//, '').split(/[/?#:]/)[0] ?? '');
}

/** In brackets, before a colon at the start, or near a keyword or candidate. */
function isSignature({ shadow, anchors }: ServiceInput, span: Span): boolean {
  const before = shadow.text.slice(0, span.start);
  const after = shadow.text.slice(span.end);
  if (/[[【(][^\]】)\n]{0,20}$/.test(before) && /^[^[【(\n]{0,20}[\]】)]/.test(after)) return true;
  if (/^[^:\n]{0,12}$/.test(before) && /^[^:\n]{0,24}:/.test(after)) return true;
  return anchors.some((anchor) => gapBetween(anchor, span) <= NEAR);
}

/** "OTP for your purchase at Amazon": the shop is named by the bank whose code it is. */
function isMerchant(shadow: Shadow, span: Span): boolean {
  const before = shadow.search.slice(Math.max(0, span.start - 60), span.start);
  return /(?:purchase|payment|transaction|txn|spent|spending|compra|pago|achat|paiement|zahlung|einkauf|zakup|покупк\p{L}*|оплат\p{L}*|platezh\p{L}*|消费|支付|付款)[^!?\n]{0,40}(?:\s(?:at|on|to|with|en|em|chez|bei|an|w|в|на|v)\s|@\s?)$/u.test(
    before,
  );
}

function bestOfEach(all: readonly Evidence[]): Evidence[] {
  const best = new Map<string, Evidence>();
  for (const evidence of all) {
    const known = best.get(evidence.slug);
    if (!known || evidence.confidence > known.confidence) best.set(evidence.slug, evidence);
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence);
}
