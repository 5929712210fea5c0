import type { Database } from 'bun:sqlite';
import { availableOf, balanceOf, heldOf, type LedgerLine, type LedgerPage, ledgerOf } from './ledger.ts';

/** A movement and what the balance was after it. */
export interface RunningLine extends LedgerLine {
  availableAfterMinor: number;
  heldAfterMinor: number;
}

/**
 * `ledgerOf` with the balance after each movement: the balance now less everything later, also what a filter leaves out. All of it is read from one
 * state of the books, whoever writes meanwhile. Movements of one millisecond follow each other by their ids, as in the list.
 */
export function ledgerWithBalances(db: Database, userId: string, page: LedgerPage): RunningLine[] {
  const read = db.transaction(() => {
    const now = balanceOf(db, userId, '');
    let [available, held] = [now.availableMinor, now.heldMinor];
    let newer = '~';
    return ledgerOf(db, userId, page).map((line) => {
      available -= sumBetween(db, availableOf(userId), line.id, newer);
      held -= sumBetween(db, heldOf(userId), line.id, newer);
      newer = line.id;
      return { ...line, availableAfterMinor: available, heldAfterMinor: held };
    });
  });
  return read();
}

/** What came on an account after one transaction, up to and with another. */
function sumBetween(db: Database, account: string, after: string, upTo: string): number {
  const row = db
    .query<{ sum: number }, { account: string; after: string; upTo: string }>(
      `SELECT coalesce(sum(amount_minor), 0) AS sum FROM ledger_entries WHERE account_id = $account AND transaction_id > $after AND transaction_id <= $upTo`,
    )
    .get({ account, after, upTo });
  return row?.sum ?? 0;
}
