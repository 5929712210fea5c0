import { ptr } from 'bun:ffi';
import { libc } from '../line/libc.ts';

/** `struct termios` of the Linux kernel: c_cflag is its third word; room to spare. */
const STRUCT_OCTETS = 64;
const TCGETS = 0x5401;
const CFLAG_AT = 8;
const CBAUD = 0o10017;
/** Speed codes of <asm-generic/termbits.h>. */
const SPEEDS: Readonly<Record<number, number>> = {
  0o11: 1200,
  0o13: 2400,
  0o14: 4800,
  0o15: 9600,
  0o16: 19_200,
  0o17: 38_400,
  0o10001: 57_600,
  0o10002: 115_200,
  0o10003: 230_400,
  0o10004: 460_800,
  0o10007: 921_600,
};

/** The line rate the terminal `fd` is set to, in baud; null for a rate no modem here knows. */
export function baudOf(fd: number): number | null {
  const termios = new Uint8Array(STRUCT_OCTETS);
  if (libc().ioctl(fd, TCGETS, ptr(termios)) !== 0) return null;
  return SPEEDS[new DataView(termios.buffer).getUint32(CFLAG_AT, true) & CBAUD] ?? null;
}
