import type { Database } from 'bun:sqlite';
import type { Door } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Hub } from '../live/hub.ts';
import { isOnline } from '../sims/sims.ts';
import { endWindow, type OrderTerms } from './orders.ts';
import { findOrder } from './view.ts';

/** An SMS announced just before the expiry may still be on the serial line: wait for it this long, well inside the promised second. */
const SETTLE_MS_MAX = 700;
/** Overdue orders looked at in one turn of the event loop, so that a storm of expiries never stalls the live path. */
const STORM_BATCH = 64;

export interface ExpiryDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  hub: Hub;
  log: Log;
  terms: OrderTerms;
  graceSeconds: number;
  /** Resolves when no SMS the SIM's modem has announced is still unread. */
  settled(iccid: string): Promise<void>;
}

export interface Expiry {
  /** The SIM's whole storage has just been read: overdue orders on it need wait no longer. */
  simReady(iccid: string): void;
}

interface OpenOrder {
  id: string;
  iccid: string;
  expiresAtMs: number;
}

/**
 * Ends each order when its window is over. The database is the truth; the timers only say when to look. Rule 7: while the SIM cannot be
 * read (after a restart, or unplugged), a pending order waits until it was read again or the grace has run out.
 */
export function startExpiry(deps: ExpiryDeps): Expiry {
  const { db, door, clock, timers, hub, log, terms } = deps;
  const startedAtMs = clock.nowMs();
  const due: OpenOrder[] = [];

  function look(order: OpenOrder): void {
    due.push(order);
    if (due.length === 1) setImmediate(settleBatch);
  }

  function settleBatch(): void {
    for (const order of due.splice(0, STORM_BATCH)) {
      settle(order).catch((thrown: unknown) => {
        log.error('expiry_failed', { order: order.id, error: messageOf(thrown) });
        timers.set(timerKey(order.id), clock.nowMs() + 1000, () => look(order));
      });
    }
    if (due.length > 0) setImmediate(settleBatch);
  }

  async function settle(order: OpenOrder): Promise<void> {
    if (!isOnline(db, order.iccid)) {
      const graceEndsAtMs = Math.max(order.expiresAtMs, startedAtMs) + deps.graceSeconds * 1000;
      if (clock.nowMs() < graceEndsAtMs && findOrder(db, order.id)?.status === 'pending') {
        timers.set(timerKey(order.id), graceEndsAtMs, () => look(order));
        return;
      }
    } else {
      await Promise.race([deps.settled(order.iccid), Bun.sleep(SETTLE_MS_MAX)]);
    }
    const ended = await door.write((tx) => endWindow(tx, terms, order.id));
    if (ended) log.info('order_window_ended', { order: ended.id, status: ended.status });
  }

  function watch(order: OpenOrder): void {
    timers.set(timerKey(order.id), order.expiresAtMs, () => look(order));
  }

  function watchAll(): void {
    for (const order of openOrders(db, null)) watch(order);
  }

  watchAll();
  timers.onJump(watchAll);
  hub.onEvent((event) => {
    if (event.orderId === null || event.type === 'balance.changed') return;
    const order = findOrder(db, event.orderId);
    if (order && order.endedAtMs === null) watch(order);
    else timers.cancel(timerKey(event.orderId));
  });
  return {
    simReady(iccid) {
      const nowMs = clock.nowMs();
      for (const order of openOrders(db, iccid)) if (order.expiresAtMs <= nowMs) look(order);
    },
  };
}

function openOrders(db: Database, iccid: string | null): OpenOrder[] {
  return db
    .query<OpenOrder, { iccid: string | null }>(
      `SELECT id, iccid, expires_at_ms AS expiresAtMs FROM orders WHERE status IN ('pending', 'received') AND ($iccid IS NULL OR iccid = $iccid)`,
    )
    .all({ iccid });
}

function timerKey(orderId: string): string {
  return `order:${orderId}`;
}
