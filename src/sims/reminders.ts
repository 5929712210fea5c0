import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import { operatorsWanting } from '../mail/preferences.ts';
import { isMailOn, queueMail } from '../mail/queue.ts';
import { type DueSim, dueSims, REMIND_DAYS } from './care.ts';

const HOUR_MS = 3_600_000;

/**
 * Mails the operators who want it that cards expire or are to be topped up: each day that was typed once for each of REMIND_DAYS, all of a moment in one
 * mail. While nobody would get it nothing is noted, so that whoever turns it on later is told. Returns how many days were told of.
 */
export function remindOfSims(tx: Tx): number {
  const operators = operatorsWanting(tx.db, 'sim_due');
  if (!isMailOn(tx.db) || operators.length === 0) return 0;
  const cards = dueSims(tx.db, tx.nowMs).filter((due) => note(tx, due));
  if (cards.length === 0) return 0;
  const payload = { cards: cards.map(({ iccid, what, on }) => ({ iccid, what, on })) };
  for (const userId of operators) queueMail(tx, { kind: 'sim_due', about: `${userId}:${tx.nowMs}`, userId, payload });
  return cards.length;
}

/** Notes the reminders that are due for a day; false when all of them went out before. */
function note(tx: Tx, { iccid, what, on, days }: DueSim): boolean {
  const insert = tx.db.query(
    'INSERT INTO sim_reminders (iccid, what, due_on, days, at_ms) VALUES ($iccid, $what, $on, $days, $now) ON CONFLICT DO NOTHING',
  );
  const noted = REMIND_DAYS.filter((ahead) => days <= ahead).map(
    (ahead) => insert.run({ iccid, what, on, days: ahead, now: tx.nowMs }).changes,
  );
  return noted.some((changes) => changes > 0);
}

/** Looks every hour, and at once. */
export function startSimReminders(deps: { door: Pick<Door, 'write'>; clock: Clock; timers: Timers; log: Log; troubles: Troubles }): void {
  const { door, clock, timers, log, troubles } = deps;

  async function look(): Promise<void> {
    timers.set('sim_reminders', clock.nowMs() + HOUR_MS, () => void look());
    try {
      const told = await door.write(remindOfSims);
      if (told > 0) log.info('sims_due', { days: told });
      troubles.mended('sim_reminders');
    } catch (thrown) {
      log.error('sim_reminders_failed', { error: messageOf(thrown) });
      troubles.failed('sim_reminders', messageOf(thrown));
    }
  }

  void look();
  timers.onJump(() => void look());
}
