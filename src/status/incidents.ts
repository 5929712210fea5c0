import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { AUDITED } from './maintenance.ts';
import { tellSubscribers } from './notices.ts';
import type { Surface } from './surfaces.ts';

export type Severity = 'minor' | 'major';

export interface Incident {
  id: string;
  surface: Surface | null;
  isAutomatic: boolean;
  severity: Severity;
  title: string;
  startedAtMs: number;
  endedAtMs: number | null;
  changedAtMs: number;
  updates: { atMs: number; text: string; isAutomatic: boolean }[];
}

/** One that comes back within this after its end is the same one going on. */
const SAME_WITHIN_MS = 10 * 60_000;
/** Who opens those that no kind of alarm does. */
const CHECKS = 'checks';
const TITLE_MAX = 120;
const TEXT_MAX = 2000;
const COLUMNS = `id, surface, is_automatic AS isAutomatic, severity, title, started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs, changed_at_ms AS changedAtMs`;

/** What failing checks or an alarm begin, or go on with when the last one of the surface ended a moment ago. Returns its id. */
export function openIncident(
  tx: Tx,
  random: RandomBytes,
  given: {
    surface: Surface | null;
    severity: Severity;
    title: string;
    text: string;
    startedAtMs: number;
    userId?: string;
    /** The kind of alarm that opens it; left out: the checks. Each has its own, and closes its own. */
    source?: string;
  },
): string {
  const { surface, severity, startedAtMs, userId, source = CHECKS } = given;
  const title = checked('title', given.title, TITLE_MAX);
  const last = userId === undefined ? lastAutomatic(tx.db, surface, source) : null;
  if (last !== null && (last.endedAtMs === null || last.endedAtMs > startedAtMs - SAME_WITHIN_MS)) {
    tx.db
      .query(
        `UPDATE incidents SET ended_at_ms = NULL, severity = iif(is_edited = 1 OR severity = 'major', severity, $severity), changed_at_ms = $now WHERE id = $id`,
      )
      .run({ id: last.id, severity, now: tx.nowMs });
    if (last.endedAtMs !== null || last.severity !== severity) addUpdate(tx, last.id, given.text, null, 'changed');
    return last.id;
  }
  const id = newId('inc', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO incidents (id, surface, is_automatic, source, severity, title, started_at_ms, changed_at_ms)
       VALUES ($id, $surface, $isAutomatic, $source, $severity, $title, $startedAtMs, $now)`,
    )
    .run({ id, surface, source, isAutomatic: userId === undefined ? 1 : 0, severity, title, startedAtMs, now: tx.nowMs });
  addUpdate(tx, id, given.text, userId ?? null, 'opened');
  if (userId !== undefined) writeAudit(tx, { userId, action: 'incident.opened', target: AUDITED, detail: `${id}: ${title}` });
  return id;
}

/** The checks succeed again since `endedAtMs`, or the alarms of the kind `source` are over: false when none of theirs was open. */
export function closeIncident(tx: Tx, surface: Surface | null, endedAtMs: number, text: string, source: string = CHECKS): boolean {
  const last = lastAutomatic(tx.db, surface, source);
  if (last === null || last.endedAtMs !== null) return false;
  finish(tx, last, Math.max(endedAtMs, last.startedAtMs), text, null);
  return true;
}

/** The operator changes what the public reads; what stood there before stays in the audit log. */
export function editIncident(tx: Tx, userId: string, id: string, edit: { title: string; severity: Severity }): void {
  const before = required(tx.db, id);
  const title = checked('title', edit.title, TITLE_MAX);
  tx.db
    .query('UPDATE incidents SET title = $title, severity = $severity, is_edited = 1, changed_at_ms = $now WHERE id = $id')
    .run({ id, title, severity: edit.severity, now: tx.nowMs });
  const detail = `${id}: "${before.title}" (${before.severity}) became "${title}" (${edit.severity}).`;
  writeAudit(tx, { userId, action: 'incident.edited', target: AUDITED, detail });
}

export function updateIncident(tx: Tx, userId: string, id: string, text: string): void {
  required(tx.db, id);
  addUpdate(tx, id, checked('text', text, TEXT_MAX), userId, 'changed');
  writeAudit(tx, { userId, action: 'incident.update', target: AUDITED, detail: `${id}: ${text}` });
}

/** Ends one that the operator opened. One of the checks ends when they succeed again, and not before. */
export function endIncident(tx: Tx, userId: string, id: string, text: string): void {
  const incident = required(tx.db, id);
  if (incident.isAutomatic)
    throw new Refusal('too_early', 'It was opened by the checks or an alarm, and ends by itself when those find that it is over.');
  if (incident.endedAtMs !== null) throw new Refusal('too_late', 'It has ended.');
  finish(tx, incident, tx.nowMs, text.trim() === '' ? 'Resolved.' : checked('text', text, TEXT_MAX), userId);
  writeAudit(tx, { userId, action: 'incident.ended', target: AUDITED, detail: `${id}: ${text}` });
}

/** The newest incidents that were not over before `sinceMs`, the newest first. */
export function listIncidents(db: Database, sinceMs: number, limit: number): Incident[] {
  return db
    .query<Row, { sinceMs: number; limit: number }>(
      `SELECT ${COLUMNS} FROM incidents WHERE ended_at_ms IS NULL OR ended_at_ms >= $sinceMs ORDER BY started_at_ms DESC, id DESC LIMIT $limit`,
    )
    .all({ sinceMs, limit })
    .map((row) => present(db, row));
}

export function findIncident(db: Database, id: string): Incident | null {
  const row = db.query<Row, { id: string }>(`SELECT ${COLUMNS} FROM incidents WHERE id = $id`).get({ id });
  return row && present(db, row);
}

type Row = Omit<Incident, 'updates' | 'isAutomatic'> & { isAutomatic: 0 | 1 };

function present(db: Database, row: Row): Incident {
  const updates = db
    .query<{ atMs: number; text: string; userId: string | null }, { id: string }>(
      'SELECT at_ms AS atMs, text, user_id AS userId FROM incident_updates WHERE incident_id = $id ORDER BY id DESC LIMIT 100',
    )
    .all({ id: row.id })
    .map(({ atMs, text, userId }) => ({ atMs, text, isAutomatic: userId === null }));
  return { ...row, isAutomatic: row.isAutomatic === 1, updates };
}

function lastAutomatic(db: Database, surface: Surface | null, source: string): Row | null {
  return db
    .query<Row, { surface: Surface | null; source: string }>(
      `SELECT ${COLUMNS} FROM incidents WHERE surface IS $surface AND is_automatic = 1 AND source = $source ORDER BY started_at_ms DESC, id DESC LIMIT 1`,
    )
    .get({ surface, source });
}

function required(db: Database, id: string): Incident {
  const found = findIncident(db, id);
  if (found === null) throw new Refusal('not_found', 'There is no such incident.');
  return found;
}

function finish(tx: Tx, { id }: { id: string }, endedAtMs: number, text: string, userId: string | null): void {
  tx.db.query('UPDATE incidents SET ended_at_ms = $endedAtMs, changed_at_ms = $now WHERE id = $id').run({ id, endedAtMs, now: tx.nowMs });
  addUpdate(tx, id, text, userId, 'ended');
}

function addUpdate(tx: Tx, id: string, text: string, userId: string | null, what: 'opened' | 'changed' | 'ended'): void {
  const { lastInsertRowid } = tx.db
    .query('INSERT INTO incident_updates (incident_id, at_ms, text, user_id) VALUES ($id, $now, $text, $userId)')
    .run({ id, now: tx.nowMs, text, userId });
  tx.db.query('UPDATE incidents SET changed_at_ms = $now WHERE id = $id').run({ id, now: tx.nowMs });
  tellSubscribers(tx, { kind: 'status_incident', about: `${id}:${lastInsertRowid}`, payload: { id, what, text } });
}

function checked(field: string, text: string, most: number): string {
  const clean = text.trim().toWellFormed();
  if (clean.length >= 1 && clean.length <= most) return clean;
  const message = `Write 1 to ${most} characters.`;
  throw new Refusal('validation', message, { errors: [{ field, message }] });
}
