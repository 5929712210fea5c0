import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { ALARM_KINDS, type AlarmIncident, isAlarmCode } from '../lib/alarm-kinds.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { closeIncident, openIncident } from '../status/incidents.ts';
import { listMaintenance } from '../status/maintenance.ts';
import { isRunning } from '../status/snapshot.ts';
import type { Alarm } from './alarms.ts';

/** Windows that are longer are not announced. */
const MAINTENANCE_MS_MAX = 30 * 24 * 3_600_000;

/**
 * Opens the incident that the status page shows for alarms of this kind, or lets the open one be this alarm's too. Nothing happens for a kind without one, while
 * an announced window runs, or where only those are told that touch a customer and it touches none. False when nothing happened. `startedAtMs`: since when the public
 * is touched; left out: since what the alarm tells of began.
 */
export function openIncidentOf(tx: Tx, random: RandomBytes, alarm: Alarm, startedAtMs: number = alarm.sinceMs): boolean {
  const incident = incidentOf(alarm.code);
  if (incident === null || alarm.incidentId !== null) return false;
  if (incident.onlyWithCustomers && !hasCustomers(tx.db, alarm.iccid)) return false;
  const announced = listMaintenance(tx.db, tx.nowMs - MAINTENANCE_MS_MAX);
  if (announced.some((one) => isRunning(one, incident.surface, tx.nowMs))) return false;
  const { surface, severity, title, text } = incident;
  const id = openIncident(tx, random, { surface, severity, title, text, startedAtMs, source: alarm.code });
  tx.db.query('UPDATE alarms SET incident_id = $incident WHERE id = $id').run({ incident: id, id: alarm.id });
  return true;
}

/** Closes the incident of an alarm that is over, if it was the last that stood for it. False when it goes on, or there is none. */
export function closeIncidentOf(tx: Tx, alarm: Alarm): boolean {
  const incident = incidentOf(alarm.code);
  if (incident === null || alarm.incidentId === null) return false;
  const others = tx.db
    .query('SELECT 1 FROM alarms WHERE incident_id = $id AND cleared_at_ms IS NULL LIMIT 1')
    .get({ id: alarm.incidentId });
  if (others !== null) return false;
  return closeIncident(tx, incident.surface, tx.nowMs, 'It is over, as our own measurements say.', alarm.code);
}

/** Those that stand and could have an incident, but have none: an announced window may be over, or a rental begun. */
export function alarmsWithoutIncident(db: Database): string[] {
  const codes = Object.entries(ALARM_KINDS).flatMap(([code, kind]) => (kind.incident === null ? [] : [code]));
  return db
    .query<{ id: string }, { codes: string }>(
      `SELECT id FROM alarms WHERE cleared_at_ms IS NULL AND incident_id IS NULL AND code IN (SELECT value FROM json_each($codes)) ORDER BY id`,
    )
    .all({ codes: JSON.stringify(codes) })
    .map(({ id }) => id);
}

function incidentOf(code: string): AlarmIncident | null {
  return isAlarmCode(code) ? ALARM_KINDS[code].incident : null;
}

function hasCustomers(db: Database, iccid: string | null): boolean {
  if (iccid === null) return false;
  const open = db.query(
    `SELECT 1 FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received') UNION ALL SELECT 1 FROM rentals WHERE iccid = $iccid AND status = 'active' LIMIT 1`,
  );
  return open.get({ iccid }) !== null;
}

/**
 * The public incident that an outage of a SIM was part of, or null: the one that the alarm about its modem opened, or else one of the checks, of delivery or of
 * the whole server, of the same time.
 */
export function incidentOfOutage(
  db: Database,
  { iccid, fromMs, toMs }: { iccid: string; fromMs: number; toMs: number | null },
): string | null {
  const untilMs = toMs ?? Number.MAX_SAFE_INTEGER;
  const ofAlarm = db
    .query<{ id: string }, { iccid: string; fromMs: number; untilMs: number }>(
      `SELECT incident_id AS id FROM alarms INDEXED BY alarms_of_sim
       WHERE iccid = $iccid AND code = 'modem_down' AND incident_id IS NOT NULL AND since_ms <= $untilMs AND (cleared_at_ms IS NULL OR cleared_at_ms >= $fromMs)
       ORDER BY raised_at_ms LIMIT 1`,
    )
    .get({ iccid, fromMs, untilMs });
  if (ofAlarm !== null) return ofAlarm.id;
  const ofChecks = db
    .query<{ id: string }, { fromMs: number; untilMs: number }>(
      `SELECT id FROM incidents WHERE is_automatic = 1 AND source = 'checks' AND (surface IS NULL OR surface = 'delivery')
         AND started_at_ms <= $untilMs AND (ended_at_ms IS NULL OR ended_at_ms >= $fromMs) ORDER BY started_at_ms LIMIT 1`,
    )
    .get({ fromMs, untilMs });
  return ofChecks?.id ?? null;
}
