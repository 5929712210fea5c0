/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { countryName, money } from '../format.ts';
import { ids } from '../ids.ts';
import type { DashboardView, OfferView } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';

/** What stands in place of a country when any will do, as the form posts it. */
const PICKS = { cheapest: 'Any country · cheapest', best_delivery: 'Any country · best delivery' } as const;

interface Chosen {
  view: Pick<DashboardView, 'offers' | 'chosen'>;
  offer: OfferView;
}

/** Country, service and, where offers name carriers, carrier. */
export function Choices({ view, offer }: Chosen): JSX.Element {
  const carriers =
    view.chosen.pick == null ? view.offers.filter((one) => one.country === offer.country && one.service === offer.service) : [];
  return (
    <>
      <Choice name="country" label="Country">
        {countryOptions({ view, offer })}
      </Choice>
      <Choice name="service" label="Service">
        {serviceOptions({ view, offer })}
      </Choice>
      {carriers.some(({ carrier }) => carrier !== '') ? (
        <Choice name="carrier" label="Carrier of the SIM">
          {carriers.map((one) => (
            <option value={attr(one.carrier)} selected={one.carrier === offer.carrier} safe>
              {`${one.carrier || 'Any'} · ${priceOf(one)}`}
            </option>
          ))}
        </Choice>
      ) : null}
    </>
  );
}

function Choice({ name, label, children }: PropsWithChildren<{ name: string; label: string }>): JSX.Element {
  return (
    <div class="field">
      <label for={`buy-${name}`} safe>
        {label}
      </label>
      <select
        id={`buy-${name}`}
        name={name}
        required={name !== 'carrier'}
        hx-get={paths.offers}
        hx-include="closest form"
        hx-target={`#${ids.buy}`}
        hx-swap="outerHTML"
        hx-sync="closest form:replace"
      >
        {children}
      </select>
    </div>
  );
}

function countryOptions({ view: { offers, chosen }, offer }: Chosen): JSX.Element[] {
  const inStock = new Map<string, boolean>();
  for (const { country, stock } of offers) inStock.set(country, inStock.get(country) === true || stock > 0);
  const countries = [...inStock].map(([country, has]) => ({ country, has, name: countryName(country) }));
  const picks = Object.entries(PICKS).map(([pick, words]) => (
    <option value={pick} selected={pick === chosen.pick} safe>
      {words}
    </option>
  ));
  const named = countries
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ country, name, has }) => (
      <option value={attr(country)} selected={chosen.pick == null && country === offer.country} safe>
        {has ? name : `${name} · out of stock`}
      </option>
    ));
  // A choice among one is none.
  return countries.length > 1 || chosen.pick != null ? [...picks, ...named] : named;
}

/** One for each service: with any country at the price of its cheapest in stock. */
function serviceOptions({ view: { offers, chosen }, offer }: Chosen): JSX.Element[] {
  const near = chosen.pick == null ? offers.filter(({ country }) => country === offer.country) : offers;
  return [...Map.groupBy(near, ({ service }) => service).values()]
    .flatMap((own) =>
      own
        .toSorted(byStockThenPrice)
        .slice(0, 1)
        .map((best) => ({ best, several: own.length > 1 })),
    )
    .toSorted((a, b) => a.best.serviceName.localeCompare(b.best.serviceName, 'en'))
    .map(({ best, several }) => (
      <option value={attr(best.service)} selected={best.service === offer.service} safe>
        {`${best.serviceName} · ${several ? 'from ' : ''}${priceOf(best)}`}
      </option>
    ));
}

function byStockThenPrice(a: OfferView, b: OfferView): number {
  return Number(b.stock > 0) - Number(a.stock > 0) || a.priceMinor - b.priceMinor;
}

function priceOf({ priceMinor, currency, stock }: OfferView): string {
  return `${money(priceMinor, currency)}${stock === 0 ? ' · out of stock' : ''}`;
}
