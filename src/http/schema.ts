import { type } from 'arktype';
import { REFUSALS } from '../lib/errors.ts';
import { TEST_EVENT, WEBHOOK_EVENT_TYPES, WEBHOOK_EVENTS } from '../webhooks/types.ts';
import { documented } from './documented.ts';

/** RFC 9457, as every refusal of the API is answered. */
export const ProblemBody = documented(
  type({ type: 'string', title: 'string', status: 'number.integer', detail: 'string', request_id: 'string' }),
  {
    type: {
      type: 'string',
      enum: [...Object.keys(REFUSALS), 'internal'],
      description: 'What to branch on; stable.',
      example: 'out_of_stock',
    },
    title: { description: 'The same sentence for every problem of this type.', example: 'No number is free.' },
    status: { example: 409 },
    detail: {
      description: 'What was wrong this time and what would be right.',
      example: 'No number is free for telegram in gb right now.',
    },
    request_id: { description: 'Quote it when you ask the operator.', example: 'req_01kanq7x2fq3v8b1c6d9e4g5h7' },
    retry_after: { type: 'integer', description: 'Seconds to wait, with `limit_reached` and `unavailable`.', example: 3 },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } },
      description: 'With `validation`: each field that is wrong.',
      example: [{ field: 'country', message: 'country must be an ISO 3166-1 code in lower case, such as gb' }],
    },
  },
  'Problem',
);

const EVENT_WORDS = Object.entries(WEBHOOK_EVENTS)
  .map(([name, words]) => `\`${name}\`: ${words}`)
  .join(' ');

/** A fact that leaves the system, as the stream and the webhooks carry it. */
export const EventBody = documented(
  type({ id: 'string', type: 'string', created_at: 'string', data: 'object' }),
  {
    id: { description: 'The same in every channel and every retry.', example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
    type: { type: 'string', enum: [...WEBHOOK_EVENT_TYPES, TEST_EVENT], description: EVENT_WORDS, example: 'balance.changed' },
    created_at: { format: 'date-time', example: '2026-11-22T14:03:22.000Z' },
    data: {
      type: 'object',
      additionalProperties: true,
      description:
        'With `order.…` the order as it was then, with `rental.…` the rental, with `waiting.…` the place in a waiting list, with `balance.changed` the balance.',
      example: { currency: 'USD', available: 9955, held: 45 },
    },
  },
  'Event',
);

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;

/** Cursors are the place in the list, wrapped so that nobody builds one: the form may change. */
const CURSOR_PREFIX = 'c1.';

function openCursor(cursor: string): string | null {
  const place = cursor.startsWith(CURSOR_PREFIX) ? Buffer.from(cursor.slice(CURSOR_PREFIX.length), 'base64url').toString('latin1') : '';
  return /^[\x21-\x7e]{1,100}$/.test(place) && sealCursor(place) === cursor ? place : null;
}

function sealCursor(place: string): string {
  return CURSOR_PREFIX + Buffer.from(place, 'latin1').toString('base64url');
}

const Cursor = type('string <= 200').pipe(
  (cursor, context) =>
    openCursor(cursor) ?? context.error({ message: 'cursor must be the next_cursor of the page before, as it was given' }),
);
/** What a field that is one of a few words must be, phrased as a missing one is. */
export function oneOf(field: string, words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return `${field} must be ${[quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ')}`;
}

const Limit = type('string.integer.parse').configure({ message: `limit must be a whole number, at most ${LIMIT_MAX}` });

/** `?limit=` and `?cursor=` of every list. */
export const pageQuery = { 'limit?': Limit, 'cursor?': Cursor } as const;
export const pageShown = {
  limit: { type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'How many rows at most.' },
  cursor: { type: 'string', maxLength: 200, description: '`next_cursor` of the page before, as it was given.' },
};

/** Rows of a list that may have ended before it was full; `goesOnAt` is the id behind which nothing was looked at yet. */
export interface PartList<T> {
  rows: readonly T[];
  goesOnAt: string | null;
}

/** Cuts a list that was asked for one row more than a page into the page and the place after which the next begins. */
export function cutPage<T extends { id: string }>(rows: readonly T[], limit: number): { rows: readonly T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  return { rows: page, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/**
 * A page of a list as API clients get it. `list` gives rows in descending order of their ids, beginning below the id `cursor`: rows that come while somebody
 * pages through move nothing, none is shown twice and none that was there is left out.
 */
export function apiPage<T extends { id: string }, J>(
  query: { limit?: number; cursor?: string },
  list: (page: { limit: number; cursor: string | null }) => readonly T[] | PartList<T>,
  present: (row: T) => J,
): { data: J[]; next_cursor: string | null } {
  const limit = Math.min(Math.max(query.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
  const found = list({ limit: limit + 1, cursor: query.cursor ?? null });
  const { rows: all, goesOnAt } = 'goesOnAt' in found ? found : { rows: found, goesOnAt: null };
  const { rows, nextCursor: behind } = cutPage(all, limit);
  const nextCursor = behind ?? goesOnAt;
  return { data: rows.map(present), next_cursor: nextCursor === null ? null : sealCursor(nextCursor) };
}

/** The answers that any API call may give besides its own, for the API document. */
export function problems<const S extends number>(...statuses: S[]): Record<S | 401 | 403 | 422, typeof ProblemBody> {
  return Object.fromEntries([401, 403, 422, ...statuses].map((status) => [status, ProblemBody])) as Record<
    S | 401 | 403 | 422,
    typeof ProblemBody
  >;
}
