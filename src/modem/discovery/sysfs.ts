import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where the kernel lists all ttys, and all USB devices and interfaces. */
export const TTY_ROOT = '/sys/class/tty';
export const USB_ROOT = '/sys/bus/usb/devices';

/** A tty on the USB, as sysfs describes it; all attributes in lower case, empty when missing. */
export interface UsbTty {
  /** The device node, as `/dev/ttyUSB2`. */
  port: string;
  /** The bus path of the USB device, as `3-1.4`: the physical place. */
  device: string;
  interfaceNumber: string;
  interfaceKind: { class: string; subclass: string; protocol: string };
  vendor: string;
  product: string;
  /** `vvvv:pppp`. */
  usbId: string;
  /** The kernel driver, as `option1` or `cdc_acm`; empty when none is named. */
  driver: string;
  /** Which of several ports of one interface (usb-serial's `port_number`), from 0. */
  portNumber: number;
  /** What the driver hso calls this port (`application` …), else empty. */
  hsoType: string;
}

/** All ttys on the USB. `root` is the folder of tty classes, `deviceRoot` the folder their nodes are in. Nothing is opened. */
export function usbTtys(root: string, deviceRoot: string): UsbTty[] {
  return namesIn(root).flatMap((name) => ttyOf(join(root, name), join(deviceRoot, name)) ?? []);
}

/** One tty by its node (`/dev/ttyUSB2`, or a link to it); null for what is not on the USB. */
export function usbTtyOf(port: string, root: string = TTY_ROOT): UsbTty | null {
  const node = realPathOf(port) ?? port;
  return ttyOf(join(root, basename(node)), node);
}

/** The kernel driver of any tty, or null. */
export function driverOf(port: string, root: string = TTY_ROOT): string | null {
  const folder = join(root, basename(realPathOf(port) ?? port), 'device');
  return driverIn(folder) || null;
}

/** The physical place of a tty: `usb:<bus path>:<interface>`, with `.<port>` behind for the second and later ports of one interface. */
export function slotIdOf({ device, interfaceNumber, portNumber }: UsbTty): string {
  return `usb:${device}:${interfaceNumber}${portNumber === 0 ? '' : `.${portNumber}`}`;
}

/** An attribute of a sysfs folder in lower case, as ids and numbers are compared. */
export function attribute(folder: string, name: string): string {
  return textOf(folder, name).toLowerCase();
}

/** An attribute of a sysfs folder as it is. Devices vanish while they are looked at; what is gone reads as empty. */
export function textOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8').trim();
  } catch {
    return '';
  }
}

/** The names in a folder; none when it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Walks from the tty up to its USB interface and device. */
function ttyOf(classFolder: string, port: string): UsbTty | null {
  const start = realPathOf(join(classFolder, 'device'));
  let usbInterface: string | null = null;
  for (let folder = start; folder !== null && folder !== '/' && folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(folder, 'bInterfaceNumber'))) usbInterface ??= folder;
    if (!existsSync(join(folder, 'idVendor'))) continue;
    return usbInterface === null || start === null ? null : describe({ device: folder, usbInterface, start, classFolder, port });
  }
  return null;
}

function describe(at: { device: string; usbInterface: string; start: string; classFolder: string; port: string }): UsbTty {
  const { device, usbInterface, start, classFolder, port } = at;
  const vendor = attribute(device, 'idVendor');
  const product = attribute(device, 'idProduct');
  return {
    port,
    device: basename(device),
    interfaceNumber: attribute(usbInterface, 'bInterfaceNumber'),
    interfaceKind: {
      class: attribute(usbInterface, 'bInterfaceClass'),
      subclass: attribute(usbInterface, 'bInterfaceSubClass'),
      protocol: attribute(usbInterface, 'bInterfaceProtocol'),
    },
    vendor,
    product,
    usbId: `${vendor}:${product}`,
    driver: driverIn(start) || driverIn(usbInterface),
    portNumber: Number.parseInt(attribute(start, 'port_number'), 10) || 0,
    hsoType: attribute(classFolder, 'hsotype'),
  };
}

function driverIn(folder: string): string {
  const driver = realPathOf(join(folder, 'driver'));
  return driver === null ? '' : basename(driver);
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
