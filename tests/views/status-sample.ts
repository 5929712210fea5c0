import type { AdminStatusView } from '../../views/admin/status.tsx';
import type { PolicyView } from '../../views/policies.tsx';
import type { DayPageView } from '../../views/status/day.tsx';
import type { CountsView, IncidentView, MaintenanceView, StatusFrameView, StatusView } from '../../views/status/model.ts';
import { nowMs } from './sample.ts';

const HOUR_MS = 3_600_000;
const counts: CountsView = { up: 1400, down: 20, missing: 10, excused: 10, before: 0, future: 0 };
const figure = { sample: 12, medianMs: 1900, p95Ms: 5200 };

export const frame = (text: string): StatusFrameView => ({ publicUrl: '', stale: text, nowMs });

export const incident = (text: string, endedAtMs: number | null = null, id = 'inc_1'): IncidentView => ({
  ...{ id: `${id}${text}`, surface: 'ordering', isAutomatic: false, severity: 'major', title: text },
  ...{ startedAtMs: nowMs - HOUR_MS, endedAtMs, changedAtMs: nowMs, updates: [{ atMs: nowMs, text, isAutomatic: false }] },
});

export const maintenance = (text: string, startsAtMs = nowMs + HOUR_MS): MaintenanceView => ({
  ...{
    id: `mnt_${startsAtMs}${text}`,
    title: text,
    text: `x${text}`,
    surfaces: ['ordering', 'delivery'],
    startsAtMs,
    endsAtMs: startsAtMs + 60_000,
  },
  ...{ announcedAtMs: nowMs - HOUR_MS, changedAtMs: nowMs, isCanceled: false, lateMinutes: 1 },
});

export const statusView = (text: string): StatusView => ({
  madeAtMs: nowMs,
  sinceMs: nowMs - 48 * HOUR_MS,
  surfaces: [
    {
      ...{ surface: 'ordering', state: 'down', detail: `x${text}`, checkedAtMs: nowMs, latencyMs: 4 },
      months: [{ month: '2026-11', counts, percent: 98.1, budget: { minutes: 43.2, left: -3 } }],
      days: [{ day: '2026-11-22', counts, percent: 98.1 }],
    },
  ],
  incidents: [incident(text), incident(text, nowMs - 1, 'inc_2')],
  maintenance: [maintenance(text), maintenance(text, nowMs - 24 * HOUR_MS)],
  delivery: { days: 30, all: figure, countries: [{ country: text, ...figure }] },
  isVirtual: true,
  canMail: true,
  unwrittenMinutes: 2,
});

export const dayView = (text: string): DayPageView => ({
  ...{
    day: '2026-11-22',
    previous: '2026-11-21',
    next: null,
    incidents: [incident(text)],
    maintenance: [maintenance(text)],
    isVirtual: true,
  },
  surfaces: [{ surface: 'ordering', counts, percent: 98, stretches: [{ fromMs: nowMs - 60_000, toMs: nowMs, what: 'down' }] }],
});

export const adminView = (text: string): AdminStatusView => ({
  ...{ nowMs, maintenance: [maintenance(text)], incidents: [incident(text)], subscribers: 1, lateMinutes: 3, done: text },
  ...{ form: { values: { title: text, text: `x${text}`, starts: text, ends: text }, errors: { title: text, '': text } }, formOf: 'new' },
  audit: [{ atMs: nowMs, email: text, action: text, detail: text }],
});

export const policyView = (text: string): PolicyView => ({
  ...{
    version: text,
    operator: { name: `x${text}`, address: text },
    windowMinutes: 20,
    cancelAfterSeconds: 0,
    quarantineMinutes: 60,
    reuseDays: 365,
  },
  ...{
    outageMinutes: 10,
    refundUnused: true,
    exportHours: 72,
    signInDays: 90,
    targetPercent: 99.9,
    delivery: { days: 30, ...figure },
    hasPayments: true,
  },
});
