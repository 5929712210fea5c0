import type { Database } from 'bun:sqlite';
import type { BeforeSale } from '../catalogue/offers.ts';
import type { Tx } from '../db/write.ts';
import { availableOf } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { type LimitParameters, limitParameters, underLimitSql } from '../orders/limits.ts';
import { type OrderTerms, placeOrder } from '../orders/orders.ts';
import type { Order } from '../orders/view.ts';
import { findFreeSim } from '../sims/allocate.ts';
import { endPlace } from './record.ts';
import type { Line } from './state.ts';
import { passedOver, tellPassed } from './tell.ts';
import { offerOf, PLACE_COLUMNS, type Place, waitingLines } from './view.ts';

/** Of what a number is about to be taken: see BeforeSale. */
export interface Sale {
  country: string | null;
  service: string;
}

export const EVERYTHING: Sale = { country: null, service: 'any' };

/** So many are served in one transaction, so that a crowd never holds back an SMS for long. */
export const SERVED_MAX = 16;
/** So many are told in one transaction; the rest at the next look. */
const TOLD_MAX = 64;

/** A line with a number to give. */
interface OpenLine extends Line {
  priceMinor: number;
}

/**
 * Gives the numbers that are free to those who wait for them with `buy`, the first first, each by the verb that everybody buys with: in the transaction that made a
 * number free or is about to sell one. Lines that compete for the same numbers (a carrier and any, a service and `any`) are one queue. Who cannot be served (balance
 * short, price too high, a limit reached) is passed over and told so once. Returns the orders, and who was refused though nothing was seen to stand in the way, by the type of the
 * refusal. `limit`: at most so many.
 */
export function serveLine(
  tx: Tx,
  terms: OrderTerms,
  sale: Sale = EVERYTHING,
  limit = Number.POSITIVE_INFINITY,
): { orders: Order[]; refused: Map<string, string> } {
  const orders: Order[] = [];
  const refused = new Map<string, string>();
  // Whoever serves them is not asked to serve them first.
  const { beforeSale: _self, ...plain } = terms;
  while (orders.length < limit) {
    const place = nextServable(tx.db, plain, sale, tx.nowMs, [...refused.keys()]);
    if (place === null) break;
    // Before the first number goes to those behind them.
    if (orders.length + refused.size === 0) tellThePassed(tx, plain, sale);
    const bought = serve(tx, plain, place);
    if (bought instanceof Refusal) {
      refused.set(place.id, bought.type);
      // A number that the count saw and the choice did not confirm is nobody's obstacle; nor is a disk that is nearly full.
      if (bought.type === 'out_of_stock' || bought.type === 'unavailable') break;
      tellPassed(tx, plain, { place, obstacle: bought.type });
    } else orders.push(bought);
  }
  return { orders, refused };
}

/**
 * Serves those who wait before each sale, as many as one transaction may hold up. While more could be served the sale is refused as `out_of_stock`: they are, by the
 * next look, and then there is what is left. What is served for a sale that is refused is undone with it, and would be served again for each further sale of the same
 * commit: a hundred of them would hold up an SMS for seconds. So all sales of a commit serve as many as one may, and then it is left to the look.
 */
export function servingFirst(terms: OrderTerms): BeforeSale {
  let commitAtMs = Number.NaN;
  let served = 0;
  return (tx, sale) => {
    // All verbs of a commit have one moment.
    if (tx.nowMs !== commitAtMs) served = 0;
    commitAtMs = tx.nowMs;
    if (served < SERVED_MAX) served += serveLine(tx, terms, sale, SERVED_MAX - served).orders.length;
    if (served < SERVED_MAX || nextServable(tx.db, terms, sale, tx.nowMs) === null) return;
    throw new Refusal(
      'out_of_stock',
      'The numbers that are free go to those who wait for them. Nothing was charged; try again in a moment.',
    );
  };
}

/** Tells those of the lines with a number who cannot be served why, once. */
export function tellThePassed(tx: Tx, terms: OrderTerms, sale: Sale): void {
  for (const line of openLines(tx.db, terms, sale, tx.nowMs))
    for (const passed of passedOver(tx.db, terms, line, tx.nowMs, TOLD_MAX)) tellPassed(tx, terms, passed);
}

/** The first in line who can be served this moment, or null. `but`: not these. */
export function nextServable(db: Database, terms: OrderTerms, sale: Sale, nowMs: number, but: readonly string[] = []): Place | null {
  const first = openLines(db, terms, sale, nowMs).flatMap((line) => firstOf(db, terms, line, nowMs, but) ?? []);
  return first.toSorted((a, b) => a.seq - b.seq)[0] ?? null;
}

/** The lines of buyers that compete for what is to be sold and have a number. */
export function openLines(db: Database, terms: OrderTerms, { country, service }: Sale, nowMs: number): OpenLine[] {
  const lines = waitingLines(db, { country, service: service === 'any' ? null : service, mode: 'buy' });
  return lines.flatMap((line) => openLine(db, terms, line, nowMs) ?? []);
}

/** The line with its price when there is a number for it, else null. */
export function openLine(db: Database, terms: OrderTerms, line: Line, nowMs: number): OpenLine | null {
  const offer = offerOf(db, terms, line);
  if (typeof offer === 'string') return null;
  const wanted = { ...line, windowMinutes: offer.windowMinutes };
  const isThere = terms.stock === undefined ? findFreeSim(db, wanted, terms, nowMs) !== null : terms.stock.stockOf(wanted, nowMs) > 0;
  return isThere ? { ...line, priceMinor: offer.priceMinor } : null;
}

function firstOf(
  db: Database,
  { limits }: OrderTerms,
  { priceMinor, country, service, carrier }: OpenLine,
  nowMs: number,
  but: readonly string[],
): Place | null {
  return db
    .query<Place, Line & LimitParameters & { priceMinor: number; nowMs: number; available: string; but: string }>(
      `SELECT ${PLACE_COLUMNS} FROM waiting_places w
       WHERE status = 'waiting' AND mode = 'buy' AND country = $country AND service = $service AND carrier = $carrier
         AND expires_at_ms > $nowMs AND max_price_minor >= $priceMinor AND id NOT IN (SELECT value FROM json_each($but))
         AND EXISTS (SELECT 1 FROM ledger_accounts a WHERE a.id = $available || w.user_id AND a.balance_minor >= $priceMinor)
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = w.user_id AND u.state = 'active')
         AND ${underLimitSql('w.user_id')}
       ORDER BY seq LIMIT 1`,
    )
    .get({
      country,
      service,
      carrier,
      priceMinor,
      nowMs,
      available: availableOf(''),
      but: JSON.stringify(but),
      ...limitParameters(limits, nowMs),
    });
}

function serve(tx: Tx, terms: OrderTerms, place: Place): Order | Refusal {
  const { userId, country, service, carrier, maxPriceMinor, note, tags } = place;
  const labels = { note, tags: tags === '' ? [] : tags.split(' ') };
  try {
    // A savepoint of its own: of what is refused nothing is left.
    const order = tx.db.transaction(() => placeOrder(tx, terms, { userId, country, service, carrier, maxPriceMinor, labels }))();
    endPlace(tx, terms, place, 'served', order.id);
    return order;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
}
