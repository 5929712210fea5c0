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
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import { placeOrders } from './batch.ts';
import { type Labels, labelOrder } from './labels.ts';
import { type OrderTerms, placeOrder } from './orders.ts';
import { ORDER_LIST_SHOWN, OrderListQuery, OrderQuery } from './query.ts';
import { OrderBody, OrderedBody, OrderLabelsBody, OrderListBody, OrderPath, OrderRequestBody } from './schema.ts';
import { orderVerbRoutes } from './verb-routes.tsx';
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
  return new Elysia({ prefix: '/api/v1/orders', tags: ['orders'] })
    .use(guard)
    .post(
      '',
      async ({ body, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        const { count, fill } = body;
        if (fill !== undefined && count === undefined) throw fillAlone();
        const labels = given(body);
        const order = {
          ...{ userId: user.id, country: body.country ?? null, service: body.service, maxPriceMinor: body.max_price ?? null },
          // Left out where not asked for, so that a request repeated over an upgrade is still the same.
          ...(body.carrier !== undefined && { carrier: body.carrier }),
          ...(body.pick !== undefined && { pick: body.pick }),
          ...(Object.keys(labels).length > 0 && { labels }),
        };
        set.status = 201;
        if (count === undefined) {
          return door.write((tx) =>
            once(tx, { userId: user.id, key, request: ['order', order] }, () => presentOrder(tx.db, placeOrder(tx, terms, order))),
          );
        }
        const batch = { ...order, count, fill: fill ?? ('all' as const) };
        return door.write((tx) =>
          once(tx, { userId: user.id, key, request: ['orders', batch] }, () => {
            const { orders } = placeOrders(tx, terms, batch);
            return { data: orders.map((one) => presentOrder(tx.db, one)), requested: count, got: orders.length };
          }),
        );
      },
      {
        scope: 'orders:write',
        body: OrderRequestBody,
        response: { 201: OrderedBody, ...problems(402, 404, 409) },
        detail: {
          operationId: 'createOrder',
          summary: 'Rent a number, or several at once',
          description:
            'The number is yours from this answer on. The price is held, and goes back by itself unless a valid code arrives in the window. Send an `Idempotency-Key`: a repeated request then orders once. With `count` several different numbers are rented in one step.',
          parameters: [IDEMPOTENCY_KEY],
        },
      },
    )
    .get(
      '',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => listOrders(db, user.id, { ...page, status: query.status ?? null, tag: query.tag ?? null }),
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
    .patch(
      '/:id',
      ({ params, body, user }) =>
        door.write((tx) => presentOrder(tx.db, labelOrder(tx, terms, { userId: user.id, orderId: params.id, labels: given(body) }))),
      {
        scope: 'orders:write',
        params: OrderPath,
        body: OrderLabelsBody,
        response: { 200: OrderBody, ...problems(404) },
        detail: {
          operationId: 'labelOrder',
          summary: 'Change the note or the tags of an order',
          description: 'Also of one that ended. Nobody but your account is shown them.',
        },
      },
    )
    .use(orderVerbRoutes({ db, door, clock, terms, guard }));
}

/** What a request says of note and tags; what it leaves out is left out. */
function given({ note, tags }: { note?: string | null; tags?: string[] }): Labels {
  return { ...(note !== undefined && { note }), ...(tags !== undefined && { tags }) };
}

function fillAlone(): Refusal {
  const message = 'fill says what to do when there are fewer than count: send count too.';
  return new Refusal('validation', message, { errors: [{ field: 'fill', message }] });
}
