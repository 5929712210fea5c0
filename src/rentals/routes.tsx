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
import type { Hub } from '../live/hub.ts';
import { stockOf } from './free.ts';
import { type Term, UNITS } from './pricing.ts';
import { listRates } from './rates.ts';
import { changeRental, endRental, extendRental, type RentalTerms, rent } from './rentals.ts';
import * as schema from './schema.ts';
import { listRentals, presentRental } from './view.ts';
import { waitForRental } from './waiting.ts';

export interface RentalRouteDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  terms: RentalTerms;
  guard: Guard;
}

/** `/api/v1/rentals` and `/api/v1/rates`. */
export function rentalRoutes({ db, door, hub, clock, terms, guard }: RentalRouteDeps) {
  return new Elysia({ prefix: '/api/v1', tags: ['rentals'] })
    .use(guard)
    .get(
      '/rates',
      ({ query }) => ({
        data: listRates(db, query.country ?? null).map(({ country, prices }) => ({
          ...{ country, ...prices, currency: terms.currency, stock: stockOf(db, country, terms, clock.nowMs()) },
        })),
      }),
      {
        scope: 'offers:read',
        query: schema.RateQuery,
        response: { 200: schema.RateListBody, ...problems() },
        detail: {
          operationId: 'listRates',
          summary: 'What a whole number costs by country: an hour, a day, a week; null where it is not rented so',
        },
      },
    )
    .post(
      '/rentals',
      async ({ body, user, request, set }) => {
        const key = idempotencyKey(request.headers);
        const { country, service, name = '', auto_extend: auto } = body;
        const asked = {
          ...{ userId: user.id, country, service: service === undefined || service === 'any' ? null : service, term: termOf(body), name },
          ...{ startsAtMs: body.starts_at === undefined ? null : momentOf(body.starts_at) },
          ...{ autoCapMinor: auto?.max_total ?? null, maxPriceMinor: body.max_price ?? null },
        };
        set.status = 201;
        return door.write((tx) => {
          const act = () => presentRental(tx.db, rent(tx, terms, asked));
          return once(tx, { userId: user.id, key, request: ['rent', asked] }, act);
        });
      },
      {
        scope: 'rentals:write',
        body: schema.RentBody,
        response: { 201: schema.RentalBody, ...problems(402, 404, 409) },
        detail: {
          operationId: 'createRental',
          summary: 'Rent a whole number for hours, days or weeks',
          description:
            'The price is held, charged when the first message arrives, and goes back when none arrives at all. `out_of_stock` names the next free time, where it is known, as `next_free_at`.',
          parameters: [IDEMPOTENCY_KEY],
        },
      },
    )
    .get(
      '/rentals',
      ({ query, user }) =>
        apiPage(
          query,
          (page) => listRentals(db, user.id, { ...page, ...(query.status ? { statuses: [query.status] } : {}) }),
          (rental) => presentRental(db, rental),
        ),
      {
        scope: 'rentals:read',
        query: documented(type({ ...pageQuery, ...schema.RentalListQuery }), {
          ...pageShown,
          status: { description: 'Only rentals of this status.', example: 'active' },
        }),
        response: { 200: schema.RentalListBody, ...problems() },
        detail: { operationId: 'listRentals', summary: 'Your rentals, newest first' },
      },
    )
    .get(
      '/rentals/:id',
      async ({ params, query, user, request }) => {
        const { rental, messages } = await waitForRental(
          { db, hub, monotonicMs: clock.monotonicMs },
          { userId: user.id, rentalId: params.id, waitSeconds: query.wait ?? 0, after: query.after ?? null, gone: request.signal },
        );
        return presentRental(db, rental, messages);
      },
      {
        scope: 'rentals:read',
        params: schema.RentalPath,
        query: schema.RentalQuery,
        response: { 200: schema.RentalBody, ...problems(404) },
        detail: { operationId: 'getRental', summary: 'One rental', description: 'Can wait: `?wait=25`.' },
      },
    )
    .post(
      '/rentals/:id/extend',
      async ({ params, body, user, request }) => {
        const key = idempotencyKey(request.headers);
        const asked = { userId: user.id, rentalId: params.id, term: termOf(body), maxPriceMinor: body.max_price ?? null };
        return door.write((tx) => {
          const act = () => presentRental(tx.db, extendRental(tx, terms, asked));
          return once(tx, { userId: user.id, key, request: ['extend', asked] }, act);
        });
      },
      {
        scope: 'rentals:write',
        params: schema.RentalPath,
        body: schema.ExtendBody,
        response: { 200: schema.RentalBody, ...problems(402, 404, 409, 429) },
        detail: {
          operationId: 'extendRental',
          summary: 'Extend an active rental, at the price of now',
          parameters: [schema.RENTAL_ID_PARAMETER, IDEMPOTENCY_KEY],
        },
      },
    )
    .post(
      '/rentals/:id/end',
      ({ params, body, user }) =>
        door.write((tx) =>
          presentRental(
            tx.db,
            endRental(tx, terms, { userId: user.id, rentalId: params.id, minReturnedMinor: body?.min_returned ?? null }),
          ),
        ),
      {
        scope: 'rentals:write',
        params: schema.RentalPath,
        body: schema.EndBody,
        response: { 200: schema.RentalBody, ...problems(404, 409) },
        detail: {
          operationId: 'endRental',
          summary: 'End an active rental, or cancel a scheduled one',
          description: `Without a single message everything goes back. Otherwise ${terms.refundUnused ? 'the whole periods that are unused go back' : 'nothing goes back'}.`,
        },
      },
    )
    .patch(
      '/rentals/:id',
      ({ params, body, user }) => {
        const auto = body.auto_extend;
        const change = { name: body.name, autoCapMinor: auto === undefined ? undefined : (auto?.max_total ?? null) };
        return door.write((tx) => presentRental(tx.db, changeRental(tx, { userId: user.id, rentalId: params.id, ...change })));
      },
      {
        scope: 'rentals:write',
        params: schema.RentalPath,
        body: schema.ChangeBody,
        response: { 200: schema.RentalBody, ...problems(404, 409) },
        detail: { operationId: 'updateRental', summary: 'Name a rental, or switch its extensions by themselves on or off' },
      },
    );
}

/** The one of hours, days and weeks that was sent. */
function termOf(body: { hours?: number; days?: number; weeks?: number }): Term {
  const given = UNITS.flatMap((unit) => {
    const periods = body[`${unit}s`];
    return periods === undefined ? [] : [{ unit, periods }];
  });
  const [term] = given;
  if (term && given.length === 1) return term;
  const message = 'Send exactly one of hours, days and weeks.';
  throw new Refusal('validation', message, { errors: [{ field: 'hours', message }] });
}

/** RFC 3339, with its offset: a time without one would be guessed. */
function momentOf(text: string): number {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  const message = 'starts_at must be an RFC 3339 time such as 2026-12-01T08:00:00Z.';
  throw new Refusal('validation', message, { errors: [{ field: 'starts_at', message }] });
}
