import { describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const DAMAGED = HELLO.slice(0, -1);
const FULL = 'storage SM is full (20 of 20): no SMS can arrive';
const pduOf = (at: number) => `${HELLO.slice(0, -2)}${at.toString(16).padStart(2, '0').toUpperCase()}`;

function leave(line: BenchLine, pdu: string, stat = 0): void {
  line.emulator.storages.SM.add({ pdu, length: HELLO_LENGTH, stat });
}

function begin(line: BenchLine, changes: Parameters<typeof startSession>[2] = {}) {
  const recorder = new Recorder();
  return { recorder, session: startSession(line, recorder, changes) };
}

const deletes = (line: BenchLine) => line.commands.filter((command) => command.startsWith('AT+CMGD'));

describe('damaged entries', () => {
  test('are read again, stored raw and kept for a day, and go when they read just the same then', async () => {
    const line = new BenchLine();
    leave(line, DAMAGED);
    let laterMs = 0;
    const clock = { nowMs: systemClock.nowMs, monotonicMs: () => systemClock.monotonicMs() + laterMs };
    const { recorder, session } = begin(line, { clock });
    await until('ready', () => recorder.isReady());
    expect(recorder.parts).toMatchObject([{ pdu: DAMAGED, length: null, index: 1 }]);
    expect(line.commands).toContain('AT+CMGR=1');
    expect(line.held).toBe(1);
    expect(recorder.snapshot).toMatchObject({ errors: 1, lastError: 'SM 1 is damaged; it was stored as it is' });
    expect(recorder.snapshot?.alarms.map(({ code }) => code)).toEqual(['damaged_message']);
    laterMs = 23 * 3_600_000;
    expect(await session.readNow()).toBe(true);
    expect(deletes(line)).toEqual([]);
    laterMs = 24 * 3_600_000;
    expect(await session.readNow()).toBe(true);
    await until('deleted', () => line.held === 0);
    expect(recorder.snapshot?.alarms).toEqual([]);
    expect(recorder.parts.length).toBe(1);
    expect(recorder.snapshot?.errors).toBe(1);
    await session.stop('done');
  });

  test('that read otherwise the second time are stored again and kept', async () => {
    const line = new BenchLine();
    leave(line, DAMAGED);
    const { recorder, session } = begin(line);
    await until('ready', () => recorder.isReady());
    line.emulator.storages.SM.delete(1);
    leave(line, DAMAGED.slice(0, -2));
    expect(await session.readNow()).toBe(true);
    expect(recorder.parts.map(({ pdu }) => pdu)).toEqual([DAMAGED, DAMAGED.slice(0, -2)]);
    await Bun.sleep(30);
    expect(deletes(line)).toEqual([]);
    await session.stop('done');
  });

  test('go as soon as they are stored when the storage is nearly full', async () => {
    const line = new BenchLine();
    for (let at = 0; at < 20; at++) leave(line, DAMAGED);
    const { recorder, session } = begin(line);
    await until('ready', () => recorder.isReady());
    expect(recorder.parts.length).toBe(20);
    expect(line.held).toBe(0);
    await session.stop('done');
  });
});

describe('a full storage', () => {
  test('that cannot be emptied is told, and the SIM is not ready until there is room', async () => {
    const line = new BenchLine();
    let refuses = true;
    line.override = (command) => (refuses && command.startsWith('AT+CMGD') ? '\r\n+CMS ERROR: 500\r\n' : null);
    const { recorder, session } = begin(line, { sweepSeconds: 0.4 });
    await until('ready', () => recorder.isReady());
    for (let at = 0; at < 20; at++) line.deliver(pduOf(at));
    await until('failed', () => recorder.snapshot?.state === 'failed');
    expect(recorder.snapshot).toMatchObject({ detail: FULL, storage: { name: 'SM', used: 20, total: 20 } });
    const sim = recorder.sims[0];
    expect(recorder.events.filter((event) => event.startsWith('lost'))).toEqual([`lost ${sim?.iccid}: ${FULL}`]);
    // Looking again and again changes nothing and tells nobody anew.
    expect(await session.readNow()).toBe(true);
    await Bun.sleep(500);
    expect(recorder.losses.length).toBe(1);
    expect(recorder.isReady(2)).toBe(false);
    refuses = false;
    await until('ready again', () => recorder.isReady(2) && recorder.snapshot?.state === 'ready');
    expect(recorder.snapshot?.detail).toBeNull();
    expect(line.held).toBe(0);
    await session.stop('done');
    expect(recorder.losses).toEqual([recorder.sims[0], recorder.sims[0]].flatMap((one) => one ?? []));
  });

  test('found at the start is never reported as ready', async () => {
    const line = new BenchLine();
    line.override = (command) => (command.startsWith('AT+CMGD') ? '\r\n+CMS ERROR: 500\r\n' : null);
    for (let at = 0; at < 20; at++) leave(line, pduOf(at));
    const { recorder, session } = begin(line);
    await until('failed', () => recorder.snapshot?.state === 'failed');
    expect(recorder.snapshot?.detail).toBe(FULL);
    await session.stop('done');
    expect(recorder.events.filter((event) => /^(ready|lost)/.test(event))).toEqual([]);
  });

  test('is told also when deletes are answered and nothing goes, or nothing can be stored', async () => {
    for (const [override, refuse] of [
      [(command: string) => (command.startsWith('AT+CMGD') ? '\r\nOK\r\n' : null), false],
      [() => null, true],
    ] as const) {
      const line = new BenchLine();
      const { recorder, session } = begin(line);
      await until('ready', () => recorder.isReady());
      line.override = override;
      recorder.beforeStore = async () => {
        if (refuse) throw new Error('the disk is full');
      };
      for (let at = 0; at < 20; at++) line.deliver(pduOf(at));
      await session.readNow();
      await until('failed', () => recorder.snapshot?.detail === FULL);
      await session.stop('done');
    }
  });

  test('that empties itself is no failure, however often it fills', async () => {
    const line = new BenchLine();
    for (let at = 0; at < 20; at++) leave(line, pduOf(at));
    for (let at = 20; at < 100; at++) line.emulator.holdBack(pduOf(at), HELLO_LENGTH);
    const { recorder, session } = begin(line);
    await until('all', () => recorder.isReady() && line.held === 0);
    expect(new Set(recorder.parts.map(({ pdu }) => pdu)).size).toBe(100);
    expect(recorder.losses).toEqual([]);
    expect(recorder.snapshot?.state).toBe('ready');
    await session.stop('done');
  });

  test('a modem that only claims to be full is believed no more than its empty listing', async () => {
    const line = new BenchLine();
    line.override = (command) =>
      command === 'AT+CPMS?'
        ? '\r\n+CPMS: "SM",20,20,"SM",20,20,"SM",20,20\r\n\r\nOK\r\n'
        : command.startsWith('AT+CPMS=')
          ? '\r\n+CPMS: 20,20,20,20,20,20\r\n\r\nOK\r\n'
          : null;
    const { recorder, session } = begin(line);
    await until('ready', () => recorder.isReady());
    expect(await session.readNow()).toBe(true);
    expect(await session.readNow()).toBe(true);
    expect(recorder.losses).toEqual([]);
    await session.stop('done');
  });
});

describe('each ready is followed by exactly one lost', () => {
  test.each<[string, (line: BenchLine) => void, string]>([
    ['pulled out', (line) => line.hangUp(), 'pulled out'],
    ['stopped', () => {}, 'closing'],
  ])('when the modem is %s', async (_name, disturb, reason) => {
    const line = new BenchLine();
    const { recorder, session } = begin(line);
    await until('ready', () => recorder.isReady());
    disturb(line);
    await session.stop('closing');
    await session.stop('closing');
    expect(recorder.events.filter((event) => event.startsWith('lost'))).toEqual([`lost ${recorder.sims[0]?.iccid}: ${reason}`]);
    expect(recorder.losses).toEqual(recorder.sims);
  });

  test('a SIM that never became ready is not lost', async () => {
    const line = new BenchLine();
    line.override = (command) => (command.startsWith('AT+CMGL') ? '\r\n+CMS ERROR: 500\r\n' : null);
    const { recorder, session } = begin(line);
    await until('tried', () => line.commands.some((command) => command.startsWith('AT+CMGL')));
    await session.stop('closing');
    expect(recorder.events).toEqual([`identified ${recorder.sims[0]?.iccid}`]);
  });

  test('a listener that refuses to be told of readiness is told of the loss', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    let refusals = 1;
    const ready = recorder.ready.bind(recorder);
    recorder.ready = async (sim) => {
      if (refusals-- > 0) throw new Error('the database is locked');
      return ready(sim);
    };
    const session = startSession(line, recorder);
    await until('ready', () => recorder.isReady());
    await session.stop('closing');
    expect(recorder.losses.length).toBe(2);
  });
});
