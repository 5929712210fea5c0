import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { documented } from '../http/documented.ts';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../http/idempotency.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import type { Hub } from '../live/hub.ts';
import { cancelOrder, finishOrder, type OrderTerms, placeOrder, reportOrder, reuseOrder } from './orders.ts';
import {
  ORDER_ID_PARAMETER,
  ORDER_LIST_SHOWN,
  OrderBody,
  OrderListBody,
  OrderListQuery,
  OrderPath,
  OrderQuery,
  OrderRequestBody,
} from './schema.ts';
import { listOrders, orderJson, presentOrder } from './view.ts';
import { orderReader, waitForOrder } from './waiting.ts';

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
  const read = orderReader(db, hub);
  const act = (verb: typeof cancelOrder, userId: string, orderId: string) =>
    door.write((tx) => presentOrder(tx.db, verb(tx, terms, { userId, orderId })));
  return new Elysia({ prefix: '/api/v1/orders', tags: ['orders'] })
    .use(guard)
    .post(
      '',
      async ({ body, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        const order = {
          ...{ userId: user.id, country: body.country ?? null, service: body.service, maxPriceMinor: body.max_price ?? null },
          // Left out where not asked for, so that a request repeated over an upgrade is still the same.
          ...(body.carrier === undefined ? {} : { carrier: body.carrier }),
          ...(body.pick === undefined ? {} : { pick: body.pick }),
        };
        set.status = 201;
        return door.write((tx) =>
          once(tx, { userId: user.id, key, request: ['order', order] }, () => presentOrder(tx.db, placeOrder(tx, terms, order))),
        );
      },
      {
        scope: 'orders:write',
        body: OrderRequestBody,
        response: { 201: OrderBody, ...problems(402, 404, 409) },
        detail: {
          operationId: 'createOrder',
          summary: 'Rent a number',
          description:
            'The number is yours from this answer on. The price is held, and goes back by itself unless a valid code arrives in the window. Send an `Idempotency-Key`: a repeated request then orders once.',
          parameters: [IDEMPOTENCY_KEY],
        },
      },
    )
    .get(
      '',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => listOrders(db, user.id, { ...page, status: query.status ?? null }),
          (order) => presentOrder(db, order),
        ),
      {
        scope: 'orders:read',
        query: documented(type({ ...pageQuery, ...OrderListQuery }), { ...pageShown, ...ORDER_LIST_SHOWN }),
        response: { 200: OrderListBody, ...problems() },
        detail: { operationId: 'listOrders', summary: 'Your orders, newest first' },
      },
    )
    .get(
      '/:id',
      async ({ params, query, user, request, set }) => {
        const { order, messages, unsure } = await waitForOrder(
          { db, read, hub, monotonicMs: clock.monotonicMs },
          { userId: user.id, orderId: params.id, waitSeconds: query.wait ?? 0, after: query.after ?? null, gone: request.signal },
        );
        pushes.note((query.wait ?? 0) > 0 ? 'long_poll' : 'poll', [order.lastEvent]);
        set.headers['etag'] = `"${order.lastEvent}${query.after === undefined ? '' : `-${query.after}`}"`;
        return orderJson(order, messages, unsure);
      },
      {
        scope: 'orders:read',
        params: OrderPath,
        query: OrderQuery,
        response: { 200: OrderBody, ...problems(404) },
        detail: { operationId: 'getOrder', summary: 'One order', description: 'Cheap to poll (ETag), and can wait: `?wait=25`.' },
      },
    )
    .post('/:id/cancel', ({ params, user }) => act(cancelOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { operationId: 'cancelOrder', summary: 'Give a pending order back for a full refund' },
    })
    .post('/:id/finish', ({ params, user }) => act(finishOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { operationId: 'finishOrder', summary: 'Say that you have what you came for' },
    })
    .post('/:id/report', ({ params, user }) => act(reportOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: { operationId: 'reportOrder', summary: 'Say that the number of a pending order does not work; full refund' },
    })
    .post(
      '/:id/reuse',
      async ({ params, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        set.status = 201;
        const reuse = { userId: user.id, orderId: params.id };
        return door.write((tx) =>
          once(tx, { userId: user.id, key, request: ['reuse', params.id] }, () => presentOrder(tx.db, reuseOrder(tx, terms, reuse))),
        );
      },
      {
        scope: 'orders:write',
        params: OrderPath,
        response: { 201: OrderBody, ...problems(402, 404, 409) },
        detail: {
          operationId: 'reuseOrder',
          summary: 'Rent the number of an ended order again for the same service',
          parameters: [ORDER_ID_PARAMETER, IDEMPOTENCY_KEY],
        },
      },
    );
}
