import { isCarrier } from '../lib/carrier.ts';
import { isCountry } from '../lib/country.ts';
import { AMOUNT_MINOR_MAX, formatMinor, majorText, minorDigits, parseMajor } from '../lib/money.ts';
import { isCategory } from './categories.ts';
import { isService } from './check.ts';
import { PERCENT_LEAST, PERCENT_MOST, type PriceRule, type RuleChange } from './price-rules.ts';

const CHANGES: readonly RuleChange[] = ['percent', 'add', 'set', 'minimum'];

/** A rule as the operator typed it, or what is wrong with each field of it. */
export function readRule(
  values: Record<string, string>,
  currency: string,
): { ok: true; rule: PriceRule } | { ok: false; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const typed = (name: string): string => (values[name] ?? '').trim().toLowerCase();
  const scope = scopeOf(typed('category'), typed('service'), errors);
  const country = typed('country');
  if (country !== '' && !isCountry(country)) errors['country'] = 'Write two letters such as de, or leave it empty for all countries.';
  const carrier = typed('carrier');
  if (carrier !== '' && !isCarrier(carrier)) errors['carrier'] = 'Write a carrier such as vodafone, or leave it empty for all.';
  const change = CHANGES.find((one) => one === typed('change')) ?? null;
  if (change === null) errors['change'] = 'Choose what becomes of the prices.';
  const amount = change === null ? null : amountOf(change, typed('amount'), currency);
  if (change !== null && amount === null) errors['amount'] = amountHint(change, currency);
  const stepText = typed('step');
  const stepMinor = stepText === '' ? 1 : parseMajor(stepText, currency);
  if (stepMinor === null || stepMinor < 1 || stepMinor > AMOUNT_MINOR_MAX) {
    errors['step'] = `Write an amount such as ${majorText(minorDigits(currency) === 0 ? 10 : 5, currency)}, or leave it empty.`;
  }
  if (change === null || amount === null || stepMinor === null || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, rule: { ...scope, country, carrier, change, amount, stepMinor } };
}

function scopeOf(category: string, service: string, errors: Record<string, string>): Pick<PriceRule, 'scope' | 'of'> {
  if (service !== '') {
    if (!isService(service)) errors['service'] = 'Write the slug of a service such as telegram, or leave it empty.';
    if (category !== '') errors['service'] = 'Choose a category or write a service, not both.';
    return { scope: 'service', of: service };
  }
  if (category === '') return { scope: 'all', of: '' };
  if (!isCategory(category)) errors['category'] = 'Choose one of the categories.';
  return { scope: 'category', of: category };
}

function amountOf(change: RuleChange, text: string, currency: string): number | null {
  const [, sign = '', digits = ''] = /^([+\-−]?)\s*(\S+?)\s*%?$/.exec(text) ?? [];
  const factor = sign === '-' || sign === '−' ? -1 : 1;
  if (change === 'percent') {
    if (!/^\d{1,4}([.,]\d{1,2})?$/.test(digits)) return null;
    const hundredths = factor * Math.round(Number(digits.replace(',', '.')) * 100);
    return hundredths !== 0 && hundredths >= PERCENT_LEAST * 100 && hundredths <= PERCENT_MOST * 100 ? hundredths : null;
  }
  if (text.endsWith('%')) return null;
  const minor = parseMajor(digits, currency);
  if (minor === null || minor < 1 || minor > AMOUNT_MINOR_MAX) return null;
  return change === 'add' ? factor * minor : factor === 1 ? minor : null;
}

function amountHint(change: RuleChange, currency: string): string {
  const example = majorText(minorDigits(currency) === 0 ? 10 : 5, currency);
  if (change === 'percent') return `Write percent from ${PERCENT_LEAST} to ${PERCENT_MOST}, such as +20 or -7.5, and not 0.`;
  return change === 'add'
    ? `Write an amount in ${currency} such as ${example} or -${example}.`
    : `Write an amount in ${currency} such as ${example}.`;
}

/** `Messengers in Germany +20 %, rounded to $0.05`: the names are handed in. */
export function ruleInWords(
  { scope, of, country, carrier, change, amount, stepMinor }: PriceRule,
  currency: string,
  names: { service: (slug: string) => string; category: (slug: string) => string; country: (code: string) => string },
): string {
  const what = scope === 'all' ? 'All services' : scope === 'category' ? names.category(of) : names.service(of);
  const where = `${country === '' ? '' : ` in ${names.country(country)}`}${carrier === '' ? '' : ` by ${carrier}`}`;
  const money = (minor: number) => formatMinor(minor, currency);
  const signed = amount < 0 ? '−' : '+';
  const how: Record<RuleChange, string> = {
    percent: `${signed}${Math.abs(amount) / 100} %`,
    add: `${signed}${money(Math.abs(amount))}`,
    set: `to ${money(amount)}`,
    minimum: `at least ${money(amount)}`,
  };
  return `${what}${where} ${how[change]}${stepMinor > 1 ? `, rounded to ${money(stepMinor)}` : ''}`;
}
