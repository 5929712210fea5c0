import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { listOffers, type OfferTerms } from './offers.ts';
import { Country, Service } from './schema.ts';

const OfferBody = type({
  country: 'string',
  service: 'string',
  price: 'number.integer',
  currency: 'string',
  window_minutes: 'number',
  stock: 'number.integer',
});

/** `/api/v1/offers`. */
export function offerRoutes({ db, clock, terms, guard }: { db: Database; clock: Clock; terms: OfferTerms; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['offers'] }).use(guard).get(
    '/offers',
    ({ query }) => {
      const filter = {
        ...(query.country === undefined ? {} : { country: query.country }),
        ...(query.service === undefined ? {} : { service: query.service }),
      };
      return {
        data: listOffers(db, terms, clock.nowMs(), filter).map((offer) => ({
          country: offer.country,
          service: offer.service,
          price: offer.priceMinor,
          currency: offer.currency,
          window_minutes: offer.windowMinutes,
          stock: offer.stock,
        })),
      };
    },
    {
      scope: 'offers:read',
      query: documented(type({ 'country?': Country, 'service?': Service }), {
        country: { description: 'Only this country.', example: 'gb' },
        service: { description: 'Only this service.', example: 'telegram' },
      }),
      response: { 200: documented(type({ data: OfferBody.array() })), ...problems() },
      detail: { summary: 'What can be rented: price, window and stock by country and service' },
    },
  );
}
