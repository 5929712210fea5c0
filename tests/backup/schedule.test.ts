import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupName, listBackups } from '../../src/backup/files.ts';
import type { BackupJob, BackupMade } from '../../src/backup/make.ts';
import { startBackups } from '../../src/backup/schedule.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { START_MS, TestClock } from '../support/house.ts';

const HOUR_MS = 3_600_000;
const root = mkdtempSync(join(tmpdir(), 'smspin-schedule-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The one timer of the schedule, fired by hand. */
class OneTimer implements Timers {
  atMs: number | null = null;
  #fire: () => void = () => {};
  #jump: () => void = () => {};
  set(_key: string, atMs: number, fire: () => void): void {
    this.atMs = atMs;
    this.#fire = fire;
  }
  cancel(): void {
    this.atMs = null;
  }
  onJump(rebuild: (byMs: number) => void): void {
    this.#jump = () => rebuild(0);
  }
  get size() {
    return this.atMs === null ? 0 : 1;
  }
  stop(): void {}
  fire(): void {
    this.atMs = null;
    this.#fire();
  }
  jump(): void {
    this.#jump();
  }
}

/** A schedule whose backups are empty files, or fail as long as `broken` says why. */
function schedule(everyHours = 24) {
  const dir = join(root, `${Math.random()}`);
  mkdirSync(dir);
  const [clock, timers, troubles] = [new TestClock(), new OneTimer(), openTroubles(() => 1)];
  const jobs: BackupJob[] = [];
  const state = { broken: null as string | null, killed: 0 };
  const start = (job: BackupJob) => {
    jobs.push(job);
    const made: BackupMade =
      state.broken === null
        ? { ok: true, path: job.path, octets: 1, sha256: '', manifest: {} as never, durationMs: 1 }
        : { ok: false, problem: state.broken };
    if (made.ok) writeFileSync(job.path, '');
    return { ended: Promise.resolve(made), kill: () => void state.killed++ };
  };
  const keep = { daily: 2, weekly: 0 };
  const plan = { everyHours, dir, keep, recipients: ['age1x'] };
  const backups = startBackups({ ...{ plan, dataDir: '/data', latestSchema: 26, clock, timers, troubles, start }, log: silentLog });
  /** Goes to the timer's time and lets what it starts end. */
  const come = async () => {
    clock.ms = timers.atMs ?? clock.ms;
    timers.fire();
    await Bun.sleep(0);
  };
  return { dir, clock, timers, troubles, jobs, state, backups, come };
}

test('the first comes a quarter of an hour after the start, each next one a day after the last, and old ones go', async () => {
  const { dir, clock, timers, jobs, come } = schedule();
  expect(timers.atMs).toBe(START_MS + HOUR_MS / 4);
  for (let day = 0; day < 4; day++) {
    await come();
    expect(jobs[day]).toMatchObject({ dataDir: '/data', recipients: ['age1x'], latestSchema: 26, atMs: clock.ms });
    expect(timers.atMs).toBe(clock.ms + 24 * HOUR_MS);
  }
  expect(listBackups(dir).map(({ name }) => name)).toEqual([0, 1].map((days) => backupName(clock.ms - days * 24 * HOUR_MS, true)));
});

test('one that fails is tried again within the hour, and the operator is told until one is made', async () => {
  const { clock, timers, troubles, state, come } = schedule();
  state.broken = 'Too little is free.';
  await come();
  expect(troubles.standing()).toMatchObject([{ code: 'backup', text: expect.stringContaining('Too little is free. It is tried again') }]);
  expect(timers.atMs).toBe(clock.ms + HOUR_MS);
  state.broken = null;
  await come();
  expect(troubles.standing()).toEqual([]);
});

test('one that was made by hand counts; after the clock was set, the time is reckoned anew; 0 hours means never', () => {
  const { dir, clock, timers } = schedule();
  writeFileSync(join(dir, backupName(START_MS + HOUR_MS, false)), '');
  clock.pass(2 * HOUR_MS);
  timers.jump();
  expect(timers.atMs).toBe(START_MS + 25 * HOUR_MS);
  expect(schedule(0).timers.atMs).toBeNull();
});

test('after the clock was set back one is made at once, and the next when it is due: not one after the other until the disk is full', async () => {
  const { dir, clock, timers, jobs, come } = schedule();
  await come();
  clock.setForward(-400 * 24 * HOUR_MS);
  timers.jump();
  await come();
  expect([jobs.length, timers.atMs]).toEqual([2, clock.ms + 24 * HOUR_MS]);
  await come();
  expect([jobs.length, listBackups(dir).length, timers.atMs]).toEqual([3, 3, clock.ms + 24 * HOUR_MS]);
});

test('stopping ends one under way and sets no timer', () => {
  const { backups, timers, state } = schedule();
  timers.fire();
  backups.stop();
  expect([state.killed, timers.size]).toEqual([1, 0]);
});
