import { type } from 'arktype';
import { Carrier, Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { PICKS } from './pick.ts';
import { ORDER_STATUSES } from './state.ts';

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
    last_event: { description: 'Send it as `after` to wait for what comes next.', example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
  },
  'Order',
);

export const OrderListBody = documented(type({ data: OrderType.array(), next_cursor: 'string | null' }), shownPage(OrderBody));

const Pick = type.enumerated(...PICKS).configure({ message: `pick must be one of ${PICKS.join(', ')}` });

export const OrderRequestBody = documented(
  type({ 'country?': Country, service: Service, 'carrier?': Carrier, 'pick?': Pick, 'max_price?': 'number.integer >= 0', '+': 'reject' }),
  {
    country: { example: 'gb', description: 'ISO 3166-1 alpha-2, lower case. With `pick` it may be left out: any country.' },
    service: { example: 'telegram', description: 'A service of GET /api/v1/offers; `any` takes every sender.' },
    carrier: {
      example: 'vodafone',
      description: 'Only SIMs of this carrier, at its price. Left out or `any`: the offer for any carrier; with `pick`, any offer.',
    },
    pick: {
      type: 'string',
      enum: PICKS,
      description:
        'Take the `cheapest` offer in stock, or the one with the `best_delivery`: the highest success rate of those with at least 5 samples.',
      example: 'cheapest',
    },
    max_price: { description: 'Refuse rather than pay more than this, in minor units.', example: 100 },
  },
);

const ORDER_ID = { description: 'The id of an order.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' };
export const OrderPath = documented(type({ id: 'string <= 64' }), { id: ORDER_ID });
/** The same, for a call that names its parameters itself. */
export const ORDER_ID_PARAMETER = {
  ...{ name: 'id', in: 'path' as const, required: true },
  ...{ ...ORDER_ID, schema: { type: 'string' as const, maxLength: 64 } },
};

export const WAIT_SECONDS_MAX = 60;
const Wait = type('string.integer.parse')
  .to(`0 <= number <= ${WAIT_SECONDS_MAX}`)
  .configure({ message: `wait must be a whole number of seconds from 0 to ${WAIT_SECONDS_MAX}` });

export const OrderQuery = documented(type({ 'wait?': Wait, 'after?': 'string <= 64' }), {
  wait: {
    type: 'integer',
    minimum: 0,
    maximum: WAIT_SECONDS_MAX,
    description: 'Answer when the order is not pending any more (or, with `after`, has a newer event), at most this many seconds later.',
  },
  after: {
    description:
      'An event id, such as `last_event` of an order: only what came after it is shown, so a code you already have is never returned again.',
  },
});

export const OrderListQuery = {
  'status?': type.enumerated(...ORDER_STATUSES).configure({ message: `status must be one of ${ORDER_STATUSES.join(', ')}` }),
} as const;
export const ORDER_LIST_SHOWN = { status: { type: 'string', enum: ORDER_STATUSES, description: 'Only orders of this status.' } };
