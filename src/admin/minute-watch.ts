import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import { MINUTE_MS, writeMinute } from './house-minutes.ts';

/** Commits of the minute that is over may still be on their way at its end. */
const AFTER_MS = 2000;

/** Writes down each minute when it is over, for the charts of the overview. */
export function startMinuteWatch(deps: { door: Pick<Door, 'write'>; clock: Clock; timers: Timers; log: Log; troubles: Troubles }): void {
  const { door, clock, timers, log, troubles } = deps;

  function next(): void {
    timers.set('house_minutes', (Math.floor(clock.nowMs() / MINUTE_MS) + 1) * MINUTE_MS + AFTER_MS, () => void write());
  }

  async function write(): Promise<void> {
    next();
    const minute = Math.floor((clock.nowMs() - AFTER_MS) / MINUTE_MS) - 1;
    try {
      await door.write((tx) => writeMinute(tx, minute));
      troubles.mended('house_minutes');
    } catch (thrown) {
      log.error('minute_not_written', { error: messageOf(thrown) });
      troubles.failed('house_minutes', `${messageOf(thrown)}. The charts of the overview lack this time.`);
    }
  }

  next();
  timers.onJump(next);
}
