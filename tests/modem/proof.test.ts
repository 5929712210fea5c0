import { expect, test } from 'bun:test';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

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
