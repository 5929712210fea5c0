import { type } from 'arktype';
import { Carrier, Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { oneOf } from '../http/schema.ts';
import { NOTE_SHOWN, Note, shownPage, TAGS_SHOWN, Tags } from '../orders/schema.ts';
import { WAITING_MODES, WAITING_STATUSES } from './state.ts';

const PlaceType = type({
  id: 'string',
  status: type.enumerated(...WAITING_STATUSES),
  mode: type.enumerated(...WAITING_MODES),
  country: 'string',
  service: 'string',
  carrier: 'string | null',
  max_price: 'number.integer | null',
  price: 'number.integer | null',
  currency: 'string',
  position: 'number.integer | null',
  length: 'number.integer | null',
  obstacle: 'string | null',
  next_free_at: 'string | null',
  joined_at: 'string',
  expires_at: 'string',
  ended_at: 'string | null',
  order_id: 'string | null',
  note: 'string | null',
  tags: 'string[]',
  last_event: 'string',
});

const AT = '2026-11-22T14:03:22.000Z';
const nullable = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const nullableInteger = { anyOf: [{ type: 'integer' }, { type: 'null' }] };

export const PlaceBody = documented(
  PlaceType,
  {
    id: { example: 'wai_01kanq7x2fq3v8b1c6d9e4g5h7' },
    status: {
      type: 'string',
      enum: WAITING_STATUSES,
      description: '`served`: the number was bought. `available`: you were told that there is stock, and wait no more.',
      example: 'waiting',
    },
    mode: { type: 'string', enum: WAITING_MODES, example: 'buy' },
    country: { example: 'gb' },
    service: { example: 'telegram' },
    carrier: { ...nullable, description: 'The home carrier of the SIM, or null: any.', example: null },
    max_price: { ...nullableInteger, description: 'The most the number may cost, in minor units; null with `notify`.', example: 60 },
    price: {
      ...nullableInteger,
      description: 'What it costs now; null when it is not offered, and when the place has ended.',
      example: 45,
    },
    currency: { description: 'ISO 4217.', example: 'USD' },
    position: {
      ...nullableInteger,
      description: 'The how-manieth you are of those who wait for the same offer in the same mode; null when it has ended.',
      example: 3,
    },
    length: { ...nullableInteger, description: 'How many those are.', example: 7 },
    obstacle: {
      ...nullable,
      description:
        'What would make you be passed over now: `price_above_max`, `insufficient_balance`, `not_offered` or `service_denied`; in `waiting.passed_over` the type of any refusal. Null: nothing but stock is missing.',
      example: null,
    },
    next_free_at: {
      ...nullable,
      description:
        'When the next number of the offer is expected to be free as things stand, RFC 3339; no promise: orders end sooner, are extended, or get a code, and others may wait before you. Null: not known, there is one now, or the place has ended. Not in events.',
      example: '2026-11-22T15:10:00.000Z',
    },
    joined_at: { format: 'date-time', example: AT },
    expires_at: { format: 'date-time', example: '2026-11-23T14:03:22.000Z' },
    ended_at: { ...nullable, example: null },
    order_id: { ...nullable, description: 'The order that was bought, with `served`.', example: null },
    note: { ...nullable, description: 'Your own words, which the order gets.', example: 'Test account 7' },
    tags: { description: 'Your own tags, which the order gets.', example: ['qa'] },
    last_event: { example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
  },
  'WaitingPlace',
);

export const PlaceListBody = documented(type({ data: PlaceType.array(), next_cursor: 'string | null' }), shownPage(PlaceBody));

export const JoinBody = documented(
  type({
    country: Country,
    service: Service,
    'carrier?': Carrier,
    mode: type.enumerated(...WAITING_MODES).configure({ message: oneOf('mode', WAITING_MODES) }),
    'max_price?': 'number.integer >= 1',
    'hours?': 'number.integer >= 1',
    'note?': Note,
    'tags?': Tags,
    '+': 'reject',
  }),
  {
    country: { example: 'gb', description: 'ISO 3166-1 alpha-2, lower case.' },
    service: { example: 'telegram' },
    carrier: { examples: [], description: 'Only SIMs of this carrier. Left out or `any`: the offer for any carrier.' },
    mode: {
      type: 'string',
      enum: WAITING_MODES,
      description:
        '`buy`: the first number that comes free when it is your turn is bought for you. `notify`: you are told once that there is stock.',
      example: 'buy',
    },
    max_price: { type: 'integer', minimum: 1, description: 'With `buy`: the most the number may cost, in minor units.', example: 60 },
    hours: {
      type: 'integer',
      minimum: 1,
      description: 'For how long you wait, at most what the operator allows; a day if left out.',
      example: 24,
    },
    note: NOTE_SHOWN,
    tags: TAGS_SHOWN,
  },
);

export const PlacePath = documented(type({ id: 'string <= 64' }), {
  id: { description: 'The id of a place in a waiting list.', example: 'wai_01kanq7x2fq3v8b1c6d9e4g5h7' },
});
export const PlaceListQuery = {
  'status?': type.enumerated(...WAITING_STATUSES).configure({ message: oneOf('status', WAITING_STATUSES) }),
} as const;
export const PLACE_LIST_SHOWN = { status: { type: 'string', enum: WAITING_STATUSES, description: 'Only places of this status.' } };
