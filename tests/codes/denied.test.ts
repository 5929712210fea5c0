import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { DENIED_CATEGORIES, deniedMessage, deniedService } from '../../src/codes/deny.ts';
import { BUILT_IN, judge } from '../../src/codes/judge.ts';
import examples from '../../src/codes/rules/denied-examples.json' with { type: 'json' };

const NOTHING_ALLOWED = { deny: DENIED_CATEGORIES, onlyOrder: true };

describe('services that may not be ordered', () => {
  test.each(examples.services.denied.map(([slug = '', category = '']): [string, string] => [slug, category]))(
    '%s: %s',
    (slug, category) => {
      expect(deniedService(slug)?.category ?? 'none').toBe(category);
    },
  );
  test.each(examples.services.allowed)('%s is none', (slug) => {
    expect(deniedService(slug)).toBeNull();
  });

  test('are all those of the denied files, with a reason, and none of the others', () => {
    const denied = BUILT_IN.services.filter((service) => service.denied !== null);
    expect(denied.length).toBeGreaterThan(500);
    for (const { slug, name, denied: category } of denied) {
      expect([slug, deniedService(slug)?.category]).toEqual([slug, category ?? undefined]);
      expect(deniedService(slug)?.reason).toContain(name);
    }
    expect(BUILT_IN.orderable.filter(({ slug }) => deniedService(slug) !== null)).toEqual([]);
  });

  test('are told from any slug without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (slug) => deniedService(slug) === null || deniedService(slug)?.reason !== ''));
  });
});

describe('messages that are refused whatever was ordered', () => {
  const denied = examples.messages.denied.map(([text = '', sender = '', category = '']): [string, string, string] => [
    text,
    sender,
    category,
  ]);
  test.each(denied)('%j from %j: %s', (text, sender, category) => {
    expect(deniedMessage({ text, sender })?.category ?? 'none').toBe(category);
    expect(judge({ text, sender, service: 'any', ...NOTHING_ALLOWED })).toMatchObject({
      verdict: 'reject',
      code: null,
      rule: `denied:${category}`,
    });
  });

  test.each(examples.messages.allowed.map(([text = '', sender = '']): [string, string] => [text, sender]))(
    'not %j from %j',
    (text, sender) => {
      expect(deniedMessage({ text, sender })).toBeNull();
    },
  );

  test('a category that the operator allows is judged as ever', () => {
    const message = { text: 'Your PayPal code is 482913', sender: '', service: 'paypal', onlyOrder: true };
    expect(judge({ ...message, deny: DENIED_CATEGORIES.filter((category) => category !== 'payment') })).toMatchObject({ code: '482913' });
    expect(judge(message)).toMatchObject({ verdict: 'accept', code: '482913' });
    expect(judge({ ...message, deny: ['payment'] })).toMatchObject({ verdict: 'reject', rule: 'denied:payment' });
  });

  test('a code of an allowed service is still delivered', () => {
    expect(judge({ text: 'Telegram code 48213', sender: '', service: 'telegram', ...NOTHING_ALLOWED })).toMatchObject({ code: '48213' });
  });

  test.each(['bank ', 'code payment ', 'card 1234 ', 'Bank of ', 'https://a.gov ', '*1', '银行', 'EUR 1 '])(
    'is quick on repeated %j',
    (piece) => {
      const startedMs = performance.now();
      deniedMessage({ text: `code ${piece.repeat(50_000)}`, sender: piece.repeat(1000) });
      expect(performance.now() - startedMs).toBeLessThan(1000);
    },
  );
});
