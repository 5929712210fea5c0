import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startBank } from '../../src/modem/bank.ts';
import { discoverModems, worsePorts } from '../../src/modem/discovery/discovery.ts';
import { expandPattern, isPattern } from '../../src/modem/discovery/glob.ts';
import { Recorder } from './bench.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sysfs-'));
  mkdirSync(join(root, 'class'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Made {
  tty: string;
  device: string;
  id: string;
  interfaceNumber: string;
  kind?: string;
}

/** One tty as sysfs shows it: class/ttyX -> devices/…/<device>/<device>:1.N/ttyX/tty/ttyX, with `device` two folders up. */
function make({ tty, device, id, interfaceNumber, kind = 'ff/00/00' }: Made): void {
  const usb = join(root, 'devices', 'usb3', device);
  const usbInterface = join(usb, `${device}:1.${Number.parseInt(interfaceNumber, 16)}`);
  const node = join(usbInterface, tty, 'tty', tty);
  mkdirSync(node, { recursive: true });
  const [vendor = '', product = ''] = id.split(':');
  const [kindClass = '', subclass = '', protocol = ''] = kind.split('/');
  const attributes: [string, string][] = [
    [join(usb, 'idVendor'), vendor],
    [join(usb, 'idProduct'), product],
    [join(usbInterface, 'bInterfaceNumber'), interfaceNumber],
    [join(usbInterface, 'bInterfaceClass'), kindClass],
    [join(usbInterface, 'bInterfaceSubClass'), subclass],
    [join(usbInterface, 'bInterfaceProtocol'), protocol],
  ];
  for (const [file, text] of attributes) writeFileSync(file, `${text}\n`);
  symlinkSync(join(usbInterface, tty), join(node, 'device'));
  symlinkSync(node, join(root, 'class', tty));
}

const found = () => discoverModems(join(root, 'class'), '/dev');

describe('discovery', () => {
  test('of a known modem only its AT port is taken, and its place does not depend on the tty number', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      make({ tty: `ttyUSB${at + 10}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    expect(found()).toEqual([
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
    make({ tty: 'ttyUSB2', device: '3-1.1', id: '1e0e:9001', interfaceNumber: '02' });
    make({ tty: 'ttyUSB3', device: '3-1.2', id: '1e0e:9001', interfaceNumber: '02' });
    expect(found().map(({ slot, taken }) => [slot, taken])).toEqual([
      ['usb:3-1.1:02', true],
      ['usb:3-1.2:02', true],
    ]);
  });

  test('where the better port is missing the other one serves', () => {
    make({ tty: 'ttyUSB1', device: '3-2', id: '19d2:0031', interfaceNumber: '01' });
    expect(found()).toMatchObject([{ taken: true, port: '/dev/ttyUSB1' }]);
  });

  test('Huawei is told by protocol, not by number', () => {
    make({ tty: 'ttyUSB0', device: '1-1', id: '12d1:1506', interfaceNumber: '00', kind: 'ff/02/01' });
    make({ tty: 'ttyUSB1', device: '1-1', id: '12d1:1506', interfaceNumber: '01', kind: 'ff/02/03' });
    make({ tty: 'ttyUSB2', device: '1-1', id: '12d1:1506', interfaceNumber: '02', kind: 'ff/02/02' });
    expect(
      found()
        .filter(({ taken }) => taken)
        .map(({ port }) => port),
    ).toEqual(['/dev/ttyUSB2']);
  });

  test.each([
    ['a serial adapter', '0403:6001'],
    ['a board of four', '0403:6011'],
    ['an unknown product of a known maker', '2c7c:ffff'],
  ])('%s is never taken', (_name, id) => {
    make({ tty: 'ttyUSB0', device: '1-1', id, interfaceNumber: '00' });
    expect(found()).toEqual([
      { port: '/dev/ttyUSB0', slot: 'usb:1-1:00', taken: false, reason: `${id} is not a known modem; name it in modems.ports to use it` },
    ]);
  });

  test('ttys that are not on USB, and a missing folder, yield nothing', () => {
    mkdirSync(join(root, 'devices', 'platform', 'serial8250', 'tty', 'ttyS0'), { recursive: true });
    symlinkSync(join(root, 'devices', 'platform', 'serial8250', 'tty', 'ttyS0'), join(root, 'class', 'ttyS0'));
    expect(found()).toEqual([]);
    expect(discoverModems(join(root, 'nowhere'))).toEqual([]);
  });
});

describe('named ports', () => {
  const deviceRoot = () => join(root, 'dev');

  function named(...ttys: string[]): string[] {
    mkdirSync(deviceRoot(), { recursive: true });
    return ttys.map((tty) => {
      const path = join(deviceRoot(), tty);
      writeFileSync(path, '');
      return path;
    });
  }

  const worse = (ports: string[]) =>
    worsePorts(ports, join(root, 'class'), deviceRoot())
      .map(({ port }) => port.slice(deviceRoot().length + 1))
      .toSorted();

  test('of a known modem only the best of those named is wanted', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      make({ tty: `ttyUSB${at}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual(['ttyUSB0', 'ttyUSB1', 'ttyUSB3']);
    // The operator names the second port alone, and one that is said to take no AT: they are taken at their word.
    expect(worse(named('ttyUSB3'))).toEqual([]);
    expect(worse(named('ttyUSB0', 'ttyUSB1'))).toEqual([]);
  });

  test('of a board with a modem behind each interface, and of unknown devices, all are', () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      make({ tty: `ttyUSB${at}`, device: '1-1', id: '0403:6011', interfaceNumber });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual([]);
  });

  test('two modems of one kind keep one port each', () => {
    for (const [at, device] of ['3-1.1', '3-1.1', '3-1.2', '3-1.2'].entries())
      make({ tty: `ttyUSB${at}`, device, id: '1e0e:9001', interfaceNumber: at % 2 === 0 ? '02' : '03' });
    expect(worse(named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3'))).toEqual(['ttyUSB1', 'ttyUSB3']);
  });

  test('a pattern that matches every port of a modem opens its AT port alone, by whatever link', async () => {
    for (const [at, interfaceNumber] of ['00', '01', '02', '03'].entries())
      make({ tty: `ttyUSB${at}`, device: '3-1.4', id: '2c7c:0125', interfaceNumber });
    const [, , best = '', other = ''] = named('ttyUSB0', 'ttyUSB1', 'ttyUSB2', 'ttyUSB3');
    const link = join(root, 'by-id');
    symlinkSync(other, link);
    const opened: string[] = [];
    const bank = startBank(
      {
        ports: [join(deviceRoot(), 'ttyUSB*'), link],
        discover: false,
        sysfsRoot: join(root, 'class'),
        deviceRoot: deviceRoot(),
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
    for (const name of ['tty10', 'tty2', 'ttx1']) writeFileSync(join(root, name), '');
    symlinkSync(join(root, 'gone'), join(root, 'tty3'));
    expect(expandPattern(join(root, 'tty*'))).toEqual(['tty2', 'tty3', 'tty10'].map((name) => join(root, name)));
    expect(expandPattern(join(root, 'tty[23]'))).toEqual(['tty2', 'tty3'].map((name) => join(root, name)));
    expect(expandPattern(join(root, 'nowhere', '*'))).toEqual([]);
  });

  test('may stand for folders too', () => {
    mkdirSync(join(root, 'bank1'));
    writeFileSync(join(root, 'bank1', 'tty0'), '');
    expect(expandPattern(join(root, 'bank*', 'tty0'))).toEqual([join(root, 'bank1', 'tty0')]);
  });

  test('are told from plain names', () => {
    expect(['/dev/ttyUSB*', '/dev/tty[0-9]', '/dev/ttyUSB0'].map(isPattern)).toEqual([true, true, false]);
  });
});
