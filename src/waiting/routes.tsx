import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import { documented } from '../http/documented.ts';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../http/idempotency.ts';
import { apiPage, pageQuery, pageShown, problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { joinLine, leaveLine, rejoinLine } from './places.ts';
import { JoinBody, PLACE_LIST_SHOWN, PlaceBody, PlaceListBody, PlaceListQuery, PlacePath } from './schema.ts';
import { findPlace, listPlaces, placeAnswer } from './view.ts';

export interface WaitingRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
}

/** `/api/v1/waiting`. */
export function waitingRoutes({ db, door, clock, terms, guard }: WaitingRouteDeps) {
  return new Elysia({ prefix: '/api/v1/waiting', tags: ['waiting'] })
    .use(guard)
    .post(
      '',
      ({ body, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        const { country, service, carrier, mode, max_price: maxPriceMinor = null, hours, note, tags } = body;
        const join = {
          ...{ userId: user.id, country, service, carrier: carrier === undefined || carrier === 'any' ? '' : carrier, mode, maxPriceMinor },
          ...(hours !== undefined && { hours }),
          labels: { ...(note !== undefined && { note }), ...(tags !== undefined && { tags }) },
        };
        set.status = 201;
        return door.write((tx) =>
          once(tx, { userId: user.id, key, request: ['wait', join] }, () => placeAnswer(tx.db, terms, joinLine(tx, terms, join), tx.nowMs)),
        );
      },
      {
        scope: 'orders:write',
        body: JoinBody,
        response: { 201: PlaceBody, ...problems(404, 409, 429) },
        detail: {
          operationId: 'joinWaitingList',
          summary: 'Wait for a number of an offer without stock',
          description:
            'First come, first served: nobody who orders gets a number in front of you. With `mode: "buy"` and stock the answer is `served` at once. A price above `max_price`, or a balance that is short, is no refusal: `obstacle` names it, and you are passed over while it lasts. Nothing is held while you wait.',
          parameters: [IDEMPOTENCY_KEY],
        },
      },
    )
    .get(
      '',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => listPlaces(db, user.id, { ...page, status: query.status ?? null }),
          (place) => placeAnswer(db, terms, place, clock.nowMs()),
        ),
      {
        scope: 'orders:read',
        query: documented(type({ ...pageQuery, ...PlaceListQuery }), { ...pageShown, ...PLACE_LIST_SHOWN }),
        response: { 200: PlaceListBody, ...problems() },
        detail: { operationId: 'listWaiting', summary: 'Your places in waiting lists, newest first' },
      },
    )
    .get(
      '/:id',
      ({ params, user }) => {
        const place = findPlace(db, params.id, user.id);
        if (!place) throw new Refusal('not_found', 'You have no place in a waiting list with this id.');
        return placeAnswer(db, terms, place, clock.nowMs());
      },
      {
        scope: 'orders:read',
        params: PlacePath,
        response: { 200: PlaceBody, ...problems(404) },
        detail: { operationId: 'getWaiting', summary: 'One place in a waiting list' },
      },
    )
    .delete(
      '/:id',
      ({ params, user }) =>
        door.write((tx) => placeAnswer(tx.db, terms, leaveLine(tx, terms, { userId: user.id, id: params.id }), tx.nowMs)),
      {
        scope: 'orders:write',
        params: PlacePath,
        response: { 200: PlaceBody, ...problems(404, 409) },
        detail: { operationId: 'leaveWaitingList', summary: 'Give a place up', description: 'Refused as `too_late` when it has ended.' },
      },
    )
    .post(
      '/:id/rejoin',
      ({ params, user }) =>
        door.write((tx) => placeAnswer(tx.db, terms, rejoinLine(tx, terms, { userId: user.id, id: params.id }), tx.nowMs)),
      {
        scope: 'orders:write',
        params: PlacePath,
        response: { 200: PlaceBody, ...problems(404, 409, 429) },
        detail: {
          operationId: 'rejoinWaitingList',
          summary: 'Take leaving back, within ten minutes',
          description: 'The place in the line is the one you had.',
        },
      },
    );
}
