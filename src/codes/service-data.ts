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
import { type SenderPattern, senderPatternOf } from './sender-patterns.ts';
import { foldSender } from './service-senders.ts';
import { type Template, templateOf } from './templates.ts';

/** Kinds of services that are refused unless the operator allows them. */
export type DeniedCategory = 'bank' | 'payment' | 'government' | 'health' | 'insurance';
export const DENIED_CATEGORIES: readonly DeniedCategory[] = ['bank', 'payment', 'government', 'health', 'insurance'];

/** What a service's codes look like; formats change, so it is a hint and no condition. */
export interface CodeShape {
  shortest: number;
  longest: number;
  alphabet: 'digits' | 'alnum' | 'letters';
}

/** What one message of a service's examples must come to, for an order of the service while the SIM has other orders too. */
export interface RuleExample {
  text: string;
  sender: string;
  verdict: 'accept' | 'review' | 'reject';
  /** Only with `accept`. */
  code: string | null;
}

/** A service as the rule files and the operator write it. */
export interface ServiceRule {
  slug: string;
  name: string;
  /** Other names, product names, names in other scripts: searched folded, in any letter case. */
  aliases?: readonly string[];
  /** Names that are also ordinary words: searched as written, and only where a sender's name stands. */
  common?: readonly string[];
  /** As they are printed; `*` stands for any run of characters. */
  senders?: readonly string[];
  /** Senders whose messages are never of this service, whatever the text says. */
  blockedSenders?: readonly string[];
  /** Names of others, such as sister brands: a text with one of them is not of this service. */
  notKeywords?: readonly string[];
  /** The 11 characters by which Android finds the app (SMS Retriever). */
  appHashes?: readonly string[];
  /** Hosts, each with its subdomains. */
  domains?: readonly string[];
  code?: { shortest: number; longest: number; alphabet: string } | null;
  /** Letters before a hyphen that are printed but not typed (`G-123456`). */
  codePrefix?: string | null;
  /** Letters before a hyphen that are part of the code, and say whose it is (`FB-12345`). */
  keptPrefix?: string | null;
  /** It delivers codes of other services: "via WhatsApp" does not make it a code of WhatsApp. */
  carriesForOthers?: boolean;
  /** Brands of the same house: whether a code of theirs counts for an order of this one. */
  sisters?: Readonly<Record<string, string | undefined>>;
  templates?: readonly string[];
  /** Whether spaces and hyphens are typed; null (as usual): not between equal groups of digits, else as printed. */
  separators?: 'strip' | 'keep' | null;
  /** Whether weak evidence will do (a mere mention; no name at all on a SIM with one order); else the operator decides. Yes when absent. */
  acceptWeak?: boolean;
  /** 0 to 1: below it the operator decides. */
  minConfidence?: number;
  examples?: readonly RuleExample[];
}

/** A service's rules with the list they are on. */
export interface ListedRule extends ServiceRule {
  category: string;
  denied: DeniedCategory | null;
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
  senderPatterns: readonly SenderPattern[];
  blockedSenders: readonly SenderPattern[];
  notKeywords: readonly Phrase[];
  appHashes: readonly string[];
  domains: readonly string[];
  code: CodeShape | null;
  codePrefix: string | null;
  keptPrefix: string | null;
  carriesForOthers: boolean;
  /** Services whose codes count for this one too. */
  accepts: readonly string[];
  templates: readonly Template[];
  separators: 'strip' | 'keep' | null;
  acceptWeak: boolean;
  minConfidence: number;
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

/** The rules that come with the program: of services to order, and of those that are refused by default. */
export const BUILT_IN_RULES: readonly ListedRule[] = [...OPEN.map((file) => ({ ...file, denied: null })), ...DENIED].flatMap(
  ({ category, denied, services }) => services.map((rule) => ({ ...rule, category, denied })),
);

/** A service's slug from its name: lower case, everything but letters and digits becomes a single hyphen. `Disney+ Hotstar` is `disney-hotstar`. */
export function serviceSlug(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** A service ready for matching, from its rules. */
export function serviceOf(rule: ListedRule): Service {
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
    category: rule.category,
    denied: rule.denied,
    names: distinctNames([...own, ...aliases, ...exact].flatMap((name) => [name, ...declinedOf(name)])),
    senders: new Set([...(rule.senders ?? []).filter((sender) => !sender.includes('*')), rule.name, rule.slug].map(foldSender)),
    senderPatterns: (rule.senders ?? []).filter((sender) => sender.includes('*')).map(senderPatternOf),
    blockedSenders: (rule.blockedSenders ?? []).map(senderPatternOf),
    notKeywords: (rule.notKeywords ?? []).map(phraseOf),
    appHashes: rule.appHashes ?? [],
    domains: rule.domains ?? [],
    code: !rule.code ? null : { ...rule.code, alphabet: alphabetOf(rule.code.alphabet) },
    codePrefix: rule.codePrefix ?? null,
    keptPrefix: rule.keptPrefix ?? null,
    carriesForOthers: rule.carriesForOthers ?? false,
    accepts: Object.entries(rule.sisters ?? {}).flatMap(([slug, how]) => (how === 'accept' ? [slug] : [])),
    templates: (rule.templates ?? []).map(templateOf),
    separators: rule.separators ?? null,
    acceptWeak: rule.acceptWeak ?? true,
    minConfidence: rule.minConfidence ?? 0,
  };
}

/** Names take grammatical endings in many languages; of short ones an ending would make other words. */
function nameOf(name: string): Phrase {
  const phrase = phraseOf(name);
  // Indian names lose their final vowel killer before an ending.
  const needle = phrase.needle.replace(/[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d]$/u, '');
  return { ...phrase, needle, openLeft: phrase.openLeft || name.length >= 5, endings: name.length >= 4 ? 3 : 0 };
}

/** Slavic names in -а and -я change that vowel instead of taking an ending: "в Юлу", "з Розетки". */
function declinedOf({ phrase, written }: ServiceName): ServiceName[] {
  const [, stem, vowel] = /^(\p{Script=Cyrillic}{2,})([ая])$/u.exec(phrase.needle) ?? [];
  if (stem === undefined || written !== null) return [];
  const endings = vowel === 'а' ? ['у', 'ы', 'и', 'е', 'ой'] : ['ю', 'и', 'і', 'е', 'ей', 'у', 'ы', 'ой'];
  return endings.map((ending) => ({ phrase: { ...phrase, needle: stem + ending, endings: 0 }, written: null }));
}

function distinctNames(names: readonly ServiceName[]): ServiceName[] {
  const key = ({ phrase, written }: ServiceName) => `${phrase.needle}\n${written ?? ''}`;
  return [...new Map(names.map((name) => [key(name), name])).values()];
}

function alphabetOf(written: string): CodeShape['alphabet'] {
  if (written === 'digits' || written === 'alnum' || written === 'letters') return written;
  throw new Error(`A rule file of services says alphabet "${written}"; it must be digits, alnum or letters.`);
}
