import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { SlotActions } from '../modem/actions.ts';
import type { ModemEvent, ModemSnapshot } from '../modem/source.ts';
import { clearSimAlarm, hearingOf, judgeHearing, raiseSimAlarm, simAlarms } from './alarms.ts';
import { recordEvents } from './history.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface DeafWatchDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  log: Log;
  snapshots(): readonly ModemSnapshot[];
  /** `modems.deaf_hours`; 0 is off. */
  deafHours: number;
  /** `modems.radio_toggle`: how the radio of a deaf modem is switched off and on, or null to leave it alone. */
  toggleRadio: SlotActions['toggleRadio'] | null;
}

/**
 * Looks once a minute for SIMs that are registered and hear nothing, raises and clears their alarms, and switches the radio of such a modem off
 * and on once per alarm. Returns one look, for tests and for a look at once; it never rejects.
 */
export function startDeafWatch(deps: DeafWatchDeps): { look(): Promise<void> } {
  const { db, door, clock, timers, log } = deps;
  // On the monotonic clock: setting the wall clock makes nobody deaf.
  const listeningSince = new Map<string, number>();

  async function look(): Promise<void> {
    try {
      const modems = deps.snapshots();
      noteListening(listeningSince, modems, clock.monotonicMs());
      const standing = new Map(simAlarms(db).map((alarm) => [alarm.iccid, alarm.sinceMs]));
      for (const modem of modems) {
        if (modem.iccid === null) continue;
        await judge(modem, modem.iccid, standing.get(modem.iccid) ?? null);
        standing.delete(modem.iccid);
      }
      // SIMs that are in no modem now: a message read late, or a watch that was turned off, ends their alarm too.
      for (const [iccid, sinceMs] of standing) await judge(null, iccid, sinceMs);
    } catch (thrown) {
      log.error('deaf_watch_failed', { error: messageOf(thrown) });
    }
  }

  async function judge(modem: ModemSnapshot | null, iccid: string, deafSinceMs: number | null): Promise<void> {
    const since = modem === null ? undefined : listeningSince.get(listenerKey(modem));
    const { verdict, silentMs } = judgeHearing({
      ...hearingOf(db, iccid),
      nowMs: clock.nowMs(),
      listeningSinceMs: since === undefined ? null : clock.nowMs() - (clock.monotonicMs() - since),
      deafHours: deps.deafHours,
      deafSinceMs,
    });
    if (verdict === 'raise' && modem !== null) await raise(modem, iccid, silentMs);
    if (verdict === 'clear') await clear(modem, iccid);
  }

  async function raise(modem: ModemSnapshot, iccid: string, silentMs: number): Promise<void> {
    const text = `Registered, but no message for ${Math.floor(silentMs / HOUR_MS)} hours, longer than usual for this SIM.`;
    const raised = await door.write((tx) => {
      if (!raiseSimAlarm(tx, { iccid, code: 'deaf', text })) return false;
      recordEvents(tx, [eventOf(modem, iccid, tx.nowMs, 'alarm_raised', text)]);
      return true;
    });
    if (!raised) return;
    log.warn('sim_deaf', { iccid, slot: modem.slot, silent_hours: Math.floor(silentMs / HOUR_MS) });
    if (deps.toggleRadio === null) return;
    const outcome = await deps.toggleRadio(modem.slot);
    log.warn('deaf_radio_toggled', { iccid, slot: modem.slot, ok: outcome.ok, detail: outcome.detail });
    const detail = `The radio was to be switched off and on, because no message came: ${outcome.detail}`;
    await door.write((tx) => recordEvents(tx, [eventOf(modem, iccid, tx.nowMs, outcome.ok ? 'repaired' : 'fault', detail)]));
  }

  async function clear(modem: ModemSnapshot | null, iccid: string): Promise<void> {
    const place = modem ?? placeOf(db, iccid);
    const text = deps.deafHours === 0 ? 'The watch for silent SIMs is off (modems.deaf_hours).' : 'A message came again.';
    await door.write((tx) => {
      if (clearSimAlarm(tx, iccid, 'deaf')) recordEvents(tx, [eventOf(place, iccid, tx.nowMs, 'alarm_cleared', text)]);
    });
  }

  function lookRegularly(): void {
    void look();
    timers.set('sims:deaf', clock.nowMs() + LOOK_EVERY_MS, lookRegularly);
  }

  lookRegularly();
  timers.onJump(lookRegularly);
  return { look };
}

/** A card that moves to another modem begins anew: that one may hear well. */
const listenerKey = (modem: ModemSnapshot): string => `${modem.iccid} ${modem.slot}`;

function noteListening(since: Map<string, number>, modems: readonly ModemSnapshot[], nowMonotonicMs: number): void {
  const listening = new Set(modems.filter(isListening).map(listenerKey));
  for (const key of since.keys()) if (!listening.has(key)) since.delete(key);
  for (const key of listening) if (!since.has(key)) since.set(key, nowMonotonicMs);
}

function isListening({ state, registration, iccid }: ModemSnapshot): boolean {
  return iccid !== null && state === 'ready' && (registration === 'home' || registration === 'roaming');
}

type Place = Pick<ModemSnapshot, 'slot' | 'port' | 'imei'>;

function placeOf(db: Database, iccid: string): Place {
  const row = db
    .query<{ slot: string | null; imei: string | null }, { iccid: string }>('SELECT slot, imei FROM sims WHERE iccid = $iccid')
    .get({ iccid });
  const slot = row?.slot ?? '(no slot)';
  return { slot, port: slot, imei: row?.imei ?? null };
}

function eventOf({ slot, port, imei }: Place, iccid: string, atMs: number, kind: ModemEvent['kind'], detail: string): ModemEvent {
  return { atMs, kind, slot, port, imei, iccid, detail };
}
