import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is in the folder (new names, renames) is on the disk when it returns. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The octets of a file are on the disk when it returns. */
export function syncFile(path: string): void {
  syncFolder(path);
}

/** A folder for its owner alone, on the disk when it returns: backups hold codes, money and keys. */
export function makePrivateFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(folder));
}
