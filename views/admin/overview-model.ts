import type { AlarmView } from '../model.ts';

export const RANGES = ['hour', 'day', 'week'] as const;
export type Range = (typeof RANGES)[number];

/** One step of the charts. `minutes` of it are on record: 0 is a gap, not a nought. */
export interface OverviewStep {
  atMs: number;
  minutes: number;
  codes: number;
  orders: number;
  paidInMinor: number;
  paidOutMinor: number;
  earnedMinor: number;
  openOrders: number;
  freeSims: number;
  readableSims: number;
  delivery: DeliveryStep;
}

export interface DeliveryStep {
  sample: number;
  medianMs: number | null;
  p95Ms: number | null;
}

export interface OverviewView {
  nowMs: number;
  range: Range;
  minutesPerStep: number;
  currency: string;
  now: { openOrders: number; freeSims: number; readableSims: number; simsKnown: number; offers: number; soldOut: number };
  /** In the last full minute. */
  codesLastMinute: number;
  /** Since midnight UTC. */
  today: { codes: number; orders: number; paidInMinor: number; paidOutMinor: number; earnedMinor: number };
  /** Of the whole range. */
  delivery: DeliveryStep;
  steps: OverviewStep[];
  alarms: OverviewAlarm[];
  modems: { ready: number; all: number };
  /** Days of cards that are near or past; the nearest first. */
  due: { count: number; nearest: string | null };
}

export interface OverviewAlarm extends AlarmView {
  /** Where: a slot or a SIM; null is the house itself. */
  place: string | null;
  href: string;
}
