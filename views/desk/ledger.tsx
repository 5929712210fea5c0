/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { MovementRow } from '../../src/desk/ledger-search.ts';
import type { Typed as TypedSearch } from '../../src/desk/query.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Day } from '../parts/field.tsx';
import { Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';
import { KIND_WORDS, LedgerRows } from './ledger-rows.tsx';
import { Choice, DeskStyle, Older, Typed } from './parts.tsx';

export interface DeskLedgerView {
  nowMs: number;
  typed: TypedSearch;
  problem: { field: keyof TypedSearch; message: string } | null;
  movements: readonly MovementRow[];
  nextCursor: string | null;
  lookedBackToMs: number | null;
  currency: string;
}

/** The two pages of the books. */
export function LedgerTabs({ current }: { current: 'Movements' | 'Days' }): JSX.Element {
  const tabs = [
    ['Movements', paths.deskLedger],
    ['Days', paths.closings],
  ] as const;
  return (
    <nav class="tabs" aria-label="The books">
      <ul>
        {tabs.map(([name, href]) => (
          <li>
            <a href={href} aria-current={name === current ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Every movement of money, of all customers. */
export function DeskLedgerPage({ page, view }: { page: PageContext; view: DeskLedgerView }): JSX.Element {
  const { typed, problem, movements } = view;
  const isFiltered = Object.values(typed).some((one) => one !== '');
  const problemOf = (field: keyof TypedSearch): string | undefined => (problem?.field === field ? problem.message : undefined);
  const dayProblem = problemOf('from');
  const errorId = dayProblem === undefined ? null : 'days-problem';
  return (
    <Layout page={page} title="Ledger" head={DeskStyle} nowMs={view.nowMs}>
      <h1>Ledger</h1>
      <LedgerTabs current="Movements" />
      <form method="get" action={paths.deskLedger} class="filter desk-filter" aria-label="Find movements">
        <Typed name="q" label="Search" value={typed.q} placeholder="txn_…, ord_…, rnt_…, reason" problem={problemOf('q')} />
        <Typed name="customer" label="Customer" value={typed.customer} placeholder="Address or usr_…" problem={problemOf('customer')} />
        <Choice name="state" label="Kind" value={typed.state} options={[['', 'All'], ...Object.entries(KIND_WORDS)]} />
        <Day name="from" label="From" value={typed.from} errorId={errorId} />
        <Day name="to" label="To" value={typed.to} errorId={errorId} />
        <button type="submit" class="secondary">
          Find
        </button>
      </form>
      {dayProblem === undefined ? null : (
        <p id="days-problem" class="problem" role="alert" safe>
          {dayProblem}
        </p>
      )}
      {movements.length > 0 ? (
        <LedgerRows lines={movements} currency={view.currency} nowMs={view.nowMs} />
      ) : problem === null && view.lookedBackToMs === null ? (
        <p class="empty">
          {isFiltered ? (
            <>
              Nothing matches. <a href={paths.deskLedger}>Show all</a>
            </>
          ) : (
            'No money moved yet.'
          )}
        </p>
      ) : null}
      {view.lookedBackToMs === null ? null : (
        <p class="muted" role="status">
          Looked through back to <Time atMs={view.lookedBackToMs} />. A customer or days make the search short.
        </p>
      )}
      <Older
        path={paths.deskLedger}
        query={{ ...typed }}
        cursor={view.nextCursor}
        label={view.lookedBackToMs === null ? 'Older' : 'Look further back'}
      />
    </Layout>
  );
}
