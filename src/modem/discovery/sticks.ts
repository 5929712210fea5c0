import { join } from 'node:path';
import { makerOf, makesOnlyModems } from './known-modems.ts';
import { attribute, namesIn, textOf, USB_ROOT } from './sysfs.ts';

/**
 * A device of a maker of modems that offers no serial port: `cdrom`, it still shows its drivers' disc · `hilink`, it is a router of its own
 * and takes no AT commands · `mbim`, it is in a mode for data only · `no_driver`, it has serial interfaces that no kernel driver has taken.
 */
export interface Stick {
  /** The bus path, as `3-1.4`. */
  device: string;
  usbId: string;
  /** What it calls itself, or its maker. */
  name: string;
  kind: 'cdrom' | 'hilink' | 'mbim' | 'no_driver';
  /** What to do, in plain words. */
  advice: string;
}

const MASS_STORAGE = '08';
const VENDOR_SPECIFIC = 'ff';
/** The subclass of class 02 for mobile broadband (MBIM 1.0, 6.3). */
const MBIM = '0e';
/** Communication and its data, wireless (RNDIS), miscellaneous (RNDIS of newer sticks). */
const NETWORK = ['02', '0a', 'e0', 'ef'];

/** Sticks whose id alone tells that they are routers with a web page (usb_modeswitch's data and makers' own pages). */
const HILINK_IDS = ['12d1:14db', '12d1:14dc', '19d2:1403', '19d2:1405', '1bbb:0195'];
/** Sticks whose id alone tells that they have not been switched over yet. */
const CDROM_IDS = [
  ...['12d1:1446', '12d1:1449', '12d1:14ad', '12d1:14fe', '12d1:1505', '12d1:1520', '12d1:1521', '12d1:1da1', '12d1:1f01', '12d1:1f1e'],
  ...['19d2:2000', '19d2:0101', '19d2:0103', '19d2:0110', '19d2:0120', '19d2:1224', '19d2:1225', '19d2:fff5', '19d2:fff6'],
  ...['1c9e:f000', '1bbb:f000', '1410:5010', '1410:5030', '1410:5031', '05c6:1000', '2001:a80b', '0af0:6711', '1199:0fff'],
];

/** What is plugged in, looks like a modem, and has no port to read; `root` is the folder of all USB devices. */
export function unreadableSticks(root: string = USB_ROOT): Stick[] {
  return namesIn(root)
    .filter((name) => /^\d+-\d+(\.\d+)*$/.test(name))
    .flatMap((device) => stickAt(root, device) ?? [])
    .toSorted((left, right) => left.device.localeCompare(right.device, 'en', { numeric: true }));
}

function stickAt(root: string, device: string): Stick | null {
  const folder = join(root, device);
  const vendor = attribute(folder, 'idVendor');
  const usbId = `${vendor}:${attribute(folder, 'idProduct')}`;
  if (hasTty(root, device)) return null;
  const kind = kindById(usbId) ?? (makesOnlyModems(vendor) ? kindByInterfaces(root, device) : null);
  if (kind === null) return null;
  return { device, usbId, name: textOf(folder, 'product') || (makerOf(vendor) ?? usbId), kind, advice: ADVICE[kind](usbId) };
}

function kindById(usbId: string): Stick['kind'] | null {
  if (HILINK_IDS.includes(usbId)) return 'hilink';
  return CDROM_IDS.includes(usbId) ? 'cdrom' : null;
}

function kindByInterfaces(root: string, device: string): Stick['kind'] | null {
  const folders = interfacesOf(root, device).map((name) => join(root, name));
  const classes = folders.map((folder) => attribute(folder, 'bInterfaceClass'));
  if (classes.length > 0 && classes.every((kind) => kind === MASS_STORAGE)) return 'cdrom';
  if (folders.some((folder) => attribute(folder, 'bInterfaceClass') === '02' && attribute(folder, 'bInterfaceSubClass') === MBIM))
    return 'mbim';
  if (classes.includes(VENDOR_SPECIFIC)) return 'no_driver';
  return classes.some((kind) => NETWORK.includes(kind)) ? 'hilink' : null;
}

const ADVICE: Record<Stick['kind'], (usbId: string) => string> = {
  cdrom: () => 'it still shows its CD-ROM: install usb_modeswitch (sudo apt install usb-modeswitch) and plug it in again',
  hilink: () =>
    'it is a router with a web page (HiLink) and takes no AT commands: give it the "stick" firmware of its maker, or use another modem',
  mbim: () =>
    'it offers data only (MBIM) and no serial port: switch its USB mode with its maker\'s tool (Quectel AT+QCFG="usbnet", Sierra AT!USBCOMP)',
  no_driver: (usbId) =>
    `no driver has taken its serial ports: sudo modprobe option && echo ${usbId.replace(':', ' ')} | sudo tee /sys/bus/usb-serial/drivers/option1/new_id`,
};

function interfacesOf(root: string, device: string): string[] {
  return namesIn(root).filter((name) => name.startsWith(`${device}:`));
}

/** usb-serial puts `ttyUSB0` into the interface, cdc_acm a folder `tty`, hso both. */
function hasTty(root: string, device: string): boolean {
  return interfacesOf(root, device).some((name) => namesIn(join(root, name)).some((entry) => entry.startsWith('tty')));
}
