import type { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';

/** One row of `audit` as its link covers it. */
interface Row {
  id: number;
  atMs: number;
  userId: string | null;
  action: string;
  target: string;
  detail: string;
}

const GENESIS = 'smspin audit';
const ROWS = 'SELECT id, at_ms AS atMs, user_id AS userId, action, target, detail FROM audit';

/** The last link: what a copy that somebody keeps elsewhere proves the audit log by. */
export interface ChainHead {
  auditId: number;
  hash: string;
}

/**
 * Adds the link of the newest row: SHA-256 over the link before it and the row. The first link covers all rows that were written before there was a chain.
 * In the transaction of the row.
 */
export function addLink(db: Database, auditId: number): void {
  const head = chainHead(db);
  let hash = head?.hash ?? GENESIS;
  for (const row of db.query<Row, { after: number; id: number }>(`${ROWS} WHERE id > $after AND id <= $id ORDER BY id`).iterate({
    after: head?.auditId ?? 0,
    id: auditId,
  })) {
    hash = link(hash, row);
  }
  db.query('INSERT INTO audit_chain (audit_id, hash) VALUES ($auditId, $hash)').run({ auditId, hash });
}

export function chainHead(db: Database): ChainHead | null {
  return db.query<ChainHead, []>('SELECT audit_id AS auditId, hash FROM audit_chain ORDER BY audit_id DESC LIMIT 1').get();
}

/** Proves the audit log from its rows; returns what is wrong, in plain words, or an empty list. */
export function auditTheAudit(db: Database): string[] {
  const links = new Map(
    db
      .query<ChainHead, []>('SELECT audit_id AS auditId, hash FROM audit_chain ORDER BY audit_id')
      .all()
      .map((one) => [one.auditId, one.hash]),
  );
  const wrong: string[] = [];
  let hash = GENESIS;
  let isLinked = false;
  for (const row of db.query<Row, []>(`${ROWS} ORDER BY id`).iterate()) {
    hash = link(hash, row);
    const kept = links.get(row.id);
    links.delete(row.id);
    if (kept === undefined && isLinked) wrong.push(`entry ${row.id} of the audit log has no link`);
    if (kept !== undefined && kept !== hash) {
      wrong.push(`entry ${row.id} of the audit log, or one before it since the last whole link, is not as it was written`);
      // What comes after is judged by itself.
      hash = kept;
    }
    isLinked ||= kept !== undefined;
  }
  if (isLinked && wrong.length === 0 && db.query('SELECT 1 FROM audit WHERE id > (SELECT max(audit_id) FROM audit_chain)').get() !== null)
    wrong.push('the newest entries of the audit log have no link');
  return [...wrong, ...[...links.keys()].map((id) => `entry ${id} of the audit log is gone`)];
}

function link(before: string, { id, atMs, userId, action, target, detail }: Row): string {
  return createHash('sha256')
    .update(JSON.stringify([before, id, atMs, userId, action, target, detail]))
    .digest('hex');
}
