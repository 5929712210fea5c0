/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { money } from '../format.ts';
import type { PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { catalogueServicePath, paths, withQuery } from '../paths.ts';
import { CatalogueFrame, FirstSteps, Pages } from './frame.tsx';
import type { ServicesView } from './model.ts';
import { Select } from './select.tsx';

const SHOW = [
  { slug: 'priced', name: 'With prices' },
  { slug: 'hidden', name: 'Hidden' },
  { slug: 'own', name: 'Own' },
] as const;

/** Every service there is: known ones, own ones, with what they cost and whether they are shown. */
export function ServicesPage({ page, view }: { page: PageContext; view: ServicesView }): JSX.Element {
  const { filter } = view;
  const form = { values: { category: filter.category, show: filter.show }, errors: {} };
  const to = (number: number) => withQuery(paths.catalogue, { ...filter, page: String(number) });
  return (
    <CatalogueFrame page={page} view={view} tab="services" title="Catalogue">
      {view.empty ? <FirstSteps /> : null}
      <search>
        <form method="get" action={paths.catalogue} class="list-filter">
          <div class="field">
            <label for="q">Name</label>
            <input id="q" type="search" name="q" value={attr(filter.q)} maxlength={60} autocomplete="off" />
          </div>
          <Select form={form} name="category" id="filter-category" label="Category" none="All" choices={view.categories} />
          <Select form={form} name="show" label="Show" none="All" choices={SHOW} />
          <button type="submit" class="secondary">
            Show
          </button>
        </form>
      </search>
      <p class="muted" safe>{`${view.found} of ${view.total} services.`}</p>
      {view.services.length === 0 ? (
        <p class="empty">
          <strong>None fits.</strong> Search for another part of the name, <a href={paths.catalogue}>show all</a>, or add your own below.
        </p>
      ) : (
        <ul class="service-list">
          {view.services.map((service) => (
            <ServiceRow service={service} currency={view.currency} />
          ))}
        </ul>
      )}
      <Pages page={view.page} to={to} what="services" />
      <OwnService view={view} />
    </CatalogueFrame>
  );
}

function ServiceRow({ service, currency }: { service: ServicesView['services'][number]; currency: string }): JSX.Element {
  const { slug, name, prices, fromMinor } = service;
  return (
    <li data-service={attr(slug)} data-hidden={service.hidden ? '' : undefined}>
      <ServiceMark service={slug} name={name} />
      <span class="service-what">
        <a href={attr(withQuery(paths.prices, { service: slug }))}>
          <Foreign text={name} />
        </a>{' '}
        {service.own ? <span class="badge">own</span> : null}
        {service.hidden ? (
          <span class="badge" data-level="bad">
            hidden
          </span>
        ) : null}
        <small class="muted">
          <span class="mono" safe>
            {slug}
          </span>{' '}
          · <span safe>{service.categoryName}</span>
        </small>
      </span>
      <span class="service-price" safe>
        {fromMinor === null ? 'no price' : `${prices === 1 ? '1 price' : `${prices} prices`} from ${money(fromMinor, currency)}`}
      </span>
      <form method="post" action={attr(catalogueServicePath(slug, service.hidden ? 'show' : 'hide'))}>
        <button type="submit" class="secondary outline small" aria-label={attr(`${service.hidden ? 'Show' : 'Hide'} ${name}`)}>
          {service.hidden ? 'Show' : 'Hide'}
        </button>
      </form>
    </li>
  );
}

function OwnService({ view }: { view: ServicesView }): JSX.Element {
  const { form } = view;
  return (
    <details class="panel more" open={Object.keys(form.errors).length > 0}>
      <summary>Add a service of your own, or rename one</summary>
      <p class="muted">
        It works at once: messages are recognised by its slug. <a href={paths.rulesNew}>Write rules</a> if its messages name it otherwise. A
        slug that is yours already gets the new name and category.
      </p>
      <form method="post" action={catalogueServicePath(null)} class="list-filter">
        <FormError form={form} />
        <Field form={form} name="name" label="Name" maxlength={60} hint="As people write it, such as Acme Taxi." />
        <Field form={form} name="slug" label="Slug" maxlength={40} required={false} hint="Made of the name when empty." />
        <Select form={form} name="category" label="Category" choices={view.categories} />
        <button type="submit">Keep</button>
      </form>
    </details>
  );
}
