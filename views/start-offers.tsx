/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { deliveryInWords, money } from './format.ts';
import type { OfferView } from './model.ts';
import { Country } from './parts/marks.tsx';
import { ServiceMark } from './parts/service-mark.tsx';
import { attr } from './parts/text.tsx';
import { paths, withQuery } from './paths.ts';
import type { StartView } from './start-model.ts';

/** What is for sale, by country. Where there is too much for a page, with a search. */
export function Offers({ offers }: { offers: StartView['offers'] }): JSX.Element {
  const countries = [...Map.groupBy(offers.shown, (offer) => offer.country)];
  return (
    <section id="offers" aria-labelledby="offers-title">
      <h2 id="offers-title">Prices and stock now</h2>
      {offers.shown.length < offers.all ? <Search offers={offers} /> : null}
      {offers.all === 0 ? (
        <p class="empty">Nothing is for sale yet: the operator has set no prices.</p>
      ) : countries.length === 0 ? (
        <p class="empty">
          No offer fits. <a href={attr(`${paths.start}#offers`)}>Show some of all</a>
        </p>
      ) : (
        <div class="offer-grid">
          {countries.map(([country, own]) => (
            <CountryOffers country={country} offers={own} />
          ))}
        </div>
      )}
    </section>
  );
}

function Search({ offers }: { offers: StartView['offers'] }): JSX.Element {
  const { shown, found, query, country } = offers;
  return (
    <>
      <search>
        <form method="get" action={attr(`${paths.start}#offers`)} class="offer-search">
          <div class="field">
            <label for="offer-query">Service</label>
            <input id="offer-query" name="q" type="search" maxlength={60} value={attr(query)} placeholder="telegram" />
          </div>
          <div class="field">
            <label for="offer-country">Country</label>
            <select id="offer-country" name="country">
              <option value="">All countries</option>
              {offers.countries.map((one) => (
                <option value={attr(one.country)} selected={one.country === country} safe>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
          <button type="submit" class="secondary">
            Search
          </button>
        </form>
      </search>
      <p class="muted" role="status" safe>
        {shown.length < found
          ? `${shown.length} of ${found} offers are shown: search for a service or choose a country to see the others.`
          : `${found} ${found === 1 ? 'offer' : 'offers'}.`}
      </p>
    </>
  );
}

function CountryOffers({ country, offers }: { country: string; offers: OfferView[] }): JSX.Element {
  return (
    <div class="panel offers">
      <table>
        <caption>
          <Country country={country} />
        </caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" class="figure">
              Price
            </th>
            <th scope="col" class="figure">
              In stock
            </th>
          </tr>
        </thead>
        <tbody>
          {offers.map((offer) => (
            <OfferRow offer={offer} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OfferRow({ offer }: { offer: OfferView }): JSX.Element {
  const { country, service, carrier, delivery } = offer;
  return (
    <tr data-country={attr(country)} data-service={attr(service)} data-carrier={attr(carrier)}>
      <th scope="row">
        <a href={attr(withQuery(paths.dashboard, { country, service, ...(carrier === '' ? {} : { carrier }) }))}>
          <ServiceMark service={service} name={offer.serviceName} /> <span safe>{offer.serviceName}</span>
        </a>
        {carrier === '' ? null : (
          <small class="mono" safe>
            {` ${carrier}`}
          </small>
        )}
        {delivery === null ? null : (
          <small class="muted delivery" safe>
            {deliveryInWords(delivery)}
          </small>
        )}
      </th>
      <td class="figure mono" safe>
        {money(offer.priceMinor, offer.currency)}
      </td>
      <td class="figure mono">{offer.stock > 0 ? offer.stock : <span class="muted">none</span>}</td>
    </tr>
  );
}
