import { isBeneficiary } from './beneficiary.ts';
import { BUILT_IN, knownService, namesIn, type RuleBook } from './book.ts';
import { type BrandPlace, isNamed, placeOf, type Role, type Surroundings } from './brand-roles.ts';
import type { OriginBound } from './candidates.ts';
import { exclusionOf } from './exclusions.ts';
import { isFramed } from './frames.ts';
import type { Mask } from './mask.ts';
import type { Shadow } from './normalise.ts';
import { overlaps, type Span } from './phrases.ts';
import { fitsSender } from './sender-patterns.ts';
import type { Service } from './service-data.ts';
import { foldSender, indianHeader, sendersOf, shortens } from './service-senders.ts';
import { fitTemplate } from './templates.ts';
import { findSlug, hasSlugHost } from './unknown-service.ts';
import { isWord, isWritten } from './written-name.ts';

export { SERVICE_RULES_VERSION, serviceSlug } from './service-data.ts';
export { isGenericSender } from './service-senders.ts';
export { hasUnknownBrand, hasUnknownName } from './unknown-brand.ts';

/** Why a message is taken for one of a service; the confidence is that of the kind of evidence. */
export interface Evidence {
  slug: string;
  rule: 'template' | 'origin' | 'app_hash' | 'sender' | 'prefix' | 'signature' | 'mention' | 'merchant';
  confidence: number;
  /** Where the name stands in the text, when it was found there. */
  span: Span | null;
  /** Where a template of the service has the code. */
  code: Span | null;
  /** Whether the text itself speaks for the service, and not the sender alone. */
  inText: boolean;
}

const CONFIDENCE = {
  template: 0.99,
  origin: 0.98,
  app_hash: 0.98,
  sender: 0.95,
  prefix: 0.9,
  signature: 0.9,
  mention: 0.75,
  merchant: 0.3,
} as const;
/** Evidence from here on says which service it is, even against the order. */
export const STRONG_EVIDENCE = 0.9;
/**
 * Which of several services a message is for. What the text says of the code goes before the sender, since houses send for all their brands and
 * gateways for everybody; the sender goes before a name that is merely near.
 */
const RANK = { template: 9, origin: 8, frame: 7, signature: 5, prefix: 4.5, sender: 4, near: 3, host: 2, mention: 1, aside: 0.5 } as const;
/** Whoever brings codes of others puts its name before theirs (`VK: code for Acme`). */
const CARRIER_HANDICAP = 1;

/** The name people know a service by: `telegram` is "Telegram"; of one without rules what the operator calls it, else its slug in title case; `any` is "Any service". */
export function serviceName(slug: string, book: RuleBook = BUILT_IN): string {
  if (slug === 'any') return 'Any service';
  const known = knownService(slug, book);
  if (known) return known.name;
  const shown = book.shownNames?.get(slug);
  if (shown !== undefined) return shown;
  return slug
    .split('-')
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
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
  book: RuleBook;
  /** Words for what a code is for. */
  purposes: readonly Span[];
}

interface Claim {
  slug: string;
  rule: Evidence['rule'];
  rank: number;
  gap: number;
  span: Span | null;
  code?: Span;
  /** The code is said to be for it. */
  meant?: boolean;
}

/**
 * The evidence of the one service a message is for, and of the shops it names; nothing of services it names otherwise ("via WhatsApp", "not even
 * Facebook"). Evidence of a sister brand whose codes count for the ordered service is given as the ordered service's. Strongest first.
 */
export function findEvidence(input: ServiceInput): Evidence[] {
  const { book, shadow, sender } = input;
  const excluded = new Map(book.excluding.map(({ slug }) => [slug, exclusionOf(slug, shadow, sender, book)]));
  const claims = [
    ...[...claimsOfText(input), ...claimsOfSender(input), ...claimsOfHosts(input), ...claimsOfPrefix(input)],
    ...[...claimsOfWording(input), ...claimsOfAppHash(input)],
  ].filter(({ slug }) => !excluded.get(slug));
  const merchants = claims.filter(({ rule }) => rule === 'merchant');
  const wanted = knownService(input.ordered, book);
  // Where two services have one name, it is the ordered one's.
  const isWanted = ({ slug }: Claim) => (slug === (wanted?.slug ?? input.ordered) ? 1 : 0);
  const carries = ({ slug }: Claim) => knownService(slug, book)?.carriesForOthers === true;
  const isCarried = claims.some((claim) => claim.meant && !carries(claim));
  const ranked = claims
    .filter((claim) => claim.rule !== 'merchant' && !(isCarried && carries(claim)))
    .sort((a, b) => b.rank - a.rank || a.gap - b.gap || isWanted(b) - isWanted(a));
  const winner = ranked[0];
  const found = winner === undefined ? [] : [winner, ...claims.filter((claim) => claim !== winner && claim.slug === winner.slug)];
  const slugOf = (slug: string) => (slug === wanted?.slug || wanted?.accepts.includes(slug) ? input.ordered : slug);
  return bestOfEach(
    [...found, ...merchants].map(({ slug, rule, span, code = null }) => ({
      ...{ slug: slugOf(slug), rule, confidence: CONFIDENCE[rule], span, code, inText: rule !== 'sender' },
    })),
  );
}

function claimsOfText(input: ServiceInput): Claim[] {
  const { shadow, masks, anchors, ordered, purposes, book } = input;
  const words = anchors.filter((anchor) => !/\d/.test(shadow.text.slice(anchor.start, anchor.end)));
  const surroundings: Surroundings = {
    shadow,
    masks,
    keywords: words,
    candidates: anchors.filter((anchor) => !words.includes(anchor)),
    anchors,
    purposes,
  };
  const known = namesIn(shadow, book)
    .filter(({ tag, ...span }) => isWritten(shadow, span, tag.name))
    .map(({ tag, start, end }) => ({ slug: tag.service.slug, service: tag.service, common: isWord(tag.name), start, end }));
  const unknown =
    ordered === 'any' || knownService(ordered, book)
      ? []
      : findSlug(shadow, ordered).map((span) => ({ slug: ordered, service: null, ...span }));
  const claims: Claim[] = [];
  for (const mention of longest([...unknown, ...known])) {
    if (mention.common && !isNamed(mention, surroundings) && !isFramed(shadow, mention)) continue;
    const place = placeOf(mention, surroundings);
    const claim = claimOf(mention, place, shadow);
    if (claim)
      claims.push(isBeneficiary(shadow, mention) ? { ...claim, meant: claim.rule === 'signature' || claim.rule === 'template' } : claim);
  }
  return claims;
}

interface Mention extends Span {
  slug: string;
  service: Service | null;
  common: boolean;
}

function claimOf({ slug, service, start, end }: Mention, { role, gap }: BrandPlace, shadow: Shadow): Claim | null {
  const span = { start, end };
  const own = service?.domains.some((domain) => shadow.search.startsWith(domain, start)) ?? false;
  if (role === 'linked') return own ? { slug, rule: 'mention', rank: RANK.host, gap, span } : null;
  if (role === 'merchant') return { slug, rule: 'merchant', rank: 0, gap, span };
  if (role === 'advert' || (role === 'carrier' && service?.carriesForOthers)) return null;
  const handicap = service?.carriesForOthers ? CARRIER_HANDICAP : 0;
  for (const template of role === 'aside' ? [] : (service?.templates ?? [])) {
    const code = template.brand ? fitTemplate(shadow, span, template, service?.code ?? null) : null;
    if (code) return { slug, rule: 'template', rank: RANK.template, gap, span, code };
  }
  if (role !== 'aside' && isFramed(shadow, span)) return { slug, rule: 'signature', rank: RANK.frame - handicap, gap, span };
  const ranks: Record<Exclude<Role, 'linked' | 'merchant' | 'advert'>, number> = {
    signature: RANK.signature - handicap,
    near: RANK.near,
    mention: RANK.mention,
    aside: RANK.aside,
    carrier: RANK.mention,
  };
  const strong = role === 'signature' || role === 'near';
  return { slug, rule: strong ? 'signature' : 'mention', rank: ranks[role], gap, span };
}

function claimsOfSender({ sender, ordered, book }: ServiceInput): Claim[] {
  const forms = sendersOf(sender);
  const claim = (slug: string): Claim => ({ slug, rule: 'sender', rank: RANK.sender, gap: 0, span: null });
  const wanted = knownService(ordered, book);
  if (!wanted && ordered !== 'any' && forms.includes(foldSender(ordered))) return [claim(ordered)];
  if (wanted && forms.some((form) => wanted.senders.has(form) || wanted.senderPatterns.some((pattern) => fitsSender(form, pattern))))
    return [claim(wanted.slug)];
  const listed = forms.map((form) => book.bySender.get(form)).find((service) => service !== undefined);
  if (listed) return [claim(listed.slug)];
  const patterned = book.senderPatterns.find(({ pattern }) => forms.some((form) => fitsSender(form, pattern)));
  if (patterned) return [claim(patterned.service.slug)];
  const header = foldSender(indianHeader(sender) ?? '');
  if (header === '') return [];
  if (!wanted && ordered !== 'any' && shortens(header, foldSender(ordered))) return [claim(ordered)];
  const [only, ...more] = book.compactNames.filter(([name]) => shortens(header, name));
  return only && more.length === 0 ? [claim(only[1].slug)] : [];
}

function claimsOfHosts(input: ServiceInput): Claim[] {
  const { origin, ordered, book } = input;
  const owner = (host: string): string | null => {
    if (!knownService(ordered, book) && ordered !== 'any' && hasSlugHost(host, ordered)) return ordered;
    return ownerOf(host, book)?.slug ?? null;
  };
  if (origin) {
    const slug = owner(origin.host);
    return slug === null ? [] : [{ slug, rule: 'origin', rank: RANK.origin, gap: 0, span: null }];
  }
  return hostsIn(input).flatMap((host): Claim[] => {
    const slug = owner(host);
    return slug === null ? [] : [{ slug, rule: 'mention', rank: RANK.host, gap: 0, span: null }];
  });
}

function claimsOfPrefix({ prefixes, book }: ServiceInput): Claim[] {
  return prefixes.flatMap((prefix): Claim[] => {
    const service = book.byPrefix.get(prefix);
    return service ? [{ slug: service.slug, rule: 'prefix', rank: RANK.prefix, gap: 0, span: null }] : [];
  });
}

/** Templates without a brand: tried only where the operator wrote some, and only as many as keep a message quick to judge. */
function claimsOfWording({ shadow, book }: ServiceInput): Claim[] {
  return book.brandless.flatMap(({ template, service }): Claim[] => {
    const code = shadow.search.includes(template.longest) ? fitTemplate(shadow, null, template, service.code) : null;
    return code ? [{ slug: service.slug, rule: 'template', rank: RANK.template, gap: 0, span: null, code }] : [];
  });
}

/** The app whose hash stands last. */
function claimsOfAppHash({ shadow, book }: ServiceInput): Claim[] {
  if (book.byAppHash.size === 0) return [];
  const service = book.byAppHash.get(/(?<=\s)[A-Za-z0-9+/]{11}(?=\s{0,8}$)/.exec(shadow.text.slice(-32))?.[0] ?? '');
  return service ? [{ slug: service.slug, rule: 'app_hash', rank: RANK.origin, gap: 0, span: null }] : [];
}

/** The service of a host or of a domain above it. */
function ownerOf(host: string, book: RuleBook): Service | null {
  const labels = host.split('.').slice(-6);
  for (let i = 0; i < labels.length - 1; i++) {
    const service = book.byDomain.get(labels.slice(i).join('.'));
    if (service) return service;
  }
  return null;
}

/** Of names that overlap the longest. Hits come by their start, so that only neighbours can overlap. */
function longest(mentions: readonly Mention[]): Mention[] {
  const kept: Mention[] = [];
  for (const mention of [...mentions].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start).slice(0, MOST_MENTIONS)) {
    if (!kept.some((other) => overlaps(other, mention) && other.end - other.start > mention.end - mention.start)) kept.push(mention);
  }
  return kept;
}

/** A message that names more is a list, or hostile. */
const MOST_MENTIONS = 16;

function hostsIn({ shadow, masks }: ServiceInput): string[] {
  const links = masks.filter((mask) => mask.kind === 'url').map((mask) => shadow.search.slice(mask.start, mask.end));
  return links.slice(0, MOST_MENTIONS).map((link) => link.replace(/^https?:\/\//, '').split(/[/?#:]/)[0] ?? '');
}

function bestOfEach(all: readonly Evidence[]): Evidence[] {
  const best = new Map<string, Evidence>();
  for (const evidence of all) {
    const known = best.get(evidence.slug);
    const better = !known || evidence.confidence > known.confidence ? evidence : known;
    best.set(evidence.slug, { ...better, inText: evidence.inText || known?.inText === true });
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence);
}
