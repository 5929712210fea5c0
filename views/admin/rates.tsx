/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { countryName } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { Country } from '../parts/marks.tsx';
import { attr } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { type RatesView, UNITS, type Unit } from '../rentals/model.ts';
import { RentalStyle } from '../rentals/style.tsx';

/** What a whole number costs by country, for the operator to set. */
export function RatesPage({ page, view }: { page: PageContext; view: RatesView }): JSX.Element {
  return (
    <Layout page={page} title="Rates" head={RentalStyle}>
      <h1>Rates of long rent</h1>
      <p class="muted">
        What a whole number costs for an hour, a day of 24 hours, a week. A unit without a price is not offered. Rentals that run keep what
        they cost; their extensions cost what is shown then.
      </p>
      {view.done ? (
        <p class="notice" role="status" safe>
          {view.done}
        </p>
      ) : null}
      {view.rates.length === 0 ? (
        <p class="empty">No whole numbers are rented out yet. Set the first country below.</p>
      ) : (
        <ul class="rates">
          {view.rates.map((rate) => (
            <RateRow rate={rate} currency={view.currency} />
          ))}
        </ul>
      )}
      <NewRate view={view} />
    </Layout>
  );
}

function priceLabel(unit: Unit, currency: string): string {
  return `${unit === 'hour' ? 'An' : 'A'} ${unit}, ${currency}`;
}

function RateRow({ rate, currency }: { rate: RatesView['rates'][number]; currency: string }): JSX.Element {
  const { country } = rate;
  return (
    <li class="panel">
      <h2>
        <Country country={country} />{' '}
        <small class="muted" safe>
          {rate.stock === 1 ? '1 number free now' : `${rate.stock} numbers free now`}
        </small>
      </h2>
      <form method="post" action={paths.rates} class="rate-form" aria-label={attr(`Rates of ${countryName(country)}`)}>
        <input type="hidden" name="country" value={attr(country)} />
        {UNITS.map((unit) => (
          <div class="field">
            <label for={attr(`${country}-${unit}`)} safe>
              {priceLabel(unit, currency)}
            </label>
            <input
              id={attr(`${country}-${unit}`)}
              name={unit}
              inputmode="decimal"
              maxlength={20}
              placeholder="not offered"
              value={attr(rate.prices[unit])}
            />
          </div>
        ))}
        <button type="submit" class="secondary">
          Save
        </button>
      </form>
      <details class="sure">
        <summary>Take {<span safe>{countryName(country)}</span>} off…</summary>
        <form method="post" action={attr(`${paths.rates}/${encodeURIComponent(country)}/remove`)}>
          <button type="submit" class="secondary outline small">
            Rent out no more whole numbers
          </button>
        </form>
      </details>
    </li>
  );
}

function NewRate({ view }: { view: RatesView }): JSX.Element {
  const { form, currency } = view;
  return (
    <section class="panel" aria-labelledby="new-rate-title">
      <h2 id="new-rate-title">Set a country</h2>
      <FormError form={form} />
      <form method="post" action={paths.rates} class="rate-form">
        <Field form={form} name="country" label="Country" hint="Two letters, such as gb" maxlength={10} />
        {UNITS.map((unit) => (
          <Field form={form} name={unit} label={priceLabel(unit, currency)} hint="Empty: not offered" required={false} maxlength={20} />
        ))}
        <button type="submit" class="secondary">
          Save
        </button>
      </form>
    </section>
  );
}
