import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import { MessageListBody } from '../orders/schema.ts';
import { messageJson } from '../orders/view.ts';
import { listMessages } from './messages.ts';

/** `/api/v1/messages`. */
export function messageRoutes({ db, guard }: { db: Database; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['messages'] })
    .use(guard)
    .get(
      '/messages',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => listMessages(db, user.id, { ...page, orderId: query.order_id ?? null, rentalId: query.rental_id ?? null }),
          messageJson,
        ),
      {
        scope: 'messages:read',
        query: documented(type({ ...pageQuery, 'order_id?': 'string <= 64', 'rental_id?': 'string <= 64' }), {
          ...pageShown,
          order_id: { description: 'Only those of this order.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
          rental_id: { description: 'Only those of this rental.', example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
        }),
        response: { 200: MessageListBody, ...problems() },
        detail: { operationId: 'listMessages', summary: 'The messages of your orders and rentals, newest first' },
      },
    );
}
