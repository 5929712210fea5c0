import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HUAWEI, KNOWN_MODEMS } from './known-modems.ts';

/** One tty of the system, and whether it is a modem's AT port. */
export interface FoundPort {
  /** The device, as `/dev/ttyUSB2`. */
  port: string;
  /** `usb:<bus path>:<interface>`: the physical place, the same after every replug; null for what is not on USB. */
  slot: string | null;
  taken: boolean;
  /** Why it was taken or not, in plain words. */
  reason: string;
}

interface UsbTty {
  port: string;
  device: string;
  interfaceNumber: string;
  interfaceKind: { class: string; subclass: string; protocol: string };
  vendor: string;
  product: string;
}

/**
 * Looks through sysfs for the AT ports of known USB modems. Nothing is opened. `root` is the folder of tty classes
 * (`/sys/class/tty`), `deviceRoot` the folder their nodes are in (`/dev`). Every USB tty is listed, the untaken with the reason.
 */
export function discoverModems(root = '/sys/class/tty', deviceRoot = '/dev'): FoundPort[] {
  return chooseByDevice(usbTtys(root, deviceRoot)).toSorted((left, right) => left.port.localeCompare(right.port, 'en', { numeric: true }));
}

/**
 * Of the devices somebody named (`/dev/ttyUSB2`), those that are worth less than another named port of the same known modem. Of a device that
 * is not known, such as a board with a modem behind each interface, none is: there every port counts.
 */
export function worsePorts(named: readonly string[], root = '/sys/class/tty', deviceRoot = '/dev'): FoundPort[] {
  const found = chooseByDevice(usbTtys(root, deviceRoot).filter((tty) => named.includes(tty.port)));
  const served = new Set(found.filter(({ taken }) => taken).map(deviceOfSlot));
  return found.filter((port) => !port.taken && served.has(deviceOfSlot(port)));
}

function usbTtys(root: string, deviceRoot: string): UsbTty[] {
  return namesIn(root).flatMap((name) => usbTtyOf(join(root, name), join(deviceRoot, name)));
}

function chooseByDevice(ttys: readonly UsbTty[]): FoundPort[] {
  return [...Map.groupBy(ttys, (tty) => tty.device).values()].flatMap(choose);
}

function deviceOfSlot({ slot }: FoundPort): string {
  return slot?.replace(/:[^:]*$/, '') ?? '';
}

/** Of the ttys of one USB device, takes the best AT port. */
function choose(ttys: readonly UsbTty[]): FoundPort[] {
  const ranked = ttys.map((tty) => ({ tty, rank: rankOf(tty) }));
  const best = Math.min(...ranked.map(({ rank }) => rank.order));
  return ranked.map(({ tty, rank }) => {
    const taken = rank.order === best && Number.isFinite(best);
    const passedOver = Number.isFinite(rank.order) ? `${rank.reason}, but a better port of the same modem is there` : rank.reason;
    return { port: tty.port, slot: `usb:${tty.device}:${tty.interfaceNumber}`, taken, reason: taken ? rank.reason : passedOver };
  });
}

/** A lower `order` is a better AT port; infinity is none. */
function rankOf(tty: UsbTty): { order: number; reason: string } {
  const id = `${tty.vendor}:${tty.product}`;
  if (tty.vendor === HUAWEI.vendor) return rankOfHuawei(tty);
  const known = KNOWN_MODEMS.find(({ vendor, products }) => vendor === tty.vendor && products?.includes(tty.product) !== false);
  if (known === undefined)
    return { order: Number.POSITIVE_INFINITY, reason: `${id} is not a known modem; name it in modems.ports to use it` };
  const order = known.interfaces.indexOf(tty.interfaceNumber);
  const what = `interface ${tty.interfaceNumber} of a ${known.maker} modem (${id})`;
  return order < 0 ? { order: Number.POSITIVE_INFINITY, reason: `${what} takes no AT commands` } : { order, reason: `AT port: ${what}` };
}

function rankOfHuawei({ product, interfaceNumber, interfaceKind }: UsbTty): { order: number; reason: string } {
  const what = `interface ${interfaceNumber} of a Huawei modem (${HUAWEI.vendor}:${product})`;
  const none = { order: Number.POSITIVE_INFINITY, reason: `${what} takes no AT commands` };
  const { class: kind, subclass, protocol } = interfaceKind;
  if (kind !== HUAWEI.class || !HUAWEI.subclasses.some((known) => known === subclass)) return none;
  if (HUAWEI.pcuiProtocols.some((known) => known === protocol)) return { order: 0, reason: `AT port: ${what}` };
  if (HUAWEI.modemProtocols.some((known) => known === protocol)) return { order: 1, reason: `AT port: ${what}` };
  return none;
}

/** Walks from the tty up to its USB interface and device; empty for ttys that are not on USB. */
function usbTtyOf(classFolder: string, port: string): UsbTty[] {
  let folder = linkTarget(join(classFolder, 'device'));
  let usbInterface: string | null = null;
  while (folder !== null && folder !== '/' && folder !== '.') {
    if (existsSync(join(folder, 'bInterfaceNumber'))) usbInterface ??= folder;
    if (existsSync(join(folder, 'idVendor'))) return usbInterface === null ? [] : [describe(folder, usbInterface, port)];
    folder = dirname(folder);
  }
  return [];
}

function describe(device: string, usbInterface: string, port: string): UsbTty {
  return {
    port,
    device: basename(device),
    interfaceNumber: attribute(usbInterface, 'bInterfaceNumber'),
    interfaceKind: {
      class: attribute(usbInterface, 'bInterfaceClass'),
      subclass: attribute(usbInterface, 'bInterfaceSubClass'),
      protocol: attribute(usbInterface, 'bInterfaceProtocol'),
    },
    vendor: attribute(device, 'idVendor'),
    product: attribute(device, 'idProduct'),
  };
}

/** Devices vanish while they are looked at; what is gone reads as empty. */
function attribute(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8').trim().toLowerCase();
  } catch {
    return '';
  }
}

function linkTarget(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
