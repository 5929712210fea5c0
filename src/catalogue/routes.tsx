import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { Guard } from '../accounts/guard.ts';
import { documented } from '../http/documented.ts';
import { problems } from '../http/schema.ts';
import type { Board } from './board.ts';
import type { Offer } from './offers.ts';
import { Carrier, Country, Service } from './schema.ts';

const OfferType = type({
  country: 'string',
  service: 'string',
  carrier: 'string | null',
  price: 'number.integer',
  currency: 'string',
  window_minutes: 'number',
  stock: 'number.integer',
  delivery: type({ median_seconds: 'number | null', success_rate: 'number', sample: 'number.integer' }).or('null'),
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
    delivery: {
      anyOf: [
        {
          type: 'object',
          required: ['median_seconds', 'success_rate', 'sample'],
          properties: {
            median_seconds: {
              anyOf: [{ type: 'number' }, { type: 'null' }],
              description: 'From the order to its code, of those that got one; null when none did.',
            },
            success_rate: { type: 'number', description: 'Share of the sample that got a code, 0 to 1.' },
            sample: { type: 'integer', description: 'How many orders this is of: the newest that say something, at most 100.' },
          },
        },
        { type: 'null' },
      ],
      description: 'How its last orders went. Null while fewer than 5 tell.',
      example: { median_seconds: 14.2, success_rate: 0.97, sample: 100 },
    },
  },
  'Offer',
);

const OfferListBody = documented(type({ data: OfferType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: OfferBody },
  next_cursor: {
    anyOf: [{ type: 'string' }, { type: 'null' }],
    description: 'Send it as `cursor` for the next page; null on the last.',
    example: null,
  },
});

/** Offers a client asks for one page of. */
const PAGE_MAX = 1000;

const Limit = type('string.integer.parse')
  .to(`1 <= number <= ${PAGE_MAX}`)
  .configure({ message: `limit must be a whole number from 1 to ${PAGE_MAX}` });

const OfferQuery = documented(
  type({
    ...{ 'country?': Country, 'service?': Service, 'carrier?': Carrier, 'in_stock?': type.enumerated('true', 'false') },
    ...{ 'limit?': Limit, 'cursor?': 'string <= 100' },
  }),
  {
    country: { description: 'Only this country.', example: 'gb' },
    service: { description: 'Only this service.', example: 'telegram' },
    carrier: { description: 'Only this carrier; `any`: only offers that name none.', example: 'vodafone' },
    in_stock: { description: '`true`: only what can be rented this moment.' },
    limit: { type: 'integer', minimum: 1, maximum: PAGE_MAX, description: 'At most so many, then a `next_cursor`. Left out: all of them.' },
    cursor: { description: 'The `next_cursor` of the page before.' },
  },
);

/** `/api/v1/offers`. */
export function offerRoutes({ board, guard }: { board: Board; guard: Guard }) {
  return new Elysia({ prefix: '/api/v1', tags: ['offers'] }).use(guard).get(
    '/offers',
    ({ query }) => {
      const { country, service, carrier, limit, cursor } = query;
      const filter = {
        ...(country === undefined ? {} : { country }),
        ...(service === undefined ? {} : { service }),
        ...(carrier === undefined ? {} : { carrier: carrier === 'any' ? '' : carrier }),
      };
      const found = Object.keys(filter).length === 0 ? board.all() : board.some(filter);
      const stocked = query.in_stock === 'true' ? found.filter(({ stock }) => stock > 0) : found;
      const from = cursor === undefined ? stocked : stocked.filter((offer) => keyOf(offer) > cursor);
      const shown = limit === undefined ? from : from.slice(0, limit);
      const last = shown.at(-1);
      return { data: shown.map(offerJson), next_cursor: shown.length < from.length && last ? keyOf(last) : null };
    },
    {
      scope: 'offers:read',
      query: OfferQuery,
      response: { 200: OfferListBody, ...problems() },
      detail: {
        operationId: 'listOffers',
        summary: 'What can be rented: price, window, stock and delivery by country, service and carrier',
      },
    },
  );
}

/** In the order of the list, which is that of its key in the database: a blank comes before all that slugs are made of. */
function keyOf({ country, service, carrier }: Pick<Offer, 'country' | 'service' | 'carrier'>): string {
  return `${country} ${service} ${carrier}`;
}

function offerJson({ country, service, carrier, priceMinor, currency, windowMinutes, stock, delivery }: Offer) {
  const { medianSeconds, successRate, sample } = delivery ?? {};
  return {
    ...{ country, service, carrier: carrier || null, price: priceMinor, currency, window_minutes: windowMinutes, stock },
    delivery:
      successRate === undefined || sample === undefined
        ? null
        : { median_seconds: medianSeconds ?? null, success_rate: successRate, sample },
  };
}
