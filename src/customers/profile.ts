import type { Database } from 'bun:sqlite';
import { type SignIn, signInsOf } from '../accounts/sign-ins.ts';
import type { User } from '../accounts/users.ts';
import { type AuditEntry, listAudit } from '../admin/audit.ts';
import { type Balance, balanceOf } from '../ledger/ledger.ts';
import { ledgerWithBalances, type RunningLine } from '../ledger/running.ts';
import { Refusal } from '../lib/errors.ts';
import { type OwnLimits, openOrdersUpTo, ownLimits } from '../orders/limits.ts';
import { listOrders, type Order } from '../orders/view.ts';
import { listRentals, type Rental } from '../rentals/view.ts';

export interface Customer extends User {
  purpose: string | null;
  termsVersion: string | null;
  termsAtMs: number | null;
  createdAtMs: number;
  /** Nobody can sign in without one. */
  hasPassword: boolean;
}

export interface Profile {
  customer: Customer;
  balance: Balance;
  limits: OwnLimits;
  openOrders: number;
  sessions: number;
  keys: { name: string; prefix: string; lastUsedAtMs: number | null }[];
  webhooks: { url: string; state: string }[];
  tickets: { id: string; number: string; state: string; updatedAtMs: number }[];
  orders: Order[];
  rentals: Rental[];
  ledger: RunningLine[];
  signIns: SignIn[];
  audit: AuditEntry[];
}

const SHOWN = 10;
const SIGN_INS_SHOWN = 20;
const OPEN_COUNTED_MAX = 1000;

/** A user known to exist, or a refusal as `not_found`. */
export function requireCustomer(db: Database, id: string): Customer {
  const row = db
    .query<Omit<Customer, 'hasPassword'> & { hasPassword: number }, { id: string }>(
      `SELECT id, email, role, state, purpose, terms_version AS termsVersion, terms_at_ms AS termsAtMs, created_at_ms AS createdAtMs,
         password_hash IS NOT NULL AS hasPassword FROM users WHERE id = $id`,
    )
    .get({ id });
  if (!row) throw new Refusal('not_found', 'There is no customer with this id.');
  return { ...row, hasPassword: row.hasPassword === 1 };
}

/** What an operator is shown of one customer, the newest of each list first; no secret is in it, and no text of a message. */
export function profileOf(db: Database, id: string, currency: string, nowMs: number): Profile {
  const customer = requireCustomer(db, id);
  return {
    customer,
    balance: balanceOf(db, id, currency),
    limits: ownLimits(db, id),
    openOrders: openOrdersUpTo(db, id, OPEN_COUNTED_MAX),
    sessions: sessionsOf(db, id, nowMs),
    keys: keysOf(db, id),
    webhooks: db
      .query<{ url: string; state: string }, { id: string }>('SELECT url, state FROM webhooks WHERE user_id = $id ORDER BY id DESC')
      .all({ id }),
    tickets: db
      .query<Profile['tickets'][number], { id: string; limit: number }>(
        'SELECT id, number, state, updated_at_ms AS updatedAtMs FROM tickets WHERE user_id = $id ORDER BY id DESC LIMIT $limit',
      )
      .all({ id, limit: SHOWN }),
    orders: listOrders(db, id, { limit: SHOWN }),
    rentals: listRentals(db, id, { limit: SHOWN, cursor: null }),
    ledger: ledgerWithBalances(db, id, { limit: SHOWN, cursor: null }),
    signIns: signInsOf(db, id, SIGN_INS_SHOWN),
    audit: listAudit(db, id, SHOWN),
  };
}

export function sessionsOf(db: Database, userId: string, nowMs: number): number {
  return (
    db
      .query<{ count: number }, { userId: string; nowMs: number }>(
        'SELECT count(*) AS count FROM sessions WHERE user_id = $userId AND expires_at_ms > $nowMs',
      )
      .get({ userId, nowMs })?.count ?? 0
  );
}

function keysOf(db: Database, id: string): Profile['keys'] {
  return db
    .query<Profile['keys'][number], { id: string }>(
      'SELECT name, prefix, last_used_at_ms AS lastUsedAtMs FROM api_keys WHERE user_id = $id AND revoked_at_ms IS NULL ORDER BY id DESC',
    )
    .all({ id });
}
