import type { Database } from 'bun:sqlite';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import { endChange, type PriceChange, scheduledChanges } from './changes.ts';
import { applyPlan, type PriceDeps, planRules } from './planning.ts';
import type { PriceRule } from './price-rules.ts';

/** Prices that change while it is worked out make it work anew, so often at most. */
const TRIES_MAX = 10;
const RETRY_MS = 60_000;
const key = (id: string): string => `prices:${id}`;

export interface PriceSchedule {
  /** Looks what is to come: after one was scheduled or canceled. */
  look(): void;
}

/** Where nothing is to come: for commands and tests that serve pages alone. */
export const noSchedule: PriceSchedule = { look() {} };

/** Applies each change of prices when its time has come; one whose time passed while the house was closed, at the start. */
export function startPriceSchedule(deps: PriceDeps & { clock: Clock; timers: Timers; log: Log; troubles: Troubles }): PriceSchedule {
  const { db, door, clock, timers, log, troubles } = deps;
  const set = new Set<string>();
  const under = new Set<string>();

  function look(): void {
    const due = scheduledChanges(db);
    for (const id of set) if (!due.some((change) => change.id === id)) timers.cancel(key(id));
    set.clear();
    for (const change of due) {
      set.add(change.id);
      if (change.dueAtMs !== null) timers.set(key(change.id), change.dueAtMs, () => start(change));
    }
  }

  function start(change: PriceChange): void {
    if (under.has(change.id)) return;
    under.add(change.id);
    apply(change)
      .catch((thrown: unknown) => failed(change, thrown))
      .finally(() => under.delete(change.id))
      .catch((thrown: unknown) => log.error('price_schedule_failed', { change: change.id, error: messageOf(thrown) }));
  }

  async function apply(change: PriceChange): Promise<void> {
    const row = db
      .query<{ rules: string }, { id: string }>("SELECT rules FROM price_changes WHERE id = $id AND state = 'scheduled'")
      .get({ id: change.id });
    if (row === null) return;
    const userId = schedulerOf(db, change.id);
    for (let tried = 1; ; tried++) {
      const plan = await planRules(deps, JSON.parse(row.rules) as PriceRule[]);
      try {
        await applyPlan(deps, change.id, { ...change, userId }, plan);
        break;
      } catch (thrown) {
        if (!(thrown instanceof Refusal && thrown.type === 'prices_changed') || tried === TRIES_MAX) throw thrown;
      }
    }
    log.info('prices_changed', { change: change.id });
    troubles.mended('price_schedule');
  }

  async function failed(change: PriceChange, thrown: unknown): Promise<void> {
    const error = messageOf(thrown);
    log.error('price_schedule_failed', { change: change.id, error });
    troubles.failed('price_schedule', `The change of prices "${change.title}" could not be applied: ${error}`);
    if (thrown instanceof Refusal && thrown.type === 'unavailable')
      timers.set(key(change.id), clock.nowMs() + RETRY_MS, () => start(change));
    else await door.write((tx) => endChange(tx, change.id, 'failed', schedulerOf(tx.db, change.id), error));
  }

  look();
  timers.onJump(look);
  return { look };
}

/** Who scheduled it, and so stands in the audit log for it. */
function schedulerOf(db: Database, id: string): string | null {
  return (
    db.query<{ userId: string | null }, { id: string }>('SELECT user_id AS userId FROM price_changes WHERE id = $id').get({ id })?.userId ??
    null
  );
}
