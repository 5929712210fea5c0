import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type Bank, type BankDeps, startBank } from '../../src/modem/bank.ts';
import { Claims, type Holder } from '../../src/modem/claims.ts';
import { distinctImei } from '../../src/modem/sim/identify.ts';
import { virtualIdentity } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, QUICK, Recorder, until } from './bench.ts';

let bank: Bank | null = null;
afterEach(async () => {
  await bank?.stop();
  bank = null;
});

/** A bank whose ports are these lines. A port is missing while its line is closed. */
function start(recorder: Recorder, lines: Record<string, BenchLine>, changes: Partial<BankDeps> = {}): Bank {
  const opened = new Set<BenchLine>();
  bank = startBank(
    { ports: Object.keys(lines), discover: false, sweepSeconds: 3600, sims: [] },
    {
      clock: systemClock,
      log: silentLog,
      listener: recorder,
      timing: QUICK,
      openSerial: async (port) => {
        const line = lines[port];
        if (line === undefined || opened.has(line)) return { ok: false, code: 'missing', detail: `${port} is gone` };
        opened.add(line);
        return { ok: true, line };
      },
      ...changes,
    },
  );
  return bank;
}

const at = (port: string) => bank?.snapshots().find((snapshot) => snapshot.port === port);
const [first, second, third] = [virtualIdentity(0), virtualIdentity(1), virtualIdentity(2)];

describe('a modem that shows two AT ports', () => {
  const READING = /^AT\+(CMG|CPMS|CNMI|CIMI|CNUM)/;

  function twoPorts() {
    const one = new BenchLine();
    const other = new BenchLine(one.emulator);
    return { one, other, recorder: new Recorder() };
  }

  test('is read by one session; the other reads and deletes nothing and says why', async () => {
    const { one, other, recorder } = twoPorts();
    one.emulator.deliver(HELLO, HELLO_LENGTH);
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('one ready, one refused', () => recorder.isReady() && (bank?.snapshots() ?? []).some(({ state }) => state === 'failed'));
    const [reader, refused] =
      at('/nowhere/tty1')?.state === 'ready' ? ['/nowhere/tty1', '/nowhere/tty2'] : ['/nowhere/tty2', '/nowhere/tty1'];
    expect(at(reader ?? '')).toMatchObject({ state: 'ready', iccid: first.iccid });
    expect(at(refused ?? '')).toMatchObject({ state: 'failed', iccid: null, detail: `the same modem is already read at ${reader}` });
    await Bun.sleep(50);
    const idle = refused === '/nowhere/tty2' ? other : one;
    expect(idle.commands.filter((command) => READING.test(command))).toEqual([]);
    expect(recorder.events).toEqual([`identified ${first.iccid}`, 'store sweep SM 1', `ready ${first.iccid}`]);
  });

  test('loses no message to a delete of the second session', async () => {
    const { one, other, recorder } = twoPorts();
    const next = `${HELLO.slice(0, -2)}38`;
    let isEmptied = false;
    for (const line of [one, other]) {
      line.override = (command) => {
        if (command !== 'AT+CMGD=1' || isEmptied) return null;
        isEmptied = true;
        one.emulator.storages.SM.delete(1);
        // The place is taken again at once, and this announcement is lost.
        one.emulator.deliver(next, HELLO_LENGTH);
        return '\r\nOK\r\n';
      };
    }
    one.emulator.deliver(HELLO, HELLO_LENGTH);
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('emptied', () => isEmptied && recorder.isReady());
    await Bun.sleep(100);
    expect(one.held).toBe(1);
    expect(await bank?.readNow(first.iccid)).toBe(true);
    expect(recorder.parts.map(({ pdu }) => pdu)).toEqual([HELLO, next]);
  });

  test('is read by the other port when the first is gone', async () => {
    const { one, other, recorder } = twoPorts();
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('both looked', () => recorder.isReady() && (bank?.snapshots() ?? []).some(({ state }) => state === 'failed'));
    (at('/nowhere/tty1')?.state === 'ready' ? one : other).hangUp();
    await until('taken over', () => recorder.isReady(2));
    expect(recorder.events).toEqual([
      `identified ${first.iccid}`,
      `ready ${first.iccid}`,
      `lost ${first.iccid}: pulled out`,
      `identified ${first.iccid}`,
      `ready ${first.iccid}`,
    ]);
  });

  test('what it pushes to the port that is not read is stored all the same', async () => {
    const { one, other, recorder } = twoPorts();
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('both looked', () => recorder.isReady() && (bank?.snapshots() ?? []).some(({ state }) => state === 'failed'));
    (at('/nowhere/tty1')?.state === 'ready' ? other : one).say(`\r\n+CMT: ,${HELLO_LENGTH}\r\n${HELLO}\r\n`);
    await until('stored', () => recorder.parts.length === 1);
    expect(recorder.parts[0]).toMatchObject({ how: 'direct', iccid: first.iccid, pdu: HELLO });
  });

  test('is told by its SIM where it does not tell its IMEI', async () => {
    const { one, other, recorder } = twoPorts();
    for (const line of [one, other]) line.override = (command) => (/GSN/.test(command) ? '\r\n000000000000000\r\n\r\nOK\r\n' : null);
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('both looked', () => recorder.isReady() && (bank?.snapshots() ?? []).some(({ state }) => state === 'failed'));
    expect(bank?.snapshots().map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^the same SIM is already read at/));
    expect(recorder.sims.length).toBe(1);
  });
});

describe('a SIM moved from one modem to another', () => {
  test('is read in the new one as soon as the old one sees that it is gone', async () => {
    const [from, to] = [new BenchLine(0), new BenchLine(1)];
    const recorder = new Recorder();
    start(recorder, { '/nowhere/tty1': from, '/nowhere/tty2': to });
    await until('both ready', () => recorder.isReady(2));
    recorder.events.length = 0;
    from.emulator.insertSim(third);
    to.emulator.insertSim(first);
    to.say('\r\n+CPIN: NOT INSERTED\r\n');
    await until('both ready again', () => recorder.isReady(2));
    const about = recorder.events.filter((event) => event.includes(first.iccid));
    expect(about).toEqual([`lost ${first.iccid}: the SIM was swapped`, `identified ${first.iccid}`, `ready ${first.iccid}`]);
    expect(at('/nowhere/tty2')).toMatchObject({ state: 'ready', iccid: first.iccid });
    expect(at('/nowhere/tty1')).toMatchObject({ state: 'ready', iccid: third.iccid });
    expect(recorder.losses.map(({ iccid, slot, imei }) => [iccid, slot, imei])).toEqual([
      [second.iccid, '/nowhere/tty2', to.emulator.imei],
      [first.iccid, '/nowhere/tty1', from.emulator.imei],
    ]);
  });

  test('waits while the old modem answers that it has it still, and is taken when that one is gone', async () => {
    const [holder, claimant] = [new BenchLine(0), new BenchLine(1)];
    const recorder = new Recorder();
    start(recorder, { '/nowhere/tty1': holder, '/nowhere/tty2': claimant });
    await until('both ready', () => recorder.isReady(2));
    claimant.emulator.insertSim(first);
    claimant.say('\r\n+CPIN: NOT INSERTED\r\n');
    await until('refused', () => at('/nowhere/tty2')?.state === 'failed');
    expect(at('/nowhere/tty2')?.detail).toBe('the same SIM is already read at /nowhere/tty1');
    expect(at('/nowhere/tty1')?.state).toBe('ready');
    holder.hangUp();
    await until('taken', () => recorder.isReady(3));
    expect(at('/nowhere/tty2')).toMatchObject({ state: 'ready', iccid: first.iccid });
  });

  test('two SIMs exchanged between two modems are both found', async () => {
    const [one, other] = [new BenchLine(0), new BenchLine(1)];
    const recorder = new Recorder();
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('both ready', () => recorder.isReady(2));
    one.emulator.insertSim(second);
    other.emulator.insertSim(first);
    for (const line of [one, other]) line.say('\r\n+CPIN: NOT INSERTED\r\n');
    await until('both ready again', () => recorder.isReady(4));
    expect([at('/nowhere/tty1')?.iccid, at('/nowhere/tty2')?.iccid]).toEqual([second.iccid, first.iccid]);
  });
});

describe('claims', () => {
  const holder = (port: string, holds: () => boolean): Holder => ({ port, stillHolds: async () => holds(), takes: () => true });

  test('a holder that finds its claim void keeps it until it has let go', async () => {
    const claims = new Claims();
    const [old, newcomer] = [holder('a', () => false), holder('b', () => true)];
    expect(await claims.claim('SIM 1', old)).toEqual({ ok: true });
    let isGranted = false;
    const claimed = claims.claim('SIM 1', newcomer).then(({ ok }) => {
      isGranted = ok;
    });
    await Bun.sleep(5);
    expect(isGranted).toBe(false);
    claims.release(old);
    await claimed;
    expect(isGranted).toBe(true);
  });

  test('claiming twice is one claim, and letting go frees only the own ones', async () => {
    const claims = new Claims();
    const [one, other] = [holder('a', () => true), holder('b', () => true)];
    expect(await claims.claim('modem 1', one)).toEqual({ ok: true });
    expect(await claims.claim('modem 1', one)).toEqual({ ok: true });
    expect(await claims.claim('SIM 1', other)).toEqual({ ok: true });
    claims.release(other);
    expect(await claims.claim('modem 1', other)).toMatchObject({ ok: false, by: one });
  });

  test.each([
    [null, null],
    ['', null],
    ['000000000000000', null],
    ['111111111111111', null],
    ['001017000000010', '001017000000010'],
  ])('the IMEI %p tells modems apart as %p', (imei, distinct) => {
    expect(distinctImei(imei)).toBe(distinct);
  });
});
