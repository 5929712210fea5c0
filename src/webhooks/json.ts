import { rfc3339 } from '../lib/clock.ts';
import type { WebhookAttempt, WebhookDelivery } from './deliveries.ts';
import type { Webhook } from './webhooks.ts';

const time = (atMs: number | null): string | null => (atMs === null ? null : rfc3339(atMs));

/** An endpoint as the API shows it, as of `nowMs`; its secret is never in it. */
export function webhookJson(webhook: Webhook, nowMs: number) {
  const { previousUntilMs } = webhook;
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: [...(webhook.events ?? [])] as string[],
    rentals: [...(webhook.rentals ?? [])],
    state: webhook.state,
    disabled_reason: webhook.disabledReason,
    disabled_at: time(webhook.disabledAtMs),
    failures: webhook.failures,
    failing_since: time(webhook.failingSinceMs),
    last_delivered_at: time(webhook.lastDeliveredAtMs),
    previous_secret_until: previousUntilMs !== null && previousUntilMs > nowMs ? rfc3339(previousUntilMs) : null,
    created_at: rfc3339(webhook.createdAtMs),
  };
}

export function deliveryJson(delivery: WebhookDelivery) {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    event_id: delivery.eventId,
    type: delivery.type,
    state: delivery.state,
    attempts: delivery.attempts,
    last_attempt_at: time(delivery.lastAttemptAtMs),
    last_status: delivery.lastStatus,
    next_attempt_at: time(delivery.nextAttemptAtMs),
    created_at: rfc3339(delivery.createdAtMs),
    ended_at: time(delivery.endedAtMs),
  };
}

export function attemptJson({ number, startedAtMs, durationMs, outcome, status, detail }: WebhookAttempt) {
  return { number, started_at: rfc3339(startedAtMs), duration_ms: durationMs, outcome, status, detail };
}
