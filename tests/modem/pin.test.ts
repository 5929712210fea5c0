import { expect, test } from 'bun:test';
import { forgetfulMemory } from '../../src/modem/memory.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, Recorder, startSession, until } from './bench.ts';

const ICCID = virtualIdentity(0).iccid;

/** A SIM that asks for 1234 and tells, or hides, how many tries are left. */
function lockedLine(triesLeft: number | null): { line: BenchLine; sent: () => string[] } {
  const line = new BenchLine();
  let open = false;
  line.override = (command) => {
    if (command === 'AT+CPIN?') return open ? null : '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n';
    if (command.startsWith('AT+CPINR')) return triesLeft === null ? '\r\nERROR\r\n' : `\r\n+CPINR: SIM PIN,${triesLeft},3\r\n\r\nOK\r\n`;
    if (!command.startsWith('AT+CPIN=')) return null;
    open = command === 'AT+CPIN="1234"';
    return open ? '\r\nOK\r\n' : '\r\n+CME ERROR: 16\r\n';
  };
  return { line, sent: () => line.commands.filter((command) => command.startsWith('AT+CPIN=')) };
}

test.each([[3], [null]])('the configured PIN opens the SIM (tries left: %p)', async (tries) => {
  const { line, sent } = lockedLine(tries);
  const recorder = new Recorder();
  const session = startSession(line, recorder, { sims: [{ iccid: ICCID, pin: '1234' }] });
  await until('ready', () => recorder.isReady());
  expect(sent()).toEqual(['AT+CPIN="1234"']);
  await session.stop('done');
});

test.each<[string, { iccid: string; pin?: string }[], number, RegExp]>([
  ['no PIN is configured', [], 3, /none is configured/],
  ['it is configured for another SIM', [{ iccid: virtualIdentity(1).iccid, pin: '1234' }], 3, /none is configured/],
  ['the SIM is named without a PIN', [{ iccid: ICCID }], 3, /none is configured/],
  ['two tries are left', [{ iccid: ICCID, pin: '1234' }], 2, /only 2 PIN tries/],
  ['it is no PIN', [{ iccid: ICCID, pin: '12"34' }], 3, /not 4 to 8 digits/],
])('no PIN is sent when %s', async (_name, sims, tries, detail) => {
  const { line, sent } = lockedLine(tries);
  const recorder = new Recorder();
  const session = startSession(line, recorder, { sims });
  await until('asked for', () => recorder.snapshot?.state === 'pin_required');
  expect(recorder.snapshot?.detail).toMatch(detail);
  expect(sent()).toEqual([]);
  expect(recorder.events).toEqual([]);
  await session.stop('done');
});

test('a wrong PIN is sent once, not again after a reconnect', async () => {
  const memory = forgetfulMemory(() => 0);
  const first = lockedLine(3);
  const recorder = new Recorder();
  const session = startSession(first.line, recorder, { sims: [{ iccid: ICCID, pin: '9999' }], memory });
  await until('refused', () => recorder.snapshot?.detail?.endsWith('is wrong') === true);
  await session.stop('done');
  const second = lockedLine(3);
  const again = startSession(second.line, recorder, { sims: [{ iccid: ICCID, pin: '9999' }], memory });
  await until('refused', () => recorder.snapshot?.detail?.endsWith('is wrong') === true);
  expect([...first.sent(), ...second.sent()]).toEqual(['AT+CPIN="9999"']);
  await again.stop('done');
});

test('a SIM that asks for its PUK is never answered', async () => {
  const line = new BenchLine();
  line.override = (command) => (command === 'AT+CPIN?' ? '\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n' : null);
  const recorder = new Recorder();
  const session = startSession(line, recorder, { sims: [{ iccid: ICCID, pin: '1234' }] });
  await until('asked for', () => recorder.snapshot?.state === 'puk_required');
  expect(line.commands.filter((command) => command.startsWith('AT+CPIN='))).toEqual([]);
  await session.stop('done');
});
