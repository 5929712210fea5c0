import { BusyPorts } from './busy.ts';
import type { OpenResult } from './line.ts';
import { permissionsAgeMs } from './permission.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';

/** A node gets its group and mode from udev a moment after it appears; one that is older than this has them. */
const SETTLING_MS = 2_000;
const AGAIN_MS = 100;

/** True for `tcp://…`, which is no path in the file system. */
export function isTcp(port: string): boolean {
  return port.startsWith('tcp://');
}

const busyPorts = new BusyPorts();

/**
 * Opens a device path or a `tcp://host:port` address: the way the bank talks to real modems. A new node without permission is tried for 2 s. The refusal
 * `busy` names the process that holds the device, where the system tells.
 */
export async function openPort(port: string): Promise<OpenResult> {
  if (isTcp(port)) return openTcp(port);
  const opened = await openSettling(
    () => openSerial(port),
    () => permissionsAgeMs(port, Date.now()),
  );
  const holder = !opened.ok && opened.code === 'busy' ? await busyPorts.holderOf(port) : null;
  return opened.ok || holder === null ? opened : { ...opened, detail: `${opened.detail} by ${holder}` };
}

/** Opens again and again while permission is denied and the node is younger than 2 s by `ageMs`, which is null when the node is gone. */
export async function openSettling(open: () => OpenResult, ageMs: () => number | null): Promise<OpenResult> {
  const tries = SETTLING_MS / AGAIN_MS;
  for (let attempt = 0; ; attempt++) {
    const opened = open();
    const age = ageMs();
    if (opened.ok || opened.code !== 'denied' || age === null || age > SETTLING_MS || attempt === tries) return opened;
    await Bun.sleep(AGAIN_MS);
  }
}
