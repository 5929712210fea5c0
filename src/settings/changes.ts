import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { LiveSetting } from '../config/live.ts';
import type { Tx } from '../db/write.ts';
import { setLowBalanceDefault } from '../mail/preferences.ts';
import type { LiveConfig } from './live.ts';

export interface SettingChange {
  id: number;
  key: string;
  /** JSON; null: what the file says. */
  value: string | null;
  email: string;
  atMs: number;
}

const CHANGE = 'SELECT c.id, c.key, c.value, u.email, c.at_ms AS atMs FROM setting_changes c JOIN users u ON u.id = c.user_id';

/** The newest change of each key. */
export function changesInForce(db: Database): Map<string, SettingChange> {
  const rows = db.query<SettingChange, []>(`${CHANGE} WHERE c.id IN (SELECT max(id) FROM setting_changes GROUP BY key)`).all();
  return new Map(rows.map((row) => [row.key, row]));
}

/** The newest changes of one key, the newest first. */
export function changesOfSetting(db: Database, key: string, limit: number): SettingChange[] {
  return db
    .query<SettingChange, { key: string; limit: number }>(`${CHANGE} WHERE c.key = $key ORDER BY c.id DESC LIMIT $limit`)
    .all({ key, limit });
}

/**
 * Keeps what an operator set, `null` for what the file says, and notes it in the audit log; it holds from the commit on. `seen` is what the operator saw on
 * the page: `stale` when something else holds by now, `same` when nothing would change. A form that was sent twice changes nothing the second time.
 */
export function changeSetting(
  tx: Tx,
  live: LiveConfig,
  change: { userId: string; setting: LiveSetting; value: string | null; seen: string },
): 'changed' | 'same' | 'stale' {
  const { userId, setting, value, seen } = change;
  // What is kept and not what this process took up: a command may have written in between.
  const kept = changesOfSetting(tx.db, setting.key, 1)[0]?.value ?? null;
  const before = (kept === null ? null : setting.typedOf(kept)) ?? setting.typed(live.file);
  const after = (value === null ? null : setting.typedOf(value)) ?? setting.typed(live.file);
  if (before === after && (kept === null) === (value === null)) return 'same';
  if (before !== seen) return 'stale';
  tx.db
    .query('INSERT INTO setting_changes (key, value, user_id, at_ms) VALUES ($key, $value, $userId, $now)')
    .run({ key: setting.key, value, userId, now: tx.nowMs });
  if (setting.key === 'money.low_balance') setLowBalanceDefault(tx, Number(after));
  const where = value === null ? ', as the file says' : '';
  writeAudit(tx, { userId, action: 'setting.change', target: setting.key, detail: `From ${said(before)} to ${said(after)}${where}.` });
  tx.afterCommit(() => void live.refresh());
  return 'changed';
}

const said = (typed: string): string => (typed === '' ? 'nothing' : typed);
