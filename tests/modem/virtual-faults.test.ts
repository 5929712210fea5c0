import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { encodeDeliver } from '../../src/gsm/encode.ts';
import { strikes } from '../../src/modem/virtual/chaos.ts';
import { GENERIC } from '../../src/modem/virtual/dialect.ts';
import { DIALECTS, dialectNamed } from '../../src/modem/virtual/dialects.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import type { FaultParameters } from '../../src/modem/virtual/fault-set.ts';
import { FAULTS, type FaultName, faultNamed } from '../../src/modem/virtual/faults.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { parseCommand } from '../../src/modem/virtual/protocol.ts';
import { switchFault } from '../../src/modem/virtual/switches.ts';
import { HELLO, HELLO_LENGTH } from './bench.ts';

const BY_POWER: readonly FaultName[] = ['unplug', 'freeze', 'reboot', 'late'];

function modemOf(name = 'generic', nowMs: () => number = () => 0): Emulator {
  const dialect = dialectNamed(name);
  if (dialect === null) throw new Error(`no dialect ${name}`);
  return new Emulator({ identity: virtualIdentity(0), imei: virtualImei(0), dialect, nowMs });
}

function say(modem: Emulator, ...commands: string[]): string {
  return commands
    .map((command) => {
      const { answer, announcements } = modem.execute(command);
      return answer + announcements;
    })
    .join('');
}

/** A modem that announces, holds `count` messages, and has a fault. */
function struck(name: FaultName, parameters: FaultParameters = {}, count = 0, dialect = 'generic'): { modem: Emulator; said: string } {
  const modem = modemOf(dialect);
  say(modem, 'AT+CMEE=1', 'AT+CSCS="GSM"', 'AT+CPMS="SM","SM","SM"', 'AT+CNMI=1,1');
  for (let n = 0; n < count; n++) modem.deliver(HELLO, HELLO_LENGTH);
  return { modem, said: switchFault(modem, name, true, parameters) };
}

describe('the table of faults', () => {
  test('has a label and a hint for each, and is found by name', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    for (const { name, label, hint } of FAULTS) {
      expect(name).toMatch(/^[a-z][a-z0-9_]+$/);
      expect([label.length > 2, hint.endsWith('.')]).toEqual([true, true]);
      expect(faultNamed(name)?.label).toBe(label);
    }
    expect(FAULTS.filter(({ momentary }) => momentary).map(({ name }) => name)).toEqual(['reboot', 'late', 'mms_push']);
    expect([faultNamed('fire'), faultNamed(null)]).toEqual([null, null]);
  });
});

describe('announcements', () => {
  test('silent: stored, not announced; by the port setting where the family has one', () => {
    const { modem } = struck('silent');
    expect(modem.deliver(HELLO, HELLO_LENGTH)).toEqual({ announcement: '', where: 'SM' });
    switchFault(modem, 'silent', false);
    expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toContain('+CMTI: "SM",2');
    const quectel = struck('silent', {}, 0, 'quectel-ec25').modem;
    expect(say(quectel, 'AT+QURCCFG="urcport"')).toContain('"usbmodem"');
  });

  test('no_index: now with, now without the storage', () => {
    const { modem } = struck('no_index');
    expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toBe('\r\n+CMTI: ,-1\r\n');
    expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toBe('\r\n+CMTI: "SM",-1\r\n');
  });

  test('wrong_storage: the message lies elsewhere, and so does a report', () => {
    const { modem, said } = struck('wrong_storage', {}, 0, 'quectel-ec25');
    expect(said).toBe('\r\n+CDSI: "SM",0\r\n');
    expect([modem.storages.SR.used, modem.storages.SM.used]).toEqual([1, 0]);
    expect(modem.deliver(HELLO, HELLO_LENGTH)).toEqual({ announcement: '\r\n+CMTI: "ME",0\r\n', where: 'SM' });
  });

  test('mms_push: the long form, once', () => {
    const { modem, said } = struck('mms_push');
    expect(said).toBe('\r\n+CMTI: "SM",1,"MMS PUSH",2,1\r\n');
    expect([modem.storages.SM.used, modem.faults.names()]).toEqual([1, []]);
  });

  test('pushed: handed over whole, and stored when it is over', () => {
    const { modem } = struck('pushed');
    expect(modem.deliver(HELLO, HELLO_LENGTH)).toEqual({
      announcement: `\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`,
      where: 'network',
    });
    expect(switchFault(modem, 'pushed', false)).toBe('\r\n+CMTI: "SM",1\r\n');
    expect(modem.storages.SM.get(1)?.pdu).toBe(HELLO);
  });
});

describe('flash messages', () => {
  test('pushed with class0: those alone', () => {
    const { modem } = struck('pushed', { class0: 1 });
    const [flash] = encodeDeliver({ sender: 'Sender', text: 'flash', atMs: Date.UTC(2026, 0, 1), dcs: 0x10 });
    expect(modem.deliver(HELLO, HELLO_LENGTH).announcement).toContain('+CMTI: "SM",1');
    expect(modem.deliver(flash?.pdu ?? '', flash?.length ?? 0).announcement).toContain('+CMT: ,');
  });
});

describe('listings', () => {
  test('glued: headers stick to the line before', () => {
    const { modem } = struck('glued', {}, 3);
    expect(say(modem, 'AT+CMGL=4')).toContain(`${HELLO}+CMGL: 2,0,,${HELLO_LENGTH}\r\n${HELLO}+CMGL: 3`);
  });

  test('urc_inside: notices between the entries', () => {
    const { modem } = struck('urc_inside', {}, 3);
    expect(say(modem, 'AT+CMGL=4').match(/\r\n(\^RSSI: 17|\+CREG: 1|RING|\+CIEV: 2,3)\r\n/g)?.length).toBe(3);
  });

  test('truncated: whole octets are missing at the end, always or so many times', () => {
    const { modem } = struck('truncated', { times: 1 }, 1);
    const cut = say(modem, 'AT+CMGR=1').split('\r\n')[2] ?? '';
    expect([HELLO.startsWith(cut), cut.length % 2, cut.length < HELLO.length]).toEqual([true, 0, true]);
    expect(say(modem, 'AT+CMGR=1')).toContain(`${HELLO}\r\n`);
    const always = struck('truncated', {}, 1).modem;
    for (let n = 0; n < 3; n++) expect(say(always, 'AT+CMGR=1')).not.toContain(`${HELLO}\r\n`);
  });

  test('stray_final: a final result too many before the answer or after it, at the rate asked for', () => {
    const { modem } = struck('stray_final', { rate: 1 });
    const said = Array.from({ length: 200 }, () => modem.execute('AT+CMGF?'));
    const after = said.filter(({ later }) => later.some(({ text }) => /^\r\n(OK|ERROR)\r\n$/.test(text)));
    const before = said.filter(({ answer }) => /^\r\n(OK|ERROR)\r\n\r\n\+CMGF: 0\r\n\r\nOK\r\n$/.test(answer));
    expect([after.length > 50, before.length > 50, after.length + before.length]).toEqual([true, true, 200]);
    switchFault(modem, 'stray_final', false);
    expect(modem.execute('AT')).toMatchObject({ answer: '\r\nOK\r\n', later: [] });
  });

  test('echo: whatever ATE0 said', () => {
    const { modem } = struck('echo');
    say(modem, 'ATE0');
    expect(modem.receive(Buffer.from('AT\r'))).toEqual([{ echo: 'AT\r', command: 'AT' }]);
    switchFault(modem, 'echo', false);
    expect(modem.receive(Buffer.from('AT\r'))).toEqual([{ echo: '', command: 'AT' }]);
  });
});

describe('network and card', () => {
  test('full: strangers fill the storage, the notice of the family, room again when they are deleted or the fault ends', () => {
    const { modem, said } = struck('full', {}, 1, 'huawei-e3531');
    expect(said).toBe('\r\n^SMMEMFULL: "SM"\r\n');
    expect(modem.deliver(HELLO, HELLO_LENGTH).where).toBe('network');
    expect(say(modem, 'AT+CMGD=7')).toContain('+CMTI: "SM",7');
    modem.deliver(HELLO, HELLO_LENGTH);
    expect(switchFault(modem, 'full', false)).toContain('+CMTI: "SM",1');
    expect(modem.storages.SM.entries().every(([, { foreign }]) => foreign === undefined)).toBe(true);
    expect(modem.storages.SM.used).toBe(3);
  });

  test('deaf: registered, nothing comes until the radio was off and on', () => {
    const { modem } = struck('deaf');
    expect(say(modem, 'AT+CREG?')).toContain('+CREG: 0,1');
    expect(modem.deliver(HELLO, HELLO_LENGTH).where).toBe('network');
    expect(say(modem, 'AT+CFUN=1')).toBe('\r\nOK\r\n');
    expect(say(modem, 'AT+CFUN=4', 'AT+CFUN=1')).toBe('\r\nOK\r\n\r\nOK\r\n\r\n+CMTI: "SM",1\r\n');
    expect(modem.faults.names()).toEqual([]);
  });

  test('denied: said when asked, and by itself where the reader wants it', () => {
    const { modem } = struck('denied');
    expect(say(modem, 'AT+CREG?', 'AT+COPS?')).toBe('\r\n+CREG: 0,3\r\n\r\nOK\r\n\r\n+COPS: 0\r\n\r\nOK\r\n');
    say(modem, 'AT+CREG=1');
    modem.deliver(HELLO, HELLO_LENGTH);
    expect(switchFault(modem, 'denied', false)).toBe('\r\n+CREG: 1\r\n\r\n+CMTI: "SM",1\r\n');
  });

  test('sim_removed: no card, no messages; both back when it is back', () => {
    const { modem, said } = struck('sim_removed', {}, 1);
    expect(said).toBe('\r\n+CPIN: NOT INSERTED\r\n');
    expect(say(modem, 'AT+CPIN?', 'AT+CIMI', 'AT+CMGL=4')).toBe('\r\n+CME ERROR: 10\r\n\r\n+CME ERROR: 10\r\n\r\n+CMS ERROR: 310\r\n');
    expect(switchFault(modem, 'sim_removed', false)).toBe('\r\n+CPIN: READY\r\n');
    expect(modem.storages.SM.used).toBe(1);
  });

  test('pin and wrong_pin: locked until the PIN comes or the fault ends; the lock is remembered', () => {
    const { modem, said } = struck('pin', { pin: '4711' });
    expect(said).toBe('\r\n+CPIN: SIM PIN\r\n');
    modem.deliver(HELLO, HELLO_LENGTH);
    expect(modem.memory().lock).toEqual({ pin: '4711', tries: 3, pukTries: 10 });
    expect(say(modem, 'AT+CPIN="1234"', 'AT+CPIN="4711"')).toBe('\r\n+CME ERROR: 16\r\n\r\nOK\r\n\r\n+CMTI: "SM",1\r\n');
    modem.restart();
    expect(say(modem, 'AT+CPIN?')).toContain('SIM PIN');
    const other = new Emulator({ identity: virtualIdentity(0), imei: virtualImei(0), memory: modem.memory() });
    expect(say(other, 'AT+CPIN?')).toContain('SIM PIN');
    const wrong = struck('wrong_pin').modem;
    expect(say(wrong, 'AT+CPIN="1234"')).toBe('\r\n+CME ERROR: 16\r\n');
    expect(switchFault(wrong, 'wrong_pin', false)).toBe('\r\n+CPIN: READY\r\n');
    expect(wrong.memory().lock).toBeUndefined();
  });
});

describe('commands for faults', () => {
  test.each([
    ['{"cmd":"fault","port":"p","fault":"fire","on":true}', 'there is no fault "fire"; known are unplug, freeze,'],
    ['{"cmd":"fault","port":"p","fault":"noise"}', '"on" must be true or false'],
    ['{"cmd":"fault","port":"p","fault":"noise","on":true,"rate":-1}', '"rate" must be a number from 0 on, or a string'],
    ['{"cmd":"fault","port":"p","fault":"pin","on":true,"pin":"12"}', '"pin" must be 4 to 8 digits'],
    ['{"cmd":"fault","fault":"noise","on":true}', '"number" or "port" must say which SIM is meant'],
    ['{"cmd":"chaos"}', '"rate" must be a number from 0 to 600'],
    ['{"cmd":"chaos","rate":1,"seed":0.5}', '"seed" must be a whole number'],
    ['{"cmd":"chaos","rate":1,"faults":[]}', '"faults" must be a list of names'],
    ['{"cmd":"chaos","rate":1,"faults":["fire"]}', 'there is no fault "fire"'],
  ])('%s is refused', (line, error) => {
    expect(parseCommand(line)).toMatchObject({ ok: false, error: expect.stringContaining(error) });
  });

  test('parameters are whatever else stands there', () => {
    expect(parseCommand('{"id":1,"cmd":"fault","port":"p","fault":"noise","on":true,"rate":0.1}')).toMatchObject({
      ok: true,
      command: { cmd: 'fault', port: 'p', fault: 'noise', on: true, parameters: { rate: 0.1 } },
    });
  });
});

describe('chaos', () => {
  const first = (seed: number, count: number) => {
    const run = strikes({ seed, rate: 6, modems: 8 });
    return Array.from({ length: count }, () => run.next().value);
  };

  test('is the same for the same seed and another for another', () => {
    expect(first(7, 200)).toEqual(first(7, 200));
    expect(first(7, 20)).not.toEqual(first(8, 20));
  });

  test('strikes at the rate asked for, at every modem, with every fault, and each ends', () => {
    const run = first(3, 4_000);
    const minutes = run.reduce((sum, { afterMs }) => sum + afterMs, 0) / 60_000;
    expect(run.length / minutes / 8).toBeWithin(5.5, 6.5);
    expect(new Set(run.map(({ modem }) => modem)).size).toBe(8);
    expect(new Set(run.map(({ fault }) => fault)).size).toBe(FAULTS.length);
    expect(run.every(({ fault, forMs }) => (faultNamed(fault)?.momentary === true ? forMs === 0 : forMs >= 1_000 && forMs <= 24_000))).toBe(
      true,
    );
  });
});

/** One thing that can happen to a modem. */
type Step =
  | { do: 'deliver' }
  | { do: 'later'; ms: number }
  | { do: 'fault'; name: FaultName; on: boolean }
  | { do: 'restart' }
  | { do: 'power'; on: boolean }
  | { do: 'wait'; ms: number }
  | { do: 'say'; command: string }
  | { do: 'reload' };

const COMMANDS = [
  ...['AT+CPMS="SM","SM","SM"', 'AT+CPMS="ME","ME","ME"', 'AT+CNMI=1,1', 'AT+CNMI=2,1,0,0,1', 'AT+CNMI=1,2', 'AT+CSMS=1', 'AT+CSMS=0'],
  ...['AT+CMGL=4', 'AT+CMGR=1', 'AT+CFUN=4', 'AT+CFUN=1', 'AT+CPIN="1234"', 'AT+CPIN="0000"', 'ATZ', 'AT+CMGD=1,4'],
];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'deliver' }) },
  fc.nat(9_000).map((ms): Step => ({ do: 'later', ms })),
  {
    weight: 5,
    arbitrary: fc
      .record({ name: fc.constantFrom(...FAULTS.map(({ name }) => name).filter((name) => !BY_POWER.includes(name))), on: fc.boolean() })
      .map((fault): Step => ({ do: 'fault', ...fault })),
  },
  fc.constant<Step>({ do: 'restart' }),
  fc.boolean().map((on): Step => ({ do: 'power', on })),
  fc.nat(9_000).map((ms): Step => ({ do: 'wait', ms })),
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(...COMMANDS, ...[0, 1, 2, 3, 30].map((n) => `AT+CMGD=${n}`), 'AT+CNMA')
      .map((command): Step => ({ do: 'say', command })),
  },
  fc.constant<Step>({ do: 'reload' }),
);

describe('no message the network accepted is ever lost', () => {
  test('whatever faults, restarts and commands come, it lies somewhere until the reader deletes or acknowledges it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DIALECTS.map(({ name }) => name)), fc.array(step, { minLength: 10, maxLength: 80 }), (name, steps) => {
        const dialect = dialectNamed(name) ?? GENERIC;
        let nowMs = 0;
        const options = { identity: virtualIdentity(0), imei: virtualImei(0), dialect, smCapacity: 4, meCapacity: 3, nowMs: () => nowMs };
        let modem = new Emulator(options);
        let sent = 0;
        let taken = 0;
        const kept = () => {
          const { sm, me, network } = modem.memory();
          return [...sm.map(([, message]) => message), ...me.map(([, message]) => message), ...network].filter(
            ({ foreign }) => foreign === undefined,
          );
        };
        const one = () => {
          const [part] = encodeDeliver({ sender: 'Sender', text: `message ${sent++}`, atMs: Date.UTC(2026, 0, 1) });
          if (part === undefined) throw new Error('a short text has one part');
          return part;
        };
        const perform = (what: Step): void => {
          if (what.do === 'deliver') {
            const { pdu, length } = one();
            modem.deliver(pdu, length);
          } else if (what.do === 'later') {
            modem.mailbox.holdBack({ ...one(), stat: 0 }, nowMs + what.ms);
          } else if (what.do === 'fault') switchFault(modem, what.name, what.on);
          else if (what.do === 'restart') modem.restart();
          else if (what.do === 'power') modem.powered = what.on;
          else if (what.do === 'wait') {
            nowMs += what.ms;
            modem.mailbox.releaseDue();
          } else if (what.do === 'reload') modem = new Emulator({ ...options, memory: structuredClone(modem.memory()) });
          else {
            // The reader's own doing: what it deletes or acknowledges is its own.
            const before = kept().length;
            modem.execute(what.command);
            const gone = before - kept().length;
            expect(gone === 0 || (gone === 1 && /CMGD=\d+$|CNMA/.test(what.command))).toBe(true);
            taken += gone;
          }
        };
        for (const what of steps) {
          perform(what);
          expect(kept().length).toBe(sent - taken);
          expect(new Set(kept().map(({ pdu }) => pdu)).size).toBe(sent - taken);
        }
      }),
      { numRuns: 400 },
    );
  });
});
