import { describe, expect, test } from 'bun:test';
import { type FormerIccid, FormerSims } from '../../src/modem/sim/former-sims.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { BenchLine, HELLO, HELLO_LENGTH, Recorder, startSession, until } from './bench.ts';

const [former, present] = [virtualIdentity(0), virtualIdentity(1)];
const OTHER = `${HELLO.slice(0, -2)}38`;

function leaveInModem(line: BenchLine, pdu = HELLO): void {
  line.emulator.storages.ME.add({ pdu, length: HELLO_LENGTH, stat: 0 });
}

const owners = (recorder: Recorder) => recorder.parts.map(({ storage, iccid }) => [storage, iccid]);

describe('messages in a modem whose SIM was swapped', () => {
  test('are the former SIM’s also when the modem restarts during the first listing of the new one', async () => {
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
    expect(owners(recorder)).toEqual([['ME', former.iccid]]);
    await session.stop('done');
  });

  test('stay the former SIM’s when their delete fails and they are read once more', async () => {
    const line = new BenchLine();
    const recorder = new Recorder();
    const session = startSession(line, recorder, { former: new FormerSims(() => former.iccid) });
    line.emulator.insertSim(present);
    leaveInModem(line);
    let refusals = 1;
    line.override = (command) => (command.startsWith('AT+CMGD') && refusals-- > 0 ? '\r\n+CMS ERROR: 500\r\n' : null);
    await until('ready', () => recorder.isReady());
    expect(line.held).toBe(1);
    expect(await session.readNow()).toBe(true);
    await until('deleted', () => line.held === 0);
    expect(owners(recorder)).toEqual([
      ['ME', former.iccid],
      ['ME', former.iccid],
    ]);
    leaveInModem(line, OTHER);
    expect(await session.readNow()).toBe(true);
    expect(owners(recorder).at(-1)).toEqual(['ME', present.iccid]);
    await session.stop('done');
  });

  test.each<[string, FormerIccid, string]>([
    ['another SIM was ready in it before this process', () => former.iccid, former.iccid],
    ['… as a database tells later', async () => former.iccid, former.iccid],
    ['the same SIM was', () => present.iccid, present.iccid],
    ['the same SIM was, written otherwise', () => present.iccid.slice(0, -1), present.iccid],
    ['none was', () => null, present.iccid],
  ])('after a restart: %s', async (_name, lookUp, owner) => {
    const asked: string[] = [];
    const line = new BenchLine();
    line.emulator.insertSim(present);
    leaveInModem(line);
    line.deliver(OTHER);
    const recorder = new Recorder();
    const lookedUp = new FormerSims((imei) => {
      asked.push(imei);
      return lookUp(imei);
    });
    const session = startSession(line, recorder, { former: lookedUp });
    await until('ready', () => recorder.isReady());
    expect(owners(recorder)).toEqual([
      ['ME', owner],
      ['SM', present.iccid],
    ]);
    expect(asked).toEqual([virtualImei(0)]);
    await session.stop('done');
  });

  test('are not read while it cannot be found out whose they are', async () => {
    const line = new BenchLine();
    leaveInModem(line);
    const recorder = new Recorder();
    const unknown = new FormerSims(() => Promise.reject(new Error('the database is locked')));
    const session = startSession(line, recorder, { former: unknown });
    await until('failed', () => recorder.snapshot?.state === 'failed');
    expect(recorder.snapshot?.detail).toBe('the SIM this modem held before could not be looked up');
    expect(line.held).toBe(1);
    expect(recorder.events).toEqual([]);
    await session.stop('done');
  });

  test('without a telling IMEI only what the slot held counts', async () => {
    const sims = new FormerSims(() => former.iccid);
    expect(await sims.before(null, 'usb:1', present.iccid)).toBeNull();
    sims.note(null, 'usb:1', former.iccid);
    expect(await sims.before(null, 'usb:1', present.iccid)).toBe(former.iccid);
    expect(await sims.before(null, 'usb:2', present.iccid)).toBeNull();
  });

  test('an IMEI that two modems tell counts in its slot only, also for what was seen before that was known', async () => {
    const cloned = new Set<string>();
    const sims = new FormerSims(
      () => former.iccid,
      (imei) => cloned.has(imei),
    );
    const imei = virtualImei(0);
    sims.note(imei, 'usb:1', former.iccid);
    expect(await sims.before(imei, 'usb:2', present.iccid)).toBe(former.iccid);
    cloned.add(imei);
    expect(await sims.before(imei, 'usb:2', present.iccid)).toBeNull();
    expect(await sims.before(imei, 'usb:1', present.iccid)).toBe(former.iccid);
    sims.note(imei, 'usb:2', present.iccid);
    expect(await sims.before(imei, 'usb:2', former.iccid)).toBe(present.iccid);
    expect(await sims.before(imei, 'usb:1', former.iccid)).toBeNull();
  });

  test('a modem that stood in the place of another is not taken for it', async () => {
    const sims = new FormerSims();
    sims.note(virtualImei(0), 'usb:1', former.iccid);
    expect(await sims.before(null, 'usb:1', present.iccid)).toBeNull();
    expect(await sims.before(virtualImei(1), 'usb:1', present.iccid)).toBeNull();
    expect(await sims.before(virtualImei(0), 'usb:9', present.iccid)).toBe(former.iccid);
  });
});
