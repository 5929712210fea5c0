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

/** An event that an operator dealt with: who, when and how. */
export interface DoneEvent extends ListedEvent {
  note: string;
  doneBy: string;
  doneAtMs: number;
}

const EVENT = `e.provider, e.event_id AS eventId, e.type, e.provider_ref AS providerRef, e.payment_id AS paymentId, e.amount_minor AS amountMinor, e.currency,
  e.outcome, e.at_ms AS atMs`;
const NEWEST_MARK = `(SELECT max(n.id) FROM payment_event_marks n WHERE n.provider = e.provider AND n.event_id = e.event_id)`;

/** What the operator must still look at, newest first. */
export function eventsToLookAt(db: Database, limit: number): ListedEvent[] {
  return db
    .query<ListedEvent, { limit: number }>(
      `SELECT ${EVENT} FROM payment_events e LEFT JOIN payment_event_marks m ON m.id = ${NEWEST_MARK}
       WHERE e.attention = 1 AND coalesce(m.done, 0) = 0 ORDER BY e.at_ms DESC LIMIT $limit`,
    )
    .all({ limit });
}

/** What was dealt with, the last first. */
export function eventsDone(db: Database, limit: number): DoneEvent[] {
  return db
    .query<DoneEvent, { limit: number }>(
      `SELECT ${EVENT}, m.note, u.email AS doneBy, m.at_ms AS doneAtMs FROM payment_event_marks m
       JOIN payment_events e ON e.provider = m.provider AND e.event_id = m.event_id JOIN users u ON u.id = m.user_id
       WHERE m.done = 1 AND m.id = ${NEWEST_MARK} ORDER BY m.id DESC LIMIT $limit`,
    )
    .all({ limit });
}
