import { dlopen } from 'bun:ffi';

/** The few libc calls Bun does not offer itself. All of them return at once: none may block the one thread that reads every modem. */
const SYMBOLS = {
  tcflush: { args: ['int', 'int'], returns: 'int' },
  ioctl: { args: ['int', 'u64', 'ptr'], returns: 'int' },
  flock: { args: ['int', 'int'], returns: 'int' },
  posix_openpt: { args: ['int'], returns: 'int' },
  grantpt: { args: ['int'], returns: 'int' },
  unlockpt: { args: ['int'], returns: 'int' },
  ptsname_r: { args: ['int', 'ptr', 'usize'], returns: 'int' },
  socket: { args: ['int', 'int', 'int'], returns: 'int' },
  sendto: { args: ['int', 'ptr', 'usize', 'int', 'ptr', 'u32'], returns: 'i64' },
} as const;

/** glibc first, then the names musl goes by. */
const NAMES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

function load() {
  const refusals: string[] = [];
  for (const name of NAMES) {
    try {
      return dlopen(name, SYMBOLS).symbols;
    } catch (thrown) {
      refusals.push(`${name}: ${String(thrown)}`);
    }
  }
  throw new Error(`no C library could be opened, so no serial port can be: ${refusals.join('; ')}`);
}

let loaded: ReturnType<typeof load> | undefined;

/** The C library, opened on first use, so that importing this room costs nothing. Throws when the system has none. */
export function libc(): ReturnType<typeof load> {
  loaded ??= load();
  return loaded;
}
