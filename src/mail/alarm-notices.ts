import type { Database } from 'bun:sqlite';
import type { AlarmNotice } from '../../views/mail/operator.ts';
import type { Tx } from '../db/write.ts';
import type { ModemEvent } from '../modem/source.ts';
import { operatorsWanting } from './preferences.ts';
import { isMailOn, queueMail } from './queue.ts';

const MINUTE_MS = 60_000;
/** What is raised within one of these goes in one mail: a hub that dies takes many modems with it. */
const RAISED_BUCKET_MS = MINUTE_MS;
/** What is over can wait longer. */
const CLEARED_BUCKET_MS = 15 * MINUTE_MS;
/** A modem that is back within this was just restarted. */
const DOWN_AFTER_MS = 2 * MINUTE_MS;
/** The same alarm of the same slot is not told again within this. */
const AGAIN_AFTER_MS = 60 * MINUTE_MS;
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS;
/** Why a modem is lost when the whole server stops: nobody needs to be told. */
const STOPPING = 'stopping';

/**
 * Takes note of alarms for the operators' mails, in the transaction that writes the history. What is over before its mail left is not told at all; what
 * comes back before its end was told says nothing new; what comes back after that waits until an hour after it was told last.
 */
export function noteAlarms(tx: Tx, events: readonly ModemEvent[]): void {
  if (!isMailOn(tx.db)) return;
  for (const event of events) {
    if (event.kind === 'alarm_raised' && event.alarm !== undefined) raised(tx, event, event.alarm, tx.nowMs);
    else if (event.kind === 'alarm_cleared' && event.alarm !== undefined) cleared(tx, event, event.alarm);
    else if (event.kind === 'lost' && event.detail !== STOPPING) raised(tx, event, 'down', tx.nowMs + DOWN_AFTER_MS);
    else if (event.kind === 'ready') cleared(tx, event, 'down');
    // Out of service by the operator's own hand.
    else if (event.kind === 'paused') withdraw(tx, event.slot, 'down');
  }
  tx.db.query('DELETE FROM alarm_notices WHERE mail_at_ms < $beforeMs').run({ beforeMs: tx.nowMs - KEPT_MS });
}

/** What the mail of that moment tells. */
export function noticesOf(db: Database, mailAtMs: number): AlarmNotice[] {
  return db
    .query<AlarmNotice, { mailAtMs: number }>(
      'SELECT slot, alarm, what, detail, at_ms AS atMs FROM alarm_notices WHERE mail_at_ms = $mailAtMs ORDER BY what DESC, id',
    )
    .all({ mailAtMs });
}

interface Last {
  id: number;
  what: 'raised' | 'cleared';
  mailAtMs: number;
}

function raised(tx: Tx, event: ModemEvent, alarm: string, fromMs: number): void {
  const last = lastNotice(tx, event.slot, alarm);
  // One that was raised twice was over in between, when nobody saw it: the server was down.
  if (last?.what === 'raised' && last.mailAtMs > tx.nowMs - AGAIN_AFTER_MS) return;
  if (last?.what === 'cleared' && last.mailAtMs > tx.nowMs) return remove(tx, last.id);
  const told = tx.db
    .query<{ atMs: number | null }, { slot: string; alarm: string }>(
      `SELECT max(mail_at_ms) AS atMs FROM alarm_notices WHERE slot = $slot AND alarm = $alarm AND what = 'raised'`,
    )
    .get({ slot: event.slot, alarm });
  const earliestMs = told?.atMs == null ? fromMs : Math.max(fromMs, told.atMs + AGAIN_AFTER_MS);
  add(tx, event, alarm, 'raised', nextMultiple(earliestMs, RAISED_BUCKET_MS));
}

function cleared(tx: Tx, event: ModemEvent, alarm: string): void {
  const last = lastNotice(tx, event.slot, alarm);
  if (last?.what !== 'raised') return;
  if (last.mailAtMs > tx.nowMs) return remove(tx, last.id);
  add(tx, event, alarm, 'cleared', nextMultiple(tx.nowMs, CLEARED_BUCKET_MS));
}

function withdraw(tx: Tx, slot: string, alarm: string): void {
  const last = lastNotice(tx, slot, alarm);
  if (last?.what === 'raised' && last.mailAtMs > tx.nowMs) remove(tx, last.id);
}

function lastNotice(tx: Tx, slot: string, alarm: string): Last | null {
  return tx.db
    .query<Last, { slot: string; alarm: string }>(
      'SELECT id, what, mail_at_ms AS mailAtMs FROM alarm_notices WHERE slot = $slot AND alarm = $alarm ORDER BY id DESC LIMIT 1',
    )
    .get({ slot, alarm });
}

function remove(tx: Tx, id: number): void {
  tx.db.query('DELETE FROM alarm_notices WHERE id = $id').run({ id });
}

function add(tx: Tx, event: ModemEvent, alarm: string, what: 'raised' | 'cleared', mailAtMs: number): void {
  tx.db
    .query(
      'INSERT INTO alarm_notices (slot, alarm, what, detail, at_ms, mail_at_ms) VALUES ($slot, $alarm, $what, $detail, $atMs, $mailAtMs)',
    )
    .run({ slot: event.slot, alarm, what, detail: event.detail.slice(0, 500).toWellFormed(), atMs: event.atMs, mailAtMs });
  for (const userId of operatorsWanting(tx.db, 'alarms'))
    queueMail(tx, { kind: 'alarms', about: `${userId}:${mailAtMs}`, userId, payload: { mailAtMs }, notBeforeMs: mailAtMs });
}

/** The next multiple after a moment, so that a mail's notices are complete when it leaves. */
function nextMultiple(atMs: number, stepMs: number): number {
  return (Math.floor(atMs / stepMs) + 1) * stepMs;
}
