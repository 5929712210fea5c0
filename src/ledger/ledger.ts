import type { Database } from 'bun:sqlite';
import { appendEvent, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { formatMinor } from '../lib/money.ts';

/** What posting needs besides the transaction. */
export interface LedgerTerms {
  currency: string;
  random: RandomBytes;
}

export interface Balance {
  currency: string;
  /** What the customer may spend. */
  availableMinor: number;
  /** What open orders hold back: it ends as captured or as refunded. */
  heldMinor: number;
}

type Kind = 'top_up' | 'hold' | 'capture' | 'refund';
interface Leg {
  account: string;
  amountMinor: number;
}

const REVENUE = 'revenue';
const FUNDING = 'funding';
const availableOf = (userId: string) => `available:${userId}`;
const heldOf = (userId: string) => `held:${userId}`;

/** Opens a customer's two accounts; harmless when they exist. */
export function openAccounts(tx: Tx, userId: string): void {
  const open = tx.db.query('INSERT INTO ledger_accounts (id, kind, user_id) VALUES ($id, $kind, $userId) ON CONFLICT (id) DO NOTHING');
  open.run({ id: REVENUE, kind: 'revenue', userId: null });
  open.run({ id: FUNDING, kind: 'funding', userId: null });
  open.run({ id: availableOf(userId), kind: 'available', userId });
  open.run({ id: heldOf(userId), kind: 'held', userId });
}

/**
 * The operator credits a customer. The same reference for the same customer credits once: again with the same amount it answers
 * `already_credited`, with another amount it is refused as `reference_conflict`.
 */
export function topUp(
  tx: Tx,
  terms: LedgerTerms,
  credit: { userId: string; amountMinor: number; reference: string | null },
): 'credited' | 'already_credited' {
  const earlier = credit.reference === null ? null : amountOfReference(tx.db, credit.userId, credit.reference);
  if (earlier !== null) {
    if (earlier === credit.amountMinor) return 'already_credited';
    throw new Refusal(
      'reference_conflict',
      `The reference ${JSON.stringify(credit.reference)} already credited ${formatMinor(earlier, terms.currency)}; another amount needs another reference.`,
    );
  }
  post(tx, terms, { kind: 'top_up', userId: credit.userId, orderId: null, reference: credit.reference }, [
    { account: FUNDING, amountMinor: -credit.amountMinor },
    { account: availableOf(credit.userId), amountMinor: credit.amountMinor },
  ]);
  return 'credited';
}

/** Sets the price of an order aside. Refuses with `insufficient_balance` when the customer has less. */
export function hold(tx: Tx, terms: LedgerTerms, order: { id: string; userId: string; priceMinor: number }): void {
  const { availableMinor } = balanceOf(tx.db, order.userId, terms.currency);
  if (availableMinor < order.priceMinor) {
    throw new Refusal(
      'insufficient_balance',
      `The price is ${formatMinor(order.priceMinor, terms.currency)} and the balance ${formatMinor(availableMinor, terms.currency)}. Nothing was charged. The operator of this box can credit you.`,
      { price: order.priceMinor, available: availableMinor, currency: terms.currency },
    );
  }
  post(tx, terms, { kind: 'hold', userId: order.userId, orderId: order.id, reference: null }, [
    { account: availableOf(order.userId), amountMinor: -order.priceMinor },
    { account: heldOf(order.userId), amountMinor: order.priceMinor },
  ]);
}

/** Earns the held price of an order: its first valid code arrived. */
export function capture(tx: Tx, terms: LedgerTerms, order: { id: string; userId: string; priceMinor: number }): void {
  post(tx, terms, { kind: 'capture', userId: order.userId, orderId: order.id, reference: null }, [
    { account: heldOf(order.userId), amountMinor: -order.priceMinor },
    { account: REVENUE, amountMinor: order.priceMinor },
  ]);
}

/** Gives the held price of an order back: it expired, was canceled or reported. */
export function refund(tx: Tx, terms: LedgerTerms, order: { id: string; userId: string; priceMinor: number }): void {
  post(tx, terms, { kind: 'refund', userId: order.userId, orderId: order.id, reference: null }, [
    { account: heldOf(order.userId), amountMinor: -order.priceMinor },
    { account: availableOf(order.userId), amountMinor: order.priceMinor },
  ]);
}

/** The customer's balance as the accounts keep it. */
export function balanceOf(db: Database, userId: string, currency: string): Balance {
  const balance = db.query<{ balance_minor: number }, { id: string }>('SELECT balance_minor FROM ledger_accounts WHERE id = $id');
  return {
    currency,
    availableMinor: balance.get({ id: availableOf(userId) })?.balance_minor ?? 0,
    heldMinor: balance.get({ id: heldOf(userId) })?.balance_minor ?? 0,
  };
}

export interface LedgerLine {
  id: string;
  kind: Kind;
  orderId: string | null;
  reference: string | null;
  /** What it did to the available balance, signed. */
  availableMinor: number;
  heldMinor: number;
  createdAtMs: number;
}

/** A customer's money movements, newest first, before the transaction `cursor`; one more than a page tells that there is another. */
export function ledgerOf(db: Database, userId: string, page: { limit: number; cursor: string | null }): LedgerLine[] {
  return db
    .query<LedgerLine, { userId: string; available: string; held: string; cursor: string; limit: number }>(
      `SELECT t.id, t.kind, t.order_id AS orderId, t.reference, t.created_at_ms AS createdAtMs,
              coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $available), 0) AS availableMinor,
              coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $held), 0) AS heldMinor
       FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
       WHERE t.user_id = $userId AND t.id < $cursor GROUP BY t.id ORDER BY t.id DESC LIMIT $limit`,
    )
    .all({ userId, available: availableOf(userId), held: heldOf(userId), cursor: page.cursor || '~', limit: page.limit });
}

/** Proves the books from the entries alone; returns what is wrong, in plain words, or an empty list. */
export function auditLedger(db: Database): string[] {
  const wrong: string[] = [];
  const uneven = db
    .query<{ id: string }, []>('SELECT transaction_id AS id FROM ledger_entries GROUP BY 1 HAVING sum(amount_minor) <> 0')
    .all();
  for (const { id } of uneven) wrong.push(`transaction ${id} does not sum to zero`);
  const drifted = db
    .query<{ id: string }, []>(
      `SELECT id FROM ledger_accounts a WHERE balance_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries WHERE account_id = a.id)`,
    )
    .all();
  for (const { id } of drifted) wrong.push(`account ${id} differs from its entries`);
  const negative = db
    .query<{ id: string }, []>(`SELECT id FROM ledger_accounts WHERE kind IN ('available', 'held') AND balance_minor < 0`)
    .all();
  for (const { id } of negative) wrong.push(`account ${id} is below zero`);
  const orders = db
    .query<{ id: string; status: string; ends: string | null }, []>(
      `SELECT o.id, o.status, (SELECT group_concat(kind) FROM ledger_transactions t WHERE t.order_id = o.id AND t.kind IN ('capture', 'refund')) AS ends FROM orders o`,
    )
    .all();
  const shouldBe: Record<string, string | null> = { pending: null, received: 'capture', finished: 'capture' };
  for (const { id, status, ends } of orders) {
    const expected = status in shouldBe ? (shouldBe[status] ?? null) : 'refund';
    if (ends !== expected) wrong.push(`order ${id} is ${status} but its money ended as ${ends ?? 'held'}`);
  }
  return wrong;
}

function post(
  tx: Tx,
  terms: LedgerTerms,
  transaction: { kind: Kind; userId: string; orderId: string | null; reference: string | null },
  legs: readonly Leg[],
): void {
  invariant(
    legs.reduce((sum, leg) => sum + leg.amountMinor, 0) === 0 && legs.every((leg) => Number.isSafeInteger(leg.amountMinor)),
    'the legs of a posting are integers that sum to zero',
  );
  const id = newId('txn', tx.nowMs, terms.random);
  const entry = tx.db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES ($id, $account, $amountMinor)');
  for (const leg of legs) entry.run({ id, account: leg.account, amountMinor: leg.amountMinor });
  // The transaction row comes last: its insert seals the entries (see the triggers of the first migration).
  tx.db
    .query(
      `INSERT INTO ledger_transactions (id, kind, user_id, order_id, reference, created_at_ms)
       VALUES ($id, $kind, $userId, $orderId, $reference, $createdAtMs)`,
    )
    .run({ id, ...transaction, createdAtMs: tx.nowMs });
  const { availableMinor, heldMinor, currency } = balanceOf(tx.db, transaction.userId, terms.currency);
  appendEvent(tx, {
    id: newEventId(tx, terms.random),
    type: 'balance.changed',
    userId: transaction.userId,
    orderId: transaction.orderId,
    data: { currency, available: availableMinor, held: heldMinor },
  });
}

function amountOfReference(db: Database, userId: string, reference: string): number | null {
  const row = db
    .query<{ amount: number }, { userId: string; reference: string; account: string }>(
      `SELECT e.amount_minor AS amount FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id AND e.account_id = $account
       WHERE t.user_id = $userId AND t.reference = $reference`,
    )
    .get({ userId, reference, account: availableOf(userId) });
  return row?.amount ?? null;
}
