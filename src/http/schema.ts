import { type } from 'arktype';
import { documented } from './documented.ts';

/** RFC 9457, as every refusal of the API is answered. */
export const ProblemBody = documented(
  type({ type: 'string', title: 'string', status: 'number.integer', detail: 'string', request_id: 'string' }),
  {
    type: { type: 'string', description: 'What to branch on; stable.', example: 'out_of_stock' },
    title: { description: 'The same sentence for every problem of this type.' },
    detail: { description: 'What was wrong this time and what would be right.' },
    request_id: { description: 'Quote it when you ask the operator.' },
  },
);

export const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 200;

/** `?limit=` and `?cursor=` of every list. */
export const pageQuery = { 'limit?': 'string.integer.parse', 'cursor?': 'string <= 64' } as const;
export const pageShown = {
  limit: { type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'How many rows at most.' },
  cursor: { description: '`next_cursor` of the page before.' },
};

/** Cuts a list that was asked for one row more than a page into the page and the cursor of the next. */
export function cutPage<T extends { id: string }>(rows: readonly T[], limit: number): { rows: readonly T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  return { rows: page, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** The answers that any API call may give besides its own, for the API document. */
export function problems<const S extends number>(...statuses: S[]): Record<S | 401 | 403 | 422, typeof ProblemBody> {
  return Object.fromEntries([401, 403, 422, ...statuses].map((status) => [status, ProblemBody])) as Record<
    S | 401 | 403 | 422,
    typeof ProblemBody
  >;
}
