import { describe, expect, test } from 'bun:test';
import { decodePdu } from '../../src/gsm/deliver.ts';
import { canonicalIccid, swapNibbles } from '../../src/lib/iccid.ts';
import { DIALECTS, dialectNamed, readProfiles } from '../../src/modem/virtual/dialects.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { isVirtualImei, virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { byOtherCentre, pictureNotice, statusReport, strangers } from '../../src/modem/virtual/strangers.ts';
import { HELLO, HELLO_LENGTH } from './bench.ts';

const IDENTITY = virtualIdentity(0);
const NAMES = DIALECTS.map(({ name }) => name);
const DELETE_FLAG = 4;

function modemOf(name: string, nowMs?: () => number): Emulator {
  const dialect = dialectNamed(name);
  if (dialect === null) throw new Error(`no dialect ${name}`);
  return new Emulator({ identity: IDENTITY, imei: virtualImei(0), dialect, ...(nowMs === undefined ? {} : { nowMs }) });
}

function say(modem: Emulator, ...commands: string[]): string {
  return commands.map((command) => modem.execute(command).answer).join('');
}

/** With what a reader would set up first. */
function ready(name: string): Emulator {
  const modem = modemOf(name);
  say(modem, 'ATV1', 'AT+CMEE=1', 'AT+CSCS="GSM"', 'AT+CPMS="SM","SM","SM"');
  say(
    modem,
    modem.dialect.cnmi.accepts.startsWith('(0-2)') || modem.dialect.cnmi.accepts.startsWith('(0-3)') ? 'AT+CNMI=2,1' : 'AT+CNMI=1,1',
  );
  return modem;
}

describe('every dialect', () => {
  test.each(NAMES)('%s tells its IMEI, and its ICCID at least through the file on the card', (name) => {
    const modem = ready(name);
    expect(say(modem, 'AT+CGSN')).toContain(IDENTITY.imei);
    const file = /\+CRSM: 144,0,"?([0-9A-F]{20})"?\r/.exec(say(modem, 'AT+CRSM=176,12258,0,0,10'))?.[1] ?? '';
    expect(canonicalIccid(swapNibbles(file))).toBe(IDENTITY.iccid);
    for (const { command } of modem.dialect.iccid) {
      const digits = /[0-9A-F]{19,20}/.exec(say(modem, `AT${command}`))?.[0] ?? '';
      expect([digits, swapNibbles(digits)].some((form) => form.startsWith(IDENTITY.iccid))).toBe(true);
    }
    const others = ['+CCID', '+QCCID', '+ICCID', '+CICCID', '^ICCID?', '#CCID', '^SCID', '!ICCID?', '+ZGETICCID'].filter(
      (command) => !modem.dialect.iccid.some((known) => known.command === command),
    );
    for (const command of others) expect(say(modem, `AT${command}`)).toBe(`\r\n${modem.dialect.unknownCommand}\r\n`);
  });

  test.each(NAMES)('%s tells its own number in one of three places', (name) => {
    const modem = ready(name);
    const digits = IDENTITY.number.slice(1);
    const record = /\+CRSM: 144,0,"?([0-9A-F]+)/.exec(say(modem, 'AT+CRSM=178,28480,1,4,28'))?.[1] ?? '';
    const places = {
      cnum: say(modem, 'AT+CNUM').includes(IDENTITY.number),
      phonebook: say(modem, 'AT+CPBS="ON"', 'AT+CPBR=1,4').includes(IDENTITY.number),
      msisdn: swapNibbles(record).includes(digits),
    };
    expect(Object.entries(places).filter(([, found]) => found)).toEqual([[modem.dialect.ownNumber, true]]);
  });

  test.each(NAMES)('%s announces, lists, reads and deletes a message', (name) => {
    const modem = ready(name);
    const { announcement } = modem.deliver(HELLO, HELLO_LENGTH);
    expect(announcement).toMatch(/^\r\n\+CMTI: ("SM"|SM),[01]\r\n$/);
    const index = /,(\d)/.exec(announcement)?.[1] ?? '';
    expect(Number(index)).toBe(modem.dialect.indexBase);
    const listed = modem.dialect.lists ? say(modem, 'AT+CMGL=4') : say(modem, `AT+CMGR=${index}`);
    expect(listed).toContain(`\r\n${HELLO}\r\n`);
    expect(say(modem, `AT+CMGD=1,${DELETE_FLAG}`)).toContain('ERROR');
    expect(say(modem, `AT+CMGD=${index}`)).toBe('\r\nOK\r\n');
    expect(modem.storages.SM.used).toBe(0);
  });

  test.each(NAMES)('%s tells the tries left, counts a wrong PIN and asks for the PUK in the end', (name) => {
    const modem = ready(name);
    const { pinTries } = modem.dialect;
    const tries = () => (pinTries === null ? '' : say(modem, `AT${pinTries.command}`));
    modem.sim.setPin('4711');
    if (pinTries !== null) expect(tries()).toMatch(/\b3\b/);
    expect(say(modem, 'AT+CPIN="0000"')).toBe('\r\n+CME ERROR: 16\r\n');
    if (pinTries !== null) expect(tries()).toMatch(/\b2\b/);
    expect(say(modem, 'AT+CPMS?')).toBe('\r\n+CMS ERROR: 311\r\n');
    expect(say(modem, 'AT+CPIN="0000"', 'AT+CPIN="0000"')).toBe('\r\n+CME ERROR: 16\r\n\r\n+CME ERROR: 12\r\n');
    expect(say(modem, 'AT+CPIN="4711"')).toBe('\r\n+CME ERROR: 12\r\n');
    expect(say(modem, 'AT+CPIN="12345678","4711"')).toBe('\r\nOK\r\n');
    expect(modem.sim.state).toBe('READY');
  });

  test.each(NAMES)('%s never sends', (name) => {
    const modem = ready(name);
    for (const command of ['AT+CMGS=20', 'AT+CMGS="+1"', 'AT+CMSS=1']) expect(say(modem, command)).toBe('\r\n+CMS ERROR: 302\r\n');
  });
});

describe('what differs', () => {
  test('CNMI: some say they know what they refuse', () => {
    const quectel = ready('quectel-ec25');
    expect(say(quectel, 'AT+CNMI=?')).toContain('(0-2),(0-3),(0,2),(0-2),(0,1)');
    expect(say(quectel, 'AT+CNMI=2,1,0,1,0', 'AT+CNMI=2,1,0,0,0')).toBe('\r\n+CMS ERROR: 302\r\n\r\nOK\r\n');
    for (const name of ['huawei-e3531', 'zte-mf', 'simcom-sim7600']) expect(say(ready(name), 'AT+CNMI=2,1')).toContain('ERROR');
    expect(say(ready('cinterion-mc35'), 'AT+CNMI=2,1,0,0,0', 'AT+CNMI=2,1,0,0,1')).toBe('\r\n+CMS ERROR: 302\r\n\r\nOK\r\n');
  });

  test('CPMS: three groups, two, one, none; fewer names refused; storages that are not there', () => {
    const groups = (name: string) => say(ready(name), 'AT+CPMS="SM","SM","SM"').match(/\d+,\d+/g)?.length ?? 0;
    expect([groups('generic'), groups('wavecom'), groups('fibocom-l6xx'), groups('neoway-m590')]).toEqual([3, 2, 1, 0]);
    expect(say(ready('sierra-mc7455'), 'AT+CPMS="SM"')).toContain('ERROR');
    expect(say(ready('wavecom'), 'AT+CPMS="ME","ME","ME"')).toContain('ERROR');
    expect(say(modemOf('quectel-ec25'), 'AT+CPMS?')).toContain('"ME",0,50,"ME",0,50,"ME",0,50');
  });

  test('CPIN: with and without blank, quoted, without OK', () => {
    const forms = ['generic', 'fibocom-l6xx', 'neoway-m590', 'wavecom'].map((name) => say(ready(name), 'AT+CPIN?'));
    expect(forms).toEqual([
      '\r\n+CPIN: READY\r\n\r\nOK\r\n',
      '\r\n+CPIN:READY\r\n\r\nOK\r\n',
      '\r\n+CPIN: "READY"\r\n\r\nOK\r\n',
      '\r\n+CPIN: READY\r\n',
    ]);
  });

  test('headers: alpha, trailing field, length with the service centre; filler in free places; no listing at all', () => {
    const listed = (name: string) => {
      const modem = ready(name);
      modem.deliver(HELLO, HELLO_LENGTH);
      return say(modem, 'AT+CMGL=4');
    };
    expect(listed('simcom-sim800')).toContain(`+CMGL: 1,0,"",${HELLO_LENGTH}\r\n`);
    expect(listed('zte-mf')).toContain(`+CMGL: 0,0,,${HELLO_LENGTH},0\r\n`);
    expect(listed('wavecom')).toContain(`+CMGL: 1,0,,${HELLO.length / 2}\r\n`);
    expect(listed('cinterion-mc35')).toContain('+CMGL: 2,1,,0\r\n00FFFFFFFFFFFFFF\r\n');
    expect(listed('neoway-m590')).toBe('\r\nERROR\r\n');
  });

  test('a free place reads as an error, as nothing, or as an empty header; Huawei knows places that are not there', () => {
    expect(say(ready('generic'), 'AT+CMGR=2')).toBe('\r\n+CMS ERROR: 321\r\n');
    expect(say(ready('simcom-sim800'), 'AT+CMGR=2')).toBe('\r\nOK\r\n');
    expect(say(ready('cinterion-mc35'), 'AT+CMGR=2')).toContain('+CMGR: 0,,0');
    expect(say(ready('huawei-e3531'), 'AT+CMGD=?')).toContain('(1-4095),(0-4)');
  });

  test('strings are hex of UCS2 while that is the character set; V0 at power-up', () => {
    const zte = modemOf('zte-mf');
    expect(say(zte, 'AT+CSCS?')).toContain('"0055004300530032"');
    expect(say(zte, 'AT+COPS?')).toContain('"0053004D005300500069006E');
    expect(say(zte, 'AT+CSCS="0047 0053 004D"'.replaceAll(' ', ''), 'AT+COPS?')).toContain('"SMSPin Virtual"');
    expect(say(modemOf('neoway-m590'), 'AT', 'AT+CMGR=99')).toBe('0\r4\r');
  });

  test('USSD: plain, packed, UCS2; before or after OK', () => {
    const plain = ready('generic').execute('AT+CUSD=1,"*100#",15');
    expect(plain.answer).toBe('\r\nOK\r\n');
    expect(plain.later[0]?.text).toBe(`\r\n+CUSD: 0,"Your number is ${IDENTITY.number}\r\nYour balance is 0.00",15\r\n`);
    const packed = ready('huawei-e3531');
    expect(say(packed, 'AT+CUSD=1,"*100#",15')).toContain('ERROR');
    expect(say(packed, 'AT+CUSD=1,"AA180C3602",15')).toMatch(/^\r\n\+CUSD: 0,"D9[0-9A-F]+",15\r\n\r\nOK\r\n$/);
    expect(ready('zte-mf').execute('AT+CUSD=1,"*100#"').later[0]?.text).toContain('"0059006F00750072');
    expect(ready('generic').execute('AT+CUSD=1,"hello"').later[0]?.text).toBe('\r\n+CUSD: 4\r\n');
  });

  test('with the wrong announcing port nothing is announced, and the right one outlives a restart', () => {
    for (const [name, wrong, right] of [
      ['quectel-ec25', 'AT+QURCCFG="urcport","usbmodem"', 'AT+QURCCFG="urcport","usbat"'],
      ['simcom-sim7600', 'AT+CATR=1', 'AT+CATR=0'],
      ['huawei-e3531', 'AT^CURC=2', 'AT^CURC=1'],
    ] as const) {
      const modem = ready(name);
      expect(say(modem, wrong)).toBe('\r\nOK\r\n');
      expect(modem.deliver(HELLO, HELLO_LENGTH)).toEqual({ announcement: '', where: 'SM' });
      modem.restart();
      say(modem, 'AT+CNMI=1,1');
      expect(modem.announces).toBe(false);
      expect(say(modem, right)).toBe('\r\nOK\r\n');
      expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toContain('+CMTI:');
    }
  });

  test('the SIM is busy for a while after power-on and after its PIN', () => {
    let nowMs = 0;
    const modem = modemOf('zte-mf', () => nowMs);
    modem.restart();
    expect(say(modem, 'AT+CMEE=1', 'AT+CPIN?', 'AT+CPMS?', 'AT+CIMI')).toBe(
      '\r\nOK\r\n\r\n+CME ERROR: 14\r\n\r\n+CMS ERROR: 314\r\n\r\n+CME ERROR: 14\r\n',
    );
    nowMs = 2_000;
    modem.sim.setPin('1234');
    expect(say(modem, 'AT+CPIN?', 'AT+CPIN="1234"')).toContain('+CPIN: SIM PIN');
    expect(say(modem, 'AT+CPIN?')).toBe('\r\n+CME ERROR: 14\r\n');
    nowMs = 4_000;
    expect(say(modem, 'AT+CPIN?')).toContain('READY');
  });

  test('a flood ends with the command that ends it, until the next restart', () => {
    for (const [name, command] of [
      ['zte-mf', 'AT+CPMS?'],
      ['huawei-e3531', 'AT^CURC=0'],
    ] as const) {
      const modem = modemOf(name);
      expect(modem.flood).not.toBeNull();
      modem.execute(command);
      expect(modem.flood).toBeNull();
      modem.restart();
      expect(modem.flood).not.toBeNull();
    }
  });

  test('several commands on a line; the first that fails ends it', () => {
    const modem = ready('generic');
    expect(say(modem, 'ATE0V1;+CSQ;+CREG=2')).toBe('\r\n+CSQ: 18,99\r\n\r\nOK\r\n');
    expect(say(modem, 'AT+CREG?;+NOSUCH;+CMEE=0')).toBe('\r\n+CREG: 2,1,"00C3","0000BEEF",7\r\n\r\nERROR\r\n');
    expect(modem.settings.errors).toBe(1);
    expect(say(modem, 'AT+CUSD=1,"a;b"')).toBe('\r\nOK\r\n');
  });

  test('ATZ and AT&F forget notification, errors and echo, as real modems do', () => {
    for (const command of ['ATZ', 'AT&F']) {
      const modem = ready('generic');
      say(modem, 'ATE0', command);
      expect([modem.settings.notification, modem.settings.errors, modem.settings.echo]).toEqual([[0, 0, 0, 0, 0], 0, true]);
    }
  });

  test('a pushed message is acknowledged with CSMS=1, or comes again to be stored', () => {
    let nowMs = 0;
    const modem = modemOf('quectel-ec25', () => nowMs);
    nowMs = 10_000;
    say(modem, 'AT+CMEE=1', 'AT+CSMS=1', 'AT+CNMI=2,2');
    expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toBe(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`);
    expect(say(modem, 'AT+CNMA', 'AT+CNMA')).toBe('\r\nOK\r\n\r\n+CMS ERROR: 340\r\n');
    expect(modem.memory().network).toEqual([]);
    modem.deliver(HELLO, HELLO_LENGTH);
    expect(modem.memory().network.length).toBe(1);
    nowMs = 20_000;
    expect(modem.mailbox.releaseDue()).toBe('\r\n+CMTI: "ME",0\r\n');
  });
});

describe('profiles', () => {
  test('mixed is every dialect, generic the first; names take turns; an unknown one is refused with those there are', () => {
    expect(readProfiles('mixed')).toMatchObject({ ok: true, dialects: { length: NAMES.length } });
    expect(NAMES[0]).toBe('generic');
    expect(readProfiles('zte-mf, wavecom')).toMatchObject({ ok: true, dialects: [{ name: 'zte-mf' }, { name: 'wavecom' }] });
    const refused = readProfiles('nokia');
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('"nokia"; known are mixed, generic, quectel-ec25') });
  });

  test('every modem is known as a virtual one by its IMEI, whatever it says of its maker', () => {
    expect(isVirtualImei(virtualImei(17))).toBe(true);
    expect(isVirtualImei('490154203237518')).toBe(false);
  });

  test('the PDUs a fault brings are well formed', () => {
    for (const { pdu, length } of [pictureNotice(), statusReport(), ...strangers(2)]) {
      expect(pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16)).toBe(length);
      expect(decodePdu(pdu, { smsc: 'present' }).errors).toEqual([]);
    }
    expect(decodePdu(pictureNotice().pdu, { smsc: 'present' }).ports?.destination).toBe(2948);
    expect(decodePdu(byOtherCentre(HELLO), { smsc: 'present' }).text).toBe(decodePdu(HELLO, { smsc: 'present' }).text);
    expect(byOtherCentre(HELLO)).not.toBe(HELLO);
  });
});
