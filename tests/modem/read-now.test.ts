import { describe, expect, test } from 'bun:test';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const { iccid } = virtualIdentity(0);

async function ready() {
  const line = new BenchLine();
  const recorder = new Recorder();
  const session = startSession(line, recorder);
  await until('ready', () => recorder.snapshot?.state === 'ready');
  await until('healthy', () => recorder.snapshot?.carrier !== null);
  line.commands.length = 0;
  return { line, recorder, session, listings: () => line.commands.filter((command) => command.startsWith('AT+CMGL')).length };
}

/** A message nobody announces. */
function leave(line: BenchLine, pdu = HELLO): void {
  line.emulator.storages.SM.add({ pdu, length: HELLO_LENGTH, stat: 0 });
}

/** Holds back the answer to the first command that begins so; `answer` gives it. */
function holdBack(line: BenchLine, start: string) {
  let held: string | null = null;
  let isDone = false;
  line.override = (command) => {
    if (isDone || held !== null || !command.startsWith(start)) return null;
    held = line.emulator.execute(command).answer;
    return '';
  };
  return {
    isHeld: () => held !== null,
    answer: () => {
      isDone = true;
      line.say(held ?? '');
    },
  };
}

describe('reading now', () => {
  test('finds what nobody announced, and resolves only when it is stored', async () => {
    const { line, recorder, session } = await ready();
    leave(line);
    const gate = Promise.withResolvers<void>();
    let isStoring = false;
    recorder.beforeStore = () => {
      isStoring = true;
      return gate.promise;
    };
    const outcomes: boolean[] = [];
    void session.readNow().then((read) => outcomes.push(read));
    await until('storing', () => isStoring);
    await Bun.sleep(20);
    expect(outcomes).toEqual([]);
    gate.resolve();
    await until('read', () => outcomes.length === 1);
    expect(outcomes).toEqual([true]);
    expect(recorder.parts).toMatchObject([{ pdu: HELLO, how: 'sweep', iccid }]);
    await session.stop('done');
  });

  test('is not answered by a sweep that began before', async () => {
    const { line, recorder, session, listings } = await ready();
    // The other storage is listed first, the one new messages come to last.
    const listing = holdBack(line, 'AT+CMGL');
    const earlier = session.readNow();
    await until('listing', listing.isHeld);
    leave(line);
    line.emulator.storages.ME.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    const later = session.readNow();
    listing.answer();
    expect(await earlier).toBe(true);
    expect(recorder.parts.map(({ storage }) => storage)).toEqual(['SM']);
    expect(await later).toBe(true);
    expect(recorder.parts.map(({ storage }) => storage)).toContain('ME');
    expect(listings()).toBe(4);
    await session.stop('done');
  });

  test('is one sweep for all who ask at the same moment, and needs no pause between two', async () => {
    const { session, listings } = await ready();
    const begin = performance.now();
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all([session.readNow(), session.readNow(), session.readNow()])).toEqual([true, true, true]);
    }
    expect(listings()).toBe(10);
    // Sweeps wanted by the modem itself keep 300 ms apart.
    expect(performance.now() - begin).toBeLessThan(1_000);
    await session.stop('done');
  });

  test('goes before deletes and health polls, and after an announced message', async () => {
    const { line, recorder, session } = await ready();
    for (let i = 0; i < 4; i++) leave(line);
    const deleting = holdBack(line, 'AT+CMGD');
    expect(await session.readNow()).toBe(true);
    await until('deleting', deleting.isHeld);
    line.commands.length = 0;
    const read = session.readNow();
    line.deliver();
    await until('announced', () => recorder.snapshot !== null && line.emulator.storages.SM.used === 4);
    await Bun.sleep(20);
    deleting.answer();
    expect(await read).toBe(true);
    await until('emptied', () => line.held === 0);
    const order = line.commands.map((command) => command.slice(3, 7)).filter((name) => /CMG[RLD]|CRSM/.test(name));
    // Between the look at the card and the listings one delete may pass, which takes as long as one answer.
    expect(order.slice(0, 5)).toEqual(['CMGR', 'CRSM', 'CMGD', 'CMGL', 'CMGL']);
    expect(order.slice(5)).not.toContain('CMGL');
    await session.stop('done');
  });

  test('is false when the storing fails, and true when it works again', async () => {
    const { line, recorder, session } = await ready();
    recorder.beforeStore = async () => {
      throw new Error('the disk is full');
    };
    leave(line);
    expect(await session.readNow()).toBe(false);
    recorder.beforeStore = async () => {};
    expect(await session.readNow()).toBe(true);
    expect(recorder.parts.length).toBe(1);
    await session.stop('done');
  });

  test('is false while a pushed message, which lies nowhere else, is not stored', async () => {
    const { line, recorder, session } = await ready();
    let refused = 0;
    recorder.beforeStore = async () => {
      refused++;
      throw new Error('the disk is full');
    };
    line.say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`);
    await until('refused', () => refused > 0);
    expect(await session.readNow()).toBe(false);
    recorder.beforeStore = async () => {};
    await until('stored', () => recorder.parts.length === 1);
    expect(await session.readNow()).toBe(true);
    await session.stop('done');
  });

  test('is false when the listing is refused', async () => {
    const { line, session } = await ready();
    line.override = (command) => (command.startsWith('AT+CMGL') ? '\r\n+CMS ERROR: 500\r\n' : null);
    expect(await session.readNow()).toBe(false);
    await session.stop('done');
  });

  test.each<[string, (line: BenchLine) => void]>([
    ['is pulled out', (line) => line.hangUp()],
    ['restarts', (line) => line.say('\r\nRDY\r\n')],
    ['loses its SIM', (line) => line.say('\r\n+CPIN: NOT INSERTED\r\n')],
  ])('is false when the modem %s meanwhile', async (_name, disturb) => {
    const { line, session } = await ready();
    const listing = holdBack(line, 'AT+CMGL');
    const begun = session.readNow();
    await until('listing', listing.isHeld);
    const waiting = session.readNow();
    disturb(line);
    expect(await waiting).toBe(false);
    listing.answer();
    expect(await begun).toBe(false);
    await session.stop('done');
  });

  test('is false without a SIM and after the end', async () => {
    const line = new BenchLine();
    line.override = (command) => (command === 'AT+CPIN?' ? '\r\n+CME ERROR: 10\r\n' : null);
    const recorder = new Recorder();
    const session = startSession(line, recorder);
    await until('missing', () => recorder.snapshot?.state === 'sim_missing');
    expect(await session.readNow()).toBe(false);
    await session.stop('done');
    expect(await session.readNow()).toBe(false);
  });
});
