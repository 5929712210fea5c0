import type { Database } from 'bun:sqlite';
import type { Outcome, Payment } from './payments.ts';

export interface ListedPayment extends Payment {
  email: string;
}

export interface ListedEvent {
  provider: string;
  eventId: string;
  type: string;
  providerRef: string;
  paymentId: string | null;
  amountMinor: number | null;
  currency: string | null;
  outcome: Outcome;
  atMs: number;
}

/** The newest payments of all customers. */
export function listPayments(db: Database, limit: number): ListedPayment[] {
  return db
    .query<ListedPayment, { limit: number }>(
      `SELECT p.id, p.user_id AS userId, p.provider, p.amount_minor AS amountMinor, p.state, p.provider_ref AS providerRef, p.checkout_url AS checkoutUrl,
         p.created_at_ms AS createdAtMs, u.email FROM payments p JOIN users u ON u.id = p.user_id ORDER BY p.id DESC LIMIT $limit`,
    )
    .all({ limit });
}

/** What the operator must look at, newest first. */
export function eventsToLookAt(db: Database, limit: number): ListedEvent[] {
  return db
    .query<ListedEvent, { limit: number }>(
      `SELECT provider, event_id AS eventId, type, provider_ref AS providerRef, payment_id AS paymentId, amount_minor AS amountMinor, currency, outcome,
         at_ms AS atMs FROM payment_events WHERE attention = 1 ORDER BY at_ms DESC LIMIT $limit`,
    )
    .all({ limit });
}
