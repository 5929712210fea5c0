import { expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type BackupFile, backupName, listBackups, outdated, removePartials, rotate } from '../../src/backup/files.ts';
import { nextDueMs } from '../../src/backup/schedule.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A Sunday. */
const NOW_MS = Date.UTC(2026, 10, 29, 12);
const made = (...hoursAgo: number[]): BackupFile[] =>
  hoursAgo.map((hours) => ({ name: backupName(NOW_MS - hours * HOUR_MS, false), atMs: NOW_MS - hours * HOUR_MS, encrypted: false }));
const hoursOf = (files: readonly BackupFile[]) => files.map(({ atMs }) => (NOW_MS - atMs) / HOUR_MS);

test('of the last day all are kept, of the days before the newest of each, of the weeks before the newest of each', () => {
  const all = made(0, 1, 13, 23, 25, 26, 49, 73, 97, 24 * 7, 24 * 8, 24 * 14, 24 * 15, 24 * 21, 24 * 35, 24 * 100);
  const gone = hoursOf(outdated(all, { daily: 3, weekly: 4 }, NOW_MS));
  expect(gone).toEqual([25, 26, 73, 97, 24 * 8, 24 * 15, 24 * 35, 24 * 100]);
});

test('whatever is kept: the newest stays, nothing younger than a day goes, and turning twice takes nothing more', () => {
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 24 * 400 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(hours, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 20 }), (ages, daily, weekly) => {
      const all = made(...ages);
      const gone = outdated(all, { daily, weekly }, NOW_MS);
      const kept = all.filter((one) => !gone.includes(one));
      expect(gone.every(({ atMs }) => NOW_MS - atMs >= DAY_MS)).toBe(true);
      expect(kept.some(({ atMs }) => atMs === Math.max(...all.map((one) => one.atMs)))).toBe(true);
      expect(outdated(kept, { daily, weekly }, NOW_MS)).toEqual([]);
      expect(kept.filter(({ atMs }) => NOW_MS - atMs >= DAY_MS).length).toBeLessThanOrEqual(daily + weekly);
    }),
  );
});

test('those of the future, from before the clock was set back, are kept and take the place of none', () => {
  const all = made(-24 * 400, -24 * 30, 0, 25, 49, 73);
  expect(hoursOf(outdated(all, { daily: 3, weekly: 0 }, NOW_MS))).toEqual([73]);
});

test('only files that are called like our backups are seen and removed; what an ended one left goes when nothing was written to it for long', () => {
  const dir = mkdtempSync(join(tmpdir(), 'smspin-rotate-'));
  const old = backupName(NOW_MS - 500 * DAY_MS, true);
  const names = [old, backupName(NOW_MS, false), 'before-0022.db', 'smspin.db', 'notes.txt', 'smspin-20260101T000000Z.tar.zst.bak'];
  for (const name of names) writeFileSync(join(dir, name), '');
  expect(listBackups(dir).map(({ name, encrypted }) => [name, encrypted])).toEqual([
    [backupName(NOW_MS, false), false],
    [old, true],
  ]);
  expect(rotate(dir, { daily: 1, weekly: 0 }, NOW_MS)).toEqual([old]);
  writeFileSync(join(dir, `.${old}.partial`), '');
  removePartials(dir, DAY_MS, Date.now());
  expect(readdirSync(dir)).toContain(`.${old}.partial`);
  utimesSync(join(dir, `.${old}.partial`), new Date(0), new Date(0));
  removePartials(dir, DAY_MS, Date.now());
  expect(readdirSync(dir).toSorted()).toEqual(names.filter((name) => name !== old).toSorted());
  rmSync(dir, { recursive: true });
});

test.each([
  ['none yet', null, NOW_MS],
  ['an old one', NOW_MS - 30 * HOUR_MS, NOW_MS - 6 * HOUR_MS],
  ['a fresh one', NOW_MS - HOUR_MS, NOW_MS + 23 * HOUR_MS],
] as const)('the next is due with %s', (_, newest, due) => expect(nextDueMs(newest, 24, NOW_MS)).toBe(due));
