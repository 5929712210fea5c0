import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type DecodedPdu, decodePdu } from '../../src/gsm/deliver.ts';
import { type DeliverSms, encodeDeliver } from '../../src/gsm/encode.ts';
import { fingerprint } from '../../src/gsm/fingerprint.ts';
import { joinText } from '../../src/gsm/join.ts';

const atMs = Date.UTC(2026, 10, 22, 20, 16, 57);
const decode = (sms: DeliverSms): DecodedPdu[] => encodeDeliver(sms).map(({ pdu, length }) => decodePdu(pdu, { smsc: 'present', length }));

const gsmText = fc.string({ unit: fc.constantFrom(...'@£$ΔΦabcXYZ 0123456789:-€[]{}~^|\\é\n'), maxLength: 500 });
const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('😀', 'ж', '漢', '👩‍👩‍👧', 'a', ' ', '4'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  maxLength: 200,
});
const sender = fc.oneof(
  fc.stringMatching(/^\+[0-9]{1,20}$/),
  fc.stringMatching(/^[0-9*#]{1,20}$/),
  fc.stringMatching(/^[A-Za-z_@][A-Za-z0-9@_. -]{0,10}$/),
  fc.constant(''),
);
const sms = fc.record({
  sender,
  text: fc.oneof(gsmText, anyText).filter((text) => text.isWellFormed() && !text.includes('\uFEFF')),
  atMs: fc.integer({ min: Date.UTC(2000, 0, 2) / 1000, max: Date.UTC(2089, 11, 30) / 1000 }).map((seconds) => seconds * 1000),
  zoneMinutes: fc.integer({ min: -79, max: 79 }).map((quarters) => quarters * 15),
  ref: fc.nat(255),
  refWidth: fc.constantFrom(8 as const, 16 as const),
});

describe('what is encoded', () => {
  test('is decoded and joined to the same', () => {
    fc.assert(
      fc.property(sms, (input) => {
        const parts = decode(input);
        expect(joinText(parts)).toBe(input.text);
        for (const [i, part] of parts.entries()) {
          expect([part.error, part.flags, part.sender, part.networkTimeMs]).toEqual([null, [], input.sender, input.atMs]);
          expect(part.userData.length).toBeLessThanOrEqual(140);
          if (parts.length > 1) expect(part.concat).toEqual({ ref: input.ref, total: parts.length, seq: i + 1, width: input.refWidth });
          else expect(part.concat).toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });

  const sizes: [what: string, sms: Partial<DeliverSms>, parts: number, coding: string][] = [
    ['160 septets', { text: 'a'.repeat(160) }, 1, 'gsm7'],
    ['161 septets', { text: 'a'.repeat(161) }, 2, 'gsm7'],
    ['two parts of 153', { text: 'a'.repeat(306) }, 2, 'gsm7'],
    ['one more', { text: 'a'.repeat(307) }, 3, 'gsm7'],
    ['a 16 bit reference leaves 152', { text: 'a'.repeat(305), refWidth: 16 }, 3, 'gsm7'],
    ['80 escaped characters', { text: '€'.repeat(80) }, 1, 'gsm7'],
    ['an escape is not cut: 152 + 1 + 2', { text: `${'a'.repeat(152)}€${'a'.repeat(20)}` }, 2, 'gsm7'],
    ['70 UCS2 units', { text: 'ж'.repeat(70) }, 1, 'ucs2'],
    ['71 UCS2 units', { text: 'ж'.repeat(71) }, 2, 'ucs2'],
    ['a surrogate pair is not cut', { text: `${'ж'.repeat(66)}😀${'ж'.repeat(67)}` }, 3, 'ucs2'],
    ['Latin text asked for as UCS2', { text: 'hello', dcs: 0x18 }, 1, 'ucs2'],
    ['a national language', { text: 'şifre: 4821', language: { locking: 1, single: 1 } }, 1, 'gsm7'],
    ['an empty text', { text: '' }, 1, 'gsm7'],
  ];
  test.each(sizes)('%s', (_what, partial, parts, coding) => {
    const input = { sender: 'Acme', text: '', atMs, ...partial };
    const decoded = decode(input);
    expect([decoded.length, decoded[0]?.coding as string]).toEqual([parts, coding]);
    expect(joinText(decoded)).toBe(input.text);
  });

  const refused: [what: string, sms: Partial<DeliverSms>, error: string][] = [
    ['too many parts', { text: 'a'.repeat(153 * 255 + 1) }, 'text needs 256 parts, at most 255 are possible'],
    ['a character the coding lacks', { text: 'ж', dcs: 0 }, 'text: a character is not in the GSM 7 bit alphabet that dcs 0 asks for'],
    ['a lone surrogate', { text: 'ж\uD83D' }, 'text: a lone surrogate'],
    ['8 bit', { text: 'a', dcs: 4 }, 'dcs 4: only GSM 7 bit and UCS2 texts are written'],
    ['a reference too large', { text: 'a'.repeat(200), ref: 256 }, 'ref 256 does not fit 8 bits'],
    ['a long name', { sender: 'TwelveCharsX' }, 'sender "TwelveCharsX": longer than 11 septets'],
  ];
  test.each(refused)('%s is refused', (_what, partial, error) => {
    expect(() => encodeDeliver({ sender: 'Acme', text: 'a', atMs, ...partial })).toThrow(error);
  });
});

describe('joining', () => {
  const part = (first: string, rest: string) => decodePdu(`0044${'0C91447700091032'}${first}62112202617500${rest}`, { smsc: 'present' });

  test('a surrogate pair split over two parts survives', () => {
    const parts = [part('0008', '0A050003070201004BD83D'), part('0008', '0A050003070202DE000021')];
    expect(parts.map((each) => each.text)).toEqual(['K\uFFFD', '\uFFFD!']);
    expect(joinText(parts)).toBe('K😀!');
  });

  test('an escape split over two parts survives', () => {
    const parts = [part('0000', '09050003070201821B'), part('0000', '09050003070202CA42')];
    const [first, second] = parts;
    expect(first?.septets?.at(-1)).toBe(0x1b);
    expect(second?.septets?.[0]).toBe(0x65);
    expect(joinText(parts)).toBe(`${first?.text}€${second?.text?.slice(1)}`);
  });

  test('missing parts show as gaps', () => {
    const three = decode({ sender: 'Acme', text: `${'a'.repeat(153)}${'b'.repeat(153)}c`, atMs });
    const [a, b, c] = three as [DecodedPdu, DecodedPdu, DecodedPdu];
    expect(joinText([a, c])).toBe(`${'a'.repeat(153)}…c`);
    expect(joinText([b])).toBe(`…${'b'.repeat(153)}…`);
    expect(joinText([a, b])).toBe(`${'a'.repeat(153)}${'b'.repeat(153)}…`);
    expect(joinText([])).toBe('');
  });

  test('a part with half a unit does not shift the next', () => {
    expect(joinText([part('0008', '09050003070201004BD8'), part('0008', '080500030702020021')])).toBe('K!');
  });

  test('a byte order mark of each part is dropped', () => {
    expect(joinText([part('0008', '0A050003070201FEFF0034'), part('0008', '0A050003070202FEFF0038')])).toBe('48');
  });

  test('a message alone is its own text', () => {
    expect(joinText(decode({ sender: '', text: 'alone', atMs }))).toBe('alone');
  });
});

describe('fingerprints', () => {
  const input = { sender: 'Acme', text: 'Your code is 482913', atMs };
  const of = (change: Partial<DeliverSms> = {}, iccid = '8988303000000000001') =>
    fingerprint(iccid, encodeDeliver({ ...input, ...change })[0]?.pdu ?? '');

  test('are SHA-256 in hex and the same for the same part', () => {
    expect(of()).toMatch(/^[0-9a-f]{64}$/);
    expect(of()).toBe(of());
  });

  test('leave out the service centre, the first octet and the case of the hex', () => {
    const [{ pdu } = { pdu: '' }] = encodeDeliver(input);
    expect(of({ smsc: '+447785016005' })).toBe(of());
    expect(fingerprint('8988303000000000001', pdu.replace(/^0004/, '0000').toLowerCase())).toBe(of());
  });

  const different: [what: string, change: Partial<DeliverSms>][] = [
    ['sender', { sender: 'Acne' }],
    ['second', { atMs: atMs + 1000 }],
    ['zone', { atMs: atMs - 3_600_000, zoneMinutes: 60 }],
    ['text', { text: 'Your code is 482914' }],
    ['length', { text: 'Your code is 482913@' }],
    ['coding', { dcs: 0x10 }],
    ['protocol identifier', { pid: 0x41 }],
  ];
  test.each(different)('differ by %s', (_what, change) => {
    expect(of(change)).not.toBe(of());
  });

  test('differ by SIM and by part', () => {
    expect(of({}, '8988303000000000002')).not.toBe(of());
    const long = encodeDeliver({ ...input, text: 'a'.repeat(306) }).map(({ pdu }) => fingerprint('1', pdu));
    expect(new Set(long).size).toBe(2);
  });

  test('of what cannot be decoded are over the raw line', () => {
    expect(fingerprint('1', '00040C91')).toBe(fingerprint('1', ' 00040c91\n'));
    expect(fingerprint('1', '00040C91')).not.toBe(fingerprint('1', '00040C92'));
    expect(fingerprint('1', 'no hex')).not.toBe(fingerprint('1', 'no hey'));
    expect(fingerprint('1', '')).not.toBe(fingerprint('2', ''));
  });
});
