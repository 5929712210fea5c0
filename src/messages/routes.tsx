import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import { Refusal } from '../lib/errors.ts';
import { readPeriod } from '../lib/period.ts';
import { MessageListBody } from '../orders/schema.ts';
import { messageJson, type OrderMessage } from '../orders/view.ts';
import { findRental, messagesOfRental } from '../rentals/view.ts';
import { listMessages } from './messages.ts';

type Query = { order_id?: string; rental_id?: string; q?: string; from?: string; to?: string };

function isSearch({ q, from, to }: Query): boolean {
  return [q, from, to].some((one) => one !== undefined);
}

/** Found in the inbox of one rental, which its index bounds; refused where none is named. Another's rental has nothing in it, as an unknown one. */
function searchRental(db: Database, userId: string, query: Query, page: { limit: number; cursor: string | null }): OrderMessage[] {
  const { rental_id: rentalId, order_id: orderId, q = '' } = query;
  if (rentalId === undefined || orderId !== undefined) {
    const message = 'q, from and to look in one rental: send its rental_id with them, and no order_id.';
    throw new Refusal('validation', message, { errors: [{ field: 'rental_id', message }] });
  }
  const period = readPeriod(query);
  return findRental(db, rentalId, userId) ? messagesOfRental(db, rentalId, { ...page, ...period, search: q.trim() }) : [];
}

/** `/api/v1/messages`. */
export function messageRoutes({ db, guard }: { db: Database; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['messages'] })
    .use(guard)
    .get(
      '/messages',
      ({ query, user }) =>
        apiPage(
          query,
          (page) =>
            isSearch(query)
              ? searchRental(db, user.id, query, page)
              : listMessages(db, user.id, { ...page, orderId: query.order_id ?? null, rentalId: query.rental_id ?? null }),
          messageJson,
        ),
      {
        scope: 'messages:read',
        query: documented(
          type({
            ...pageQuery,
            'order_id?': 'string <= 64',
            'rental_id?': 'string <= 64',
            'q?': 'string <= 100',
            'from?': 'string <= 40',
            'to?': 'string <= 40',
          }),
          {
            ...pageShown,
            order_id: { description: 'Only those of this order.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
            rental_id: { description: 'Only those of this rental.', example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
            q: { description: 'With `rental_id`: only those with this in sender, text or code, in small letters or capitals.' },
            from: { description: 'With `rental_id`: from this time on, or this date in UTC.', example: '2026-11-01' },
            to: { description: 'With `rental_id`: before this time.' },
          },
        ),
        response: { 200: MessageListBody, ...problems() },
        detail: { operationId: 'listMessages', summary: 'The messages of your orders and rentals, newest first' },
      },
    );
}
