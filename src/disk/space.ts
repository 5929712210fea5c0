import { statfsSync } from 'node:fs';

/** What is free for this user and what there is, in octets. */
export interface Space {
  freeOctets: number;
  totalOctets: number;
}

/** The space of the disk that a folder lies on. Throws when that cannot be told. */
export function spaceOf(folder: string): Space {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeOctets: bavail * bsize, totalOctets: blocks * bsize };
}

/** `1.2 GB`, `340 MB`: for people, powers of ten as disks are sold. */
export function shownOctets(octets: number): string {
  if (octets >= 1e9) return `${(octets / 1e9).toFixed(1)} GB`;
  if (octets >= 1e6) return `${Math.round(octets / 1e6)} MB`;
  return `${Math.round(octets / 1e3)} kB`;
}
