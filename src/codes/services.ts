import { type BrandPlace, isNamed, placeOf, type Role, type Surroundings } from './brand-roles.ts';
import type { OriginBound } from './candidates.ts';
import type { Mask } from './mask.ts';
import type { Shadow } from './normalise.ts';
import { indexPhrases, overlaps, type Span } from './phrases.ts';
import { type CodeShape, knownService, SERVICES, type Service, type ServiceName } from './service-data.ts';
import { foldSender, indianHeader, sendersOf, shortens } from './service-senders.ts';
import { FRAMES, fitsTemplate, templateOf } from './templates.ts';
import { findSlug, goesOnInCamelCase, hasSlugHost } from './unknown-service.ts';

export { SERVICE_RULES_VERSION, serviceSlug } from './service-data.ts';
export { isGenericSender } from './service-senders.ts';
export { hasUnknownBrand } from './unknown-brand.ts';

/** Why a message is taken for one of a service; the confidence is that of the kind of evidence. */
export interface Evidence {
  slug: string;
  rule: 'template' | 'origin' | 'sender' | 'prefix' | 'signature' | 'mention' | 'merchant';
  confidence: number;
  /** Where the name stands in the text, when it was found there. */
  span: Span | null;
}

const CONFIDENCE = { template: 0.99, origin: 0.98, sender: 0.95, prefix: 0.9, signature: 0.9, mention: 0.75, merchant: 0.3 } as const;
/** Evidence from here on says which service it is, even against the order. */
export const STRONG_EVIDENCE = 0.9;
/**
 * Which of several services a message is for. What the text says of the code goes before the sender, since houses send for all their brands and
 * gateways for everybody; the sender goes before a name that is merely near.
 */
const RANK = { template: 9, origin: 8, frame: 7, signature: 5, prefix: 4.5, sender: 4, near: 3, host: 2, mention: 1, aside: 0.5 } as const;
/** Whoever brings codes of others puts its name before theirs (`VK: code for Acme`). */
const CARRIER_HANDICAP = 1;

const INDEX = indexPhrases(SERVICES.flatMap((service) => service.names.map((name) => ({ phrase: name.phrase, tag: { service, name } }))));
const TEMPLATES = new Map(SERVICES.map(({ slug, templates }) => [slug, templates.map(templateOf)]));
const BY_SENDER = new Map(SERVICES.flatMap((service) => [...service.senders].map((sender): [string, Service] => [sender, service])));
const BY_DOMAIN = new Map(SERVICES.flatMap((service) => service.domains.map((domain): [string, Service] => [domain, service])));
const BY_PREFIX = new Map(
  SERVICES.flatMap((service) =>
    [service.codePrefix, service.keptPrefix].flatMap((prefix): [string, Service][] => (prefix === null ? [] : [[prefix, service]])),
  ).reverse(),
);
const COMPACT_NAMES = SERVICES.map((service): [string, Service] => [foldSender(service.name), service]);

/** The services with rules of their own that may be ordered by default, by slug. Any other slug works too, from its name alone. */
export const knownServices: readonly { slug: string; name: string; category: string }[] = SERVICES.filter(({ denied }) => denied === null)
  .map(({ slug, name, category }) => ({ slug, name, category }))
  .sort((a, b) => (a.slug < b.slug ? -1 : 1));

/** The name people know a service by: `telegram` is "Telegram"; an unknown slug in title case; `any` is "Any service". */
export function serviceName(slug: string): string {
  if (slug === 'any') return 'Any service';
  const known = knownService(slug);
  if (known) return known.name;
  return slug
    .split('-')
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** What to strip before the hyphen of a service's codes, such as Google's `G`; null when nothing. */
export function codePrefixOf(slug: string | null): string | null {
  return slug === null ? null : (knownService(slug)?.codePrefix ?? null);
}

/** What a service's codes usually look like; null when that is not known. */
export function codeShapeOf(slug: string): CodeShape | null {
  return knownService(slug)?.code ?? null;
}

/** Whether a code, without separators, has the usual shape of a service's; true when the shape is not known. */
export function hasShapeOf(slug: string, code: string): boolean {
  const shape = codeShapeOf(slug);
  if (shape === null) return true;
  const bare = code.replace(/[\s-]/g, '');
  const alphabet = { digits: /^\d+$/, alnum: /^[A-Za-z\d]+$/, letters: /^[A-Za-z]+$/ }[shape.alphabet];
  return bare.length >= shape.shortest && bare.length <= shape.longest && alphabet.test(bare);
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
  /** Words for what a code is for. */
  purposes: readonly Span[];
}

interface Claim {
  slug: string;
  rule: Evidence['rule'];
  rank: number;
  gap: number;
  span: Span | null;
}

/**
 * The evidence of the one service a message is for, and of the shops it names; nothing of services it names otherwise ("via WhatsApp", "not even
 * Facebook"). Evidence of a sister brand whose codes count for the ordered service is given as the ordered service's. Strongest first.
 */
export function findEvidence(input: ServiceInput): Evidence[] {
  const claims = [...claimsOfText(input), ...claimsOfSender(input), ...claimsOfHosts(input), ...claimsOfPrefix(input)];
  const merchants = claims.filter(({ rule }) => rule === 'merchant');
  const wanted = knownService(input.ordered);
  // Where two services have one name, it is the ordered one's.
  const isWanted = ({ slug }: Claim) => (slug === (wanted?.slug ?? input.ordered) ? 1 : 0);
  const ranked = claims
    .filter(({ rule }) => rule !== 'merchant')
    .sort((a, b) => b.rank - a.rank || a.gap - b.gap || isWanted(b) - isWanted(a));
  const winner = ranked[0];
  const found = winner === undefined ? [] : [winner, ...claims.filter((claim) => claim !== winner && claim.slug === winner.slug)];
  const slugOf = (slug: string) => (slug === wanted?.slug || wanted?.accepts.includes(slug) ? input.ordered : slug);
  return bestOfEach(
    [...found, ...merchants].map(({ slug, rule, span }) => ({ slug: slugOf(slug), rule, confidence: CONFIDENCE[rule], span })),
  );
}

function claimsOfText(input: ServiceInput): Claim[] {
  const { shadow, masks, anchors, ordered, purposes } = input;
  const words = anchors.filter((anchor) => !/\d/.test(shadow.text.slice(anchor.start, anchor.end)));
  const surroundings: Surroundings = {
    shadow,
    masks,
    keywords: words,
    candidates: anchors.filter((anchor) => !words.includes(anchor)),
    purposes,
  };
  const known = INDEX.find(shadow.search)
    .filter(({ tag, ...span }) => isWritten(shadow, span, tag.name))
    .map(({ tag, start, end }) => ({ slug: tag.service.slug, service: tag.service, common: isWord(tag.name), start, end }));
  const unknown =
    ordered === 'any' || knownService(ordered) ? [] : findSlug(shadow, ordered).map((span) => ({ slug: ordered, service: null, ...span }));
  const claims: Claim[] = [];
  for (const mention of longest([...unknown, ...known])) {
    if (mention.common && !isNamed(mention, surroundings) && !isFramed(shadow, mention)) continue;
    const place = placeOf(mention, surroundings);
    const claim = claimOf(mention, place, shadow);
    if (claim) claims.push(claim);
  }
  return claims;
}

/** Whether a name and a code stand in a wording that any service uses. */
function isFramed(shadow: Shadow, span: Span): boolean {
  return FRAMES.some((frame) => fitsTemplate(shadow, span, frame));
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
  if (role === 'carrier' && service?.carriesForOthers) return null;
  const handicap = service?.carriesForOthers ? CARRIER_HANDICAP : 0;
  if (TEMPLATES.get(slug)?.some((template) => fitsTemplate(shadow, span, template)))
    return { slug, rule: 'template', rank: RANK.template, gap, span };
  if (isFramed(shadow, span)) return { slug, rule: 'signature', rank: RANK.frame - handicap, gap, span };
  const ranks: Record<Exclude<Role, 'linked' | 'merchant'>, number> = {
    signature: RANK.signature - handicap,
    near: RANK.near,
    mention: RANK.mention,
    aside: RANK.aside,
    carrier: RANK.mention,
  };
  const strong = role === 'signature' || role === 'near';
  return { slug, rule: strong ? 'signature' : 'mention', rank: ranks[role], gap, span };
}

function claimsOfSender({ sender, ordered }: ServiceInput): Claim[] {
  const forms = sendersOf(sender);
  const claim = (slug: string): Claim => ({ slug, rule: 'sender', rank: RANK.sender, gap: 0, span: null });
  const wanted = knownService(ordered);
  if (!wanted && ordered !== 'any' && forms.includes(foldSender(ordered))) return [claim(ordered)];
  if (wanted && forms.some((form) => wanted.senders.has(form))) return [claim(wanted.slug)];
  const listed = forms.map((form) => BY_SENDER.get(form)).find((service) => service !== undefined);
  if (listed) return [claim(listed.slug)];
  const header = foldSender(indianHeader(sender) ?? '');
  if (header === '') return [];
  if (!wanted && ordered !== 'any' && shortens(header, foldSender(ordered))) return [claim(ordered)];
  const [only, ...more] = COMPACT_NAMES.filter(([name]) => shortens(header, name));
  return only && more.length === 0 ? [claim(only[1].slug)] : [];
}

function claimsOfHosts(input: ServiceInput): Claim[] {
  const { origin, ordered } = input;
  const owner = (host: string): string | null => {
    if (!knownService(ordered) && ordered !== 'any' && hasSlugHost(host, ordered)) return ordered;
    return ownerOf(host)?.slug ?? null;
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

function claimsOfPrefix({ prefixes }: ServiceInput): Claim[] {
  return prefixes.flatMap((prefix): Claim[] => {
    const service = BY_PREFIX.get(prefix);
    return service ? [{ slug: service.slug, rule: 'prefix', rank: RANK.prefix, gap: 0, span: null }] : [];
  });
}

/** The service of a host or of a domain above it. */
function ownerOf(host: string): Service | null {
  const labels = host.split('.').slice(-6);
  for (let i = 0; i < labels.length - 1; i++) {
    const service = BY_DOMAIN.get(labels.slice(i).join('.'));
    if (service) return service;
  }
  return null;
}

/** A name that is also a word, as far as its letters can tell: nobody says VTB or DHL and means something else. */
function isWord({ written }: ServiceName): boolean {
  return written !== null && !/^[BCDFGHJ-NP-TV-XZ]{3,}$/.test(written);
}

/**
 * Names that are also words must have their letter case. Names of one or two letters must not be pieces of codes (`X-1234`), and digits at a name's
 * edge must not be part of a longer number.
 */
function isWritten(shadow: Shadow, span: Span, { written }: ServiceName): boolean {
  const { text } = shadow;
  if (goesOnInCamelCase(shadow, span) || !startsWord(shadow, span) || !isDeclined(shadow, span)) return false;
  const [left, right] = [text.charAt(span.start - 1), text.charAt(span.end)];
  if (/\d/.test(left) && /\d/.test(text.charAt(span.start))) return false;
  if (/\d/.test(right) && /\d/.test(text.charAt(span.end - 1))) return false;
  if (written === null) return !isOtherWord(shadow, span);
  const found = text.slice(span.start, span.end);
  if (found !== written && (found !== written.toUpperCase() || /\p{Ll}/u.test(text))) return false;
  const piece =
    /(?:[\p{N}*#]|\d-)$/u.test(text.slice(Math.max(0, span.start - 2), span.start)) ||
    /^(?:[\p{N}*#]|-\d)/u.test(text.slice(span.end, span.end + 2));
  return span.end - span.start > 2 || !piece;
}

const CASED = /[\p{Script=Latin}\p{Script=Cyrillic}]/u;

/** Names are found within words too, since some languages put particles before them (`yeWhatsApp`): there the capital must tell. */
function startsWord({ text }: Shadow, { start }: Span): boolean {
  if (!CASED.test(text.charAt(start)) || !CASED.test(text.charAt(start - 1))) return true;
  return /\p{Lu}/u.test(text.charAt(start)) && /(?<!\p{L})\p{Ll}{1,3}$/u.test(text.slice(Math.max(0, start - 4), start));
}

/** A name of four letters with an ending must have its capital, and the ending none: `Woltiin`, not `swoltes`. */
function isDeclined({ text }: Shadow, { start, end }: Span): boolean {
  if (end - start > 4 || !CASED.test(text.charAt(end - 1)) || !CASED.test(text.charAt(end))) return true;
  return (
    /\p{Lu}/u.test(text.charAt(start)) && /\p{Ll}/u.test(text.charAt(end)) && !/^(?:s|ed|er|ing)(?!\p{L})/u.test(text.slice(end, end + 4))
  );
}

/** A short name in letters that only fold to it is another word: German "über" is not Uber. */
function isOtherWord({ text, search }: Shadow, { start, end }: Span): boolean {
  const ascii = /^[a-z\d]{1,5}$/;
  return ascii.test(search.slice(start, end)) && !ascii.test(text.slice(start, end).toLowerCase());
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
    if (!known || evidence.confidence > known.confidence) best.set(evidence.slug, evidence);
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence);
}
