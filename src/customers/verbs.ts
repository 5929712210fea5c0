/** What an operator does about a customer: one transaction each, and each stands in the audit log. */
import { endSessionsOf } from '../accounts/sessions.ts';
import { setUserState } from '../accounts/users.ts';
import { writeAudit } from '../admin/audit.ts';
import { once } from '../db/idempotency.ts';
import type { Tx } from '../db/write.ts';
import { debit, type LedgerTerms, topUp } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { formatMinor } from '../lib/money.ts';
import { type OwnLimits, setOwnLimits } from '../orders/limits.ts';
import { requireCustomer } from './profile.ts';

export type Direction = 'credit' | 'debit';

export interface Adjustment {
  operatorId: string;
  userId: string;
  direction: Direction;
  amountMinor: number;
  /** The customer sees it. */
  reason: string;
  /** Of the form it came by: sent twice, it is done once. */
  formKey: string;
}

/**
 * Credits a customer, or takes money back. The same form does it once; the same reason credits a customer once, whichever form it comes by (`already_credited`),
 * so that a bank transfer is not credited by two operators. Refuses with `insufficient_balance` and `reference_conflict`.
 */
export function adjustBalance(tx: Tx, terms: LedgerTerms, adjustment: Adjustment): 'credited' | 'already_credited' | 'debited' {
  const { operatorId, userId, direction, amountMinor, reason, formKey } = adjustment;
  requireCustomer(tx.db, userId);
  return once(tx, { userId: operatorId, key: `desk:${formKey}`, request: ['adjust', userId, direction, amountMinor, reason] }, () => {
    const amount = formatMinor(amountMinor, terms.currency);
    if (direction === 'debit') {
      debit(tx, terms, { userId, amountMinor, reason });
      writeAudit(tx, { userId: operatorId, action: 'customer.debit', target: userId, detail: `${amount} taken back: ${reason}` });
      return 'debited';
    }
    const outcome = topUp(tx, terms, { userId, amountMinor, reference: reason });
    if (outcome === 'credited') {
      writeAudit(tx, { userId: operatorId, action: 'customer.credit', target: userId, detail: `${amount} credited: ${reason}` });
    }
    return outcome;
  });
}

/** Sets what a customer may do beside the house's limits; null: as the house has it. */
export function limitCustomer(tx: Tx, asked: OwnLimits & { operatorId: string; userId: string }): void {
  requireCustomer(tx.db, asked.userId);
  setOwnLimits(tx, asked);
  const said = (value: number | null): string => (value === null ? 'as the house' : value === 0 ? 'no limit' : String(value));
  writeAudit(tx, {
    ...{ userId: asked.operatorId, action: 'customer.limits', target: asked.userId },
    detail: `Open orders: ${said(asked.openOrders)}; orders in 24 hours: ${said(asked.ordersADay)}.`,
  });
}

/**
 * Keeps a customer out: sessions end, keys answer 401, webhooks wait. Open orders and rentals run on to their own ends, with codes kept and refunds made as for
 * everybody; rentals are not extended by themselves. Once suspended, suspending again changes nothing. Nobody suspends themselves.
 */
export function suspendCustomer(tx: Tx, asked: { operatorId: string; userId: string; reason: string }): boolean {
  const { operatorId, userId, reason } = asked;
  if (operatorId === userId) throw new Refusal('forbidden', 'You cannot suspend yourself; another operator can.');
  if (requireCustomer(tx.db, userId).state === 'blocked') return false;
  setUserState(tx, userId, 'blocked');
  writeAudit(tx, { userId: operatorId, action: 'customer.suspend', target: userId, detail: reason });
  return true;
}

/** Lets a suspended customer in again, or one who waits for the first time; webhooks that waited go out. False when they were in already. */
export function resumeCustomer(tx: Tx, asked: { operatorId: string; userId: string }): boolean {
  const { operatorId, userId } = asked;
  const { state } = requireCustomer(tx.db, userId);
  if (state === 'active') return false;
  setUserState(tx, userId, 'active');
  const [action, detail] = state === 'waiting' ? ['customer.admit', 'Let in.'] : ['customer.resume', 'Let in again.'];
  writeAudit(tx, { userId: operatorId, action, target: userId, detail });
  return true;
}

/** Signs a customer out everywhere. Returns how many sessions ended. */
export function endSessions(tx: Tx, asked: { operatorId: string; userId: string }): number {
  const { operatorId, userId } = asked;
  requireCustomer(tx.db, userId);
  const ended = endSessionsOf(tx, userId);
  writeAudit(tx, {
    userId: operatorId,
    action: 'customer.sessions',
    target: userId,
    detail: `Signed out everywhere: ${ended} ${ended === 1 ? 'session' : 'sessions'}.`,
  });
  return ended;
}
