import type { FormView } from '../model.ts';

export interface WebhookView {
  id: string;
  url: string;
  description: string;
  /** Null: all. */
  events: readonly string[] | null;
  /** Whose `rental.` events; null: all. */
  rentals: readonly string[] | null;
  state: 'active' | 'paused' | 'disabled';
  disabledReason: 'gone' | 'failing' | null;
  disabledAtMs: number | null;
  failures: number;
  failingSinceMs: number | null;
  lastDeliveredAtMs: number | null;
  /** Of the last deliveries that ended, and what is still to go. */
  success: { delivered: number; ended: number; waiting: number };
  /** Until then the secret before the last rotation signs too, or null. */
  overlapUntilMs: number | null;
}

/** What an endpoint is made from: `url`, `description`, `which` (all or some), and the chosen `events` with spaces between. */
export type WebhookForm = FormView;

export interface EventChoiceView {
  type: string;
  meaning: string;
}

/** A rental an endpoint can be limited to. */
export interface RentalChoiceView {
  id: string;
  name: string;
  number: string;
  status: string;
}

export interface WebhooksView {
  nowMs: number;
  webhooks: WebhookView[];
  form: WebhookForm;
  eventTypes: readonly EventChoiceView[];
  rentals: readonly RentalChoiceView[];
  most: number;
}

export interface WebhookDeliveryView {
  id: string;
  eventId: string;
  type: string;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  nextAttemptAtMs: number | null;
  createdAtMs: number;
  lastAttemptAtMs: number | null;
  lastStatus: number | null;
}

export interface WebhookPageView {
  nowMs: number;
  webhook: WebhookView;
  form: WebhookForm;
  eventTypes: readonly EventChoiceView[];
  rentals: readonly RentalChoiceView[];
  /** Tells one secret from another without showing it: a rotation that is sent twice happens once. */
  secretMark: string;
  deliveries: WebhookDeliveryView[];
  filter: WebhookDeliveryView['state'] | null;
  nextCursor: string | null;
}

export interface WebhookAttemptView {
  number: number;
  startedAtMs: number;
  durationMs: number;
  outcome: 'delivered' | 'retry' | 'failed';
  status: number | null;
  /** Hostile: what the receiver said. */
  detail: string;
}

export interface WebhookDeliveryPageView {
  nowMs: number;
  webhook: WebhookView;
  delivery: WebhookDeliveryView;
  /** Newest first. */
  attempts: WebhookAttemptView[];
  /** As sent; holds what strangers wrote. Null when it is not kept any more. */
  payload: string | null;
}

export interface WebhookSecretView {
  webhook: WebhookView;
  secret: string;
  isNew: boolean;
}
