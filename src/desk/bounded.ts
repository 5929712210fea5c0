/**
 * Searching without reading everything. An index leads to candidates, the newest first, and no more than `EXAMINED_MAX` of them are looked at for what no
 * index knows; where that many held too few hits, the page says how far it got and goes on from there. So each page costs the same with ten rows as with ten million.
 */

/** A few milliseconds of reading: nobody's SMS waits longer for an operator who searches. */
export const EXAMINED_MAX = 5000;

export interface Found<Row> {
  rows: Row[];
  /** Where the next page begins, or null at the end. */
  nextCursor: string | null;
  /** Until when it was looked back, where that ended a page that is not full. */
  lookedBackToMs: number | null;
}

export interface Candidate {
  id: string;
  /** Where a page that ends here goes on. */
  place: string;
  atMs: number;
}

/** Cuts what was found, one more than a page, into the page and what comes behind it. `last`: the candidate looked at last, null where all were. */
export function foundPage<Row extends { place: string }>(rows: Row[], limit: number, last: Candidate | null): Found<Row> {
  if (rows.length > limit) return { rows: rows.slice(0, limit), nextCursor: rows[limit - 1]?.place ?? null, lookedBackToMs: null };
  return { rows, nextCursor: last?.place ?? null, lookedBackToMs: last?.atMs ?? null };
}

/** What somebody typed as a pattern of LIKE, with `\\` as its escape. */
export function like(typed: string): string {
  return `%${typed.replace(/[\\%_]/g, '\\$&')}%`;
}
