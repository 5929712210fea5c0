import type {
  WebhookDeliveryPageView,
  WebhookDeliveryView,
  WebhookPageView,
  WebhookSecretView,
  WebhooksView,
  WebhookView,
} from '../../views/settings/webhooks-model.ts';
import { nowMs } from './sample.ts';

function webhookView(text: string, changes: Partial<WebhookView> = {}): WebhookView {
  return {
    ...{
      id: text,
      url: text,
      description: text,
      events: [text, text],
      rentals: [text],
      state: 'active',
      disabledReason: null,
      disabledAtMs: null,
    },
    ...{ failures: 3, failingSinceMs: nowMs, lastDeliveredAtMs: nowMs, overlapUntilMs: nowMs },
    success: { delivered: 2, ended: 3, waiting: 1 },
    ...changes,
  };
}

const disabled = { state: 'disabled', disabledReason: 'failing', disabledAtMs: nowMs } as const;

function form(text: string) {
  return {
    values: { url: text, description: text, which: 'some', events: text, whose: 'some', rentals: text },
    errors: { '': text, url: text, description: text, events: text, rentals: text },
  };
}

function delivery(text: string, changes: Partial<WebhookDeliveryView> = {}): WebhookDeliveryView {
  return {
    ...{ id: text, eventId: text, type: text, state: 'waiting', attempts: 2, nextAttemptAtMs: nowMs, createdAtMs: nowMs },
    ...{ lastAttemptAtMs: nowMs, lastStatus: 500, ...changes },
  };
}

export function webhooksView(text: string): WebhooksView {
  const webhooks = [webhookView(text), webhookView(text, disabled), webhookView(text, { state: 'paused' })];
  return {
    nowMs,
    webhooks,
    form: form(text),
    eventTypes: [{ type: text, meaning: text }],
    rentals: [{ id: text, name: text, number: text, status: text }],
    most: 10,
  };
}

export function webhookPageView(text: string): WebhookPageView {
  const deliveries = [delivery(text), delivery(text, { state: 'delivered' }), delivery(text, { attempts: 0, lastStatus: null })];
  const { form, eventTypes, rentals } = webhooksView(text);
  return { nowMs, webhook: webhookView(text), form, eventTypes, rentals, secretMark: text, deliveries, filter: 'failed', nextCursor: text };
}

export function deliveryPageView(text: string): WebhookDeliveryPageView {
  const attempt = { number: 1, startedAtMs: nowMs, durationMs: 12, outcome: 'retry', status: null, detail: text } as const;
  return {
    ...{ nowMs, webhook: webhookView(text), delivery: delivery(text) },
    attempts: [attempt, { ...attempt, number: 2, status: 200 }],
    payload: JSON.stringify({ id: text, data: { text } }),
  };
}

export function secretView(text: string): WebhookSecretView {
  return { webhook: webhookView(text), secret: text, isNew: false };
}
