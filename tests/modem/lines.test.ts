import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fieldsOf, numberOf } from '../../src/modem/at/fields.ts';
import { parseFinal } from '../../src/modem/at/finals.ts';
import { LineFramer } from '../../src/modem/at/lines.ts';
import { asUcs2Hex, readableText } from '../../src/modem/at/text.ts';
import { looksUnsolicited, parseUrc, type Urc } from '../../src/modem/at/urc.ts';
import { fits, parseListing, parseReading, placesIn } from '../../src/modem/inbox/listing.ts';
import { dbmOf, extendedDbmOf, networkOf, registrationOf } from '../../src/modem/network.ts';
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

  test.each<[Urc['kind'], string[]]>([
    [
      'restarted',
      [
        ...['RDY', '+RDY', 'APP RDY', '*ATREADY: 1', 'NORMAL POWER DOWN', 'POWERED DOWN', 'POWER DOWN', 'UNDER-VOLTAGE POWER DOWN'],
        ...['^SYSSTART', 'SYSSTART', '^SYSSTART AIRPLANE MODE', '^SHUTDOWN', '+WIND: 3', 'MODEM:STARTUP'],
      ],
    ],
    [
      'check',
      [
        ...[
          '^BOOT:24601011,0,0,0,87',
          '+CPIN: READY',
          '+CPIN:READY',
          'Call Ready',
          'SMS Ready',
          'SIM READY',
          'SMS DONE',
          'PB DONE',
          'OPL DONE',
        ],
        ...[
          '+QIND: SMS DONE',
          '+QIND: PB DONE',
          '+QIND: "SMS DONE"',
          '^SIMST: 1',
          '^SIMST:1',
          '#QSS: 2',
          '#QSS: 3',
          '+WIND: 4',
          '+PBREADY',
        ],
        ...['+SIM READY', '+EIND: 128', '+EIND: 1', 'START'],
      ],
    ],
    [
      'sim_changed',
      [
        ...[
          '+CPIN: NOT INSERTED',
          '+CPIN: NOT READY',
          '+CPIN: SIM PIN',
          '+CPIN: PH-NET PIN',
          '+QUSIM: 1',
          '+QSIMSTAT: 1,0',
          '+SIM: Removed',
        ],
        ...[
          '+SIM: Inserted',
          '#QSS: 0',
          '#QSS: 1',
          '^SCKS: 0',
          '^SCKS: 1',
          '^SIMST: 0',
          '^SIMST:255',
          '+WIND: 0',
          '+WIND: 1',
          '+SIMCARD: NOT AVAILABLE',
        ],
      ],
    ],
    [
      'storage_full',
      [
        ...['^SMMEMFULL: "SM"', '^SMMEMFULL', '+SMS FULL', '+SMSFULL', '+CIEV: smsfull,1', '+CIEV: "SMSFULL",1', '+CIEV: "SMSFULL","ME",2'],
        ...['+QIND: "smsfull","ME"', '+QIND: SMSFULL'],
      ],
    ],
    [
      'other',
      [
        ...[
          '^RSSI:17',
          '^MODE:5,4',
          '^HCSQ: "LTE",40,36,91,16',
          '+ZUSIMR:2',
          '+ZDONR: "Vodafone",222,10,"CS_ONLY","ROAM_OFF"',
          '+ZPASR: "UMTS"',
        ],
        ...[
          '+CFUN: 1',
          '+CREG: 1',
          '+CIEV: smsfull,0',
          '+CIEV: "SMSFULL",0',
          '+CIEV: signal,3',
          'RING',
          'NO CARRIER',
          '+CLIP: "123",129',
          '+WIND: 7',
        ],
        ...['+WIND: 13', 'RDYX', 'STARTED', 'SMS Ready to go', 'UNDER-VOLTAGE WARNNING', '^SIMST: 12', '+CMTIX: "SM",1', '+CDSI: "SR",1'],
      ],
    ],
  ])('%s', (kind, lines) => {
    expect(lines.map((line) => [line, parseUrc(line, null).kind])).toEqual(lines.map((line) => [line, kind]));
  });

  test.each([
    ...[
      'RDY',
      'APP RDY',
      '+CMTI: "SM",1',
      '^RSSI:17',
      '*ATREADY: 1',
      'SMS Ready',
      'Call Ready',
      'SMS DONE',
      'PB DONE',
      'START',
      'RING',
      'NO CARRIER',
    ],
    ...[
      'MODEM:STARTUP',
      'NORMAL POWER DOWN',
      'UNDER-VOLTAGE POWER DOWN',
      'UNDER-VOLTAGE WARNNING',
      'POWERED DOWN',
      '#QSS: 1',
      '&STUFF',
      '_OSIGQ: 4,0',
    ],
  ])('%s looks unsolicited', (line) => {
    expect(looksUnsolicited(line)).toBe(true);
  });

  test.each([
    HELLO,
    '490154203237518',
    'SIMCOM_Ltd',
    'Quectel',
    'WAVECOM MODEM',
    'SIMCOM_SIM800L',
    'Sierra Wireless',
    'STARTEK',
    '8949012345678901234F',
    'Simcom',
  ])('%s does not', (line) => {
    expect(looksUnsolicited(line)).toBe(false);
  });

  test('the last number of a push header is its length, with and without the alpha field', () => {
    expect(parseUrc(`+CMT: ,${HELLO_LENGTH}`, HELLO)).toEqual({ kind: 'pushed', pdu: HELLO, length: HELLO_LENGTH });
    expect(parseUrc('+CMT: 24', HELLO)).toEqual({ kind: 'pushed', pdu: HELLO, length: 24 });
  });
});

describe('final results', () => {
  test.each<[string, number | null | 'ok']>([
    ['OK', 'ok'],
    ['0', 'ok'],
    [' OK ', 'ok'],
    ['ERROR', null],
    ['4', null],
    ['NA', null],
    ['COMMAND NOT SUPPORT', null],
    ['TOO MANY PARAMETERS', null],
    ['MODEM ERROR: 2', 2],
    ['+EXT ERROR: 3', 3],
    ['+CME ERROR: 10', 10],
    ['+CME ERROR:10', 10],
    ['CME ERROR: 10', 10],
    ['+CMS ERROR: 321', 321],
    ['+CMS ERROR', null],
    ['+CME ERROR: SIM not inserted', 10],
    ['+CME ERROR: (U)SIM busy', 14],
    ['+CME ERROR: SIM PIN required', 11],
    ['+CME ERROR: SIM PIN2 required', 17],
    ['+CME ERROR: PH-SIM PIN required', 5],
    ['+CME ERROR: network personalization PIN required', 40],
    ['+CME ERROR: operation not allowed', 3],
    ['+CMS ERROR: operation not allowed', 302],
    ['+CMS ERROR: SIM busy', 314],
    ['+CMS ERROR: "invalid memory index"', 321],
    ['+CMS ERROR: memory full', 322],
    ['+CMS ERROR: no +CNMA acknowledgement expected', 340],
    ['+CME ERROR: whatever this is', null],
  ])('%j', (line, expected) => {
    const final = parseFinal(line);
    expect(final?.ok === true ? 'ok' : final?.code).toBe(expected);
  });

  test.each([
    ...[
      'OKAY',
      'OK then',
      'ok',
      'NO CARRIER',
      'BUSY',
      'NO ANSWER',
      'CONNECT',
      'ERROR 5',
      'ERRORS',
      '00',
      '40',
      'NATIONAL',
      'COMMAND NOT SUPPORT AT ALL',
    ],
    ...['+CMS ERRORS: 5', '+CMTI: "SM",4', '+CREG: 0', '> ', '', 'RING', '^SYSSTART', 'RDY', 'SMS Ready'],
  ])('%j ends nothing', (line) => {
    expect(parseFinal(line)).toBeNull();
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

  test.each<[string, number | null]>([
    ['+CSQ: 0,99', -113],
    ['+CSQ: 31,0', -51],
    ['+CSQ: 99,99', null],
    ['+CSQ: 100,99', -116],
    ['+CSQ: 150,99', -66],
    ['+CSQ: 191,99', -25],
    ['+CSQ: 199,99', null],
    ['+CSQ: 45,99', null],
    ['+CSQ:', null],
  ])('%s', (line, expected) => {
    expect(dbmOf(line)).toBe(expected);
  });

  test.each<[string, number | null]>([
    ['+CESQ: 99,99,255,255,20,80', -61],
    ['+CESQ: 99,99,255,255,255,255', null],
    ['+CESQ: 30,0,255,255,255,255', -81],
    ['+CESQ: 99,99,50,20,255,255', -71],
    ['+CESQ: 99,99,255,255,255,255,50,77,40', -117],
    ['+CESQ:', null],
  ])('%s', (line, expected) => {
    expect(extendedDbmOf(line)).toBe(expected);
  });

  test.each<[string, string | null, string | null, string | null]>([
    ['+COPS: 0', null, null, null],
    ['+COPS: 0,0,"Vodafone",7', 'Vodafone', null, '4G'],
    ['+COPS: 0,0,"Vodafone"', 'Vodafone', null, null],
    ['+COPS: 0,2,"26202",2', '26202', '26202', '3G'],
    ['+COPS: 0,2,310260,9', '310260', '310260', 'NB-IoT'],
    ['+COPS: 0,0,"0056006F006400610066006F006E0065",7', 'Vodafone', null, '4G'],
    ['+COPS: 0,0,"041C0422042100200052005500530",0', '041C0422042100200052005500530', null, '2G'],
    ['+COPS: 0,0,"041C04220421",0', 'МТС', null, '2G'],
    ['+COPS: 0,0,"4E2D56FD79FB52A8",7', '中国移动', null, '4G'],
    ['+COPS: 0,0,"TELE2,0', 'TELE2', null, '2G'],
    ['+COPS: 0,0,TELE2,0', 'TELE2', null, '2G'],
    ['+COPS: 1,0,"Three, the network",13', 'Three, the network', null, '5G'],
  ])('%s', (line, carrier, plmn, radio) => {
    expect(networkOf(line)).toEqual({ carrier, plmn, radio });
  });

  test('a text in UCS-2 comes back as it went', () => {
    // Decimal digits alone may be a number, and are taken for one unless they are Latin or Cyrillic.
    const name = fc.stringMatching(/^[A-Za-zäöüßéčřЖЯа-я0-9 .-]{2,20}$/).filter((text) => !/^\d+$/.test(asUcs2Hex(text)));
    fc.assert(fc.property(name, (text) => expect(readableText(asUcs2Hex(text))).toBe(text)));
  });

  test.each(['+4917012345678', '00491701234567', '2620212345678901', '2620', 'CAFE', 'O2', 'DEADBEEF', 'FFFFFFFF'])(
    '%s is no UCS-2',
    (text) => {
      expect(readableText(text)).toBe(text);
    },
  );

  test.each<[string, number[] | null]>([
    ['+CMGD: (1,22),(0-4)', [1, 22]],
    ['+CMGD: (3),(0-4)', [3]],
    ['+CMGD:(0, 7),(0-4)', [0, 7]],
    ['+CMGD: (1-4095),(0-4)', null],
    ['+CMGD: (),(0-4)', null],
    ['+CMGD: (1,3-5),(0-4)', null],
    ['', null],
  ])('the places in %j', (line, places) => {
    expect(placesIn(line)).toEqual(places);
  });
});
