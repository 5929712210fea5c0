import { describe, expect, test } from 'bun:test';
import { Ending } from '../../src/modem/ending.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { inFastTime } from '../fuzz/fast-time.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

async function ready(changes: Parameters<typeof startSession>[2] = {}, line = new BenchLine()) {
  const recorder = new Recorder();
  const session = startSession(line, recorder, changes);
  await until('ready', () => recorder.isReady());
  return { line, recorder, session };
}

const alarms = (recorder: Recorder) => recorder.snapshot?.alarms.map(({ code }) => code);

test('a modem that goes on repeating what it is told is served', async () => {
  const line = new BenchLine();
  line.override = (command) => {
    line.say(`${command}\r`);
    return null;
  };
  const { recorder, session } = await ready({}, line);
  line.deliver();
  await until('read', () => line.held === 0);
  expect(recorder.parts.length).toBe(1);
  expect(recorder.history.map(({ kind }) => kind)).not.toContain('restarted');
  await session.stop('done');
});

test('a listing that is refused again and again takes the SIM off sale until it works', async () => {
  const { line, recorder, session } = await ready({ sweepSeconds: 0.05 });
  let refuses = true;
  line.override = (command) => (refuses && command.startsWith('AT+CMGL') ? '\r\n+CMS ERROR: 500\r\n' : null);
  await until('off sale', () => recorder.snapshot?.state === 'failed');
  expect(recorder.snapshot?.detail).toMatch(/could not be listed 5 times/);
  expect(recorder.losses.length).toBe(1);
  expect(recorder.snapshot?.alarms).toMatchObject([{ code: 'unlistable', text: recorder.snapshot?.detail }]);
  refuses = false;
  await until('back', () => recorder.isReady(2));
  expect(alarms(recorder)).toEqual([]);
  await session.stop('done');
});

test('a card pulled out while listings fail is noticed', async () => {
  const { line, recorder, session } = await ready({ sweepSeconds: 0.05 });
  line.override = (command) => {
    if (command.startsWith('AT+CMGL')) return '\r\n+CMS ERROR: 310\r\n';
    return /CRSM|CCID|ICCID|SCID|CPIN/.test(command) ? '\r\n+CME ERROR: 10\r\n' : null;
  };
  void session.readNow();
  await until('missing', () => recorder.snapshot?.state === 'sim_missing');
  await session.stop('done');
});

describe('a pushed message, which lies nowhere else', () => {
  const PUSH = `\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`;

  test('is tried on when the SIM’s time ends before it is stored', async () => {
    const { line, recorder, session } = await ready();
    let full = true;
    recorder.beforeStore = async () => {
      if (full) throw new Error('disk full');
    };
    line.say(PUSH);
    await until('refused', () => recorder.snapshot?.errors === 1);
    line.say('\r\n+CPIN: NOT INSERTED\r\n');
    await until('lost', () => recorder.losses.length === 1);
    full = false;
    await until('stored', () => recorder.parts.length === 1);
    expect(recorder.parts[0]).toMatchObject({ how: 'direct', pdu: HELLO });
    await session.stop('done');
  });

  test('is kept while the SIM cannot be registered', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const register = recorder.identified.bind(recorder);
    let times = 0;
    recorder.identified = async (sim) => {
      times++;
      if (times > 1) return register(sim);
      line.say(PUSH);
      await Bun.sleep(20);
      throw new Error('disk full');
    };
    const session = startSession(line, recorder);
    await until('stored', () => recorder.parts.length === 1);
    await session.stop('done');
  });

  /** A modem that waits for a PIN nobody has, and a message it pushed meanwhile. */
  async function locked() {
    const line = new BenchLine();
    const recorder = new Recorder();
    line.override = (command) => (command === 'AT+CPIN?' ? '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n' : null);
    const session = startSession(line, recorder);
    await until('waits', () => recorder.snapshot?.state === 'pin_required');
    return { line, recorder, session };
  }

  test.each(['stopped', 'unplugged'] as const)('while no SIM was read is stored as nobody’s when the modem is %s', async (how) => {
    const { line, recorder, session } = await locked();
    line.say(PUSH);
    await Bun.sleep(20);
    expect(recorder.parts).toEqual([]);
    if (how === 'unplugged') line.hangUp();
    else await session.stop('done');
    await session.ended;
    const { imei } = line.emulator;
    expect(recorder.parts).toMatchObject([
      { iccid: null, imei, slot: 'slot', storage: null, how: 'direct', pdu: HELLO, length: HELLO_LENGTH },
    ]);
  });

  test('left when the session ends is tried on after a refusal', async () => {
    const { line, recorder, session } = await locked();
    recorder.beforeStore = async () => {
      recorder.beforeStore = async () => {};
      throw new Error('disk full');
    };
    line.say(PUSH);
    await Bun.sleep(20);
    await session.stop('done');
    expect(recorder.parts).toEqual([]);
    await until('stored', () => recorder.parts.length === 1);
  });

  test('is not kept waiting without bounds while a modem stays locked: the oldest are stored as nobody’s', async () => {
    const { line, recorder, session } = await locked();
    for (let n = 0; n < 53; n++) line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO.slice(0, -2)}${(n + 16).toString(16).toUpperCase()}\r\n`);
    await until('stored', () => recorder.parts.length === 3);
    expect(recorder.parts.map(({ iccid, pdu }) => [iccid, pdu.slice(-2)])).toEqual([
      [null, '10'],
      [null, '11'],
      [null, '12'],
    ]);
    await session.stop('done');
    expect(recorder.parts.length).toBe(53);
  });

  test.each([
    [true, 'under the SIM'],
    [false, 'as nobody’s'],
  ] as const)('while the house takes the SIM (it does: %p) is stored %s when the session ends meanwhile', async (isTaken) => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    recorder.identified = () => {
      isAsked = true;
      return gate.promise;
    };
    const session = startSession(line, recorder);
    await until('asked', () => isAsked);
    line.say(PUSH);
    await Bun.sleep(20);
    const stopped = session.stop('unplugged');
    if (isTaken) gate.resolve();
    else gate.reject(new Error('disk full'));
    await stopped;
    expect(recorder.parts.map(({ iccid }) => iccid)).toEqual([isTaken ? virtualIdentity(0).iccid : null]);
  });
});

test('a radio that does not come back at once is switched on again', async () => {
  const { line, session } = await ready();
  let failures = 1;
  line.override = (command) => (command === 'AT+CFUN=1' && failures-- > 0 ? '\r\n+CME ERROR: 14\r\n' : null);
  // It is given seconds between off and on.
  await inFastTime(10, async () => expect(await session.operations.toggleRadio()).toMatchObject({ ok: true }));
  expect(line.emulator.settings.radio).toBe(1);
  await session.stop('done');
}, 15_000);

test.each(['+CUSD: 0,"Your 5" offer ends today",15', '+CUSD: 0,"balance 5,20 EU'])(
  'after %p messages are read as before',
  async (answer) => {
    const { line, recorder, session } = await ready();
    line.say(`\r\n${answer}\r\n`);
    line.deliver();
    await until('read', () => recorder.parts.length === 1);
    await session.stop('done');
  },
);

test('the alarm about a PIN ends when the card is taken out', async () => {
  const line = new BenchLine();
  let answer = '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n';
  line.override = (command) => (command === 'AT+CPIN?' ? answer : null);
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('asked', () => alarms(recorder)?.includes('pin') === true);
  answer = '\r\n+CME ERROR: 10\r\n';
  line.say('\r\n+CPIN: NOT INSERTED\r\n');
  await until('cleared', () => recorder.snapshot?.state === 'sim_missing' && alarms(recorder)?.length === 0);
  await session.stop('done');
});

test('one console command at a time', async () => {
  const { line, session } = await ready();
  line.override = (command) => (command === 'AT+CSQ' ? '' : null);
  const first = session.operations.command('AT+CSQ');
  expect(await session.operations.command('ATI')).toMatchObject({ ok: false, detail: expect.stringContaining('under way') });
  await session.stop('done');
  expect(await first).toMatchObject({ ok: false });
});

test('who waits for an end or for something else is woken by whichever comes first', async () => {
  const ending = new Ending();
  expect(await ending.or(Promise.resolve(7))).toBe(7);
  const waiting = ending.or(new Promise(() => {}));
  ending.end('first');
  ending.end('second');
  expect(await waiting).toBeNull();
  expect(await ending.or(Promise.resolve(7))).toBeNull();
  expect(ending.reason).toBe('first');
});
