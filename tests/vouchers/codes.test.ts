import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { endOfCode, newVoucherCode, parseVoucherCode, printedCode } from '../../src/vouchers/codes.ts';
import { endOfDay } from '../../src/vouchers/expiry.ts';
import { seededRandom } from '../support/house.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const code = fc.integer().map((seed) => newVoucherCode(seededRandom(seed)));

describe('a voucher code', () => {
  test('is sixteen letters and digits that cannot be mistaken, and reads back as itself', () => {
    fc.assert(
      fc.property(code, (one) => {
        expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        expect(parseVoucherCode(one)).toBe(one);
        expect(parseVoucherCode(printedCode(one))).toBe(one);
        expect(printedCode(one)).toMatch(/^(.{4}-){3}.{4}$/);
        expect(one).toEndWith(endOfCode(one));
      }),
    );
  });

  test('is read however it is typed: small letters, look-alikes, dashes and spaces anywhere', () => {
    const typed = fc.tuple(
      code,
      fc.array(fc.tuple(fc.nat(16), fc.constantFrom('-', ' ', '–', '\u2011', '.', '_', '\u00a0')), { maxLength: 12 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(typed, fc.constantFrom('o', 'O'), fc.constantFrom('i', 'I', 'l', 'L'), ([one, marks, small], nought, first) => {
        let text = one.replaceAll('0', nought).replaceAll('1', first);
        for (const [at, mark] of marks) text = text.slice(0, at) + mark + text.slice(at);
        expect(parseVoucherCode(small ? text.toLowerCase() : text)).toBe(one);
      }),
    );
  });

  test('with any one character wrong, or any two different neighbours swapped, is none', () => {
    fc.assert(
      fc.property(code, (one) => {
        for (let at = 0; at < one.length; at++) {
          for (const other of ALPHABET) {
            if (other !== one[at]) expect(parseVoucherCode(one.slice(0, at) + other + one.slice(at + 1))).toBeNull();
          }
          const swapped = one.slice(0, at) + (one[at + 1] ?? '') + one[at] + one.slice(at + 2);
          if (swapped !== one) expect(parseVoucherCode(swapped)).toBeNull();
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['nothing', ''],
    ['a hyphen', '-'],
    ['a letter that is in none', 'U'.repeat(16)],
    ['one too short', '0'.repeat(15)],
    ['one too long', '0'.repeat(17)],
    ['of other signs', '\u{1f600}'.repeat(8)],
    ['a million letters', 'x'.repeat(1_000_000)],
  ])('is not %s', (_, text) => expect(parseVoucherCode(text)).toBeNull());
});

test('a last day ends with it, and what is no day is none', () => {
  expect(endOfDay('2027-01-31')).toBe(Date.UTC(2027, 1, 1));
  for (const text of ['2027-02-30', '31.1.2027', '', '2027-1-1', '2027-01-31T00:00:00Z']) expect(endOfDay(text)).toBeNull();
});
