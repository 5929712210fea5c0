import type { Database } from 'bun:sqlite';
import { availableOf, heldOf, type LedgerLine, type LedgerPage, ledgerOf } from './ledger.ts';

/** A movement and what the balance was after it. */
export interface RunningLine extends LedgerLine {
  availableAfterMinor: number;
  heldAfterMinor: number;
}

/**
 * `ledgerOf` with the balance after each movement, also of what a filter leaves out. All of it is read from one state of the books, whoever writes meanwhile.
 * Movements of one millisecond follow each other by their ids, as in the list.
 */
export function ledgerWithBalances(db: Database, userId: string, page: LedgerPage): RunningLine[] {
  const read = db.transaction(() =>
    ledgerOf(db, userId, page).map((line) => ({
      ...line,
      availableAfterMinor: balanceAfter(db, availableOf(userId), line.id),
      heldAfterMinor: balanceAfter(db, heldOf(userId), line.id),
    })),
  );
  return read();
}

/** What was on a customer's account after a transaction: the mark before it (0032_scale.sql) and the entries since, at most two hundred. */
function balanceAfter(db: Database, account: string, transaction: string): number {
  const mark = db
    .query<{ at: string; balance: number }, { account: string; transaction: string }>(
      `SELECT transaction_id AS at, balance_minor AS balance FROM ledger_marks
       WHERE account_id = $account AND transaction_id <= $transaction ORDER BY transaction_id DESC LIMIT 1`,
    )
    .get({ account, transaction }) ?? { at: '', balance: 0 };
  const since = db
    .query<{ sum: number }, { account: string; at: string; transaction: string }>(
      `SELECT coalesce(sum(amount_minor), 0) AS sum FROM ledger_entries WHERE account_id = $account AND transaction_id > $at AND transaction_id <= $transaction`,
    )
    .get({ account, at: mark.at, transaction });
  return mark.balance + (since?.sum ?? 0);
}
