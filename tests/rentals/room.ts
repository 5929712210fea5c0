/** A house with a SIM, rates and a customer, and what tests ask of it. */
import { auditLedger, balanceOf } from '../../src/ledger/ledger.ts';
import { placeOrder } from '../../src/orders/orders.ts';
import { setRate } from '../../src/rentals/rates.ts';
import { type RentalRequest, type RentalTerms, rent } from '../../src/rentals/rentals.ts';
import { findRental, type Rental } from '../../src/rentals/view.ts';
import { makeHouse } from '../support/house.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const RATES = { hour: 80, day: 400, week: 1500 };

export function makeRoom(terms: Partial<RentalTerms> = {}, sims = 1) {
  const house = makeHouse(terms);
  const iccids = Array.from({ length: sims }, (_, index) => house.sim(index + 1));
  house.write((tx) => setRate(tx, 'gb', RATES));
  for (const service of ['telegram', 'google', 'any']) house.offer(service, 45);
  const anna = house.customer('anna@example.org', 5000);
  const request = (change: Partial<RentalRequest> = {}): RentalRequest => ({
    ...{ userId: anna, country: 'gb', service: null, term: { unit: 'day', periods: 2 }, startsAtMs: null },
    ...{ name: '', autoCapMinor: null, maxPriceMinor: null },
    ...change,
  });
  return {
    house,
    iccid: iccids[0] ?? '',
    iccids,
    anna,
    request,
    rent: (change: Partial<RentalRequest> = {}) => house.write((tx) => rent(tx, house.terms, request(change))),
    order: (userId: string, service = 'telegram') =>
      house.write((tx) => placeOrder(tx, house.terms, { userId, country: 'gb', service, maxPriceMinor: null })),
    now: (rental: { id: string }): Rental => {
      const found = findRental(house.db, rental.id);
      if (!found) throw new Error(`no rental ${rental.id}`);
      return found;
    },
    balance: (userId = anna) => {
      const { availableMinor, heldMinor } = balanceOf(house.db, userId, 'USD');
      return [availableMinor, heldMinor];
    },
    audit: () => auditLedger(house.db),
    events: (id: string) =>
      house.db
        .query<{ type: string }, [string]>("SELECT type FROM events WHERE rental_id = ? AND type <> 'balance.changed' ORDER BY seq")
        .all(id)
        .map(({ type }) => type),
    sms: (text = 'Are you coming to dinner tonight?', sender = '+447700900999', to = iccids[0] ?? '') =>
      house.receive({ iccid: to, sender, text }),
  };
}
export type Room = ReturnType<typeof makeRoom>;
