import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../lib/errors.ts';
import { partialName } from './files.ts';

const WORK = /^\.smspin-restore-(\w+)\.partial$/;

/** Where a restore unpacks to, named for its moment, as what it puts aside is. */
export function restoreWork(dataDir: string, stamp: string): string {
  return join(dataDir, partialName(`smspin-restore-${stamp}`));
}

/** Where a restore puts what is there. */
export function restoreAside(dataDir: string, stamp: string): string {
  return join(dataDir, `replaced-${stamp}`);
}

/**
 * Refuses, as `unavailable`, a data folder whose database a restore had put aside when it was ended (a power cut): whoever opened it would begin a new, empty house. To be
 * asked where there is no database.
 */
export function refuseInterrupted(dataDir: string, databaseFile: string): void {
  const stamp = stampsOf(dataDir).at(-1);
  if (stamp === undefined) return;
  const aside = join(restoreAside(dataDir, stamp), databaseFile);
  const back = existsSync(aside) ? `, or take back what was there: smspin restore ${aside}` : '';
  throw new Refusal(
    'unavailable',
    `A restore into ${dataDir} was ended before it was done, and there is no database in its place. Restore the same backup again${back}. (For a new, empty house remove ${restoreWork(dataDir, stamp)}.)`,
  );
}

/** Removes what restores left that were ended. By whoever holds the lock of the folder. */
export function removeInterrupted(dataDir: string): void {
  for (const stamp of stampsOf(dataDir)) rmSync(restoreWork(dataDir, stamp), { recursive: true, force: true });
}

function stampsOf(dataDir: string): string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(dataDir)
    .flatMap((name) => WORK.exec(name)?.[1] ?? [])
    .toSorted();
}
