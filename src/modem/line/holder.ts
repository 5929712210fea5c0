import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that has a device open. */
export interface Holder {
  pid: number;
  /** Its short name, as `ModemManager`. */
  name: string;
  /** Whether it is a server of ours (`smspin serve`, however it was started). */
  isServer: boolean;
}

/** The executable, or the file that Bun runs. */
const OURS = /(^|\/)(smspin|src\/main\.ts)$/;

export function describeHolder({ name, pid, isServer }: Holder): string {
  return isServer ? `the SMSPin server (pid ${pid})` : `${name} (pid ${pid})`;
}

/** Who has which of these devices (real paths, no links) open, in one pass over all processes that can be seen. */
export function holdersOf(devices: readonly string[], ownPid: number, proc = '/proc'): Map<string, Holder> {
  const found = new Map<string, Holder>();
  for (const _ of walk(new Set(devices), ownPid, proc, found));
  return found;
}

/** The same, in slices of a few milliseconds: thousands of processes and descriptors must not keep a message waiting. */
export async function holdersInSlices(devices: readonly string[], ownPid: number, proc = '/proc'): Promise<Map<string, Holder>> {
  const found = new Map<string, Holder>();
  let sinceMs = performance.now();
  for (const _ of walk(new Set(devices), ownPid, proc, found)) {
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await Bun.sleep(PAUSE_MS);
    sinceMs = performance.now();
  }
  return found;
}

const SLICE_MS = 2;
const PAUSE_MS = 4;

/** Yields after each descriptor, so that the caller may stop for a moment anywhere. */
function* walk(wanted: ReadonlySet<string>, ownPid: number, proc: string, found: Map<string, Holder>): Generator<void> {
  for (const pid of processes(proc)) {
    if (pid === ownPid) continue;
    yield;
    for (const fd of attempt(() => readdirSync(`${proc}/${pid}/fd`)) ?? []) {
      yield;
      const target = attempt(() => readlinkSync(`${proc}/${pid}/fd/${fd}`));
      if (target === null || !wanted.has(target) || found.get(target)?.isServer === true) continue;
      const holder = describe(proc, pid);
      // A server of ours tells more than whoever else has it open, as the emulator behind a pseudo-terminal has.
      if (holder.isServer || !found.has(target)) found.set(target, holder);
    }
  }
}

/** The processes of one of these names that run now. */
export function runningAmong(names: readonly string[], proc = '/proc'): { name: string; pid: number }[] {
  return processes(proc).flatMap((pid) => {
    const name = nameOf(proc, pid);
    return names.includes(name) ? [{ name, pid }] : [];
  });
}

function processes(proc: string): number[] {
  return (attempt(() => readdirSync(proc)) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

function describe(proc: string, pid: number): Holder {
  const words = (attempt(() => readFileSync(`${proc}/${pid}/cmdline`, 'utf8')) ?? '').split('\0').filter((word) => word !== '');
  const program = words.slice(0, 3).findIndex((word) => OURS.test(word));
  return { pid, name: nameOf(proc, pid) || 'a process', isServer: program >= 0 && words[program + 1] === 'serve' };
}

function nameOf(proc: string, pid: number): string {
  return attempt(() => readFileSync(`${proc}/${pid}/comm`, 'utf8').trim()) ?? '';
}

/** /proc changes under the reader: what has just gone is simply not there. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
