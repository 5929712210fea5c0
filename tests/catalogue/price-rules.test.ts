import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type PriceRule, priceByRules, pricesByRules } from '../../src/catalogue/price-rules.ts';
import { readRule, ruleInWords } from '../../src/catalogue/rule-form.ts';
import type { Price } from '../../src/catalogue/steps.ts';
import { AMOUNT_MINOR_MAX } from '../../src/lib/money.ts';

const offer: Price = { country: 'de', service: 'telegram', carrier: '', priceMinor: 45, windowMinutes: null };
const all: PriceRule = { scope: 'all', of: '', country: '', carrier: '', change: 'percent', amount: 2000, stepMinor: 1 };
const names = { service: (slug: string) => slug, category: () => 'Messengers', country: () => 'Germany' };

test('messengers in Germany +20 %', () => {
  const read = readRule({ category: 'messengers', country: 'DE', change: 'percent', amount: '+20 %' }, 'USD');
  expect(read).toEqual({ ok: true, rule: { ...all, scope: 'category', of: 'messengers', country: 'de' } });
  if (!read.ok) throw new Error('unreachable');
  expect(ruleInWords(read.rule, 'USD', names)).toBe('Messengers in Germany +20 %');
  expect(priceByRules([read.rule], offer, 'messengers', 1)).toBe(54);
  expect(priceByRules([read.rule], offer, 'social', 1)).toBe(45);
  expect(priceByRules([read.rule], { ...offer, country: 'gb' }, 'messengers', 1)).toBe(45);
});

test('rules come one after the other, each with its rounding, and end at the minimum price', () => {
  const half: PriceRule = { ...all, amount: -5000 };
  const toFive: PriceRule = { ...all, amount: 1000, stepMinor: 5 };
  const least: PriceRule = { ...all, change: 'minimum', amount: 30 };
  expect(priceByRules([half], offer, '', 1)).toBe(23);
  expect(priceByRules([half, toFive], offer, '', 1)).toBe(25);
  expect(priceByRules([half, toFive, least], offer, '', 1)).toBe(30);
  expect(priceByRules([half], offer, '', 40)).toBe(40);
  expect(priceByRules([{ ...all, change: 'add', amount: -100 }], offer, '', 1)).toBe(1);
  expect(priceByRules([{ ...all, change: 'set', amount: 99 }], { ...offer, carrier: 'o2' }, '', 1)).toBe(99);
  expect(priceByRules([{ ...all, carrier: 'o2' }], offer, '', 1)).toBe(45);
  // No rule is about it: a price below the minimum stays as it is.
  expect(priceByRules([{ ...all, country: 'gb' }], { ...offer, priceMinor: 2 }, '', 10)).toBe(2);
});

test('whatever the rules, a price stays a whole number that can be charged, and a raise never lowers it', () => {
  const rule = fc.record({
    ...{ scope: fc.constant('all' as const), of: fc.constant(''), country: fc.constant(''), carrier: fc.constant('') },
    change: fc.constantFrom('percent' as const, 'add' as const, 'set' as const, 'minimum' as const),
    amount: fc.integer({ min: -9900, max: 100_000 }),
    stepMinor: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 8 }),
      fc.integer({ min: 1, max: AMOUNT_MINOR_MAX }),
      fc.integer({ min: 1, max: 500 }),
      (rules, price, least) => {
        const after = priceByRules(rules, { ...offer, priceMinor: price }, '', least);
        expect(Number.isInteger(after) && after >= 1 && after <= AMOUNT_MINOR_MAX).toBe(true);
        if (rules.length > 0) expect(after).toBeGreaterThanOrEqual(least);
        const raised = priceByRules([{ ...all, amount: 1 + (price % 9000) }], { ...offer, priceMinor: price }, '', 1);
        expect(raised).toBeGreaterThanOrEqual(price);
      },
    ),
  );
});

test('only prices that a rule is about are named', () => {
  const other = { ...offer, service: 'uber' };
  const by = [...pricesByRules([{ ...all, scope: 'service', of: 'uber' }], [offer, other], { categoryOf: () => '', minimumMinor: 1 })];
  expect(by).toEqual([{ ...other, priceMinor: 54 }]);
});

test.each([
  ['JPY', { change: 'add', amount: '-10' }, { change: 'add', amount: -10 }],
  ['KWD', { change: 'set', amount: '0.125', step: '0.005' }, { change: 'set', amount: 125, stepMinor: 5 }],
  ['USD', { change: 'minimum', amount: '0,30' }, { change: 'minimum', amount: 30 }],
  ['USD', { change: 'percent', amount: '−7.5', service: 'uber' }, { scope: 'service', of: 'uber', amount: -750 }],
])('in %s a rule %j is read', (currency, values, rule) => {
  expect(readRule(values as Record<string, string>, currency)).toMatchObject({ ok: true, rule });
});

test.each([
  ['JPY', { change: 'set', amount: '10.5' }, ['amount']],
  ['KWD', { change: 'add', amount: '0.0005' }, ['amount']],
  ['USD', { change: 'percent', amount: '0' }, ['amount']],
  ['USD', { change: 'percent', amount: '-100' }, ['amount']],
  ['USD', { change: 'percent', amount: '1001' }, ['amount']],
  ['USD', { change: 'set', amount: '-5' }, ['amount']],
  ['USD', { change: 'add', amount: '5 %' }, ['amount']],
  ['USD', { change: 'free', amount: '5' }, ['change']],
  ['USD', { change: 'percent', amount: '5', country: 'uk', carrier: 'Voda fone', step: 'x' }, ['carrier', 'country', 'step']],
  ['USD', { change: 'percent', amount: '5', category: 'messengers', service: 'uber' }, ['service']],
  ['USD', { change: 'percent', amount: '5', category: 'things' }, ['category']],
])('in %s a rule %j is refused', (currency, values, fields) => {
  const read = readRule(values as unknown as Record<string, string>, currency);
  expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual(fields);
});
