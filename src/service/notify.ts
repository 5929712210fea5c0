import { ptr } from 'bun:ffi';
import { closeSync } from 'node:fs';
import { libc } from '../modem/line/libc.ts';

// Bun has no datagram sockets of the unix family. Numbers of Linux, the same on all its machines that we build for.
const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const MSG_DONTWAIT_NOSIGNAL = 0x4040;
/** sun_path of sockaddr_un. */
const PATH_OCTETS_MAX = 108;

/**
 * Sends the service manager lines such as `READY=1` over its NOTIFY_SOCKET (sd_notify(3)): a path, or `@name` for an abstract one. Never blocks. Throws when that is no
 * address, or the system refuses.
 */
export function notify(address: string, text: string): void {
  const to = socketAddress(address);
  const octets = Buffer.from(text);
  const fd = libc().socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) throw new Error('no socket could be opened');
  try {
    const sent = libc().sendto(fd, ptr(octets), octets.length, MSG_DONTWAIT_NOSIGNAL, ptr(to), to.length);
    if (Number(sent) !== octets.length) throw new Error(`nothing could be sent to ${address}`);
  } finally {
    closeSync(fd);
  }
}

/** The family, then the path; an abstract one begins with a zero. */
function socketAddress(address: string): Uint8Array {
  const path = Buffer.from(address);
  if (!/^[/@]./.test(address) || path.length > PATH_OCTETS_MAX) throw new Error(`NOTIFY_SOCKET is no address of a socket: ${address}`);
  if (address.startsWith('@')) path[0] = 0;
  const family = Buffer.from(Uint16Array.of(AF_UNIX).buffer);
  return Buffer.concat([family, path]);
}
