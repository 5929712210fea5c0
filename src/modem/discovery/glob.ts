import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MAGIC = /[*?[\]{}]/;

/** True when the port names a pattern (`/dev/ttyUSB*`) rather than one device. */
export function isPattern(port: string): boolean {
  return MAGIC.test(port);
}

/**
 * The paths a pattern stands for now, sorted so that tty2 comes before tty10. Devices and dangling or live symbolic links count alike:
 * what cannot be opened is found out on opening. Folders that cannot be read hold nothing.
 */
export function expandPattern(pattern: string): string[] {
  const segments = pattern.split('/').filter((segment) => segment !== '');
  let paths = [pattern.startsWith('/') ? '/' : '.'];
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    paths = paths.flatMap((folder) => (MAGIC.test(segment) ? matches(folder, segment) : plain(join(folder, segment), isLast)));
  }
  return paths.toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }));
}

function matches(folder: string, segment: string): string[] {
  const glob = new Bun.Glob(segment);
  return entriesOf(folder)
    .filter((name) => glob.match(name))
    .map((name) => join(folder, name));
}

function plain(path: string, isLast: boolean): string[] {
  return !isLast || existsSync(path) ? [path] : [];
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
