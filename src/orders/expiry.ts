import type { Database } from 'bun:sqlite';
import type { Door, Tx } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { type Log, messageOf } from '../lib/log.ts';
import type { Timers } from '../lib/timers.ts';
import type { Hub } from '../live/hub.ts';
import { endWindow, type OrderTerms } from './orders.ts';
import { findOrder } from './view.ts';

/** Reading a SIM takes milliseconds. One that takes longer than this, well inside the promised second, is treated as one that cannot be read. */
const READ_MS_MAX = 700;
/** Overdue orders looked at in one turn of the event loop, so that a storm of expiries never stalls the live path. */
const STORM_BATCH = 64;
/** How soon a SIM that could not be read is tried again, besides at once when it comes back. */
const RETRY_MS = 5000;

export interface ExpiryDeps {
  db: Database;
  door: Door;
  clock: Clock;
  timers: Timers;
  hub: Hub;
  log: Log;
  terms: OrderTerms;
  graceSeconds: number;
  /** Reads the SIM's whole storage now; false when that cannot be done. */
  readNow(iccid: string): Promise<boolean>;
  /** Until when messages on the SIM wait for their last parts, or null when none does. */
  partsUntilMs(iccid: string): number | null;
  /** Judges, as far as they came, messages on the SIM that wait for parts; runs in the transaction that may end the order. */
  judgeWaiting(tx: Tx, iccid: string): void;
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
 * Ends each order when its window is over. The database is the truth; the timers only say when to look. Rule 7: an order ends only after its SIM's storage
 * was read once more. While that cannot be done (after a restart, unplugged, silent) it waits until it was, or until the grace has run out.
 */
export function startExpiry(deps: ExpiryDeps): Expiry {
  const { db, door, clock, timers, hub, log, terms } = deps;
  const due: OpenOrder[] = [];
  /** Overdue orders whose SIM could not be read, and until when they wait. On the monotonic clock: a clock that is set must not end a wait. */
  const graceEndsMs = new Map<string, number>();
  /** Orders for which a reading is under way: a slow modem is not asked twice. */
  const reading = new Set<string>();

  function look(order: OpenOrder): void {
    due.push(order);
    if (due.length === 1) setImmediate(settleBatch);
  }

  function settleBatch(): void {
    for (const order of due.splice(0, STORM_BATCH)) {
      settle(order).catch((thrown: unknown) => failed(order, thrown));
    }
    if (due.length > 0) setImmediate(settleBatch);
  }

  async function settle(order: OpenOrder): Promise<void> {
    if (reading.has(order.id)) return waitsOn(order) ? undefined : end(order);
    const read = deps.readNow(order.iccid).finally(() => reading.delete(order.id));
    reading.add(order.id);
    const inTime = await Promise.race([read, Bun.sleep(READ_MS_MAX).then(() => null)]);
    if (inTime === true) return end(order);
    // Slow but alive: what it reads still counts, and ends the wait.
    if (inTime === null) read.then((late) => (late ? end(order) : undefined)).catch((thrown: unknown) => failed(order, thrown));
    if (!waitsOn(order)) await end(order);
  }

  async function end(order: OpenOrder): Promise<void> {
    const partsUntilMs = deps.partsUntilMs(order.iccid);
    if (partsUntilMs !== null && partsUntilMs > clock.nowMs()) {
      // The rest of a message is on its way: a code must not be cut because the window ends in between.
      timers.set(timerKey(order.id), partsUntilMs, () => look(order));
      return;
    }
    const ended = await door.write((tx) => {
      deps.judgeWaiting(tx, order.iccid);
      return endWindow(tx, terms, order.id);
    });
    graceEndsMs.delete(order.id);
    if (ended) log.info('order_window_ended', { order: ended.id, status: ended.status });
  }

  function failed(order: OpenOrder, thrown: unknown): void {
    log.error('expiry_failed', { order: order.id, error: messageOf(thrown) });
    timers.set(timerKey(order.id), clock.nowMs() + 1000, () => look(order));
  }

  /** True while the order may wait longer for its SIM; sets the timer to look again. */
  function waitsOn(order: OpenOrder): boolean {
    const nowMs = clock.monotonicMs();
    const endsMs = graceEndsMs.get(order.id) ?? nowMs + deps.graceSeconds * 1000;
    if (nowMs >= endsMs || findOrder(db, order.id)?.endedAtMs !== null) return false;
    graceEndsMs.set(order.id, endsMs);
    timers.set(timerKey(order.id), clock.nowMs() + Math.min(endsMs - nowMs, RETRY_MS), () => look(order));
    return true;
  }

  function watch(order: OpenOrder): void {
    timers.set(timerKey(order.id), order.expiresAtMs, () => look(order));
  }

  function watchAll(): void {
    for (const order of openOrders(db)) watch(order);
  }

  watchAll();
  timers.onJump(watchAll);
  hub.onEvent((event) => {
    if (event.orderId === null || event.type === 'balance.changed') return;
    const order = findOrder(db, event.orderId);
    if (order && order.endedAtMs === null) watch(order);
    else {
      timers.cancel(timerKey(event.orderId));
      graceEndsMs.delete(event.orderId);
    }
  });
  return {
    simReady(iccid) {
      const nowMs = clock.nowMs();
      for (const order of openOrdersOn(db, iccid)) if (order.expiresAtMs <= nowMs) look(order);
    },
  };
}

const OPEN_COLUMNS = 'id, iccid, expires_at_ms AS expiresAtMs';

function openOrders(db: Database): OpenOrder[] {
  return db.query<OpenOrder, []>(`SELECT ${OPEN_COLUMNS} FROM orders WHERE status IN ('pending', 'received')`).all();
}

function openOrdersOn(db: Database, iccid: string): OpenOrder[] {
  return db
    .query<OpenOrder, { iccid: string }>(`SELECT ${OPEN_COLUMNS} FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received')`)
    .all({ iccid });
}

function timerKey(orderId: string): string {
  return `order:${orderId}`;
}
