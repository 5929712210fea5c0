import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../lib/log.ts';
import type { Outcome } from '../actions.ts';
import { isSerialBoard } from './known-modems.ts';
import { attribute, USB_ROOT } from './sysfs.ts';

/** Ran to its end, or was not there to be run. */
export type RunResult = { found: true; code: number; output: string } | { found: false };

/** Runs a program with these words; `output` is all it printed. Never rejects. */
export type RunProgram = (words: readonly string[]) => Promise<RunResult>;

/** What the watchdog may do to the USB around a modem. */
export interface UsbPower {
  /** Takes the modem off the bus and on again: the kernel forgets it and finds it anew. */
  reauthorise(slot: string): Promise<Outcome>;
  /** Switches the power of its hub's port off and on. */
  cycle(slot: string): Promise<Outcome>;
}

/** How long a device stays off the bus; shorter ones are missed by some hubs. */
const OFF_MS = 1_000;
/** uhubctl waits 2 s between off and on, and some more for the devices. */
const CYCLE_MS = 20_000;
const REMEDY = 'run as root, or install the udev rule that `smspin modem scan --udev` prints';

/** The USB of this machine. `root` is the folder of all USB devices. */
export function systemUsbPower(root: string = USB_ROOT): UsbPower {
  return { reauthorise: (slot) => reauthorise(slot, root), cycle: (slot) => cyclePort(slot, runProgram, root) };
}

/**
 * The bus path of the USB device a slot is on (`usb:3-1.4:02` → `3-1.4`), or null for a slot that is not on the USB.
 */
export function usbDeviceOf(slot: string): string | null {
  return /^usb:(\d+-\d+(?:\.\d+)*)(?::[0-9a-f]+(?:\.\d+)?)?$/.exec(slot)?.[1] ?? null;
}

/** True when both slots hang on one hub (or one board), where one's loss of power, or of the bus, may be the other's. */
export function neighbours(slotA: string, slotB: string): boolean {
  const [one, other] = [usbDeviceOf(slotA), usbDeviceOf(slotB)];
  return one !== null && other !== null && (one === other || hubOf(one).hub === hubOf(other).hub);
}

/**
 * Writes 0 and then 1 to the device's `authorized` (Linux, Documentation/usb/authorization.rst): the kernel lets go of the modem and sets it up
 * anew, as a replug would, except that its power stays on. Refused for serial boards, where the modem would not notice and its neighbours would.
 */
export async function reauthorise(slot: string, root: string = USB_ROOT, pauseMs = OFF_MS): Promise<Outcome> {
  const place = placeOf(slot, root);
  if (!place.ok) return place;
  const { device, folder } = place;
  if (isSerialBoard(usbIdIn(folder))) {
    return {
      ok: false,
      detail: `${device} is a serial board: the modem behind it would not notice, and others on the board would be cut off`,
    };
  }
  const off = put(folder, 'authorized', '0');
  if (!off.ok) return off;
  await Bun.sleep(pauseMs);
  const on = put(folder, 'authorized', '1');
  return on.ok ? { ok: true, detail: `${device} was taken off the USB and put back` } : on;
}

/** Switches the power of the hub's port off and on by `uhubctl`, for hubs that can. Which hubs do: its own list of them. */
export async function cyclePort(slot: string, run: RunProgram, root: string = USB_ROOT): Promise<Outcome> {
  const place = placeOf(slot, root);
  if (!place.ok) return place;
  const { hub, port } = hubOf(place.device);
  const words = ['uhubctl', '-l', hub, '-p', port, '-a', 'cycle'];
  const ran = await run(words);
  if (!ran.found) return { ok: false, detail: 'uhubctl is not installed; on Debian: sudo apt install uhubctl' };
  if (ran.code === 0) return { ok: true, detail: `the power of port ${port} of hub ${hub} was switched off and on` };
  const said = ran.output.trim().replace(/\s+/g, ' ').slice(0, 200);
  return {
    ok: false,
    detail: `${words.join(' ')} failed (${said === '' ? `exit code ${ran.code}` : said}); most hubs cannot switch single ports`,
  };
}

/** Keeps the kernel from putting the device to sleep when it is idle (`power/control`), which some modems do not wake from. */
export function autosuspendOff(slot: string, root: string = USB_ROOT): Outcome {
  const place = placeOf(slot, root);
  if (!place.ok) return place;
  const { device, folder } = place;
  if (attribute(folder, 'power/control') === 'on') return { ok: true, detail: `${device} is never put to sleep` };
  const done = put(folder, 'power/control', 'on');
  return done.ok ? { ok: true, detail: `${device} is not put to sleep any more` } : done;
}

/** Runs a program of this machine, for at most 20 s. */
export const runProgram: RunProgram = async (words) => {
  try {
    const child = Bun.spawn([...words], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: CYCLE_MS, killSignal: 'SIGKILL' });
    const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { found: true, code, output: `${stderr}${stdout}` };
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { found: false };
    return { found: true, code: 1, output: messageOf(thrown) };
  }
};

type Place = { ok: true; device: string; folder: string } | { ok: false; detail: string };

function placeOf(slot: string, root: string): Place {
  const device = usbDeviceOf(slot);
  if (device === null) return { ok: false, detail: `${slot} is not on the USB` };
  const folder = join(root, device);
  return existsSync(folder) ? { ok: true, device, folder } : { ok: false, detail: `nothing is plugged in at ${device}` };
}

/** `3-1.4.2` hangs on port 2 of hub 3-1.4, `3-1` on port 1 of the root hub 3 (as uhubctl names it). */
function hubOf(device: string): { hub: string; port: string } {
  const at = Math.max(device.lastIndexOf('.'), device.indexOf('-'));
  return { hub: device.slice(0, at), port: device.slice(at + 1) };
}

function usbIdIn(folder: string): string {
  return `${attribute(folder, 'idVendor')}:${attribute(folder, 'idProduct')}`;
}

function put(folder: string, name: string, value: string): Outcome {
  const path = join(folder, name);
  try {
    writeFileSync(path, value);
    return { ok: true, detail: '' };
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'EACCES' || code === 'EPERM') return { ok: false, detail: `this user may not write ${path}: ${REMEDY}` };
    if (code === 'EROFS') return { ok: false, detail: `${path} cannot be written: /sys is mounted read-only, as in a container` };
    return { ok: false, detail: `${path}: ${messageOf(thrown)}` };
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
