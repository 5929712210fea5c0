/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import type { Typed as TypedSearch } from '../../src/desk/query.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Day } from '../parts/field.tsx';
import { Time } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { Choice, DeskStyle, Older, Typed } from './parts.tsx';

export interface SearchView {
  nowMs: number;
  typed: TypedSearch;
  problem: { field: keyof TypedSearch; message: string } | null;
  nextCursor: string | null;
  lookedBackToMs: number | null;
}

interface SearchProps {
  page: PageContext;
  view: SearchView;
  title: 'Orders' | 'Messages';
  states: readonly (readonly [string, string])[];
  placeholder: string;
  isEmpty: boolean;
}

const TABS = [
  ['Orders', paths.deskOrders],
  ['Messages', paths.deskMessages],
] as const;

/** A search over all orders, or all messages: its form, what was found, and how far it got. */
export function SearchPage({ page, view, title, states, placeholder, isEmpty, children }: PropsWithChildren<SearchProps>): JSX.Element {
  const { typed, problem } = view;
  const path = title === 'Orders' ? paths.deskOrders : paths.deskMessages;
  const isFiltered = Object.values(typed).some((one) => one !== '');
  const problemOf = (field: keyof TypedSearch): string | undefined => (problem?.field === field ? problem.message : undefined);
  const dayProblem = problemOf('from');
  return (
    <Layout page={page} title={title} head={DeskStyle} nowMs={view.nowMs}>
      <h1 safe>{title}</h1>
      <nav class="tabs" aria-label="What to look through">
        <ul>
          {TABS.map(([name, href]) => (
            <li>
              <a
                href={withQuery(href, { customer: typed.customer, from: typed.from, to: typed.to })}
                aria-current={name === title ? 'page' : undefined}
              >
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <form method="get" action={path} class="filter desk-filter" aria-label={`Find ${title.toLowerCase()}`}>
        <Typed name="q" label="Search" value={typed.q} placeholder={placeholder} problem={problemOf('q')} />
        <Typed name="customer" label="Customer" value={typed.customer} placeholder="Address or usr_…" problem={problemOf('customer')} />
        <Choice name="state" label="State" value={typed.state} options={states} />
        <Day name="from" label="From" value={typed.from} errorId={dayProblem === undefined ? null : 'days-problem'} />
        <Day name="to" label="To" value={typed.to} errorId={dayProblem === undefined ? null : 'days-problem'} />
        <button type="submit" class="secondary">
          Find
        </button>
      </form>
      {dayProblem === undefined ? null : (
        <p id="days-problem" class="problem" role="alert" safe>
          {dayProblem}
        </p>
      )}
      {isEmpty && problem === null && view.lookedBackToMs === null ? (
        <p class="empty">
          {isFiltered ? 'Nothing matches.' : 'There are none yet.'} {isFiltered ? <a href={path}>Show all</a> : ''}
        </p>
      ) : null}
      {children}
      {view.lookedBackToMs === null ? null : (
        <p class="muted" role="status">
          {isEmpty ? 'Nothing found' : 'Looked through'} back to <Time atMs={view.lookedBackToMs} />. A number, a customer or days make the
          search short.
        </p>
      )}
      <Older
        path={path}
        query={{ ...typed }}
        cursor={view.nextCursor}
        label={view.lookedBackToMs === null ? 'Older' : 'Look further back'}
      />
    </Layout>
  );
}
