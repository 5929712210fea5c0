import { alarmWords, isAlarmCode } from '../lib/alarm-kinds.ts';
import { rfc3339 } from '../lib/clock.ts';
import { type Alarm, unitOf } from './alarms.ts';

const at = (ms: number | null): string | null => (ms === null ? null : rfc3339(ms));

/** An alarm as programs get it: from the API and in the events. */
export function alarmJson(alarm: Alarm) {
  const { title, todo } = alarmWords(alarm);
  return {
    id: alarm.id,
    code: alarm.code,
    severity: alarm.severity,
    /** Of what the subject is. */
    subject: alarm.subject,
    title,
    text: alarm.text,
    todo,
    value: alarm.value,
    threshold: alarm.threshold,
    unit: isAlarmCode(alarm.code) ? unitOf(alarm) : null,
    since: rfc3339(alarm.sinceMs),
    raised_at: rfc3339(alarm.raisedAtMs),
    cleared_at: at(alarm.clearedAtMs),
    acknowledged_at: at(alarm.acknowledgedAtMs),
    acknowledged_by: alarm.email,
    note: alarm.note,
    incident_id: alarm.incidentId,
  };
}
export type AlarmJson = ReturnType<typeof alarmJson>;
