import type { ListedRule } from './service-data.ts';

/** What is wrong with a rule: in which field, at which of its entries (from 1; null: the field as a whole), and what would be right. */
export interface RuleProblem {
  field: string;
  entry: number | null;
  message: string;
}

/** Bounds of what an operator may write; with them every message stays quick to judge. */
export const RULE_LIMITS = {
  names: 60,
  senders: 100,
  blockedSenders: 20,
  domains: 40,
  hashes: 20,
  templates: 20,
  examples: 20,
  /** Of all services together. */
  brandless: 30,
  patterns: 300,
  blocked: 300,
  excludingNames: 300,
} as const;

/** The lists of a rule with how many entries each may have. */
const LISTS = [
  ['aliases', RULE_LIMITS.names, 'names'],
  ['common', RULE_LIMITS.names, 'names'],
  ['notKeywords', RULE_LIMITS.names, 'entries'],
  ['senders', RULE_LIMITS.senders, 'senders'],
  ['blockedSenders', RULE_LIMITS.blockedSenders, 'senders'],
  ['domains', RULE_LIMITS.domains, 'domains'],
  ['appHashes', RULE_LIMITS.hashes, 'hashes'],
  ['templates', RULE_LIMITS.templates, 'templates'],
  ['examples', RULE_LIMITS.examples, 'examples'],
] as const;

/** More of one field nobody reads. */
const COMPLAINTS_MAX = 20;

/** Complains of lists that are too long, and gives the rule without them: what is refused for its length is not read entry by entry. */
export function withinLimits(rule: ListedRule, complain: Complain): ListedRule {
  const long = LISTS.filter(([field, max, what]) => {
    const count = rule[field]?.length ?? 0;
    if (count > max) complain(field, null, `At most ${max} ${what}; these are ${count}.`);
    return count > max;
  });
  const sisters = Object.keys(rule.sisters ?? {}).length;
  if (sisters > RULE_LIMITS.names) complain('sisters', null, `At most ${RULE_LIMITS.names} services; these are ${sisters}.`);
  const emptied = Object.fromEntries(long.map(([field]) => [field, []]));
  return { ...rule, ...emptied, ...(sisters > RULE_LIMITS.names ? { sisters: {} } : {}) };
}

/** Notes problems, of each field the first ones and that there are more. */
export function complainTo(problems: RuleProblem[]): Complain {
  const counts = new Map<string, number>();
  return (field, entry, message) => {
    const count = (counts.get(field) ?? 0) + 1;
    counts.set(field, count);
    if (count <= COMPLAINTS_MAX) problems.push({ field, entry, message });
    else if (count === COMPLAINTS_MAX + 1) problems.push({ field, entry: null, message: 'Further entries are wrong too.' });
  };
}

/** Notes a problem of one field. */
export type Complain = (field: string, entry: number | null, message: string) => void;
