import type { CountsView, DeliveryFigure, StatusView } from '../../views/status/model.ts';
import { rfc3339 } from '../lib/clock.ts';
import { budgetOf, downtime, NOTICE_HOURS, TARGET_PERCENT } from './uptime.ts';

/** `/status.json`: the figures of the page, for programs. Docs: docs/status.md. */
export function statusJson(view: StatusView, stale: string | null) {
  return {
    generated_at: rfc3339(view.madeAtMs),
    stale: stale !== null,
    zone: 'UTC',
    target_percent: TARGET_PERCENT,
    maintenance_notice_hours: NOTICE_HOURS,
    since: view.sinceMs === null ? null : rfc3339(view.sinceMs),
    unwritten_minutes: view.unwrittenMinutes,
    surfaces: view.surfaces.map(({ surface, state, detail, checkedAtMs, latencyMs, months, days }) => ({
      surface,
      status: state,
      detail,
      checked_at: checkedAtMs === null ? null : rfc3339(checkedAtMs),
      latency_ms: latencyMs,
      months: months.map(({ month, percent, counts }) => {
        const budget = budgetOf(counts);
        return { month, uptime_percent: percent, ...minutesOf(counts), budget_minutes: budget.minutes, budget_left_minutes: budget.left };
      }),
      days: days.map(({ day, percent, counts }) => ({ day, uptime_percent: percent, ...minutesOf(counts) })),
    })),
    incidents: view.incidents.map(({ id, surface, severity, title, startedAtMs, endedAtMs, updates }) => ({
      ...{ id, surface, severity, title, started_at: rfc3339(startedAtMs), ended_at: endedAtMs === null ? null : rfc3339(endedAtMs) },
      updates: updates.map(({ atMs, text }) => ({ at: rfc3339(atMs), text })),
    })),
    maintenance: view.maintenance.map(({ id, title, text, surfaces, startsAtMs, endsAtMs, announcedAtMs, lateMinutes, isCanceled }) => ({
      ...{ id, title, text, surfaces, starts_at: rfc3339(startsAtMs), ends_at: rfc3339(endsAtMs), announced_at: rfc3339(announcedAtMs) },
      ...{ counted_minutes: isCanceled ? 0 : lateMinutes, canceled: isCanceled },
    })),
    delivery: {
      days: view.delivery.days,
      all: figureOf(view.delivery.all),
      countries: view.delivery.countries.map(({ country, ...figure }) => ({ country, ...figureOf(figure) })),
    },
  };
}

/** `down` counts minutes without any record too, which `no_record` tells apart. */
function minutesOf(counts: CountsView) {
  return { up: counts.up, down: downtime(counts), no_record: counts.missing, excused: counts.excused };
}

function figureOf({ sample, medianMs, p95Ms }: DeliveryFigure) {
  return { sample, median_ms: medianMs, p95_ms: p95Ms };
}
