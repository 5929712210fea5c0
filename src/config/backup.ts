import { join } from 'node:path';
import { type Key, listOf, text, whole } from './kinds.ts';

export interface BackupConfig {
  /** 0: none by itself. */
  everyHours: number;
  dir: string;
  keepDaily: number;
  keepWeekly: number;
  /** Public keys of age; without any, backups are not encrypted. */
  recipients: string[];
}

export const RECIPIENT = /^age1[a-z0-9]{58,4000}$/;

export const BACKUP_KEYS = {
  every_hours: whole(0, 8760, 24),
  dir: text('a folder', '', () => true),
  keep_daily: whole(1, 3650, 7),
  keep_weekly: whole(0, 520, 4),
  recipients: listOf(
    'a list of public keys of age such as ["age1..."] (smspin backup key FILE makes one)',
    (value): value is string => typeof value === 'string' && RECIPIENT.test(value),
  ),
};

export function backupConfig(
  value: <T>(section: 'backup', key: string, spec: Key<T>) => T,
  resolve: (path: string) => string,
  dataDir: string,
): BackupConfig {
  const { every_hours, dir, keep_daily, keep_weekly, recipients } = BACKUP_KEYS;
  const folder = value('backup', 'dir', dir);
  return {
    everyHours: value('backup', 'every_hours', every_hours),
    dir: folder === '' ? join(dataDir, 'backups') : resolve(folder),
    keepDaily: value('backup', 'keep_daily', keep_daily),
    keepWeekly: value('backup', 'keep_weekly', keep_weekly),
    recipients: value('backup', 'recipients', recipients),
  };
}
