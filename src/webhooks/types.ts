import type { Scope } from '../accounts/keys.ts';

/** Every type of event an endpoint can ask for, with what it means to its customer. Reserved ones are accepted before any is sent. */
export const WEBHOOK_EVENTS = {
  'order.created': 'You got a number.',
  'order.received': 'A code or a further message came.',
  'order.unsure': 'A message came that may be yours; the operator looks at it, or has decided.',
  'order.extended': 'The window of an order got longer: you asked for it, or its modem had been away.',
  'order.awaiting': 'You said that you asked the service for another code.',
  'order.noted': 'You changed the note or the tags of an order.',
  'order.finished': 'An order ended with its code delivered.',
  'order.expired': 'No valid SMS came in time; the money is back.',
  'order.canceled': 'An order was canceled; the money is back.',
  'order.reported': 'You reported a number; the money is back.',
  'order.late': 'Reserved for a message that comes late for an ended order; not sent yet.',
  'rental.booked': 'You booked a long rent that begins later.',
  'rental.started': 'A long rent began.',
  'rental.message': 'A rented number got a message.',
  'rental.extended': 'The end of a long rent moved: bought, by itself, or for an outage.',
  'rental.ending': 'A long rent ends in some hours, or could not be extended by itself.',
  'rental.ended': 'A long rent ended, or was canceled before it began.',
  'waiting.joined': 'You wait for a number of an offer without stock.',
  'waiting.served': 'The number you waited for was bought; `order_id` names the order.',
  'waiting.available': 'There is stock of what you wanted to be told of.',
  'waiting.passed_over': 'Others went before you, or there is no offer any more; `obstacle` says why. You keep your place.',
  'waiting.expired': 'Your time in a waiting list is over.',
  'waiting.left': 'You left a waiting list.',
  'balance.changed': 'Your balance changed.',
  'alarm.raised':
    'Operators only, and only where it is asked for by name: something is to be looked at, or still is and nobody acknowledged it.',
  'alarm.cleared': 'Operators only, and only where it is asked for by name: an alarm is over.',
} as const;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;

export const WEBHOOK_EVENT_TYPES = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];

/** The type of what `POST /api/v1/webhooks/:id/test` sends. */
export const TEST_EVENT = 'webhook.test';

/** What a key must be able to read to have events of these types sent somewhere, or to see what was sent; null: of all types. */
export function readScopesOf(types: readonly string[] | null): Scope[] {
  // All are those of a customer: alarms are sent only where they are asked for by name (0030_alarms.sql).
  const scopes = (types ?? WEBHOOK_EVENT_TYPES.filter((type) => !type.startsWith('alarm.')))
    .filter((type) => type !== TEST_EVENT)
    .map((type): Scope => {
      if (type === 'balance.changed') return 'balance:read';
      if (type.startsWith('alarm.')) return 'alarms:read';
      return type.startsWith('rental.') ? 'rentals:read' : 'orders:read';
    });
  return [...new Set(scopes)];
}
