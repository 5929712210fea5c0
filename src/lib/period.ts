import { Refusal } from './errors.ts';

/** From inclusive, to exclusive, by when a row was made; null: without end on that side. */
export interface Period {
  fromMs: number | null;
  toMs: number | null;
}

const DAY_MS = 86_400_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Reads `from` and `to` of the API: RFC 3339, or a date, which is its beginning in UTC. Refuses with `validation` what is neither, or ends before it begins. */
export function readPeriod(given: { from?: string | undefined; to?: string | undefined }): Period {
  return ordered({ fromMs: readTime('from', given.from), toMs: readTime('to', given.to) }, 'to must be later than from.');
}

/** Reads the dates of the form, both inclusive as people mean them; empty means without end. */
export function readDays(given: { from?: string | undefined; to?: string | undefined }): Period {
  const toMs = readTime('to', given.to || undefined);
  return ordered(
    { fromMs: readTime('from', given.from || undefined), toMs: toMs === null ? null : toMs + DAY_MS },
    'The last day must not be before the first.',
  );
}

function readTime(field: 'from' | 'to', text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  // 2026-02-30 would be read as the 2nd of March.
  const isDay = !Number.isNaN(ms) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (isDay && ms >= 0) return ms;
  const message = `${field} must be a date such as 2026-11-01, or a time such as 2026-11-01T08:00:00Z`;
  throw new Refusal('validation', `${message}.`, { errors: [{ field, message }] });
}

function ordered(period: Period, message: string): Period {
  if (period.fromMs !== null && period.toMs !== null && period.toMs <= period.fromMs) {
    throw new Refusal('validation', message, { errors: [{ field: 'to', message }] });
  }
  return period;
}
