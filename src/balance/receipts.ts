import type { Database } from 'bun:sqlite';
import type { Config } from '../config.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';

export type Operator = Config['operator'];

export interface Receipt {
  /** Counts all top-ups of the house, without a gap; never changes. */
  number: number;
  transactionId: string;
  amountMinor: number;
  reference: string | null;
  createdAtMs: number;
  /** To whom. */
  email: string;
  operator: Operator;
  /** The tax that the amount holds; null when the operator states none. */
  taxMinor: number | null;
}

/** Notes who the operator is from now on; nothing when that is what was noted last. */
export function noteOperator(tx: Tx, operator: Operator): void {
  const details = JSON.stringify(operator);
  const last = tx.db.query<{ details: string }, []>('SELECT details FROM operator_details ORDER BY since_ms DESC LIMIT 1').get();
  if (last?.details === details) return;
  tx.db
    .query(
      'INSERT INTO operator_details (since_ms, details) VALUES ($now, $details) ON CONFLICT (since_ms) DO UPDATE SET details = $details',
    )
    .run({ now: tx.nowMs, details });
}

/** The receipt of a customer's own top-up. Refuses with `not_found` what is none, or another's. `current` is what the configuration says now. */
export function receiptOf(db: Database, userId: string, transactionId: string, current: Operator): Receipt {
  const row = db
    .query<Omit<Receipt, 'operator' | 'taxMinor'>, { transactionId: string; userId: string; account: string }>(
      `SELECT r.number, t.id AS transactionId, t.reference, t.created_at_ms AS createdAtMs, u.email,
         (SELECT sum(amount_minor) FROM ledger_entries e WHERE e.transaction_id = t.id AND e.account_id = $account) AS amountMinor
       FROM receipts r JOIN ledger_transactions t ON t.id = r.transaction_id JOIN users u ON u.id = t.user_id
       WHERE t.id = $transactionId AND t.user_id = $userId`,
    )
    .get({ transactionId, userId, account: `available:${userId}` });
  if (!row) throw new Refusal('not_found', 'There is no such receipt: only top-ups of your own have one.');
  const operator = operatorAt(db, row.createdAtMs) ?? current;
  return { ...row, operator, taxMinor: operator.taxPercent === null ? null : taxWithin(row.amountMinor, operator.taxPercent) };
}

/** The tax an amount holds when it includes it, rounded half up to the minor unit: 11900 with 19 % → 1900. */
export function taxWithin(amountMinor: number, taxPercent: number): number {
  // Percents have two decimals at most; in hundredths of them the sum is one of integers.
  const hundredths = BigInt(Math.round(taxPercent * 100));
  const whole = 10_000n + hundredths;
  return Number((2n * BigInt(amountMinor) * hundredths + whole) / (2n * whole));
}

/** Who the operator was at a moment; before the first note, or where it named nobody yet, who was named first after. */
function operatorAt(db: Database, atMs: number): Operator | null {
  const notes = db
    .query<{ sinceMs: number; details: string }, []>('SELECT since_ms AS sinceMs, details FROM operator_details ORDER BY since_ms')
    .all()
    .map(({ sinceMs, details }) => ({ sinceMs, operator: JSON.parse(details) as Operator }));
  const then = notes.findLastIndex(({ sinceMs }) => sinceMs <= atMs);
  const named = notes.slice(Math.max(0, then)).find(({ operator }) => operator.name !== '');
  return named?.operator ?? null;
}
