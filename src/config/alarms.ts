import { type Key, whole } from './kinds.ts';

/** From when on something is an alarm; 0 is never, where 0 is allowed. */
export interface AlarmThresholds {
  modemDownMinutes: number;
  simFullPercent: number;
  simExpiryDays: number;
  busyRefusals: number;
  busyOrders: number;
  deliveryMedianSeconds: number;
  deliveryP95Seconds: number;
  reviewMinutes: number;
  diskFreeMegabytes: number;
  diskFreePercent: number;
  clockOffSeconds: number;
  backupHours: number;
}

export interface AlarmConfig extends AlarmThresholds {
  /** How long after it was told an alarm that nobody acknowledged is told again; 0: never. */
  againHours: number;
}

/** Keys of `[alarms]`. */
export const ALARM_KEYS = {
  again_hours: whole(0, 8760, 24),
  modem_down_minutes: whole(1, 1440, 2),
  sim_full_percent: whole(10, 100, 80),
  sim_expiry_days: whole(0, 365, 14),
  busy_refusals: whole(0, 1_000_000, 3),
  busy_orders: whole(0, 1_000_000, 5),
  delivery_median_seconds: whole(0, 3600, 3),
  delivery_p95_seconds: whole(0, 3600, 10),
  review_minutes: whole(0, 100_000, 30),
  disk_free_megabytes: whole(0, 100_000_000, 1000),
  disk_free_percent: whole(0, 90, 5),
  clock_off_seconds: whole(0, 86_400, 120),
  backup_hours: whole(0, 8760, 26),
};

export function alarmConfig(value: <T>(section: 'alarms', key: string, spec: Key<T>) => T): AlarmConfig {
  const read = (key: keyof typeof ALARM_KEYS): number => value('alarms', key, ALARM_KEYS[key]);
  return {
    againHours: read('again_hours'),
    modemDownMinutes: read('modem_down_minutes'),
    simFullPercent: read('sim_full_percent'),
    simExpiryDays: read('sim_expiry_days'),
    busyRefusals: read('busy_refusals'),
    busyOrders: read('busy_orders'),
    deliveryMedianSeconds: read('delivery_median_seconds'),
    deliveryP95Seconds: read('delivery_p95_seconds'),
    reviewMinutes: read('review_minutes'),
    diskFreeMegabytes: read('disk_free_megabytes'),
    diskFreePercent: read('disk_free_percent'),
    clockOffSeconds: read('clock_off_seconds'),
    backupHours: read('backup_hours'),
  };
}
