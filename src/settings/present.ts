import type { Database } from 'bun:sqlite';
import { LIVE_SETTINGS, type LiveSetting } from '../config/live.ts';
import { changesOfSetting, type SettingChange } from './changes.ts';
import type { LiveConfig } from './live.ts';

export interface SettingView extends Pick<LiveSetting, 'key' | 'label' | 'effect' | 'unit' | 'allowed' | 'choices'> {
  /** What holds, and what the file says, as it is typed. */
  now: string;
  file: string;
  /** Who set what holds, or null where the file's does. */
  set: { email: string; atMs: number } | null;
  /** The newest first. */
  history: { atMs: number; email: string; before: string; after: string; isFile: boolean }[];
}

const HISTORY_SHOWN = 10;

export function settingViews(db: Database, live: LiveConfig): SettingView[] {
  return LIVE_SETTINGS.map((setting) => {
    const { key, label, effect, unit, allowed, choices } = setting;
    const changes = changesOfSetting(db, key, HISTORY_SHOWN + 1);
    const newest = changes[0];
    const isSet = newest?.value != null && setting.typedOf(newest.value) !== null;
    return {
      ...{ key, label, effect, unit, allowed, choices, now: setting.typed(live.config), file: setting.typed(live.file) },
      set: isSet ? { email: newest.email, atMs: newest.atMs } : null,
      history: historyOf(setting, live, changes),
    };
  });
}

function historyOf(setting: LiveSetting, live: LiveConfig, changes: readonly SettingChange[]): SettingView['history'] {
  // What the file said then is not kept; what it says now stands for it.
  const value = (change: SettingChange | undefined): string =>
    (change?.value == null ? null : setting.typedOf(change.value)) ?? setting.typed(live.file);
  return changes.slice(0, HISTORY_SHOWN).map((change, at) => ({
    ...{ atMs: change.atMs, email: change.email, before: value(changes[at + 1]), after: value(change), isFile: change.value === null },
  }));
}
