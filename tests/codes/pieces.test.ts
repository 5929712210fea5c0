import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { findCandidates, findOriginBound } from '../../src/codes/candidates.ts';
import { findWords } from '../../src/codes/keywords.ts';
import { findMasks } from '../../src/codes/mask.ts';
import { LONGEST_TEXT, printed, shadowOf } from '../../src/codes/normalise.ts';
import { findPhrase, phraseOf } from '../../src/codes/phrases.ts';

describe('the shadow of a message', () => {
  const cases: [what: string, original: string, text: string][] = [
    ['full-width digits and colon', '验证码：４８２', '验证码:482'],
    ['Arabic, Persian, Devanagari, Bengali, Thai digits', '٤۴४৪๔', '44444'],
    ['mathematical digits', '𝟒𝟪𝟸', '482'],
    ['dashes', '1‐2–3—4−5', '1-2-3-4-5'],
    ['odd spaces', '12\u00A034\u202F56', '12 34 56'],
    ['invisible characters', '4\u200B8\u200D2\u200E9\u00AD1', '48291'],
    ['line ends', 'a\r\nb\u2028c', 'a\nb\nc'],
    ['letter case kept', 'aBc', 'aBc'],
  ];
  test.each(cases)('%s', (_what, original, text) => {
    expect(shadowOf(original).text).toBe(text);
  });

  test('the search copy folds case, diacritics and look-alikes', () => {
    expect(shadowOf('CÓDIGO Şifre İIı mã Ø ي').search).toBe('codigo sifre iii ma o ی');
  });

  test('leads back to what was printed', () => {
    const shadow = shadowOf('x 😀 code ４\u200B８-𝟐 end');
    const start = shadow.text.indexOf('48-2');
    expect(printed(shadow, start, start + 4)).toBe('４\u200B８-𝟐');
    expect(printed(shadow, 3, 3)).toBe('');
  });

  test('has both copies and the map of one length, and is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shadow = shadowOf(text);
        expect([shadow.search.length, shadow.origin.length]).toEqual([shadow.text.length, shadow.text.length]);
      }),
    );
    expect(shadowOf('a'.repeat(9999)).text.length).toBe(LONGEST_TEXT);
  });

  test('is that of its characters one after another, whether it is read by the run or not', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom(...'aZ`~ \n\r\0é４٤\u0301\u200bİςｱﷺ', '𝟒', '\ud800'),
    );
    fc.assert(
      fc.property(fc.array(character, { maxLength: 40 }), (characters) => {
        const text = characters.join('');
        // A half of a pair is a character of its own only where its other half is not beside it.
        const each = [...text].map(shadowOf);
        const shadow = shadowOf(text);
        expect(shadow.text).toBe(each.map((one) => one.text).join(''));
        expect(shadow.search).toBe(each.map((one) => one.search).join(''));
        const starts = each.map((_, at) => [...text].slice(0, at).join('').length);
        expect(shadow.origin).toEqual(each.flatMap(({ origin }, at) => origin.map(() => starts[at] ?? 0)));
      }),
    );
  });
});

describe('phrases', () => {
  const cases: [phrase: string, text: string, times: number][] = [
    ['code', 'a code, Code: 码code码', 3],
    ['code', 'barcode codes decoder', 0],
    ['*code', 'barcode codes', 1],
    ['kod*', 'kodunuz kod', 2],
    ['验证码', '您的验证码是', 1],
    ['رمز', 'الرمز', 1],
    ['código', 'CODIGO código', 2],
    ['', 'anything', 0],
  ];
  test.each(cases)('%j in %j: %i', (phrase, text, times) => {
    expect(findPhrase(shadowOf(text).search, phraseOf(phrase)).length).toBe(times);
  });
});

describe('words', () => {
  const words = (text: string) => findWords(shadowOf(text).search);
  test('an anti phrase takes its keyword away', () => {
    expect(words('promo code').keywords).toEqual([]);
    expect(words('promo code').anti.length).toBe(1);
    expect(words('verification code').keywords.some(({ strong }) => strong)).toBe(true);
  });
  test('signs of other messages are grouped', () => {
    expect(words('You won a prize! Reply STOP to unsubscribe').against).toEqual(['opt_out', 'prize']);
  });
});

describe('masks', () => {
  const cases: [text: string, masked: string, kind: string][] = [
    ['see https://example.org/482913 now', 'https://example.org/482913', 'url'],
    ['on 2026-11-22 ', '2026-11-22', 'date'],
    ['on 1-1-01 ', '1-1-01', 'date'],
    ['at 20:16:57', '20:16:57', 'time'],
    ['paid Rs 1000 today', 'rs 1000', 'amount'],
    ['1234 руб. paid', '1234 руб', 'amount'],
    ['call 0800 123 4567', 'call 0800 123 4567', 'phone'],
    ['+44 7700 900123', '+44 7700 900123', 'phone'],
    ['card *4821 used', '*4821', 'masked'],
    ['dial *123*4821#', '*123*4821#', 'service_code'],
    ['ref: AB1234', 'ref: ab1234', 'reference'],
    ['your code 4821 FA+9qCX9VSu', 'fa+9qcx9vsu', 'app_hash'],
    ['total 1,234,567', '1,234,567', 'number'],
  ];
  test.each(cases)('%j', (text, masked, kind) => {
    const shadow = shadowOf(text);
    const found = findMasks(shadow).map((mask): [string, string] => [shadow.search.slice(mask.start, mask.end).trim(), mask.kind]);
    expect(found).toContainEqual([masked, kind]);
  });

  test.each(['code 12-34-56', 'code 482913', '验证码482913,5分钟内有效', 'code 482-913.'])('%j has none', (text) => {
    expect(findMasks(shadowOf(text)).filter(({ kind }) => kind !== 'unit')).toEqual([]);
  });
});

describe('candidates', () => {
  const find = (text: string) => {
    const shadow = shadowOf(text);
    return findCandidates(shadow, findWords(shadow.search).keywords, findOriginBound(shadow)).map(({ code, kind }) => `${kind} ${code}`);
  };
  const cases: [text: string, found: string[]][] = [
    ['482 48291 4829130718 48291307181', ['digits 48291', 'digits 4829130718']],
    ['482-913 4821-9130 12-34-56 54-234-3', ['grouped 482913', 'grouped 48219130', 'grouped 123456', 'uneven 54-234-3']],
    ['482 913, 4821 9130. 4 8 2 9', ['grouped 482913', 'grouped 48219130', 'grouped 4829']],
    ['G-482913 FB-4821', ['prefixed G-482913', 'prefixed FB-4821']],
    ['code482913码', ['digits 482913']],
    ['A7K94Q RKJ-YP6 4f9k2m', ['mixed A7K94Q', 'mixed RKJ-YP6', 'mixed 4f9k2m']],
    ['30GB 20min 150ppm words', []],
    ['Ihr Code: 482913-neu', ['digits 482913']],
  ];
  test.each(cases)('%j', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  const bound: [text: string, host: string | null, code: string | null][] = [
    ['x\n\n@example.org #482913', 'example.org', '482913'],
    ['x\n@Shop.Example.org #aB-12 @pay.example', 'shop.example.org', 'aB-12'],
    ['x\n@shop.example #12 %pay.example', 'shop.example', '12'],
    ['x @example.org #482913', null, null],
    ['@example.org  #482913', null, null],
    ['@https://example.org #482913', null, null],
  ];
  test.each(bound)('origin-bound: %j', (text, host, code) => {
    const found = findOriginBound(shadowOf(text));
    expect([found?.host ?? null, found?.code ?? null]).toEqual([host, code]);
  });
});
