/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { countryName, minutesInWords, money } from '../format.ts';
import { ids } from '../ids.ts';
import type { DashboardView, OfferView } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { quoteOf } from './quote.ts';

type BuyView = Pick<DashboardView, 'balance' | 'offers' | 'chosen' | 'problem' | 'orderKey'>;

/**
 * The order form. It posts `country`, `service`, `quote` (see quote.ts) and `idempotency_key` to /dashboard/orders. With htmx a changed choice
 * fetches the form anew from /dashboard/offers; without JavaScript the second button does the same by a GET of the dashboard.
 */
export function BuyForm({ view }: { view: BuyView }): JSX.Element {
  const offer = chosenOffer(view);
  return (
    <section id={ids.buy} class="panel buy" aria-labelledby="buy-title">
      <h2 id="buy-title">Get a number</h2>
      {view.problem ? (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      ) : null}
      {offer ? (
        <form method="post" action={paths.orders}>
          {view.orderKey ? <input type="hidden" name="idempotency_key" value={attr(view.orderKey)} /> : null}
          <Choice name="country" label="Country">
            {countryOptions(view.offers, offer)}
          </Choice>
          <Choice name="service" label="Service">
            {serviceOptions(view.offers, offer)}
          </Choice>
          <Quantity count={countOf(view)} fewer={view.chosen.fewer === true} />
          <OfferLine offer={offer} balance={view.balance} count={countOf(view)} fewer={view.chosen.fewer === true} />
          <noscript>
            <button type="submit" class="secondary outline" formmethod="get" formaction={paths.dashboard} formnovalidate>
              Show price and services of this country
            </button>
          </noscript>
        </form>
      ) : (
        <p class="empty">Nothing is for sale yet: the operator has set no prices.</p>
      )}
    </section>
  );
}

/** What the form shows: the chosen offer, else the best of the chosen country, else of the chosen service, else the first with stock. */
export function chosenOffer({ offers, chosen }: Pick<BuyView, 'offers' | 'chosen'>): OfferView | null {
  const stockFirst = offers.toSorted((a, b) => Number(b.stock > 0) - Number(a.stock > 0));
  const exact = offers.find((offer) => offer.country === chosen.country && offer.service === chosen.service);
  const near = (key: 'country' | 'service') => stockFirst.find((offer) => offer[key] === chosen[key]);
  return exact ?? near('country') ?? near('service') ?? stockFirst[0] ?? null;
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
        required
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

function countryOptions(offers: OfferView[], chosen: OfferView): JSX.Element[] {
  const countries = [...Map.groupBy(offers, (offer) => offer.country)].map(([country, own]) => ({
    country,
    name: countryName(country),
    own,
  }));
  return countries
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ country, name, own }) => (
      <option value={attr(country)} selected={country === chosen.country} safe>
        {own.some((offer) => offer.stock > 0) ? name : `${name} · out of stock`}
      </option>
    ));
}

function serviceOptions(offers: OfferView[], chosen: OfferView): JSX.Element[] {
  return offers
    .filter((offer) => offer.country === chosen.country)
    .map((offer) => ({ offer, name: offer.serviceName }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ offer, name }) => (
      <option value={attr(offer.service)} selected={offer.service === chosen.service} disabled={offer.stock === 0} safe>
        {`${name} · ${money(offer.priceMinor, offer.currency)}${offer.stock === 0 ? ' · out of stock' : ''}`}
      </option>
    ));
}

interface OfferLineProps {
  offer: OfferView;
  balance: BuyView['balance'];
  count: number;
  fewer: boolean;
}

const COUNT_MAX = 50;

function countOf({ chosen }: Pick<BuyView, 'chosen'>): number {
  return Math.min(COUNT_MAX, Math.max(1, chosen.count ?? 1));
}

/** How many numbers; what was typed stays while a change of country or service fetches the form anew. With more than one the customer says whether fewer will do. */
function Quantity({ count, fewer }: { count: number; fewer: boolean }): JSX.Element {
  return (
    <div class="field quantity">
      <label for="buy-count">Numbers</label>
      <input
        id="buy-count"
        hx-preserve="true"
        name="count"
        type="number"
        inputmode="numeric"
        min={1}
        max={COUNT_MAX}
        required
        value={String(count)}
        hx-get={paths.offers}
        hx-trigger="change, input changed delay:500ms"
        hx-include="closest form"
        hx-target={`#${ids.offer}`}
        hx-select={`#${ids.offer}`}
        hx-swap="outerHTML"
        hx-sync="closest form:replace"
      />
      <label for="buy-fewer">
        <input id="buy-fewer" hx-preserve="true" name="fewer" type="checkbox" checked={fewer} /> Take fewer if there are not as many
      </label>
    </div>
  );
}

/** Price, window and stock of what is chosen, with the button; it fetches itself anew so that the stock on screen is never old. */
function OfferLine({ offer, balance, count, fewer }: OfferLineProps): JSX.Element {
  const price = money(offer.priceMinor, offer.currency);
  const total = money(offer.priceMinor * count, offer.currency);
  const short = offer.priceMinor * count - balance.availableMinor;
  return (
    <div
      id={ids.offer}
      class="offer-line"
      hx-get={paths.offers}
      hx-trigger="every 15s"
      hx-include="closest form"
      hx-select={`#${ids.offer}`}
      hx-swap="outerHTML"
      hx-sync="closest form:drop"
    >
      <input type="hidden" name="quote" value={attr(quoteOf(offer))} />
      <dl class="facts">
        <div>
          <dt>{count > 1 ? 'Price each' : 'Price'}</dt>
          <dd class="mono" safe>
            {price}
          </dd>
        </div>
        <div>
          <dt>Window</dt>
          <dd safe>{minutesInWords(offer.windowMinutes)}</dd>
        </div>
        <div>
          <dt>In stock</dt>
          <dd class="mono">{offer.stock > 0 ? offer.stock : 'none'}</dd>
        </div>
      </dl>
      <button id="buy-button" type="submit" disabled={offer.stock === 0} safe>
        {offer.stock === 0 ? 'Out of stock' : count > 1 ? `Get ${count} numbers · ${total}` : `Get a number · ${price}`}
      </button>
      {offer.stock > 0 && count > offer.stock ? (
        <p class="hint warn" safe>
          {`Only ${offer.stock} in stock${fewer ? '' : ': tick the box above to take as many as there are'}.`}
        </p>
      ) : null}
      {short > 0 ? (
        <p class="hint warn" safe>
          {`Your balance is ${money(short, offer.currency)} short of ${count > 1 ? `${count} numbers` : 'this price'}.`}
        </p>
      ) : (
        <p class="hint">Held now, charged only when the code arrives. Otherwise it all comes back.</p>
      )}
    </div>
  );
}
