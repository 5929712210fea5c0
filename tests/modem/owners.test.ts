import { expect, test } from 'bun:test';
import { forgetfulMemory } from '../../src/modem/memory.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const [former, present] = [virtualIdentity(0), virtualIdentity(1)];

function leaveInModem(line: BenchLine): void {
  line.emulator.storages.ME.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
}

const owners = (recorder: Recorder) => recorder.parts.map(({ storage, iccid }) => [storage, iccid]);

test('what lies in a modem whose card was swapped is nobody’s, also when the modem restarts during the first listing', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('ready', () => recorder.isReady());
  leaveInModem(line);
  line.emulator.insertSim(present);
  let isCut = false;
  line.override = (command) => {
    if (isCut || !command.startsWith('AT+CMGL')) return null;
    isCut = true;
    line.say('\r\nRDY\r\n');
    return '';
  };
  line.say('\r\n+CPIN: NOT INSERTED\r\n');
  await until('ready again', () => recorder.isReady(2));
  expect(isCut).toBe(true);
  expect(owners(recorder)).toEqual([['ME', null]]);
  await session.stop('done');
});

test('it stays nobody’s when its delete fails and it is read again, and what comes later is the present SIM’s', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const memory = { ...forgetfulMemory(() => 0), cardFound: async () => false };
  const settled: string[] = [];
  const session = startSession(line, recorder, {
    memory: { ...memory, ownStorageRead: async (_modem, iccid) => void settled.push(iccid) },
  });
  leaveInModem(line);
  let refusals = 1;
  line.override = (command) => (command.startsWith('AT+CMGD') && refusals-- > 0 ? '\r\n+CMS ERROR: 500\r\n' : null);
  await until('read again and deleted', () => line.held === 0);
  expect(await session.readNow()).toBe(true);
  expect(new Set(recorder.parts.map(({ iccid }) => iccid))).toEqual(new Set([null]));
  expect(settled).toEqual([former.iccid]);
  line.emulator.storages.ME.add({ pdu: `${HELLO.slice(0, -2)}38`, length: HELLO_LENGTH, stat: 0 });
  expect(await session.readNow()).toBe(true);
  expect(owners(recorder).at(-1)).toEqual(['ME', former.iccid]);
  await session.stop('done');
});

test('nothing is read while it cannot be written down which card is in the modem', async () => {
  const line = new BenchLine();
  leaveInModem(line);
  const recorder = new Recorder();
  const memory = { ...forgetfulMemory(() => 0), cardFound: () => Promise.reject(new Error('the database is locked')) };
  const session = startSession(line, recorder, { memory });
  await until('failed', () => recorder.snapshot?.state === 'failed');
  expect(recorder.snapshot?.detail).toBe('that this SIM is in the modem could not be written down');
  expect(line.held).toBe(1);
  expect(recorder.events).toEqual([]);
  await session.stop('done');
});

test('a message pushed before a card was taken out is not the next card’s', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  let isSwapped = false;
  line.override = (command) => {
    if (isSwapped || !command.startsWith('AT+CRSM')) return null;
    isSwapped = true;
    line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`);
    line.say('\r\n+CPIN: NOT INSERTED\r\n');
    line.emulator.insertSim(present);
    return null;
  };
  const session = startSession(line, recorder);
  await until('stored', () => recorder.parts.length === 1);
  expect(owners(recorder)).toEqual([[null, null]]);
  await session.stop('done');
});

/** A ready modem whose card is changed without a word, with a message in either storage of which nobody tells. */
async function swappedSilently() {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('ready', () => recorder.snapshot?.state === 'ready');
  line.emulator.insertSim(present);
  line.emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
  leaveInModem(line);
  return { line, recorder, session };
}

test.each<[string, (line: BenchLine) => void]>([
  ['an announcement without a place', (line) => line.say('\r\n+CMTI: "SM"\r\n')],
  ['a damaged push', (line) => line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\nOK\r\n`)],
  ['a full storage', (line) => line.say('\r\n^SMMEMFULL: "SM"\r\n')],
])('a card changed without a word gets nothing under the one before it by a sweep after %s', async (_name, sign) => {
  const { line, recorder, session } = await swappedSilently();
  sign(line);
  await until('read', () => line.held === 0);
  expect(recorder.losses.map(({ iccid }) => iccid)).toEqual([former.iccid]);
  expect(owners(recorder).toSorted()).toEqual([
    ['ME', null],
    ['SM', present.iccid],
  ]);
  await session.stop('done');
});

test('a sweep on demand finds that the card was changed without a word', async () => {
  const { line, recorder, session } = await swappedSilently();
  expect(await session.readNow()).toBe(false);
  await until('read', () => line.held === 0);
  expect(new Set(owners(recorder).map(([, iccid]) => iccid))).toEqual(new Set([null, present.iccid]));
  await session.stop('done');
});

test('a card changed without a word is noticed when the network is lost with it', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder, { healthEveryMs: 20 });
  await until('on the network', () => recorder.snapshot?.registration === 'home');
  await until('ready', () => recorder.isReady());
  await Bun.sleep(100);
  expect(recorder.losses).toEqual([]);
  line.emulator.insertSim(present);
  line.override = (command) => (/^AT\+C(E|G)?REG\?/.test(command) ? `\r\n${command.slice(2, -1)}: 0,2\r\n\r\nOK\r\n` : null);
  await until('the other is read', () => recorder.isReady(2));
  expect([recorder.losses.map(({ iccid }) => iccid), recorder.sims.at(-1)?.iccid]).toEqual([[former.iccid], present.iccid]);
  await session.stop('done');
});

test('an announced message costs no look at the card before it is read', async () => {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('healthy', () => recorder.snapshot?.state === 'ready' && recorder.snapshot.carrier !== null);
  line.commands.length = 0;
  line.deliver();
  await until('read', () => line.held === 0);
  expect(line.commands.filter((command) => /CRSM|CCID/.test(command))).toEqual([]);
  await session.stop('done');
});
