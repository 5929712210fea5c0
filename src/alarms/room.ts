import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import { ALARM_KINDS, type AlarmKindCode, isAlarmCode } from '../lib/alarm-kinds.ts';
import type { Clock } from '../lib/clock.ts';
import type { RandomBytes } from '../lib/ids.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import { type Alarm, findAlarm, forgetAlarms, refreshAlarm, standingAlarms } from './alarms.ts';
import type { Condition, Detector } from './condition.ts';
import { alarmsWithoutIncident, openIncidentOf } from './incident.ts';
import { forgetNotices } from './notices.ts';
import { isForgettable, type Level, QUIET, type Rule, standingTrack, step, type Track } from './state.ts';
import { clearAlarm, raiseAlarm, remindOperators } from './tell.ts';

const MINUTE_MS = 60_000;
/** New words and figures of what stands are written at most so often. */
const REFRESH_MS = MINUTE_MS;
const KEPT_MS = 365 * 24 * 3_600_000;
const FORGET_AT_ONCE = 500;

export interface AlarmDeps {
  db: Database;
  door: Pick<Door, 'write'>;
  clock: Clock;
  log: Log;
  troubles: Troubles;
  random: RandomBytes;
  detectors: readonly Detector[];
  againHours: number;
  modemDownMinutes: number;
  /** The incidents of the status page may have changed. */
  incidentsChanged?(): void;
}

export interface AlarmRoom {
  /** Each detector looks in its own time from now on. */
  start(timers: Timers): void;
  /** One look of one detector, or of all; never rejects. For tests, and for a look at once. */
  look(name?: string): Promise<void>;
  /** Reminds of what nobody acknowledged, opens incidents that can be by now, forgets what is old; never rejects. */
  tend(): Promise<void>;
}

/** Everything that detects feeds this: looks become alarms that are raised, told, and over. What stands is in the database; how long it rose or fell is here. */
export function openAlarms(deps: AlarmDeps): AlarmRoom {
  const { db, door, clock, log, troubles, random, detectors } = deps;
  const tracks = new Map<string, Track>();
  const refreshedMs = new Map<string, number>();
  const looking = new Set<string>();
  const failing = new Map<string, string>();

  const ruleOf = (code: AlarmKindCode): Rule => {
    const { raiseAfterSeconds, clearAfterSeconds } = ALARM_KINDS[code];
    const raiseAfterMs = code === 'modem_down' ? deps.modemDownMinutes * MINUTE_MS : raiseAfterSeconds * 1000;
    return { raiseAfterMs, clearAfterMs: clearAfterSeconds * 1000 };
  };

  async function lookBy(detector: Detector): Promise<void> {
    // One that takes longer than its time is not asked twice at once.
    if (looking.has(detector.name)) return;
    looking.add(detector.name);
    try {
      const standing = standingAlarms(db).filter(({ code }) => detector.codes.some((one) => one === code));
      const conditions = await detector.look(standing);
      await settle(detector, standing, conditions);
      mended(detector.name);
    } catch (thrown) {
      failed(detector.name, thrown);
    } finally {
      looking.delete(detector.name);
    }
  }

  /** Takes one look in. What it changes is remembered only after it is on the disk, so that a look whose commit failed is as if it had not been. */
  async function settle(detector: Detector, standing: readonly Alarm[], conditions: readonly Condition[]): Promise<void> {
    const nowMs = clock.monotonicMs();
    const found = new Map(conditions.map((condition) => [keyOf(condition), condition]));
    const alarms = new Map(standing.map((alarm) => [keyOf(alarm), alarm]));
    const next = new Map<string, Track>();
    const raise: { condition: Condition; sinceMs: number }[] = [];
    const clear: Alarm[] = [];
    const refresh: { alarm: Alarm; condition: Condition }[] = [];
    for (const key of new Set([...found.keys(), ...alarms.keys(), ...tracked(detector)])) {
      const condition = found.get(key);
      const alarm = alarms.get(key);
      const code = codeOf(key);
      if (code === null) continue;
      const level: Level = condition === undefined ? 'good' : (condition.level ?? 'bad');
      const { track, did } = step(trackOf(key, alarm, nowMs), level, ruleOf(code), nowMs);
      next.set(key, track);
      if (did === 'raised' && condition !== undefined)
        raise.push({ condition, sinceMs: condition.sinceMs ?? clock.nowMs() - ruleOf(code).raiseAfterMs });
      else if (did === 'cleared' && alarm !== undefined) clear.push(alarm);
      else if (alarm !== undefined && condition !== undefined && isNews(alarm, condition, nowMs)) refresh.push({ alarm, condition });
    }
    const raised =
      raise.length + clear.length + refresh.length === 0 ? [] : await door.write((tx) => write(tx, detector, { raise, clear, refresh }));
    for (const [key, track] of next) {
      if (isForgettable(track, nowMs)) tracks.delete(key);
      else tracks.set(key, track);
    }
    for (const { alarm } of refresh) refreshedMs.set(alarm.id, nowMs);
    for (const { id } of clear) refreshedMs.delete(id);
    for (const alarm of raised) {
      log.warn('alarm_raised', { alarm: alarm.id, code: alarm.code, subject: alarm.subject, text: alarm.text });
      await detector.raised?.(alarm);
    }
    for (const { id, code, subject } of clear) log.info('alarm_cleared', { alarm: id, code, subject });
    if ([...raised, ...clear].some(({ incidentId }) => incidentId !== null)) deps.incidentsChanged?.();
  }

  function write(
    tx: Tx,
    detector: Detector,
    {
      raise,
      clear,
      refresh,
    }: {
      raise: readonly { condition: Condition; sinceMs: number }[];
      clear: readonly Alarm[];
      refresh: readonly { alarm: Alarm; condition: Condition }[];
    },
  ): Alarm[] {
    for (const alarm of clear) {
      const why = detector.why?.(alarm) ?? 'It is over.';
      if (clearAlarm(tx, random, alarm.id, why) !== null) detector.changed?.(tx, alarm, 'cleared', why);
    }
    for (const { alarm, condition } of refresh) refreshAlarm(tx, alarm.id, condition);
    return raise.flatMap(({ condition, sinceMs }) => {
      const alarm = raiseAlarm(tx, random, condition, sinceMs);
      if (alarm !== null) detector.changed?.(tx, alarm, 'raised', alarm.text);
      return alarm ?? [];
    });
  }

  /** What stands and is not known to, was raised before the start; what is known to stand and does not, was never written or ended by another process. */
  function trackOf(key: string, alarm: Alarm | undefined, nowMs: number): Track {
    const track = tracks.get(key);
    const stands = track?.phase === 'raised' || track?.phase === 'falling';
    if (alarm !== undefined) return stands ? track : standingTrack(nowMs);
    return track === undefined || stands ? { ...(track ?? QUIET), phase: 'quiet' } : track;
  }

  function tracked({ codes }: Detector): string[] {
    return [...tracks.keys()].filter((key) => codes.some((code) => code === codeOf(key)));
  }

  function isNews(alarm: Alarm, { text, value = null, threshold = null }: Condition, nowMs: number): boolean {
    const writtenMs = refreshedMs.get(alarm.id);
    if (writtenMs !== undefined && nowMs - writtenMs < REFRESH_MS) return false;
    return alarm.text !== text || alarm.value !== value || alarm.threshold !== threshold;
  }

  async function tend(): Promise<void> {
    try {
      const opened = await door.write((tx) => {
        const reminded = remindOperators(tx, random, deps.againHours);
        if (reminded > 0) tx.afterCommit(() => log.info('alarms_reminded', { count: reminded }));
        forgetNotices(tx);
        forgetAlarms(tx, tx.nowMs - KEPT_MS, FORGET_AT_ONCE);
        return alarmsWithoutIncident(tx.db).filter((id) => {
          const alarm = findAlarm(tx.db, id);
          // Until now maintenance ran, or nobody was touched: that time is not the incident's, nor does it join this one to the one before.
          return alarm !== null && openIncidentOf(tx, random, alarm, tx.nowMs);
        });
      });
      if (opened.length > 0) deps.incidentsChanged?.();
      mended('tend');
    } catch (thrown) {
      failed('tend', thrown);
    }
  }

  function failed(name: string, thrown: unknown): void {
    log.error('alarm_watch_failed', { watch: name, error: messageOf(thrown) });
    failing.set(name, messageOf(thrown));
    tellFailing();
  }

  function mended(name: string): void {
    if (failing.delete(name)) tellFailing();
  }

  function tellFailing(): void {
    if (failing.size === 0) troubles.mended('alarm_watch');
    else troubles.failed('alarm_watch', [...failing].map(([name, error]) => `${name}: ${error}`).join(' · '));
  }

  return {
    async look(name) {
      for (const detector of detectors) if (name === undefined || detector.name === name) await lookBy(detector);
    },
    tend,
    start(timers) {
      const regularly = (key: string, everyMs: number, work: () => Promise<void>): void => {
        const again = (): void => {
          timers.set(`alarms:${key}`, clock.nowMs() + everyMs, again);
          void work();
        };
        again();
        timers.onJump(again);
      };
      for (const detector of detectors) regularly(detector.name, detector.everyMs, () => lookBy(detector));
      regularly('tend', MINUTE_MS, tend);
    },
  };
}

const keyOf = ({ code, subject }: { code: string; subject: string }): string => `${code} ${subject}`;

function codeOf(key: string): AlarmKindCode | null {
  const code = key.slice(0, key.indexOf(' '));
  return isAlarmCode(code) ? code : null;
}
