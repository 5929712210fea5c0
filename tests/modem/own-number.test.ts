import { describe, expect, test } from 'bun:test';
import { toHex } from '../../src/gsm/octets.ts';
import { encodeDigits } from '../../src/gsm/semioctets.ts';
import type { AtCommand, AtResult } from '../../src/modem/at/channel.ts';
import { countryOfImsi, toE164 } from '../../src/modem/sim/national.ts';
import { type OwnNumberOptions, readOwnNumber } from '../../src/modem/sim/own-number.ts';

const NUMBER = '+447700900123';
const BUSY: AtResult = { ok: false, kind: 'error', code: 14, text: '+CME ERROR: 14' };
const ERROR: AtResult = { ok: false, kind: 'error', code: null, text: 'ERROR' };
const lines = (...texts: string[]): AtResult => ({ ok: true, lines: texts.map((text) => ({ text, pdu: null, atMs: 0, monotonicMs: 0 })) });

/** A modem that answers these commands, each with its answers in turn (the last again and again), and refuses all others. */
function modem(answers: Record<string, AtResult | AtResult[]>) {
  const sent: string[] = [];
  const send = async ({ text }: AtCommand): Promise<AtResult> => {
    sent.push(text);
    const given = answers[text];
    if (!Array.isArray(given)) return given ?? ERROR;
    return (given.length > 1 ? given.shift() : given[0]) ?? ERROR;
  };
  const read = (options: OwnNumberOptions = {}) => readOwnNumber({ send }, { busyRetryMs: 1, ...options });
  return { sent, read };
}

describe('+CNUM', () => {
  test.each<[string, string[], string | null]>([
    ['as the standard has it', ['+CNUM: "Own","+447700900123",145'], NUMBER],
    ['without the plus', ['+CNUM: "","447700900123",145,7,4'], NUMBER],
    ['without quotes or name', ['+CNUM: ,447700900123,145'], NUMBER],
    ['without the name’s field', ['+CNUM: "+447700900123",145'], NUMBER],
    ['without a type', ['+CNUM: "","+447700900123"'], NUMBER],
    ['a name that is a number', ['+CNUM: "5550199","447700900123",145'], NUMBER],
    ['an empty first line', ['+CNUM: "Line 1","",129', '+CNUM: "Line 2","+447700900123",145'], NUMBER],
    ['a national line before', ['+CNUM: "","07700900999",129', '+CNUM: "","+447700900123",145'], NUMBER],
    ['in UCS2', ['+CNUM: "004F0077006E","002B003400340037003700300030003900300030003100320033",145'], NUMBER],
    ['nothing', [], null],
    ['empty fields', ['+CNUM: "","",129'], null],
    ['a national form without a country', ['+CNUM: "","07700900123",129'], null],
    ['too long to be one', ['+CNUM: "","+4477009001234567",145'], null],
  ])('%s', async (_name, texts, number) => {
    const { read } = modem({ 'AT+CNUM': lines(...texts) });
    expect(await read()).toEqual(number === null ? null : { number, source: 'cnum' });
  });

  test('a busy SIM is asked three times', async () => {
    const patient = modem({ 'AT+CNUM': [BUSY, BUSY, lines(`+CNUM: "","${NUMBER}",145`)] });
    expect(await patient.read()).toEqual({ number: NUMBER, source: 'cnum' });
    const vain = modem({ 'AT+CNUM': BUSY });
    expect(await vain.read()).toBeNull();
    expect(vain.sent.filter((command) => command === 'AT+CNUM').length).toBe(3);
  });

  test('what the network told is not asked for again, what the card told only when the entry is empty', async () => {
    const ussd = { number: NUMBER, source: 'ussd' } as const;
    const told = modem({ 'AT+CNUM': lines('+CNUM: "","+447700900999",145') });
    expect(await told.read({ known: ussd })).toEqual(ussd);
    expect(told.sent).toEqual([]);
    const known = { number: NUMBER, source: 'phone_book' } as const;
    expect(await modem({}).read({ known })).toEqual(known);
    expect(await told.read({ known })).toEqual({ number: '+447700900999', source: 'cnum' });
  });
});

describe('the phone book "ON"', () => {
  const book = (selected: AtResult, ...entries: string[]) =>
    modem({
      'AT+CPBS?': [selected, lines('+CPBS: "ON",1,4')],
      'AT+CPBS="ON"': lines(),
      'AT+CPBS="ME"': lines(),
      'AT+CPBS="SM"': lines(),
      'AT+CPBR=1,4': lines(...entries),
    });

  test('is read whole, and the one selected before is selected again', async () => {
    const { read, sent } = book(lines('+CPBS: "ME",3,100'), '+CPBR: 1,"",129,""', `+CPBR: 2,"${NUMBER}",145,"Own number"`);
    expect(await read()).toEqual({ number: NUMBER, source: 'phone_book' });
    expect(sent.slice(1)).toEqual(['AT+CPBS?', 'AT+CPBS="ON"', 'AT+CPBS?', 'AT+CPBR=1,4', 'AT+CPBS="ME"']);
  });

  test('a modem that does not tell which was selected gets the usual one', async () => {
    const { read, sent } = book(ERROR, `+CPBR: 1,"${NUMBER}",145,"447700900999"`);
    expect(await read()).toEqual({ number: NUMBER, source: 'phone_book' });
    expect(sent.at(-1)).toBe('AT+CPBS="SM"');
  });

  test('is left alone where there is none', async () => {
    const { read, sent } = modem({ 'AT+CPBS?': lines('+CPBS: "SM",3,100') });
    expect(await read()).toBeNull();
    expect(sent.filter((command) => command.startsWith('AT+CPBR'))).toEqual([]);
  });
});

describe('EF-MSISDN', () => {
  const record = (digits: string, type: string, alphaOctets = 14) => {
    const octets = toHex(encodeDigits(digits) ?? new Uint8Array());
    const length = (octets.length / 2 + 1).toString(16).padStart(2, '0');
    return `${'FF'.repeat(alphaOctets)}${length}${type}${octets.padEnd(20, 'F')}FFFF`;
  };
  const found = { number: NUMBER, source: 'ef_msisdn' } as const;

  test('of a SIM, whose header ends with the record’s length', async () => {
    const { read } = modem({
      'AT+CRSM=192,28480,0,0,15': lines('+CRSM: 144,0,"0000001C6F40040011F0220102011C"'),
      'AT+CRSM=178,28480,1,4,28': lines(`+CRSM: 144,0,"${record('447700900123', '91')}"`),
    });
    expect(await read()).toEqual(found);
  });

  test('of a USIM, whose template tells it, in the second record', async () => {
    const { read } = modem({
      'AT+CRSM=192,28480,0,0,15': lines('+CRSM: 144,0,621E8205422100200283026F408A01058B036F060280020040'),
      'AT+CRSM=178,28480,1,4,32': lines(`+CRSM: 144,0,${'FF'.repeat(32)}`),
      'AT+CRSM=178,28480,2,4,32': lines(`+CRSM: 144,0,${record('447700900123', '91', 18)}`),
    });
    expect(await read()).toEqual(found);
  });

  test.each([[103], [108]])('of a card that corrects the length (%p)', async (status) => {
    const { read } = modem({
      'AT+CRSM=178,28480,1,4,28': lines(`+CRSM: ${status},30,""`),
      'AT+CRSM=178,28480,1,4,30': lines(`+CRSM: 144,0,"${record('447700900123', '91', 16)}"`),
    });
    expect(await read()).toEqual(found);
  });

  test('an odd count of digits, and a national one with a country', async () => {
    const answering = (digits: string, type: string) =>
      modem({ 'AT+CRSM=178,28480,1,4,28': lines(`+CRSM: 144,0,"${record(digits, type)}"`) });
    expect(await answering('12025550123', '91').read()).toEqual({ number: '+12025550123', source: 'ef_msisdn' });
    expect(await answering('07911123456', '81').read({ imsi: '234150000000001' })).toEqual({
      number: '+447911123456',
      source: 'ef_msisdn',
    });
    expect(await answering('07911123456', '81').read()).toBeNull();
  });

  test.each([['+CRSM: 148,4'], ['+CRSM: 152,4'], ['+CRSM: 144,0,""'], ['+CRSM: 144,0,"0C91"'], [`+CRSM: 144,0,"${'00'.repeat(28)}"`]])(
    'that answers %s tells none',
    async (answer) => {
      expect(await modem({ 'AT+CRSM=178,28480,1,4,28': lines(answer) }).read()).toBeNull();
    },
  );
});

describe('a number in national form', () => {
  test.each<[string, string | null, string | null]>([
    ['07911 123456', '234150000000001', '+447911123456'],
    ['01512 3456789', '262011234567890', '+4915123456789'],
    ['2025550123', '310260000000000', '+12025550123'],
    ['00447911123456', '262011234567890', '+447911123456'],
    ['07700900123', '234150000000001', null],
    ['12345', '234150000000001', null],
    ['07911123456', null, null],
    ['07911123456', '901280000000000', null],
    ['0790123456', '340010000000000', null],
  ])('%s on a card %s is %p', (number, imsi, expected) => {
    expect(toE164(number, false, imsi)).toBe(expected);
  });

  test('the country is told by the IMSI', () => {
    expect([countryOfImsi('262011234567890'), countryOfImsi('23415'), countryOfImsi('001010000000001'), countryOfImsi(null)]).toEqual([
      'de',
      'gb',
      null,
      null,
    ]);
  });
});
