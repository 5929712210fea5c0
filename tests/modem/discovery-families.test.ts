import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../src/lib/clock.ts';
import { discoverModems, probeOrder, slotOf, usbIdOf } from '../../src/modem/discovery/discovery.ts';
import { findAtPort } from '../../src/modem/discovery/find-port.ts';
import { SERIAL_BOARDS, VENDORS } from '../../src/modem/discovery/layouts.ts';
import type { OpenLine } from '../../src/modem/line/line.ts';
import { BenchLine, QUICK } from './bench.ts';
import { Tree } from './discovery-tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = new Tree();
});
afterEach(() => tree.remove());

const found = () => discoverModems(tree.ttyRoot, '/dev');
const takenInterfaces = () =>
  found()
    .filter(({ taken }) => taken)
    .map(({ slot }) => slot.split(':')[2]);

describe('the table of layouts', () => {
  test('is well formed: lower-case ids, two digits an interface, each product once', () => {
    for (const { vendor, layouts, others, never } of VENDORS) {
      expect(vendor).toMatch(/^[0-9a-f]{4}$/);
      const products = layouts.flatMap(([, listed]) => listed.split(' ')).concat(never?.split(' ') ?? []);
      expect({ vendor, bad: products.filter((product) => !/^[0-9a-f]{4}$/.test(product)) }).toEqual({ vendor, bad: [] });
      expect({ vendor, twice: products.filter((product, at) => products.indexOf(product) !== at) }).toEqual({ vendor, twice: [] });
      for (const interfaces of [...layouts.map(([listed]) => listed), ...(others === undefined ? [] : [others])])
        expect(interfaces).toMatch(/^[0-9a-f]{2}( [0-9a-f]{2})*$/);
    }
    expect(new Set(VENDORS.map(({ vendor }) => vendor)).size).toBe(VENDORS.length);
  });

  test('no serial board is also a modem', () => {
    const modems = VENDORS.flatMap(({ vendor, layouts }) =>
      layouts.flatMap(([, listed]) => listed.split(' ').map((id) => `${vendor}:${id}`)),
    );
    expect(modems.filter((id) => SERIAL_BOARDS[id] !== undefined)).toEqual([]);
  });
});

test.each([
  ['Quectel EC25', '2c7c:0125', ['00', '01', '02', '03'], '02'],
  ['Quectel RM520N', '2c7c:0801', ['00', '01', '02', '03'], '02'],
  ['Quectel UC20 under Qualcomm', '05c6:9003', ['00', '01', '02', '03'], '02'],
  ['SIMCom SIM7600', '1e0e:9001', ['00', '01', '02', '03', '04'], '02'],
  ['SIMCom A7600', '1e0e:9011', ['02', '04', '05'], '04'],
  ['ZTE MF180', '19d2:2003', ['00', '01', '03'], '03'],
  ['ZTE with letters in its id', '19d2:000a', ['00', '01'], '00'],
  ['Telit LE910C1', '1bc7:1201', ['00', '03', '04', '05', '06'], '04'],
  ['Telit FN980 (MBIM)', '1bc7:1051', ['00', '04', '05', '06'], '05'],
  ['Telit LN920', '1bc7:1060', ['00', '03', '04', '05', '06'], '04'],
  ['Cinterion PLS8', '1e2d:0061', ['00', '02', '04', '06', '08'], '02'],
  ['Fibocom FM150', '2cb7:0104', ['00', '01', '02', '03'], '01'],
  ['Fibocom L610', '1782:4d10', ['00', '01', '02', '03', '04', '05', '06'], '00'],
  ['Sierra MC7455', '1199:9071', ['00', '02', '03'], '03'],
  ['Sierra HL7812', '1199:c001', ['00', '02', '04'], '00'],
  ['Novatel', '1410:2420', ['00', '01'], '00'],
  ['u-blox SARA-U2', '1546:1102', ['00', '02', '04', '06', '08', '0a', '0c'], '00'],
  ['u-blox LARA-R6', '05c6:908b', ['00', '01', '02', '03'], '01'],
  ['u-blox TOBY-L4', '1546:1010', ['02', '04', '06', '08'], '06'],
  ['MediaTek stick', '0e8d:00a5', ['00', '01', '02', '03'], '02'],
  ['Huawei E220', '12d1:1003', ['00', '01'], '01'],
])('%s: its AT port', (_name, id, interfaces, expected) => {
  tree.modem(0, '3-1', id, interfaces, id.startsWith('12d1') ? 'ff/ff/ff' : undefined);
  expect(takenInterfaces()).toEqual([expected]);
  expect(found().some(({ probe }) => probe)).toBe(false);
});

test('Option tells its ports by name', () => {
  for (const [at, hsoType] of ['Control', 'Application', 'Diagnostic', 'GPS', 'Modem'].entries())
    tree.tty({ tty: `ttyHS${at}`, device: '3-1', id: '0af0:7501', interfaceNumber: `0${at}`, hsoType });
  expect(found().filter(({ taken }) => taken)).toMatchObject([{ port: '/dev/ttyHS1' }]);
  expect(found()[2]?.reason).toBe('the diagnostic port of an Option modem (0af0:7501) takes no AT commands');
});

test('a GPS receiver of a maker of modems is never written to', () => {
  tree.tty({ tty: 'ttyACM0', device: '3-1', id: '1546:01a8', interfaceNumber: '00', kind: '02/02/01' });
  expect(found()).toMatchObject([{ taken: false, probe: false, reason: '1546:01a8 of u-blox is no modem' }]);
});

test('something that says it takes AT commands is not believed, and the operator told how to allow it', () => {
  tree.tty({ tty: 'ttyACM3', device: '3-1', id: '9999:0001', interfaceNumber: '00', kind: '02/02/01', driver: 'cdc_acm' });
  const [port] = found();
  expect(port).toMatchObject({ taken: false, probe: false, driver: 'cdc_acm' });
  expect(port?.reason).toBe(
    '9999:0001 is not a known modem (it says that it takes AT commands, as other devices do too); to use it, put ports = ["/dev/ttyACM3"] into [modems] of smspin.toml, or a pattern such as "/dev/ttyACM*"',
  );
});

test('each port of a board with one interface is its own place', () => {
  for (const portNumber of [0, 1, 2, 3])
    tree.tty({ tty: `ttyUSB${portNumber}`, device: '3-2', id: '9710:7840', interfaceNumber: '00', portNumber });
  expect(found().map(({ slot }) => slot)).toEqual(['usb:3-2:00', 'usb:3-2:00.1', 'usb:3-2:00.2', 'usb:3-2:00.3']);
});

test('the USB id and the place of a named device, by whatever name', () => {
  tree.tty({ tty: 'ttyUSB4', device: '3-1.4', id: '2C7C:0125', interfaceNumber: '02' });
  expect(usbIdOf('/dev/ttyUSB4', tree.ttyRoot)).toBe('2c7c:0125');
  expect(slotOf('/dev/ttyUSB4', tree.ttyRoot)).toBe('usb:3-1.4:02');
  expect(usbIdOf('/dev/ttyUSB5', tree.ttyRoot)).toBeNull();
  expect(slotOf('tcp://10.0.0.1:4001', tree.ttyRoot)).toBeNull();
});

describe('a modem of a known maker whose layout is not known', () => {
  test('is asked, the likeliest port first, and no modem whose port is known', () => {
    tree.modem(0, '3-1', '2c7c:6005', ['00', '01', '02', '03', '04']);
    tree.modem(10, '3-2', '2c7c:0125', ['00', '01', '02', '03']);
    expect(found().filter(({ taken }) => taken)).toMatchObject([{ slot: 'usb:3-2:02' }]);
    expect(probeOrder(tree.ttyRoot)).toMatchObject([
      {
        device: 'usb:3-1',
        ports: ['02', '03', '04', '01', '00'].map((number) => ({ slot: `usb:3-1:${number}`, probe: true, taken: false })),
      },
    ]);
  });

  test('is not asked when one of its ports is known after all', () => {
    tree.tty({ tty: 'ttyUSB0', device: '1-1', id: '12d1:15c1', interfaceNumber: '00', kind: 'ff/02/02' });
    tree.tty({ tty: 'ttyUSB1', device: '1-1', id: '12d1:15c1', interfaceNumber: '01', kind: 'ff/02/7b' });
    tree.tty({ tty: 'ttyUSB2', device: '1-1', id: '12d1:15c1', interfaceNumber: '02', kind: 'ff/02/03' });
    expect(found().map(({ taken, probe }) => [taken, probe])).toEqual([
      [true, false],
      [false, false],
      [false, false],
    ]);
    expect(probeOrder(tree.ttyRoot)).toEqual([]);
  });

  test('is not asked on ports that are no serial lines', () => {
    tree.tty({ tty: 'ttyACM0', device: '3-1', id: '2c7c:6005', interfaceNumber: '00', kind: '0a/00/00' });
    expect(probeOrder(tree.ttyRoot)).toEqual([]);
  });

  test('gets the first port that answers; the others are closed and left alone', async () => {
    tree.modem(0, '3-1', '2c7c:6005', ['02', '03', '04', '05']);
    const [group] = probeOrder(tree.ttyRoot);
    if (group === undefined) throw new Error('nothing to ask');
    const lines = new Map<string, BenchLine>();
    const open: OpenLine = async (port) => {
      if (port === '/dev/ttyUSB0') return { ok: false, code: 'busy', detail: `${port} is in use` };
      const line = new BenchLine();
      line.silent = port === '/dev/ttyUSB1';
      lines.set(port, line);
      return { ok: true, line };
    };
    const outcome = await findAtPort(group, open, systemClock, { ...QUICK, probes: 1, probeMs: 50 });
    expect(outcome).toMatchObject({ port: { port: '/dev/ttyUSB2' }, refused: ['/dev/ttyUSB0 is in use'] });
    expect([...lines].map(([port, line]) => [port, line.closed])).toEqual([
      ['/dev/ttyUSB1', true],
      ['/dev/ttyUSB2', true],
    ]);
  });
});
