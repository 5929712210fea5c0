import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../http/idempotency.ts';
import { problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { awaitAnother, extendOrder } from './extend.ts';
import { cancelOrder, finishOrder, type OrderTerms } from './orders.ts';
import { reportOrder } from './reports.ts';
import { quoteReuse, type ReuseQuote, reuseOrder, whyNotReused } from './reuse.ts';
import { ORDER_ID_PARAMETER, OrderBody, OrderPath, OrderReportBody, OrderReuseBody, ReuseQuoteBody } from './schema.ts';
import { findOrder, presentOrder } from './view.ts';

/** `/api/v1/orders/:id/…`: what a customer does with an order. */
export function orderVerbRoutes({
  db,
  door,
  clock,
  terms,
  guard,
}: {
  db: Database;
  door: Door;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
}) {
  const act = (verb: typeof cancelOrder, userId: string, orderId: string) =>
    door.write((tx) => presentOrder(tx.db, verb(tx, terms, { userId, orderId })));
  return new Elysia({ tags: ['orders'] })
    .use(guard)
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
    .post('/:id/extend', ({ params, user }) => act(extendOrder, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: {
        operationId: 'extendOrder',
        summary: 'Extend the window of an open order, free and once, where that is offered',
        description: 'Refused as `cannot_extend`, with `why`: `not_offered`, `already_extended`, `ended` or `booked`.',
      },
    })
    .post('/:id/another', ({ params, user }) => act(awaitAnother, user.id, params.id), {
      scope: 'orders:write',
      params: OrderPath,
      response: { 200: OrderBody, ...problems(404, 409) },
      detail: {
        operationId: 'awaitAnotherCode',
        summary: 'Say that you asked the service for another code',
        description:
          'Free: `awaiting_more` is true until it comes. Wait for it with `?wait=25&after=` and the `last_event` of this answer.',
      },
    })
    .post(
      '/:id/report',
      ({ params, user, body }) => {
        const said = { userId: user.id, orderId: params.id, reason: body?.reason ?? 'other', text: body?.text ?? null };
        return door.write((tx) => presentOrder(tx.db, reportOrder(tx, terms, said)));
      },
      {
        scope: 'orders:write',
        params: OrderPath,
        body: OrderReportBody,
        response: { 200: OrderBody, ...problems(404, 409) },
        detail: { operationId: 'reportOrder', summary: 'Say why the number of a pending order does not work; full refund' },
      },
    )
    .get(
      '/:id/reuse',
      ({ params, user }) => {
        const order = findOrder(db, params.id, user.id);
        if (!order) throw new Refusal('not_found', 'You have no order with this id.');
        return quoteJson(quoteReuse(db, terms, order, clock.nowMs()));
      },
      {
        scope: 'orders:read',
        params: OrderPath,
        response: { 200: ReuseQuoteBody, ...problems(404) },
        detail: { operationId: 'quoteReuse', summary: 'What the number of an ended order costs now, and whether it can be had' },
      },
    )
    .post(
      '/:id/reuse',
      async ({ params, user, body, request, set }) => {
        const key = idempotencyKey(request.headers);
        const maxPriceMinor = body?.max_price ?? null;
        const asked = maxPriceMinor === null ? ['reuse', params.id] : ['reuse', params.id, maxPriceMinor];
        set.status = 201;
        const reuse = { userId: user.id, orderId: params.id, maxPriceMinor };
        return door.write((tx) =>
          once(tx, { userId: user.id, key, request: asked }, () => presentOrder(tx.db, reuseOrder(tx, terms, reuse))),
        );
      },
      {
        scope: 'orders:write',
        params: OrderPath,
        body: OrderReuseBody,
        response: { 201: OrderBody, ...problems(402, 404, 409) },
        detail: {
          operationId: 'reuseOrder',
          summary: 'Rent the number of an ended order again for the same service',
          description: 'Ask for the price first (`GET`) and send it as `max_price`.',
          parameters: [ORDER_ID_PARAMETER, IDEMPOTENCY_KEY],
        },
      },
    );
}

function quoteJson(quote: ReuseQuote) {
  const { order, priceMinor, windowMinutes, whyNot } = quote;
  return {
    ...{ order_id: order.id, country: order.country, service: order.service, number: order.number },
    ...{ price: priceMinor, currency: order.currency, window_minutes: windowMinutes, available: whyNot === null },
    ...{ why_not: whyNot, detail: whyNot === null ? null : whyNotReused(quote) },
  };
}
