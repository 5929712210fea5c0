import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A finished backup in a folder. */
export interface BackupFile {
  name: string;
  atMs: number;
  encrypted: boolean;
}

export interface Keeping {
  daily: number;
  weekly: number;
}

const NAME = /^smspin-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.zst(\.age)?$/;
/** What a backup is called, or its folder, while it is made: starts with a dot, so that nobody takes it for one. */
const PARTIAL = /^\.smspin-.*\.partial$/;
const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** 1970-01-05 was a Monday. */
const MONDAY_MS = 4 * DAY_MS;

export function backupName(atMs: number, encrypted: boolean): string {
  const at = new Date(atMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  return `smspin-${at}.tar.zst${encrypted ? '.age' : ''}`;
}

export function partialName(name: string): string {
  return `.${name}.partial`;
}

/**
 * Where a backup is made: the folder of its copy, and the file of its archive until that gets its name. The copy is not encrypted: where the archive will be, because the
 * place it goes to is not to be trusted with what is in it, the copy stays in the data folder.
 */
export function placesOf({ dataDir, path, recipients }: { dataDir: string; path: string; recipients: readonly string[] }): {
  work: string;
  archive: string;
} {
  const [folder, name] = [dirname(path), basename(path)];
  const isApart = recipients.length > 0 && folder !== dataDir;
  const work = join(isApart ? dataDir : folder, partialName(name));
  return { work, archive: isApart ? join(folder, partialName(name)) : join(work, name) };
}

/** The backups in a folder, newest first; none when there is no such folder. What is not called like one is not ours. */
export function listBackups(folder: string): BackupFile[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).flatMap((name) => {
    const [, ...parts] = NAME.exec(name) ?? [];
    if (parts.length === 0) return [];
    const [year, month, day, hour, minute, second] = parts.slice(0, 6).map(Number) as [number, number, number, number, number, number];
    return [{ name, atMs: Date.UTC(year, month - 1, day, hour, minute, second), encrypted: parts[6] !== undefined }];
  });
  return found.toSorted((left, right) => right.atMs - left.atMs);
}

/**
 * The newest backup that is not of the future, or null. A clock that was set back leaves names behind that say they are newer than any that is made from then on:
 * they are kept, and tell neither that one was made lately nor when the next is due.
 */
export function newestUntil(folder: string, nowMs: number): BackupFile | null {
  return listBackups(folder).find(({ atMs }) => atMs <= nowMs) ?? null;
}

/**
 * Which backups may go: what is neither younger than a day, nor the newest of one of the last `daily` days that have one, nor the newest of one of the last
 * `weekly` weeks (from Monday, UTC) that have one. The newest of all is always kept, and so are those of the future, which take nobody's place. Pure.
 */
export function outdated(backups: readonly BackupFile[], keep: Keeping, nowMs: number): BackupFile[] {
  const newestFirst = backups.filter(({ atMs }) => atMs <= nowMs).toSorted((left, right) => right.atMs - left.atMs);
  const kept = new Set(newestFirst.filter(({ atMs }, index) => index === 0 || nowMs - atMs < DAY_MS));
  for (const one of newestOfEach(newestFirst, ({ atMs }) => Math.floor(atMs / DAY_MS)).slice(0, keep.daily)) kept.add(one);
  const weekOf = ({ atMs }: BackupFile): number => Math.floor((atMs - MONDAY_MS) / (WEEK_DAYS * DAY_MS));
  for (const one of newestOfEach(newestFirst, weekOf).slice(0, keep.weekly)) kept.add(one);
  return newestFirst.filter((one) => !kept.has(one));
}

function newestOfEach(newestFirst: readonly BackupFile[], groupOf: (one: BackupFile) => number): BackupFile[] {
  return [...Map.groupBy(newestFirst, groupOf).values()].flatMap((group) => group.slice(0, 1));
}

/** Removes what may go; the names of what was removed. */
export function rotate(folder: string, keep: Keeping, nowMs: number): string[] {
  const old = outdated(listBackups(folder), keep, nowMs);
  for (const { name } of old) rmSync(join(folder, name), { force: true });
  return old.map(({ name }) => name);
}

/** Removes what a backup left that was ended in the middle (a crash, a power cut), if nothing was written to it for `olderThanMs`: another may be at work. */
export function removePartials(folder: string, olderThanMs: number, nowMs: number): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (PARTIAL.test(name) && nowMs - writtenAtMs(path) > olderThanMs) rmSync(path, { recursive: true, force: true });
  }
}

/** When a folder, or anything in it, was last written to. */
function writtenAtMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}
