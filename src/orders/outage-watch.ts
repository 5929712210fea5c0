import type { StoredEvent } from '../db/events.ts';
import { messageOf } from '../lib/log.ts';
import type { ExpiryDeps } from './expiry.ts';
import { awayOn, clockOf, giveUpOutage } from './outage.ts';
import { findOrder, ORDER_COLUMNS, type Order } from './view.ts';

export interface OutageWatch {
  /** The SIM cannot be read any more: pending orders on it wait for it, up to the bound. */
  simLost(iccid: string): void;
}

const RETRY_MS = 1000;

/**
 * Refunds each pending order whose SIM has been away for as long as its window waits, at once rather than at its end. The database is the truth; the timers only say
 * when to look. After a start, or when the wall clock was set, modems first get the grace to come back: how long they were away says nothing yet.
 */
export function startOutageWatch(
  deps: Pick<ExpiryDeps, 'db' | 'door' | 'clock' | 'timers' | 'hub' | 'log' | 'terms' | 'graceSeconds'>,
): OutageWatch {
  const { db, door, clock, timers, hub, log, terms } = deps;
  const key = (id: string): string => `outage:${id}`;

  function watch(order: Order, notBeforeMs: number): void {
    if (order.status !== 'pending') return;
    const { boundAtMs } = clockOf(order, awayOn(db, order.iccid), terms, clock.nowMs());
    if (boundAtMs === Number.POSITIVE_INFINITY) timers.cancel(key(order.id));
    else timers.set(key(order.id), Math.max(boundAtMs, notBeforeMs), () => look(order.id));
  }

  function look(id: string): void {
    door
      .write((tx) => giveUpOutage(tx, terms, id))
      .then((given) => {
        if (given) log.info('order_outage_refunded', { order: id });
        else if (findOrder(db, id)?.status === 'pending') rewatch(id);
      })
      .catch((thrown: unknown) => {
        log.error('outage_not_settled', { order: id, error: messageOf(thrown) });
        timers.set(key(id), clock.nowMs() + RETRY_MS, () => look(id));
      });
  }

  /** It is not yet the time, or its SIM is back: never sooner than in a moment, so that nothing turns in circles. */
  function rewatch(id: string): void {
    const order = findOrder(db, id);
    if (order) watch(order, clock.nowMs() + RETRY_MS);
  }

  function watchAll(): void {
    const notBeforeMs = clock.nowMs() + deps.graceSeconds * 1000;
    for (const order of pendingAway.all({ iccid: null })) watch(order, notBeforeMs);
  }

  const pendingAway = db.query<Order, { iccid: string | null }>(
    `SELECT ${ORDER_COLUMNS} FROM orders
     WHERE status IN ('pending', 'received') AND status = 'pending' AND iccid IN (SELECT iccid FROM sims WHERE online = 0) AND ($iccid IS NULL OR iccid = $iccid)`,
  );
  watchAll();
  timers.onJump(watchAll);
  hub.onEvent(({ type, orderId }: StoredEvent) => {
    if (orderId === null || type === 'balance.changed' || type === 'order.noted' || type === 'order.unsure') return;
    const order = findOrder(db, orderId);
    if (order?.status !== 'pending') timers.cancel(key(orderId));
    else if (type === 'order.extended') watch(order, 0);
  });
  return {
    simLost(iccid) {
      for (const order of pendingAway.all({ iccid })) watch(order, 0);
    },
  };
}
