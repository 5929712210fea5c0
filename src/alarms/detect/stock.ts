import type { Database } from 'bun:sqlite';
import { findOffer, type OfferTerms } from '../../catalogue/offers.ts';
import type { Condition, Detector } from '../condition.ts';
import type { Demand, OfferKey } from '../demand.ts';

const EVERY_MS = 30_000;

export interface StockWatchDeps {
  db: Database;
  nowMs(): number;
  demand: Demand;
  terms: OfferTerms;
  /** So many were declined within an hour, or sold within a day: it is busy. 0: that does not make it so. */
  busyRefusals: number;
  busyOrders: number;
  /** How many customers wait for a number of it. */
  waiting(offer: OfferKey): number;
}

/** Offers that customers want and that have no free number. Only offers somebody wanted since the start are looked at. */
export function stockDetector(deps: StockWatchDeps): Detector {
  const { db, nowMs, demand, terms, busyRefusals, busyOrders } = deps;
  return {
    name: 'stock',
    codes: ['stock_out'],
    everyMs: EVERY_MS,
    look(standing) {
      if ((busyRefusals === 0 && busyOrders === 0) || terms.stock === undefined) return [];
      const now = terms.stock.at(nowMs());
      const raised = new Set(standing.map(({ subject }) => subject));
      return demand.lately().flatMap((offer): Condition[] => {
        const { country, service, carrier, refusals, orders } = offer;
        const subject = subjectOf(offer);
        const isBusy = (busyRefusals > 0 && refusals >= busyRefusals) || (busyOrders > 0 && orders >= busyOrders);
        // What is raised stays so until there is stock, or nobody has wanted it for an hour and few for a day.
        if (!isBusy && !(raised.has(subject) && refusals > 0)) return [];
        const found = findOffer(db, country, service, terms, carrier);
        if (found === null || now.stockOf({ country, service, carrier, windowMinutes: found.windowMinutes }) > 0) return [];
        const waiting = deps.waiting(offer);
        const waits = waiting === 0 ? '' : ` ${waiting === 1 ? '1 customer waits' : `${waiting} customers wait`} for one.`;
        const text = `No number is free: ${refusals} declined in the last hour, ${orders} sold in the last day.${waits}`;
        return [{ code: 'stock_out', subject, text, value: refusals, threshold: busyRefusals }];
      });
    },
    why: () => 'A number is free, or few want one now.',
  };
}

function subjectOf({ country, service, carrier }: OfferKey): string {
  return `${country}/${service}${carrier === '' ? '' : ` by ${carrier}`}`;
}

/** How many customers wait for a number of an offer. */
export function waitingFor(db: Database, { country, service, carrier }: OfferKey): number {
  const row = db
    .query<{ n: number }, { country: string; service: string; carrier: string }>(
      `SELECT count(*) AS n FROM waiting_places WHERE country = $country AND service = $service AND carrier = $carrier AND status = 'waiting'`,
    )
    .get({ country, service, carrier });
  return row?.n ?? 0;
}
