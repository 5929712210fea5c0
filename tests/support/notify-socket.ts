/** The service manager's side of NOTIFY_SOCKET: a datagram socket of the unix family, by the C library. */
import { dlopen, ptr } from 'bun:ffi';
import { closeSync } from 'node:fs';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;
const DATAGRAM_OCTETS_MAX = 4096;

export interface NotifySocket {
  /** Datagrams that came since the last call. */
  received(): string[];
  close(): void;
}

/** Binds a socket at a path, or at an abstract name that begins with `@`. */
export function openNotifySocket(address: string): NotifySocket {
  const { symbols } = dlopen('libc.so.6', {
    socket: { args: ['int', 'int', 'int'], returns: 'int' },
    bind: { args: ['int', 'ptr', 'u32'], returns: 'int' },
    recv: { args: ['int', 'ptr', 'usize', 'int'], returns: 'i64' },
  });
  const path = Buffer.from(address);
  if (address.startsWith('@')) path[0] = 0;
  const own = Buffer.concat([Buffer.from([AF_UNIX, 0]), path]);
  const fd = symbols.socket(AF_UNIX, SOCK_DGRAM, 0);
  if (symbols.bind(fd, ptr(own), own.length) !== 0) throw new Error(`no socket could be bound at ${address}`);
  const octets = Buffer.alloc(DATAGRAM_OCTETS_MAX);
  return {
    received() {
      const texts: string[] = [];
      for (;;) {
        const length = Number(symbols.recv(fd, ptr(octets), octets.length, MSG_DONTWAIT));
        if (length < 0) return texts;
        texts.push(octets.toString('utf8', 0, length));
      }
    },
    close: () => closeSync(fd),
  };
}
