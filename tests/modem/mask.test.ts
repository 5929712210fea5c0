import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { maskDialogue } from '../../src/modem/mask.ts';
import { HELLO } from './bench.ts';

describe('the dialogue as people may see it', () => {
  test.each([
    ['a PIN', 'AT+CPIN="1234"', 'AT+CPIN="****"'],
    ['a PIN without quotes, with the end of the command', 'AT+CPIN=12345678\r', 'AT+CPIN=****\r'],
    ['a PUK and the PIN after it', 'AT+CPIN="12345678","1234"', 'AT+CPIN="****","****"'],
    ['a lock keeps its name', 'AT+CLCK="SC",1,"1234"', 'AT+CLCK="SC",1,"****"'],
    ['both passwords of a change', 'AT+CPWD="SC","1234","9876"', 'AT+CPWD="SC","****","****"'],
    ['a quote that never closes', 'AT+CPIN="1234', 'AT+CPIN="****"'],
    ['lower case', 'at+cpin="1234"', 'at+cpin="****"'],
    ['an echo', '\u001bAT+CPIN="1234"', '\u001bAT+CPIN="****"'],
    ['a PDU', HELLO, `<PDU, ${HELLO.length / 2} octets>`],
    ['a PDU glued to its header', `+CMGL: 1,0,,25${'AB'.repeat(20)}`, `+CMGL: 1,0,,<PDU, 21 octets>`],
    ['a pushed text', '+CMT: "+447700900123",,"G-483920 is your code"', '+CMT: "+447700900123",,"G-**** is your code"'],
    ['a network answer', '+CUSD: 0,"Your PIN is 1234 5678",15', '+CUSD: 0,"Your PIN is ****",15'],
    ['a network answer of several lines', '+CUSD: 0,"Code\n4711\nend",15', '+CUSD: 0,"Code\n****\nend",15'],
    ['a network answer in UCS-2', '+CUSD: 0,"0031003200330034",72', '+CUSD: 0,"<hex, 8 octets>",72'],
    ['a balance with few digits', '+CUSD: 0,"Balance 3.50",15', '+CUSD: 0,"Balance 3.50",15'],
  ])('%s is masked', (_what, said, shown) => {
    expect(maskDialogue(said)).toBe(shown);
  });

  test.each([
    'AT+CPIN?',
    '+CPIN: SIM PIN',
    '860123456789012',
    '8944110000000000013',
    'AT+CNMI=2,1,0,0,0',
    '+CMTI: "SM",3',
    '+CPMS: "SM",3,20',
    'OK',
    '',
    'AT+CRSM=176,12258,0,0,10',
  ])('%j stays as it is', (line) => {
    expect(maskDialogue(line)).toBe(line);
  });

  test('no PIN of any length survives in any form of the command', () => {
    const pin = fc.stringMatching(/^\d{4,8}$/);
    const command = fc.constantFrom(
      (digits: string) => `AT+CPIN="${digits}"`,
      (digits: string) => `AT+CPIN=${digits}`,
      (digits: string) => `AT+CLCK="SC",0,"${digits}",7`,
      (digits: string) => `AT+CPWD="SC","${digits}","${digits}"`,
    );
    fc.assert(
      fc.property(pin, command, (digits, write) => {
        expect(maskDialogue(write(digits))).not.toContain(digits);
      }),
    );
  });

  test('a masked line is masked again without change', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = maskDialogue(text);
        expect(maskDialogue(once)).toBe(once);
      }),
    );
  });
});
