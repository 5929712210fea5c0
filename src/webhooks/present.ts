import type { Database } from 'bun:sqlite';
import type { FormView } from '../../views/model.ts';
import type {
  RentalChoiceView,
  WebhookDeliveryPageView,
  WebhookDeliveryView,
  WebhookPageView,
  WebhooksView,
  WebhookView,
} from '../../views/settings/webhooks-model.ts';
import { cutPage } from '../http/schema.ts';
import { attemptsOf, type DeliveryState, listDeliveries, ownDelivery, payloadOf, successOf, type WebhookDelivery } from './deliveries.ts';
import { WEBHOOK_EVENTS } from './types.ts';
import { listWebhooks, ownWebhook, RENTALS_MAX, secretMark, WEBHOOKS_MAX, type Webhook } from './webhooks.ts';

const DELIVERIES_PAGE = 25;
const EVENT_TYPES = Object.entries(WEBHOOK_EVENTS).map(([type, meaning]) => ({ type, meaning }));

export const EMPTY_FORM: FormView = { values: { which: 'all', whose: 'all' }, errors: {} };

/** An endpoint as the pages show it. */
export function webhookView(db: Database, webhook: Webhook, nowMs: number): WebhookView {
  const { id, url, description, events, rentals, state, disabledReason, disabledAtMs, failures, failingSinceMs, lastDeliveredAtMs } =
    webhook;
  const { previousUntilMs } = webhook;
  return {
    ...{ id, url, description, events, rentals, state, disabledReason, disabledAtMs, failures, failingSinceMs, lastDeliveredAtMs },
    success: successOf(db, id),
    overlapUntilMs: previousUntilMs !== null && previousUntilMs > nowMs ? previousUntilMs : null,
  };
}

export function webhooksView(db: Database, userId: string, nowMs: number, form: FormView): WebhooksView {
  const webhooks = listWebhooks(db, userId).map((webhook) => webhookView(db, webhook, nowMs));
  return { nowMs, webhooks, form, eventTypes: EVENT_TYPES, rentals: rentalChoices(db, userId), most: WEBHOOKS_MAX };
}

/** One endpoint with a page of its deliveries; `form` is what was typed and refused, or null for what is kept. */
export function webhookPageView(
  db: Database,
  asked: { userId: string; id: string; nowMs: number; filter: DeliveryState | null; cursor: string | null },
  form: FormView | null,
): WebhookPageView {
  const { nowMs, filter, cursor } = asked;
  const webhook = ownWebhook(db, asked.userId, asked.id);
  const { rows, nextCursor } = cutPage(
    listDeliveries(db, webhook.id, { limit: DELIVERIES_PAGE + 1, cursor, state: filter }),
    DELIVERIES_PAGE,
  );
  return {
    nowMs,
    webhook: webhookView(db, webhook, nowMs),
    form: form ?? formOf(webhook),
    eventTypes: EVENT_TYPES,
    rentals: rentalChoices(db, asked.userId, webhook.rentals ?? []),
    secretMark: secretMark(db, webhook.id),
    deliveries: rows.map(deliveryView),
    filter,
    nextCursor,
  };
}

function formOf({ url, description, events, rentals }: Webhook): FormView {
  const which = { which: events === null ? 'all' : 'some', events: (events ?? []).join(' ') };
  const whose = { whose: rentals === null ? 'all' : 'some', rentals: (rentals ?? []).join(' ') };
  return { values: { url, description, ...which, ...whose }, errors: {} };
}

export function deliveryPageView(db: Database, userId: string, deliveryId: string, nowMs: number): WebhookDeliveryPageView {
  const delivery = ownDelivery(db, userId, deliveryId);
  return {
    nowMs,
    webhook: webhookView(db, ownWebhook(db, userId, delivery.webhookId), nowMs),
    delivery: deliveryView(delivery),
    attempts: attemptsOf(db, delivery.id).toReversed(),
    payload: payloadOf(db, delivery.id),
  };
}

function deliveryView(delivery: WebhookDelivery): WebhookDeliveryView {
  const { id, eventId, type, state, attempts, nextAttemptAtMs, createdAtMs, lastAttemptAtMs, lastStatus } = delivery;
  return { id, eventId, type, state, attempts, nextAttemptAtMs, createdAtMs, lastAttemptAtMs, lastStatus };
}

/** The rentals an endpoint can be limited to: those that run or are to come, and those that were chosen before. */
function rentalChoices(db: Database, userId: string, chosen: readonly string[] = []): RentalChoiceView[] {
  return db
    .query<RentalChoiceView, { userId: string; chosen: string; limit: number }>(
      `SELECT id, name, number, status FROM rentals WHERE user_id = $userId
         AND (status IN ('scheduled', 'active') OR id IN (SELECT value FROM json_each($chosen))) ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, chosen: JSON.stringify(chosen), limit: RENTALS_MAX });
}
