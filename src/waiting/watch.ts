import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Troubles } from '../lib/troubles.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { hasWork, tend } from './tend.ts';
import { waitingLines } from './view.ts';

/** How soon somebody is tried again who was refused though nothing was seen to stand in the way, and everything after a failure. */
const RETRY_MS = 5000;
const LOOK = 'waiting:look';
const LATER = 'waiting:later';

export interface WaitingDeps {
  db: Database;
  door: Pick<Door, 'write' | 'onCommit'>;
  clock: Clock;
  timers: Timers;
  log: Log;
  troubles: Troubles;
  terms: OrderTerms;
}

export interface WaitingWatch {
  /** Something may have changed that the door did not see: a command beside the server committed. */
  look(): void;
}

/**
 * Serves the waiting list. Nothing is asked again and again: a look follows each commit (several within one turn of the timers are one), since whatever frees a number,
 * brings money or changes a price is one; and the moments at which time alone changes something (a rest or a reuse period ends, a place expires) are set as timers.
 * That nobody buys in front of those who wait does not hang on how soon it looks: `beforeSale` serves them in the transaction of each sale.
 */
export function startWaiting({ db, door, clock, timers, log, troubles, terms }: WaitingDeps): WaitingWatch {
  /** Places that were tried in vain, and when to try them again, by the monotonic clock. */
  const inVain = new Map<string, number>();
  let isBusy = false;

  const soon = (): void => timers.set(LOOK, clock.nowMs(), look);

  function look(): void {
    if (isBusy) return;
    const nowMs = clock.nowMs();
    if (db.query("SELECT 1 FROM waiting_places WHERE status = 'waiting' LIMIT 1").get() === null) {
      timers.cancel(LATER);
      inVain.clear();
      return;
    }
    for (const [id, untilMs] of inVain) if (untilMs <= clock.monotonicMs()) inVain.delete(id);
    setLater(nowMs);
    if (hasWork(db, terms, nowMs, [...inVain.keys()])) work();
  }

  function work(): void {
    isBusy = true;
    door
      .write((tx) => tend(tx, terms))
      .then(({ orders, refused, expired, told }) => {
        for (const [id, why] of refused) {
          inVain.set(id, clock.monotonicMs() + RETRY_MS);
          log.info('waiting_refused', { place: id, why });
        }
        if (orders.length + expired + told > 0) log.info('waiting_tended', { served: orders.length, expired, told });
        troubles.mended('waiting_list');
        isBusy = false;
        soon();
      })
      .catch((thrown: unknown) => {
        log.error('waiting_failed', { error: messageOf(thrown) });
        troubles.failed('waiting_list', `Those who wait for numbers could not be served: ${messageOf(thrown)}`);
        isBusy = false;
        timers.set(LATER, clock.nowMs() + RETRY_MS, look);
      });
  }

  /** When to look again though nobody commits anything. */
  function setLater(nowMs: number): void {
    const expiry = db
      .query<{ atMs: number | null }, []>("SELECT min(expires_at_ms) AS atMs FROM waiting_places WHERE status = 'waiting'")
      .get();
    const services = new Set(waitingLines(db).map(({ service }) => service));
    const free = [...services].map((service) => terms.stock?.nextAtMs(service, nowMs) ?? Number.POSITIVE_INFINITY);
    const vain = [...inVain.values()].map((untilMs) => nowMs + untilMs - clock.monotonicMs());
    const atMs = Math.min(expiry?.atMs ?? Number.POSITIVE_INFINITY, ...free, ...vain);
    if (atMs === Number.POSITIVE_INFINITY) timers.cancel(LATER);
    else timers.set(LATER, atMs, look);
  }

  door.onCommit(soon);
  timers.onJump(soon);
  soon();
  return { look: soon };
}
