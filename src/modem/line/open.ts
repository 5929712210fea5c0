import type { OpenResult } from './line.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';

/** True for `tcp://…`, which is no path in the file system. */
export function isTcp(port: string): boolean {
  return port.startsWith('tcp://');
}

/** Opens a device path or a `tcp://host:port` address: the way the bank talks to real modems. */
export async function openPort(port: string): Promise<OpenResult> {
  return isTcp(port) ? openTcp(port) : openSerial(port);
}
