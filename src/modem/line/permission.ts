import { readFileSync, statSync } from 'node:fs';

/** Why this process may not open a device, and what its owner has to do. */
export function deniedReason(path: string): string {
  const group = groupOf(path);
  const who = group === null ? 'a group this user is not in' : `the group ${group}`;
  const join =
    group === null || group === 'root' ? null : `sudo usermod -aG ${group} USER and a new sign-in (or a restart of the service) lets it`;
  const rule = '`smspin modem scan --udev` prints a udev rule that gives modems to the group dialout';
  return `this user may not open ${path}, which belongs to ${who}: ${join === null ? rule : `${join}; ${rule}`}`;
}

/** How long ago the device node got the permissions it has, in milliseconds; null when it is not there. */
export function permissionsAgeMs(path: string, nowMs: number): number | null {
  try {
    return nowMs - statSync(path).ctimeMs;
  } catch {
    return null;
  }
}

function groupOf(path: string): string | null {
  try {
    const { gid } = statSync(path);
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === String(gid));
    return line?.split(':')[0] ?? String(gid);
  } catch {
    return null;
  }
}
