import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { canonicalIccid, swapNibbles, withCheckDigit } from '../../src/lib/iccid.ts';
import { IccidReader } from '../../src/modem/identify.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, Recorder, startSession, until } from './bench.ts';

describe('the canonical form', () => {
  test.each<[string, string, string | null]>([
    ['19 digits with their check digit', '8999901000000000013', '8999901000000000013'],
    ['the check digit left out', '899990100000000001', '8999901000000000013'],
    ['quotes and filler', '"8999901000000000013F"', '8999901000000000013'],
    ['blanks as printed on the card', ' 89999 0100 0000 0000 13 ', '8999901000000000013'],
    ['nibbles as they lie in the file', '989909010000000010F3', '8999901000000000013'],
    ['20 digits with their check digit', '89999010000000000120', '89999010000000000120'],
    ['20 digits that lost it', '8999901000000000012', '89999010000000000120'],
    ['20 digits that never had one', '89999010000000000129', '89999010000000000129'],
    ['letters, in upper case', '898600a1234567890123', '898600A1234567890123'],
    ['a letter too early', '8986A01234567890123', null],
    ['no card of telecommunications', '4999901000000000013', null],
    ['too short', '12345', null],
    ['more than a card holds', '899990100000000000131', null],
    ['nothing', '', null],
  ])('%s', (_name, text, expected) => {
    expect(canonicalIccid(text)).toBe(expected);
  });

  const account = (places: number) => fc.stringMatching(new RegExp(`^89[0-9]{${places - 2}}$`));

  test.each([[18], [19]])('a card of %p digits and a check digit is the same by every command', (places) => {
    fc.assert(
      fc.property(account(places), (bare) => {
        const printed = withCheckDigit(bare);
        const file = swapNibbles(printed.padEnd(20, 'F'));
        const canonical = canonicalIccid(printed);
        for (const form of [bare, `${printed}F`, `"${printed}"`, file]) expect(canonicalIccid(form)).toBe(canonical);
        expect(canonical).not.toBeNull();
        expect(canonicalIccid(canonical ?? '')).toBe(canonical);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([[18], [19]])('neighbouring cards of %p digits and a check digit stay two', (places) => {
    fc.assert(
      fc.property(account(places), fc.integer({ min: 1, max: 9 }), (bare, distance) => {
        const next = `${bare.slice(0, -1)}${(Number(bare.at(-1)) + distance) % 10}`;
        expect(canonicalIccid(withCheckDigit(next))).not.toBe(canonicalIccid(withCheckDigit(bare)));
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

  test('a card is the same SIM whichever command tells it, with or without its check digit', async () => {
    const seen: (string | undefined)[] = [];
    for (const answers of ['CCID', 'QCCID']) {
      const line = new BenchLine();
      const recorder = new Recorder();
      line.override = (command) => {
        if (!/CCID|CRSM/.test(command)) return null;
        if (command !== `AT+${answers}`) return '\r\nERROR\r\n';
        return `\r\n+${answers}: ${answers === 'CCID' ? iccid : iccid.slice(0, -1)}\r\n\r\nOK\r\n`;
      };
      const session = startSession(line, recorder);
      await until('ready', () => recorder.isReady());
      seen.push(recorder.sims[0]?.iccid);
      await session.stop('done');
    }
    expect(seen).toEqual([iccid, iccid]);
  });
});
