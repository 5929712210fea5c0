import type { Database } from 'bun:sqlite';
import { appendEvent, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant, Refusal } from '../lib/errors.ts';
import { idAfter, idsFrom, newId, type RandomBytes } from '../lib/ids.ts';
import { formatMinor } from '../lib/money.ts';
import type { Period } from '../lib/period.ts';

export { auditLedger } from './audit.ts';

/** What posting needs besides the transaction. */
export interface LedgerTerms {
  currency: string;
  random: RandomBytes;
}

export interface Balance {
  currency: string;
  /** What the customer may spend. */
  availableMinor: number;
  /** What open orders and rentals hold back: it ends as captured or as refunded. */
  heldMinor: number;
}

export const LEDGER_KINDS = ['top_up', 'debit', 'hold', 'capture', 'refund', 'partial_refund'] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** What a price is for: an order, or one charge of a rental. */
export type Priced = { userId: string; priceMinor: number } & ({ id: string } | { rentalId: string; charge: number });

/** What a movement is about. */
interface Subject {
  userId: string;
  orderId: string | null;
  rentalId: string | null;
  charge: number | null;
}
interface Leg {
  account: string;
  amountMinor: number;
}

const REVENUE = 'revenue';
const FUNDING = 'funding';
export const availableOf = (userId: string) => `available:${userId}`;
export const heldOf = (userId: string) => `held:${userId}`;

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
  post(tx, terms, { kind: 'top_up', ...nothingOf(credit.userId), reference: credit.reference }, [
    { account: FUNDING, amountMinor: -credit.amountMinor },
    { account: availableOf(credit.userId), amountMinor: credit.amountMinor },
  ]);
  return 'credited';
}

/** The operator takes back what is available, with the reason. Refuses with `insufficient_balance` when there is less. */
export function debit(tx: Tx, terms: LedgerTerms, taken: { userId: string; amountMinor: number; reason: string }): void {
  requireAvailable(tx, terms, taken.userId, taken.amountMinor, 'To be taken are');
  post(tx, terms, { kind: 'debit', ...nothingOf(taken.userId), reason: taken.reason }, [
    { account: availableOf(taken.userId), amountMinor: -taken.amountMinor },
    { account: FUNDING, amountMinor: taken.amountMinor },
  ]);
}

/** Sets the price of an order, or of a charge, aside. Refuses with `insufficient_balance` when the customer has less. */
export function hold(tx: Tx, terms: LedgerTerms, priced: Priced): void {
  requireAvailable(tx, terms, priced.userId, priced.priceMinor, 'The price is');
  post(tx, terms, { kind: 'hold', ...subjectOf(priced) }, [
    { account: availableOf(priced.userId), amountMinor: -priced.priceMinor },
    { account: heldOf(priced.userId), amountMinor: priced.priceMinor },
  ]);
}

/** Earns a held price: the order's first valid code arrived, the rental's first message. */
export function capture(tx: Tx, terms: LedgerTerms, priced: Priced): void {
  post(tx, terms, { kind: 'capture', ...subjectOf(priced) }, [
    { account: heldOf(priced.userId), amountMinor: -priced.priceMinor },
    { account: REVENUE, amountMinor: priced.priceMinor },
  ]);
}

/** Gives a held price back: the order expired, was canceled or reported; the rental ended without a message. */
export function refund(tx: Tx, terms: LedgerTerms, priced: Priced): void {
  post(tx, terms, { kind: 'refund', ...subjectOf(priced) }, [
    { account: heldOf(priced.userId), amountMinor: -priced.priceMinor },
    { account: availableOf(priced.userId), amountMinor: priced.priceMinor },
  ]);
}

/** Gives a part of a captured charge back; once for each, and the schema refuses more than was captured. */
export function refundPart(
  tx: Tx,
  terms: LedgerTerms,
  part: { userId: string; rentalId: string; charge: number; amountMinor: number },
): void {
  const { userId, rentalId, charge, amountMinor } = part;
  post(tx, terms, { kind: 'partial_refund', userId, orderId: null, rentalId, charge }, [
    { account: REVENUE, amountMinor: -amountMinor },
    { account: availableOf(userId), amountMinor },
  ]);
}

function subjectOf(priced: Priced): Subject {
  return 'rentalId' in priced
    ? { userId: priced.userId, orderId: null, rentalId: priced.rentalId, charge: priced.charge }
    : { userId: priced.userId, orderId: priced.id, rentalId: null, charge: null };
}

function nothingOf(userId: string): Subject {
  return { userId, orderId: null, rentalId: null, charge: null };
}

function requireAvailable(tx: Tx, terms: LedgerTerms, userId: string, amountMinor: number, what: string): void {
  const { availableMinor } = balanceOf(tx.db, userId, terms.currency);
  if (availableMinor >= amountMinor) return;
  throw new Refusal(
    'insufficient_balance',
    `${what} ${formatMinor(amountMinor, terms.currency)} and the balance ${formatMinor(availableMinor, terms.currency)}. Nothing was charged. The operator of this box can credit you.`,
    { price: amountMinor, available: availableMinor, currency: terms.currency },
  );
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
  kind: LedgerKind;
  orderId: string | null;
  rentalId: string | null;
  reference: string | null;
  /** Why an operator took money back. */
  reason: string | null;
  /** What it did to the available balance, signed. */
  availableMinor: number;
  heldMinor: number;
  createdAtMs: number;
}

/** Which movements are asked for: `limit` of them before the transaction `cursor`; null leaves a filter out. */
export interface LedgerPage extends Partial<Period> {
  limit: number;
  cursor: string | null;
  kind?: LedgerKind | null;
}

/**
 * A customer's money movements, newest first; one more than a page tells that there is another. Those of one kind come from the index made for that: without its name the
 * planner walks all of the customer's, which is more than a second where millions of others are.
 */
export function ledgerOf(db: Database, userId: string, page: LedgerPage): LedgerLine[] {
  const { limit, kind = null, fromMs = null, toMs = null } = page;
  const before = [page.cursor || '~', ...(toMs === null ? [] : [idsFrom('txn', toMs)])].toSorted()[0] ?? '~';
  const from = fromMs === null ? '' : idsFrom('txn', fromMs);
  const names = { userId, available: availableOf(userId), held: heldOf(userId), before, from, limit };
  return db
    .query<LedgerLine, typeof names & { kind?: LedgerKind }>(
      `SELECT t.id, t.kind, t.order_id AS orderId, t.rental_id AS rentalId, t.reference, t.reason, t.created_at_ms AS createdAtMs,
              coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $available), 0) AS availableMinor,
              coalesce(sum(e.amount_minor) FILTER (WHERE e.account_id = $held), 0) AS heldMinor
       FROM ledger_transactions t ${kind === null ? '' : 'INDEXED BY ledger_by_user_kind'} JOIN ledger_entries e ON e.transaction_id = t.id
       WHERE t.user_id = $userId AND t.id >= $from AND t.id < $before ${kind === null ? '' : 'AND t.kind = $kind'}
       GROUP BY t.id ORDER BY t.id DESC LIMIT $limit`,
    )
    .all(kind === null ? names : { ...names, kind });
}

function post(
  tx: Tx,
  terms: LedgerTerms,
  transaction: Subject & { kind: LedgerKind; reference?: string | null; reason?: string },
  legs: readonly Leg[],
): void {
  invariant(
    legs.reduce((sum, leg) => sum + leg.amountMinor, 0) === 0 && legs.every((leg) => Number.isSafeInteger(leg.amountMinor)),
    'the legs of a posting are integers that sum to zero',
  );
  const id = idOfPosting(tx, terms, transaction.userId);
  const entry = tx.db.query('INSERT INTO ledger_entries (transaction_id, account_id, amount_minor) VALUES ($id, $account, $amountMinor)');
  for (const leg of legs) entry.run({ id, account: leg.account, amountMinor: leg.amountMinor });
  // The transaction row comes last: its insert seals the entries (see the triggers of the first migration).
  tx.db
    .query(
      `INSERT INTO ledger_transactions (id, kind, user_id, order_id, rental_id, charge, reference, reason, created_at_ms)
       VALUES ($id, $kind, $userId, $orderId, $rentalId, $charge, $reference, $reason, $createdAtMs)`,
    )
    .run({ id, ...transaction, reference: transaction.reference ?? null, reason: transaction.reason ?? null, createdAtMs: tx.nowMs });
  const { availableMinor, heldMinor, currency } = balanceOf(tx.db, transaction.userId, terms.currency);
  appendEvent(tx, {
    id: newEventId(tx, terms.random),
    type: 'balance.changed',
    userId: transaction.userId,
    orderId: transaction.orderId,
    rentalId: transaction.rentalId,
    data: { currency, available: availableMinor, held: heldMinor },
  });
}

/** A new id that sorts behind those of the customer's movements in the same millisecond: they are listed, and summed up, in the order in which they were made. */
function idOfPosting(tx: Tx, terms: LedgerTerms, userId: string): string {
  const id = newId('txn', tx.nowMs, terms.random);
  const last = tx.db
    .query<{ id: string | null }, { userId: string; from: string; to: string }>(
      'SELECT max(id) AS id FROM ledger_transactions WHERE user_id = $userId AND id >= $from AND id < $to',
    )
    .get({ userId, from: idsFrom('txn', tx.nowMs), to: idsFrom('txn', tx.nowMs + 1) });
  return last?.id == null || last.id < id ? id : idAfter(last.id);
}

/** The id of the transaction a reference stands for, or null. */
export function transactionOfReference(db: Database, userId: string, reference: string): string | null {
  return (
    db
      .query<{ id: string }, { userId: string; reference: string }>(
        'SELECT id FROM ledger_transactions WHERE user_id = $userId AND reference = $reference',
      )
      .get({ userId, reference })?.id ?? null
  );
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
