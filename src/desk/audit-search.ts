import type { Database } from 'bun:sqlite';
import { type AuditEntry, BY_COMMAND } from '../admin/audit.ts';
import type { Period } from '../lib/period.ts';
import { type Candidate, type Found, foundPage, like, SLICE } from './bounded.ts';

/** What is looked for; null and empty leave a filter out. */
export interface AuditSearch extends Period {
  /** An account, or BY_COMMAND. */
  userId: string | null;
  action: string | null;
  target: string;
  /** In the detail. */
  text: string;
  limit: number;
  cursor: string | null;
}

type Names = Record<string, string | number | null>;
type AuditRow = AuditEntry & { place: string };

/** What operators did, the newest first. Entries are numbered as they are written. */
export function searchAudit(db: Database, search: AuditSearch): Found<AuditRow> {
  const { sql, names } = auditSql(search);
  const rows = db.query<AuditRow, Names>(sql.rows).all(names);
  const last = db.query<Candidate & { count: number }, Names>(sql.last).get(names);
  return foundPage(rows, search.limit, last !== null && last.count >= Number(names['examined']) ? last : null);
}

/** The statements and their parameters; exported for the test that looks at the plans. */
export function auditSql(search: AuditSearch): { sql: { rows: string; last: string }; names: Names } {
  const { userId, action, target, text, fromMs, toMs, cursor } = search;
  const [led, from] = candidatesOf(search);
  const conditions = [
    ...(userId === null || led === 'userId' ? [] : ['a.user_id IS $userId']),
    ...(action === null || led === 'action' ? [] : ['a.action = $action']),
    ...(fromMs === null || led === 'period' ? [] : ['a.at_ms >= $fromMs']),
    ...(toMs === null || led === 'period' ? [] : ['a.at_ms < $toMs']),
    ...(text === '' ? [] : [`a.detail LIKE $text ESCAPE '\\'`]),
  ];
  const names: Names = {
    ...{ userId: userId === BY_COMMAND ? null : (userId ?? ''), action: action ?? '', target, text: like(text), limit: search.limit + 1 },
    ...{ fromMs: fromMs ?? 0, toMs: toMs ?? Number.MAX_SAFE_INTEGER, ...placeOf(cursor) },
    examined: conditions.length === 0 ? search.limit + 1 : SLICE,
  };
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    names,
    sql: {
      rows: `SELECT CAST(a.id AS TEXT) AS id, c.place, a.at_ms AS atMs, coalesce(u.email, '${BY_COMMAND}') AS email, a.action, a.target, a.detail
        FROM (${from}) c CROSS JOIN audit a ON a.id = c.id LEFT JOIN users u ON u.id = a.user_id ${where} ORDER BY c.place DESC LIMIT $limit`,
      last: `SELECT n.count, a.id, n.place, a.at_ms AS atMs FROM (SELECT count(*) AS count, min(place) AS place, id FROM (${from})) n CROSS JOIN audit a ON a.id = n.id`,
    },
  };
}

/** By which filter the entries are reached: the one that leaves the fewest. */
function candidatesOf({ userId, action, target, fromMs, toMs }: AuditSearch): ['target' | 'userId' | 'action' | 'period' | null, string] {
  const by = (place: string): string =>
    `SELECT id, printf('%015d', id) AS place FROM audit ${place} AND id < $beforeId ORDER BY id DESC LIMIT $examined`;
  if (target !== '') return ['target', by('INDEXED BY audit_by_target WHERE target = $target')];
  if (userId !== null) return ['userId', by('INDEXED BY audit_by_user WHERE user_id IS $userId')];
  if (action !== null) return ['action', by('INDEXED BY audit_by_action WHERE action = $action')];
  if (fromMs === null && toMs === null) return [null, by('WHERE true')];
  // Whoever sets a clock back writes later numbers with earlier times, so a period is paged by times and numbers.
  const from = `SELECT id, printf('%015d.%015d', at_ms, id) AS place FROM audit INDEXED BY audit_by_time
    WHERE at_ms >= $fromMs AND at_ms < $toMs AND (at_ms, id) < ($beforeMs, $beforeId) ORDER BY at_ms DESC, id DESC LIMIT $examined`;
  return ['period', from];
}

function placeOf(cursor: string | null): { beforeMs: number; beforeId: number } {
  const [, ms, id] = /^(?:(\d{15})\.)?(\d{15})$/.exec(cursor ?? '') ?? [];
  return { beforeMs: Number(ms ?? Number.MAX_SAFE_INTEGER), beforeId: Number(id ?? Number.MAX_SAFE_INTEGER) };
}

/** Every action that was ever written down, by leaps through the index. */
export function auditActions(db: Database): string[] {
  return db
    .query<{ action: string }, []>(
      `WITH RECURSIVE seen (action) AS (SELECT min(action) FROM audit UNION ALL
         SELECT (SELECT min(action) FROM audit a WHERE a.action > seen.action) FROM seen WHERE seen.action IS NOT NULL LIMIT 500)
       SELECT action FROM seen WHERE action IS NOT NULL`,
    )
    .all()
    .map(({ action }) => action);
}
