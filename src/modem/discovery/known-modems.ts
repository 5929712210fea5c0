import { SERIAL_BOARDS, VENDORS, type VendorLayouts } from './layouts.ts';
import type { UsbTty } from './sysfs.ts';

/**
 * What one tty of a USB device is to us. `at`: it answers AT commands, the better the lower its order · `no_at`: a known modem's port for
 * something else · `probe`: a port of a modem whose layout is not known, which may be asked · `board`: whatever hangs on a serial board ·
 * `unknown`: never written to without the operator's word.
 */
export type Verdict =
  | { kind: 'at'; order: number; reason: string }
  | { kind: 'no_at'; reason: string }
  | { kind: 'probe'; order: number; reason: string }
  | { kind: 'board'; reason: string }
  | { kind: 'unknown'; reason: string };

/** Huawei numbers its interfaces anew for each product but marks them: class ff, and these subclasses and protocols; PCUI takes AT alone. */
const HUAWEI = {
  vendor: '12d1',
  subclasses: ['01', '02', '03', '05', '06'],
  pcui: ['02', '12', '32'],
  modem: ['01', '31'],
  /** Diagnosis, GPS, network. */
  other: ['03', '05', '13', '14', '15', '16', '33', '35'],
};
/** What the driver hso tells of its ports (attribute `hsotype`), best first. */
const HSO_TYPES = ['application', 'control', 'modem'];
/** CDC ACM with an AT command set (USB CDC 1.2, table 5: PSTN; subclass 02, protocols 01 to 06). */
const ACM = { class: '02', subclass: '02', protocols: ['01', '02', '03', '04', '05', '06'] };
/** Where makers mostly put the AT port, the likeliest first. */
const LIKELY = ['02', '03', '04', '05', '01', '00', '06', '07', '08'];

/** What the USB id, interface and protocols of a tty say about it. Nothing is opened. */
export function judge(tty: UsbTty): Verdict {
  const known = VENDORS.find(({ vendor }) => vendor === tty.vendor);
  const board = SERIAL_BOARDS[tty.usbId];
  if (board !== undefined)
    return { kind: 'board', reason: `a serial board (${board}): whatever is behind it is not known; ${namingLine(tty)}` };
  if (known === undefined) return { kind: 'unknown', reason: strangersReason(tty) };
  if (listed(known.never).includes(tty.product)) return { kind: 'no_at', reason: `${tty.usbId} of ${known.maker} is no modem` };
  return byHsoType(tty, known) ?? byHuaweiProtocol(tty) ?? byLayout(tty, known) ?? byTrying(tty, known);
}

/** The maker of modems with this vendor id, or null. */
export function makerOf(vendor: string): string | null {
  return VENDORS.find((known) => known.vendor === vendor)?.maker ?? null;
}

/** True where whatever has this vendor id is a modem, or may be asked whether it is one. */
export function makesOnlyModems(vendor: string): boolean {
  return VENDORS.some((known) => known.vendor === vendor && known.mayProbe);
}

/** True for a chip that only turns USB into serial lines: the device behind it is another one. */
export function isSerialBoard(usbId: string): boolean {
  return SERIAL_BOARDS[usbId] !== undefined;
}

function byHsoType({ hsoType, usbId }: UsbTty, { maker }: VendorLayouts): Verdict | null {
  if (hsoType === '') return null;
  const order = HSO_TYPES.indexOf(hsoType);
  const what = `the ${hsoType} port of ${article(maker)} ${maker} modem (${usbId})`;
  return order < 0 ? { kind: 'no_at', reason: `${what} takes no AT commands` } : { kind: 'at', order, reason: `AT port: ${what}` };
}

function byHuaweiProtocol(tty: UsbTty): Verdict | null {
  const { class: kind, subclass, protocol } = tty.interfaceKind;
  if (tty.vendor !== HUAWEI.vendor || kind !== 'ff' || !HUAWEI.subclasses.includes(subclass)) return null;
  const what = whatIs(tty, 'Huawei');
  if (HUAWEI.pcui.includes(protocol)) return { kind: 'at', order: 0, reason: `AT port: ${what}` };
  if (HUAWEI.modem.includes(protocol)) return { kind: 'at', order: 1, reason: `AT port: ${what}` };
  return HUAWEI.other.includes(protocol) ? { kind: 'no_at', reason: `${what} takes no AT commands` } : null;
}

function byLayout(tty: UsbTty, { layouts, others, maker }: VendorLayouts): Verdict | null {
  const interfaces = layouts.find(([, products]) => listed(products).includes(tty.product))?.[0] ?? others;
  if (interfaces === undefined) return null;
  const order = listed(interfaces).indexOf(tty.interfaceNumber);
  const what = whatIs(tty, maker);
  return order < 0 ? { kind: 'no_at', reason: `${what} takes no AT commands` } : { kind: 'at', order, reason: `AT port: ${what}` };
}

function byTrying(tty: UsbTty, { maker, mayProbe }: VendorLayouts): Verdict {
  const { interfaceNumber, usbId } = tty;
  if (!mayProbe || !speaksSerial(tty)) return { kind: 'unknown', reason: `${usbId} (${maker}) is not a known modem; ${namingLine(tty)}` };
  const likely = LIKELY.indexOf(interfaceNumber);
  const order = likely < 0 ? LIKELY.length + Number.parseInt(interfaceNumber || '0', 16) : likely;
  return { kind: 'probe', order, reason: `${whatIs(tty, maker)} whose ports are not known: they are asked one after another` };
}

function speaksSerial({ interfaceKind: { class: kind, subclass } }: UsbTty): boolean {
  return kind === 'ff' || (kind === ACM.class && subclass === ACM.subclass);
}

function strangersReason(tty: UsbTty): string {
  const { class: kind, subclass, protocol } = tty.interfaceKind;
  const claimsAt = kind === ACM.class && subclass === ACM.subclass && ACM.protocols.includes(protocol);
  const says = claimsAt ? 'it says that it takes AT commands, as other devices do too' : 'nothing tells that it is one';
  return `${tty.usbId} is not a known modem (${says}); ${namingLine(tty)}`;
}

/** What to write where, so that a port is used all the same. */
function namingLine({ port }: UsbTty): string {
  return `to use it, put ports = ["${port}"] into [modems] of smspin.toml, or a pattern such as "${port.replace(/\d+$/, '*')}"`;
}

function whatIs({ interfaceNumber, usbId }: UsbTty, maker: string): string {
  return `interface ${interfaceNumber} of ${article(maker)} ${maker} modem (${usbId})`;
}

function article(maker: string): string {
  return /^[AEIO]/.test(maker) ? 'an' : 'a';
}

function listed(words: string | undefined): string[] {
  return words === undefined || words === '' ? [] : words.split(' ');
}
