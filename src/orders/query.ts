import { type } from 'arktype';
import { documented } from '../http/documented.ts';
import { oneOf } from '../http/schema.ts';
import { TAG_CHARACTERS_MAX } from './labels.ts';
import { ORDER_STATUSES } from './state.ts';

/** What may be asked of orders in the address. */
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
  'status?': type.enumerated(...ORDER_STATUSES).configure({ message: oneOf('status', ORDER_STATUSES) }),
  'tag?': `string <= ${TAG_CHARACTERS_MAX}`,
} as const;
export const ORDER_LIST_SHOWN = {
  status: { type: 'string', enum: ORDER_STATUSES, description: 'Only orders of this status.' },
  tag: { description: 'Only orders with this tag.' },
};
