import type { Database } from 'bun:sqlite';
import type { Space } from '../../disk/space.ts';
import { ALARM_CODES, ALARM_KINDS, isAlarmCode } from '../../lib/alarm-kinds.ts';
import type { Troubles } from '../../lib/troubles.ts';
import { mailTrouble } from '../../mail/trouble.ts';
import type { Condition, Detector } from '../condition.ts';
import { levelOf } from '../state.ts';

const HOUR_MS = 3_600_000;
const MEGABYTE = 1_000_000;
/** So much more must be free before the disk is not low any more. */
const DISK_MARGIN = 1.1;

/** Whether little is free where the data folder lies. 0: that bound does not count. */
export function diskDetector(deps: { space(): Space; diskFreeMegabytes: number; diskFreePercent: number }): Detector {
  const { diskFreeMegabytes, diskFreePercent } = deps;
  return {
    name: 'disk',
    codes: ['disk_low'],
    everyMs: 30_000,
    look() {
      const { freeOctets, totalOctets } = deps.space();
      // Of the two bounds the one that is reached first.
      const threshold = Math.max(diskFreeMegabytes, (diskFreePercent / 100) * (totalOctets / MEGABYTE));
      const value = freeOctets / MEGABYTE;
      const level = threshold === 0 ? 'good' : levelOf(value, { is: 'below', threshold, clearAt: threshold * DISK_MARGIN });
      if (level === 'good') return [];
      const percent = totalOctets === 0 ? 0 : (100 * freeOctets) / totalOctets;
      const text = `${Math.round(value).toLocaleString('en')} MB are free where the data folder lies, ${percent.toFixed(1)} % of the disk.`;
      return [{ code: 'disk_low', subject: '', level, text, value, threshold: Math.round(threshold) }];
    },
    why: () => 'There is room again.',
  };
}

/** Whether the last good backup is too old; without any, counted from the start. `scheduled` false: nobody wants backups by itself, so that none is old. */
export function backupDetector(deps: {
  lastBackupAtMs(): number | null;
  scheduled: boolean;
  backupHours: number;
  nowMs(): number;
  firstStartAtMs(): number;
}): Detector {
  const { backupHours, nowMs } = deps;
  return {
    name: 'backup',
    codes: ['backup_old'],
    everyMs: 600_000,
    look() {
      if (!deps.scheduled || backupHours === 0) return [];
      const lastMs = deps.lastBackupAtMs();
      const value = (nowMs() - (lastMs ?? deps.firstStartAtMs())) / HOUR_MS;
      if (value <= backupHours) return [];
      const text =
        lastMs === null
          ? 'No good backup was ever made.'
          : `The last good backup is of ${new Date(lastMs).toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
      return [{ code: 'backup_old', subject: '', text, value, threshold: backupHours }];
    },
    why: () => 'A backup was made.',
  };
}

/** What fails in the background, as lib/troubles.ts keeps it; what has no row of its own in the table of kinds is `work_failing`. */
export function troubleDetector({ troubles }: { troubles: Pick<Troubles, 'standing'> }): Detector {
  return {
    name: 'troubles',
    codes: ALARM_CODES.filter((code) => ALARM_KINDS[code].about === 'work'),
    everyMs: 10_000,
    look: () =>
      troubles
        .standing()
        .map(
          ({ code, text, sinceMs }): Condition =>
            isAlarmCode(code) ? { code, subject: '', text, sinceMs } : { code: 'work_failing', subject: code, text, sinceMs },
        ),
    why: () => 'It works again.',
  };
}

export function mailDetector({ db }: { db: Database }): Detector {
  return {
    name: 'mail',
    codes: ['mail_stuck'],
    everyMs: 60_000,
    look() {
      const trouble = mailTrouble(db);
      if (trouble === null) return [];
      const { attempts, detail, sinceMs } = trouble;
      return [{ code: 'mail_stuck', subject: '', text: `${attempts} attempts failed: ${detail}`, sinceMs }];
    },
    why: () => 'The mail server took a mail.',
  };
}
