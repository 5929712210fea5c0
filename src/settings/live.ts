import type { Database } from 'bun:sqlite';
import { LIVE_SETTINGS } from '../config/live.ts';
import type { Config } from '../config.ts';
import type { Log } from '../lib/log.ts';
import { changesInForce } from './changes.ts';

/** The configuration as it holds: the file's, and over it what an operator set while running. */
export interface LiveConfig {
  /** Read a value when it is used: some of them change. */
  readonly config: Config;
  /** As the file and the environment say it. */
  readonly file: Config;
  /** Reads again what is kept, after this process or another one changed it. */
  refresh(): void;
  /** Calls `listener` whenever something may be different. */
  onChange(listener: () => void): void;
}

/** Lays what is kept over the configuration of the file. A kept value that this release does not allow is logged, and the file's holds. */
export function openSettings(db: Database, file: Config, log: Pick<Log, 'warn'>): LiveConfig {
  const config = structuredClone(file);
  const listeners: (() => void)[] = [];
  let seen = 0;
  const refresh = (): void => {
    const newest = db.query<{ id: number | null }, []>('SELECT max(id) AS id FROM setting_changes').get()?.id ?? 0;
    if (newest === seen) return;
    seen = newest;
    const kept = changesInForce(db);
    for (const setting of LIVE_SETTINGS) {
      const json = kept.get(setting.key)?.value ?? null;
      if (json !== null && setting.apply(config, json)) continue;
      if (json !== null) log.warn('setting_not_allowed', { key: setting.key, allowed: setting.allowed });
      setting.copy(file, config);
    }
    for (const listener of listeners) listener();
  };
  refresh();
  return { config, file, refresh, onChange: (listener) => void listeners.push(listener) };
}

/** What only describes the house, or is tested without changes: the file's values, for good. */
export function fixedSettings(file: Config): LiveConfig {
  return { config: file, file, refresh() {}, onChange() {} };
}
