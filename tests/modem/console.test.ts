import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { consoleCommand } from '../../src/modem/console.ts';

test.each([
  'AT',
  'ATI',
  'at+csq',
  'AT+CPMS?',
  'AT+CNMI=?',
  'AT+QURCCFG="urcport","usbat"',
  'AT+CREG=2',
  'AT+COPS=0',
  'AT+COPS=3,2',
  'AT+CGSN=1',
  'ATS3?',
  'AT+QCFG="nwscanmode",3',
  'AT^SYSINFOEX',
])('%s is sent', (typed) => {
  expect(consoleCommand(typed)).toMatchObject({ ok: true, command: { text: typed } });
});

test.each([
  ['', /begins with AT/],
  ['hello', /begins with AT/],
  ['ATD+447700900123;', /leave out the semicolon/],
  ['ATD*100#', /it dials/],
  ['ATA', /it dials/],
  ...['ATD123?', 'ATD112=?', 'ATDT112?', 'ATA?', 'ATH?', 'ATO?', 'ATP112?'].map((typed): [string, RegExp] => [typed, /not/]),
  ...['ATZ?', 'AT&F?', 'AT&W?', 'ATE1?', 'ATV0?', 'ATQ1?', 'AT*99?'].map((typed): [string, RegExp] => [typed, /not/]),
  ...['AT+CMT?', 'AT+CMTI?', 'AT+CDS=?', 'AT+CUSD?'].map((typed): [string, RegExp] => [typed, /for the server/]),
  ['AT+CGDCONT=1,"IP","x"', /not on the list/],
  ['AT+COPS=3,0 +CMGD=1', /Only AT\+COPS=0/],
  ['AT+QCFG="ims"+CMGD', /Of AT\+QCFG only/],
  ['AT+CREG=2+CMGD', /letters, digits, quotes/],
  ['AT+CMGS=20', /only receives/],
  ['AT+CMSS=1', /only receives/],
  ['AT+CMGW=20', /only receives/],
  ['AT+CMGD=1,4', /read and deleted by the server/],
  ['AT+CMGL=4', /read and deleted by the server/],
  ['AT+CMGR=1', /read and deleted by the server/],
  ['AT+CPMS="ME"', /read and deleted by the server/],
  ['AT+CUSD=1,"*100#",15', /cost money/],
  ['AT+CPIN="1234"', /PIN form/],
  ['AT+CLCK="SC",0,"1234"', /PIN form/],
  ['AT+CRSM=214,28589', /PIN form/],
  ['AT+EGMR=1,7,"490154203237518"', /identity/],
  ['AT+SIMEI=490154203237518', /identity/],
  ['AT+CGSN=490154203237518', /only read/],
  ['AT+CFUN=0', /buttons/],
  ['AT+QPOWD', /buttons/],
  ['ATZ', /talk to each other/],
  ['AT&F', /talk to each other/],
  ['AT+IPR=9600', /talk to each other/],
  ['ATE1', /talk to each other/],
  ['AT+COPS=?', /deaf for minutes/],
  ['AT+COPS=1,2,"26201"', /Only AT\+COPS=0/],
  ['AT+QCFG="usbcfg",0x2C7C', /Of AT\+QCFG only/],
  ['AT+CSQ;+CMGS=20', /semicolon/],
  ['AT+CSQ\rAT+CMGS=20', /one line/],
  ['AT+NOSUCH', /not on the list/],
  ['AT+NOSUCH=1', /not on the list/],
  [`AT+CSQ${' '.repeat(200)}?`, /at most 120/],
])('%p is refused', (typed, detail) => {
  const outcome = consoleCommand(typed);
  expect(outcome.ok).toBe(false);
  if (!outcome.ok) expect(outcome.detail).toMatch(detail);
});

test('whatever is typed, what goes out is one line that neither sends, dials, deletes nor changes an identity', () => {
  const dangerous = /^AT\s*(D|A$|\+CMG[SWD]|\+CMSS|\+CPIN=|\+EGMR=|\+CUSD|Z|&|\+CFUN=|\+CPWD|\+CLCK=|\+CGSN=\d{5})/i;
  const words = fc.constantFrom(
    'AT',
    'D',
    '+CMGS',
    '+CMGD',
    '=1',
    '?',
    '=?',
    ';',
    '\r',
    '+CSQ',
    '&F',
    'Z',
    '+CPIN',
    '="1234"',
    ' ',
    '+CGSN',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 8 }).map((all) => all.join('')),
      ),
      (typed) => {
        const outcome = consoleCommand(typed);
        if (!outcome.ok) return;
        expect(outcome.command.text).not.toMatch(/[\r\n;\u001a\u001b]/);
        // What only asks does nothing, whatever it asks about.
        if (!/^AT[^=?]*=?\?$/.test(outcome.command.text)) expect(outcome.command.text).not.toMatch(dangerous);
      },
    ),
    { numRuns: 2000 },
  );
});
