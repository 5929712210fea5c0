import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { type Bank, type BankOptions, startBank } from '../../src/modem/bank.ts';
import { openPort } from '../../src/modem/line/open.ts';
import { parseTcpAddress } from '../../src/modem/line/tcp.ts';
import { spawnVirtualBank, type VirtualBank } from '../../src/modem/virtual/client.ts';
import { Emulator } from '../../src/modem/virtual/emulator.ts';
import { virtualIdentity, virtualImei } from '../../src/modem/virtual/numbers.ts';
import { openPty } from '../../src/modem/virtual/pty.ts';
import { BenchLine, HELLO, HELLO_LENGTH, QUICK, Recorder, until } from './bench.ts';
import { Tree } from './discovery-tree.ts';

const COMMAND = [process.execPath, join(import.meta.dir, 'bank-process.ts')];

let running: Bank[] = [];
afterEach(async () => {
  await Promise.all(running.map((bank) => bank.stop()));
  running = [];
});

function start(recorder: Recorder, ports: string[], options: Partial<BankOptions> = {}): Bank {
  const bank = startBank(
    { ports, discover: false, sweepSeconds: 3600, sims: [], ...options },
    { clock: systemClock, log: silentLog, listener: recorder, timing: QUICK },
  );
  running.push(bank);
  return bank;
}

const texts = (recorder: Recorder) => recorder.parts.map((part) => part.iccid);

describe('a virtual bank in its own process', () => {
  let bank: VirtualBank;
  let dir: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'bank-'));
    bank = await spawnVirtualBank({ command: COMMAND, count: 2, dir, replyDelayMs: 1, log: silentLog });
  });
  afterAll(async () => {
    await bank.stop();
    expect(existsSync(join(dir, 'tty0'))).toBe(false);
    rmSync(dir, { recursive: true, force: true });
  });
  const [first, second] = [virtualIdentity(0), virtualIdentity(1)];
  const portOf = (at: number) => bank.ports[at] ?? '';

  test('messages present at opening are swept, later ones announced, and all are deleted', async () => {
    expect(await bank.sendSms({ number: first.number, sender: 'Telegram', text: 'Your code is 12345' })).toEqual({
      ok: true,
      parts: 1,
      writtenAtMs: null,
    });
    const recorder = new Recorder();
    start(recorder, [join(dir, 'tty*')]);
    await until('both ready', () => recorder.isReady(2));
    expect(recorder.parts.map(({ how, iccid }) => [how, iccid])).toEqual([['sweep', first.iccid]]);
    const sent = await bank.sendSms({ number: second.number, sender: 'WhatsApp', text: 'a long one '.repeat(30) });
    expect(sent).toMatchObject({ ok: true, parts: 3, writtenAtMs: expect.any(Number) });
    await until('three parts', () => recorder.parts.length === 4);
    expect(recorder.parts.slice(1).every(({ how, iccid, length }) => how === 'urc' && iccid === second.iccid && length !== null)).toBe(
      true,
    );
    await until('deleted', async () => (await bank.list()).every(({ messages }) => messages.length === 0));
    const snapshots = () => running[0]?.snapshots() ?? [];
    await until('health', () => snapshots().every(({ carrier }) => carrier === 'SMSPin Virtual'));
    expect(snapshots().map(({ slot, state, number, registration }) => [slot, state, number, registration])).toEqual([
      [portOf(0), 'ready', first.number, 'home'],
      [portOf(1), 'ready', second.number, 'home'],
    ]);
  });

  test('more messages than the storage holds all arrive', async () => {
    const recorder = new Recorder();
    start(recorder, [portOf(0)]);
    await until('ready', () => recorder.isReady());
    for (let i = 0; i < 50; i++) await bank.sendSms({ number: first.number, sender: 'Bulk', text: `number ${i}` });
    await until('all', () => new Set(recorder.parts.map((part) => part.pdu)).size === 50);
    expect(await running[0]?.readNow(first.iccid)).toBe(true);
    await until('deleted', async () => (await bank.list()).every(({ messages, waiting }) => messages.length + waiting === 0));
  });

  test('a modem pulled out and put back is found again, with what came meanwhile', async () => {
    const recorder = new Recorder();
    start(recorder, [join(dir, 'tty*')]);
    await until('both ready', () => recorder.isReady(2));
    await bank.unplug(portOf(0));
    await until('lost', () => recorder.events.some((event) => event.startsWith(`lost ${first.iccid}`)));
    await bank.sendSms({ number: first.number, sender: 'Signal', text: 'while away 4711' });
    await bank.plug(portOf(0));
    await until('back', () => recorder.isReady(3));
    expect(texts(recorder)).toEqual([first.iccid]);
    expect(recorder.events.some((event) => event.startsWith(`lost ${second.iccid}`))).toBe(false);
  });

  test('a frozen modem does not disturb its neighbour, and what it owes comes after thawing', async () => {
    const recorder = new Recorder();
    start(recorder, [join(dir, 'tty*')]);
    await until('both ready', () => recorder.isReady(2));
    await bank.freeze(portOf(0));
    await bank.sendSms({ number: first.number, sender: 'A', text: 'frozen 1' });
    await bank.sendSms({ number: second.number, sender: 'B', text: 'lively 2' });
    await until('the neighbour', () => texts(recorder).includes(second.iccid));
    expect(texts(recorder)).toEqual([second.iccid]);
    await bank.thaw(portOf(0));
    await until('the thawed', () => texts(recorder).includes(first.iccid));
  });

  test('a swapped SIM is identified anew', async () => {
    const recorder = new Recorder();
    start(recorder, [portOf(1)]);
    await until('ready', () => recorder.isReady());
    const swapped = await bank.swap(portOf(1));
    const fresh = swapped.ok ? swapped.sim : null;
    await until('ready again', () => recorder.isReady(2));
    expect(recorder.sims.map(({ iccid }) => iccid)).toEqual([second.iccid, fresh?.iccid ?? '']);
    expect(await bank.sendSms({ number: second.number, sender: 'x', text: 'nobody' })).toMatchObject({ ok: false });
  });

  test('bad requests are answered, not crashed on', async () => {
    expect(await bank.unplug('/nowhere')).toEqual({ ok: false, error: 'no virtual SIM answers to /nowhere' });
    expect(await bank.sendSms({ number: first.number, sender: 'far too long a sender name', text: '' })).toMatchObject({ ok: false });
    expect(await bank.sendPdu('zz', { number: first.number })).toMatchObject({ ok: false });
  });
});

describe('a killed bank', () => {
  test('loses nothing that it held, and says that it died', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'bank-'));
    const stateFile = join(dir, 'state.json');
    const deaths: string[] = [];
    const options = { command: COMMAND, count: 1, dir, stateFile, log: silentLog, onDeath: (reason: string) => void deaths.push(reason) };
    const first = await spawnVirtualBank(options);
    const { number = '', iccid = '' } = first.sims[0] ?? {};
    expect(await first.sendSms({ number, sender: 'Telegram', text: 'kept 1' })).toMatchObject({ ok: true });
    process.kill(first.pid, 'SIGKILL');
    await until('dead', () => deaths.length === 1);
    expect(await first.sendSms({ number, sender: 'Telegram', text: 'too late' })).toMatchObject({ ok: false });
    const second = await spawnVirtualBank(options);
    const recorder = new Recorder();
    start(recorder, [join(dir, 'tty*')]);
    await until('ready', () => recorder.isReady());
    expect(texts(recorder)).toEqual([iccid]);
    await second.stop();
    expect(deaths.length).toBe(1);
  });

  test('a bank that cannot start says why', async () => {
    const spawned = spawnVirtualBank({ command: COMMAND, count: 1, dir: '/proc/nowhere', log: silentLog });
    expect(
      await spawned.then(
        () => 'started',
        (thrown: Error) => thrown.message,
      ),
    ).toMatch(/exit code 1.*\/proc\/nowhere/s);
  });
});

/** An emulated modem behind a TCP port. */
function tcpModem() {
  const emulator = new Emulator({ identity: virtualIdentity(7), imei: virtualImei(7) });
  const sockets = new Set<{ write(text: string): number; end(): void }>();
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: (socket) => void sockets.add(socket),
      close: (socket) => void sockets.delete(socket),
      data: (socket, octets) => {
        for (const { echo, command } of emulator.receive(octets)) {
          const { answer, announcements } = emulator.execute(command);
          socket.write(echo + answer + announcements);
        }
      },
    },
  });
  return { emulator, server, sockets };
}

describe('a modem behind TCP', () => {
  test('is served like a local one, and found again after the connection broke', async () => {
    const { emulator, server, sockets } = tcpModem();
    emulator.deliver(HELLO, HELLO_LENGTH);
    const recorder = new Recorder();
    start(recorder, [`tcp://127.0.0.1:${server.port}`]);
    await until('ready', () => recorder.isReady());
    for (const socket of sockets) socket.write(emulator.deliver(HELLO, HELLO_LENGTH).announcement);
    await until('announced', () => recorder.parts.length === 2);
    expect(recorder.parts.map(({ how, slot }) => [how, slot])).toEqual([
      ['sweep', `tcp://127.0.0.1:${server.port}`],
      ['urc', `tcp://127.0.0.1:${server.port}`],
    ]);
    for (const socket of [...sockets]) socket.end();
    emulator.restart();
    await until('ready again', () => recorder.isReady(2));
    await running.pop()?.stop();
    server.stop(true);
  });

  test.each([['tcp://'], ['tcp://host'], ['tcp://host:0'], ['tcp://host:70000'], ['tcp://a b:1'], ['tcp://[::1:4001'], ['http://host:1']])(
    '%s is refused',
    (address) => {
      expect(parseTcpAddress(address)).toBeNull();
    },
  );

  test('addresses', () => {
    expect(parseTcpAddress('tcp://10.0.0.7:4001')).toEqual({ host: '10.0.0.7', port: 4001 });
    expect(parseTcpAddress('tcp://[::1]:4001')).toEqual({ host: '::1', port: 4001 });
  });

  test('nobody listening is a refusal, not an error', async () => {
    const { server } = tcpModem();
    const address = `tcp://127.0.0.1:${server.port}`;
    server.stop(true);
    expect(await openPort(address)).toMatchObject({ ok: false, code: 'missing' });
  });
});

describe('serial devices', () => {
  test('are opened for one alone, and free again after closing', async () => {
    const pty = openPty(() => {});
    const first = await openPort(pty.path);
    expect(first.ok).toBe(true);
    expect(await openPort(pty.path)).toMatchObject({ ok: false, code: 'busy', detail: expect.stringContaining('is in use') });
    if (first.ok) first.line.close();
    await until('free', async () => {
      const again = await openPort(pty.path);
      if (again.ok) again.line.close();
      return again.ok;
    });
    pty.close();
  });

  test('a hang-up is told once, and nothing after it', async () => {
    const pty = openPty(() => {});
    const opened = await openPort(pty.path);
    if (!opened.ok) throw new Error(opened.detail);
    const reasons: string[] = [];
    opened.line.start({ bytes() {}, closed: (reason) => reasons.push(reason) });
    pty.close();
    await until('told', () => reasons.length === 1);
    opened.line.write(Buffer.from('AT\r'));
    opened.line.close();
    await Bun.sleep(30);
    expect(reasons).toEqual(['the device hung up']);
  });

  test('no octet is lost when far more is written than the terminal takes', async () => {
    const received: Uint8Array[] = [];
    const pty = openPty((octets) => received.push(octets));
    const opened = await openPort(pty.path);
    if (!opened.ok) throw new Error(opened.detail);
    opened.line.start({ bytes() {}, closed() {} });
    const sent = Buffer.from(Array.from({ length: 200_000 }, (_, at) => 32 + (at % 90)));
    for (let at = 0; at < sent.length; at += 1000) opened.line.write(sent.subarray(at, at + 1000));
    const count = () => received.reduce((sum, octets) => sum + octets.length, 0);
    await until('all', () => count() === sent.length);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    opened.line.close();
    pty.close();
  });

  test.each([
    ['/nowhere/tty0', 'missing'],
    ['/dev/null', 'failed'],
  ])('%s is refused as %s', async (path, code) => {
    expect(await openPort(path)).toMatchObject({ ok: false, code });
  });
});

describe('the bank', () => {
  test('shows a configured port that is not there, and takes it when it comes', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'bank-'));
    const recorder = new Recorder();
    const bank = start(recorder, [join(dir, 'tty0')]);
    await until('missing', () => bank.snapshots()[0]?.state === 'gone');
    expect(bank.snapshots()).toMatchObject([
      { slot: join(dir, 'tty0'), state: 'gone', detail: expect.stringContaining('nothing is plugged in at') },
    ]);
    const virtual = await spawnVirtualBank({ command: COMMAND, count: 1, dir, log: silentLog });
    await until('ready', () => recorder.isReady());
    await virtual.stop();
  });

  test('a modem whose tty comes back under another name keeps its slot, and what came meanwhile is read', async () => {
    const tree = new Tree();
    const INTERFACES = ['00', '01', '02', '03'];
    tree.modem(0, '1-1', '2c7c:0125', INTERFACES);
    const emulator = new Emulator({ identity: virtualIdentity(0), imei: virtualImei(0) });
    const lines: { path: string; line: BenchLine }[] = [];
    const recorder = new Recorder();
    const bank = startBank(
      { ports: [], discover: true, sysfsRoot: tree.ttyRoot, deviceRoot: tree.deviceRoot, sweepSeconds: 3600, sims: [] },
      {
        ...{ clock: systemClock, log: silentLog, listener: recorder, timing: QUICK },
        openSerial: async (path) => {
          if (!existsSync(path)) return { ok: false, code: 'missing', detail: `nothing is plugged in at ${path}` };
          const line = new BenchLine(emulator);
          lines.push({ path, line });
          return { ok: true, line };
        },
      },
    );
    running.push(bank);
    await until('ready', () => recorder.isReady());
    const [before] = bank.snapshots();
    for (const at of [0, 1, 2, 3]) {
      rmSync(join(tree.ttyRoot, `ttyUSB${at}`));
      rmSync(join(tree.deviceRoot, `ttyUSB${at}`));
    }
    lines.at(-1)?.line.hangUp();
    await until('gone', () => bank.snapshots()[0]?.state === 'gone');
    emulator.storages.SM.add({ pdu: HELLO, length: HELLO_LENGTH, stat: 0 });
    tree.modem(4, '1-1', '2c7c:0125', INTERFACES);
    await until('ready again', () => recorder.isReady(2), 15_000);
    const [after, ...others] = bank.snapshots();
    expect(others).toEqual([]);
    expect([before?.port, after?.port]).toEqual([0, 4].map((first) => join(tree.deviceRoot, `ttyUSB${first + 2}`)));
    expect([after?.slot, after?.state, after?.disconnects]).toEqual([before?.slot ?? '', 'ready', 1]);
    expect(lines.map(({ path }) => path)).toEqual([before?.port ?? '', after?.port ?? '']);
    expect(texts(recorder)).toEqual([virtualIdentity(0).iccid]);
    tree.remove();
  }, 20_000);

  test('a device named twice is served once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'bank-'));
    const virtual = await spawnVirtualBank({ command: COMMAND, count: 1, dir, log: silentLog });
    const recorder = new Recorder();
    const bank = start(recorder, [join(dir, 'tty0'), join(dir, 'tty*')]);
    await until('ready', () => recorder.isReady());
    expect(bank.snapshots().length).toBe(1);
    expect(await bank.readNow('unknown')).toBe(false);
    await virtual.stop();
  });
});
