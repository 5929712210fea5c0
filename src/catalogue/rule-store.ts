import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { PRICES_AUDITED } from './changes.ts';
import { type PriceRule, RULES_MAX } from './price-rules.ts';

/** The rules in their order. */
export function priceRules(db: Database): PriceRule[] {
  const row = db.query<{ value: string }, []>("SELECT value FROM settings WHERE key = 'price_rules'").get();
  return row === null ? [] : (JSON.parse(row.value) as PriceRule[]);
}

function keep(tx: Tx, rules: readonly PriceRule[]): void {
  tx.db
    .query("INSERT INTO settings (key, value) VALUES ('price_rules', $rules) ON CONFLICT (key) DO UPDATE SET value = $rules")
    .run({ rules: JSON.stringify(rules) });
}

/** Adds a rule after the others; `words` say what it is in the audit log. */
export function addRule(tx: Tx, userId: string, rule: PriceRule, words: string): void {
  const rules = priceRules(tx.db);
  if (rules.length >= RULES_MAX) throw new Refusal('limit_reached', `There are ${RULES_MAX} rules, which is the most; remove one first.`);
  keep(tx, [...rules, rule]);
  writeAudit(tx, { userId, action: 'prices.rule_added', target: PRICES_AUDITED, detail: `Rule added: ${words}.` });
}

/** Moves the rule at a place (from 0) up or down, or takes it out. `isThat`: that it is still the one that was looked at. */
export function moveRule(
  tx: Tx,
  userId: string,
  at: number,
  verb: 'up' | 'down' | 'remove',
  words: string,
  isThat: (rule: PriceRule) => boolean,
): void {
  const rules = priceRules(tx.db);
  const rule = rules[at];
  if (rule === undefined || !isThat(rule)) throw new Refusal('prices_changed', 'The rules were changed meanwhile: look at them again.');
  rules.splice(at, 1);
  if (verb !== 'remove') rules.splice(Math.max(0, verb === 'up' ? at - 1 : at + 1), 0, rule);
  keep(tx, rules);
  const said = verb === 'remove' ? 'removed' : `moved ${verb}`;
  writeAudit(tx, { userId, action: 'prices.rule_moved', target: PRICES_AUDITED, detail: `Rule ${said}: ${words}.` });
}
