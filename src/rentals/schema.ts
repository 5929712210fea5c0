import { type } from 'arktype';
import { Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { MessageBody, WAIT_SECONDS_MAX } from '../orders/schema.ts';
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
  messages: MessageBody.array(),
  last_event: 'string',
});

export const RentalBody = documented(RentalType, {
  id: { example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
  reason: { description: 'Why it has this status, machine-readable.', example: 'started' },
  service: { description: 'The only service whose codes it gets; null for everything that arrives.' },
  number: { description: 'E.164. Of a scheduled one it may still change at its start.', example: '+447700900123' },
  price: { description: 'Of all charges, in minor units, before anything went back.', example: 800 },
  returned: { description: 'What went back to the balance.' },
  charges: { description: 'What was bought: the first time and each extension.' },
  starts_at: { format: 'date-time' },
  ends_at: { format: 'date-time', description: 'With extensions and what was added for outages.' },
  outage_seconds: { description: 'Time that was added because the modem was out.' },
  auto_extend: { description: 'What extensions by themselves may cost in all, and have cost; null when off.' },
  messages: { description: 'The newest ones; `GET /api/v1/messages?rental_id=` pages through all.' },
  last_event: { description: 'Send it as `after` to wait for what comes next.' },
});
export const RentalListBody = documented(type({ data: RentalType.array(), next_cursor: 'string | null' }));

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

export const RentalPath = documented(type({ id: 'string <= 64' }), {
  id: { description: 'The id of a rental.', example: 'rnt_01kanq7x2fq3v8b1c6d9e4g5h7' },
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
  'status?': type.enumerated(...RENTAL_STATUSES).configure({ message: `status must be one of ${RENTAL_STATUSES.join(', ')}` }),
} as const;

export const RateListBody = documented(
  type({
    data: type({
      country: 'string',
      hour: 'number.integer | null',
      day: 'number.integer | null',
      week: 'number.integer | null',
      currency: 'string',
      stock: 'number.integer',
    }).array(),
  }),
);
export const RateQuery = documented(type({ 'country?': Country }), { country: { description: 'Only this country.', example: 'gb' } });
