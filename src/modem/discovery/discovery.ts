import { judge, type Verdict } from './known-modems.ts';
import { slotIdOf, TTY_ROOT, type UsbTty, usbTtyOf, usbTtys } from './sysfs.ts';

/** One tty of the USB, and whether it is a modem's AT port. */
export interface FoundPort {
  /** The device, as `/dev/ttyUSB2`. */
  port: string;
  /** `usb:<bus path>:<interface>[.<port>]`: the physical place, the same after every replug. */
  slot: string;
  /** The USB vendor and product, as `2c7c:0125`. */
  usbId: string;
  /** The kernel driver, or an empty text. */
  driver: string;
  taken: boolean;
  /** It belongs to a maker of modems whose layout of this product is not known: it may be asked whether it answers AT (see `probeOrder`). */
  probe: boolean;
  /** Why it was taken or not, in plain words. */
  reason: string;
}

/** The ports of one modem that may be asked for AT one after another, the likeliest first. */
export interface ProbeGroup {
  /** The physical place of the modem, as `usb:3-1.4`. */
  device: string;
  ports: readonly FoundPort[];
}

/**
 * Looks through sysfs for the AT ports of known USB modems. Nothing is opened. `root` is the folder of tty classes (`/sys/class/tty`),
 * `deviceRoot` the folder their nodes are in (`/dev`). Every USB tty is listed, the untaken with the reason.
 */
export function discoverModems(root: string = TTY_ROOT, deviceRoot = '/dev'): FoundPort[] {
  return chooseByDevice(usbTtys(root, deviceRoot))
    .map(({ found }) => found)
    .toSorted(byPort);
}

/**
 * Of what was discovered, the modems whose AT port is not known: each with its ports in the order in which they should be asked. The first
 * that answers is the AT port; the others are left alone then. Never a port of an unlisted vendor, nor of a modem that has a known AT port.
 */
export function probeOrder(root: string = TTY_ROOT, deviceRoot = '/dev'): ProbeGroup[] {
  const asked = chooseByDevice(usbTtys(root, deviceRoot)).filter(({ found }) => found.probe);
  return [...Map.groupBy(asked, ({ tty }) => tty.device)].map(([device, ports]) => ({
    device: `usb:${device}`,
    ports: ports.toSorted((left, right) => left.order - right.order).map(({ found }) => found),
  }));
}

/**
 * Of the devices somebody named (`/dev/ttyUSB2`), those that are worth less than another named port of the same known modem. Of a device that
 * is not known, such as a board with a modem behind each interface, none is: there every port counts.
 */
export function worsePorts(named: readonly string[], root: string = TTY_ROOT, deviceRoot = '/dev'): FoundPort[] {
  const chosen = chooseByDevice(usbTtys(root, deviceRoot).filter((tty) => named.includes(tty.port)));
  const served = new Set(chosen.filter(({ found }) => found.taken).map(({ tty }) => tty.device));
  return chosen.filter(({ tty, found }) => !found.taken && served.has(tty.device)).map(({ found }) => found);
}

/** The USB vendor and product behind a tty, as `2c7c:0125`, or null for what is not on the USB. Of a serial board it is the board's. */
export function usbIdOf(port: string, root: string = TTY_ROOT): string | null {
  return usbTtyOf(port, root)?.usbId ?? null;
}

/** The physical place of a tty that somebody named, which stays when the tty gets another number; null for what is not on the USB. */
export function slotOf(port: string, root: string = TTY_ROOT): string | null {
  const tty = usbTtyOf(port, root);
  return tty === null ? null : slotIdOf(tty);
}

interface Chosen {
  tty: UsbTty;
  found: FoundPort;
  order: number;
}

function chooseByDevice(ttys: readonly UsbTty[]): Chosen[] {
  return [...Map.groupBy(ttys, (tty) => tty.device).values()].flatMap(choose);
}

/** Of the ttys of one USB device, takes the best AT port. */
function choose(ttys: readonly UsbTty[]): Chosen[] {
  const judged = ttys.map((tty) => ({ tty, verdict: judge(tty) }));
  const best = Math.min(...judged.map(({ verdict }) => (verdict.kind === 'at' ? verdict.order : Number.POSITIVE_INFINITY)));
  return judged.map(({ tty, verdict }) => chosen(tty, verdict, best));
}

/** `best` is the order of the best known AT port of the device, infinity when it has none. */
function chosen(tty: UsbTty, verdict: Verdict, best: number): Chosen {
  const isKnown = Number.isFinite(best);
  const taken = verdict.kind === 'at' && verdict.order === best;
  const probe = verdict.kind === 'probe' && !isKnown;
  const passedOver = (verdict.kind === 'at' || verdict.kind === 'probe') && !taken && !probe;
  const reason = passedOver ? `${verdict.reason}, but a better port of the same modem is there` : verdict.reason;
  const { port, usbId, driver } = tty;
  return {
    tty,
    found: { port, slot: slotIdOf(tty), usbId, driver, taken, probe, reason },
    order: 'order' in verdict ? verdict.order : Number.POSITIVE_INFINITY,
  };
}

function byPort(left: FoundPort, right: FoundPort): number {
  return left.port.localeCompare(right.port, 'en', { numeric: true });
}
