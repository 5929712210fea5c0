import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { canonicalIccid, formsOf, sameCard, swapNibbles, withCheckDigit } from '../../src/lib/iccid.ts';
import type { AtResult } from '../../src/modem/at/channel.ts';
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

describe('the forms of one card', () => {
  test('are those that count as the same card, the given one first', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^89[0-9]{16,17}$/), (bare) => {
        const printed = withCheckDigit(bare);
        for (const form of [bare, printed]) {
          const forms = formsOf(form);
          expect(forms[0]).toBe(form);
          expect(forms).toContain(bare);
          expect(forms).toContain(printed);
          for (const other of forms) expect(sameCard(form, other)).toBe(true);
        }
      }),
    );
  });

  test('with letters there is one', () => {
    expect(formsOf('898600A1234567890123')).toEqual(['898600A1234567890123']);
  });
});

describe('reading it', () => {
  const { iccid } = virtualIdentity(0);
  const answer = (text: string): AtResult => ({ ok: true, lines: [{ text, pdu: null, atMs: 0, monotonicMs: 0 }] });
  const ERROR: AtResult = { ok: false, kind: 'error', code: null, text: 'ERROR' };
  const busy = (code: number): AtResult => ({ ok: false, kind: 'error', code, text: '' });
  const unknown = () => null;

  test.each([[14], [314], [515]])('a command refused as busy (%p) is asked again before another', async (code) => {
    const asked: string[] = [];
    let refusals = 2;
    const read = await new IccidReader(unknown, 1).read(async ({ text }) => {
      asked.push(text);
      return refusals-- > 0 ? busy(code) : answer(`+CRSM: 144,0,"${swapNibbles(iccid.padEnd(20, 'F'))}"`);
    });
    expect(read).toBe(iccid);
    expect(new Set(asked)).toEqual(new Set(['AT+CRSM=176,12258,0,0,10']));
    expect(asked.length).toBe(3);
  });

  test('a command that stays busy gives way to the next', async () => {
    const asked: string[] = [];
    const read = await new IccidReader(unknown, 1).read(async ({ text }) => {
      asked.push(text);
      return text === 'AT+CCID' ? answer(`+CCID: ${iccid}`) : busy(14);
    });
    expect(read).toBe(iccid);
    expect(asked.at(-1)).toBe('AT+CCID');
  });

  test.each<[string, string]>([
    ['AT+CRSM=176,12258,0,0,10', '+CRSM: 144,0,"989909010000000010F3"'],
    ['AT+CRSM=176,12258,0,0,10', '+CRSM:145, 12, 989909010000000010F3'],
    ['AT+CRSM=176,12258,0,0,10', '+CRSM: 144,0,"8999901000000000013F"'],
    ['AT+CCID', '8999901000000000013'],
    ['AT+CCID', '+CCID: "8999901000000000013F"'],
    ['AT+QCCID', '+QCCID: 8999901000000000013F'],
    ['AT+ICCID', 'ICCID:8999901000000000013'],
    ['AT+CICCID', '+ICCID: 8999901000000000013'],
    ['AT^ICCID?', '^ICCID: 989909010000000010F3'],
    ['AT#CCID', '#CCID: 8999901000000000013'],
    ['AT^SCID', '^SCID: 8999901000000000013'],
    ['AT!ICCID?', '!ICCID: 8999901000000000013'],
    ['AT+ZGETICCID', '+ZGETICCID: 8999901000000000013,1'],
  ])('by %s as %s', async (command, line) => {
    // A line that does not count as part of the answer never reaches the reader.
    const sent: string[] = [];
    const read = await new IccidReader(unknown, 1).read(async (asked) => {
      sent.push(asked.text);
      if (asked.text !== command) return ERROR;
      const belongs = asked.prefixes?.some((prefix) => line.startsWith(prefix)) === true || asked.bare?.test(line) === true;
      return belongs ? answer(line) : { ok: true, lines: [] };
    });
    expect(read).toBe('8999901000000000013');
    expect(sent.at(-1)).toBe(command);
  });

  test.each<[string]>([
    ['+CRSM: 106,130,""'],
    ['+CRSM: 148,4'],
    ['+CRSM: 144,0,"FFFFFFFFFFFFFFFFFFFF"'],
    ['+CRSM: 152,4,"989909010000000010F3"'],
  ])('a card that answers %s does not tell it so', async (line) => {
    const read = await new IccidReader(unknown, 1).read(async ({ text }) => (text.startsWith('AT+CRSM') ? answer(line) : ERROR));
    expect(read).toBeNull();
  });

  test('the command that told it is kept to', async () => {
    const asked: string[] = [];
    const reader = new IccidReader(unknown, 1);
    const send = async ({ text }: { text: string }): Promise<AtResult> => {
      asked.push(text);
      return text === 'AT+QCCID' ? answer(`+QCCID: ${iccid}`) : ERROR;
    };
    await reader.read(send);
    asked.length = 0;
    await reader.read(send);
    expect(asked).toEqual(['AT+QCCID']);
  });

  test('a command that was not answered at all is asked last the next time', async () => {
    const reader = new IccidReader(unknown, 1);
    const send = async ({ text }: { text: string }): Promise<AtResult> => {
      if (text.startsWith('AT+CRSM')) return { ok: false, kind: 'timeout', lines: [] };
      return text === 'AT+CCID' ? answer(`+CCID: ${iccid}`) : ERROR;
    };
    expect(await reader.read(send)).toBeNull();
    expect(await reader.read(send)).toBe(iccid);
  });

  test('a card known in another form stays that card', async () => {
    const known = iccid.slice(0, -1);
    const reader = new IccidReader((form) => (sameCard(form, known) ? known : null), 1);
    expect(await reader.read(async () => answer(`+CRSM: 144,0,"${swapNibbles(iccid.padEnd(20, 'F'))}"`))).toBe(known);
  });
});
