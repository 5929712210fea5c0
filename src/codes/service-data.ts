import { foldKeyword } from './normalise.ts';
import { type Phrase, phraseOf } from './phrases.ts';
import deniedBank from './rules/denied-bank.json' with { type: 'json' };
import deniedGovernment from './rules/denied-government.json' with { type: 'json' };
import deniedHealth from './rules/denied-health.json' with { type: 'json' };
import deniedInsurance from './rules/denied-insurance.json' with { type: 'json' };
import deniedPayment from './rules/denied-payment.json' with { type: 'json' };
import accounts from './rules/services-accounts.json' with { type: 'json' };
import dating from './rules/services-dating.json' with { type: 'json' };
import developers from './rules/services-developers.json' with { type: 'json' };
import foodAndRides from './rules/services-food-and-rides.json' with { type: 'json' };
import gamesAndMedia from './rules/services-games-and-media.json' with { type: 'json' };
import messengers from './rules/services-messengers.json' with { type: 'json' };
import shops from './rules/services-shops.json' with { type: 'json' };
import social from './rules/services-social.json' with { type: 'json' };
import travelAndJobs from './rules/services-travel-and-jobs.json' with { type: 'json' };
import { foldSender } from './service-senders.ts';

/** Kinds of services that are refused unless the operator allows them. */
export type DeniedCategory = 'bank' | 'payment' | 'government' | 'health' | 'insurance';
export const DENIED_CATEGORIES: readonly DeniedCategory[] = ['bank', 'payment', 'government', 'health', 'insurance'];

/** What a service's codes look like; formats change, so it is a hint and no condition. */
export interface CodeShape {
  shortest: number;
  longest: number;
  alphabet: 'digits' | 'alnum' | 'letters';
}

/** A service as the rule files write it. */
interface ServiceRule {
  slug: string;
  name: string;
  /** Other names, product names, names in other scripts: searched folded, in any letter case. */
  aliases?: readonly string[];
  /** Names that are also ordinary words: searched as written, and only where a sender's name stands. */
  common?: readonly string[];
  senders?: readonly string[];
  /** Hosts, each with its subdomains. */
  domains?: readonly string[];
  code?: { shortest: number; longest: number; alphabet: string };
  /** Letters before a hyphen that are printed but not typed (`G-123456`). */
  codePrefix?: string;
  /** Letters before a hyphen that are part of the code, and say whose it is (`FB-12345`). */
  keptPrefix?: string;
  /** It delivers codes of other services: "via WhatsApp" does not make it a code of WhatsApp. */
  carriesForOthers?: boolean;
  /** Brands of the same house: whether a code of theirs counts for an order of this one. */
  sisters?: Readonly<Record<string, string | undefined>>;
  templates?: readonly string[];
}

/** One way a service is named. */
export interface ServiceName {
  phrase: Phrase;
  /** The letter case it must have; null when any will do. */
  written: string | null;
}

/** A service ready for matching. */
export interface Service {
  slug: string;
  name: string;
  category: string;
  denied: DeniedCategory | null;
  names: readonly ServiceName[];
  senders: ReadonlySet<string>;
  domains: readonly string[];
  code: CodeShape | null;
  codePrefix: string | null;
  keptPrefix: string | null;
  carriesForOthers: boolean;
  /** Services whose codes count for this one too. */
  accepts: readonly string[];
  templates: readonly string[];
}

interface RuleFile {
  version: string;
  category: string;
  services: readonly ServiceRule[];
}

const OPEN: readonly RuleFile[] = [accounts, dating, developers, foodAndRides, gamesAndMedia, messengers, shops, social, travelAndJobs];
const DENIED: readonly (RuleFile & { denied: DeniedCategory })[] = [
  { ...deniedBank, denied: 'bank' },
  { ...deniedPayment, denied: 'payment' },
  { ...deniedGovernment, denied: 'government' },
  { ...deniedHealth, denied: 'health' },
  { ...deniedInsurance, denied: 'insurance' },
];

/** Of all files of services, as one. */
export const SERVICE_RULES_VERSION = [...OPEN, ...DENIED].map(({ version }) => version).reduce((sum, version) => sum + Number(version), 0);

/** Every service with rules of its own: those to order, and those that are refused by default. */
export const SERVICES: readonly Service[] = [
  ...OPEN.flatMap(({ category, services }) => services.map((rule) => serviceOf(rule, category, null))),
  ...DENIED.flatMap(({ category, services, denied }) => services.map((rule) => serviceOf(rule, category, denied))),
];

const BY_SLUG = new Map(SERVICES.map((service) => [service.slug, service]));
const BY_ALIAS = aliasesOf([...OPEN, ...DENIED].flatMap(({ services }) => services));

/** The service of a slug, also of another name's slug: `twitter` is X. Null when no rules know it. */
export function knownService(slug: string): Service | null {
  return BY_SLUG.get(slug) ?? BY_SLUG.get(BY_ALIAS.get(slug) ?? '') ?? null;
}

/** A service's slug from its name: lower case, everything but letters and digits becomes a single hyphen. `Disney+ Hotstar` is `disney-hotstar`. */
export function serviceSlug(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

function serviceOf(rule: ServiceRule, category: string, denied: DeniedCategory | null): Service {
  const common = rule.common ?? [];
  const ordinary = new Set(common.map(foldKeyword));
  // A host with a space for its dot is no name: "en la web de …".
  const plain = [rule.name, ...(rule.slug.length > 4 && !rule.name.includes('.') ? [rule.slug.replaceAll('-', ' ')] : [])].filter(
    (name) => !ordinary.has(foldKeyword(name)),
  );
  const aliases = (rule.aliases ?? []).map((alias): ServiceName => ({ phrase: nameOf(alias), written: null }));
  const own = [...new Set(plain.map(foldKeyword))].map((name): ServiceName => ({ phrase: nameOf(name), written: null }));
  const exact = common.map((name): ServiceName => ({ phrase: { ...nameOf(name), endings: name.length >= 4 ? 3 : 0 }, written: name }));
  return {
    slug: rule.slug,
    name: rule.name,
    category,
    denied,
    names: distinctNames([...own, ...aliases, ...exact]),
    senders: new Set([...(rule.senders ?? []), rule.name, rule.slug].map(foldSender)),
    domains: rule.domains ?? [],
    code: rule.code === undefined ? null : { ...rule.code, alphabet: alphabetOf(rule.code.alphabet) },
    codePrefix: rule.codePrefix ?? null,
    keptPrefix: rule.keptPrefix ?? null,
    carriesForOthers: rule.carriesForOthers ?? false,
    accepts: Object.entries(rule.sisters ?? {}).flatMap(([slug, how]) => (how === 'accept' ? [slug] : [])),
    templates: rule.templates ?? [],
  };
}

/** Names take grammatical endings in many languages; of short ones an ending would make other words. */
function nameOf(name: string): Phrase {
  const phrase = phraseOf(name);
  // Indian names lose their final vowel killer before an ending.
  const needle = phrase.needle.replace(/[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d]$/u, '');
  return { ...phrase, needle, openLeft: phrase.openLeft || name.length >= 5, endings: name.length >= 4 ? 3 : 0 };
}

function distinctNames(names: readonly ServiceName[]): ServiceName[] {
  const key = ({ phrase, written }: ServiceName) => `${phrase.needle}\n${written ?? ''}`;
  return [...new Map(names.map((name) => [key(name), name])).values()];
}

function alphabetOf(written: string): CodeShape['alphabet'] {
  if (written === 'digits' || written === 'alnum' || written === 'letters') return written;
  throw new Error(`A rule file of services says alphabet "${written}"; it must be digits, alnum or letters.`);
}

/** Slugs of aliases, where exactly one service has them. */
function aliasesOf(rules: readonly ServiceRule[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { slug, name, aliases = [] } of rules) {
    for (const alias of [
      serviceSlug(name),
      ...aliases.map(serviceSlug),
      ...aliases.map((alias) => serviceSlug(alias).replaceAll('-', '')),
    ]) {
      if (!BY_SLUG.has(alias) && !found.has(alias)) found.set(alias, slug);
    }
  }
  return found;
}
