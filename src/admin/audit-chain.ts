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
const COLUMNS = 'id, at_ms AS atMs, user_id AS userId, action, target, detail';
const ROWS = `SELECT ${COLUMNS} FROM audit`;
const LINKED_ROWS = `SELECT ${COLUMNS}, hash AS kept FROM audit LEFT JOIN audit_chain ON audit_id = id ORDER BY id`;

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
  const wrong: string[] = [];
  let hash = GENESIS;
  let isLinked = false;
  // One row at a time: a log of years is longer than the memory of a small box.
  for (const { kept, ...row } of db.query<Row & { kept: string | null }, []>(LINKED_ROWS).iterate()) {
    hash = link(hash, row);
    if (kept === null && isLinked) wrong.push(`entry ${row.id} of the audit log has no link`);
    if (kept !== null && kept !== hash) {
      wrong.push(`entry ${row.id} of the audit log, or one before it since the last whole link, is not as it was written`);
      // What comes after is judged by itself.
      hash = kept;
    }
    isLinked ||= kept !== null;
  }
  const gone = db
    .query<{ id: number }, []>(
      'SELECT audit_id AS id FROM audit_chain c WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = c.audit_id) ORDER BY audit_id',
    )
    .all();
  return [...wrong, ...gone.map(({ id }) => `entry ${id} of the audit log is gone`)];
}

function link(before: string, { id, atMs, userId, action, target, detail }: Row): string {
  return createHash('sha256')
    .update(JSON.stringify([before, id, atMs, userId, action, target, detail]))
    .digest('hex');
}
