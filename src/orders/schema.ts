import { type } from 'arktype';
import { Carrier, Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { oneOf } from '../http/schema.ts';
import { BATCH_MAX } from './batch.ts';
import { NOTE_CHARACTERS_MAX, TAG_PATTERN, TAGS_MAX } from './labels.ts';
import { PICKS } from './pick.ts';
import { REPORT_CHARACTERS_MAX } from './reports.ts';
import { ORDER_STATUSES, REPORT_REASONS } from './state.ts';

export const MessageType = type({
  id: 'string',
  sender: 'string',
  text: 'string',
  code: 'string | null',
  reason: 'string',
  received_at: 'string',
  network_time: 'string | null',
  order_id: 'string | null',
  rental_id: 'string | null',
});

const AT = '2026-11-22T14:03:22.000Z';
const nullable = { anyOf: [{ type: 'string' }, { type: 'null' }] };

export const MessageBody = documented(
  MessageType,
  {
    id: { example: 'msg_01kanq8h5y2m7c4t9x1z3b6d8f' },
    sender: { description: 'As the network sent it: a name or a number, of which anybody can make any.', example: 'Telegram' },
    text: { description: 'As it was sent. It is a stranger’s: escape it where you show it.', example: 'Telegram code: 48213' },
    code: { ...nullable, description: 'What to type, or null when the message holds no code.', example: '48213' },
    reason: { description: 'Why it is this order’s, in plain words.', example: 'The text names Telegram and holds one code.' },
    received_at: { format: 'date-time', description: 'When it was stored here.', example: AT },
    network_time: {
      ...nullable,
      description: 'When the network took it, by the network’s clock; null when that is impossible.',
      example: AT,
    },
    order_id: { ...nullable, description: 'The order it came for; null when it is a rental’s.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
    rental_id: { ...nullable, description: 'The rental it came to.', example: null },
  },
  'Message',
);

/** A list by pages, of a named schema, as the document shows it. */
export const shownPage = (item: object) => ({
  data: { type: 'array', items: item },
  next_cursor: { ...nullable, description: 'Send it as `cursor` for the next page; null on the last.', example: null },
});

export const MessageListBody = documented(type({ data: MessageType.array(), next_cursor: 'string | null' }), shownPage(MessageBody));

const OrderType = type({
  id: 'string',
  status: type.enumerated(...ORDER_STATUSES),
  reason: 'string',
  country: 'string',
  service: 'string',
  carrier: 'string | null',
  number: 'string',
  price: 'number.integer',
  currency: 'string',
  created_at: 'string',
  expires_at: 'string',
  code: 'string | null',
  messages: MessageType.array(),
  unsure: type({ count: 'number.integer', since: 'string' }).or('null'),
  note: 'string | null',
  tags: 'string[]',
  cancelable_at: 'string | null',
  awaiting_more: 'boolean',
  awaiting_since: 'string | null',
  extended_seconds: 'number.integer',
  outage_seconds: 'number.integer',
  report: type({ reason: type.enumerated(...REPORT_REASONS), text: 'string | null' }).or('null'),
  last_event: 'string',
});

export const OrderBody = documented(
  OrderType,
  {
    id: { example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
    status: { type: 'string', enum: ORDER_STATUSES, example: 'received' },
    reason: { description: 'Why it has this status, machine-readable.', example: 'code_received' },
    country: { description: 'ISO 3166-1 alpha-2, lower case.', example: 'gb' },
    service: { example: 'telegram' },
    carrier: { ...nullable, description: 'The home carrier that was asked for, or null: any.', example: null },
    number: { description: 'E.164.', example: '+447700900123' },
    price: { description: 'Minor units of the currency.', example: 45 },
    currency: { description: 'ISO 4217.', example: 'USD' },
    created_at: { format: 'date-time', example: AT },
    expires_at: { format: 'date-time', description: 'The end of the window.', example: '2026-11-22T14:23:22.000Z' },
    code: { ...nullable, description: 'The newest code, or null while there is none.', example: '48213' },
    messages: { type: 'array', items: MessageBody, description: 'The newest messages, newest first, at most 50.' },
    unsure: {
      anyOf: [
        {
          type: 'object',
          required: ['count', 'since'],
          properties: { count: { type: 'integer' }, since: { type: 'string', format: 'date-time' } },
        },
        { type: 'null' },
      ],
      description:
        'How many messages came that the rules are not sure about, and since when; an operator looks at them. Null when there is none.',
      example: null,
    },
    note: { ...nullable, description: 'Your own words. They are a text of yours: escape it where you show it.', example: 'Test account 7' },
    tags: { description: 'Your own tags, in alphabetical order.', example: ['qa', 'signup'] },
    cancelable_at: { ...nullable, description: 'From when it can be canceled; null when it cannot be any more.', example: AT },
    awaiting_more: {
      description: 'You said that you asked the service for another code: `code` is the old one until the next comes.',
      example: false,
    },
    awaiting_since: { ...nullable, description: 'Since when; null when it is not awaited.', example: null },
    extended_seconds: { description: 'By how much you had the window extended; `expires_at` has it in it.', example: 0 },
    outage_seconds: { description: 'What was added to the window because its modem was away; `expires_at` has it in it.', example: 0 },
    report: {
      anyOf: [
        {
          type: 'object',
          required: ['reason', 'text'],
          properties: { reason: { type: 'string', enum: REPORT_REASONS }, text: nullable },
        },
        { type: 'null' },
      ],
      description: 'What you said of the number; null while nothing.',
      example: null,
    },
    last_event: { description: 'Send it as `after` to wait for what comes next.', example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
  },
  'Order',
);

export const OrderListBody = documented(type({ data: OrderType.array(), next_cursor: 'string | null' }), shownPage(OrderBody));

const Pick = type.enumerated(...PICKS).configure({ message: oneOf('pick', PICKS) });
export const Note = type(`string <= ${NOTE_CHARACTERS_MAX * 4}`);
export const Tags = type('string <= 100').array().atMostLength(100);
export const NOTE_SHOWN = { maxLength: NOTE_CHARACTERS_MAX, description: 'Your own words, for yourself.', example: 'Test account 7' };
export const TAGS_SHOWN = {
  type: 'array',
  maxItems: TAGS_MAX,
  items: { type: 'string', pattern: TAG_PATTERN },
  description: 'Your own tags, by which lists can be filtered.',
  example: ['qa', 'signup'],
};

export const OrderRequestBody = documented(
  type({
    'country?': Country,
    service: Service,
    'carrier?': Carrier,
    'pick?': Pick,
    'max_price?': 'number.integer >= 0',
    'count?': `1 <= number.integer <= ${BATCH_MAX}`,
    'fill?': "'all' | 'available'",
    'note?': Note,
    'tags?': Tags,
    '+': 'reject',
  }),
  {
    country: { example: 'gb', description: 'ISO 3166-1 alpha-2, lower case. With `pick` it may be left out: any country.' },
    service: { example: 'telegram', description: 'A service of GET /api/v1/offers; `any` takes every sender.' },
    carrier: {
      examples: [],
      description: 'Only SIMs of this carrier, at its price. Left out or `any`: the offer for any carrier; with `pick`, any offer.',
    },
    pick: {
      type: 'string',
      enum: PICKS,
      examples: [],
      description:
        'Take the `cheapest` offer in stock, or the one with the `best_delivery`: the highest success rate of those with at least 5 samples.',
    },
    max_price: { description: 'Refuse rather than pay more than this for a number, in minor units.', example: 100 },
    count: {
      type: 'integer',
      minimum: 1,
      maximum: BATCH_MAX,
      examples: [],
      description: 'So many different numbers at once. With it the answer is `{data, requested, got}`, also for 1; without it the order.',
    },
    fill: {
      type: 'string',
      enum: ['all', 'available'],
      default: 'all',
      examples: [],
      description: 'With `count`: `all` of them or none, or as many as are `available` and your balance covers, at least one.',
    },
    note: NOTE_SHOWN,
    tags: TAGS_SHOWN,
  },
);

/** Several orders at once. */
export const OrderBatchBody = documented(
  type({ data: OrderType.array(), requested: 'number.integer', got: 'number.integer' }),
  {
    data: { type: 'array', items: OrderBody },
    requested: { example: 5 },
    got: { description: 'Less than `requested` only with `fill: "available"`.', example: 3 },
  },
  'OrderBatch',
);

/** What POST /api/v1/orders answers: without `count` an order. */
export const OrderedBody = documented(OrderType.or(type({ data: OrderType.array(), requested: 'number.integer', got: 'number.integer' })));
Object.assign(OrderedBody, { anyOf: [OrderBody, OrderBatchBody] });

export const OrderLabelsBody = documented(type({ 'note?': Note.or('null'), 'tags?': Tags, '+': 'reject' }), {
  note: { ...nullable, ...NOTE_SHOWN, description: 'Your own words; null or empty takes them away. Absent: as it was.' },
  tags: { ...TAGS_SHOWN, description: 'All of its tags from now on. Absent: as they were.' },
});

const ReportRequest = type({
  'reason?': type.enumerated(...REPORT_REASONS).configure({ message: oneOf('reason', REPORT_REASONS) }),
  'text?': `string <= ${REPORT_CHARACTERS_MAX * 4}`,
  '+': 'reject',
});
/** Without a body it is `other`. */
export const OrderReportBody = documented(ReportRequest.or('undefined | null'));
Object.assign(OrderReportBody, {
  ...{ anyOf: undefined, type: 'object', additionalProperties: false },
  properties: {
    reason: {
      ...{ type: 'string', enum: REPORT_REASONS, default: 'other' },
      description:
        '`number_unusable`: the service says that the number is invalid or banned. `already_registered`: it knows the number already. Both retire it for the service. `no_sms`: the service says that it sent one. `other`: see `text`.',
    },
    text: { type: 'string', maxLength: REPORT_CHARACTERS_MAX, description: 'More about it, for the operator.' },
  },
});

export const OrderReuseBody = documented(type({ 'max_price?': 'number.integer >= 0', '+': 'reject' }).or('undefined | null'));
Object.assign(OrderReuseBody, {
  ...{ anyOf: undefined, type: 'object', additionalProperties: false },
  properties: {
    max_price: {
      type: 'integer',
      minimum: 0,
      description: 'Refuse rather than pay more than this, in minor units: the price of the quote.',
    },
  },
});

export const ReuseQuoteBody = documented(
  type({
    order_id: 'string',
    country: 'string',
    service: 'string',
    number: 'string',
    price: 'number.integer | null',
    currency: 'string',
    window_minutes: 'number | null',
    available: 'boolean',
    why_not: "'order_still_open' | 'not_offered' | 'retired' | 'not_free' | null",
    detail: 'string | null',
  }),
  {
    price: {
      anyOf: [{ type: 'integer' }, { type: 'null' }],
      description: 'Of now: send it as `max_price`. Null when it is not offered.',
      example: 45,
    },
    available: { description: 'It can be rented this moment.' },
    why_not: { description: 'Machine-readable; null when it is available.' },
    detail: { ...nullable, description: 'The same in plain words.' },
  },
  'ReuseQuote',
);

const ORDER_ID = { description: 'The id of an order.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' };
export const OrderPath = documented(type({ id: 'string <= 64' }), { id: ORDER_ID });
/** The same, for a call that names its parameters itself. */
export const ORDER_ID_PARAMETER = {
  ...{ name: 'id', in: 'path' as const, required: true },
  ...{ ...ORDER_ID, schema: { type: 'string' as const, maxLength: 64 } },
};
