/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { deliveryInWords, minutesInWords, money } from '../format.ts';
import { ids } from '../ids.ts';
import type { DashboardView, OfferView } from '../model.ts';
import { OfferName } from '../parts/offer-name.tsx';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { WaitForm } from '../waiting/form.tsx';
import { Choices } from './choices.tsx';
import { quoteOf } from './quote.ts';

type BuyView = Pick<DashboardView, 'balance' | 'offers' | 'chosen' | 'picked' | 'problem' | 'orderKey' | 'wait'>;

/**
 * The order form. It posts `country` (or, when any will do, how one is picked), `service`, `carrier`, `quote` (see quote.ts) and `idempotency_key` to /dashboard/orders. With htmx a changed choice
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
          <Choices view={view} offer={offer} />
          <Quantity count={countOf(view)} fewer={view.chosen.fewer === true} />
          <OfferLine
            offer={offer}
            pick={view.chosen.pick}
            balance={view.balance}
            wait={view.wait}
            count={countOf(view)}
            fewer={view.chosen.fewer === true}
          />
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

/** What the form shows: what would be picked, or the chosen offer, else the best of the chosen country, else of the chosen service, else the first with stock. */
export function chosenOffer({ offers, chosen, picked }: Pick<BuyView, 'offers' | 'chosen' | 'picked'>): OfferView | null {
  if (picked != null) return picked;
  const stockFirst = offers.toSorted((a, b) => Number(b.stock > 0) - Number(a.stock > 0));
  const exact = offers.filter((offer) => offer.country === chosen.country && offer.service === chosen.service);
  const named = exact.find(({ carrier }) => carrier === (chosen.carrier ?? ''));
  const near = (key: 'country' | 'service') => stockFirst.find((offer) => offer[key] === chosen[key]);
  return named ?? exact[0] ?? near('country') ?? near('service') ?? stockFirst[0] ?? null;
}

interface OfferLineProps {
  offer: OfferView;
  pick: BuyView['chosen']['pick'];
  balance: BuyView['balance'];
  wait: BuyView['wait'];
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
function OfferLine({ offer, pick, balance, wait, count, fewer }: OfferLineProps): JSX.Element {
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
      <input type="hidden" name="quote" value={attr(quoteOf({ ...offer, country: pick ?? offer.country }))} />
      <OfferName service={offer.service} name={offer.serviceName} country={offer.country} />
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
      <p class="hint delivery" safe>
        {offer.delivery === null ? 'Too few orders yet to say how it is delivered.' : `${deliveryInWords(offer.delivery)}.`}
      </p>
      {wait !== null && offer.stock === 0 ? (
        <WaitForm wait={wait} offer={offer} />
      ) : (
        <button id="buy-button" type="submit" disabled={offer.stock === 0} safe>
          {offer.stock === 0 ? 'Out of stock' : count > 1 ? `Get ${count} numbers · ${total}` : `Get a number · ${price}`}
        </button>
      )}
      {offer.stock > 0 && count > offer.stock ? (
        <p class="hint warn" safe>
          {`Only ${offer.stock} in stock${fewer ? '' : ': tick the box above to take as many as there are'}.`}
        </p>
      ) : null}
      {short > 0 ? (
        <p class="hint warn" safe>
          {`Your balance is ${money(short, offer.currency)} short of ${count > 1 ? `${count} numbers` : 'this price'}.`}
        </p>
      ) : offer.stock === 0 ? null : (
        <p class="hint">Held now, charged only when the code arrives. Otherwise it all comes back.</p>
      )}
    </div>
  );
}
