import type { CountsView, SurfaceName, SurfaceState } from './model.ts';

export const SURFACE_NAMES: Record<SurfaceName, string> = { ordering: 'Ordering', dashboard: 'Dashboard', delivery: 'Delivery of SMS' };

export const SURFACE_HINTS: Record<SurfaceName, string> = {
  ordering: 'A number can be ordered: an order is placed through the public port and taken back before it exists.',
  dashboard: 'The page opens and its live connection pushes.',
  delivery: 'The modems answer, so an SMS that comes now is read now.',
};

export const STATE_WORDS: Record<SurfaceState, string> = {
  operational: 'Works',
  degraded: 'Works in part',
  down: 'Does not work',
  maintenance: 'Maintenance',
  unknown: 'Not checked yet',
};

/** `99.95 %`, or a word when nothing counts yet. */
export function percentText(percent: number | null): string {
  return percent === null ? 'no figure yet' : `${percent.toFixed(3).replace(/\.?0+$/, '')}\u00a0%`;
}

/** `1 minute`, `43 minutes`, `2 h 5 min`. */
export function minutesText(minutes: number): string {
  if (minutes < 60) return `${minutes} minute${minutes === 1 ? '' : 's'}`;
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What a day was like, in one line. */
export function dayText(counts: CountsView): string {
  const down = counts.down + counts.missing;
  const parts = [
    counts.up + down === 0 ? (counts.excused > 0 ? '' : 'not recorded') : down === 0 ? 'no downtime' : `${minutesText(down)} down`,
    counts.missing > 0 ? `${counts.missing} of them without any record` : '',
    counts.excused > 0 ? `${minutesText(counts.excused)} of announced maintenance` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Whole seconds, as the network's clock counts them. */
export function secondsText(ms: number | null): string {
  return ms === null ? '—' : `${(ms / 1000).toFixed(1)} s`;
}

/** A length of time between two moments. */
export function lastedText(fromMs: number, toMs: number): string {
  return minutesText(Math.max(1, Math.round((toMs - fromMs) / 60_000)));
}
