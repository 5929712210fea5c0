import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { DEFAULT_LANGUAGE, decodeSeptets, ESCAPE, encodeSeptets } from '../../src/gsm/alphabet.ts';
import { lockingTable, singleShiftTable } from '../../src/gsm/national.ts';
import { toHex } from '../../src/gsm/octets.ts';
import { headerSeptets, packSeptets, unpackSeptets } from '../../src/gsm/septets.ts';

describe('septets', () => {
  test('"hello" packs to the octets known from every GSM text book', () => {
    expect(toHex(packSeptets(Uint8Array.from(encodeSeptets('hello')?.flat() ?? [])))).toBe('E8329BFD06');
  });

  test('a header of 6 octets leaves one fill bit: the text starts at septet 7', () => {
    expect([0, 1, 6, 7, 8].map(headerSeptets)).toEqual([0, 2, 7, 8, 10]);
  });

  test('packing and unpacking are inverse, with any room left for a header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 127, maxLength: 160 }), fc.nat(12), (septets, skip) => {
        expect(unpackSeptets(packSeptets(septets, skip), septets.length, skip)).toEqual(septets);
      }),
    );
  });

  test('unpacking past the end gives what is there', () => {
    expect(unpackSeptets(new Uint8Array(2), 160).length).toBe(2);
    expect(unpackSeptets(new Uint8Array(0), 5, 7).length).toBe(0);
  });
});

describe('default alphabet', () => {
  const cases: [what: string, septets: number[], text: string][] = [
    ['@ is code 0', [0, 0x11, 0], '@_@'],
    ['extension characters', [0x1b, 0x3c, 0x1b, 0x3e, 0x1b, 0x65, 0x1b, 0x0a], '[]€\f'],
    ['an unassigned escape shows the base character', [0x1b, 0x41, 0x1b, 0x30], 'A0'],
    ['two escapes are a space', [0x41, ESCAPE, ESCAPE, 0x42], 'A B'],
    ['an escape at the end is nothing', [0x41, ESCAPE], 'A'],
  ];
  test.each(cases)('%s', (_what, septets, text) => {
    expect(decodeSeptets(Uint8Array.from(septets))).toBe(text);
  });

  test('a character outside both tables cannot be encoded', () => {
    expect(encodeSeptets('ж')).toBeNull();
    expect(encodeSeptets('ç')).toBeNull();
  });
});

describe('national tables', () => {
  const numbers = Array.from({ length: 14 }, (_, n) => n);

  test.each(numbers)('locking table %i has 128 places with line feed, carriage return, digits and letters in place', (number) => {
    const table = lockingTable(number);
    expect(table.length).toBe(128);
    expect(table.every((character) => character.length === 1)).toBe(true);
    expect([table[0x0a], table[0x0d], table[0x20], table[0x30], table[0x39], table[0x61], table[0x7a]]).toEqual([
      '\n',
      '\r',
      ' ',
      '0',
      '9',
      'a',
      'z',
    ]);
  });

  test.each(numbers)('single shift table %i has the common extension', (number) => {
    const table = singleShiftTable(number);
    expect([0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65].map((at) => table.get(at)).join('')).toBe('\f^{}\\[~]|€');
    expect(table.get(ESCAPE)).toBeUndefined();
  });

  /** Places with a character of their own, and a digest over every place: counted once against two independent tables (see docs/codec.md). */
  const sizes: [number: number, locking: number, single: number, digest: string][] = [
    [0, 127, 10, '284d98d8'],
    [1, 127, 17, '8390569a'],
    [2, 127, 19, '4af5761f'],
    [3, 127, 37, 'cd86f243'],
    [4, 114, 82, '7a2c0695'],
    [5, 120, 70, '204f66b9'],
    [6, 127, 88, 'f1785b40'],
    [7, 120, 73, '6adcfa66'],
    [8, 120, 82, 'a78cec70'],
    [9, 116, 75, 'a7714190'],
    [10, 110, 76, 'cb98c3c6'],
    [11, 102, 77, 'a669101f'],
    [12, 120, 78, '985f9085'],
    [13, 127, 90, '32e20cd2'],
  ];
  test.each(sizes)('tables %i are the ones that were compared', (number, locking, single, digest) => {
    const places = Array.from({ length: 128 }, (_, at) => [lockingTable(number)[at], singleShiftTable(number).get(at) ?? '']);
    const own = lockingTable(number).filter((character, at) => at !== ESCAPE && (character !== ' ' || at === 0x20)).length;
    expect([own, singleShiftTable(number).size]).toEqual([locking, single]);
    expect(Bun.hash.crc32(JSON.stringify(places)).toString(16)).toBe(digest);
  });

  const samples: [locking: number, single: number, text: string][] = [
    [1, 1, 'Doğrulama kodunuz şifre: 4821 ıİĞŞ€'],
    [0, 2, 'Código: ÁÍÓÚáíóúç'],
    [3, 3, 'Código de verificação à sua mão: ÃÕÂ∞ΦΩ'],
    [4, 4, 'আপনার কোড ১২৩৪'],
    [5, 5, 'તમારો કોડ ૧૨૩૪'],
    [6, 6, 'आपका कोड १२३४ है।'],
    [7, 7, 'ನಿಮ್ಮ ಕೋಡ್ ೧೨೩'],
    [8, 8, 'നിങ്ങളുടെ കോഡ് ൧൨൩'],
    [9, 9, 'ଆପଣଙ୍କ କୋଡ୍ ୧୨୩'],
    [10, 10, 'ਤੁਹਾਡਾ ਕੋਡ ੧੨੩'],
    [11, 11, 'உங்கள் எண் ௧௨௩'],
    [12, 12, 'మీ కోడ్ ౧౨౩'],
    [13, 13, 'آپکا کوڈ ۱۲۳۴ ہے۔'],
  ];
  test.each(samples)('locking %i with single shift %i writes and reads its own language', (locking, single, text) => {
    const septets = encodeSeptets(text, { locking, single });
    expect(septets).not.toBeNull();
    expect(decodeSeptets(Uint8Array.from(septets?.flat() ?? []), { locking, single })).toBe(text);
  });

  test('an unknown number means the default tables', () => {
    expect(lockingTable(2)).toEqual(lockingTable(0));
    expect(decodeSeptets(Uint8Array.of(0x04, 0x1b, 0x65), { locking: 99, single: 99 })).toBe('è€');
  });

  test('whatever can be encoded is decoded to the same', () => {
    const characters = [...lockingTable(0)].filter((_, at) => at !== ESCAPE).concat([...singleShiftTable(0).values()]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters)), (picked) => {
        const septets = encodeSeptets(picked.join(''), DEFAULT_LANGUAGE);
        expect(decodeSeptets(Uint8Array.from(septets?.flat() ?? []))).toBe(picked.join(''));
      }),
    );
  });
});
