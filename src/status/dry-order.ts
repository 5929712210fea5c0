import { addUser } from '../accounts/users.ts';
import type { Tx } from '../db/write.ts';
import { topUp } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { type OrderTerms, placeOrder } from '../orders/orders.ts';
import type { Found } from './surfaces.ts';

const EMAIL = 'self-check@smspin.invalid';
/** Offers tried for one in stock. */
const TRIES = 3;
/** A country that ISO 3166-1 leaves to its users, so that nothing real is in it. */
const NOWHERE = 'zz';

/**
 * Places an order as a customer would, offer, stock, SIM, balance, hold and event included. To be rehearsed (db/write.ts): nothing of it may stay. When everything is
 * sold the SIM is one that exists only in here: a sold-out box works. When no SIM can be read at all it does not. `turn` chooses among the offers.
 */
export function dryOrder(tx: Tx, terms: OrderTerms, turn: number): Found {
  const { id } = addUser(tx, terms.random, {
    ...{ email: EMAIL, passwordHash: null, role: 'customer', state: 'active', purpose: null, acceptedTerms: false },
  });
  const offers = offersFrom(tx, turn);
  for (const { country, service, priceMinor } of offers) {
    topUp(tx, terms, { userId: id, amountMinor: priceMinor, reference: null });
    if (ordered(tx, terms, id, country, service)) return { ok: true, degraded: null };
  }
  if (offers.length > 0 && !anyReadable(tx)) return { ok: false, why: 'no modem can be read, so no number can be ordered' };
  addNowhere(tx);
  topUp(tx, terms, { userId: id, amountMinor: 1, reference: null });
  return ordered(tx, terms, id, NOWHERE, 'any') ? { ok: true, degraded: null } : { ok: false, why: 'a number that is free was not sold' };
}

/** What the check leaves: its time, so that a commit has something to bring to the disk, as that of an order has. */
export function noteCheck(tx: Tx): void {
  tx.db
    .query(`INSERT INTO settings (key, value) VALUES ('status_probe', $now) ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
    .run({ now: String(tx.nowMs) });
}

/** False when it is sold out, or not for sale any more; what else goes wrong is thrown. */
function ordered(tx: Tx, terms: OrderTerms, userId: string, country: string, service: string): boolean {
  try {
    // Nobody wanted it.
    placeOrder(tx, { ...terms, demand: undefined }, { userId, country, service, maxPriceMinor: null });
    return true;
  } catch (thrown) {
    if (thrown instanceof Refusal && (thrown.type === 'out_of_stock' || thrown.type === 'service_denied')) return false;
    throw thrown;
  }
}

function offersFrom({ db }: Tx, turn: number): { country: string; service: string; priceMinor: number }[] {
  const count = db.query<{ n: number }, []>('SELECT count(*) AS n FROM offers').get()?.n ?? 0;
  if (count === 0) return [];
  const offer = db.query<{ country: string; service: string; priceMinor: number }, { at: number }>(
    'SELECT country, service, price_minor AS priceMinor FROM offers ORDER BY country, service LIMIT 1 OFFSET $at',
  );
  return Array.from({ length: Math.min(TRIES, count) }, (_, index) => offer.get({ at: (turn + index) % count })).flatMap(
    (one) => one ?? [],
  );
}

function anyReadable({ db }: Tx): boolean {
  return db.query(`SELECT 1 FROM sims WHERE online = 1 AND state = 'active' LIMIT 1`).get() !== null;
}

function addNowhere({ db, nowMs }: Tx): void {
  db.query(
    `INSERT INTO sims (iccid, number_set, country_set, online, virtual, first_seen_at_ms, last_seen_at_ms)
     VALUES ('self-check', '+0', $country, 1, 0, $now, $now)`,
  ).run({ country: NOWHERE, now: nowMs });
  db.query(`INSERT INTO offers (country, service, price_minor, updated_at_ms) VALUES ($country, 'any', 1, $now)`).run({
    country: NOWHERE,
    now: nowMs,
  });
}
