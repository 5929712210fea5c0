import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';

/** After so many refusals for good, without one mail that arrived in between, an address counts as not deliverable. */
export const REFUSALS_MAX = 3;
const REFUSAL_CHARACTERS_MAX = 500;

export interface AddressTrouble {
  refusals: number;
  lastRefusal: string;
  lastRefusedAtMs: number;
  /** Only security notices are tried from now on. */
  isUndeliverable: boolean;
}

/** What the mail server said for good about an address, or null when the last mail arrived. */
export function addressTrouble(db: Database, address: string): AddressTrouble | null {
  const row = db
    .query<Omit<AddressTrouble, 'isUndeliverable'>, { address: string }>(
      'SELECT refusals, last_refusal AS lastRefusal, last_refused_at_ms AS lastRefusedAtMs FROM mail_addresses WHERE address = $address',
    )
    .get({ address });
  return row && { ...row, isUndeliverable: row.refusals >= REFUSALS_MAX };
}

export function noteRefusal(tx: Tx, address: string, said: string): void {
  tx.db
    .query(
      `INSERT INTO mail_addresses (address, refusals, last_refusal, last_refused_at_ms) VALUES ($address, 1, $said, $now)
       ON CONFLICT (address) DO UPDATE SET refusals = refusals + 1, last_refusal = excluded.last_refusal, last_refused_at_ms = excluded.last_refused_at_ms`,
    )
    .run({ address, said: said.slice(0, REFUSAL_CHARACTERS_MAX).toWellFormed(), now: tx.nowMs });
}

/** A mail arrived there, or its owner says that it works again. */
export function forgetRefusals(tx: Tx, address: string): void {
  tx.db.query('DELETE FROM mail_addresses WHERE address = $address').run({ address });
}

/** Names that belong to nobody (RFC 2606, RFC 6761), such as those of the sign-ins a first start makes. */
export function isReservedAddress(address: string): boolean {
  return /\.(example|invalid|test)$/i.test(address);
}
