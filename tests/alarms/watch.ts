import type { Condition, Detector } from '../../src/alarms/condition.ts';
import { openAlarms } from '../../src/alarms/room.ts';
import type { AlarmKindCode } from '../../src/lib/alarm-kinds.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import type { House } from '../support/house.ts';

/** The real room over a house in memory; `begin` is a start of the process, which knows nothing of the one before. */
export function alarmWatch(house: House, detectors: readonly Detector[], options: { againHours?: number; modemDownMinutes?: number } = {}) {
  const troubles = openTroubles(house.clock.nowMs);
  const failing = { writes: false };
  const door = {
    write: async <T>(verb: Parameters<typeof house.write<T>>[0]) => {
      if (failing.writes) throw new Error('the disk is full');
      return house.write(verb);
    },
  };
  const begin = () =>
    openAlarms({
      ...{ db: house.db, door, clock: house.clock, log: silentLog, troubles, random: house.terms.random, detectors },
      againHours: options.againHours ?? 24,
      modemDownMinutes: options.modemDownMinutes ?? 2,
    });
  return { begin, troubles, failing, door };
}

/** A detector that says what the test says. */
export function told(codes: readonly AlarmKindCode[]): Detector & { says: Condition[] } {
  const detector = { name: 'told', codes, everyMs: 1000, says: [] as Condition[], look: () => detector.says };
  return detector;
}
