import { type } from 'arktype';
import { Country, Service } from '../catalogue/schema.ts';
import { documented } from '../http/documented.ts';
import { ORDER_STATUSES } from './state.ts';

export const MessageBody = type({
  id: 'string',
  sender: 'string',
  text: 'string',
  code: 'string | null',
  reason: 'string',
  received_at: 'string',
  network_time: 'string | null',
  order_id: 'string',
});

const OrderType = type({
  id: 'string',
  status: type.enumerated(...ORDER_STATUSES),
  reason: 'string',
  country: 'string',
  service: 'string',
  number: 'string',
  price: 'number.integer',
  currency: 'string',
  created_at: 'string',
  expires_at: 'string',
  code: 'string | null',
  messages: MessageBody.array(),
  unsure: type({ count: 'number.integer', since: 'string' }).or('null'),
  last_event: 'string',
});

const ORDER_SHOWN = {
  id: { example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
  reason: { description: 'Why it has this status, machine-readable.', example: 'code_received' },
  number: { description: 'E.164.', example: '+447700900123' },
  price: { description: 'Minor units of the currency.', example: 45 },
  created_at: { format: 'date-time' },
  expires_at: { format: 'date-time' },
  code: { description: 'The newest code, or null while there is none.', example: '048213' },
  unsure: {
    description:
      'How many messages came that the rules are not sure about, and since when; an operator looks at them. Null when there is none.',
  },
  last_event: { description: 'Send it as `after` to wait for what comes next.', example: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z' },
};

export const OrderBody = documented(OrderType, ORDER_SHOWN);
/** The body of a 304: none. */
export const Unchanged = documented(type('undefined'));

export const OrderListBody = documented(type({ data: OrderType.array(), next_cursor: 'string | null' }));

export const OrderRequestBody = documented(
  type({ country: Country, service: Service, 'max_price?': 'number.integer >= 0', '+': 'reject' }),
  {
    country: { example: 'gb', description: 'ISO 3166-1 alpha-2, lower case.' },
    service: { example: 'telegram', description: 'A service of GET /api/v1/offers; `any` takes every sender.' },
    max_price: { description: 'Refuse rather than pay more than this, in minor units.', example: 100 },
  },
);

export const OrderPath = documented(type({ id: 'string <= 64' }), {
  id: { description: 'The id of an order.', example: 'ord_01kanq7x2fq3v8b1c6d9e4g5h7' },
});

/** The header of what costs money, for the API document. */
export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same key with the same request within a day gives the first answer again; with another request it is refused.',
  schema: { type: 'string' as const, maxLength: 255, example: '0b8f7c9e-5f0e-4d6e-9a43-2f5d1c1f7a10' },
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
  after: { description: 'An event id: only what came after it is shown, so a code you already have is never returned again.' },
});

export const OrderListQuery = {
  'status?': type.enumerated(...ORDER_STATUSES).configure({ message: `status must be one of ${ORDER_STATUSES.join(', ')}` }),
} as const;
