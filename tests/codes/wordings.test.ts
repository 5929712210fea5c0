import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { BUILT_IN, compileBook, knownService, NO_CHANGES, type RuleChanges } from '../../src/codes/book.ts';
import { checkRule } from '../../src/codes/check.ts';
import { templateProblem } from '../../src/codes/check-texts.ts';
import { DENIED_CATEGORIES, deniedService } from '../../src/codes/deny.ts';
import { builtInAccepted, runTrial, trialsOf } from '../../src/codes/examples.ts';
import { type JudgeInput, judge } from '../../src/codes/judge.ts';
import { shadowOf } from '../../src/codes/normalise.ts';
import { fitsSender, senderPatternOf } from '../../src/codes/sender-patterns.ts';
import type { ListedRule } from '../../src/codes/service-data.ts';
import { foldSender } from '../../src/codes/service-senders.ts';
import { explainMessage } from '../../src/codes/spans.ts';
import { fitTemplate, MOST_TRIES, templateOf, triesOf } from '../../src/codes/templates.ts';

const acme = (rule: Partial<ListedRule>): ListedRule => ({
  slug: 'acme-taxi',
  name: 'Acme Taxi',
  category: 'rides',
  denied: null,
  ...rule,
});
const bookWith = (rule: Partial<ListedRule>) => compileBook({ services: { 'acme-taxi': acme(rule) } }, 'test');
const ask = (rule: Partial<ListedRule>, text: string, more: Partial<JudgeInput> = {}) =>
  judge({ text, sender: '', service: 'acme-taxi', onlyOrder: false, book: bookWith(rule), ...more });

describe('a book', () => {
  test('of no changes judges as the built-in one, under its own version', () => {
    const book = compileBook(NO_CHANGES, '7-abc');
    expect(book.version).toBe(`${BUILT_IN.version}+7-abc`);
    expect(book.services).toEqual(BUILT_IN.services as never);
    expect(ask({}, 'hello', { book }).version).toBe(book.version);
  });
  test('changes a built-in service and leaves the built-in book alone', () => {
    const changes: RuleChanges = { services: { telegram: { blockedSenders: ['TGPROMO'] } } };
    const input = { text: 'Telegram code: 48213', sender: 'TGPROMO', service: 'telegram', onlyOrder: true };
    expect(judge({ ...input, book: compileBook(changes, '1') })).toMatchObject({ verdict: 'reject', rule: 'blocked_sender' });
    expect(judge(input)).toMatchObject({ verdict: 'accept', code: '48213' });
    expect(knownService('telegram', BUILT_IN)?.blockedSenders).toEqual([]);
  });
  test('passes all built-in examples, with or without an own service', () => {
    for (const book of [BUILT_IN, bookWith({ senders: ['ACME*'] })])
      expect(
        trialsOf(book)
          .map((trial) => runTrial(trial, book))
          .filter(({ passes }) => !passes),
      ).toEqual([]);
  });
  test('of 500 own services is made in well under a second', () => {
    const services = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`own-${i}`, acme({ name: `Own${i}`, senders: [`OWN${i}`] })]),
    );
    const startedMs = performance.now();
    compileBook({ services }, '1');
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

describe('what an operator writes', () => {
  const cases: [what: string, rule: Partial<ListedRule>, text: string, more: Partial<JudgeInput>, expected: object][] = [
    ['name alone', {}, 'Acme Taxi code: 4829', {}, { verdict: 'accept', code: '4829', service: 'acme-taxi' }],
    ['other name', { aliases: ['Акме'] }, 'Акме: код 4829', {}, { verdict: 'accept', code: '4829' }],
    ['sender', { senders: ['AXI-9'] }, 'Your code is 4829', { sender: 'axi9' }, { verdict: 'accept', rule: 'sender' }],
    ['sender pattern', { senders: ['*-AXIT-*'] }, 'Your code is 4829', { sender: 'ZZ-AXIT-9' }, { verdict: 'accept', rule: 'sender' }],
    [
      'sender pattern, for any',
      { senders: ['AXI*GO'] },
      'Your code is 4829',
      { sender: 'AXI24GO', service: 'any' },
      { service: 'acme-taxi' },
    ],
    ['sender of nobody', { senders: ['AXI*GO'] }, 'Your code is 4829', { sender: 'AXI24' }, { verdict: 'review' }],
    [
      'blocked sender',
      { blockedSenders: ['7*'] },
      'Acme Taxi code: 4829',
      { sender: '7123' },
      { verdict: 'reject', rule: 'blocked_sender' },
    ],
    [
      'excluding name',
      { notKeywords: ['Acme Food'] },
      'Acme Taxi code: 4829. Try Acme Food',
      {},
      { verdict: 'reject', rule: 'not_keyword' },
    ],
    [
      'app hash',
      { appHashes: ['FA+9qCX9VSu'] },
      'Your code is 4829\nFA+9qCX9VSu',
      {},
      { verdict: 'accept', rule: 'app_hash', code: '4829' },
    ],
    ['domain', { domains: ['acme.example.com'] }, 'Your code is 4829\n@acme.example.com #4829', {}, { verdict: 'accept', rule: 'origin' }],
    [
      'template',
      { templates: ['{brand} ruft: {code}!'] },
      'Acme Taxi ruft: 4829!',
      {},
      { verdict: 'accept', rule: 'template', code: '4829' },
    ],
    [
      'template without brand',
      { templates: ['Fahrt frei mit {code}, gute Reise'] },
      'Fahrt frei mit 4829, gute Reise',
      {},
      { rule: 'template', code: '4829' },
    ],
    [
      'template with {any}',
      { templates: ['Hallo {any}, {brand} {any} {code}.'] },
      'Hallo Eva, Acme Taxi sagt: 7314. Preis 9999 EUR',
      {},
      { code: '7314' },
    ],
    ['template with {line}', { templates: ['{brand} sagt:{line}{code}'] }, 'Acme Taxi sagt:\n4829', {}, { rule: 'template', code: '4829' }],
    [
      'three digits',
      { templates: ['{brand} PIN {code}'], code: { shortest: 3, longest: 3, alphabet: 'digits' } },
      'Acme Taxi PIN 482',
      {},
      { code: '482' },
    ],
    [
      'letters',
      { templates: ['{brand} Wort {code}'], code: { shortest: 5, longest: 8, alphabet: 'letters' } },
      'Acme Taxi Wort mifsu',
      {},
      { code: 'mifsu' },
    ],
    ['prefix not typed', { codePrefix: 'AT' }, 'Acme Taxi code: AT-4829', {}, { code: '4829', printed: 'AT-4829' }],
    ['separators kept', { separators: 'keep' }, 'Acme Taxi code: 482-913', {}, { code: '482-913' }],
    ['separators never typed', { separators: 'strip' }, 'Acme Taxi code: 54-234-3', {}, { code: '542343' }],
    [
      'weak evidence refused',
      { acceptWeak: false },
      'Your code is 4829',
      { onlyOrder: true },
      { verdict: 'review', rule: 'weak_evidence' },
    ],
    ['least confidence', { minConfidence: 0.97 }, 'Acme Taxi code: 4829', {}, { verdict: 'review', rule: 'min_confidence' }],
    ['denied', { denied: 'bank' }, 'Acme Taxi code: 4829', { deny: ['bank'] }, { verdict: 'reject', rule: 'denied:bank' }],
  ];
  test.each(cases)('%s', (_what, rule, text, more, expected) => {
    expect(ask(rule, text, more)).toMatchObject(expected);
  });
  test('of a kind that is denied is not sold', () => {
    expect(deniedService('acme-taxi', bookWith({ denied: 'bank' }))?.category).toBe('bank');
    expect(deniedService('acme-taxi', bookWith({}))).toBeNull();
    expect(deniedService('paypal', compileBook({ services: { paypal: { denied: null } } }, '1'))?.category).toBe('payment');
    expect(checkRule({ ...acme({}), slug: 'paypal', name: 'PayPal' }, BUILT_IN).map(({ field }) => field)).toContain('denied');
  });
  test.each<[rule: Partial<ListedRule>, text: string, sender?: string]>([
    [{ templates: ['HSBC: {any} secure code {code}'] }, 'HSBC: your secure code 482135'],
    [{ templates: ['{any} secure code {code}, all'] }, 'HSBC: your secure code 482135, all'],
    [{ senders: ['AXI9'] }, 'HSBC: your secure code 482135', 'AXI9'],
    [{ domains: ['acme.example.com'] }, 'HSBC: your secure code is 482135\n@acme.example.com #482135'],
    [{ appHashes: ['FA+9qCX9VSu'] }, 'HSBC: your secure code is 482135\nFA+9qCX9VSu'],
    [{ senders: ['AXI9'] }, 'Code 482135 for your payment of 50 EUR with card *1234', 'AXI9'],
  ])('takes no message of a denied kind: %j', (rule, text, sender = '') => {
    expect(ask(rule, text, { deny: DENIED_CATEGORIES, sender })).toMatchObject({ verdict: 'reject', code: null, rule: 'denied:bank' });
  });
  test('cannot make a denied service of the program another', () => {
    const text = 'HSBC: your secure code 482135';
    for (const hsbc of [{ denied: null }, { notKeywords: ['secure'] }, { name: 'Acme', aliases: [], common: [] }]) {
      const book = compileBook({ services: { hsbc } }, '1');
      expect(ask({}, text, { book, deny: DENIED_CATEGORIES })).toMatchObject({ rule: 'denied:bank' });
    }
  });
  test('is still told from denied kinds by the name that signs', () => {
    for (const text of ['Acme Taxi: code 4829 for your ride, pay with PayPal', 'Acme Taxi: code 4829 to pay your ride of 50 EUR'])
      expect(ask({ templates: ['{brand}: code {code} {any}'] }, text, { deny: DENIED_CATEGORIES })).toMatchObject({ code: '4829' });
  });
  test('does not take the messages of others', () => {
    const book = bookWith({ templates: ['{brand} ruft: {code}!'] });
    expect(judge({ text: 'Acme Taxi ruft: 4829!', sender: '', service: 'telegram', onlyOrder: true, book })).toMatchObject({
      verdict: 'reject',
      rule: 'other_service',
    });
  });
});

describe('checking names the field and the entry', () => {
  const cases: [rule: Partial<ListedRule>, field: string, entry: number | null, message: RegExp][] = [
    [{ name: '' }, 'name', null, /1 to 60/],
    [{ name: 'Nordbank' }, 'name', null, /Denied as/],
    [{ name: 'Verification code' }, 'name', null, /a word of ordinary/],
    ...['overovací kód', '验证 码', 'tunnusluku', 'passcode', 'your login'].map((alias): [Partial<ListedRule>, string, number, RegExp] => [
      { aliases: ['Acme', alias] },
      'aliases',
      2,
      /a word of ordinary code messages/,
    ]),
    [{ aliases: [': is'] }, 'aliases', 1, /too short|ordinary/],
    [{ aliases: ['!!!'] }, 'aliases', 1, /too short|no letter/],
    [{ aliases: ['\u200b\u200b\u200b'] }, 'aliases', 1, /too short|no letter/],
    [{ aliases: ['مرحبا', '१२३४'] }, 'aliases', 2, /no letter/],
    [{ common: ['Verification Code'] }, 'common', 1, /messages of everybody/],
    [{ senders: ['AXI', 'Telegram*'] }, 'senders', 2, /fits a sender of Telegram/],
    [{ senders: ['TelegramOTP'] }, 'senders', 1, /a sender of Telegram already/],
    [{ domains: ['login.telegram.org'] }, 'domains', 1, /below telegram.org, a domain of Telegram/],
    [{ domains: ['co.uk'] }, 'domains', 1, /everybody/],
    [{ domains: ['localhost'] }, 'domains', 1, /no host/],
    [{ templates: ['Váš overovací kód je {code}'] }, 'templates', 1, /everybody uses/],
    [{ templates: ['Your code is {code}{any}'] }, 'templates', 1, /everybody|too little/],
    [{ templates: ['{any}You can also tap on this link to log in{any}{code}', 'x'] }, 'templates', 2, /exactly once/],
    [{ name: 'Nordbank', denied: 'health' }, 'name', null, /not a health service: choose .* \(a bank\)/],
    [{ aliases: ['Acme', 'HSBC'] }, 'aliases', 2, /HSBC is a bank/],
    [{ common: ['Nordbank'] }, 'common', 1, /a bank: choose/],
    [{ senders: ['Acme', 'NORDBANK*'] }, 'senders', 2, /a bank: choose/],
    [{ domains: ['nordbank.de'] }, 'domains', 1, /a bank: choose/],
    [{ domains: ['id.gov.uk'] }, 'domains', 1, /government office: choose/],
    [{ templates: ['HSBC: {any} secure code {code}'] }, 'templates', 1, /HSBC, a bank: choose/],
    [{ templates: ['Nordbank: your code is {code}'], denied: 'insurance' }, 'templates', 1, /not an insurer: choose .* \(a bank\)/],
    [{ aliases: ['Acme', 'WhatsApp'] }, 'aliases', 2, /WhatsApp already/],
    [{ aliases: ['ab'] }, 'aliases', 1, /too short/],
    [{ aliases: ['a*b'] }, 'aliases', 1, /has a \*/],
    [{ senders: ['Verify'] }, 'senders', 1, /many services share/],
    [{ senders: ['a*'] }, 'senders', 1, /almost every/],
    [{ senders: ['*a*b*c*d*'] }, 'senders', 1, /at most 3/],
    [{ domains: ['telegram.org'] }, 'domains', 1, /Telegram already/],
    [{ domains: ['com'] }, 'domains', 1, /no host/],
    [{ appHashes: ['short'] }, 'appHashes', 1, /exactly 11/],
    [{ notKeywords: ['acme'] }, 'notKeywords', 1, /name of the service itself/],
    [{ sisters: { nobody: 'accept' } }, 'sisters', 1, /no service/],
    [{ code: { shortest: 8, longest: 4, alphabet: 'digits' } }, 'longest', null, /at least as many/],
    [{ codePrefix: 'G-' }, 'codePrefix', null, /without the hyphen/],
    [{ codePrefix: 'G', keptPrefix: 'G' }, 'keptPrefix', null, /either typed or not/],
    [{ minConfidence: Number.NaN }, 'minConfidence', null, /from 0 to 1/],
    [{ examples: [{ text: 'x', sender: '', verdict: 'accept', code: null }] }, 'examples', 1, /which code/],
    [{ templates: ['Zirpen Bestätigungscode {code}'] }, 'templates', 1, /everybody uses/],
    [{ examples: [{ text: 'x', sender: '', verdict: 'reject', code: '1' }] }, 'examples', 1, /no code/],
  ];
  test.each(cases)('%j', (rule, field, entry, message) => {
    expect(checkRule(acme(rule), BUILT_IN)).toContainEqual({ field, entry, message: expect.stringMatching(message) });
  });
  test('refuses by count what is too long, and tells of no more than 20 entries a field', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `*${i}`);
    const fields = ['aliases', 'common', 'notKeywords', 'senders', 'blockedSenders', 'domains', 'appHashes', 'templates'] as const;
    const problems = checkRule(acme(Object.fromEntries(fields.map((field) => [field, lines(3900)]))), BUILT_IN);
    expect(problems.map(({ field, message }) => `${field} ${message.slice(-5)}`)).toEqual(fields.map((field) => `${field} 3900.`));
    const wrong = checkRule(acme({ aliases: lines(60) }), BUILT_IN);
    expect(wrong).toHaveLength(21);
    expect(wrong.at(-1)).toEqual({ field: 'aliases', entry: null, message: 'Further entries are wrong too.' });
  });
  test('counts what all services have together', () => {
    const services = Object.fromEntries(
      Array.from({ length: 15 }, (_, i) => [
        `own-${i}`,
        acme({ name: `Own${i}`, blockedSenders: Array.from({ length: 20 }, (_, j) => `AXI${i}${j}`) }),
      ]),
    );
    expect(checkRule(acme({ blockedSenders: ['AXI'] }), compileBook({ services }, '1'))).toEqual([
      { field: 'blockedSenders', entry: null, message: 'All services together have at most 300 of these.' },
    ]);
  });
  test('refuses a wording without a brand that fits the messages of another, and says whose', () => {
    const example = builtInAccepted().find(({ slug, text, code }) => slug === 'telegram' && code !== null && text.includes(code));
    const template = (example?.text ?? '')
      .replace(example?.code ?? '', '{code}')
      .replace(/telegram/i, '{any}')
      .replaceAll('\n', '{line}');
    const problems = checkRule(acme({ templates: [template] }), BUILT_IN).map(({ message }) => message);
    expect(problems.join()).toMatch(/everybody uses|a message of Telegram fits/);
    const telegram = BUILT_IN.rules.get('telegram') as ListedRule;
    expect(checkRule({ ...telegram, senders: [...(telegram.senders ?? []), 'TGRAM*X'] }, BUILT_IN)).toEqual([]);
  });
  test('and finds nothing wrong with what comes with the program', () => {
    expect([...BUILT_IN.rules.values()].flatMap((rule) => checkRule(rule, BUILT_IN))).toEqual([]);
  });
  test.each([
    '(a+)+ {code}',
    'code \\d{6}',
    '.* {code} is yours',
    '[0-9]+ {code} is yours',
    '{code} {foo} is yours',
    '{code}{code} is yours now',
    'is {code}',
    'no code at all',
  ])('refuses the template %j', (template) => {
    expect(templateProblem(template)).not.toBeNull();
  });
  test.each(['{code} is your {brand} code', '{brand}验证码{code}', 'Fahrt frei mit {code}, gute Reise', 'price (5+5) {brand}: {code}'])(
    'takes the template %j',
    (template) => {
      expect(templateProblem(template)).toBeNull();
    },
  );
});

describe('fitting templates', () => {
  /** The slowest honest way: every placeholder tried at every length. */
  function fitsSlowly(text: string, pattern: string): boolean {
    const ends = new Map<string, boolean>();
    const parts = pattern.split(/(\{any\}|\{code\})/).filter(Boolean);
    const from = (at: number, part: number): boolean => {
      const key = `${at},${part}`;
      const known = ends.get(key);
      if (known !== undefined) return known;
      const piece = parts[part];
      let fits = false;
      if (piece === undefined) fits = true;
      else if (piece === '{any}') for (let to = at; to <= text.length && !fits; to++) fits = from(to, part + 1);
      else if (piece === '{code}') {
        const code = /^\d{4,10}(?![A-Za-z0-9])/.exec(text.slice(at))?.[0];
        fits = code !== undefined && !/[A-Za-z0-9]$/.test(text.slice(0, at)) && from(at + code.length, part + 1);
      } else fits = text.startsWith(piece, at) && from(at + piece.length, part + 1);
      ends.set(key, fits);
      return fits;
    };
    for (let at = 0; at <= text.length; at++) if (from(at, 0)) return true;
    return false;
  }
  test('agrees with trying everything', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', ' ', ': ', '{any}');
    const pattern = fc
      .tuple(fc.array(piece, { maxLength: 4 }), fc.array(piece, { maxLength: 4 }))
      .map(([a, b]) => `${a.join('')}:{code}.${b.join('')}`);
    const text = fc
      .array(fc.constantFrom('a', 'b', 'ab', ' ', ': ', ':', '.', ':4829.', '48291'), { maxLength: 14 })
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(pattern, text, (written, message) => {
        expect(fitTemplate(shadowOf(message), null, templateOf(written), null) !== null).toBe(fitsSlowly(message, written));
      }),
      { numRuns: 3000 },
    );
  });
  test('is linear on hostile texts and templates', () => {
    const rule = {
      templates: Array.from({ length: 20 }, (_, i) => `${'a'.repeat(250)}${i}{any}aaaaaaaaaaaa{any}aa{any}aaaa{code}aaaaaaaa`),
      senders: ['*a*a*'],
    };
    for (const piece of ['a', 'aaaa1234', '{code}', 'a{any}', 'Acme Taxi ', '1234 ', 'a-1-', '码1']) {
      const startedMs = performance.now();
      ask(rule, piece.repeat(10_000), { sender: 'a'.repeat(10_000) });
      expect(performance.now() - startedMs).toBeLessThan(500);
    }
  });
  test('gives a text that is made to be slow no more than its tries, whatever the rules are', () => {
    const templates = Array.from({ length: 20 }, (_, i) => `a{code}b${i}{any}abcdefghijkl{any}a`);
    expect(checkRule(acme({ templates }), BUILT_IN)).toEqual([]);
    const tried = (text: string) => {
      const shadow = shadowOf(text);
      for (const template of templates) fitTemplate(shadow, null, templateOf(template), null);
      return triesOf(shadow);
    };
    expect(tried(`${'a'.repeat(1900)} abcdefghijkl`)).toBe(MOST_TRIES);
    expect(tried('Your ride is at the door. Say a1234b to the driver, a lot of thanks, abcdefghijkl')).toBeLessThan(MOST_TRIES / 10);
  });
  test('finds the code it marks', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{4,8}$/), fc.string({ maxLength: 60 }), (code, more) => {
        const shadow = shadowOf(`${more} Fahrt frei mit ${code}, gute Reise ${more}`);
        const span = fitTemplate(shadow, null, templateOf('Fahrt frei mit {code}, gute Reise'), null);
        expect(span && shadow.text.slice(span.start, span.end)).toBe(code);
      }),
    );
  });
});

test('senders fit their patterns as a glob says', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, sender) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      expect(fitsSender(foldSender(sender), senderPatternOf(pattern))).toBe(regex.test(sender));
    }),
    { numRuns: 2000 },
  );
});

test('an explanation marks stretches of the message as received, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('', ' code: ٤٨٢٩ Telegram', ' G-123456 Google'),
      (noise, tail) => {
        const text = noise + tail;
        const { judgement, spans } = explainMessage({ text, sender: '', service: 'telegram', onlyOrder: true });
        for (const { start, end } of spans) expect(start >= 0 && start <= end && end <= text.length).toBe(true);
        if (judgement.verdict === 'accept') expect(spans.some(({ kind }) => kind === 'code')).toBe(true);
        expect(judgement).toEqual(judge({ text, sender: '', service: 'telegram', onlyOrder: true }));
      },
    ),
  );
});
