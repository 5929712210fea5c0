/** What leaves the desk as a file: CSV as the exports write it, so no spreadsheet takes a stranger's text for a formula. */
import type { Database } from 'bun:sqlite';
import { csvRecord } from '../exports/csv.ts';
import { SECURITY_HEADERS } from '../http/page.ts';
import { type Closing, linesOf, listClosings } from '../ledger/closings.ts';
import { rfc3339 } from '../lib/clock.ts';

const ROWS_AT_ONCE = 1000;

/** A file made piece by piece, with a breath between two: a long one holds nobody up, and is never whole in memory. */
export function csvResponse(name: string, heads: readonly string[], pieces: () => AsyncGenerator<string>): Response {
  const encoder = new TextEncoder();
  const source = pieces();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvRecord(heads))),
    async pull(controller) {
      const next = await source.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  });
}

export const DAY_HEADS = ['day', 'time_zone', 'kind', 'account', 'movements', 'amount_minor', 'currency', 'closed_by', 'closed_at'];

/** Every line of every closed day, the oldest day last. */
export async function* closedDays(db: Database, currency: string, breathe: () => Promise<void>): AsyncGenerator<string> {
  for (let cursor: string | null = null; ; ) {
    const closings = listClosings(db, { limit: 50, cursor });
    if (closings.length === 0) return;
    for (const closing of closings) {
      const { day, zone, email, closedAtMs } = closing;
      yield linesOf(db, day)
        .map(({ kind, account, movements, amountMinor }) =>
          csvRecord([day, zone, kind, account, movements, amountMinor, currency, email, rfc3339(closedAtMs)]),
        )
        .join('');
      await breathe();
    }
    cursor = closings.at(-1)?.day ?? null;
  }
}

export const ENTRY_HEADS = [
  'entry',
  'transaction',
  'kind',
  'account',
  'customer',
  'order',
  'rental',
  'reference',
  'reason',
  'amount_minor',
  'currency',
  'created_at',
];

interface EntryRow {
  entry: number;
  transactionId: string;
  kind: string;
  account: string;
  email: string;
  orderId: string | null;
  rentalId: string | null;
  reference: string | null;
  reason: string | null;
  amountMinor: number;
  createdAtMs: number;
}

/** Every entry of a closed day, in the order in which they were written. */
export async function* entriesOf(db: Database, closing: Closing, currency: string, breathe: () => Promise<void>): AsyncGenerator<string> {
  const read = db.query<EntryRow, { first: number; last: number }>(
    `SELECT e.id AS entry, e.transaction_id AS transactionId, t.kind, a.kind AS account, u.email, t.order_id AS orderId, t.rental_id AS rentalId, t.reference, t.reason,
       e.amount_minor AS amountMinor, t.created_at_ms AS createdAtMs
     FROM ledger_entries e CROSS JOIN ledger_transactions t ON t.id = e.transaction_id CROSS JOIN ledger_accounts a ON a.id = e.account_id CROSS JOIN users u ON u.id = t.user_id
     WHERE e.id BETWEEN $first AND $last ORDER BY e.id`,
  );
  for (let first = closing.firstEntry; first <= closing.lastEntry; first += ROWS_AT_ONCE) {
    yield read
      .all({ first, last: Math.min(first + ROWS_AT_ONCE - 1, closing.lastEntry) })
      .map((row) =>
        csvRecord([
          ...[row.entry, row.transactionId, row.kind, row.account, row.email, row.orderId, row.rentalId, row.reference, row.reason],
          ...[row.amountMinor, currency, rfc3339(row.createdAtMs)],
        ]),
      )
      .join('');
    await breathe();
  }
}
