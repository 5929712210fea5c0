import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import { type LedgerTerms, topUp, transactionOfReference } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { AMOUNT_MINOR_MAX } from '../lib/money.ts';
import type { PaymentEvent, PaymentProvider } from './provider.ts';

type ProviderName = PaymentProvider['name'];
export type PaymentState = 'asked' | 'open' | 'failed' | 'paid' | 'expired' | 'invalid' | 'differs';

export interface Payment {
  id: string;
  userId: string;
  provider: ProviderName;
  amountMinor: number;
  state: PaymentState;
  providerRef: string | null;
  checkoutUrl: string | null;
  createdAtMs: number;
}

const PAYMENT = `SELECT id, user_id AS userId, provider, amount_minor AS amountMinor, state, provider_ref AS providerRef,
  checkout_url AS checkoutUrl, created_at_ms AS createdAtMs FROM payments`;

/** Notes that a customer wants to pay; the same form again is the same payment. `isNew`: the provider is to be asked. */
export function askPayment(
  tx: Tx,
  terms: LedgerTerms,
  asked: { userId: string; provider: ProviderName; amountMinor: number; formKey: string },
): { payment: Payment; isNew: boolean } {
  const { userId, provider, amountMinor, formKey } = asked;
  if (!Number.isInteger(amountMinor) || amountMinor < 1 || amountMinor > AMOUNT_MINOR_MAX)
    throw new Refusal('validation', 'Write an amount above zero, such as 10.');
  const earlier = tx.db
    .query<Payment, { userId: string; formKey: string }>(`${PAYMENT} WHERE user_id = $userId AND form_key = $formKey`)
    .get({ userId, formKey });
  if (earlier) return { payment: earlier, isNew: false };
  const id = newId('pay', tx.nowMs, terms.random);
  tx.db
    .query(
      `INSERT INTO payments (id, user_id, provider, amount_minor, state, form_key, created_at_ms, updated_at_ms)
       VALUES ($id, $userId, $provider, $amountMinor, 'asked', $formKey, $now, $now)`,
    )
    .run({ id, userId, provider, amountMinor, formKey, now: tx.nowMs });
  return { payment: requirePayment(tx.db, id), isNew: true };
}

/** What the provider answered: where to pay, or nothing. What a webhook told before stays. */
export function answerPayment(tx: Tx, id: string, answer: { url: string; providerRef: string } | null): void {
  tx.db
    .query(
      `UPDATE payments SET provider_ref = coalesce(provider_ref, $ref), checkout_url = $url, updated_at_ms = $now,
         state = CASE WHEN state = 'asked' THEN $state ELSE state END WHERE id = $id`,
    )
    .run({ id, ref: answer?.providerRef ?? null, url: answer?.url ?? null, state: answer === null ? 'failed' : 'open', now: tx.nowMs });
}

/** A payment, a customer's own where `userId` is given. Refuses with `not_found`. */
export function requirePayment(db: Database, id: string, userId: string | null = null): Payment {
  const found = db.query<Payment, { id: string }>(`${PAYMENT} WHERE id = $id`).get({ id });
  if (!found || (userId !== null && found.userId !== userId)) throw new Refusal('not_found', 'There is no such payment.');
  return found;
}

export type Outcome =
  | 'credited'
  | 'already_paid'
  | 'unknown_payment'
  | 'amount_differs'
  | 'expired'
  | 'invalid'
  | 'invalid_after_paid'
  | 'partly_paid'
  | 'overpaid'
  | 'paid_late'
  | 'unsettled'
  | 'given_back'
  | 'credited_otherwise'
  | 'noted';
const ATTENTION: readonly Outcome[] = [
  ...(['unknown_payment', 'amount_differs', 'invalid_after_paid', 'partly_paid', 'overpaid', 'paid_late'] as const),
  ...(['unsettled', 'given_back', 'credited_otherwise'] as const),
];

/**
 * Takes what a provider told, in any order and however often: an event that was taken before changes nothing and is `repeated`. Money of a payment
 * that is known and of the amount and currency asked for is credited once, under a reference made from the provider's own name for it.
 */
export function takeEvent(tx: Tx, terms: LedgerTerms, provider: ProviderName, event: PaymentEvent): Outcome | 'repeated' {
  const { id: eventId, type, providerRef, amountMinor, currency } = event;
  if (tx.db.query('SELECT 1 FROM payment_events WHERE provider = $provider AND event_id = $eventId').get({ provider, eventId }))
    return 'repeated';
  const payment = findPayment(tx.db, provider, event);
  const outcome = settle(tx, terms, payment, event);
  tx.db
    .query(
      `INSERT INTO payment_events (provider, event_id, type, provider_ref, payment_id, amount_minor, currency, outcome, attention, at_ms)
       VALUES ($provider, $eventId, $type, $providerRef, $paymentId, $amountMinor, $currency, $outcome, $attention, $now)`,
    )
    .run({
      ...{ provider, eventId, type, providerRef, paymentId: payment?.id ?? null, amountMinor, currency, outcome },
      ...{ attention: ATTENTION.includes(outcome) ? 1 : 0, now: tx.nowMs },
    });
  return outcome;
}

/**
 * By the provider's name, else by ours: a webhook may overtake the answer that tells us the provider's name. What was given back is named otherwise at the
 * provider than what was paid, so there our id is enough.
 */
function findPayment(db: Database, provider: ProviderName, { providerRef, paymentId, news }: PaymentEvent): Payment | null {
  const byRef = db
    .query<Payment, { provider: string; providerRef: string }>(`${PAYMENT} WHERE provider = $provider AND provider_ref = $providerRef`)
    .get({ provider, providerRef });
  if (byRef || paymentId === null) return byRef;
  return db
    .query<Payment, { provider: string; paymentId: string; anyRef: number }>(
      `${PAYMENT} WHERE id = $paymentId AND provider = $provider AND (provider_ref IS NULL OR $anyRef)`,
    )
    .get({ provider, paymentId, anyRef: news === 'given_back' ? 1 : 0 });
}

function settle(tx: Tx, terms: LedgerTerms, payment: Payment | null, event: PaymentEvent): Outcome {
  const move = (state: PaymentState): void =>
    void tx.db
      .query('UPDATE payments SET state = $state, provider_ref = $ref, updated_at_ms = $now WHERE id = $id')
      .run({ id: payment?.id ?? '', state, ref: event.providerRef, now: tx.nowMs });
  if (event.news === 'other') return 'noted';
  if (event.news === 'given_back') return 'given_back';
  if (event.news === 'unsettled') return payment?.state === 'paid' ? 'invalid_after_paid' : 'unsettled';
  if (event.news === 'late' && payment !== null) return payment.state === 'paid' ? 'noted' : 'paid_late';
  if (payment === null || event.news === 'late')
    return ['paid', 'late'].includes(event.news) || event.isPartial ? 'unknown_payment' : 'noted';
  if (event.news !== 'paid') {
    if (payment.state === 'paid') return event.news === 'invalid' ? 'invalid_after_paid' : 'noted';
    if (payment.state !== 'differs') move(event.news);
    return event.isPartial ? 'partly_paid' : event.news;
  }
  if (payment.state === 'paid') return 'already_paid';
  if (event.amountMinor !== payment.amountMinor || event.currency !== terms.currency) {
    move('differs');
    return 'amount_differs';
  }
  const reference = `${payment.provider}:${event.providerRef}`;
  const credit = { userId: payment.userId, amountMinor: payment.amountMinor, reference };
  if (transactionOfReference(tx.db, payment.userId, reference) !== null) {
    // The operator was faster, by hand and under the same name; with another amount a person must look at it, and the provider need not tell it again.
    const isSame = isCredited(tx, terms, credit);
    move(isSame ? 'paid' : 'differs');
    return isSame ? 'already_paid' : 'credited_otherwise';
  }
  topUp(tx, terms, credit);
  move('paid');
  return event.isOver ? 'overpaid' : 'credited';
}

function isCredited(tx: Tx, terms: LedgerTerms, credit: Parameters<typeof topUp>[2]): boolean {
  try {
    return topUp(tx, terms, credit) === 'already_credited';
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.type === 'reference_conflict') return false;
    throw thrown;
  }
}
