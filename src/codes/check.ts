import { BUILT_IN, type RuleBook } from './book.ts';
import { checkDenied } from './check-denied.ts';
import { checkExamples, checkTemplates } from './check-texts.ts';
import { isOnlyKeywords, isPlain, saysNothingOfItsOwn } from './check-words.ts';
import { foldKeyword } from './normalise.ts';
import { type Complain, complainTo, RULE_LIMITS, type RuleProblem, withinLimits } from './rule-limits.ts';
import publicSuffixes from './rules/public-suffixes.json' with { type: 'json' };
import { fitsSender, senderPatternOf } from './sender-patterns.ts';
import { type ListedRule, type ServiceRule, serviceSlug } from './service-data.ts';
import { foldSender, isGenericSender, sendersOf } from './service-senders.ts';

const PUBLIC_SUFFIXES = new Set(publicSuffixes.suffixes);
const HOST = /^(?=.{4,100}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,24}$/;

/** Everything that is wrong with a service's rules beside those of all other services; nothing when they may be tried. `others` is the book they join. */
export function checkRule(written: ListedRule, others: RuleBook): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const complain = complainTo(problems);
  const rule = withinLimits(written, complain);
  checkNames(rule, others, complain);
  checkSenders(rule, others, complain);
  checkHosts(rule, others, complain);
  checkTemplates(rule, others, complain);
  checkShape(rule, complain);
  checkSisters(rule, others, complain);
  checkDenied(rule, complain);
  checkExamples(rule, complain);
  return problems;
}

function checkNames(rule: ListedRule, others: RuleBook, complain: Complain): void {
  const own = BUILT_IN.rules.get(rule.slug);
  if (rule.name.trim() === '' || rule.name.length > 60 || /\p{Cc}/u.test(rule.name))
    complain('name', null, 'The name must have 1 to 60 characters, on one line.');
  const slug = serviceSlug(rule.name);
  if (!own && (!/^[a-z0-9-]{1,40}$/.test(rule.slug) || rule.slug === 'any'))
    complain(
      'name',
      null,
      'The slug must be 1 to 40 lower-case letters, digits and hyphens, and not "any"; a name with Latin letters gives one.',
    );
  if (slug !== '' && !own && (isPlain(foldKeyword(rule.name)) || isOnlyKeywords(rule.name)))
    complain(
      'name',
      null,
      `"${rule.name}" is a word of ordinary code messages: put it under "Names that are also words" and give a longer name here.`,
    );
  const known = new Set([...(own ? [own.name] : []), ...(own?.aliases ?? []), ...(own?.common ?? [])].map(foldKeyword));
  for (const [field, names, ordinary] of [
    ['name', [rule.name], true],
    ['aliases', rule.aliases ?? [], false],
    ['common', rule.common ?? [], true],
  ] as const) {
    for (const [at, name] of names.entries()) {
      const folded = foldKeyword(name);
      const owner = ownerOf(folded, rule.slug, others);
      const entry = field === 'name' ? null : at + 1;
      if (known.has(folded)) continue;
      if (name.length > 60) complain(field, entry, `"${name.slice(0, 20)}…" has more than 60 characters.`);
      else if (name.includes('*'))
        complain(field, entry, `"${name}" has a *: names are searched as they are, with the endings of grammar.`);
      else if (!ordinary && [...folded].length < 3 && /^[\p{Script=Latin}\d]*$/u.test(folded))
        complain(field, entry, `"${name}" is too short to be found safely: put it under "Names that are also words".`);
      else if (!/[\p{L}\p{N}]/u.test(folded) || (!ordinary && !/\p{L}/u.test(folded)))
        complain(field, entry, `"${name}" has no letter: what has none is no name.`);
      else if (field !== 'name' && isOnlyKeywords(name))
        complain(field, entry, `"${name}" is a word of ordinary code messages: messages of everybody have it.`);
      else if (!ordinary && saysNothingOfItsOwn(name))
        complain(field, entry, `"${name}" is a word of ordinary code messages: put it under "Names that are also words".`);
      else if (owner !== null) complain(field, entry, `"${name}" is a name of ${owner.name} already: messages could not be told apart.`);
    }
  }
  for (const [at, phrase] of (rule.notKeywords ?? []).entries()) {
    const folded = foldKeyword(phrase);
    if (phrase.length > 60 || [...folded].length < 2)
      complain('notKeywords', at + 1, `"${phrase.slice(0, 20)}" must have 2 to 60 characters.`);
    else if ([rule.name, ...(rule.aliases ?? [])].some((name) => foldKeyword(name).includes(folded)))
      complain('notKeywords', at + 1, `"${phrase}" stands in a name of the service itself: nothing of it would be valid any more.`);
  }
}

/** Whose each folded name is, worked out once for a book: every check of a draft asks it. */
const OWNERS = new WeakMap<RuleBook, Map<string, ListedRule[]>>();

/** The service other than this one that has a name, or null. */
function ownerOf(folded: string, slug: string, book: RuleBook): ListedRule | null {
  const owners = OWNERS.get(book) ?? new Map<string, ListedRule[]>();
  if (!OWNERS.has(book)) {
    for (const rule of book.rules.values())
      for (const name of [rule.name, ...(rule.aliases ?? [])]) {
        const key = foldKeyword(name);
        owners.set(key, [...(owners.get(key) ?? []), rule]);
      }
    OWNERS.set(book, owners);
  }
  return owners.get(folded)?.find((rule) => rule.slug !== slug) ?? null;
}

function checkSenders(rule: ListedRule, others: RuleBook, complain: Complain): void {
  const builtIn = new Set(BUILT_IN.rules.get(rule.slug)?.senders ?? []);
  for (const field of ['senders', 'blockedSenders'] as const) {
    const senders = rule[field] ?? [];
    for (const [at, sender] of senders.entries()) {
      if (builtIn.has(sender)) continue;
      const stars = sender.split('*').length - 1;
      const letters = foldSender(sender).length;
      if (sender.length > 40)
        complain(field, at + 1, `"${sender.slice(0, 20)}…" has more than 40 characters; senders have at most 11, or 15 digits.`);
      else if (stars > 3) complain(field, at + 1, `"${sender}" has ${stars} *; at most 3.`);
      else if (letters < (stars > 0 ? 3 : 2))
        complain(field, at + 1, `"${sender}" fits almost every sender: beside the * it needs 3 letters or digits.`);
      else if (field === 'senders' && stars === 0 && isGenericSender(sender) && !/^\+?\d+$/.test(foldSender(sender)))
        complain(field, at + 1, `"${sender}" is a sender that many services share: it says nothing of whose a message is.`);
      else if (field === 'senders') {
        const taken = takenSender(sender, rule.slug, others);
        if (taken) complain(field, at + 1, `"${sender}" ${taken}: messages could not be told apart.`);
      }
    }
  }
  const patterns = (rule.senders ?? []).filter((sender) => sender.includes('*')).length;
  const before = others.senderPatterns.filter(({ service }) => service.slug !== rule.slug).length;
  if (patterns + before > RULE_LIMITS.patterns)
    complain('senders', null, `All services together have at most ${RULE_LIMITS.patterns} senders with a *.`);
  const together = (field: 'blockedSenders' | 'notKeywords') =>
    (rule[field]?.length ?? 0) +
    others.excluding.filter(({ slug }) => slug !== rule.slug).reduce((sum, service) => sum + service[field].length, 0);
  for (const [field, max] of [
    ['blockedSenders', RULE_LIMITS.blocked],
    ['notKeywords', RULE_LIMITS.excludingNames],
  ] as const)
    if ((rule[field] ?? []).length > 0 && together(field) > max)
      complain(field, null, `All services together have at most ${max} of these.`);
}

/** Whose a sender is already, in words; of one with `*`, whose it would take too. Null when it is nobody's. */
function takenSender(sender: string, slug: string, others: RuleBook): string | null {
  const stranger = (service: { slug: string }) => service.slug !== slug;
  const pattern = senderPatternOf(sender);
  if (pattern.length === 1) {
    const owner = sendersOf(sender).flatMap((form) => others.bySender.get(form) ?? [])[0];
    if (owner && stranger(owner)) return `is a sender of ${owner.name} already`;
  }
  const taken = others.services.find((service) => stranger(service) && [...service.senders].some((one) => fitsSender(one, pattern)));
  if (taken) return `also fits a sender of ${taken.name}`;
  // Without its stars it is one of those that fit it.
  const least = foldSender(sender);
  const wider = others.senderPatterns.find(
    (other) => stranger(other.service) && (fitsSender(least, other.pattern) || fitsSender(other.pattern.join(''), pattern)),
  );
  return wider ? `fits what ${wider.service.name} has with a *` : null;
}

/** Whose a host is already, in words: what stands below a domain of another is that one's, and what stands above would take it. */
function takenHost(host: string, slug: string, others: RuleBook): string | null {
  const labels = host.split('.');
  for (let at = 0; at < labels.length; at++) {
    const domain = labels.slice(at).join('.');
    const owner = others.byDomain.get(domain);
    if (owner && owner.slug !== slug)
      return at === 0 ? `is a domain of ${owner.name} already` : `stands below ${domain}, a domain of ${owner.name}`;
    if (owner) return null;
  }
  for (const [domain, owner] of others.byDomain)
    if (owner.slug !== slug && domain.endsWith(`.${host}`)) return `stands above ${domain}, a domain of ${owner.name}`;
  return null;
}

function checkHosts(rule: ListedRule, others: RuleBook, complain: Complain): void {
  for (const [at, host] of (rule.domains ?? []).entries()) {
    if (BUILT_IN.rules.get(rule.slug)?.domains?.includes(host)) continue;
    const taken = takenHost(host, rule.slug, others);
    if (!HOST.test(host))
      complain('domains', at + 1, `"${host.slice(0, 40)}" is no host: write it like example.com, without https:// and path.`);
    else if (PUBLIC_SUFFIXES.has(host)) complain('domains', at + 1, `Below ${host} everybody may have a host: write the service's own.`);
    else if (taken) complain('domains', at + 1, `${host} ${taken}.`);
  }
  for (const [at, hash] of (rule.appHashes ?? []).entries()) {
    const owner = others.byAppHash.get(hash);
    if (!/^[A-Za-z0-9+/]{11}$/.test(hash))
      complain('appHashes', at + 1, `"${hash.slice(0, 20)}" is no app hash: it has exactly 11 of A-Z a-z 0-9 + /.`);
    else if (owner && owner.slug !== rule.slug) complain('appHashes', at + 1, `${hash} is an app hash of ${owner.name} already.`);
  }
}

function checkShape({ code, codePrefix, keptPrefix, minConfidence = 0 }: ServiceRule, complain: Complain): void {
  if (code) {
    const { shortest, longest } = code;
    if (!Number.isInteger(shortest) || shortest < 3 || shortest > 12)
      complain('shortest', null, 'The shortest code must have 3 to 12 characters.');
    if (!Number.isInteger(longest) || longest < shortest || longest > 12)
      complain('longest', null, 'The longest code must have at least as many characters as the shortest, and at most 12.');
  }
  for (const [field, prefix] of [
    ['codePrefix', codePrefix],
    ['keptPrefix', keptPrefix],
  ] as const) {
    if (prefix && !/^[A-Za-z]{1,6}$/.test(prefix))
      complain(field, null, `"${prefix.slice(0, 20)}" must be 1 to 6 Latin letters, without the hyphen: G for G-123456.`);
  }
  if (codePrefix && codePrefix === keptPrefix) complain('keptPrefix', null, 'A prefix is either typed or not: it cannot be both.');
  if (!(minConfidence >= 0 && minConfidence <= 1)) complain('minConfidence', null, 'The least confidence must be a number from 0 to 1.');
}

function checkSisters({ slug, sisters = {} }: ServiceRule, others: RuleBook, complain: Complain): void {
  for (const [at, sister] of Object.keys(sisters).entries()) {
    if (sister === slug) complain('sisters', at + 1, 'A service is no sister of itself.');
    else if (!others.bySlug.has(sister))
      complain('sisters', at + 1, `There is no service "${sister.slice(0, 40)}": write its slug, as it stands in the list.`);
  }
}
