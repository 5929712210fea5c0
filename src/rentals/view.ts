import type { Database } from 'bun:sqlite';
import { rfc3339 } from '../lib/clock.ts';
import { idsFrom } from '../lib/ids.ts';
import type { Period } from '../lib/period.ts';
import { MESSAGE_COLUMNS, messageJson, type OrderMessage } from '../orders/view.ts';
import type { Charge, Unit } from './pricing.ts';
import { moneyOf, type RentalChangeReason, type RentalReason, type RentalStatus } from './state.ts';

/** One long rent of a whole number, as the database keeps it. */
export interface Rental {
  id: string;
  userId: string;
  iccid: string;
  number: string;
  country: string;
  /** Null: everything that arrives. */
  service: string | null;
  status: RentalStatus;
  reason: RentalReason;
  name: string;
  currency: string;
  priceMinor: number;
  createdAtMs: number;
  startsAtMs: number;
  endsAtMs: number;
  endedAtMs: number | null;
  firstMessageAtMs: number | null;
  /** Time that was added for outages. */
  outageMs: number;
  /** What extensions by themselves may cost in all, or null while they are off; and what they have cost. */
  autoCapMinor: number | null;
  autoSpentMinor: number;
  lastEvent: string;
}

export const RENTAL_COLUMNS = `id, user_id AS userId, iccid, number, country, service, status, reason, name, currency, price_minor AS priceMinor,
  created_at_ms AS createdAtMs, starts_at_ms AS startsAtMs, ends_at_ms AS endsAtMs, ended_at_ms AS endedAtMs, first_message_at_ms AS firstMessageAtMs,
  outage_ms AS outageMs, auto_cap_minor AS autoCapMinor, auto_spent_minor AS autoSpentMinor, last_event AS lastEvent`;

/** A rental by its id, or null. With `userId` only that customer's. */
export function findRental(db: Database, id: string, userId?: string): Rental | null {
  return db
    .query<Rental, { id: string; userId: string | null }>(
      `SELECT ${RENTAL_COLUMNS} FROM rentals WHERE id = $id AND ($userId IS NULL OR user_id = $userId)`,
    )
    .get({ id, userId: userId ?? null });
}

/** What was bought, oldest first, with what became of its money. */
export interface BoughtCharge extends Charge {
  automatic: boolean;
  createdAtMs: number;
  /** What went back of a captured price. */
  returnedMinor: number;
}

export function chargesOf(db: Database, rentalId: string): BoughtCharge[] {
  return db
    .query<Omit<BoughtCharge, 'automatic'> & { automatic: number; unit: Unit }, { rentalId: string }>(
      `SELECT number, unit, periods, price_minor AS priceMinor, automatic, created_at_ms AS createdAtMs,
         (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id AND e.amount_minor > 0
          WHERE t.rental_id = c.rental_id AND t.charge = c.number AND t.kind = 'partial_refund') AS returnedMinor
       FROM rental_charges c WHERE rental_id = $rentalId ORDER BY number`,
    )
    .all({ rentalId })
    .map((charge) => ({ ...charge, automatic: charge.automatic === 1 }));
}

/** Something that happened to a rental. */
export interface RentalChange {
  status: RentalStatus;
  reason: RentalChangeReason;
  detail: string;
  addedMs: number;
  atMs: number;
}

/** The newest changes of a rental, newest first. */
export function changesOf(db: Database, rentalId: string, limit = 50): RentalChange[] {
  return db
    .query<RentalChange, { rentalId: string; limit: number }>(
      `SELECT status, reason, detail, added_ms AS addedMs, at_ms AS atMs FROM rental_changes WHERE rental_id = $rentalId ORDER BY id DESC LIMIT $limit`,
    )
    .all({ rentalId, limit });
}

/** Which messages of a rental are asked for. */
export interface MessagePage extends Partial<Period> {
  limit: number;
  cursor?: string | null;
  /** Found in sender, text or code. */
  search?: string;
}

/** SQLite folds the letters of ASCII alone, so what has others is also looked for in the ways in which people write it. */
function spellings(search: string): string[] {
  const plain = search.normalize('NFC').toWellFormed();
  const lower = plain.toLowerCase();
  const all = /^[\x20-\x7e]*$/.test(plain) ? [plain] : [plain, lower, plain.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)];
  return [...new Set(all)].map((one) => `%${one.replace(/[\\%_]/g, '\\$&')}%`);
}

const FOUND = `AND EXISTS (SELECT 1 FROM json_each($patterns) p
  WHERE text LIKE p.value ESCAPE '\\' OR sender LIKE p.value ESCAPE '\\' OR code LIKE p.value ESCAPE '\\')`;

/** The newest messages of a rental, newest first, before the message `cursor`, at most `limit`; with `search` and a period only those. The index gives the period, the rest is read. */
export function messagesOfRental(db: Database, rentalId: string, page: MessagePage): OrderMessage[] {
  const { fromMs = null, toMs = null } = page;
  const before = [page.cursor || '~', ...(toMs === null ? [] : [idsFrom('msg', toMs)])].toSorted()[0] ?? '~';
  const from = fromMs === null ? '' : idsFrom('msg', fromMs);
  const patterns = page.search ? JSON.stringify(spellings(page.search)) : null;
  return db
    .query<OrderMessage, { rentalId: string; limit: number; from: string; before: string; patterns: string | null }>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE rental_id = $rentalId AND id >= $from AND id < $before ${patterns === null ? '' : FOUND}
       ORDER BY id DESC LIMIT $limit`,
    )
    .all({ rentalId, limit: page.limit, from, before, patterns });
}

/** How many messages a rental has. */
export function countMessages(db: Database, rentalId: string): number {
  return (
    db
      .query<{ count: number }, { rentalId: string }>('SELECT count(*) AS count FROM messages WHERE rental_id = $rentalId')
      .get({ rentalId })?.count ?? 0
  );
}

/** A customer's rentals, newest first, before the rental `cursor`; only those of some statuses if given. */
export function listRentals(
  db: Database,
  userId: string,
  page: { limit: number; cursor?: string | null; statuses?: readonly RentalStatus[] },
): Rental[] {
  // Written only where asked for, so that each form of the query gets the index made for it. The statuses come from a closed list.
  const only = page.statuses ? ` AND status IN (${page.statuses.map((status) => `'${status}'`).join(', ')})` : '';
  return db
    .query<Rental, { userId: string; cursor: string; limit: number }>(
      `SELECT ${RENTAL_COLUMNS} FROM rentals WHERE user_id = $userId AND id < $cursor${only} ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, cursor: page.cursor || '~', limit: page.limit });
}

/** The rentals of a SIM, newest first, for the operator. */
export function rentalsOfSim(db: Database, iccid: string, limit: number): (Rental & { email: string })[] {
  return db
    .query<Rental & { email: string }, { iccid: string; limit: number }>(
      `SELECT ${RENTAL_COLUMNS}, (SELECT email FROM users u WHERE u.id = user_id) AS email FROM rentals WHERE iccid = $iccid ORDER BY id DESC LIMIT $limit`,
    )
    .all({ iccid, limit });
}

/** Messages that an answer or event carries: `GET /api/v1/messages?rental_id=` pages through all. */
const SHOWN_MESSAGES_MAX = 3;

/** A rental as every channel shows it now, with its newest messages. */
export function presentRental(db: Database, rental: Rental, messages?: readonly OrderMessage[]) {
  const charges = chargesOf(db, rental.id);
  return {
    id: rental.id,
    status: rental.status,
    reason: rental.reason,
    name: rental.name,
    country: rental.country,
    service: rental.service,
    number: rental.number,
    price: rental.priceMinor,
    returned: moneyOf(rental) === 'refunded' ? rental.priceMinor : charges.reduce((sum, { returnedMinor }) => sum + returnedMinor, 0),
    currency: rental.currency,
    charges: charges.map(({ number, unit, periods, priceMinor, automatic, createdAtMs }) => ({
      ...{ number, unit, periods, price: priceMinor, automatic, created_at: rfc3339(createdAtMs) },
    })),
    created_at: rfc3339(rental.createdAtMs),
    starts_at: rfc3339(rental.startsAtMs),
    ends_at: rfc3339(rental.endsAtMs),
    ended_at: rental.endedAtMs === null ? null : rfc3339(rental.endedAtMs),
    first_message_at: rental.firstMessageAtMs === null ? null : rfc3339(rental.firstMessageAtMs),
    outage_seconds: Math.round(rental.outageMs / 1000),
    auto_extend: rental.autoCapMinor === null ? null : { max_total: rental.autoCapMinor, spent: rental.autoSpentMinor },
    messages: (messages ?? messagesOfRental(db, rental.id, { limit: SHOWN_MESSAGES_MAX })).map(messageJson),
    last_event: rental.lastEvent,
  };
}
