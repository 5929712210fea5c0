import type { Database } from 'bun:sqlite';
import type { StoredEvent } from '../db/events.ts';
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

/** Something on a SIM with a window that ends: an order, or a rental. */
export interface OpenWindow {
  id: string;
  iccid: string;
  expiresAtMs: number;
}

/** How one kind of them is looked up and ended. */
export interface Ending {
  /** In timers and in the log. */
  name: string;
  all(db: Database): OpenWindow[];
  on(db: Database, iccid: string): OpenWindow[];
  /** Null when it has ended, or is none. */
  find(db: Database, id: string): OpenWindow | null;
  /** Whose window an event may have opened, moved or closed. */
  idOf(event: StoredEvent): string | null;
  /** Ends it if its window is over; null when there is nothing to do, or when to look again. */
  end(tx: Tx, id: string): { id: string; status: string } | { againAtMs: number } | null;
}

function orderEnding(terms: OrderTerms): Ending {
  return {
    name: 'order',
    all: openOrders,
    on: openOrdersOn,
    find: (db, id) => {
      const order = findOrder(db, id);
      return order?.endedAtMs === null ? order : null;
    },
    idOf: ({ type, orderId }) => (type === 'balance.changed' ? null : orderId),
    end: (tx, id) => endWindow(tx, terms, id),
  };
}

/**
 * Ends each order (or what else `ending` knows) when its window is over. The database is the truth; the timers only say when to look. Rule 7: an order ends only after its SIM's storage
 * was read once more. While that cannot be done (after a restart, unplugged, silent) it waits until it was, or until the grace has run out.
 */
export function startExpiry(deps: ExpiryDeps, ending: Ending = orderEnding(deps.terms)): Expiry {
  const { db, door, clock, timers, hub, log } = deps;
  const timerKey = (id: string): string => `${ending.name}:${id}`;
  const due: OpenWindow[] = [];
  /** Overdue orders whose SIM could not be read, and until when they wait. On the monotonic clock: a clock that is set must not end a wait. */
  const graceEndsMs = new Map<string, number>();
  /** Orders for which a reading is under way: a slow modem is not asked twice. */
  const reading = new Set<string>();

  function look(order: OpenWindow): void {
    due.push(order);
    if (due.length === 1) setImmediate(settleBatch);
  }

  function settleBatch(): void {
    for (const order of due.splice(0, STORM_BATCH)) {
      settle(order).catch((thrown: unknown) => failed(order, thrown));
    }
    if (due.length > 0) setImmediate(settleBatch);
  }

  async function settle(order: OpenWindow): Promise<void> {
    if (reading.has(order.id)) return waitsOn(order) ? undefined : end(order);
    const read = deps.readNow(order.iccid).finally(() => reading.delete(order.id));
    reading.add(order.id);
    const inTime = await Promise.race([read, Bun.sleep(READ_MS_MAX).then(() => null)]);
    if (inTime === true) return end(order);
    // Slow but alive: what it reads still counts, and ends the wait.
    if (inTime === null) read.then((late) => (late ? end(order) : undefined)).catch((thrown: unknown) => failed(order, thrown));
    if (!waitsOn(order)) await end(order);
  }

  async function end(order: OpenWindow): Promise<void> {
    const partsUntilMs = deps.partsUntilMs(order.iccid);
    if (partsUntilMs !== null && partsUntilMs > clock.nowMs()) {
      // The rest of a message is on its way: a code must not be cut because the window ends in between.
      timers.set(timerKey(order.id), partsUntilMs, () => look(order));
      return;
    }
    const ended = await door.write((tx) => {
      deps.judgeWaiting(tx, order.iccid);
      return ending.end(tx, order.id);
    });
    graceEndsMs.delete(order.id);
    if (ended && 'againAtMs' in ended) timers.set(timerKey(order.id), ended.againAtMs, () => look(order));
    else if (ended) log.info(`${ending.name}_window_ended`, { [ending.name]: ended.id, status: ended.status });
  }

  function failed(order: OpenWindow, thrown: unknown): void {
    log.error('expiry_failed', { [ending.name]: order.id, error: messageOf(thrown) });
    timers.set(timerKey(order.id), clock.nowMs() + 1000, () => look(order));
  }

  /** True while the order may wait longer for its SIM; sets the timer to look again. */
  function waitsOn(order: OpenWindow): boolean {
    const nowMs = clock.monotonicMs();
    const endsMs = graceEndsMs.get(order.id) ?? nowMs + deps.graceSeconds * 1000;
    if (nowMs >= endsMs || ending.find(db, order.id) === null) return false;
    graceEndsMs.set(order.id, endsMs);
    timers.set(timerKey(order.id), clock.nowMs() + Math.min(endsMs - nowMs, RETRY_MS), () => look(order));
    return true;
  }

  function watch(order: OpenWindow): void {
    timers.set(timerKey(order.id), order.expiresAtMs, () => look(order));
  }

  function watchAll(): void {
    for (const order of ending.all(db)) watch(order);
  }

  watchAll();
  timers.onJump(watchAll);
  hub.onEvent((event) => {
    const id = ending.idOf(event);
    if (id === null) return;
    const order = ending.find(db, id);
    if (order) watch(order);
    else {
      timers.cancel(timerKey(id));
      graceEndsMs.delete(id);
    }
  });
  return {
    simReady(iccid) {
      const nowMs = clock.nowMs();
      for (const order of ending.on(db, iccid)) if (order.expiresAtMs <= nowMs) look(order);
    },
  };
}

const OPEN_COLUMNS = 'id, iccid, expires_at_ms AS expiresAtMs';

function openOrders(db: Database): OpenWindow[] {
  return db.query<OpenWindow, []>(`SELECT ${OPEN_COLUMNS} FROM orders WHERE status IN ('pending', 'received')`).all();
}

function openOrdersOn(db: Database, iccid: string): OpenWindow[] {
  return db
    .query<OpenWindow, { iccid: string }>(`SELECT ${OPEN_COLUMNS} FROM orders WHERE iccid = $iccid AND status IN ('pending', 'received')`)
    .all({ iccid });
}
