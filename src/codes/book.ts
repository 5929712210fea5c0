import type { Shadow } from './normalise.ts';
import { type Hit, indexPhrases, type PhraseIndex } from './phrase-index.ts';
import type { SenderPattern } from './sender-patterns.ts';
import {
  BUILT_IN_RULES,
  type ListedRule,
  type Service,
  type ServiceName,
  type ServiceRule,
  serviceOf,
  serviceSlug,
} from './service-data.ts';
import { foldSender } from './service-senders.ts';
import type { Template } from './templates.ts';
import { RULE_VERSION } from './version.ts';

/**
 * All rules of services, ready for matching: a value that never changes. Whoever judges is handed one, so that a message is judged by one version
 * of the rules from start to end.
 */
export interface RuleBook {
  /** Of the rules that come with the program; after a `+` what the operator published. */
  version: string;
  /** As written, by slug: what the operator sees and edits. */
  rules: ReadonlyMap<string, ListedRule>;
  services: readonly Service[];
  /** Those that may be ordered by default, by slug. Any other slug works too, from its name alone. */
  orderable: readonly { slug: string; name: string; category: string }[];
  bySlug: ReadonlyMap<string, Service>;
  byAlias: ReadonlyMap<string, string>;
  names: PhraseIndex<NameOfService>;
  bySender: ReadonlyMap<string, Service>;
  senderPatterns: readonly { pattern: SenderPattern; service: Service }[];
  byDomain: ReadonlyMap<string, Service>;
  byAppHash: ReadonlyMap<string, Service>;
  byPrefix: ReadonlyMap<string, Service>;
  compactNames: readonly (readonly [string, Service])[];
  /** Templates that name no brand: their wording alone says whose the message is. */
  brandless: readonly { template: Template; service: Service }[];
  /** Services that exclude senders or names. */
  excluding: readonly Service[];
  /** What services without rules are called by the operator, by slug. */
  shownNames?: ReadonlyMap<string, string>;
}

interface NameOfService {
  service: Service;
  name: ServiceName;
}

/** What an operator changed: for each service the fields that differ from the built-in ones, or all of them for an own service. */
export interface RuleChanges {
  services: Readonly<Record<string, Partial<ServiceRule> & { category?: string; denied?: ListedRule['denied'] }>>;
}

/** Rules are values too: those that did not change are not read again for the next version. */
const COMPILED = new WeakMap<ListedRule, Service>();

export const NO_CHANGES: RuleChanges = { services: {} };

/** The rules of services with the operator's changes laid over those that come with the program; own services come last. */
export function mergedRules({ services }: RuleChanges): ListedRule[] {
  const own = new Map(Object.entries(services));
  const merged = BUILT_IN_RULES.map((rule): ListedRule => {
    const change = own.get(rule.slug);
    own.delete(rule.slug);
    return change ? { ...rule, ...change, slug: rule.slug } : rule;
  });
  return [...merged, ...[...own].map(([slug, rule]): ListedRule => ({ name: slug, category: 'own', denied: null, ...rule, slug }))];
}

/** Makes the book of the built-in rules and an operator's changes. Pure; takes a few milliseconds for a thousand services. */
export function compileBook(changes: RuleChanges, edition: string): RuleBook {
  return bookOf(mergedRules(changes), `${RULE_VERSION}+${edition}`);
}

/** The book of the rules that come with the program alone. */
export const BUILT_IN: RuleBook = bookOf(BUILT_IN_RULES, RULE_VERSION);

const BOOKS_OF_NAMES = new WeakMap<RuleBook, RuleBook>();

/**
 * The built-in rules with no more of an operator's services than their names, which are checked to be no denied institution's and no ordinary words:
 * what a denied message is told by. Worked out once for a book.
 */
export function bookOfNames(book: RuleBook): RuleBook {
  const known = BOOKS_OF_NAMES.get(book);
  if (known) return known;
  const own = [...book.rules.values()].filter(({ slug }) => !BUILT_IN.rules.has(slug));
  const names = own.map(({ slug, name, aliases = [], common = [], category, denied }): ListedRule => {
    return { slug, name, aliases, common, category, denied };
  });
  const made = names.length === 0 ? BUILT_IN : bookOf([...BUILT_IN_RULES, ...names], book.version);
  BOOKS_OF_NAMES.set(book, made);
  return made;
}

const OWN_DENIED = new WeakMap<RuleBook, boolean>();

/** Whether an operator wrote, or wrote something of, a service that is denied. */
export function hasOwnDenied(book: RuleBook): boolean {
  const known = OWN_DENIED.get(book) ?? book.services.some((service) => service.denied && BUILT_IN.bySlug.get(service.slug) !== service);
  OWN_DENIED.set(book, known);
  return known;
}

/** The service of a slug, also of another name's slug: `twitter` is X. Null when no rules know it. */
export function knownService(slug: string, { bySlug, byAlias }: RuleBook): Service | null {
  return bySlug.get(slug) ?? bySlug.get(byAlias.get(slug) ?? '') ?? null;
}

const NAMES = new WeakMap<Shadow, { book: RuleBook; hits: readonly Hit<NameOfService>[] }>();

/** Every name of a book's services in a message. Asked for the order, for the denied kinds and for whom else it names, and searched once. */
export function namesIn(shadow: Shadow, book: RuleBook): readonly Hit<NameOfService>[] {
  const known = NAMES.get(shadow);
  if (known?.book === book) return known.hits;
  const hits = book.names.find(shadow.search);
  NAMES.set(shadow, { book, hits });
  return hits;
}

function bookOf(rules: readonly ListedRule[], version: string): RuleBook {
  const services = rules.map(compiled);
  const bySlug = new Map(services.map((service) => [service.slug, service]));
  const each = <T>(part: (service: Service) => readonly T[]) =>
    services.flatMap((service) => part(service).map((one): [T, Service] => [one, service]));
  return {
    version,
    rules: new Map(rules.map((rule) => [rule.slug, rule])),
    services,
    orderable: services
      .filter(({ denied }) => denied === null)
      .map(({ slug, name, category }) => ({ slug, name, category }))
      .sort((a, b) => (a.slug < b.slug ? -1 : 1)),
    bySlug,
    byAlias: aliasesOf(rules, bySlug),
    names: indexPhrases(each(({ names }) => names).map(([name, service]) => ({ phrase: name.phrase, tag: { service, name } }))),
    bySender: new Map(each(({ senders }) => [...senders])),
    senderPatterns: each(({ senderPatterns }) => senderPatterns).map(([pattern, service]) => ({ pattern, service })),
    byDomain: new Map(each(({ domains }) => domains)),
    byAppHash: new Map(each(({ appHashes }) => appHashes)),
    byPrefix: new Map(each(({ codePrefix, keptPrefix }) => [codePrefix, keptPrefix].filter((prefix) => prefix !== null)).reverse()),
    compactNames: services.map((service) => [foldSender(service.name), service] as const),
    brandless: each(({ templates }) => templates.filter(({ brand }) => !brand)).map(([template, service]) => ({ template, service })),
    excluding: services.filter(({ blockedSenders, notKeywords }) => blockedSenders.length + notKeywords.length > 0),
  };
}

function compiled(rule: ListedRule): Service {
  const before = COMPILED.get(rule);
  if (before) return before;
  const service = serviceOf(rule);
  COMPILED.set(rule, service);
  return service;
}

/** Slugs of aliases, where exactly one service has them. */
function aliasesOf(rules: readonly ServiceRule[], bySlug: ReadonlyMap<string, Service>): Map<string, string> {
  const found = new Map<string, string>();
  for (const { slug, name, aliases = [] } of rules) {
    const slugs = aliases.map(serviceSlug);
    for (const alias of [serviceSlug(name), ...slugs, ...slugs.map((one) => one.replaceAll('-', ''))]) {
      if (!bySlug.has(alias) && !found.has(alias)) found.set(alias, slug);
    }
  }
  return found;
}
