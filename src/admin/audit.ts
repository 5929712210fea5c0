import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { addLink } from './audit-chain.ts';

export interface AuditEntry {
  id: string;
  atMs: number;
  /** The address of who did it, or `by command`. */
  email: string;
  action: string;
  target: string;
  detail: string;
}

const DETAIL_CHARACTERS_MAX = 1000;
/** Who stands at an entry without an account: whoever may run commands on the box. */
export const BY_COMMAND = 'by command';

/** Notes what an operator, or (`userId` null) a command did, to what, and what came of it; never a PIN or a code. Returns the entry's id. */
export function writeAudit(tx: Tx, entry: { userId: string | null; action: string; target: string; detail: string }): string {
  const { userId, action, target } = entry;
  const detail = entry.detail.slice(0, DETAIL_CHARACTERS_MAX).toWellFormed();
  const { lastInsertRowid } = tx.db
    .query('INSERT INTO audit (at_ms, user_id, action, target, detail) VALUES ($now, $userId, $action, $target, $detail)')
    .run({ now: tx.nowMs, userId, action, target, detail });
  addLink(tx.db, Number(lastInsertRowid));
  return String(lastInsertRowid);
}

const ENTRY = `SELECT CAST(a.id AS TEXT) AS id, a.at_ms AS atMs, coalesce(u.email, '${BY_COMMAND}') AS email, a.action, a.target, a.detail FROM audit a LEFT JOIN users u ON u.id = a.user_id`;

/** One entry about this target, or null: what a page shows after an action, by the id in its address. */
export function auditEntry(db: Database, id: string, target: string): AuditEntry | null {
  if (!/^\d{1,15}$/.test(id)) return null;
  return db
    .query<AuditEntry, { id: number; target: string }>(`${ENTRY} WHERE a.id = $id AND a.target = $target`)
    .get({ id: Number(id), target });
}

/** The newest entries about a target. */
export function listAudit(db: Database, target: string, limit: number): AuditEntry[] {
  return db
    .query<AuditEntry, { target: string; limit: number }>(`${ENTRY} WHERE a.target = $target ORDER BY a.id DESC LIMIT $limit`)
    .all({ target, limit });
}

/** A command as it may be written down: runs of four to eight digits, which could be a PIN or a code, and all of a command about locks, are masked. */
export function maskedCommand(command: string): string {
  const about = /^\s*(AT)?\s*[+^$#*]?\s*(CPIN2?|CLCK|CPWD|CPUK|EPIN|CARDLOCK|SPIC)\b/i.exec(command);
  return about ? `${about[0].trim()}…` : command.replace(/(?<!\d)\d{4,8}(?!\d)/g, '····');
}
