import type { Database } from 'bun:sqlite';
import { Refusal } from '../lib/errors.ts';

export type VoucherState = 'open' | 'redeemed' | 'expired' | 'revoked';

export interface Batch {
  id: string;
  amountMinor: number;
  note: string;
  expiresAtMs: number | null;
  createdAtMs: number;
  /** E-mail of the operator; null when it was made on the command line. */
  createdBy: string | null;
  counts: Record<VoucherState, number>;
}

export interface Voucher {
  id: string;
  /** The last characters of its code: all that is known of it. */
  codeEnd: string;
  state: VoucherState;
  redeemedBy: string | null;
  /** When it was redeemed or revoked; null for one that is open or expired. */
  endedAtMs: number | null;
}

type BatchRow = Omit<Batch, 'counts'> & Record<VoucherState, number>;

/** What a voucher is: an expired one is an open one whose time is over, and is revoked no more than it is redeemed. */
const STATE = `CASE WHEN v.redeemed_at_ms IS NOT NULL THEN 'redeemed' WHEN v.revoked_at_ms IS NOT NULL THEN 'revoked'
  WHEN b.expires_at_ms <= $nowMs THEN 'expired' ELSE 'open' END`;
const BATCHES = `SELECT b.id, b.amount_minor AS amountMinor, b.note, b.expires_at_ms AS expiresAtMs, b.created_at_ms AS createdAtMs, u.email AS createdBy,
    count(*) FILTER (WHERE ${STATE} = 'open') AS open, count(*) FILTER (WHERE ${STATE} = 'redeemed') AS redeemed,
    count(*) FILTER (WHERE ${STATE} = 'expired') AS expired, count(*) FILTER (WHERE ${STATE} = 'revoked') AS revoked
  FROM voucher_batches b JOIN vouchers v ON v.batch_id = b.id LEFT JOIN users u ON u.id = b.created_by`;

/** Batches, newest first, before `cursor`, with how many of each state they hold now. */
export function listBatches(db: Database, nowMs: number, page: { limit: number; cursor: string | null }): Batch[] {
  return db
    .query<BatchRow, { nowMs: number; cursor: string; limit: number }>(
      `${BATCHES} WHERE b.id IN (SELECT id FROM voucher_batches WHERE id < $cursor ORDER BY id DESC LIMIT $limit) GROUP BY b.id ORDER BY b.id DESC`,
    )
    .all({ nowMs, cursor: page.cursor || '~', limit: page.limit })
    .map(batchOf);
}

/** One batch, or a refusal as `not_found`. */
export function requireBatch(db: Database, nowMs: number, id: string): Batch {
  const row = db.query<BatchRow, { nowMs: number; id: string }>(`${BATCHES} WHERE b.id = $id GROUP BY b.id`).get({ nowMs, id });
  if (!row) throw new Refusal('not_found', 'There is no such batch of vouchers.');
  return batchOf(row);
}

/** The vouchers of a batch, in the order in which they were printed but for those of one millisecond. */
export function vouchersOf(db: Database, nowMs: number, batchId: string): Voucher[] {
  return db
    .query<Voucher, { nowMs: number; batchId: string }>(
      `SELECT v.id, v.code_end AS codeEnd, ${STATE} AS state, u.email AS redeemedBy, coalesce(v.redeemed_at_ms, v.revoked_at_ms) AS endedAtMs
       FROM vouchers v JOIN voucher_batches b ON b.id = v.batch_id LEFT JOIN users u ON u.id = v.redeemed_by
       WHERE v.batch_id = $batchId ORDER BY v.id`,
    )
    .all({ nowMs, batchId });
}

/** The last characters of the vouchers by which these top-ups came, by voucher id. */
export function codeEndsOf(db: Database, voucherIds: readonly string[]): Map<string, string> {
  const find = db.query<{ codeEnd: string }, { id: string }>('SELECT code_end AS codeEnd FROM vouchers WHERE id = $id');
  return new Map(
    voucherIds.flatMap((id) => {
      const found = find.get({ id });
      return found ? [[id, found.codeEnd] as const] : [];
    }),
  );
}

function batchOf({ open, redeemed, expired, revoked, ...batch }: BatchRow): Batch {
  return { ...batch, counts: { open, redeemed, expired, revoked } };
}
