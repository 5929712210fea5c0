/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { FormView, PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { attr, Foreign } from '../parts/text.tsx';
import { paths, rulePath, withQuery } from '../paths.ts';
import { RulesFrame } from './frame.tsx';
import type { RuleListView, RuleRowView, RulesHeadView } from './model.ts';

/** All services with rules, to search, and the way to a new one. */
export function RuleListPage({ page, view }: { page: PageContext; view: RuleListView }): JSX.Element {
  const { filter } = view;
  return (
    <RulesFrame page={page} view={view} tab="services" title="Rules">
      <search>
        <form method="get" action={paths.rules} class="rule-filter">
          <label>
            Name
            <input type="search" name="q" value={attr(filter.q)} maxlength={60} autocomplete="off" />
          </label>
          <label>
            Category
            <select name="category">
              <option value="">All</option>
              {view.categories.map((category) => (
                <option value={attr(category)} selected={category === filter.category} safe>
                  {category}
                </option>
              ))}
            </select>
          </label>
          <label class="inline">
            <input type="checkbox" name="changed" value="1" checked={filter.changed} /> Changed here
          </label>
          <button type="submit" class="small">
            Show
          </button>
        </form>
      </search>
      <p class="muted">
        <span safe>{`${view.found} of ${view.total} services.`}</span> A service that nobody wrote rules for works from its name alone.{' '}
        <a href={paths.rulesNew}>Write rules for a new one</a>
      </p>
      {view.services.length === 0 ? (
        <p class="empty">
          <strong>None fits.</strong> Search for another part of the name, or <a href={paths.rules}>show all</a>.
        </p>
      ) : (
        <ul class="rule-list">
          {view.services.map((row) => (
            <Row row={row} />
          ))}
        </ul>
      )}
      <Pages view={view} />
    </RulesFrame>
  );
}

/** The way through a long list; nothing where one page holds it. */
function Pages({ view: { filter, page } }: { view: RuleListView }): JSX.Element {
  if (page.count === 1) return '';
  const to = (number: number) =>
    attr(withQuery(paths.rules, { q: filter.q, category: filter.category, changed: filter.changed ? '1' : '', page: String(number) }));
  return (
    <nav class="rule-pages" aria-label="Pages of services">
      {page.number > 1 ? (
        <a rel="prev" href={to(page.number - 1)}>
          Previous
        </a>
      ) : null}
      <span class="muted" safe>{`Page ${page.number} of ${page.count}`}</span>
      {page.number < page.count ? (
        <a rel="next" href={to(page.number + 1)}>
          Next
        </a>
      ) : null}
    </nav>
  );
}

function Row({ row }: { row: RuleRowView }): JSX.Element {
  return (
    <li data-slug={attr(row.slug)}>
      <a href={attr(rulePath(row.slug))}>
        <Foreign text={row.name} />
      </a>{' '}
      <small class="muted">
        <span class="mono" safe>
          {row.slug}
        </span>{' '}
        <span safe>{row.category}</span>
      </small>
      {row.denied === null ? null : (
        <span class="badge" data-level="bad" safe>
          {`denied: ${row.denied}`}
        </span>
      )}
      {row.own ? <span class="badge">own</span> : null}
      {row.isPublishedChange && !row.own ? (
        <span class="badge" data-level="good">
          changed
        </span>
      ) : null}
      {row.isDraftChange ? (
        <span class="badge" data-level="busy">
          in your draft
        </span>
      ) : null}
    </li>
  );
}

/** A new service begins with its name; the rest is written in the editor. */
export function NewRulePage({ page, view }: { page: PageContext; view: RulesHeadView & { form: FormView } }): JSX.Element {
  return (
    <RulesFrame page={page} view={view} tab={null} title="New service">
      <form method="post" action={paths.rulesNew} class="panel narrow">
        <FormError form={view.form} />
        <Field
          form={view.form}
          name="name"
          label="Name"
          maxlength={60}
          hint="As people write it, for example Acme Taxi. Its slug is made of it."
        />
        <Field
          form={view.form}
          name="slug"
          label="Slug"
          maxlength={40}
          required={false}
          hint="Only if the name has no Latin letters: lower-case letters, digits and hyphens."
        />
        <Field
          form={view.form}
          name="category"
          label="Category"
          maxlength={30}
          required={false}
          hint="Only for finding it, for example shops."
        />
        <button type="submit">Write its rules</button>
      </form>
    </RulesFrame>
  );
}
