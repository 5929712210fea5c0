/**
 * Searching without reading everything, and without holding anybody up. An index leads to candidates, the newest first; what no index knows is looked for in
 * slices of them with a rest after each, and after so many the page says how far it got and goes on from there. So each page costs the same with ten rows as with
 * ten million.
 */

/** Candidates of one slice: a few milliseconds of reading, for which an SMS may have to wait. */
export const SLICE = 500;
/** Slices of one page. */
const SLICES_MAX = 40;

export interface Found<Row> {
  rows: Row[];
  /** Where the next page begins, or null at the end. */
  nextCursor: string | null;
  /** Until when it was looked back, where that ended a page that is not full. */
  lookedBackToMs: number | null;
}

/** Of a search that cannot be made as it was typed. */
export const NOTHING_FOUND = { rows: [], nextCursor: null, lookedBackToMs: null };

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

/** Goes on from slice to slice until the page is full, everything was looked at, or it was enough. `find` looks at one slice. */
export async function deepen<Search extends { limit: number; cursor: string | null }, Row extends { place: string }>(
  search: Search,
  find: (search: Search) => Found<Row>,
  breathe: () => Promise<void>,
): Promise<Found<Row>> {
  const rows: Row[] = [];
  let found: Found<Row> = { rows, nextCursor: search.cursor, lookedBackToMs: null };
  for (let slice = 0; slice < SLICES_MAX; slice++) {
    found = find({ ...search, cursor: found.nextCursor, limit: search.limit - rows.length });
    rows.push(...found.rows);
    if (found.lookedBackToMs === null || found.nextCursor === null || rows.length >= search.limit) break;
    await breathe();
  }
  const isFull = rows.length >= search.limit;
  return { rows, nextCursor: found.nextCursor, lookedBackToMs: isFull ? null : found.lookedBackToMs };
}
