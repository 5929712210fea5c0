import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fieldsOf, numberOf } from '../../src/modem/at/fields.ts';
import { LineFramer } from '../../src/modem/at/lines.ts';
import { parseUrc } from '../../src/modem/at/urc.ts';
import { carrierOf, dbmOf, registrationOf } from '../../src/modem/health.ts';
import { fits, parseListing, parseReading } from '../../src/modem/inbox/listing.ts';
import { HELLO, HELLO_LENGTH } from './bench.ts';

function frame(chunks: readonly Uint8Array[]) {
  const seen: string[] = [];
  const framer = new LineFramer({
    line: (text) => seen.push(text),
    prompt: () => seen.push('PROMPT'),
    overflow: (octets) => seen.push(`OVERFLOW ${octets}`),
  });
  for (const chunk of chunks) framer.push(chunk);
  return seen;
}
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('framer', () => {
  test.each<[string, string[]]>([
    ['OK\r\n', ['OK']],
    ['\r\n\r\n\nOK\r\r\n\n', ['OK']],
    ['A\rB\nC\r\n', ['A', 'B', 'C']],
    ['\u0000O\u0000K\r\n', ['OK']],
    ['caf\u00e9\r\n', ['caf\u00e9']],
    ['no end', []],
    ['\r\n> ', ['PROMPT']],
    ['> text\r\n', ['> text']],
  ])('%j', (input, expected) => {
    expect(frame([latin1(input)])).toEqual(expected);
  });

  test('a line without end is dropped at 4 kB, and the next one is whole', () => {
    expect(frame([latin1('x'.repeat(10_000)), latin1('\r\nOK\r\n')])).toEqual(['OVERFLOW 4096', 'OK']);
  });

  test('the lines do not depend on how the octets were cut', () => {
    const lines = fc.array(fc.stringMatching(/^[!-~]{1,40}$/), { maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 9 })), (wanted, cuts) => {
        const octets = latin1(wanted.map((line) => `\r\n${line}\r\n`).join(''));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(octets.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(octets.subarray(at));
        expect(frame(chunks)).toEqual(wanted);
      }),
    );
  });

  test('any octets at all are survived', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => void frame([octets])));
  });
});

describe('fields', () => {
  test.each<[string, string[]]>([
    ['+CMTI: "SM",3', ['SM', '3']],
    ['+CPIN:READY', ['READY']],
    ['+COPS: 0,0,"a,b",7', ['0', '0', 'a,b', '7']],
    ['+COPS: 0,0,"TELE2,0', ['0', '0', 'TELE2,0']],
    ['+CMGR: 0,,24', ['0', '', '24']],
  ])('%s', (line, expected) => {
    expect(fieldsOf(line)).toEqual(expected);
  });

  test('a number is digits only', () => {
    expect(['12', '0', '-1', '', ' 1', '1e3', undefined].map(numberOf)).toEqual([12, 0, null, null, null, null, null]);
  });
});

describe('unsolicited lines', () => {
  test.each([
    ['+CMTI: "SM",3', { kind: 'announced', storage: 'SM', index: 3 }],
    ['+CMTI: "ME",0', { kind: 'announced', storage: 'ME', index: 0 }],
    ['+CMTI: SM,3', { kind: 'announced', storage: 'SM', index: 3 }],
    ['+CMTI: 0,111', { kind: 'announced', storage: null, index: 111 }],
    ['+CMTI: ,-1', { kind: 'announced', storage: null, index: null }],
    ['+CMTI: "SM",1,"MMS PUSH",2,1', { kind: 'announced', storage: 'SM', index: 1 }],
    ['^SMMEMFULL: "SM"', { kind: 'storage_full' }],
    ['+SMS FULL', { kind: 'storage_full' }],
    ['+CIEV: "SMSFULL",1', { kind: 'storage_full' }],
    ['RDY', { kind: 'restarted' }],
    ['^BOOT:1,0', { kind: 'check' }],
    ['+QIND: SMS DONE', { kind: 'check' }],
    ['+CPIN: READY', { kind: 'check' }],
    ['+CPIN: NOT INSERTED', { kind: 'sim_changed' }],
    ['+QUSIM: 1', { kind: 'sim_changed' }],
    ['+CDSI: "SM",0', { kind: 'other', text: '+CDSI: "SM",0' }],
    ['Call from nobody', { kind: 'other', text: 'Call from nobody' }],
  ])('%s', (line, expected) => {
    expect(parseUrc(line, null)).toEqual(expected as ReturnType<typeof parseUrc>);
  });

  test('the last number of a push header is its length, with and without the alpha field', () => {
    expect(parseUrc(`+CMT: ,${HELLO_LENGTH}`, HELLO)).toEqual({ kind: 'pushed', pdu: HELLO, length: HELLO_LENGTH });
    expect(parseUrc('+CMT: 24', HELLO)).toEqual({ kind: 'pushed', pdu: HELLO, length: 24 });
  });
});

describe('listing', () => {
  const line = (text: string, pdu: string | null) => ({ text, pdu, atMs: 1, monotonicMs: 2 });

  test('length counts the TPDU, or the service centre too', () => {
    expect(fits(HELLO, HELLO_LENGTH)).toBe(true);
    expect(fits(HELLO, HELLO.length / 2)).toBe(true);
    expect(fits(HELLO.slice(16), HELLO_LENGTH)).toBe(true);
    expect(fits(HELLO, HELLO_LENGTH - 1)).toBe(false);
    expect(fits(HELLO.slice(1), HELLO_LENGTH)).toBe(false);
    expect(fits(`${HELLO.slice(0, -2)}XY`, HELLO_LENGTH)).toBe(false);
    expect(fits('', 0)).toBe(false);
  });

  test('entries, empty slots, filler and headers without an index', () => {
    const entries = parseListing([
      line(`+CMGL: 3,1,"",${HELLO_LENGTH}`, HELLO),
      line('+CMGL: 4,0,,0', '00'),
      line('+CMGL: 5,0,,10', '00FFFFFF'),
      line(`+CMGL: ,1,,${HELLO_LENGTH}`, HELLO),
      line(`+CMGL: 6,0,,${HELLO_LENGTH},0`, HELLO),
      line('+CMGL: 7,1,,99', HELLO),
    ]);
    expect(entries.map(({ index, stat, length }) => [index, stat, length])).toEqual([
      [3, 1, HELLO_LENGTH],
      [6, 0, HELLO_LENGTH],
      [7, 1, null],
    ]);
  });

  test('a reading of nothing is nothing', () => {
    expect(parseReading(1, [])).toBeNull();
    expect(parseReading(1, [line('+CMGR: 0,,0', null)])).toBeNull();
  });
});

describe('network and card', () => {
  test.each<[string, string | null]>([
    ['+CREG: 0,1', 'home'],
    ['+CREG: 2,5,"1A2B","01234567"', 'roaming'],
    ['+CREG: 0,6', 'home'],
    ['+CREG: 3', 'denied'],
    ['+CREG: 0,77', 'unknown'],
    ['+CREG: ?', null],
  ])('%s', (text, expected) => {
    expect<string | null>(registrationOf(text)).toBe(expected);
  });

  test('signal', () => {
    expect(['+CSQ: 0,99', '+CSQ: 31,0', '+CSQ: 99,99', '+CSQ: 150,99', '+CSQ:'].map(dbmOf)).toEqual([-113, -51, null, null, null]);
  });

  test('network names', () => {
    const ucs2 = '+COPS: 0,0,"0056006F0064006100660061006E0065",7';
    expect(['+COPS: 0', '+COPS: 0,0,"Vodafone",7', ucs2, '+COPS: 0,0,"TELE2,0'].map(carrierOf)).toEqual([
      null,
      'Vodafone',
      'Vodafane',
      'TELE2,0',
    ]);
  });
});
