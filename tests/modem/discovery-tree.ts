import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface MadeTty {
  tty: string;
  device: string;
  id: string;
  interfaceNumber: string;
  /** Class, subclass and protocol of the interface. */
  kind?: string;
  driver?: string;
  /** Which of several ports of one interface. */
  portNumber?: number;
  hsoType?: string;
}

export interface MadeDevice {
  device: string;
  id: string;
  product?: string;
  /** Class and subclass of each interface, in order. */
  interfaces?: readonly string[];
}

/** A made-up sysfs and /dev, as far as discovery looks at them. */
export class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'sysfs-'));
  readonly ttyRoot = join(this.root, 'class', 'tty');
  readonly usbRoot = join(this.root, 'bus', 'usb', 'devices');
  readonly deviceRoot = join(this.root, 'dev');

  constructor() {
    for (const folder of [this.ttyRoot, this.usbRoot, this.deviceRoot]) mkdirSync(folder, { recursive: true });
  }

  /** One tty as sysfs shows it: class/tty/ttyX -> devices/…/<device>/<device>:1.N/ttyX/tty/ttyX, with `device` two folders up. */
  tty({ tty, device, id, interfaceNumber, kind = 'ff/00/00', driver, portNumber, hsoType }: MadeTty): void {
    const usb = this.device({ device, id });
    const usbInterface = this.interface(usb, device, interfaceNumber, kind);
    const port = join(usbInterface, tty);
    const node = join(port, 'tty', tty);
    mkdirSync(node, { recursive: true });
    symlinkSync(port, join(node, 'device'));
    symlinkSync(node, join(this.ttyRoot, tty));
    writeFileSync(join(this.deviceRoot, tty), '');
    if (portNumber !== undefined) writeFileSync(join(port, 'port_number'), `${portNumber}\n`);
    if (hsoType !== undefined) writeFileSync(join(node, 'hsotype'), `${hsoType}\n`);
    if (driver !== undefined) {
      const folder = join(this.root, 'drivers', driver);
      mkdirSync(folder, { recursive: true });
      symlinkSync(folder, join(port, 'driver'));
    }
  }

  /** A USB device, with interfaces that no tty belongs to; its folder. */
  device({ device, id, product, interfaces = [] }: MadeDevice): string {
    const folder = join(this.root, 'devices', 'usb3', device);
    mkdirSync(join(folder, 'power'), { recursive: true });
    const [vendor = '', model = ''] = id.split(':');
    this.write(folder, { idVendor: vendor, idProduct: model, authorized: '1', 'power/control': 'auto' });
    if (product !== undefined) this.write(folder, { product });
    this.link(folder, device);
    for (const [at, kind] of interfaces.entries()) this.interface(folder, device, String(at).padStart(2, '0'), kind);
    return folder;
  }

  /** The ttys of one modem, one for each interface: `ttyUSB<first>` and on. */
  modem(first: number, device: string, id: string, interfaces: readonly string[], kind?: string): void {
    for (const [at, interfaceNumber] of interfaces.entries())
      this.tty({ tty: `ttyUSB${first + at}`, device, id, interfaceNumber, ...(kind === undefined ? {} : { kind }) });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private interface(usb: string, device: string, number: string, kind: string): string {
    const name = `${device}:1.${Number.parseInt(number, 16)}`;
    const folder = join(usb, name);
    mkdirSync(folder, { recursive: true });
    const [bInterfaceClass = '', bInterfaceSubClass = '', bInterfaceProtocol = ''] = kind.split('/');
    this.write(folder, { bInterfaceNumber: number, bInterfaceClass, bInterfaceSubClass, bInterfaceProtocol });
    this.link(folder, name);
    return folder;
  }

  private link(folder: string, name: string): void {
    const link = join(this.usbRoot, name);
    rmSync(link, { force: true });
    symlinkSync(folder, link);
  }

  private write(folder: string, attributes: Record<string, string>): void {
    for (const [name, value] of Object.entries(attributes)) writeFileSync(join(folder, name), `${value}\n`);
  }
}
