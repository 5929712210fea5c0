import { describe, expect, test } from 'bun:test';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const OTHER = HELLO.replace(/37$/, '38');
/** Two messages lie there and are announced at once; the first reading is answered by a final result too many. */
function twoWithAStray(line: BenchLine): void {
  line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
  line.emulator.storages.SM.add({ pdu: OTHER, length: HELLO_LENGTH, stat: 0 });
  line.say('\r\n+CMTI: "SM",1\r\n\r\n+CMTI: "SM",2\r\n');
}
const both = (recorder: Recorder) => new Set(recorder.parts.map(({ pdu }) => pdu)).size === 2;

const deletes = (line: BenchLine) => line.commands.filter((command) => command.startsWith('AT+CMGD'));

test('what was read by its place is deleted only after the modem answered a question of its own', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('ready', () => recorder.isReady());
  const before = line.commands.length;
  line.deliver();
  await until('deleted', () => line.held === 0);
  const said = line.commands.slice(before).filter((command) => /^AT\+CMG/.test(command));
  expect(said).toEqual(['AT+CMGR=1', 'AT+CMGF?', 'AT+CMGD=1']);
  await session.stop('done');
});

test('answers that belong to the question before are noticed, nothing is deleted on their word, and all is found again', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('ready', () => recorder.isReady());
  let owed = '';
  let shifted = false;
  // From the first reading on, each answer comes one command late, until the modem is asked plainly with AT.
  line.override = (command) => {
    if (command === 'AT') {
      const late = owed;
      owed = '';
      shifted = false;
      return `${late}\r\nOK\r\n`;
    }
    if (command === 'AT+CMGR=1') shifted = true;
    if (!shifted) return null;
    const { answer } = line.emulator.execute(command);
    const late = owed === '' ? '\r\nOK\r\n' : owed;
    owed = answer;
    return late;
  };
  line.deliver();
  line.deliver(HELLO.replace(/37$/, '36'), HELLO_LENGTH);
  await until('both stored and gone', () => line.held === 0 && new Set(recorder.parts.map(({ pdu }) => pdu)).size === 2, 8_000);
  expect(recorder.history.some(({ kind, detail }) => kind === 'fault' && /out of step|nobody asked/.test(detail))).toBe(true);
  expect(deletes(line).length).toBeGreaterThanOrEqual(2);
  await session.stop('done');
}, 15_000);

test('a modem that does not know AT+CMGF? is believed', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  line.override = (command) => (command === 'AT+CMGF?' ? '\r\nERROR\r\n' : null);
  const session = startSession(line, recorder);
  await until('ready', () => recorder.isReady());
  line.deliver();
  await until('deleted', () => line.held === 0);
  expect(recorder.parts.length).toBe(1);
  await session.stop('done');
});

test.each([0, 5, 30])(
  'a stray final result and a commit of %i ms lose nothing',
  async (commitMs) => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const session = startSession(line, recorder);
    await until('ready', () => recorder.isReady());
    recorder.beforeStore = () => Bun.sleep(commitMs);
    let stray = true;
    line.override = (command) => {
      if (stray && command.startsWith('AT+CMGR')) {
        stray = false;
        line.say('\r\nOK\r\n');
      }
      return null;
    };
    twoWithAStray(line);
    await until('gone', () => line.held === 0, 8_000);
    expect(both(recorder)).toBe(true);
    await session.stop('done');
  },
  15_000,
);

test('an error that belongs to another command does not switch the proof off', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  let armed = true;
  let stray = false;
  line.override = (command) => {
    if (armed && command === 'AT+CSQ') {
      armed = false;
      stray = true;
      twoWithAStray(line);
    }
    if (stray && command.startsWith('AT+CMGR')) {
      stray = false;
      line.say('\r\nOK\r\n');
    }
    return /^AT\+C(E|G)?REG/.test(command) ? '\r\nERROR\r\n' : null;
  };
  const session = startSession(line, recorder);
  await until('gone', () => !armed && line.held === 0, 8_000);
  expect(both(recorder)).toBe(true);
  await session.stop('done');
}, 15_000);

describe('a reading of all that saw nothing does not count as one', () => {
  test('when its answer was the one before', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const session = startSession(line, recorder);
    await until('ready', () => recorder.isReady());
    await until('quiet', () => line.commands.at(-1) === 'AT+CPMS?');
    line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    let hit = false;
    line.override = (command) => {
      if (!hit && command.startsWith('AT+CMGL')) {
        hit = true;
        line.say('\r\nOK\r\n');
      }
      return null;
    };
    expect((await session.readNow()) && recorder.parts.length === 0).toBe(false);
    await until('found', () => recorder.parts.length === 1);
    await session.stop('done');
  });

  test('when each place was busy', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    let busy = false;
    line.override = (command) => {
      if (command.startsWith('AT+CMGL')) return '\r\nERROR\r\n';
      return busy && command.startsWith('AT+CMGR=') ? '\r\n+CMS ERROR: 314\r\n' : null;
    };
    const session = startSession(line, recorder);
    await until('ready', () => recorder.isReady());
    line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    busy = true;
    expect(await session.readNow()).toBe(false);
    busy = false;
    expect(await session.readNow()).toBe(true);
    expect(recorder.parts.length).toBe(1);
    await session.stop('done');
  });
});
