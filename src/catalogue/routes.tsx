import type { Database } from 'bun:sqlite';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { problems } from '../http/schema.ts';
import type { Clock } from '../lib/clock.ts';
import { listOffers, type OfferTerms } from './offers.ts';
import { Carrier, Country, Service } from './schema.ts';

const OfferType = type({
  country: 'string',
  service: 'string',
  carrier: 'string | null',
  price: 'number.integer',
  currency: 'string',
  window_minutes: 'number',
  stock: 'number.integer',
});

const OfferBody = documented(
  OfferType,
  {
    country: { description: 'ISO 3166-1 alpha-2, lower case.', example: 'gb' },
    service: { description: '`any` takes every sender.', example: 'telegram' },
    carrier: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: 'The home carrier of its SIMs, or null: any.',
      example: 'vodafone',
    },
    price: { description: 'Minor units of the currency.', example: 45 },
    currency: { description: 'ISO 4217.', example: 'USD' },
    window_minutes: { description: 'How long the number waits for a code.', example: 20 },
    stock: { description: 'How many numbers could be rented this moment.', example: 12 },
  },
  'Offer',
);

const OfferListBody = documented(type({ data: OfferType.array() }), { data: { type: 'array', items: OfferBody } });

/** `/api/v1/offers`. */
export function offerRoutes({ db, clock, terms, guard }: { db: Database; clock: Clock; terms: OfferTerms; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['offers'] }).use(guard).get(
    '/offers',
    ({ query }) => {
      const filter = {
        ...(query.country === undefined ? {} : { country: query.country }),
        ...(query.service === undefined ? {} : { service: query.service }),
        carrier: query.carrier === undefined || query.carrier === 'any' ? '' : query.carrier,
      };
      return {
        data: listOffers(db, terms, clock.nowMs(), filter).map((offer) => ({
          country: offer.country,
          service: offer.service,
          carrier: offer.carrier || null,
          price: offer.priceMinor,
          currency: offer.currency,
          window_minutes: offer.windowMinutes,
          stock: offer.stock,
        })),
      };
    },
    {
      scope: 'offers:read',
      query: documented(type({ 'country?': Country, 'service?': Service, 'carrier?': Carrier }), {
        country: { description: 'Only this country.', example: 'gb' },
        service: { description: 'Only this service.', example: 'telegram' },
        carrier: {
          description: 'Offers of this carrier, which an order cannot name yet; without it, or as `any`, those that name none.',
          example: 'vodafone',
        },
      }),
      response: { 200: OfferListBody, ...problems() },
      detail: { operationId: 'listOffers', summary: 'What can be rented: price, window and stock by country, service and carrier' },
    },
  );
}
