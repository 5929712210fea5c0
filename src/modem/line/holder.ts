import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * The process that has the device open, as `ModemManager (pid 812)`, or null when none can be seen (other users' processes are hidden from
 * us unless we run as root). `ownPid` is left out.
 */
export function holderOf(path: string, ownPid: number): string | null {
  const device = attempt(() => realpathSync(path));
  if (device === null) return null;
  for (const pid of attempt(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(pid) || Number(pid) === ownPid) continue;
    const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
    if (descriptors.some((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) === device)) {
      const name = attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? 'a process';
      return `${name} (pid ${pid})`;
    }
  }
  return null;
}

/** /proc changes under the reader: what has just gone is simply not there. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
