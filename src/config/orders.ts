import { WINDOW_MINUTES_MAX, WINDOW_MINUTES_MIN } from '../lib/clock.ts';
import { type Key, minutes, whole } from './kinds.ts';

export interface OrderConfig {
  windowMinutes: number;
  quarantineMinutes: number;
  reuseDays: number;
  cancelAfterSeconds: number;
  graceSeconds: number;
  /** By how much a customer may have a window extended, once; 0 is not offered. */
  extendMinutes: number;
  /** How long a window waits for a modem that is away. */
  outageExtendMinutes: number;
  /** In how many lines a customer may wait at once; 0: there is no waiting list. */
  waitingPlacesMax: number;
  /** For how long at most. */
  waitingHoursMax: number;
}

/** Keys of `[orders]`. */
export const ORDER_KEYS = {
  window_minutes: minutes(WINDOW_MINUTES_MIN, WINDOW_MINUTES_MAX, 20),
  quarantine_minutes: whole(0, 525_600, 60),
  reuse_days: whole(0, 36_500, 365),
  cancel_after_seconds: whole(0, 86_400, 0),
  grace_seconds: whole(0, 86_400, 60),
  extend_minutes: minutes(0, 1440, 0),
  outage_extend_minutes: minutes(0, 1440, 20),
  waiting_places_max: whole(0, 1000, 20),
  waiting_hours_max: whole(1, 8760, 168),
};

export function orderConfig(value: <T>(section: 'orders', key: string, spec: Key<T>) => T): OrderConfig {
  const keys = ORDER_KEYS;
  return {
    windowMinutes: value('orders', 'window_minutes', keys.window_minutes),
    quarantineMinutes: value('orders', 'quarantine_minutes', keys.quarantine_minutes),
    reuseDays: value('orders', 'reuse_days', keys.reuse_days),
    cancelAfterSeconds: value('orders', 'cancel_after_seconds', keys.cancel_after_seconds),
    graceSeconds: value('orders', 'grace_seconds', keys.grace_seconds),
    extendMinutes: value('orders', 'extend_minutes', keys.extend_minutes),
    outageExtendMinutes: value('orders', 'outage_extend_minutes', keys.outage_extend_minutes),
    waitingPlacesMax: value('orders', 'waiting_places_max', keys.waiting_places_max),
    waitingHoursMax: value('orders', 'waiting_hours_max', keys.waiting_hours_max),
  };
}

/** What one account may do; 0: no limit. The operator may set others for a customer. */
export interface LimitConfig {
  openOrders: number;
  /** In any 24 hours. */
  ordersADay: number;
}

/** Keys of `[limits]`. */
export const LIMIT_KEYS = { open_orders: whole(0, 1_000_000, 0), orders_a_day: whole(0, 1_000_000, 0) };

export function limitConfig(value: <T>(section: 'limits', key: string, spec: Key<T>) => T): LimitConfig {
  return {
    openOrders: value('limits', 'open_orders', LIMIT_KEYS.open_orders),
    ordersADay: value('limits', 'orders_a_day', LIMIT_KEYS.orders_a_day),
  };
}
