import { ptr } from 'bun:ffi';
import { fstatSync } from 'node:fs';
import { libc } from './libc.ts';

/**
 * `struct termios` of the Linux kernel (asm-generic/termbits.h, as x86-64, arm64 and most others have it): four flag words, c_line, c_cc[19]:
 * 36 octets; some more are reserved. It is read and written by ioctl rather than through the C library, whose struct and rate numbers differ
 * between libraries and between versions of one.
 */
const STRUCT_OCTETS = 64;
const IFLAG_AT = 0;
const OFLAG_AT = 4;
const CFLAG_AT = 8;
const LFLAG_AT = 12;
const CC_AT = 17;
const VTIME = 5;
const VMIN = 6;

const TCGETS = 0x5401;
const TCSETS = 0x5402;
const TIOCEXCL = 0x540c;

/** IGNBRK BRKINT PARMRK INPCK ISTRIP INLCR IGNCR ICRNL, and the software flow control IXON IXANY IXOFF. */
const INPUT_COOKED = 0o1 | 0o2 | 0o10 | 0o20 | 0o40 | 0o100 | 0o200 | 0o400 | 0o2000 | 0o4000 | 0o10000;
const OPOST = 0o1;
/** ISIG ICANON ECHO ECHONL IEXTEN. */
const LOCAL_COOKED = 0o1 | 0o2 | 0o10 | 0o100 | 0o100000;

const CBAUD = 0o10017;
/** The rate of input when it differs from that of output; zero means the same. */
const CIBAUD = CBAUD << 16;
const CSIZE = 0o60;
const CS8 = 0o60;
const CSTOPB = 0o100;
const CREAD = 0o200;
const PARENB = 0o400;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;

const TCIOFLUSH = 2;
const LOCK_EX_NB = 6;
/** Device majors of Unix98 pseudo-terminals (Linux, Documentation/admin-guide/devices.txt). */
const PTY_MAJORS = { first: 136, last: 143 };

/** The numbers the kernel has for the rates modems are set to (CBAUD). */
const RATES: ReadonlyMap<number, number> = new Map([
  [9_600, 0o15],
  [19_200, 0o16],
  [38_400, 0o17],
  [57_600, 0o10001],
  [115_200, 0o10002],
  [230_400, 0o10003],
  [460_800, 0o10004],
  [921_600, 0o10007],
]);

/** The rates a serial line can be set to, in baud. */
export const BAUD_RATES: readonly number[] = [...RATES.keys()];
export const DEFAULT_BAUD = 115_200;

/**
 * Puts the open terminal `fd` into raw 8N1, without flow control of either kind, ignoring modem lines, and without dropping DTR on close
 * (a drop would hang up or reset some modems at every restart). False when it is no terminal. Throws a RangeError for a rate not in `BAUD_RATES`.
 */
export function makeRaw(fd: number, baud = DEFAULT_BAUD): boolean {
  const rate = RATES.get(baud);
  if (rate === undefined) throw new RangeError(`${baud} baud is none of ${BAUD_RATES.join(', ')}`);
  const termios = new Uint8Array(STRUCT_OCTETS);
  if (libc().ioctl(fd, TCGETS, ptr(termios)) !== 0) return false;
  const view = new DataView(termios.buffer);
  change(view, IFLAG_AT, INPUT_COOKED, 0);
  change(view, OFLAG_AT, OPOST, 0);
  change(view, LFLAG_AT, LOCAL_COOKED, 0);
  change(view, CFLAG_AT, CBAUD | CIBAUD | CSIZE | CSTOPB | PARENB | HUPCL | CRTSCTS, rate | CS8 | CREAD | CLOCAL);
  termios[CC_AT + VMIN] = 1;
  termios[CC_AT + VTIME] = 0;
  return libc().ioctl(fd, TCSETS, ptr(termios)) === 0;
}

/** Throws away what lies unread and unsent in the driver. */
export function flush(fd: number): void {
  libc().tcflush(fd, TCIOFLUSH);
}

/**
 * Claims the open device: an advisory lock against a second process of ours (gone with the process, even on kill -9), and TIOCEXCL against
 * everybody else. False when somebody holds the lock.
 */
export function claim(fd: number): boolean {
  if (libc().flock(fd, LOCK_EX_NB) !== 0) return false;
  // A pseudo-terminal keeps TIOCEXCL for as long as anybody has it open, so its other side would hold the flag beyond our own death.
  if (!isPseudoTerminal(fd)) libc().ioctl(fd, TIOCEXCL, null);
  return true;
}

function isPseudoTerminal(fd: number): boolean {
  const major = (fstatSync(fd).rdev >> 8) & 0xfff;
  return major >= PTY_MAJORS.first && major <= PTY_MAJORS.last;
}

function change(view: DataView, at: number, off: number, on: number): void {
  view.setUint32(at, ((view.getUint32(at, true) & ~off) | on) >>> 0, true);
}
