import { ptr } from 'bun:ffi';
import { fstatSync } from 'node:fs';
import { libc } from './libc.ts';

/**
 * `struct termios` of Linux' C libraries on x86-64 and arm64: four flag words, c_line, c_cc[32], two speeds. 60 octets; a little more is
 * reserved so that another layout cannot write beyond it.
 */
const STRUCT_OCTETS = 128;
const CFLAG_AT = 8;
const CC_AT = 17;
const VTIME = 5;
const VMIN = 6;
const B115200 = 0o010002;
const CSTOPB = 0o100;
const CREAD = 0o200;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;
const TCSANOW = 0;
const TCIOFLUSH = 2;
const TIOCEXCL = 0x540c;
const LOCK_EX_NB = 6;
/** Device majors of Unix98 pseudo-terminals (Linux, Documentation/admin-guide/devices.txt). */
const PTY_MAJORS = { first: 136, last: 143 };

/**
 * Puts the open terminal `fd` into raw 8N1 at 115200 baud, without flow control, ignoring modem lines, and without dropping DTR on close
 * (a drop would hang up or reset some modems at every restart). False when it is no terminal.
 */
export function makeRaw(fd: number): boolean {
  const { tcgetattr, tcsetattr, cfmakeraw, cfsetspeed } = libc();
  const termios = new Uint8Array(STRUCT_OCTETS);
  const at = ptr(termios);
  if (tcgetattr(fd, at) !== 0) return false;
  cfmakeraw(at);
  cfsetspeed(at, B115200);
  const view = new DataView(termios.buffer);
  const flags = view.getUint32(CFLAG_AT, true);
  view.setUint32(CFLAG_AT, ((flags | CREAD | CLOCAL) & ~(CSTOPB | HUPCL | CRTSCTS)) >>> 0, true);
  termios[CC_AT + VMIN] = 1;
  termios[CC_AT + VTIME] = 0;
  return tcsetattr(fd, TCSANOW, at) === 0;
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
