import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startBank } from '../../src/modem/bank.ts';
import { discoverModems, probeOrder, worsePorts } from '../../src/modem/discovery/discovery.ts';
import { expandPattern, isPattern } from '../../src/modem/discovery/glob.ts';
import { Recorder } from './bench.ts';
import { Tree } from './discovery-tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = new Tree();
});
afterEach(() => tree.remove());

const found = () => discoverModems(tree.ttyRoot, '/dev');

describe('discovery', () => {
  test('of a known modem only its AT port is taken, and its place does not depend on the tty number', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      tree.tty({ tty: `ttyUSB${at + 10}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    expect(found()).toMatchObject([
      {
        port: '/dev/ttyUSB10',
        slot: 'usb:3-1.4:00',
        taken: false,
        reason: 'interface 00 of a Quectel modem (2c7c:0125) takes no AT commands',
      },
      {
        port: '/dev/ttyUSB11',
        slot: 'usb:3-1.4:01',
        taken: false,
        reason: 'interface 01 of a Quectel modem (2c7c:0125) takes no AT commands',
      },
      { port: '/dev/ttyUSB12', slot: 'usb:3-1.4:02', taken: true, reason: 'AT port: interface 02 of a Quectel modem (2c7c:0125)' },
      {
        port: '/dev/ttyUSB13',
        slot: 'usb:3-1.4:03',
        taken: false,
        reason: 'AT port: interface 03 of a Quectel modem (2c7c:0125), but a better port of the same modem is there',
      },
    ]);
  });

  test('two modems of one kind are two places', () => {
    tree.tty({ tty: 'ttyUSB2', device: '3-1.1', id: '1e0e:9001', interfaceNumber: '02' });
    tree.tty({ tty: 'ttyUSB3', device: '3-1.2', id: '1e0e:9001', interfaceNumber: '02' });
    expect(found().map(({ slot, taken }) => [slot, taken])).toEqual([
      ['usb:3-1.1:02', true],
      ['usb:3-1.2:02', true],
    ]);
  });

  test('where the better port is missing the other one serves', () => {
    tree.tty({ tty: 'ttyUSB1', device: '3-2', id: '19d2:0031', interfaceNumber: '01' });
    expect(found()).toMatchObject([{ taken: true, port: '/dev/ttyUSB1' }]);
  });

  test('Huawei is told by protocol, not by number', () => {
    tree.tty({ tty: 'ttyUSB0', device: '1-1', id: '12d1:1506', interfaceNumber: '00', kind: 'ff/02/01' });
    tree.tty({ tty: 'ttyUSB1', device: '1-1', id: '12d1:1506', interfaceNumber: '01', kind: 'ff/02/03' });
    tree.tty({ tty: 'ttyUSB2', device: '1-1', id: '12d1:1506', interfaceNumber: '02', kind: 'ff/02/02' });
    expect(
      found()
        .filter(({ taken }) => taken)
        .map(({ port }) => port),
    ).toEqual(['/dev/ttyUSB2']);
  });

  test.each([
    ['a serial adapter', '0403:6001', 'a serial board (FTDI FT232)'],
    ['a board of four', '0403:6011', 'a serial board (FTDI FT4232, four ports)'],
    ['a phone, a mouse, anything', '1234:5678', '1234:5678 is not a known modem'],
    ['an unknown product of a vendor that makes more than modems', '0e8d:2000', '0e8d:2000 (MediaTek) is not a known modem'],
  ])('%s is never taken and never asked, and the reason says how to use it all the same', (_name, id, reason) => {
    tree.tty({ tty: 'ttyUSB0', device: '1-1', id, interfaceNumber: '00' });
    expect(found()).toMatchObject([{ port: '/dev/ttyUSB0', slot: 'usb:1-1:00', usbId: id, taken: false, probe: false }]);
    expect(found()[0]?.reason).toContain(reason);
    expect(found()[0]?.reason).toContain('ports = ["/dev/ttyUSB0"]');
    expect(probeOrder(tree.ttyRoot)).toEqual([]);
  });

  test('ttys that are not on USB, and a missing folder, yield nothing', () => {
    const node = join(tree.root, 'devices', 'platform', 'serial8250', 'tty', 'ttyS0');
    mkdirSync(node, { recursive: true });
    symlinkSync(node, join(tree.ttyRoot, 'ttyS0'));
    expect(found()).toEqual([]);
    expect(discoverModems(join(tree.root, 'nowhere'))).toEqual([]);
  });
});

describe('named ports', () => {
  const named = (...ttys: string[]): string[] => ttys.map((tty) => join(tree.deviceRoot, tty));

  const worse = (ports: string[]) =>
    worsePorts(ports, tree.ttyRoot, tree.deviceRoot)
      .map(({ port }) => port.slice(tree.deviceRoot.length + 1))
      .toSorted();

  test('of a known modem only the best of those named is wanted', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      tree.tty({ tty: `ttyUSB${at}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual(['ttyUSB0', 'ttyUSB1', 'ttyUSB3']);
    // The operator names the second port alone, and one that is said to take no AT: they are taken at their word.
    expect(worse(named('ttyUSB3'))).toEqual([]);
    expect(worse(named('ttyUSB0', 'ttyUSB1'))).toEqual([]);
  });

  test('of a board with a modem behind each interface, and of unknown devices, all are', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      tree.tty({ tty: `ttyUSB${at}`, device: '1-1', id: '0403:6011', interfaceNumber });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual([]);
  });

  test('two modems of one kind keep one port each', () => {
    for (const [at, device] of ['3-1.1', '3-1.1', '3-1.2', '3-1.2'].entries())
      tree.tty({ tty: `ttyUSB${at}`, device, id: '1e0e:9001', interfaceNumber: at % 2 === 0 ? '02' : '03' });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual(['ttyUSB1', 'ttyUSB3']);
  });

  test('a pattern that matches every port of a modem opens its AT port alone, by whatever link', async () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      tree.tty({ tty: `ttyUSB${at}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    const [, , best = '', other = ''] = named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3');
    const link = join(tree.root, 'by-id');
    symlinkSync(other, link);
    const opened: string[] = [];
    const bank = startBank(
      {
        ports: [join(tree.deviceRoot, 'ttyUSB*'), link],
        discover: false,
        sysfsRoot: tree.ttyRoot,
        deviceRoot: tree.deviceRoot,
        sweepSeconds: 60,
        sims: [],
      },
      {
        clock: systemClock,
        log: silentLog,
        listener: new Recorder(),
        openSerial: async (port) => {
          opened.push(port);
          return { ok: false, code: 'denied', detail: 'not here' };
        },
      },
    );
    expect(bank.snapshots().map(({ port }) => port)).toEqual([best]);
    await bank.stop();
    expect(new Set(opened)).toEqual(new Set([best]));
  });
});

describe('patterns', () => {
  test('are expanded in the order of their numbers, dangling links included', () => {
    for (const name of ['tty10', 'tty2', 'ttx1']) writeFileSync(join(tree.root, name), '');
    symlinkSync(join(tree.root, 'gone'), join(tree.root, 'tty3'));
    expect(expandPattern(join(tree.root, 'tty*'))).toEqual(['tty2', 'tty3', 'tty10'].map((name) => join(tree.root, name)));
    expect(expandPattern(join(tree.root, 'tty[23]'))).toEqual(['tty2', 'tty3'].map((name) => join(tree.root, name)));
    expect(expandPattern(join(tree.root, 'nowhere', '*'))).toEqual([]);
  });

  test('may stand for folders too', () => {
    mkdirSync(join(tree.root, 'bank1'));
    writeFileSync(join(tree.root, 'bank1', 'tty0'), '');
    expect(expandPattern(join(tree.root, 'bank*', 'tty0'))).toEqual([join(tree.root, 'bank1', 'tty0')]);
  });

  test('are told from plain names', () => {
    expect(['/dev/ttyUSB*', '/dev/tty[0-9]', '/dev/ttyUSB0'].map(isPattern)).toEqual([true, true, false]);
  });
});
