import { expect, test } from 'bun:test';
import metadata from 'libphonenumber-js/metadata.min.json';
import { CATEGORIES, categoryOf } from '../../src/catalogue/categories.ts';
import { listOffers } from '../../src/catalogue/listing.ts';
import { findOffer } from '../../src/catalogue/offers.ts';
import { hideService, listServices, setService } from '../../src/catalogue/services.ts';
import { BUILT_IN } from '../../src/codes/book.ts';
import { flags } from '../../src/http/flags.ts';
import { countryName } from '../../views/format.ts';
import { markLetters, ServiceMark } from '../../views/parts/service-mark.tsx';
import { makeHouse, START_MS } from '../support/house.ts';

test('every known service has one category, and every service a category names is known', () => {
  const named = CATEGORIES.flatMap(({ services }) => services);
  expect(named.filter((slug, at) => named.indexOf(slug) !== at)).toEqual([]);
  expect(named.filter((slug) => slug !== 'any' && !BUILT_IN.bySlug.has(slug))).toEqual([]);
  const lists = CATEGORIES.flatMap(({ rules }) => rules);
  expect(lists.toSorted()).toEqual([...new Set(BUILT_IN.services.map(({ category }) => category))].sort());
  expect(BUILT_IN.orderable.length).toBeGreaterThanOrEqual(500);
  expect(BUILT_IN.orderable.filter(({ slug }) => categoryOf(slug) === 'other')).toEqual([]);
  expect(['telegram', 'uber', 'vinted', 'dhl', 'steam', 'nobody-knows'].map((slug) => categoryOf(slug))).toEqual([
    ...['messengers', 'rides', 'classifieds', 'parcels', 'games', 'other'],
  ]);
});

test('every service has a mark of its own name, escaped, and alike for ever', () => {
  for (const { slug, name } of BUILT_IN.orderable)
    expect([slug, markLetters(slug, name)]).toEqual([slug, expect.stringMatching(/^[\p{L}\p{M}\p{N}]+$/u)]);
  expect(
    [
      ['telegram', 'Telegram'],
      ['tiktok', 'TikTok'],
      ['plenty-of-fish', 'Plenty of Fish'],
      ['x', 'X'],
      ['any', 'Any service'],
      ['odd', '…'],
    ].map(([slug = '', name = '']) => markLetters(slug, name)),
  ).toEqual(['Te', 'TT', 'PO', 'X', '∗', '•']);
  expect(String(ServiceMark({ service: 'evil', name: '<script> &' }))).not.toContain('<script');
  expect(ServiceMark({ service: 'telegram', name: 'Telegram' })).toBe(ServiceMark({ service: 'telegram', name: 'Telegram' }));
});

test('every country has a name and a flag, served from here for long', async () => {
  const app = flags();
  for (const country of Object.keys(metadata.countries)) {
    const answer = await app.handle(new Request(`http://localhost/static/flags/${country.toLowerCase()}.svg`));
    expect([country, answer.status, answer.headers.get('content-type')]).toEqual([country, 200, 'image/svg+xml']);
    const svg = await answer.text();
    expect(svg).not.toMatch(/<script|href="http|url\(http/);
    expect(answer.headers.get('cache-control')).toMatch(/max-age=2592000/);
    expect(countryName(country.toLowerCase())).toMatch(/^\p{L}.+/u);
  }
  for (const wrong of ['gb', 'zz.svg', 'GB.svg', 'gb.png', '..%2fgb.svg', '__proto__.svg'])
    expect((await app.handle(new Request(`http://localhost/static/flags/${wrong}`))).status).toBe(404);
});

test('an own service has its name everywhere, works without rules, and is hidden and shown again', () => {
  const house = makeHouse();
  const userId = house.customer('op@example.org', 0);
  const slug = house.write((tx) => setService(tx, userId, { slug: '', name: ' eTaxi  Acme ', category: 'rides' }, house.terms));
  house.rules.refresh();
  expect(slug).toBe('etaxi-acme');
  house.sim(1);
  house.offer(slug, 40);
  const one = () => listServices(house.db, house.terms).find((service) => service.slug === slug);
  expect(one()).toEqual({ slug, name: 'eTaxi Acme', category: 'rides', own: true, hidden: false, prices: 1, fromMinor: 40 });
  expect(listOffers(house.db, house.terms, START_MS)).toMatchObject([{ service: slug, serviceName: 'eTaxi Acme', stock: 1 }]);
  house.write((tx) => hideService(tx, userId, slug, true));
  expect(listOffers(house.db, house.terms, START_MS)).toEqual([]);
  expect(findOffer(house.db, 'gb', slug, house.terms)).toBeNull();
  expect(one()).toMatchObject({ hidden: true, prices: 1 });
  house.write((tx) => hideService(tx, userId, slug, false));
  expect(findOffer(house.db, 'gb', slug, house.terms)).not.toBeNull();
  expect(listServices(house.db, house.terms).some((service) => service.slug === 'barclays')).toBe(false);
});

test.each([
  [{ slug: '', name: '', category: 'rides' }, 'name'],
  [{ slug: '', name: 'x'.repeat(61), category: 'rides' }, 'name'],
  [{ slug: '', name: 'Отели', category: 'travel' }, 'slug'],
  [{ slug: 'Any Thing', name: 'Thing', category: 'travel' }, 'slug'],
  [{ slug: 'telegram', name: 'Telegram 2', category: 'messengers' }, 'slug'],
  [{ slug: 'thing', name: 'Thing', category: 'things' }, 'category'],
])('an own service %j is refused for its %s', (typed, field) => {
  const house = makeHouse();
  const userId = house.customer('op@example.org', 0);
  let errors: unknown;
  try {
    house.write((tx) => setService(tx, userId, typed, house.terms));
  } catch (thrown) {
    errors = (thrown as { extra: Record<string, unknown> }).extra['errors'];
  }
  expect(errors).toMatchObject([{ field }]);
});

test('an own service of a denied name is refused', () => {
  const house = makeHouse();
  const userId = house.customer('op@example.org', 0);
  expect(() => house.write((tx) => setService(tx, userId, { slug: 'mine', name: 'Barclays', category: 'other' }, house.terms))).toThrow(
    'service_denied',
  );
});
