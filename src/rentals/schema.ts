import { type } from 'arktype';
import { Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { oneOf } from '../http/schema.ts';
import { WAIT_SECONDS_MAX } from '../orders/query.ts';
import { MessageBody, MessageType, shownPage } from '../orders/schema.ts';
import { PERIODS_MAX, UNITS } from './pricing.ts';
import { RENTAL_STATUSES } from './state.ts';

const RentalType = type({
  id: 'string',
  status: type.enumerated(...RENTAL_STATUSES),
  reason: 'string',
  name: 'string',
  country: 'string',
  service: 'string | null',
  number: 'string',
  price: 'number.integer',
  returned: 'number.integer',
  currency: 'string',
  charges: type({
    number: 'number.integer',
    unit: type.enumerated(...UNITS),
    periods: 'number.integer',
    price: 'number.integer',
    automatic: 'boolean',
    created_at: 'string',
  }).array(),
  created_at: 'string',
  starts_at: 'string',
  ends_at: 'string',
  ended_at: 'string | null',
  first_message_at: 'string | null',
  outage_seconds: 'number.integer',
  auto_extend: type({ max_total: 'number.integer', spent: 'number.integer' }).or('null'),
  messages: MessageType.array(),
  last_event: 'string',
});

const AT = '2026-11-22T14:03:22.000Z';
const nullable = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const integer = { type: 'integer' };

export const RentalBody = documented(
  RentalType,
  {
    id: { example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
    reason: { description: 'Why it has this status, machine-readable.', example: 'started' },
    service: { ...nullable, description: 'The only service whose codes it gets; null for everything that arrives.', example: null },
    status: { example: 'active' },
    name: { example: 'QA phone' },
    country: { example: 'gb' },
    currency: { example: 'USD' },
    created_at: { format: 'date-time', example: AT },
    ended_at: { ...nullable, example: null },
    first_message_at: { ...nullable, description: 'When the first message earned the price; null while it is held.', example: null },
    number: { description: 'E.164. Of a scheduled one it may still change at its start.', example: '+447700900123' },
    price: { description: 'Of all charges, in minor units, before anything went back.', example: 800 },
    returned: { description: 'What went back to the balance.', example: 0 },
    charges: {
      type: 'array',
      description: 'What was bought: the first time and each extension.',
      items: {
        type: 'object',
        required: ['number', 'unit', 'periods', 'price', 'automatic', 'created_at'],
        properties: {
          number: integer,
          unit: { type: 'string', enum: [...UNITS] },
          periods: integer,
          price: integer,
          automatic: { type: 'boolean' },
          created_at: { type: 'string', format: 'date-time' },
        },
      },
      example: [{ number: 1, unit: 'day', periods: 2, price: 800, automatic: false, created_at: AT }],
    },
    starts_at: { format: 'date-time', example: AT },
    ends_at: { format: 'date-time', description: 'With extensions and what was added for outages.', example: '2026-11-24T14:03:22.000Z' },
    outage_seconds: { description: 'Time that was added because the modem was out.', example: 0 },
    auto_extend: {
      anyOf: [{ type: 'object', required: ['max_total', 'spent'], properties: { max_total: integer, spent: integer } }, { type: 'null' }],
      description: 'What extensions by themselves may cost in all, and have cost; null when off.',
      example: null,
    },
    messages: { type: 'array', items: MessageBody, description: 'The newest ones; `GET /api/v1/messages?rental_id=` pages through all.' },
    last_event: { description: 'Send it as `after` to wait for what comes next.', example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
  },
  'Rental',
);
export const RentalListBody = documented(type({ data: RentalType.array(), next_cursor: 'string | null' }), shownPage(RentalBody));

const Periods = (unit: (typeof UNITS)[number]) =>
  type(`1 <= number.integer <= ${PERIODS_MAX[unit]}`).configure({
    message: `${unit}s must be a whole number from 1 to ${PERIODS_MAX[unit]}`,
  });
const term = { 'hours?': Periods('hour'), 'days?': Periods('day'), 'weeks?': Periods('week') } as const;
const MaxPrice = { 'max_price?': 'number.integer >= 0' } as const;
const AutoExtend = type({ max_total: 'number.integer > 0', '+': 'reject' })
  .or('null')
  .configure({ message: 'auto_extend must be {"max_total": minor units} or null' });
const AUTO_EXTEND = {
  description:
    'Extend by itself, by one period of the unit bought last, a minute before the end, for at most `max_total` minor units in all.',
  anyOf: [{ type: 'object', required: ['max_total'], properties: { max_total: { type: 'integer', minimum: 1 } } }, { type: 'null' }],
  example: { max_total: 4000 },
};
const Moment = type('string <= 40').configure({ message: 'starts_at must be an RFC 3339 time such as 2026-12-01T08:00:00Z' });
const termShown = Object.fromEntries(
  UNITS.map((unit) => [`${unit}s`, { description: 'Exactly one of hours, days and weeks.', minimum: 1, maximum: PERIODS_MAX[unit] }]),
);
const maxPriceShown = { description: 'Refuse rather than pay more than this, in minor units.', example: 1000 };

export const RentBody = documented(
  type({
    country: Country,
    ...term,
    'service?': Service,
    'starts_at?': Moment,
    'name?': 'string <= 200',
    'auto_extend?': AutoExtend,
    ...MaxPrice,
    '+': 'reject',
  }),
  {
    country: { example: 'gb', description: 'ISO 3166-1 alpha-2, lower case; `GET /api/v1/rates` lists the countries.' },
    ...termShown,
    service: { example: 'telegram', description: 'Only the codes of this service; left away, everything that arrives is yours.' },
    starts_at: { description: 'When it begins, at most 30 days ahead; left away, at once.' },
    name: { description: 'Yours to tell rentals apart.' },
    auto_extend: AUTO_EXTEND,
    max_price: maxPriceShown,
  },
);

export const ExtendBody = documented(type({ ...term, ...MaxPrice, '+': 'reject' }), { ...termShown, max_price: maxPriceShown });

export const EndBody = documented(type({ 'min_returned?': 'number.integer >= 0', '+': 'reject' }).or('undefined'), {
  min_returned: { description: 'Refuse rather than get back less than this, in minor units.' },
});

export const ChangeBody = documented(type({ 'name?': 'string <= 200', 'auto_extend?': AutoExtend, '+': 'reject' }), {
  name: { description: 'Yours to tell rentals apart.' },
  auto_extend: AUTO_EXTEND,
});

const ID_SHOWN = { description: 'The id of a rental.', example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' };

/** Said again where a call lists parameters of its own. */
export const RENTAL_ID_PARAMETER = {
  name: 'id',
  in: 'path' as const,
  required: true,
  ...ID_SHOWN,
  schema: { type: 'string' as const, maxLength: 64 },
};

export const RentalPath = documented(type({ id: 'string <= 64' }), {
  id: ID_SHOWN,
});

const Wait = type('string.integer.parse')
  .to(`0 <= number <= ${WAIT_SECONDS_MAX}`)
  .configure({ message: `wait must be a whole number of seconds from 0 to ${WAIT_SECONDS_MAX}` });
export const RentalQuery = documented(type({ 'wait?': Wait, 'after?': 'string <= 64' }), {
  wait: {
    type: 'integer',
    minimum: 0,
    maximum: WAIT_SECONDS_MAX,
    description:
      'Answer when the first message has come (or, with `after`, at a newer event) or it has ended, at most this many seconds later.',
  },
  after: { description: 'An event id: only messages that came after it are shown.' },
});

export const RentalListQuery = {
  'status?': type.enumerated(...RENTAL_STATUSES).configure({ message: oneOf('status', RENTAL_STATUSES) }),
} as const;

const RateType = type({
  country: 'string',
  hour: 'number.integer | null',
  day: 'number.integer | null',
  week: 'number.integer | null',
  currency: 'string',
  stock: 'number.integer',
});
const price = { anyOf: [{ type: 'integer' }, { type: 'null' }] };
const RateBody = documented(
  RateType,
  {
    country: { example: 'gb' },
    hour: { ...price, description: 'What an hour costs, in minor units; null where it is not offered.', example: 80 },
    day: { ...price, description: 'A day of 24 hours.', example: 400 },
    week: { ...price, example: 1500 },
    currency: { example: 'USD' },
    stock: { description: 'How many whole numbers are free now.', example: 3 },
  },
  'Rate',
);
export const RateListBody = documented(type({ data: RateType.array() }), { data: { type: 'array', items: RateBody } });
export const RateQuery = documented(type({ 'country?': Country }), { country: { description: 'Only this country.', example: 'gb' } });
