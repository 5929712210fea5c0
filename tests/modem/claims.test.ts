import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type Bank, type BankDeps, startBank } from '../../src/modem/bank.ts';
import { Claimant, Claims, type Holder } from '../../src/modem/claims.ts';
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

const IMEI = '356938035643809';

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
  const holder = (port: string, holds: () => boolean): Holder => ({
    port,
    stillHolds: async () => holds(),
    takes: () => true,
    cloned: () => {},
  });

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

  test('a SIM is claimed whatever the session, and a modem without a way to read its card stands back', async () => {
    const claims = new Claims();
    const [one, other] = [
      new Claimant(
        claims,
        holder('a', () => true),
        () => {},
      ),
      new Claimant(
        claims,
        holder('b', () => true),
        () => {},
      ),
    ];
    expect(await one.claim('modem', IMEI)).toBeNull();
    expect(await other.claim('modem', IMEI)).toEqual({ detail: 'the same modem is already read at a', waitMs: 5_000 });
    expect(await other.claim('SIM', first.iccid)).toBeNull();
    expect(await one.claim('SIM', first.iccid)).toEqual({ detail: 'the same SIM is already read at b', waitMs: 5_000 });
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

describe('one IMEI', () => {
  /** A session at `port` whose modem shows the SIM with this ICCID (which a test may change), and what it was told of others. */
  function session(claims: Claims, port: string, iccid: string | null) {
    const told: (string | null)[] = [];
    const card = { iccid, readings: 0, whenRead: () => {} };
    const holder: Holder = { port, stillHolds: async () => true, takes: () => true, cloned: (other) => void told.push(other) };
    const claimant = new Claimant(claims, holder, () => {});
    const readIccid = async () => {
      card.readings++;
      const found = card.iccid;
      card.whenRead();
      return found;
    };
    return { told, card, holder, claimant, claim: () => claimant.claim('modem', IMEI, readIccid) };
  }
  const refusedBy = (port: string) => ({ detail: `the same modem is already read at ${port}`, waitMs: expect.any(Number) });

  test('and two SIMs are two modems: both are read, both are told, and it is remembered', async () => {
    const claims = new Claims();
    const [one, other] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid)];
    expect(await one.claim()).toBeNull();
    expect([one.told, one.card.readings, claims.isCloned(IMEI)]).toEqual([[null], 0, false]);
    expect(await other.claim()).toBeNull();
    expect([one.told.at(-1), other.told.at(-1), claims.isCloned(IMEI)]).toEqual(['b', 'a', true]);
    expect(other.claimant.passOn({ kind: 'check' }, { text: '', pdu: null, atMs: 0, monotonicMs: 0 })).toBe(false);
  });

  test.each<[string, string | null, string | null]>([
    ['one SIM', first.iccid, first.iccid],
    ['one SIM, written otherwise', first.iccid, first.iccid.slice(0, -1)],
    ['a SIM only the first can read', first.iccid, null],
    ['a SIM only the second can read', null, first.iccid],
    ['no SIM that can be read', null, null],
  ])('and %s is one modem', async (_name, theirs, own) => {
    const claims = new Claims();
    const [one, other] = [session(claims, 'a', theirs), session(claims, 'b', own)];
    expect(await one.claim()).toBeNull();
    expect(await other.claim()).toEqual(refusedBy('a'));
    expect([one.told, other.told, claims.isCloned(IMEI)]).toEqual([[null], [], false]);
    expect(other.claimant.passOn({ kind: 'check' }, { text: '', pdu: null, atMs: 0, monotonicMs: 0 })).toBe(true);
  });

  test('a second port of the second modem stands back for that one', async () => {
    const claims = new Claims();
    const [one, other, port] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid), session(claims, 'c', second.iccid)];
    for (const { claim } of [one, other]) expect(await claim()).toBeNull();
    expect(await port.claim()).toEqual(refusedBy('b'));
    expect(await session(claims, 'd', third.iccid).claim()).toBeNull();
  });

  test('a card exchanged while both are looked at does not make two modems of one', async () => {
    const claims = new Claims();
    const [one, other] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid)];
    expect(await one.claim()).toBeNull();
    one.card.whenRead = () => {
      one.card.iccid = second.iccid;
    };
    expect(await other.claim()).toEqual(refusedBy('a'));
    expect([one.card.readings, claims.isCloned(IMEI)]).toEqual([2, false]);
  });

  test('whose first reader lets go meanwhile proves nothing', async () => {
    const claims = new Claims();
    const [one, other] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid)];
    expect(await one.claim()).toBeNull();
    other.card.whenRead = () => one.claimant.release();
    expect(await other.claim()).toEqual(refusedBy('a'));
    expect(claims.isCloned(IMEI)).toBe(false);
    expect(await other.claim()).toBeNull();
    expect(claims.isCloned(IMEI)).toBe(false);
  });

  test('is taken over by the other modem when the first lets go, and told alone again at the next claim', async () => {
    const claims = new Claims();
    const [one, other] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid)];
    for (const { claim } of [one, other]) await claim();
    one.claimant.release();
    expect(await session(claims, 'c', second.iccid).claim()).toEqual(refusedBy('b'));
    expect(await other.claim()).toBeNull();
    expect(other.told.at(-1)).toBeNull();
    expect(await one.claim()).toBeNull();
    expect([one.told.at(-1), other.told.at(-1)]).toEqual(['b', 'a']);
    for (const { claimant } of [one, other]) claimant.release();
    expect(await session(claims, 'd', null).claim()).toBeNull();
  });

  test('in a bank: both modems deliver, with an alarm on each', async () => {
    const [one, other] = [new BenchLine(0), new BenchLine(1)];
    for (const line of [one, other]) line.override = (command) => (/GSN/.test(command) ? `\r\n${IMEI}\r\n\r\nOK\r\n` : null);
    const recorder = new Recorder();
    start(recorder, { '/nowhere/tty1': one, '/nowhere/tty2': other });
    await until('both ready', () => recorder.isReady(2));
    for (const line of [one, other]) line.deliver();
    await until('both stored', () => recorder.parts.length === 2);
    expect(new Set(recorder.parts.map(({ iccid }) => iccid))).toEqual(new Set([first.iccid, second.iccid]));
    for (const port of ['/nowhere/tty1', '/nowhere/tty2']) expect(at(port)?.alarms.map(({ code }) => code)).toEqual(['cloned_imei']);
  });

  test('that cannot be noted as cloned is not shared', async () => {
    const claims = new Claims({ isCloned: () => false, noteCloned: () => Promise.reject(new Error('the disk is full')) });
    const [one, other] = [session(claims, 'a', first.iccid), session(claims, 'b', second.iccid)];
    expect(await one.claim()).toBeNull();
    await expect(other.claim()).rejects.toThrow('the disk is full');
    expect([one.told, other.told]).toEqual([[null], []]);
  });
});
