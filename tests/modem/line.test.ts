import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { constants, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusyPorts } from '../../src/modem/line/busy.ts';
import { describeHolder, type Holder, holdersInSlices, holdersOf, runningAmong } from '../../src/modem/line/holder.ts';
import type { OpenResult, SerialLine } from '../../src/modem/line/line.ts';
import { isTcp, openPort, openSettling } from '../../src/modem/line/open.ts';
import { deniedReason, permissionsAgeMs } from '../../src/modem/line/permission.ts';
import { openSerial } from '../../src/modem/line/serial.ts';
import { openTcp, parseTcpAddress } from '../../src/modem/line/tcp.ts';
import { BAUD_RATES, flush, makeRaw } from '../../src/modem/line/termios.ts';
import { openPty, type Pty } from '../../src/modem/virtual/pty.ts';
import { until } from './bench.ts';

setDefaultTimeout(20_000);

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function pty(onBytes: (octets: Uint8Array) => void = () => {}): Pty {
  const made = openPty(onBytes);
  closing.push(() => made.close());
  return made;
}

function opened(result: OpenResult): SerialLine {
  if (!result.ok) throw new Error(result.detail);
  closing.push(() => result.line.close());
  return result.line;
}

/** What stty says of a terminal, as words: `-hupcl`, `clocal`, `115200`. */
function settings(path: string): string[] {
  const ran = Bun.spawnSync(['stty', '-a', '-F', path]);
  return ran.stdout.toString().split(/[\s;]+/);
}

function nothing(): { bytes(): void; closed(): void } {
  return { bytes() {}, closed() {} };
}

describe('a serial line', () => {
  test('is raw 8N1 at 115200 without flow control, keeps DTR on close and ignores modem lines', () => {
    const { path } = pty();
    Bun.spawnSync([
      'stty',
      '-F',
      path,
      'cooked',
      'echo',
      'ixon',
      'ixoff',
      'cstopb',
      'parenb',
      'hupcl',
      '-clocal',
      'crtscts',
      'inpck',
      '9600',
    ]);
    opened(openSerial(path));
    const words = settings(path);
    for (const word of ['115200', 'cs8', 'cread', 'clocal', '-hupcl', '-cstopb', '-parenb', '-crtscts', '-ixon', '-ixoff', '-ixany'])
      expect(words).toContain(word);
    for (const word of ['-icanon', '-echo', '-isig', '-iexten', '-opost', '-icrnl', '-inlcr', '-istrip', '-inpck', '-brkint'])
      expect(words).toContain(word);
  });

  test.each(BAUD_RATES.map((baud) => [baud]))('is set to %i baud, and nothing else changes', (baud) => {
    const { path } = pty();
    const line = opened(openSerial(path));
    line.start(nothing());
    const before = settings(path).filter((word) => word !== '115200');
    expect(line.setBaud?.(baud)).toBe(true);
    expect(settings(path)).toContain(String(baud));
    expect(settings(path).filter((word) => word !== String(baud))).toEqual(before.filter((word) => word !== String(baud)));
  });

  test('refuses a rate nobody uses, and any rate once it is closed', () => {
    const { path } = pty();
    const line = opened(openSerial(path));
    line.start(nothing());
    expect(line.setBaud?.(12_345)).toBe(false);
    line.close();
    expect(line.setBaud?.(9_600)).toBe(false);
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    expect(() => makeRaw(fd, 12_345)).toThrow('12345 baud is none of 9600');
  });

  test('is emptied on opening: what an earlier owner left unread is gone', async () => {
    const modem = pty();
    await modem.write(Buffer.from('old'));
    const heard: string[] = [];
    const line = opened(openSerial(modem.path));
    line.start({ bytes: (octets) => heard.push(Buffer.from(octets).toString()), closed() {} });
    await modem.write(Buffer.from('new'));
    await until('the new octets', () => heard.join('').includes('new'));
    expect(heard.join('')).toBe('new');
  });

  test('what lies unread goes when it is flushed', async () => {
    const modem = pty();
    const fd = openSync(modem.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    makeRaw(fd);
    await modem.write(Buffer.from('old'));
    flush(fd);
    const line = opened(openSerial(modem.path));
    const heard: string[] = [];
    line.start({ bytes: (octets) => heard.push(Buffer.from(octets).toString()), closed() {} });
    await modem.write(Buffer.from('!'));
    await until('the mark', () => heard.length > 0);
    expect(heard.join('')).toBe('!');
  });

  test('is for one owner; the second is told who has it', async () => {
    const { path } = pty();
    const owner = Bun.spawn(
      [
        process.execPath,
        '-e',
        `const { openSerial } = await import(${JSON.stringify(join(import.meta.dir, '../../src/modem/line/serial.ts'))}); openSerial(${JSON.stringify(path)}); console.log('open'); setInterval(() => {}, 1000);`,
      ],
      { stdout: 'pipe', stderr: 'inherit' },
    );
    closing.push(() => owner.kill('SIGKILL'));
    await owner.stdout.getReader().read();
    expect(openSerial(path)).toEqual({ ok: false, code: 'busy', detail: `${path} is in use` });
    const refused = await openPort(path);
    expect(refused).toMatchObject({ ok: false, code: 'busy' });
    expect(refused.ok ? '' : refused.detail).toMatch(new RegExp(`^${path} is in use by .+ \\(pid ${owner.pid}\\)$`));
  });

  test('that is not there, or is no terminal, is told so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'line-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(openSerial(join(folder, 'none'))).toMatchObject({ ok: false, code: 'missing' });
    expect(openSerial(file)).toEqual({ ok: false, code: 'failed', detail: `${file} is not a serial device` });
  });
});

describe('permission', () => {
  const denied: OpenResult = { ok: false, code: 'denied', detail: 'no' };

  test('is waited for while the node is new', async () => {
    const line: SerialLine = { start() {}, write() {}, close() {} };
    const answers: OpenResult[] = [denied, denied, { ok: true, line }];
    expect(
      await openSettling(
        () => answers.shift() ?? denied,
        () => 100,
      ),
    ).toEqual({ ok: true, line });
    expect(answers).toEqual([]);
  });

  test.each([
    ['an old node', 5_000],
    ['a node that is gone', null],
  ])('is not waited for on %s', async (_name, age) => {
    let tries = 0;
    const result = await openSettling(
      () => {
        tries++;
        return denied;
      },
      () => age,
    );
    expect({ result, tries }).toEqual({ result: denied, tries: 1 });
  });

  test('is given up after 2 s, and other refusals at once', async () => {
    let tries = 0;
    const count = (result: OpenResult) => () => {
      tries++;
      return result;
    };
    expect(await openSettling(count(denied), () => 0)).toEqual(denied);
    expect(tries).toBe(21);
    tries = 0;
    await openSettling(count({ ok: false, code: 'busy', detail: '' }), () => 0);
    expect(tries).toBe(1);
  });

  test('that is missing is explained with the group and the rule', () => {
    const reason = deniedReason('/dev/null');
    expect(reason).toContain('this user may not open /dev/null, which belongs to the group root');
    expect(reason).toContain('smspin modem scan --udev');
    expect(deniedReason('/nowhere/at/all')).toContain('a group this user is not in');
    expect(permissionsAgeMs('/nowhere/at/all', Date.now())).toBeNull();
  });
});

describe('holders', () => {
  test('are looked for in slices, between which messages are read', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    closing.push(() => rmSync(proc, { recursive: true }));
    for (let pid = 10; pid < 60; pid++) {
      mkdirSync(join(proc, String(pid), 'fd'), { recursive: true });
      writeFileSync(join(proc, String(pid), 'comm'), 'many\n');
      for (let fd = 0; fd < 60; fd++)
        symlinkSync(pid === 59 && fd === 59 ? '/dev/ttyUSB0' : `/none/${fd}`, join(proc, String(pid), 'fd', String(fd)));
    }
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const holders = await holdersInSlices(['/dev/ttyUSB0'], 1, proc);
    clearInterval(timer);
    expect(holders.get('/dev/ttyUSB0')).toMatchObject({ name: 'many', pid: 59 });
    expect(turns).toBeGreaterThan(1);
  });

  test('of many busy ports are found by one look, which is believed for half a minute', async () => {
    let nowMs = 0;
    const looks: (readonly string[])[] = [];
    const gate = Promise.withResolvers<void>();
    const holder: Holder = { pid: 7, name: 'minicom', isServer: false };
    const busy = new BusyPorts(
      async (devices) => {
        looks.push(devices);
        await gate.promise;
        return new Map([['/dev/null', holder]]);
      },
      () => nowMs,
    );
    const first = busy.holderOf('/dev/null');
    await Bun.sleep(1);
    const others = ['/dev/zero', '/dev/full', '/dev/zero'].map((path) => busy.holderOf(path));
    gate.resolve();
    expect([await first, ...(await Promise.all(others))]).toEqual(['minicom (pid 7)', null, null, null]);
    expect(looks).toEqual([['/dev/null'], ['/dev/zero', '/dev/full']]);
    expect(await busy.holderOf('/dev/null')).toBe('minicom (pid 7)');
    expect(looks.length).toBe(2);
    nowMs = 30_000;
    await busy.holderOf('/dev/null');
    expect(looks.length).toBe(3);
    expect(await busy.holderOf('/nowhere')).toBeNull();
  });

  test('are found in one pass, our own server among them', () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    closing.push(() => rmSync(proc, { recursive: true }));
    const add = (pid: number, comm: string, words: string[], open: string) => {
      Bun.spawnSync(['mkdir', '-p', join(proc, String(pid), 'fd')]);
      writeFileSync(join(proc, String(pid), 'comm'), `${comm}\n`);
      writeFileSync(join(proc, String(pid), 'cmdline'), words.join('\0'));
      symlinkSync(open, join(proc, String(pid), 'fd', '7'));
    };
    add(10, 'minicom', ['minicom', '-D', '/dev/ttyUSB0'], '/dev/ttyUSB0');
    add(11, 'bun', ['bun', 'src/main.ts', 'serve'], '/dev/ttyUSB2');
    add(12, 'smspin', ['/usr/local/bin/smspin', 'modem', 'probe', 'serve'], '/dev/ttyUSB3');
    add(13, 'vim', ['vim', 'smspin', 'serve'], '/dev/ttyUSB4');
    const holders = holdersOf(['/dev/ttyUSB0', '/dev/ttyUSB1', '/dev/ttyUSB2', '/dev/ttyUSB3'], 1, proc);
    expect([...holders].map(([device, holder]) => `${device}: ${describeHolder(holder)}`).toSorted()).toEqual([
      '/dev/ttyUSB0: minicom (pid 10)',
      '/dev/ttyUSB2: the SMSPin server (pid 11)',
      '/dev/ttyUSB3: smspin (pid 12)',
    ]);
    expect(holdersOf(['/dev/ttyUSB0'], 10, proc).size).toBe(0);
    expect(runningAmong(['vim', 'emacs'], proc)).toEqual([{ name: 'vim', pid: 13 }]);
    expect(runningAmong(['vim'], join(proc, 'none'))).toEqual([]);
  });
});

describe('a line over TCP', () => {
  /** A terminal server with one modem: `connected` are its clients. */
  function listen(greeting = '') {
    const connected: import('bun').Socket[] = [];
    const heard: string[] = [];
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        open: (socket) => {
          connected.push(socket);
          if (greeting !== '') socket.write(Buffer.from(greeting, 'latin1'));
        },
        data: (_socket, octets) => void heard.push(octets.toString('latin1')),
      },
    });
    closing.push(() => server.stop(true));
    return { address: `tcp://127.0.0.1:${server.port}`, connected, heard, stop: () => server.stop(true) };
  }

  test.each([
    ['tcp://10.0.0.7:4001', { host: '10.0.0.7', port: 4001 }],
    ['tcp://[fe80::1]:4001', { host: 'fe80::1', port: 4001 }],
    ['tcp://modems.example:4001/', { host: 'modems.example', port: 4001 }],
    ['tcp://10.0.0.7', null],
    ['tcp://10.0.0.7:0', null],
    ['tcp://10.0.0.7:70000', null],
    ['/dev/ttyUSB0', null],
  ])('%s', (address, expected) => {
    expect(parseTcpAddress(address)).toEqual(expected);
    expect(isTcp(address)).toBe(address.startsWith('tcp://'));
  });

  test('passes octets both ways, with those that came before anybody listened', async () => {
    const server = listen('RDY\r\n');
    const line = opened(await openPort(server.address));
    await until('the greeting', () => server.connected.length > 0);
    const heard: string[] = [];
    line.start({ bytes: (octets) => heard.push(Buffer.from(octets).toString('latin1')), closed() {} });
    line.write(Buffer.from('AT\r'));
    await until('both', () => heard.join('') === 'RDY\r\n' && server.heard.join('') === 'AT\r');
    expect(line.setBaud).toBeUndefined();
  });

  test('says when the other side closes it, and can be opened again', async () => {
    const server = listen();
    const closed: string[] = [];
    const line = opened(await openTcp(server.address));
    line.start({ bytes() {}, closed: (reason) => closed.push(reason) });
    await until('the connection', () => server.connected.length === 1);
    server.connected[0]?.end();
    await until('the end', () => closed.length === 1);
    line.write(Buffer.from('AT\r'));
    const again = opened(await openTcp(server.address));
    again.start(nothing());
    again.write(Buffer.from('AT\r'));
    await until('the second', () => server.heard.join('') === 'AT\r');
    expect(closed).toHaveLength(1);
  });

  test('that speaks telnet is refused with the remedy', async () => {
    const server = listen('\u00ff\u00fb\u0001\u00ff\u00fb\u0003');
    const line = opened(await openTcp(server.address));
    const closed: string[] = [];
    line.start({ bytes: () => closed.push('octets'), closed: (reason) => closed.push(reason) });
    await until('the end', () => closed.length > 0);
    expect(closed).toEqual(['the other side speaks telnet: set its port to raw (in ser2net, an accepter tcp instead of telnet)']);
  });

  test('to nobody is refused', async () => {
    const server = listen();
    server.stop();
    expect(await openTcp(server.address)).toMatchObject({ ok: false, code: 'missing' });
    expect(await openTcp('tcp://nowhere')).toMatchObject({ ok: false, code: 'failed' });
  });

  test('that takes nothing any more ends by itself', async () => {
    const server = listen();
    const line = opened(await openTcp(server.address, 500));
    const closed: string[] = [];
    line.start({ bytes() {}, closed: (reason) => closed.push(reason) });
    await until('the connection', () => server.connected.length === 1);
    server.connected[0]?.pause();
    const block = Buffer.alloc(1 << 20, 0x41);
    for (let sent = 0; sent < 64; sent++) line.write(block);
    await until('the end', () => closed.length > 0);
    expect(closed).toEqual(['the other side took nothing for 0.5 s']);
  });
});
