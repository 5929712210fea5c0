import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unreadableSticks } from '../../src/modem/discovery/sticks.ts';
import { survey } from '../../src/modem/discovery/survey.ts';
import {
  autosuspendOff,
  cyclePort,
  neighbours,
  type RunProgram,
  reauthorise,
  runProgram,
  usbDeviceOf,
} from '../../src/modem/discovery/usb-power.ts';
import { Tree } from './discovery-tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = new Tree();
});
afterEach(() => tree.remove());

describe('USB power', () => {
  test.each([
    ['usb:3-1.4:02', '3-1.4'],
    ['usb:1-1:00.3', '1-1'],
    ['usb:3-1.4', '3-1.4'],
    ['/dev/ttyUSB0', null],
    ['tcp://10.0.0.1:4001', null],
    ['usb:../../etc:00', null],
  ])('the device of %s', (slot, device) => {
    expect(usbDeviceOf(slot)).toBe(device);
  });

  test.each([
    ['usb:3-1.4:02', 'usb:3-1.3:02', true],
    ['usb:3-1.4:02', 'usb:3-1.4:00', true],
    ['usb:3-1:02', 'usb:3-2:02', true],
    ['usb:3-1.4:02', 'usb:3-2.4:02', false],
    ['usb:3-1.4:02', 'usb:3-1.4.1:02', false],
    ['usb:3-1.4:02', '/dev/ttyUSB0', false],
    ['/dev/ttyUSB0', '/dev/ttyUSB0', false],
  ])('%s and %s are neighbours: %p', (one, other, expected) => {
    expect(neighbours(one, other)).toBe(expected);
    expect(neighbours(other, one)).toBe(expected);
  });

  test('taking a modem off the bus writes 0 and then 1', async () => {
    const folder = tree.device({ device: '3-1.4', id: '2c7c:0125' });
    const authorized = () => readFileSync(join(folder, 'authorized'), 'utf8').trim();
    const outcome = reauthorise('usb:3-1.4:02', tree.usbRoot, 20);
    expect(authorized()).toBe('0');
    expect(await outcome).toEqual({ ok: true, detail: '3-1.4 was taken off the USB and put back' });
    expect(authorized()).toBe('1');
  });

  test('a serial board is left on the bus', async () => {
    const folder = tree.device({ device: '3-2', id: '0403:6011' });
    expect(await reauthorise('usb:3-2:01', tree.usbRoot, 0)).toMatchObject({ ok: false });
    expect(readFileSync(join(folder, 'authorized'), 'utf8')).toBe('1\n');
  });

  test('what is not there, not on the USB, or cannot be written, is told', async () => {
    expect(await reauthorise('usb:9-9:00', tree.usbRoot, 0)).toEqual({ ok: false, detail: 'nothing is plugged in at 9-9' });
    expect(autosuspendOff('/dev/ttyS0', tree.usbRoot)).toEqual({ ok: false, detail: '/dev/ttyS0 is not on the USB' });
    const folder = tree.device({ device: '3-1', id: '2c7c:0125' });
    rmSync(join(folder, 'authorized'));
    mkdirSync(join(folder, 'authorized'));
    const refused = await reauthorise('usb:3-1:00', tree.usbRoot, 0);
    expect(refused.ok).toBe(false);
    expect(refused.detail).toContain(join(tree.usbRoot, '3-1', 'authorized'));
  });

  test('a device is kept awake', () => {
    const folder = tree.device({ device: '3-1', id: '2c7c:0125' });
    expect(autosuspendOff('usb:3-1:02', tree.usbRoot)).toMatchObject({ ok: true, detail: '3-1 is not put to sleep any more' });
    expect(readFileSync(join(folder, 'power', 'control'), 'utf8')).toBe('on');
    expect(autosuspendOff('usb:3-1:02', tree.usbRoot)).toMatchObject({ ok: true, detail: '3-1 is never put to sleep' });
  });

  test.each([
    ['3-1.4.2', '3-1.4', '2'],
    ['3-1.4', '3-1', '4'],
    ['3-1', '3', '1'],
  ])('the power of %s is port %s of its hub', async (device, hub, port) => {
    tree.device({ device, id: '2c7c:0125' });
    const ran: (readonly string[])[] = [];
    const run: RunProgram = async (words) => {
      ran.push(words);
      return { found: true, code: 0, output: '' };
    };
    expect(await cyclePort(`usb:${device}:02`, run, tree.usbRoot)).toMatchObject({ ok: true });
    expect(ran).toEqual([['uhubctl', '-l', hub, '-p', port, '-a', 'cycle']]);
  });

  test('without uhubctl, or a hub that can, the reason says what to do', async () => {
    tree.device({ device: '3-1.4', id: '2c7c:0125' });
    const cycle = (run: RunProgram) => cyclePort('usb:3-1.4:02', run, tree.usbRoot);
    expect((await cycle(async () => ({ found: false }))).detail).toContain('apt install uhubctl');
    const unable = await cycle(async () => ({ found: true, code: 1, output: 'No compatible devices detected at location 3-1!\n' }));
    expect(unable).toMatchObject({ ok: false });
    expect(unable.detail).toContain('No compatible devices detected');
  });

  test('programs are run as they are named', async () => {
    expect(await runProgram(['sh', '-c', 'echo said; exit 3'])).toEqual({ found: true, code: 3, output: 'said\n' });
    expect(await runProgram([join(tree.root, 'no-such-program')])).toEqual({ found: false });
  });
});

describe('sticks without a port', () => {
  test.each([
    ['a HiLink stick by its id', '12d1:14dc', ['02/06', '0a/00', '08/06'], 'hilink'],
    ['a HiLink stick by its interfaces', '12d1:9999', ['e0/01', '0a/00'], 'hilink'],
    ['a CD-ROM by its id', '19d2:2000', ['08/06'], 'cdrom'],
    ['a CD-ROM by its interfaces', '1c9e:9999', ['08/06'], 'cdrom'],
    ['a modem for data only', '2c7c:9999', ['02/0e', '0a/00'], 'mbim'],
    ['a modem no driver knows', '2c7c:9998', ['ff/00', 'ff/00', 'ff/ff'], 'no_driver'],
  ])('%s is reported', (_name, id, interfaces, kind) => {
    tree.device({ device: '3-1.2', id, interfaces, product: 'Mobile' });
    const [stick] = unreadableSticks(tree.usbRoot);
    expect(stick).toMatchObject({ device: '3-1.2', usbId: id, name: 'Mobile', kind });
    expect(stick?.advice.length).toBeGreaterThan(20);
  });

  test('a keyboard of a maker that also sells modems, and a modem with ports, are not', () => {
    tree.device({ device: '3-1', id: '413c:2003', interfaces: ['03/01'] });
    tree.device({ device: '3-2', id: '2001:3c15', interfaces: ['ff/ff'] });
    tree.modem(0, '3-3', '2c7c:0125', ['02', '03']);
    expect(unreadableSticks(tree.usbRoot)).toEqual([]);
    expect(unreadableSticks(join(tree.root, 'nowhere'))).toEqual([]);
  });

  test('a command to bind the driver names the id as the kernel wants it', () => {
    tree.device({ device: '3-1', id: '2c7c:9998', interfaces: ['ff/00'] });
    expect(unreadableSticks(tree.usbRoot)[0]?.advice).toContain('echo 2c7c 9998 | sudo tee /sys/bus/usb-serial/drivers/option1/new_id');
  });
});

describe('the survey', () => {
  /** A process as /proc shows it, with these files open. */
  function process(pid: number, comm: string, cmdline: string[], open: string[] = []): void {
    const folder = join(tree.root, 'proc', String(pid));
    mkdirSync(join(folder, 'fd'), { recursive: true });
    writeFileSync(join(folder, 'comm'), `${comm}\n`);
    writeFileSync(join(folder, 'cmdline'), `${cmdline.join('\0')}\0`);
    for (const [fd, target] of open.entries()) symlinkSync(target, join(folder, 'fd', String(fd)));
  }

  const look = (ports: string[] = [], changes: { discover?: boolean; mayOpen?: (path: string) => boolean } = {}) =>
    survey({
      ports,
      discover: true,
      mayOpen: () => true,
      ttyRoot: tree.ttyRoot,
      deviceRoot: tree.deviceRoot,
      usbRoot: tree.usbRoot,
      proc: join(tree.root, 'proc'),
      ...changes,
    });
  const dev = (name: string) => join(tree.deviceRoot, name);

  test('says of each port whether it is used, by whom it is held, and what to do', () => {
    tree.modem(0, '3-1', '2c7c:0125', ['02', '03']);
    tree.modem(4, '3-2', '1e0e:9001', ['02']);
    process(812, 'ModemManager', ['/usr/sbin/ModemManager'], [dev('ttyUSB4')]);
    process(900, 'bun', ['/usr/local/bin/smspin', 'serve'], [dev('ttyUSB0')]);
    const { ports, warnings } = look([], { mayOpen: (path) => path !== dev('ttyUSB4') });
    expect(ports).toMatchObject([
      { port: dev('ttyUSB0'), used: true, holder: { pid: 900, isServer: true }, accessible: true, next: null },
      { port: dev('ttyUSB1'), used: false, holder: null, next: null },
      { port: dev('ttyUSB4'), used: true, holder: { pid: 812, name: 'ModemManager', isServer: false }, accessible: false },
    ]);
    expect(ports[2]?.next).toBe('ModemManager (pid 812) has it open: stop that program');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('systemctl disable --now ModemManager');
  });

  test('names what is configured: USB or not, there or not, by pattern or by TCP', () => {
    tree.modem(0, '3-1', '0403:6011', ['00', '01', '02', '03']);
    writeFileSync(dev('ttyS0'), '');
    const { ports, warnings } = look([dev('ttyUSB*'), dev('ttyS0'), dev('ttyS9'), 'tcp://10.0.0.1:4001', dev('nothing*')]);
    expect(ports.map(({ port, used, reason }) => [port.replace(`${tree.deviceRoot}/`, ''), used, reason])).toEqual([
      ...[0, 1, 2, 3].map((number) => [`ttyUSB${number}`, true, 'named in modems.ports'] as [string, boolean, string]),
      ['ttyS0', true, 'named in modems.ports'],
      ['ttyS9', true, 'named in modems.ports; nothing is there now'],
      ['tcp://10.0.0.1:4001', true, 'named in modems.ports'],
    ]);
    expect(warnings).toEqual([`The pattern ${dev('nothing*')} in modems.ports matches nothing now.`]);
  });

  test('of a known modem whose ports are all named, one is used', () => {
    tree.modem(0, '3-1', '2c7c:0125', ['00', '02', '03']);
    expect(look([dev('ttyUSB*')]).ports.map(({ used }) => used)).toEqual([false, true, false]);
  });

  test('without discovery nothing is used that is not named; a refusal tells the remedy', () => {
    tree.modem(0, '3-1', '2c7c:0125', ['02']);
    expect(look([], { discover: false }).ports).toMatchObject([{ used: false, accessible: true, next: null }]);
    const [port] = look([], { mayOpen: () => false }).ports;
    expect(port?.next).toContain('smspin modem scan --udev');
  });
});
