import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { SlotActions } from '../modem/actions.ts';
import type { ModemEvent, ModemSnapshot } from '../modem/source.ts';
import { clearSimAlarm, deafSims, hearingOf, judgeHearing, raiseSimAlarm } from './alarms.ts';
import { recordEvents } from './history.ts';

const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface DeafWatchDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  log: Log;
  troubles: Troubles;
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
  const { db, door, clock, timers, log, troubles } = deps;
  const listening = new Map<string, Listening>();

  async function look(): Promise<void> {
    try {
      const modems = deps.snapshots();
      noteListening(db, listening, modems, clock.monotonicMs());
      const deaf = deafSims(db);
      for (const modem of modems) {
        if (modem.iccid === null) continue;
        await judge(modem, modem.iccid, deaf);
        deaf.delete(modem.iccid);
      }
      // SIMs that are in no modem now: a message read late, or a watch that was turned off, ends their alarm too.
      for (const iccid of [...deaf.keys()]) await judge(null, iccid, deaf);
      troubles.mended('deaf_watch');
    } catch (thrown) {
      log.error('deaf_watch_failed', { error: messageOf(thrown) });
      troubles.failed('deaf_watch', messageOf(thrown));
    }
  }

  async function judge(modem: ModemSnapshot | null, iccid: string, deaf: ReadonlyMap<string, number | null>): Promise<void> {
    const since = modem === null ? undefined : listening.get(listenerKey(modem));
    const { lastMessageAtMs, usualGapMs } = hearingOf(db, iccid);
    const silentMs = since === undefined ? null : clock.monotonicMs() - since.sinceMonotonicMs;
    const verdict = judgeHearing({
      ...{ silentMs, usualGapMs, deafHours: deps.deafHours, heardEver: lastMessageAtMs !== null },
      alarm: deaf.has(iccid) ? { heardSince: deaf.get(iccid) !== lastMessageAtMs } : null,
    });
    if (verdict === 'raise' && modem !== null) await raise(modem, iccid, silentMs ?? 0);
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

function placeOf(db: Database, iccid: string): Place {
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
