import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { findOffer, setOffer } from '../../src/catalogue/offers.ts';
import { makeHouse } from '../support/house.ts';

const offer = (service: string) => ({ country: 'gb', service, priceMinor: 45, windowMinutes: null });

test.each(['paypal', 'revolut', 'nordbank', 'hmrc'])('%s may not be offered, and the operator is told how to allow it', (service) => {
  const house = makeHouse();
  expect(() => house.write((tx) => setOffer(tx, offer(service)))).toThrow(
    expect.objectContaining({ type: 'service_denied', detail: expect.stringMatching(/\[access\] allow = \["\w+"\]/) }),
  );
});

test('an allowed category may be offered; when it is denied again the offer is neither shown nor sold', () => {
  const house = makeHouse();
  house.write((tx) => setOffer(tx, offer('paypal'), { ...house.terms, allow: ['payment'] }));
  house.write((tx) => setOffer(tx, offer('telegram')));
  const allowing = { ...house.terms, allow: ['payment'] as const };
  const shown = (terms: typeof house.terms) => listOffers(house.db, terms, house.clock.nowMs()).map(({ service }) => service);
  expect(shown(allowing)).toEqual(['paypal', 'telegram']);
  expect(findOffer(house.db, 'gb', 'paypal', allowing)).toMatchObject({ priceMinor: 45 });
  expect(shown(house.terms)).toEqual(['telegram']);
  expect(() => findOffer(house.db, 'gb', 'paypal', house.terms)).toThrow(expect.objectContaining({ type: 'service_denied' }));
});

test('what only sounds like one, and `any`, may be offered', () => {
  const house = makeHouse();
  for (const service of ['any', 'telegram', 'foodbank', 'my-shop-24']) house.write((tx) => setOffer(tx, offer(service)));
  expect(listOffers(house.db, house.terms, house.clock.nowMs()).length).toBe(4);
});
