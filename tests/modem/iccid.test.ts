import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { canonicalIccid, sameCard, swapNibbles, withCheckDigit } from '../../src/lib/iccid.ts';
import { IccidReader } from '../../src/modem/sim/identify.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';

describe('the canonical form', () => {
  test.each<[string, string, string | null]>([
    ['19 digits', '8999901000000000013', '8999901000000000013'],
    ['18 digits', '899990100000000001', '899990100000000001'],
    ['20 digits', '89999010000000000120', '89999010000000000120'],
    ['quotes and filler', '"8999901000000000013F"', '8999901000000000013'],
    ['blanks as printed on the card', ' 89999 0100 0000 0000 13 ', '8999901000000000013'],
    ['nibbles as they lie in the file', '989909010000000010F3', '8999901000000000013'],
    ['letters, in upper case', '898600a1234567890123', '898600A1234567890123'],
    ['a letter too early', '8986A01234567890123', null],
    ['no card of telecommunications', '4999901000000000013', null],
    ['too short', '12345', null],
    ['more than a card holds', '899990100000000000131', null],
    ['nothing', '', null],
  ])('%s', (_name, text, expected) => {
    expect(canonicalIccid(text)).toBe(expected);
  });
});

describe('one card or two', () => {
  const account = (places: number) => fc.stringMatching(new RegExp(`^89[0-9]{${places - 2}}$`));

  test.each([[18], [19]])('%p digits with and without their check digit are one card, in every form', (places) => {
    fc.assert(
      fc.property(account(places), (bare) => {
        const printed = withCheckDigit(bare);
        const file = swapNibbles(printed.padEnd(20, 'F'));
        for (const form of [bare, printed, `"${printed}"`, file])
          expect([sameCard(form, bare), sameCard(printed, form)]).toEqual([true, true]);
      }),
    );
  });

  test('neighbours are two', () => {
    fc.assert(
      fc.property(account(18), fc.integer({ min: 1, max: 9 }), (bare, distance) => {
        const next = `${bare.slice(0, -1)}${(Number(bare.at(-1)) + distance) % 10}`;
        expect(sameCard(withCheckDigit(next), withCheckDigit(bare))).toBe(false);
      }),
    );
  });
});

describe('reading it', () => {
  const { iccid } = virtualIdentity(0);

  test.each([[14], [314], [515]])('a command refused as busy (%p) is asked again before another', async (code) => {
    const asked: string[] = [];
    let refusals = 2;
    const reader = new IccidReader(1);
    const read = await reader.read(async ({ text }) => {
      asked.push(text);
      if (refusals-- > 0) return { ok: false, kind: 'error', code, text: '' };
      return { ok: true, lines: [{ text: `${text.slice(2)}: ${iccid}`, pdu: null, atMs: 0, monotonicMs: 0 }] };
    });
    expect(read).toBe(iccid);
    expect(asked).toEqual(['AT+CCID', 'AT+CCID', 'AT+CCID']);
  });

  test('a command that stays busy gives way to the next', async () => {
    const asked: string[] = [];
    const read = await new IccidReader(1).read(async ({ text }) => {
      asked.push(text);
      if (text === 'AT+CCID') return { ok: false, kind: 'error', code: 14, text: '' };
      return { ok: true, lines: [{ text: `+QCCID: ${iccid}`, pdu: null, atMs: 0, monotonicMs: 0 }] };
    });
    expect(read).toBe(iccid);
    expect(new Set(asked)).toEqual(new Set(['AT+CCID', 'AT+QCCID']));
  });
});
