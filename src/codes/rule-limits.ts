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
  domains: 40,
  hashes: 20,
  templates: 20,
  examples: 20,
  brandless: 100,
  patterns: 500,
} as const;

/** Notes a problem of one field. */
export type Complain = (field: string, entry: number | null, message: string) => void;
