import type { Database } from 'bun:sqlite';
import type { Tx } from '../db/write.ts';
import type { OrderTerms } from '../orders/orders.ts';
import type { Order } from '../orders/view.ts';
import { EVERYTHING, nextServable, openLine, openLines, SERVED_MAX, serveLine, tellThePassed } from './line.ts';
import { expirePlaces } from './places.ts';
import { passedOver, tellAvailable, tellPassed, toBeTold, withoutOffer } from './tell.ts';
import { offerOf, waitingLines } from './view.ts';

/** In one transaction; the rest follows in the next. */
const TOLD_MAX = 64;

export interface Tended {
  orders: Order[];
  /** Refused though nothing was seen to stand in the way, by the type of the refusal. */
  refused: Map<string, string>;
  expired: number;
  told: number;
}

/** Whether anything is to be done for those who wait: only read. `but`: places that were just tried in vain. */
export function hasWork(db: Database, terms: OrderTerms, nowMs: number, but: readonly string[]): boolean {
  const overdue = db
    .query<{ id: string }, { nowMs: number }>("SELECT id FROM waiting_places WHERE status = 'waiting' AND expires_at_ms <= $nowMs LIMIT 1")
    .get({ nowMs });
  if (overdue !== null || nextServable(db, terms, EVERYTHING, nowMs, but) !== null) return true;
  return (
    openLines(db, terms, EVERYTHING, nowMs).some((line) => passedOver(db, terms, line, nowMs, 1).length > 0) ||
    waitingLines(db, { mode: 'notify' }).some(
      (line) => openLine(db, terms, line, nowMs) !== null && toBeTold(db, line, nowMs, 1).length > 0,
    ) ||
    waitingLines(db).some((line) => {
      const offer = offerOf(db, terms, line);
      return typeof offer === 'string' && withoutOffer(db, line, offer, nowMs, 1).length > 0;
    })
  );
}

/** Ends what is over, serves those who buy, and tells the others: what `hasWork` saw, as far as it fits in one transaction. */
export function tend(tx: Tx, terms: OrderTerms): Tended {
  const expired = expirePlaces(tx, terms, TOLD_MAX).length;
  tellThePassed(tx, terms, EVERYTHING);
  const { orders, refused } = serveLine(tx, terms, EVERYTHING, SERVED_MAX);
  let told = 0;
  for (const line of waitingLines(tx.db)) {
    if (told >= TOLD_MAX) break;
    const offer = offerOf(tx.db, terms, line);
    if (typeof offer === 'string') {
      const passed = withoutOffer(tx.db, line, offer, tx.nowMs, TOLD_MAX - told);
      for (const one of passed) tellPassed(tx, terms, one);
      told += passed.length;
      // While buyers wait to be served in the next transaction, what is free is theirs.
    } else if (orders.length < SERVED_MAX && openLine(tx.db, terms, line, tx.nowMs) !== null) {
      const places = toBeTold(tx.db, line, tx.nowMs, TOLD_MAX - told);
      for (const place of places) tellAvailable(tx, terms, place);
      told += places.length;
    }
  }
  return { orders, refused, expired, told };
}
