import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { describeFeatures } from '../../src/codes/explain.ts';
import { type Feature, featuresOf, scoreOf, WEIGHTS } from '../../src/codes/features.ts';
import { isFramed } from '../../src/codes/frames.ts';
import { type JudgeInput, judge } from '../../src/codes/judge.ts';
import { findWords } from '../../src/codes/keywords.ts';
import { shadowOf } from '../../src/codes/normalise.ts';
import { indexPhrases } from '../../src/codes/phrase-index.ts';
import { findPhrase, phraseOf, type Span } from '../../src/codes/phrases.ts';
import templateRules from '../../src/codes/rules/templates.json' with { type: 'json' };
import { fitTemplate, templateOf } from '../../src/codes/templates.ts';
import { RULE_VERSION } from '../../src/codes/version.ts';
import { weigh } from '../../src/codes/weigh.ts';
import { Random } from '../../src/modem/virtual/random.ts';
import { hostileText } from '../support/hostile.ts';

const ask = (text: string, more: Partial<JudgeInput> = {}) => judge({ text, sender: '', service: 'any', onlyOrder: true, ...more });

describe('what is stored of a judgement', () => {
  test('each candidate with where it stands in the message as received', () => {
    const text = '😀 Your code is ４８２-913. Order 7788 follows';
    const { candidates, printed, code } = ask(text);
    expect({ printed, code }).toEqual({ printed: '４８２-913', code: '482913' });
    expect(candidates.map(({ text: shown, code: typed }) => [shown, typed])).toEqual([
      ['４８２-913', '482913'],
      ['7788', '7788'],
    ]);
    for (const candidate of candidates) expect(text.slice(candidate.start, candidate.end)).toBe(candidate.text);
    expect(candidates[0]?.features).toMatchObject({ weakKeyword: expect.any(Number), announced: 1, lengthSix: 1 });
  });
  test('the scores are the sums of the weights of what was seen', () => {
    for (const { score, features } of ask('Enter code 482913 or 7788 to log in').candidates) {
      expect(score).toBeCloseTo(
        describeFeatures(features).reduce((sum, { points }) => sum + points, 0),
        1,
      );
    }
  });
  test('the version is the published number and a hash', () => {
    expect(RULE_VERSION).toMatch(/^[1-9]\d*-[0-9a-f]{8}$/);
    expect(ask('hello').version).toBe(RULE_VERSION);
  });
  test('other weights can be tried', () => {
    const text = 'Your code is 482913';
    expect(ask(text, { weights: { ...WEIGHTS, weakKeyword: -9 } })).toMatchObject({ verdict: 'reject', code: null });
    const [candidate] = weigh({ text, sender: '', service: 'any' }).scored;
    expect(candidate && scoreOf(candidate.features)).toBe(ask(text).candidates[0]?.score ?? Number.NaN);
  });
  test('every weight has its plain words', () => {
    const all = Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 1]));
    expect(describeFeatures(all).every(({ what }) => what !== '')).toBe(true);
    expect(describeFeatures(all).length).toBe(Object.keys(WEIGHTS).length);
  });
});

describe('a text that is not all there', () => {
  const cases: [text: string, rule: string][] = [
    ['Your verification code is 4829…', 'cut'],
    ['Your verification code is 4829 …', 'cut'],
    ['Your verification code is 4829-…', 'cut'],
    ['Your verification code: …4829. Bye', 'cut'],
    ['Your verification code is 482913. Do not…', 'any'],
    ['…and your verification code is 482913. Bye', 'any'],
    ['Your verification code is 482913...', 'any'],
  ];
  test.each(cases)('%j: %s', (text, rule) => {
    const judgement = ask(text);
    expect(judgement.rule).toBe(rule);
    expect(judgement.code === null).toBe(rule === 'cut');
  });
  test('a known cut needs no sign', () => {
    expect(ask('Your verification code is 4829', { incomplete: true })).toMatchObject({ verdict: 'review', rule: 'cut', code: null });
    expect(ask('Your verification code is 4829.', { incomplete: true })).toMatchObject({ verdict: 'accept', code: '4829' });
  });
});

describe('shapes of codes', () => {
  const found: [text: string, code: string][] = [
    ['Verify your e-mail with this code: https://shop.example/verify?code=482913', '482913'],
    ['Please enter code 548 on the page', '548'],
    ['Your login code is XKPTWQ. It expires soon.', 'XKPTWQ'],
    ['Use 4829 to confirm it is you', '4829'],
    ['Din kod: 4️⃣8️⃣2️⃣9️⃣', '4829'],
    ['رَمْز التَّحَقُّق: ٤٨٢٩', '4829'],
  ];
  test.each(found)('%j', (text, code) => {
    expect(ask(text)).toMatchObject({ verdict: 'accept', code });
  });
  const none: [text: string][] = [
    ['Your login code is EXPIRED. Ask for another.'],
    ['YOUR LOGIN CODE IS SECRETLY SAFE'],
    ['Reset it here: https://shop.example/r?token=482913'],
    ['Text WIN to 48291 and verify your entry'],
    ['Ihr Termincode: 482913'],
    ['Koodi 482913 antaa 20% alennuksen'],
  ];
  test.each(none)('%j is not accepted', (text) => {
    expect(ask(text).verdict).not.toBe('accept');
  });
  test('a name and a number are enough where the name is the ordered service', () => {
    expect(ask('Acme: 482913', { service: 'acme' })).toMatchObject({ verdict: 'accept', code: '482913' });
    expect(ask('Acme: 482913').verdict).not.toBe('accept');
  });
});

describe('words', () => {
  const keywords = (text: string) => findWords(text.toLowerCase()).keywords;
  test('a purpose in the same clause makes a weak word strong', () => {
    expect(keywords('code to log in').every(({ strong }) => strong)).toBe(true);
    expect(keywords('code. to log in').some(({ strong }) => strong)).toBe(false);
  });
  test('a trade right beside a word takes it away', () => {
    expect(keywords('loyalty code')).toEqual([]);
    expect(keywords('code for the loyalty scheme')).not.toEqual([]);
  });
  test('an index finds what a search for each phrase finds', () => {
    const phrases = ['code', '*code', 'kod*', '验证码', 'رمز', 'one time', 'me'].map(phraseOf);
    const index = indexPhrases(phrases.map((phrase, tag) => ({ phrase, tag })));
    for (const text of ['a code, barcode kodlar 您的验证码 الرمز one time me', 'codecode one one time', '']) {
      const one = phrases.flatMap((phrase, tag) => findPhrase(text, phrase).map((span) => ({ ...span, tag })));
      const order = (a: { start: number; tag: number }, b: { start: number; tag: number }) => a.start - b.start || a.tag - b.tag;
      expect(index.find(text).sort(order)).toEqual(one.sort(order));
    }
  });
  test('an index finds what a look at every place for every phrase finds, in the same order', () => {
    const letters = fc.constantFrom(...'abkКд码رא');
    // No letter twice, so that a phrase does not overlap itself, of which `findPhrase` would skip the second.
    const needle = fc.uniqueArray(letters, { minLength: 1, maxLength: 4 }).map((units) => units.join(''));
    const phrase = fc.record({ needle, openLeft: fc.boolean(), openRight: fc.boolean(), endings: fc.constantFrom(0, 2) });
    const written = fc.array(fc.oneof(letters, fc.constantFrom(' ', '1')), { maxLength: 40 }).map((units) => units.join(''));
    fc.assert(
      fc.property(fc.array(phrase, { maxLength: 12 }), written, (phrases, text) => {
        const slow = phrases.flatMap((one, tag) => findPhrase(text, one).map((span) => ({ ...span, tag })));
        slow.sort((a, b) => a.start - b.start || a.end - b.end || a.tag - b.tag);
        expect(indexPhrases(phrases.map((one, tag) => ({ phrase: one, tag }))).find(text)).toEqual(slow);
      }),
    );
  });
});

test('features are those of the weights', () => {
  const { scored, shadow } = weigh({ text: 'Your code: 4829', sender: '', service: 'any' });
  const words = findWords(shadow.search);
  for (const candidate of scored) {
    const names = Object.keys(featuresOf(candidate, { shadow, words, masks: [], brands: [] }));
    expect(names.every((name) => (name as Feature) in WEIGHTS)).toBe(true);
  }
});

test('a frame is found around a name where one of all of them fits', () => {
  const written = Object.values(templateRules.frames).flat();
  const frames = written.map(templateOf);
  const whole = written.map((frame) =>
    frame.replace('{brand}', 'Acme').replace('{code}', '482913').replaceAll('{any}', 'x').replaceAll('{line}', '\n'),
  );
  // And with a sign too many or too few beside the name.
  const texts = whole.flatMap((text) => [
    text,
    text.replace('Acme', 'Acme '),
    text.replace(/.?Acme/su, 'Acme'),
    text.replace(/Acme.?/su, 'Acme'),
  ]);
  const spanOf = (text: string): Span => ({ start: text.indexOf('Acme'), end: text.indexOf('Acme') + 4 });
  const found = texts.filter((text) => isFramed(shadowOf(text), spanOf(text)));
  expect(found).toEqual(texts.filter((text) => frames.some((frame) => fitTemplate(shadowOf(text), spanOf(text), frame, null) !== null)));
  expect(whole.filter((text) => !isFramed(shadowOf(text), spanOf(text)))).toEqual([]);
  expect(found.length).toBeLessThan(texts.length);
});

test('two thousand hostile texts are all judged', () => {
  const random = new Random(7);
  const verdicts = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const text = hostileText(() => random.next());
    const { verdict, candidates } = ask(text, { service: i % 2 === 0 ? 'any' : 'telegram' });
    verdicts.add(verdict);
    expect(candidates.every(({ start, end, text: shown }) => text.slice(start, end) === shown)).toBe(true);
  }
  expect(verdicts.has('reject')).toBe(true);
});
