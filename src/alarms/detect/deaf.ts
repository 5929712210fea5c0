import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../../db/write.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { SlotActions } from '../../modem/actions.ts';
import type { ModemEvent, ModemSnapshot } from '../../modem/source.ts';
import { recordEvents } from '../../sims/history.ts';
import type { Alarm } from '../alarms.ts';
import type { Condition, Detector } from '../condition.ts';
import { hearingOf, judgeHearing } from '../hearing.ts';

const EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface DeafDeps {
  db: Database;
  door: Pick<Door, 'write'>;
  clock: Clock;
  log: Log;
  snapshots(): readonly ModemSnapshot[];
  /** `modems.deaf_hours`; 0 is off. */
  deafHours: number;
  /** `modems.radio_toggle`: how the radio of a deaf modem is switched off and on, or null to leave it alone. */
  toggleRadio: SlotActions['toggleRadio'] | null;
}

/**
 * SIMs that are registered and hear nothing. The radio of such a modem is switched off and on once per alarm. The mark of an alarm is when the SIM's last
 * message was stored: another one means that a message came since.
 */
export function deafDetector(deps: DeafDeps): Detector {
  const { db, clock, log, deafHours } = deps;
  const listening = new Map<string, Listening>();

  function conditionOf(iccid: string, modem: ModemSnapshot | null, alarm: Alarm | undefined): Condition[] {
    const since = modem === null ? undefined : listening.get(listenerKey(modem));
    const { lastMessageAtMs, usualGapMs } = hearingOf(db, iccid);
    const silentMs = since === undefined ? null : clock.monotonicMs() - since.sinceMonotonicMs;
    const mark = String(lastMessageAtMs);
    const verdict = judgeHearing({
      ...{ silentMs, usualGapMs, deafHours, heardEver: lastMessageAtMs !== null },
      alarm: alarm === undefined ? null : { heardSince: (alarm.mark ?? 'null') !== mark },
    });
    if (verdict === 'clear' || (verdict === 'keep' && alarm === undefined)) return [];
    const text =
      alarm?.text ?? `Registered, but no message for ${Math.floor((silentMs ?? 0) / HOUR_MS)} hours, longer than usual for this SIM.`;
    return [{ code: 'deaf', subject: iccid, iccid, text, mark }];
  }

  function placeOfSim(iccid: string): Place {
    return deps.snapshots().find((modem) => modem.iccid === iccid) ?? storedPlaceOf(db, iccid);
  }

  return {
    name: 'deaf',
    codes: ['deaf'],
    everyMs: EVERY_MS,
    look(standing) {
      const modems = deps.snapshots();
      noteListening(db, listening, modems, clock.monotonicMs());
      const alarms = new Map(standing.map((alarm) => [alarm.subject, alarm]));
      const present = new Set<string>();
      const found = modems.flatMap((modem) => {
        if (modem.iccid === null) return [];
        present.add(modem.iccid);
        return conditionOf(modem.iccid, modem, alarms.get(modem.iccid));
      });
      // SIMs that are in no modem now: a message read late, or a watch that was turned off, ends their alarm too.
      return [...found, ...standing.flatMap((alarm) => (present.has(alarm.subject) ? [] : conditionOf(alarm.subject, null, alarm)))];
    },
    why: () => (deafHours === 0 ? 'The watch for silent SIMs is off (modems.deaf_hours).' : 'A message came again.'),
    changed(tx: Tx, { subject }, what, why) {
      recordEvents(tx, [eventOf(placeOfSim(subject), subject, tx.nowMs, what === 'raised' ? 'alarm_raised' : 'alarm_cleared', why)]);
    },
    async raised({ subject: iccid }) {
      const { slot } = placeOfSim(iccid);
      log.warn('sim_deaf', { iccid, slot });
      if (deps.toggleRadio === null) return;
      const outcome = await deps.toggleRadio(slot);
      log.warn('deaf_radio_toggled', { iccid, slot, ok: outcome.ok, detail: outcome.detail });
      const detail = `The radio was to be switched off and on, because no message came: ${outcome.detail}`;
      await deps.door.write((tx) =>
        recordEvents(tx, [eventOf(placeOfSim(iccid), iccid, tx.nowMs, outcome.ok ? 'repaired' : 'fault', detail)]),
      );
    },
  };
}

/** A card that moves to another modem begins anew: that one may hear well. */
const listenerKey = (modem: ModemSnapshot): string => `${modem.iccid} ${modem.slot}`;

/** Since when a modem has listened to a SIM and nothing came; a message is noticed by its time being another one. */
interface Listening {
  sinceMonotonicMs: number;
  lastMessageAtMs: number | null;
}

function noteListening(db: Database, listening: Map<string, Listening>, modems: readonly ModemSnapshot[], nowMonotonicMs: number): void {
  const now = new Map(modems.filter(isListening).map((modem) => [listenerKey(modem), modem.iccid ?? '']));
  for (const key of listening.keys()) if (!now.has(key)) listening.delete(key);
  for (const [key, iccid] of now) {
    const { lastMessageAtMs } = hearingOf(db, iccid);
    if (listening.get(key)?.lastMessageAtMs !== lastMessageAtMs) listening.set(key, { sinceMonotonicMs: nowMonotonicMs, lastMessageAtMs });
  }
}

function isListening({ state, registration, iccid }: ModemSnapshot): boolean {
  return iccid !== null && state === 'ready' && (registration === 'home' || registration === 'roaming');
}

type Place = Pick<ModemSnapshot, 'slot' | 'port' | 'imei'>;

function storedPlaceOf(db: Database, iccid: string): Place {
  const row = db
    .query<{ slot: string | null; imei: string | null }, { iccid: string }>('SELECT slot, imei FROM sims WHERE iccid = $iccid')
    .get({ iccid });
  const slot = row?.slot ?? '(no slot)';
  return { slot, port: slot, imei: row?.imei ?? null };
}

function eventOf({ slot, port, imei }: Place, iccid: string, atMs: number, kind: ModemEvent['kind'], detail: string): ModemEvent {
  const event = { atMs, kind, slot, port, imei, iccid, detail };
  return kind === 'alarm_raised' || kind === 'alarm_cleared' ? { ...event, alarm: 'deaf' } : event;
}
