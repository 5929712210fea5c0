const DAY_MS = 86_400_000;

/** The end (UTC) of the last day on which vouchers are taken, from `2027-01-31`; null for what is no day. */
export function endOfDay(text: string): number | null {
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be read as the 2nd of March.
  if (Number.isNaN(startMs) || !new Date(startMs).toISOString().startsWith(text)) return null;
  return startMs + DAY_MS;
}
