import type { Database } from 'bun:sqlite';
import { appendEvent, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type Alarm, alarmsToRemind, endAlarm, findAlarm, insertAlarm, noteReminded } from './alarms.ts';
import type { Condition } from './condition.ts';
import { closeIncidentOf, openIncidentOf } from './incident.ts';
import { alarmJson } from './json.ts';
import { noteCleared, noteRaised, noteReminder } from './notices.ts';

const HOUR_MS = 3_600_000;

/** Raises an alarm and tells of it, all in one transaction: mail, webhooks and stream of the operators, the incident of the status page. Null when it stands already. */
export function raiseAlarm(tx: Tx, random: RandomBytes, condition: Condition, sinceMs: number): Alarm | null {
  const alarm = insertAlarm(tx, random, condition, sinceMs);
  if (alarm === null) return null;
  openIncidentOf(tx, random, alarm);
  const now = findAlarm(tx.db, alarm.id) ?? alarm;
  noteRaised(tx, now);
  tellOperators(tx, random, 'alarm.raised', now, false);
  return now;
}

/** Ends an alarm and tells of it. Null when it was over. */
export function clearAlarm(tx: Tx, random: RandomBytes, id: string, why: string): Alarm | null {
  if (!endAlarm(tx, id, why)) return null;
  const alarm = findAlarm(tx.db, id);
  if (alarm === null) return null;
  closeIncidentOf(tx, alarm);
  noteCleared(tx, alarm, why);
  tellOperators(tx, random, 'alarm.cleared', alarm, false);
  return alarm;
}

/** Tells again of what stands and nobody has acknowledged, each `againHours` after it was told last; returns of how many. 0 hours: never. */
export function remindOperators(tx: Tx, random: RandomBytes, againHours: number): number {
  if (againHours === 0) return 0;
  const due = alarmsToRemind(tx, tx.nowMs - againHours * HOUR_MS);
  for (const alarm of due) {
    noteReminded(tx, alarm);
    noteReminder(tx, alarm);
    tellOperators(tx, random, 'alarm.raised', alarm, true);
  }
  return due.length;
}

/** One event for each active operator: their endpoints and streams carry it like every other. */
function tellOperators(tx: Tx, random: RandomBytes, type: 'alarm.raised' | 'alarm.cleared', alarm: Alarm, isReminder: boolean): void {
  const data = { ...alarmJson(alarm), reminder: isReminder };
  for (const userId of operators(tx.db)) appendEvent(tx, { id: newEventId(tx, random), type, userId, orderId: null, data });
}

function operators(db: Database): string[] {
  return db
    .query<{ id: string }, []>("SELECT id FROM users INDEXED BY users_operators WHERE role = 'operator' AND state = 'active' ORDER BY id")
    .all()
    .map(({ id }) => id);
}
