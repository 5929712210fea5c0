import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { canonicalIccid, withCheckDigit } from '../../src/lib/iccid.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { VIRTUAL_SIMS_MOST, virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { parseCommand } from '../../src/modem/virtual/protocol.ts';
import { readState, writeState } from '../../src/modem/virtual/state.ts';
import { HELLO, HELLO_LENGTH } from './bench.ts';

function modem(smCapacity = 3): Emulator {
  return new Emulator({ identity: virtualIdentity(0), imei: virtualImei(0), smCapacity });
}

function say(emulator: Emulator, ...commands: string[]): string {
  return commands
    .map((command) => {
      const { answer, announcements } = emulator.execute(command);
      return answer + announcements;
    })
    .join('');
}

describe('identities', () => {
  test('are all different, with valid check digits, from ranges set aside for fiction and tests', () => {
    const fiction =
      /^\+(44770090\d{4}|1\d{3}55501\d{2}|49(17139200\d{2}|176040690\d{2}|3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3})|3363998\d{4})$/;
    const numbers = new Set<string>();
    const iccids = new Set<string>();
    for (let serial = 0; serial < VIRTUAL_SIMS_MOST; serial++) {
      const { iccid, imsi, imei, number } = virtualIdentity(serial);
      expect(number).toMatch(fiction);
      expect(iccid).toBe(withCheckDigit(iccid.slice(0, -1)));
      expect(canonicalIccid(iccid)).toBe(iccid);
      expect(imei).toBe(withCheckDigit(imei.slice(0, -1)));
      expect([iccid.length, imei.length, imsi]).toEqual([19, 15, expect.stringMatching(/^00101\d{10}$/)]);
      numbers.add(number);
      iccids.add(iccid);
    }
    expect([numbers.size, iccids.size]).toEqual([VIRTUAL_SIMS_MOST, VIRTUAL_SIMS_MOST]);
    expect([0, 1, 2, 3, 4].map((serial) => virtualIdentity(serial).country)).toEqual(['gb', 'us', 'de', 'fr', 'gb']);
  });

  test('the Luhn digit of a known IMEI', () => {
    expect(withCheckDigit('49015420323751')).toBe('490154203237518');
  });

  test.each([[-1], [VIRTUAL_SIMS_MOST], [0.5], [Number.NaN]])('there is no SIM %p', (serial) => {
    expect(() => virtualIdentity(serial)).toThrow(RangeError);
  });
});

describe('emulator', () => {
  test('echoes until told not to', () => {
    const emulator = modem();
    const octets = Buffer.from('AT\rATE0\rAT\r');
    expect(emulator.receive(octets.subarray(0, 3))).toEqual([{ echo: 'AT\r', command: 'AT' }]);
    for (const { command } of emulator.receive(octets.subarray(3, 8))) emulator.execute(command);
    expect(emulator.receive(octets.subarray(8))).toEqual([{ echo: '', command: 'AT' }]);
  });

  test.each([
    ['AT', '\r\nOK\r\n'],
    ['at+cgmm', '\r\nVirtual Modem\r\n\r\nOK\r\n'],
    ['AT+CPIN?', '\r\n+CPIN: READY\r\n\r\nOK\r\n'],
    ['AT+CNUM', '\r\n+CNUM: "","+447700900000",145\r\n\r\nOK\r\n'],
    ['AT+CPMS?', '\r\n+CPMS: "SM",0,3,"SM",0,3,"SM",0,3\r\n\r\nOK\r\n'],
    ['AT+CMGF=1', '\r\nERROR\r\n'],
    ['AT+CMGD=1,4', '\r\nERROR\r\n'],
    ['AT+NOSUCH', '\r\nERROR\r\n'],
    ['nonsense', '\r\nERROR\r\n'],
    ['', ''],
  ])('%s', (command, expected) => {
    expect(say(modem(), command)).toBe(expected);
  });

  test('errors carry their number once asked for', () => {
    const emulator = modem();
    expect(say(emulator, 'AT+CMGR=1')).toBe('\r\nERROR\r\n');
    expect(say(emulator, 'AT+CMEE=1', 'AT+CMGR=1')).toBe('\r\nOK\r\n\r\n+CMS ERROR: 321\r\n');
  });

  test('announces only when asked to, and marks as read what was listed', () => {
    const emulator = modem();
    expect(emulator.deliver(HELLO, HELLO_LENGTH).announcement).toBe('');
    say(emulator, 'AT+CNMI=2,1');
    expect(emulator.deliver(HELLO, HELLO_LENGTH).announcement).toBe('\r\n+CMTI: "SM",2\r\n');
    expect(say(emulator, 'AT+CMGL=0')).toBe(
      `\r\n+CMGL: 1,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n\r\n+CMGL: 2,0,,${HELLO_LENGTH}\r\n${HELLO}\r\n\r\nOK\r\n`,
    );
    expect(say(emulator, 'AT+CMGL=0')).toBe('\r\nOK\r\n');
  });

  test('a full storage leaves the message in the network until there is room', () => {
    const emulator = modem(1);
    say(emulator, 'AT+CNMI=2,1');
    emulator.deliver(HELLO, HELLO_LENGTH);
    expect(emulator.deliver(HELLO, HELLO_LENGTH)).toEqual({ announcement: '', where: 'network' });
    expect(say(emulator, 'AT+CMGD=1')).toBe('\r\nOK\r\n\r\n+CMTI: "SM",1\r\n');
    expect(emulator.memory().network).toEqual([]);
  });

  test('with the radio off the network keeps what it has', () => {
    const emulator = modem();
    say(emulator, 'AT+CNMI=2,1', 'AT+CFUN=4');
    expect(emulator.deliver(HELLO, HELLO_LENGTH).where).toBe('network');
    expect(say(emulator, 'AT+CFUN=1')).toBe('\r\nOK\r\n\r\n+CMTI: "SM",1\r\n');
  });
});

describe('commands of the bank', () => {
  test.each([
    ['nonsense', 'the line is not JSON'],
    ['[1]', 'the line is not a JSON object'],
    ['{"id":1}', 'unknown "cmd" null; known are sms, pdu, list, reply_delay, fault, chaos, unplug, plug, freeze, thaw, swap'],
    ['{"cmd":"sms","sender":"x","text":"y"}', '"number" or "port" must say which SIM is meant'],
    ['{"cmd":"sms","number":"+1","text":"y"}', '"sender" must be a string'],
    ['{"cmd":"sms","number":"+1","sender":"x"}', '"text" must be a string'],
    ['{"cmd":"sms","number":"+1","sender":"x","text":"y","at_ms":"now"}', '"at_ms" must be a number'],
    ['{"cmd":"pdu","number":"+1","pdu":"0"}', '"pdu" must be whole octets in hex, service centre first'],
    ['{"cmd":"reply_delay","ms":-1}', '"ms" must be a number from 0 to 60000'],
    ['{"cmd":"unplug"}', '"number" or "port" must say which SIM is meant'],
  ])('%s is refused', (line, error) => {
    expect(parseCommand(line)).toMatchObject({ ok: false, error });
  });

  test('the id comes back also with a refusal', () => {
    expect(parseCommand('{"id":"a","cmd":"x"}').id).toBe('a');
  });
});

describe('state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bank-state-'));

  test('what was written is read', () => {
    const file = join(folder, 'a.json');
    expect(readState(file)).toBeNull();
    const emulator = modem();
    emulator.deliver(HELLO, HELLO_LENGTH);
    emulator.sim.setPin('4711');
    emulator.sim.enter('0000');
    expect(emulator.memory().lock).toEqual({ pin: '4711', tries: 2, pukTries: 10 });
    const state = { version: 1 as const, nextSerial: 4, modems: [{ serial: 0, memory: emulator.memory() }] };
    writeState(file, state);
    expect(readState(file)).toEqual(state);
  });

  test.each([
    ['{'],
    ['{}'],
    ['{"version":2,"nextSerial":0,"modems":[]}'],
    ['{"version":1,"nextSerial":0,"modems":[{"serial":1}]}'],
    ['{"version":1,"nextSerial":0,"modems":[{"serial":1,"memory":{"sm":[],"me":[],"network":[],"lock":{"pin":1}}}]}'],
  ])('%s is refused with the name of the file', (text) => {
    const file = join(folder, 'b.json');
    writeFileSync(file, text);
    expect(() => readState(file)).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('smspin simulate', () => {
  async function run(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    async function* nothing(): AsyncGenerator<Uint8Array> {}
    const code = await simulateCommand(args, { stdin: nothing(), out: (line) => out.push(line), err: (line) => err.push(line) });
    return { code, out, err };
  }

  test.each([
    [['--modems', '0']],
    [['--modems', 'many']],
    [['--reply-delay-ms', '-1']],
    [['--what']],
    [['word']],
    [['--profiles', 'nokia']],
    [['--chaos', 'much']],
    [['--chaos', '601']],
    [['--seed', '-1']],
  ])('%p is refused with the usage', async (args) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, []]);
    expect(err.join('\n')).toContain('usage: smspin simulate');
  });

  test('a state file that is none ends it with exit code 1, and the file is left as it is', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'bank-')), 'state.json');
    writeFileSync(file, 'oops');
    const { code, err } = await run('--modems', '1', '--state', file);
    expect([code, readFileSync(file, 'utf8')]).toEqual([1, 'oops']);
    expect(err.join('\n')).toContain(file);
  });

  test('it ends when its input ends', async () => {
    const { code, out } = await run('--modems', '2');
    expect(code).toBe(0);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ ready: true, sims: [{ number: '+447700900000', country: 'gb' }, { country: 'us' }] });
  });
});
