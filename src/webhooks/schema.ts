import { type } from 'arktype';
import { documented } from '../http/documented.ts';
import { oneOf, pageQuery, pageShown } from '../http/schema.ts';
import { URL_CHARACTERS_MAX } from './address.ts';
import { DELIVERY_STATES } from './deliveries.ts';
import { REPLAY_DAYS_MAX, REPLAY_MAX } from './replay.ts';
import { WEBHOOK_EVENT_TYPES } from './types.ts';
import { DESCRIPTION_CHARACTERS_MAX, OVERLAP_HOURS } from './webhooks.ts';

const EventType = type
  .enumerated(...WEBHOOK_EVENT_TYPES)
  .configure({ message: `events may hold ${WEBHOOK_EVENT_TYPES.join(', ')}; none means all` });
const Events = EventType.array().or('null');
const Rentals = type('string <= 64').array().or('null');
const Url = type(`string <= ${URL_CHARACTERS_MAX}`).configure({ message: `url has at most ${URL_CHARACTERS_MAX} characters` });
const Description = type(`string <= ${DESCRIPTION_CHARACTERS_MAX}`).configure({
  message: `description has at most ${DESCRIPTION_CHARACTERS_MAX} characters`,
});

const url = { description: 'http or https, on the public internet.', example: 'https://example.org/hooks/smspin', type: 'string' };
const events = {
  anyOf: [{ type: 'array', items: { type: 'string', enum: WEBHOOK_EVENT_TYPES } }, { type: 'null' }],
  description: 'Which types of events to send; none (or null) means all, also those to come.',
};
const rentals = {
  anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }],
  description:
    'Limits the `rental.` events to those of these rentals of yours; none (or null) means all. Other types come as `events` says.',
};
const paused = {
  type: 'boolean',
  description: 'While true nothing is queued, and what waits is held. False also switches on what was switched off.',
};

export const NewWebhookBody = documented(
  type({ url: Url, 'events?': Events, 'rentals?': Rentals, 'description?': Description, '+': 'reject' }),
  {
    url,
    events,
    rentals,
  },
);
export const WebhookPatchBody = documented(
  type({ 'url?': Url, 'events?': Events, 'rentals?': Rentals, 'description?': Description, 'paused?': 'boolean', '+': 'reject' }),
  { url, events, rentals, paused },
);

const WebhookType = type({
  id: 'string',
  url: 'string',
  description: 'string',
  events: 'string[]',
  rentals: 'string[]',
  state: "'active' | 'paused' | 'disabled'",
  disabled_reason: "'gone' | 'failing' | null",
  disabled_at: 'string | null',
  failures: 'number.integer',
  failing_since: 'string | null',
  last_delivered_at: 'string | null',
  previous_secret_until: 'string | null',
  created_at: 'string',
});
const AT = '2026-11-22T14:03:22.000Z';
const WEBHOOK_SHOWN = {
  created_at: { format: 'date-time', example: AT },
  id: { example: 'whk_01kanq7x2fq3v8b1c6d9e4g5h7' },
  events: { description: 'Empty: all.' },
  rentals: { description: 'Whose `rental.` events are sent; empty: those of all.' },
  state: { description: 'disabled: switched off by the server; `paused: false` switches it on again.' },
  disabled_reason: { description: 'gone: it answered 410. failing: nothing reached it for days.' },
  failures: { description: 'Failed attempts since the last success.' },
  previous_secret_until: { description: 'Until then the secret before the last rotation signs too.' },
};
export const WebhookBody = documented(WebhookType, WEBHOOK_SHOWN, 'Webhook');
export const WebhookListBody = documented(type({ data: WebhookType.array() }), { data: { type: 'array', items: WebhookBody } });
export const WebhookSecretBody = documented(
  WebhookType.merge({ secret: 'string' }),
  {
    ...WEBHOOK_SHOWN,
    secret: { description: 'For verifying signatures. Shown this once.', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  },
  'WebhookWithSecret',
);

const RotateType = type({ 'overlap_hours?': `0 <= number.integer <= ${OVERLAP_HOURS}`, '+': 'reject' });
const RotateOrNothing = RotateType.or('undefined');
/** The document shows the object; no body at all is taken too. */
export const RotateBody: typeof RotateOrNothing = Object.assign(
  Object.create({ '~standard': RotateOrNothing['~standard'] }),
  documented(RotateType, {
    overlap_hours: {
      type: 'integer',
      minimum: 0,
      maximum: OVERLAP_HOURS,
      default: OVERLAP_HOURS,
      description: 'How long the present secret goes on signing beside the new one; 0 for a secret that leaked.',
    },
  }),
);

const Since = type('string.date.iso.parse').configure({ message: 'since must be a time such as 2026-11-22T14:03:22Z' });
export const ReplayBody = documented(type({ since: Since, 'missed?': 'boolean', '+': 'reject' }), {
  since: { type: 'string', format: 'date-time', example: AT, description: `Within the last ${REPLAY_DAYS_MAX} days.` },
  missed: { description: 'Also events that were never queued: while it was paused or switched off, or before it was made.' },
});
export const ReplayedBody = documented(type({ queued: 'number.integer', more: 'boolean' }), {
  more: { description: `One request queues at most ${REPLAY_MAX}; true when another one would queue more.` },
});

const AttemptType = type({
  number: 'number.integer',
  started_at: 'string',
  duration_ms: 'number.integer',
  outcome: "'delivered' | 'retry' | 'failed'",
  status: 'number.integer | null',
  detail: 'string',
});
const DeliveryType = type({
  id: 'string',
  webhook_id: 'string',
  event_id: 'string',
  type: 'string',
  state: type.enumerated(...DELIVERY_STATES),
  attempts: 'number.integer',
  last_attempt_at: 'string | null',
  last_status: 'number.integer | null',
  next_attempt_at: 'string | null',
  created_at: 'string',
  ended_at: 'string | null',
});
const DELIVERY_SHOWN = { last_status: { description: 'HTTP status of the newest attempt; null when there was no answer.' } };
export const DeliveryBody = documented(DeliveryType, DELIVERY_SHOWN, 'WebhookDelivery');
export const DeliveryListBody = documented(type({ data: DeliveryType.array(), next_cursor: 'string | null' }), {
  data: { type: 'array', items: DeliveryBody },
});
export const WholeDeliveryBody = documented(DeliveryType.merge({ log: AttemptType.array(), payload: 'string | null' }), {
  ...DELIVERY_SHOWN,
  log: { description: 'Every attempt, the oldest first; `detail` is what the receiver said, cut, or why there was no answer.' },
  payload: { description: 'The body that is sent, to the octet; null when the event is not kept any more.' },
});

export const WebhookPath = documented(type({ id: 'string <= 64' }), { id: { description: 'The id of an endpoint.' } });
export const DeliveryPath = documented(type({ id: 'string <= 80' }), { id: { description: 'The id of a delivery.' } });
export const DeliveryQuery = documented(
  type({
    ...pageQuery,
    'state?': type.enumerated(...DELIVERY_STATES).configure({ message: oneOf('state', DELIVERY_STATES) }),
  }),
  { ...pageShown, state: { description: 'Only deliveries in this state.' } },
);
