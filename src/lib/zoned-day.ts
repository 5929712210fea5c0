/** Days of a time zone, as `2026-11-22`, and when they begin. */

const SEARCHED_MS = 16 * 3_600_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day a moment is in, in a time zone. */
export function dayIn(zone: string, atMs: number): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(atMs);
}

/** The first moment of a day in a time zone. Days are 23 to 25 hours long where clocks are changed, so it is looked for and not reckoned. */
export function startOfDayIn(zone: string, day: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // No zone is further from UTC than 14 hours.
  let [before, from] = [utc - SEARCHED_MS, utc + SEARCHED_MS];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayIn(zone, middle) >= day) from = middle;
    else before = middle;
  }
  return from;
}

/** The day after a day. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** Whether a text is a day there is. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
    new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
  );
}
