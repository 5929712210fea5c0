import { describe, expect, test } from 'bun:test';
import { encodeAddress, encodeServiceCentre, readAddress, readServiceCentre } from '../../src/gsm/address.ts';
import { decodeCoding } from '../../src/gsm/coding.ts';
import { decodeHeader, encodeHeader } from '../../src/gsm/header.ts';
import { Cursor, faultText, parseHex, toHex } from '../../src/gsm/octets.ts';
import { decodeBcd, decodeDigits, encodeBcd, encodeDigits } from '../../src/gsm/semioctets.ts';
import { decodeTimestamp, encodeTimestamp, zoneQuarters } from '../../src/gsm/timestamp.ts';

const octets = (hex: string) => parseHex(hex).octets;

describe('hex', () => {
  const cases: [hex: string, octets: number, error: string | null][] = [
    [' 00fF\r\n', 2, null],
    ['', 0, 'pdu.hex at octet 0: empty'],
    ['00F', 1, 'pdu.hex at octet 1: odd number of hex digits'],
    ['00G0', 1, 'pdu.hex at octet 1: character 3 is no hex digit'],
  ];
  test.each(cases)('%j', (hex, length, error) => {
    const { octets, fault } = parseHex(hex);
    expect([octets.length, fault && faultText(fault)]).toEqual([length, error]);
  });
});

describe('semi-octets', () => {
  test('the digits past nine are * # a b c, both ways', () => {
    expect(decodeDigits(octets('A1CBED'), 6)).toEqual({ digits: '1*#abc', fillerInside: false });
    expect(toHex(encodeDigits('1*#ab') ?? new Uint8Array())).toBe('A1CBFD');
    expect(encodeDigits('12x')).toBeNull();
  });
  test('a filler between digits is passed over and told', () => {
    expect(decodeDigits(octets('F132'), 4)).toEqual({ digits: '123', fillerInside: true });
  });
  test('BCD refuses hex digits and covers 0 to 99', () => {
    expect([decodeBcd(0x95), decodeBcd(0xa1), decodeBcd(0x1a)]).toEqual([59, null, null]);
    const all = Array.from({ length: 100 }, (_, n) => n);
    expect(all.map(encodeBcd).map(decodeBcd)).toEqual(all);
  });
});

describe('addresses', () => {
  const good: [what: string, hex: string, text: string][] = [
    ['international', '0C91447700091032', '+447700900123'],
    ['odd count with filler', '0B912143658709F1', '+12345678901'],
    ['type unknown', '04812143', '1234'],
    ['national', '04A12143', '1234'],
    ['empty', '0080', ''],
    ['star and hash', '0481A1B2', '1*2#'],
    ['a name of two septets in four semi-octets', '04D01100', '_@'],
  ];
  test.each(good)('%s', (_what, hex, text) => {
    const cursor = new Cursor(octets(hex), 0);
    expect(readAddress(cursor, 'deliver.address')?.text).toBe(text);
    expect([cursor.failure, cursor.left]).toEqual([null, 0]);
  });

  const bad: [what: string, hex: string, error: string][] = [
    ['nothing', '', 'deliver.address.length at octet 0: needs 1 octet, 0 left'],
    ['no type', '0B', 'deliver.address.type at octet 1: needs 1 octet, 0 left'],
    ['digits cut off', '0B912143', 'deliver.address.digits at octet 2: needs 6 octets, 2 left'],
    ['too long', '1591214365870921436587F9F9', 'deliver.address.length at octet 0: 21 semi-octets, at most 20 allowed'],
  ];
  test.each(bad)('%s is refused with its place', (_what, hex, error) => {
    const cursor = new Cursor(octets(hex), 0);
    expect(readAddress(cursor, 'deliver.address')).toBeNull();
    expect(cursor.failure && faultText(cursor.failure)).toBe(error);
  });

  test('a wrong filler of an odd count is told', () => {
    expect(readAddress(new Cursor(octets('03812143'), 0), 'x')?.irregular).toBe(true);
  });

  test.each(['', '+447700900123', '22333', '*100#', 'WhatsApp', 'O2', 'Ä@_ß', 'ElevenChars'])('%j is written and read back', (text) => {
    expect(readAddress(new Cursor(encodeAddress(text), 0), 'x')?.text).toBe(text);
  });

  test.each(['TwelveCharsX', 'Почта', '+123456789012345678901', '[longer name]'])('%j cannot be a sender', (text) => {
    expect(() => encodeAddress(text)).toThrow('sender');
  });

  test('a service centre counts octets, and may be missing', () => {
    expect(toHex(encodeServiceCentre('+447785016005'))).toBe('0791447758100650');
    expect(toHex(encodeServiceCentre(null))).toBe('00');
    expect(readServiceCentre(new Cursor(octets('0791447758100650'), 0))).toEqual({ ok: true, text: '+447785016005' });
    expect(readServiceCentre(new Cursor(octets('00'), 0))).toEqual({ ok: true, text: null });
    expect(readServiceCentre(new Cursor(octets('0791'), 0)).ok).toBe(false);
    expect(() => encodeServiceCentre('centre')).toThrow('smsc');
  });
});

describe('time stamps', () => {
  const cases: [what: string, hex: string, text: string | null][] = [
    ['east of UTC', '62112202617580', '2026-11-22T20:16:57+02:00'],
    ['west of UTC', '6211220261750A', '2026-11-22T20:16:57-05:00'],
    ['UTC', '62112202617500', '2026-11-22T20:16:57+00:00'],
    ['a quarter hour', '62112202617510', '2026-11-22T20:16:57+00:15'],
    ['a hex digit in the zone: 32 quarters', '621122026175C2', '2026-11-22T20:16:57+08:00'],
    ['29 February of a leap year', '42209221000000', '2024-02-29T12:00:00+00:00'],
    ['last century', '99211332959500', '1999-12-31T23:59:59+00:00'],
    ['29 February of another year', '52209221000000', null],
    ['month 13', '62312202617500', null],
    ['day 0', '62110002617500', null],
    ['hour 24', '62112242617500', null],
    ['second 60', '62112202610600', null],
    ['a hex digit in the year', 'A2112202617500', null],
    ['all zero, as a modem without clock writes', '00000000000000', null],
    ['too short', '621122', null],
  ];
  test.each(cases)('%s', (_what, hex, text) => {
    expect(decodeTimestamp(octets(hex))?.text ?? null).toBe(text);
  });

  test('the moment is that of the text', () => {
    expect(decodeTimestamp(octets('6211220261750A'))?.atMs).toBe(Date.parse('2026-11-22T20:16:57-05:00'));
  });

  test('the sign is bit 3, and every zone is read back', () => {
    expect(zoneQuarters(0x0a)).toBe(-20);
    const zones = Array.from({ length: 159 }, (_, n) => (n - 79) * 15);
    const atMs = Date.UTC(2026, 10, 22, 20, 16, 57);
    for (const zone of zones) expect(decodeTimestamp(encodeTimestamp(atMs, zone))?.atMs).toBe(atMs);
  });

  test.each([
    [0, 7],
    [0, 1200],
    [Date.UTC(2090, 0, 1), 0],
    [Date.UTC(1989, 0, 1), 0],
    [Number.NaN, 0],
  ])('%p in zone %p is refused', (at, zone) => {
    expect(() => encodeTimestamp(at, zone)).toThrow(RangeError);
  });
});

describe('data coding schemes', () => {
  /** The rule of TS 23.038 clause 4, written out by group. */
  function byTheBook(dcs: number): object {
    const group = (dcs & 0xf0) >> 4;
    const none = { messageClass: null, waiting: null, deleteAfterReading: false, reserved: false };
    if (group <= 7) {
      const alphabet = ['gsm7', '8bit', 'ucs2', 'gsm7'][(dcs & 0x0c) >> 2] ?? '';
      const name = [2, 3, 6, 7].includes(group) ? 'compressed' : alphabet;
      const messageClass = group % 2 === 1 ? dcs & 3 : null;
      return { name, messageClass, waiting: null, deleteAfterReading: group >= 4, reserved: (dcs & 0x0c) === 0x0c };
    }
    if (group <= 11) return { ...none, name: 'gsm7', reserved: true };
    const kind = ['voicemail', 'fax', 'email', 'other'][dcs & 3];
    const waiting = { active: dcs % 16 >= 8, kind, store: group !== 12 };
    if (group <= 13) return { ...none, name: 'gsm7', waiting };
    if (group === 14) return { ...none, name: 'ucs2', waiting };
    return { ...none, name: (dcs & 4) === 4 ? '8bit' : 'gsm7', messageClass: dcs & 3 };
  }
  test.each(Array.from({ length: 256 }, (_, dcs): [string, number] => [dcs.toString(16).padStart(2, '0'), dcs]))('0x%s', (_hex, dcs) => {
    expect<object>(decodeCoding(dcs)).toEqual(byTheBook(dcs));
  });

  const known: [dcs: number, what: Partial<ReturnType<typeof decodeCoding>>][] = [
    [0x00, { name: 'gsm7', messageClass: null }],
    [0x10, { name: 'gsm7', messageClass: 0 }],
    [0x18, { name: 'ucs2', messageClass: 0 }],
    [0x48, { name: 'ucs2', deleteAfterReading: true }],
    [0xc8, { name: 'gsm7', waiting: { active: true, kind: 'voicemail', store: false } }],
    [0xd1, { name: 'gsm7', waiting: { active: false, kind: 'fax', store: true } }],
    [0xea, { name: 'ucs2', waiting: { active: true, kind: 'email', store: true } }],
    [0xf2, { name: 'gsm7', messageClass: 2 }],
    [0xf6, { name: '8bit', messageClass: 2 }],
  ];
  test.each(known)('%i', (dcs, what) => {
    expect(decodeCoding(dcs)).toMatchObject(what);
  });
});

describe('user data headers', () => {
  const plain = { locking: 0, single: 0 };
  const cases: [what: string, hex: string, expected: Partial<ReturnType<typeof decodeHeader>>][] = [
    ['8 bit reference', '050003070201', { octets: 6, concat: { ref: 7, total: 2, seq: 1, width: 8 }, flags: [] }],
    ['16 bit reference', '06080401070302', { concat: { ref: 263, total: 3, seq: 2, width: 16 }, flags: [] }],
    ['8 bit ports', '040402C8C9', { ports: { destination: 200, source: 201, width: 8 } }],
    ['16 bit ports', '0605040B8423F0', { ports: { destination: 2948, source: 9200, width: 16 } }],
    ['shifts, hex identifiers', '06240101250103', { language: { single: 1, locking: 3 }, flags: [] }],
    ['an unknown language', '0325010E', { language: plain, flags: ['language_unknown'] }],
    ['an unknown element before the concatenation', '087001000003010201', { concat: { ref: 1, total: 2, seq: 1, width: 8 } }],
    ['the last of two concatenations counts', '0A00030102010003020202', { concat: { ref: 2, total: 2, seq: 2, width: 8 } }],
    ['part 0', '050003070200', { concat: null, flags: ['concat_ignored'] }],
    ['part 3 of 2', '050003070203', { concat: null, flags: ['concat_ignored'] }],
    ['total 0', '050003070000', { concat: null, flags: ['concat_ignored'] }],
    ['an element that runs over', '05000807020141', { octets: 6, concat: null, flags: ['header_malformed'] }],
    [
      'an identifier without a length',
      '0600030702017041',
      { octets: 7, concat: { ref: 7, total: 2, seq: 1, width: 8 }, flags: ['header_malformed'] },
    ],
    ['a concatenation of a wrong length', '0400020702', { concat: null, flags: ['header_malformed'] }],
    ['longer than the user data', '7F000307', { octets: 0, flags: ['header_malformed'] }],
    ['empty', '00', { octets: 1, concat: null, flags: [] }],
  ];
  test.each(cases)('%s', (_what, hex, expected) => {
    expect(decodeHeader(octets(hex))).toMatchObject(expected);
  });

  test('what is written is read back', () => {
    const header = encodeHeader({ ref: 4660, total: 9, seq: 3, width: 16 }, { locking: 3, single: 1 });
    expect(decodeHeader(header)).toMatchObject({
      octets: header.length,
      concat: { ref: 4660, total: 9, seq: 3 },
      language: { locking: 3, single: 1 },
    });
    expect(encodeHeader(null, plain).length).toBe(0);
  });
});
