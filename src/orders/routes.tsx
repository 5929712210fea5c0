import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import type { Door } from '../db/write.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { documented } from '../http/documented.ts';
import { cutPage, LIMIT_DEFAULT, LIMIT_MAX, pageQuery, pageShown, problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { Hub } from '../live/hub.ts';
import { unsureOf } from '../reviews/unsure.ts';
import { idempotencyKey, once } from './idempotency.ts';
import { cancelOrder, finishOrder, type OrderTerms, placeOrder, reportOrder, reuseOrder } from './orders.ts';
import { IDEMPOTENCY_KEY, OrderBody, OrderListBody, OrderListQuery, OrderPath, OrderQuery, OrderRequestBody, Unchanged } from './schema.ts';
import { listOrders, orderJson, presentOrder } from './view.ts';
import { waitForOrder } from './waiting.ts';

export interface OrderRouteDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
  pushes: Pushes;
}

/** `/api/v1/orders`. */
export function orderRoutes({ db, door, hub, clock, terms, guard, pushes }: OrderRouteDeps) {
  const act = (verb: typeof cancelOrder, userId: string, orderId: string) =>
    door.write((tx) => presentOrder(tx.db, verb(tx, terms, { userId, orderId })));
  return new Elysia({ prefix: '/api/v1/orders', tags: ['orders'] })
    .use(guard)
    .post(
      '',
      async ({ body, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        const order = { userId: user.id, country: body.country, service: body.service, maxPriceMinor: body.max_price ?? null };
        set.status = 201;
        return door.write((tx) => {
          const place = () => presentOrder(tx.db, placeOrder(tx, terms, order));
          return key === null ? place() : once(tx, { userId: user.id, key, request: JSON.stringify(['order', order]) }, place);
        });
      },
      {
        scope: 'orders:write',
        body: OrderRequestBody,
        response: { 201: OrderBody, ...problems(402, 404, 409) },
        detail: {
          summary: 'Rent a number',
          parameters: [IDEMPOTENCY_KEY],
        },
      },
    )
    .get(
      '',
      ({ query, user }) => {
        const limit = Math.min(Math.max(query.limit ?? LIMIT_DEFAULT, 1), LIMIT_MAX);
        const { rows, nextCursor } = cutPage(
          listOrders(db, user.id, { limit: limit + 1, cursor: query.cursor ?? null, status: query.status ?? null }),
          limit,
        );
        return { data: rows.map((order) => presentOrder(db, order)), next_cursor: nextCursor };
      },
      {
        scope: 'orders:read',
        query: documented(type({ ...pageQuery, ...OrderListQuery }), pageShown),
        response: { 200: OrderListBody, ...problems() },
        detail: { summary: 'Your orders, newest first' },
      },
    )
    .get(
      '/:id',
      async ({ params, query, user, request, set, status }) => {
        const { order, messages } = await waitForOrder(
          { db, hub, monotonicMs: clock.monotonicMs },
          { userId: user.id, orderId: params.id, waitSeconds: query.wait ?? 0, after: query.after ?? null, gone: request.signal },
        );
        pushes.note((query.wait ?? 0) > 0 ? 'long_poll' : 'poll', [order.lastEvent]);
        const etag = `"${order.lastEvent}${query.after === undefined ? '' : `-${query.after}`}"`;
        set.headers['etag'] = etag;
        set.headers['cache-control'] = 'private, no-cache';
        if (request.headers.get('if-none-match') === etag) return status(304, undefined);
        return orderJson(order, messages, unsureOf(db, order));
      },
      {
        scope: 'orders:read',
        params: OrderPath,
        query: OrderQuery,
        response: { 200: OrderBody, 304: Unchanged, ...problems(404) },
        detail: { summary: 'One order', description: 'Cheap to poll (ETag), and can wait: `?wait=25`.' },
      },
    )
    .post('/:id/cancel', ({ params, user }) => act(cancelOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { summary: 'Give a pending order back for a full refund' },
    })
    .post('/:id/finish', ({ params, user }) => act(finishOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { summary: 'Say that you have what you came for' },
    })
    .post('/:id/report', ({ params, user }) => act(reportOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { summary: 'Say that the number of a pending order does not work; full refund' },
    })
    .post(
      '/:id/reuse',
      async ({ params, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        set.status = 201;
        return door.write((tx) => {
          const reuse = () => presentOrder(tx.db, reuseOrder(tx, terms, { userId: user.id, orderId: params.id }));
          return key === null ? reuse() : once(tx, { userId: user.id, key, request: JSON.stringify(['reuse', params.id]) }, reuse);
        });
      },
      {
        scope: 'orders:write',
        params: OrderPath,
        response: { 201: OrderBody, ...problems(402, 404, 409) },
        detail: { summary: 'Rent the number of an ended order again for the same service', parameters: [IDEMPOTENCY_KEY] },
      },
    );
}
