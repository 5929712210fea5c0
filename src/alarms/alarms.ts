import type { Database } from 'bun:sqlite';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { ALARM_KINDS, alarmWords, isAlarmCode, type Severity } from '../lib/alarm-kinds.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import type { Condition } from './condition.ts';

/** One time that something was to be looked at: it stands until `clearedAtMs`. */
export interface Alarm {
  id: string;
  code: string;
  /** A slot, an ICCID, an offer as `country/service` with its carrier, an endpoint; '' the house itself. */
  subject: string;
  iccid: string | null;
  severity: Severity;
  text: string;
  value: number | null;
  threshold: number | null;
  mark: string | null;
  sinceMs: number;
  raisedAtMs: number;
  clearedAtMs: number | null;
  clearedText: string | null;
  acknowledgedAtMs: number | null;
  /** Who acknowledged it. */
  email: string | null;
  note: string;
  toldAtMs: number;
  incidentId: string | null;
}

export type AlarmChange = 'raised' | 'reminded' | 'acknowledged' | 'unacknowledged' | 'cleared';

/** Where the audit log keeps what operators did here. */
export const AUDITED = 'alarms';
export const NOTE_CHARACTERS_MAX = 500;
const TEXT_CHARACTERS_MAX = 500;
const COLUMNS = `a.id, a.code, a.subject, a.iccid, a.severity, a.text, a.value, a.threshold, a.mark, a.since_ms AS sinceMs, a.raised_at_ms AS raisedAtMs,
  a.cleared_at_ms AS clearedAtMs, a.cleared_text AS clearedText, a.acknowledged_at_ms AS acknowledgedAtMs, u.email, a.note, a.told_at_ms AS toldAtMs,
  a.incident_id AS incidentId`;
const FROM = 'FROM alarms a LEFT JOIN users u ON u.id = a.acknowledged_by';
const BY_SEVERITY = `CASE a.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`;

/** Every alarm that stands: the worst first, of the same the newest. */
export function standingAlarms(db: Database): Alarm[] {
  return db
    .query<Alarm, []>(`SELECT ${COLUMNS} ${FROM} WHERE a.cleared_at_ms IS NULL ORDER BY ${BY_SEVERITY}, a.raised_at_ms DESC, a.id DESC`)
    .all();
}

/** How many stand, and how many of those nobody has acknowledged: for the menu of operators. */
export function countAlarms(db: Database): { standing: number; waiting: number } {
  const row = db
    .query<{ standing: number; waiting: number | null }, []>(
      'SELECT count(*) AS standing, sum(acknowledged_at_ms IS NULL) AS waiting FROM alarms WHERE cleared_at_ms IS NULL',
    )
    .get();
  return { standing: row?.standing ?? 0, waiting: row?.waiting ?? 0 };
}

export function findAlarm(db: Database, id: string): Alarm | null {
  return db.query<Alarm, { id: string }>(`SELECT ${COLUMNS} ${FROM} WHERE a.id = $id`).get({ id });
}

export interface PastFilter {
  code: string | null;
  severity: Severity | null;
  cursor: string | null;
  limit: number;
}

/** Alarms that are over, the newest first, below the id `cursor`. */
export function pastAlarms(db: Database, { code, severity, cursor, limit }: PastFilter): Alarm[] {
  return db
    .query<Alarm, { code: string | null; severity: string | null; before: string; limit: number }>(
      `SELECT ${COLUMNS} ${FROM} WHERE a.cleared_at_ms IS NOT NULL AND a.id < $before
         ${code === null ? '' : 'AND a.code = $code'} ${severity === null ? '' : 'AND a.severity = $severity'} ORDER BY a.id DESC LIMIT $limit`,
    )
    .all({ code, severity, before: cursor ?? '~', limit });
}

export interface ChangeRow {
  atMs: number;
  what: AlarmChange;
  text: string;
  email: string | null;
}

/** What happened to an alarm, the newest first. */
export function changesOf(db: Database, id: string): ChangeRow[] {
  return db
    .query<ChangeRow, { id: string }>(
      `SELECT c.at_ms AS atMs, c.what, c.text, u.email FROM alarm_changes c LEFT JOIN users u ON u.id = c.user_id
       WHERE c.alarm_id = $id ORDER BY c.id DESC LIMIT 200`,
    )
    .all({ id });
}

/** Writes a new alarm inside a verb; null when the same stands already. */
export function insertAlarm(tx: Tx, random: RandomBytes, condition: Condition, sinceMs: number): Alarm | null {
  const { code, subject } = condition;
  const id = newId('alm', tx.nowMs, random);
  const text = cut(condition.text);
  const { changes } = tx.db
    .query(
      `INSERT INTO alarms (id, code, subject, iccid, severity, text, value, threshold, mark, since_ms, raised_at_ms, told_at_ms)
       VALUES ($id, $code, $subject, $iccid, $severity, $text, $value, $threshold, $mark, $sinceMs, $now, $now) ON CONFLICT DO NOTHING`,
    )
    .run({
      ...{ id, code, subject, text, sinceMs, now: tx.nowMs, severity: ALARM_KINDS[code].severity },
      ...{
        iccid: condition.iccid ?? null,
        value: condition.value ?? null,
        threshold: condition.threshold ?? null,
        mark: condition.mark ?? null,
      },
    });
  if (changes === 0) return null;
  noteChange(tx, id, 'raised', text, null);
  return findAlarm(tx.db, id);
}

/** The newest figure and words of an alarm that stands. */
export function refreshAlarm(tx: Tx, id: string, { text, value = null, threshold = null }: Condition): void {
  tx.db
    .query('UPDATE alarms SET text = $text, value = $value, threshold = $threshold WHERE id = $id AND cleared_at_ms IS NULL')
    .run({ id, text: cut(text), value, threshold });
}

/** Ends an alarm inside a verb; false when it was over. */
export function endAlarm(tx: Tx, id: string, why: string): boolean {
  const text = cut(why);
  const { changes } = tx.db
    .query('UPDATE alarms SET cleared_at_ms = max($now, raised_at_ms), cleared_text = $text WHERE id = $id AND cleared_at_ms IS NULL')
    .run({ id, text, now: tx.nowMs });
  if (changes > 0) noteChange(tx, id, 'cleared', text, null);
  return changes > 0;
}

/**
 * An operator has seen it and sees to it: it is not told again, and stays visible until it is over. Refuses with `not_found`, `too_late` (over),
 * `already_exists` (acknowledged) or `validation` (the note).
 */
export function acknowledgeAlarm(tx: Tx, asked: { id: string; userId: string; note: string }): Alarm {
  const alarm = requireStanding(tx.db, asked.id);
  const note = asked.note.trim().toWellFormed();
  if (note.length > NOTE_CHARACTERS_MAX) {
    const message = `A note has at most ${NOTE_CHARACTERS_MAX} characters; it has ${note.length}.`;
    throw new Refusal('validation', message, { errors: [{ field: 'note', message }] });
  }
  if (alarm.acknowledgedAtMs !== null)
    throw new Refusal('already_exists', `${alarm.email ?? 'Somebody'} acknowledged it already. Take that back first to change the note.`);
  tx.db
    .query('UPDATE alarms SET acknowledged_at_ms = $now, acknowledged_by = $userId, note = $note WHERE id = $id')
    .run({ id: alarm.id, userId: asked.userId, note, now: tx.nowMs });
  noteChange(tx, alarm.id, 'acknowledged', note, asked.userId);
  writeAudit(tx, {
    userId: asked.userId,
    action: 'alarm.acknowledged',
    target: AUDITED,
    detail: `${nameOf(alarm)} acknowledged. ${note}`.trim(),
  });
  return requireAlarm(tx.db, alarm.id);
}

/** Takes an acknowledgement back: it is told again after its time. Refuses with `not_found` or `too_late` (over, or nobody acknowledged it). */
export function unacknowledgeAlarm(tx: Tx, asked: { id: string; userId: string }): Alarm {
  const alarm = requireStanding(tx.db, asked.id);
  if (alarm.acknowledgedAtMs === null) throw new Refusal('too_late', 'Nobody has acknowledged it, or that was taken back.');
  tx.db.query(`UPDATE alarms SET acknowledged_at_ms = NULL, acknowledged_by = NULL, note = '' WHERE id = $id`).run({ id: alarm.id });
  noteChange(tx, alarm.id, 'unacknowledged', alarm.note, asked.userId);
  writeAudit(tx, {
    userId: asked.userId,
    action: 'alarm.unacknowledged',
    target: AUDITED,
    detail: `${nameOf(alarm)}: acknowledgement taken back.`,
  });
  return requireAlarm(tx.db, alarm.id);
}

/** Those that stand, that nobody has acknowledged, and that were told last before `beforeMs` (or, as the clock was set back, in the future). */
export function alarmsToRemind(tx: Tx, beforeMs: number): Alarm[] {
  return tx.db
    .query<Alarm, { beforeMs: number; now: number }>(
      `SELECT ${COLUMNS} ${FROM} WHERE a.cleared_at_ms IS NULL AND a.acknowledged_at_ms IS NULL AND (a.told_at_ms <= $beforeMs OR a.told_at_ms > $now)
       ORDER BY a.id LIMIT 500`,
    )
    .all({ beforeMs, now: tx.nowMs });
}

/** It was told again now. */
export function noteReminded(tx: Tx, alarm: Alarm): void {
  tx.db.query('UPDATE alarms SET told_at_ms = $now WHERE id = $id').run({ id: alarm.id, now: tx.nowMs });
  noteChange(tx, alarm.id, 'reminded', alarm.text, null);
}

/** Deletes at most `limit` of those that were over before `beforeMs`; returns how many. */
export function forgetAlarms(tx: Tx, beforeMs: number, limit: number): number {
  // Of the oldest alone, so that it costs the same however many there are.
  const old = `SELECT id FROM (SELECT id, cleared_at_ms FROM alarms WHERE cleared_at_ms IS NOT NULL ORDER BY id LIMIT $limit) WHERE cleared_at_ms < $beforeMs`;
  const ids = tx.db.query<{ id: string }, { beforeMs: number; limit: number }>(old).all({ beforeMs, limit });
  for (const { id } of ids) {
    tx.db.query('DELETE FROM alarm_changes WHERE alarm_id = $id').run({ id });
    tx.db.query('DELETE FROM alarms WHERE id = $id').run({ id });
  }
  return ids.length;
}

/** `Modem is down: 1-1.4`. */
export function nameOf({ code, subject }: Pick<Alarm, 'code' | 'subject'>): string {
  return `${alarmWords({ code }).title}${subject === '' ? '' : `: ${subject}`}`;
}

/** What a figure of it is measured in, or null. */
export function unitOf({ code }: Pick<Alarm, 'code'>) {
  return isAlarmCode(code) ? ALARM_KINDS[code].unit : null;
}

export function requireAlarm(db: Database, id: string): Alarm {
  const alarm = findAlarm(db, id);
  if (alarm === null) throw new Refusal('not_found', 'There is no such alarm; it may be older than a year.');
  return alarm;
}

function requireStanding(db: Database, id: string): Alarm {
  const alarm = requireAlarm(db, id);
  if (alarm.clearedAtMs !== null) throw new Refusal('too_late', 'It is over: there is nothing to acknowledge any more.');
  return alarm;
}

function noteChange(tx: Tx, id: string, what: AlarmChange, text: string, userId: string | null): void {
  tx.db
    .query('INSERT INTO alarm_changes (alarm_id, at_ms, what, text, user_id) VALUES ($id, $now, $what, $text, $userId)')
    .run({ id, now: tx.nowMs, what, text, userId });
}

function cut(text: string): string {
  return text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed();
}
