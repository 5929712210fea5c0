import type { Database } from 'bun:sqlite';
import type { AlarmNotice } from '../../views/mail/operator.ts';
import type { Tx } from '../db/write.ts';
import { operatorsWanting } from '../mail/preferences.ts';
import { isMailOn, queueMail } from '../mail/queue.ts';
import type { Alarm } from './alarms.ts';

const MINUTE_MS = 60_000;
/** What is raised within one of these goes in one mail: a hub that dies takes many modems with it. */
const RAISED_BUCKET_MS = MINUTE_MS;
/** What is over can wait longer. */
const CLEARED_BUCKET_MS = 15 * MINUTE_MS;
/** The same alarm about the same is not told again within this. */
const AGAIN_AFTER_MS = 60 * MINUTE_MS;
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS;

/**
 * Takes note of an alarm for the operators' mails, in the transaction that raises or clears it. What is over before its mail left is not told at all; what
 * comes back before its end was told says nothing new; what comes back after that waits until an hour after it was told last.
 */
export function noteRaised(tx: Tx, alarm: Alarm): void {
  if (!isMailOn(tx.db)) return;
  const last = lastNotice(tx, alarm);
  // One that was raised twice was over in between, when nobody saw it: the server was down.
  if (last !== null && last.what !== 'cleared' && last.mailAtMs > tx.nowMs - AGAIN_AFTER_MS) return;
  if (last?.what === 'cleared' && last.mailAtMs > tx.nowMs) return remove(tx, last.id);
  const told = tx.db
    .query<{ atMs: number | null }, { code: string; subject: string }>(
      `SELECT max(mail_at_ms) AS atMs FROM alarm_notices WHERE code = $code AND subject = $subject AND what <> 'cleared'`,
    )
    .get({ code: alarm.code, subject: alarm.subject });
  const earliestMs = told?.atMs == null ? tx.nowMs : Math.max(tx.nowMs, told.atMs + AGAIN_AFTER_MS);
  add(tx, alarm, 'raised', alarm.text, nextMultiple(earliestMs, RAISED_BUCKET_MS));
}

/** It is over, and `why`. */
export function noteCleared(tx: Tx, alarm: Alarm, why: string): void {
  if (!isMailOn(tx.db)) return;
  const last = lastNotice(tx, alarm);
  if (last === null || last.what === 'cleared') return;
  if (last.mailAtMs > tx.nowMs) {
    remove(tx, last.id);
    // A reminder that has not left hides a mail that has.
    if (lastNotice(tx, alarm)?.what !== 'raised' || last.what !== 'reminded') return;
  }
  add(tx, alarm, 'cleared', why, nextMultiple(tx.nowMs, CLEARED_BUCKET_MS));
}

/** It stands, and nobody has acknowledged it. */
export function noteReminder(tx: Tx, alarm: Alarm): void {
  if (isMailOn(tx.db)) add(tx, alarm, 'reminded', alarm.text, nextMultiple(tx.nowMs, RAISED_BUCKET_MS));
}

/** What the mail of that moment tells. */
export function noticesOf(db: Database, mailAtMs: number): AlarmNotice[] {
  return db
    .query<AlarmNotice, { mailAtMs: number }>(
      `SELECT alarm_id AS alarmId, code, subject, what, text, at_ms AS atMs FROM alarm_notices WHERE mail_at_ms = $mailAtMs
       ORDER BY what = 'cleared', id`,
    )
    .all({ mailAtMs });
}

/** Those too old to matter for anything. */
export function forgetNotices(tx: Tx): void {
  tx.db.query('DELETE FROM alarm_notices WHERE mail_at_ms < $beforeMs').run({ beforeMs: tx.nowMs - KEPT_MS });
}

interface Last {
  id: number;
  what: AlarmNotice['what'];
  mailAtMs: number;
}

function lastNotice(tx: Tx, { code, subject }: Alarm): Last | null {
  return tx.db
    .query<Last, { code: string; subject: string }>(
      'SELECT id, what, mail_at_ms AS mailAtMs FROM alarm_notices WHERE code = $code AND subject = $subject ORDER BY id DESC LIMIT 1',
    )
    .get({ code, subject });
}

function remove(tx: Tx, id: number): void {
  tx.db.query('DELETE FROM alarm_notices WHERE id = $id').run({ id });
}

function add(tx: Tx, { id, code, subject }: Alarm, what: AlarmNotice['what'], text: string, mailAtMs: number): void {
  tx.db
    .query(
      `INSERT INTO alarm_notices (alarm_id, code, subject, what, text, at_ms, mail_at_ms)
       VALUES ($id, $code, $subject, $what, $text, $now, $mailAtMs)`,
    )
    .run({ id, code, subject, what, text, mailAtMs, now: tx.nowMs });
  for (const userId of operatorsWanting(tx.db, 'alarms'))
    queueMail(tx, { kind: 'alarms', about: `${userId}:${mailAtMs}`, userId, payload: { mailAtMs }, notBeforeMs: mailAtMs });
}

/** The next multiple after a moment, so that a mail's notices are complete when it leaves. */
function nextMultiple(atMs: number, stepMs: number): number {
  return (Math.floor(atMs / stepMs) + 1) * stepMs;
}
