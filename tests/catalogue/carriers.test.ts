import { expect, test } from 'bun:test';
import { listOffers } from '../../src/catalogue/listing.ts';
import { findOffer, removeOffer, setOffer } from '../../src/catalogue/offers.ts';
import { carrierOfNetwork, carrierSlug, isCarrier } from '../../src/lib/carrier.ts';
import { setSim } from '../../src/sims/correct.ts';
import { findSim, simIdentified } from '../../src/sims/sims.ts';
import { makeHouse, testSim } from '../support/house.ts';

test('an IMSI tells the home carrier by the brand it has in its country', () => {
  const told = ['26201', '262020123456789', '310260123456789', '001010123456789', '12345', ''].map(carrierOfNetwork);
  expect(told).toEqual(['telekom', 'vodafone', 't-mobile', 'test', null, null]);
  expect(carrierOfNetwork(null)).toBeNull();
});

test('a carrier is a slug, and not the word for all of them', () => {
  expect(carrierSlug('Télécom Développement S.A.')).toBe('telecom-developpement-s-a');
  expect(carrierSlug('中国移动')).toBe('');
  expect(['o2', 'vodafone-uk', 'any', 'O2', '-o2', ''].map(isCarrier)).toEqual([true, true, false, false, false, false]);
});

test('an offer of a carrier stands beside the one of any, and counts its own SIMs', () => {
  const house = makeHouse();
  const [first, second] = [house.sim(1), house.sim(2)];
  house.write((tx) => setSim(tx, first, { carrier: 'o2' }));
  house.offer('telegram', 45);
  house.offer('telegram', 60, { carrier: 'o2' });
  house.offer('telegram', 70, { carrier: 'telekom' });
  const shown = listOffers(house.db, house.terms, house.clock.nowMs()).map(({ carrier, priceMinor, stock }) => [
    carrier,
    priceMinor,
    stock,
  ]);
  expect(shown).toEqual([
    ['', 45, 2],
    ['o2', 60, 1],
    ['telekom', 70, 0],
  ]);
  expect(findOffer(house.db, 'gb', 'telegram', house.terms, 'o2')?.priceMinor).toBe(60);
  expect(findSim(house.db, second)?.carrier).toBe('test');
  house.write((tx) => removeOffer(tx, 'gb', 'telegram', 'o2'));
  expect(() => house.write((tx) => removeOffer(tx, 'gb', 'telegram', 'o2'))).toThrow('by o2');
  expect(findOffer(house.db, 'gb', 'telegram', house.terms)?.priceMinor).toBe(45);
  expect(() =>
    house.write((tx) => setOffer(tx, { country: 'gb', service: 'telegram', carrier: 'O2', priceMinor: 1, windowMinutes: null })),
  ).toThrow('lower-case');
});

test('what the operator says of a carrier wins, also over another reading of the card, until it is taken back', () => {
  const house = makeHouse();
  const iccid = house.sim(1);
  expect(() => house.write((tx) => setSim(tx, iccid, { carrier: null }))).toThrow('follows from the card');
  expect(() => house.write((tx) => setSim(tx, iccid, { carrier: 'O2!' }))).toThrow('slug');
  house.write((tx) => setSim(tx, iccid, { carrier: 'o2' }));
  house.write((tx) => simIdentified(tx, testSim(1), undefined));
  expect(findSim(house.db, iccid)?.carrier).toBe('o2');
  house.write((tx) => setSim(tx, iccid, { carrier: null }));
  expect(findSim(house.db, iccid)?.carrier).toBe('test');
});
