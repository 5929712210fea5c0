import { countryName } from '../../views/format.ts';
import type { StartView } from '../../views/start-model.ts';
import type { Offer } from '../catalogue/offers.ts';

/** More are not shown at once: a page is read, not scrolled through. */
const SHOWN_MAX = 80;

/** The offers the start page shows: all of them, or, where there are too many, those searched for; without a search some of each country. */
export function startOffers(offers: readonly Offer[], asked: { query: string; country: string }): StartView['offers'] {
  const countries = [...new Set(offers.map(({ country }) => country))].map((country) => ({ country, name: countryName(country) }));
  const words = asked.query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (offer: Offer): boolean => {
    const text = `${offer.serviceName} ${offer.service} ${countryName(offer.country)} ${offer.country} ${offer.carrier}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = offers.filter(
    (offer) => (asked.country === '' || offer.country === asked.country) && (words.length === 0 || matches(offer)),
  );
  return {
    shown: someOf(found),
    found: found.length,
    all: offers.length,
    countries: countries.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    query: asked.query,
    country: asked.country,
  };
}

/** As many of each country as there is room for, those in stock first. */
function someOf(found: readonly Offer[]): Offer[] {
  if (found.length <= SHOWN_MAX) return [...found];
  const byCountry = [...Map.groupBy(found, ({ country }) => country).values()].slice(0, SHOWN_MAX);
  const each = Math.max(1, Math.floor(SHOWN_MAX / byCountry.length));
  return byCountry.flatMap((own) => own.toSorted((a, b) => Number(b.stock > 0) - Number(a.stock > 0)).slice(0, each));
}
