import { openDoor } from '../../src/db/write.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openTroubles } from '../../src/lib/troubles.ts';
import { listMaintenance } from '../../src/status/maintenance.ts';
import { firstMinute, newestMinute } from '../../src/status/minutes.ts';
import { noteGap, Recorder } from '../../src/status/recorder.ts';
import { isRunning } from '../../src/status/snapshot.ts';
import { type Found, SURFACES, type Surface } from '../../src/status/surfaces.ts';
import type { House } from '../support/house.ts';

export const TICK_MS = 10_000;
const OK: Found = { ok: true, degraded: null };

/** The real recorder on a clock that the test moves, with checks that say what the test says. */
export function recording(house: House, says: (surface: Surface, atMs: number) => Found | Promise<Found> = () => OK) {
  const { db, clock, terms } = house;
  const door = openDoor(db, clock.nowMs, silentLog);
  const troubles = openTroubles(clock.nowMs);
  const windows = () => listMaintenance(db, clock.nowMs() - 3_600_000);
  const make = () =>
    new Recorder({
      checks: Object.fromEntries(SURFACES.map((surface) => [surface, async () => says(surface, clock.nowMs())])) as Record<
        Surface,
        () => Promise<Found>
      >,
      // Alone, as the door would: a month of turns of the event loop takes long.
      write: async (verb) => house.write(verb),
      ...{ nowMs: clock.nowMs, monotonicMs: clock.monotonicMs, random: terms.random, log: silentLog, troubles, limitMs: 200 },
      inMaintenance: (surface, atMs) => windows().some((one) => isRunning(one, surface, atMs)),
    });
  return {
    door,
    troubles,
    make,
    /** What a start does. */ begin: () => {
      const newest = newestMinute(db);
      house.write((tx) => {
        firstMinute(tx);
        const covered = (atMs: number) => windows().some((one) => one.lateMinutes === 0 && one.startsAtMs <= atMs && atMs < one.endsAtMs);
        noteGap(terms.random, newest, covered)(tx);
      });
      return make();
    },
  };
}
