/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { majorText } from '../../src/lib/money.ts';
import { countryName, minutesInWords } from '../format.ts';
import type { FormView, PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { Country } from '../parts/marks.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';
import { attr } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { CatalogueFrame, FirstSteps, Pages } from './frame.tsx';
import type { PriceRowView, PricesView } from './model.ts';
import { Select } from './select.tsx';

/** Prices of a service, of a country or of all, each changed where it stands. */
export function PricesPage({ page, view }: { page: PageContext; view: PricesView }): JSX.Element {
  const { filter } = view;
  const form = { values: { country: filter.country }, errors: {} };
  const to = (number: number) => withQuery(paths.prices, { country: filter.country, service: filter.service, page: String(number) });
  const isFiltered = filter.country !== '' || filter.service !== '';
  return (
    <CatalogueFrame page={page} view={view} tab="prices" title="Prices">
      <search>
        <form method="get" action={paths.prices} class="list-filter">
          <Select
            form={form}
            name="country"
            id="filter-country"
            label="Country"
            none="All countries"
            choices={view.countries.map((slug) => ({ slug, name: countryName(slug) }))}
          />
          <ServiceInput id="filter-service" value={filter.service} label="Service" error={null} />
          <button type="submit" class="secondary">
            Show
          </button>
        </form>
      </search>
      <Services view={view} />
      {view.empty ? (
        <FirstSteps />
      ) : view.rows.length === 0 ? (
        <p class="empty">
          <strong>No price here.</strong> Set one below{isFiltered ? ', or ' : '.'}
          {isFiltered ? <a href={paths.prices}>show all prices</a> : null}
        </p>
      ) : (
        <>
          <p
            class="muted"
            safe
          >{`${view.found === 1 ? '1 price' : `${view.found} prices`}, in ${view.currency}. Open orders keep the price they were made at.`}</p>
          <ul class="price-list">
            {view.rows.map((row) => (
              <PriceRow row={row} view={view} />
            ))}
          </ul>
        </>
      )}
      <Pages page={view.page} to={to} what="prices" />
      <NewPrice view={view} />
      <Many view={view} />
    </CatalogueFrame>
  );
}

/** What a browser offers to complete a slug with. */
function Services({ view }: { view: PricesView }): JSX.Element {
  return (
    <datalist id="services">
      {view.services.map(({ slug, name }) => (
        <option value={attr(slug)} safe>
          {name}
        </option>
      ))}
    </datalist>
  );
}

function ServiceInput({ id, value, label, error }: { id: string; value: string; label: string; error: FormView | null }): JSX.Element {
  return (
    <div class="field">
      <label for={attr(id)} safe>
        {label}
      </label>
      <input
        id={attr(id)}
        name="service"
        list="services"
        value={attr(value)}
        maxlength={40}
        autocomplete="off"
        placeholder="such as telegram"
        aria-invalid={error?.errors['service'] ? 'true' : undefined}
      />
      {error === null ? null : <FieldError form={error} name="service" />}
    </div>
  );
}

function Where({ view }: { view: PricesView }): JSX.Element {
  return (
    <>
      <input type="hidden" name="at_country" value={attr(view.filter.country)} />
      <input type="hidden" name="at_service" value={attr(view.filter.service)} />
      <input type="hidden" name="at_page" value={String(view.page.number)} />
    </>
  );
}

function PriceRow({ row, view }: { row: PriceRowView; view: PricesView }): JSX.Element {
  const key = `${row.country}/${row.service}/${row.carrier}`;
  const refused = view.refused?.key === key ? view.refused.form : null;
  const id = `p-${key.replaceAll('/', '-')}`;
  const said = `${row.serviceName}, ${countryName(row.country)}${row.carrier === '' ? '' : `, ${row.carrier}`}`;
  const price = refused?.values['price'] ?? majorText(row.priceMinor, view.currency);
  const window = refused?.values['window'] ?? (row.windowMinutes === null ? '' : String(row.windowMinutes));
  return (
    <li data-price={attr(key)}>
      <div class="price-what">
        <b>
          <ServiceMark service={row.service} name={row.serviceName} /> <span safe>{row.serviceName}</span>
        </b>{' '}
        <Country country={row.country} />
        {row.carrier === '' ? null : (
          <span class="muted" safe>
            {` ${row.carrier}`}
          </span>
        )}
        {row.hidden ? (
          <span class="badge" data-level="bad">
            hidden
          </span>
        ) : null}
        {row.denied ? (
          <span class="badge" data-level="bad">
            denied: not offered
          </span>
        ) : null}
      </div>
      <form method="post" action={paths.prices} aria-label={attr(`Price of ${said}`)}>
        <Where view={view} />
        <input type="hidden" name="country" value={attr(row.country)} />
        <input type="hidden" name="service" value={attr(row.service)} />
        <input type="hidden" name="carrier" value={attr(row.carrier)} />
        <RowInput id={`${id}-price`} name="price" label={`Price, ${view.currency}`} value={price} form={refused} placeholder="" />
        <RowInput
          id={`${id}-window`}
          name="window"
          label="Window, minutes"
          value={window}
          form={refused}
          placeholder={String(view.windowMinutes)}
        />
        <button type="submit" class="secondary small">
          Save
        </button>
        <button type="submit" class="secondary outline small" name="remove" value="1" aria-label={attr(`Remove the price of ${said}`)}>
          Remove
        </button>
        {refused === null ? null : <FormError form={refused} />}
      </form>
    </li>
  );
}

interface RowInputProps {
  id: string;
  name: string;
  label: string;
  value: string;
  form: FormView | null;
  placeholder: string;
}

function RowInput({ id, name, label, value, form, placeholder }: RowInputProps): JSX.Element {
  const error = form?.errors[name];
  return (
    <div class="field">
      <label for={attr(id)} safe>
        {label}
      </label>
      <input
        id={attr(id)}
        name={name}
        value={attr(value)}
        inputmode="decimal"
        maxlength={20}
        autocomplete="off"
        placeholder={attr(placeholder)}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
      />
      {form === null ? null : <FieldError form={form} name={name} />}
    </div>
  );
}

function NewPrice({ view }: { view: PricesView }): JSX.Element {
  const { form, filter } = view;
  const values = { country: filter.country, service: filter.service, ...form.values };
  const typed = { values, errors: form.errors };
  return (
    <section class="panel" id="new-price" aria-labelledby="new-price-title">
      <h2 id="new-price-title">Set a price</h2>
      <form method="post" action={paths.prices} class="list-filter">
        <input type="hidden" name="new" value="1" />
        <Where view={view} />
        <FormError form={typed} />
        <Field form={typed} name="country" label="Country" maxlength={10} hint={countryHint(view.simCountries)} />
        <ServiceInput id="service" value={values.service} label="Service" error={typed} />
        <Field form={typed} name="carrier" label="Carrier" maxlength={40} required={false} hint="Empty: SIMs of any." />
        <Field
          form={typed}
          name="price"
          label={`Price, ${view.currency}`}
          maxlength={20}
          hint={`Such as ${majorText(45, view.currency)}.`}
        />
        <Field
          form={typed}
          name="window"
          label="Window, minutes"
          maxlength={20}
          required={false}
          hint={`Empty: ${minutesInWords(view.windowMinutes)}.`}
        />
        <button type="submit">Set</button>
      </form>
    </section>
  );
}

function countryHint(simCountries: readonly string[]): string {
  return simCountries.length === 0 ? 'Two letters, such as gb.' : `Two letters. You have SIMs of ${simCountries.slice(0, 8).join(', ')}.`;
}

function Many({ view }: { view: PricesView }): JSX.Element {
  const { many } = view;
  return (
    <details class="panel more" open={Object.keys(many.errors).length > 0}>
      <summary>Set many prices at once</summary>
      <p class="muted">
        You see every price that would change before anything is done. For percentages use <a href={paths.priceRules}>price rules</a>, for
        all prices a <a href={paths.priceFiles}>price list</a>.
      </p>
      <form method="post" action={paths.pricesMany} class="list-filter">
        <FormError form={many} />
        <Select form={many} name="category" id="many-category" label="Category" none="None: the service beside" choices={view.categories} />
        <ServiceInput id="many-service" value={many.values['service'] ?? ''} label="Service" error={many} />
        <Field
          form={many}
          name="countries"
          label="Countries"
          maxlength={1000}
          required={false}
          hint="Such as gb, de. Empty: all with prices or SIMs."
        />
        <Field form={many} name="many_price" label={`Price, ${view.currency}`} maxlength={20} />
        <Field form={many} name="many_window" label="Window, minutes" maxlength={20} required={false} hint="Empty: as it is." />
        <label class="inline">
          <input type="checkbox" name="create" value="1" checked={many.values['create'] === '1'} /> Also where there is no price yet
        </label>
        <button type="submit" class="secondary">
          Look what would change
        </button>
      </form>
    </details>
  );
}
