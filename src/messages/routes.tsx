import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { cutPage, LIMIT_DEFAULT, LIMIT_MAX, pageQuery, pageShown, problems } from '../http/schema.ts';
import { MessageBody } from '../orders/schema.ts';
import { messageJson } from '../orders/view.ts';
import { listMessages } from './messages.ts';

/** `/api/v1/messages`. */
export function messageRoutes({ db, guard }: { db: Database; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['messages'] }).use(guard).get(
    '/messages',
    ({ query, user }) => {
      const limit = Math.min(Math.max(query.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
      const asked = { limit: limit + 1, cursor: query.cursor ?? null, orderId: query.order_id ?? null };
      const { rows, nextCursor } = cutPage(listMessages(db, user.id, asked), limit);
      return { data: rows.map(messageJson), next_cursor: nextCursor };
    },
    {
      scope: 'messages:read',
      query: documented(type({ ...pageQuery, 'order_id?': 'string <= 64' }), pageShown),
      response: { 200: documented(type({ data: MessageBody.array(), next_cursor: 'string | null' })), ...problems() },
      detail: { summary: 'The messages of your orders, newest first' },
    },
  );
}
