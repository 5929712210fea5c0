import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import { backupName, type Keeping, newestUntil, rotate } from './files.ts';
import type { BackupMade } from './make.ts';
import { type MakingBackup, startBackup } from './start.ts';

const HOUR_MS = 3_600_000;
/** After a start the modems and customers come first. */
const FIRST_AFTER_MS = 15 * 60_000;
const AGAIN_MS = HOUR_MS;

export interface BackupPlan {
  /** 0: never by itself. */
  everyHours: number;
  dir: string;
  keep: Keeping;
  recipients: readonly string[];
}

/** Makes a backup whenever the newest one in the folder is old enough, whoever made that, and takes away what need not be kept. */
export interface Backups {
  stop(): void;
}

export function startBackups(deps: {
  plan: BackupPlan;
  dataDir: string;
  latestSchema: number;
  clock: Clock;
  timers: Timers;
  log: Log;
  troubles: Troubles;
  start?: typeof startBackup;
}): Backups {
  const { plan, clock, timers, log, troubles, start = startBackup } = deps;
  const startedMs = clock.monotonicMs();
  let making: MakingBackup | null = null;
  let stopped = false;

  function setTimer(notBeforeMs = clock.nowMs() + FIRST_AFTER_MS - (clock.monotonicMs() - startedMs)): void {
    if (stopped || making !== null || plan.everyHours === 0) return;
    const nowMs = clock.nowMs();
    const dueMs = nextDueMs(newestUntil(plan.dir, nowMs)?.atMs ?? null, plan.everyHours, nowMs);
    timers.set('backup', Math.max(notBeforeMs, dueMs), () => void make());
  }

  async function make(): Promise<void> {
    const atMs = clock.nowMs();
    const { recipients, dir } = plan;
    const path = join(dir, backupName(atMs, recipients.length > 0));
    making = start({ dataDir: deps.dataDir, path, recipients, atMs, latestSchema: deps.latestSchema });
    const made = await making.ended;
    making = null;
    if (stopped) return;
    settle(made, atMs);
    setTimer(made.ok ? 0 : clock.nowMs() + Math.min(AGAIN_MS, plan.everyHours * HOUR_MS));
  }

  function settle(made: BackupMade, atMs: number): void {
    if (!made.ok) {
      log.error('backup_failed', { error: made.problem });
      troubles.failed('backup', `No backup was made. ${made.problem} It is tried again within the hour.`);
      return;
    }
    troubles.mended('backup');
    const { path, octets, sha256, durationMs } = made;
    log.info('backup_made', { path, octets, sha256, duration_ms: durationMs });
    try {
      const removed = rotate(plan.dir, plan.keep, atMs);
      if (removed.length > 0) log.info('backups_removed', { count: removed.length, oldest: removed.at(-1) ?? null });
    } catch (thrown) {
      log.error('backups_not_rotated', { error: messageOf(thrown) });
    }
  }

  setTimer();
  timers.onJump(() => setTimer());
  return {
    stop() {
      stopped = true;
      timers.cancel('backup');
      making?.kill();
    },
  };
}

/** When the next one is due: `everyHours` after the newest, or at once without any. Pure. */
export function nextDueMs(newestAtMs: number | null, everyHours: number, nowMs: number): number {
  return newestAtMs === null ? nowMs : newestAtMs + everyHours * HOUR_MS;
}
