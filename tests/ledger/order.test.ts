import { expect, test } from 'bun:test';
import { ledgerWithBalances } from '../../src/ledger/running.ts';
import { extendRental } from '../../src/rentals/rentals.ts';
import { makeRoom } from '../rentals/room.ts';

test('movements of one millisecond are listed in the order in which they were made, so that no balance on the way is below zero', () => {
  const room = makeRoom();
  const rental = room.rent({ term: { unit: 'hour', periods: 1 } });
  room.sms();
  const asked = { userId: room.anna, rentalId: rental.id, term: { unit: 'hour' as const, periods: 1 }, maxPriceMinor: null };
  for (let times = 0; times < 12; times++) room.house.write((tx) => extendRental(tx, room.house.terms, asked));
  const lines = ledgerWithBalances(room.house.db, room.anna, { limit: 100, cursor: null });
  expect(lines.filter(({ heldAfterMinor, availableAfterMinor }) => heldAfterMinor < 0 || availableAfterMinor < 0)).toEqual([]);
  expect(lines.slice(0, 4).map(({ kind }) => kind)).toEqual(['capture', 'hold', 'capture', 'hold']);
});
