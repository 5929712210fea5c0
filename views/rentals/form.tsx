/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import { countryName, minutesInWords, money } from '../format.ts';
import { ids } from '../ids.ts';
import { attr, Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { type PolicyView, type QuoteView, type RentFormView, UNITS, type Unit } from './model.ts';
import { rentQuoteOf } from './quote.ts';
import { termInWords } from './words.ts';

/** A changed choice fetches the line with price and button anew; without JavaScript the second button shows it by a GET of the page. */
const LIVE = {
  'hx-get': paths.rentalQuote,
  'hx-include': 'closest form',
  'hx-target': `#${ids.rentLine}`,
  'hx-swap': 'outerHTML',
  'hx-sync': 'closest form:replace',
};

/** The form that rents a number: country, how long, what for, when. The price and all that goes with it is said before. */
export function RentForm({ view }: { view: RentFormView }): JSX.Element {
  const { values } = view;
  return (
    <section id={ids.rent} class="panel buy" aria-labelledby="rent-title">
      <h2 id="rent-title">Rent a whole number</h2>
      {view.problem ? (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      ) : null}
      {view.countries.length === 0 ? (
        <p class="empty">No whole numbers are rented out yet: the operator has set no rates.</p>
      ) : (
        <form method="post" action={paths.rentals}>
          <input type="hidden" name="idempotency_key" value={attr(view.key)} />
          <Labelled id="rent-country" label="Country">
            <select id="rent-country" name="country" required {...LIVE}>
              {view.countries
                .map(({ country }) => ({ country, name: countryName(country) }))
                .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
                .map(({ country, name }) => (
                  <option value={attr(country)} selected={country === values.country} safe>
                    {name}
                  </option>
                ))}
            </select>
          </Labelled>
          <TermFields prefix="rent" values={values} live={LIVE} />
          <Labelled id="rent-service" label="What for">
            <select id="rent-service" name="service" {...LIVE}>
              <option value="" selected={values.service === ''}>
                Everything that arrives
              </option>
              {view.services
                .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
                .map(({ slug, name }) => (
                  <option value={attr(slug)} selected={slug === values.service} safe>
                    {`Codes of ${name} only`}
                  </option>
                ))}
            </select>
          </Labelled>
          <details open={values.starts !== '' || values.name !== ''}>
            <summary>Start later, or give it a name</summary>
            <Labelled id="rent-starts" label="Start, in UTC" hint={`Empty: at once. At most ${view.bookingDays} days ahead.`}>
              <input
                id="rent-starts"
                name="starts"
                type="datetime-local"
                value={attr(values.starts)}
                aria-describedby="rent-starts-hint"
                {...LIVE}
              />
            </Labelled>
            <Labelled id="rent-name" label="Name" hint="Yours to tell rentals apart.">
              <input id="rent-name" name="name" maxlength={60} value={attr(values.name)} aria-describedby="rent-name-hint" />
            </Labelled>
          </details>
          <RentLine view={view} />
          <noscript>
            <button type="submit" class="secondary outline" formmethod="get" formaction={paths.rentals} formnovalidate>
              Show the price of this choice
            </button>
          </noscript>
        </form>
      )}
    </section>
  );
}

/** Price, terms in words and the button, for what is chosen. */
export function RentLine({ view }: { view: RentFormView }): JSX.Element {
  const { quote, values, balance } = view;
  const price = 'priceMinor' in quote ? quote.priceMinor : null;
  const what = termInWords(values.unit, values.periods);
  const bookFromMs = view.stock === 0 ? bookable(view) : null;
  const canRent = price !== null && view.stock > 0;
  return (
    <div
      id={ids.rentLine}
      class="offer-line"
      hx-get={paths.rentalQuote}
      hx-trigger="every 15s"
      hx-include="closest form"
      hx-swap="outerHTML"
    >
      <input type="hidden" name="quote" value={attr(rentQuoteOf(values, quote))} />
      <dl class="facts">
        <div>
          <dt>Price</dt>
          <dd class="mono" data-price-minor={price ?? undefined} safe>
            {price === null ? '–' : money(price, balance.currency)}
          </dd>
        </div>
        <div>
          <dt>Free numbers</dt>
          <dd class="mono">{view.stock > 0 ? view.stock : 'none'}</dd>
        </div>
      </dl>
      {'whyNot' in quote ? (
        <p class="hint warn" safe>
          {quote.whyNot}
        </p>
      ) : null}
      {price !== null && view.stock === 0 ? (
        <p class="hint warn">
          No number is free for that time.
          {view.nextFreeAtMs === null ? (
            ' When one will be is not known.'
          ) : (
            <>
              {' '}
              The next one is free at <Time atMs={view.nextFreeAtMs} />, as far as is known now.
            </>
          )}
        </p>
      ) : null}
      <button id="rent-button" type="submit" disabled={!canRent} safe>
        {canRent ? `${values.starts === '' ? 'Rent' : 'Book'} for ${what} · ${money(price, balance.currency)}` : 'Not to be had'}
      </button>
      {bookFromMs === null || price === null ? null : (
        <button type="submit" class="secondary" name="starts_at" value={attr(new Date(bookFromMs).toISOString().slice(0, 16))}>
          <span safe>{`Book ${what} from then on · ${money(price, balance.currency)}`}</span>
        </button>
      )}
      {price !== null && price > balance.availableMinor ? (
        <p class="hint warn" safe>{`Your balance is ${money(price - balance.availableMinor, balance.currency)} short of this price.`}</p>
      ) : null}
      <Terms policy={view.policy} serviceName={values.serviceName} />
    </div>
  );
}

/** The next free time as a start that can be booked: whole minutes, no sooner than it is free, no later than is booked ahead. */
function bookable({ nextFreeAtMs, nowMs, bookingDays }: RentFormView): number | null {
  if (nextFreeAtMs === null) return null;
  const atMs = Math.ceil(nextFreeAtMs / 60_000) * 60_000;
  return atMs > nowMs && atMs <= nowMs + bookingDays * 86_400_000 ? atMs : null;
}

function Terms({ policy, serviceName }: { policy: PolicyView; serviceName: string }): JSX.Element {
  return (
    <ul class="rental-terms hint">
      <li>Held now, charged when the first SMS arrives. If none arrives in the whole rental, all of it comes back.</li>
      <li safe>
        {serviceName === ''
          ? `Every SMS to the number is yours alone${policy.denies ? '; messages of banks and other kinds that are not served here are left out' : ''}.`
          : `Only codes of ${serviceName} are yours; nothing else is shown, or charges you.`}
      </li>
      <li safe>
        {policy.refundUnused
          ? 'End it early, and whole periods that have not begun come back.'
          : 'It can be ended early; what is paid does not come back then.'}
      </li>
      <li safe>{`If its modem is out for more than ${minutesInWords(policy.outageMinutes)}, that time is added by itself.`}</li>
    </ul>
  );
}

/** A count and its unit. */
export function TermFields({
  prefix,
  values,
  live,
}: {
  prefix: string;
  values: { unit: Unit; periods: number };
  live: Record<string, string>;
}): JSX.Element {
  return (
    <fieldset class="term">
      <legend>How long</legend>
      <input
        name="periods"
        type="number"
        min="1"
        max="168"
        required
        aria-label="How many"
        id={`${prefix}-periods`}
        value={String(values.periods)}
        {...live}
        hx-trigger="input changed delay:250ms"
      />
      <select name="unit" aria-label="Hours, days or weeks" id={`${prefix}-unit`} {...live}>
        {UNITS.map((unit) => (
          <option value={unit} selected={unit === values.unit} safe>
            {`${unit}s`}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

export function Labelled({ id, label, hint, children }: PropsWithChildren<{ id: string; label: string; hint?: string }>): JSX.Element {
  return (
    <div class="field">
      <label for={id} safe>
        {label}
      </label>
      {children}
      {hint ? (
        <small id={`${id}-hint`} safe>
          {hint}
        </small>
      ) : null}
    </div>
  );
}

/** The price of a quote, or null. */
export function priceOfQuote(quote: QuoteView): number | null {
  return 'priceMinor' in quote ? quote.priceMinor : null;
}
