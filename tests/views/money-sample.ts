/** What the pages of money are given, with one text of a stranger wherever one may stand. */
import type { LedgerKind } from '../../src/ledger/ledger.ts';
import type { Batch } from '../../src/vouchers/batches.ts';
import type { PaymentsView } from '../../views/admin/payments.tsx';
import type { VoucherBatchView, VoucherSheetView, VouchersView } from '../../views/admin/vouchers.tsx';
import type { BalancePageView } from '../../views/balance/model.ts';
import type { PaymentView } from '../../views/balance/payment.tsx';
import type { ReceiptView } from '../../views/balance/receipt.tsx';

const nowMs = Date.UTC(2026, 10, 22, 12);
const form = (text: string) => ({
  values: { code: text, count: text, amount: text, expires: text, note: text },
  errors: { '': text, code: text, count: text, amount: text, expires: text, note: text },
});
const batch = (text: string): Batch => ({
  ...{ id: text, amountMinor: 500, note: text, expiresAtMs: nowMs, createdAtMs: nowMs, createdBy: text },
  counts: { open: 1, redeemed: 1, expired: 0, revoked: 0 },
});

export function balancePageView(text: string): BalancePageView {
  const figures = { availableMinor: 1, heldMinor: -1, availableAfterMinor: 2, heldAfterMinor: 3, createdAtMs: nowMs };
  return {
    balance: { currency: 'USD', availableMinor: 1, heldMinor: 2, lowBelowMinor: 5 },
    movements: [
      { id: text, kind: text, orderId: text, rentalId: text, voucherEnd: null, reference: text, ...figures },
      { id: `${text}2`, kind: 'top_up', orderId: null, rentalId: null, voucherEnd: text, reference: null, ...figures },
    ],
    filter: { kind: text as LedgerKind, from: text, to: text, problem: text },
    ...{ cursor: text, nextCursor: text, redeem: form(text), low: form(text), lowMinor: 500 },
    pay: { providers: [{ name: text, label: text }], currency: text, formKey: text },
  };
}

export function receiptView(text: string): ReceiptView {
  const operator = { name: text, address: `${text}\n${text}`, taxId: text, taxPercent: 19 };
  const receipt = {
    number: 1,
    transactionId: text,
    amountMinor: 119,
    reference: text,
    createdAtMs: nowMs,
    email: text,
    operator,
    taxMinor: 19,
  };
  return { receipt, currency: 'USD', means: text };
}

export function paymentView(text: string): PaymentView {
  const payment = { id: text, userId: text, provider: 'stripe' as const, amountMinor: 1, state: 'open' as const, providerRef: text };
  // The one address outside of this server that a page leads to; tests/payments say which ones are taken.
  return { payment: { ...payment, checkoutUrl: null, createdAtMs: nowMs }, label: text, currency: 'USD', receipt: text };
}

export function paymentsView(text: string): PaymentsView {
  const event = { provider: text, eventId: text, type: text, providerRef: text, paymentId: text, amountMinor: 1, currency: text };
  const payment = { id: text, userId: text, provider: 'btcpay' as const, amountMinor: 1, state: 'differs' as const, providerRef: text };
  return {
    events: [{ ...event, outcome: 'unknown_payment', atMs: nowMs }],
    done: [{ ...event, outcome: 'overpaid', atMs: nowMs, note: text, doneBy: text, doneAtMs: nowMs }],
    refused: { eventId: text, problem: text },
    payments: [{ ...payment, checkoutUrl: text, createdAtMs: nowMs, email: text }],
    ...{ currency: 'USD', providers: [{ name: text, label: text }], publicUrl: text },
  };
}

export const vouchersView = (text: string): VouchersView => ({
  ...{ nowMs, batches: [batch(text)], nextCursor: text, form: form(text), currency: 'USD', formKey: 'form-1' },
});
export const voucherBatchView = (text: string): VoucherBatchView => ({
  ...{ nowMs, batch: batch(text), currency: 'USD' },
  vouchers: [{ id: text, codeEnd: text, state: 'open', redeemedBy: text, endedAtMs: nowMs }],
});
export const voucherSheetView = (text: string): VoucherSheetView => ({
  batch: batch(text),
  codes: [text],
  currency: 'USD',
  redeemAt: text,
});
