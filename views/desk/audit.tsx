/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { AuditEntry } from '../../src/admin/audit.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Day } from '../parts/field.tsx';
import { attr, Time } from '../parts/text.tsx';
import { paths, withQuery } from '../paths.ts';
import { AuditRows } from './audit-rows.tsx';
import { Choice, DeskStyle, Older, Typed } from './parts.tsx';

export interface AuditTyped {
  who: string;
  action: string;
  target: string;
  q: string;
  from: string;
  to: string;
}

export interface AuditView {
  nowMs: number;
  typed: AuditTyped;
  actions: readonly string[];
  problem: { field: 'who' | 'from'; message: string } | null;
  entries: readonly AuditEntry[];
  nextCursor: string | null;
  lookedBackToMs: number | null;
}

/** What operators did and saw: by whom, what, about what, when. */
export function AuditPage({ page, view }: { page: PageContext; view: AuditView }): JSX.Element {
  const { typed, entries, problem } = view;
  const isFiltered = Object.values(typed).some((one) => one !== '');
  const dayProblem = problem?.field === 'from' ? problem.message : null;
  const errorId = dayProblem === null ? null : 'days-problem';
  return (
    <Layout page={page} title="Audit log" head={DeskStyle} nowMs={view.nowMs}>
      <h1>Audit log</h1>
      <p class="muted">
        What operators did, on these pages and by command, and which texts they were shown. Nothing in it can be changed or deleted; no code
        and no password stands in it.
      </p>
      <form method="get" action={paths.audit} class="filter desk-filter" aria-label="Find entries">
        <Typed
          name="who"
          label="Who"
          value={typed.who}
          placeholder="Address, or: by command"
          problem={problem?.field === 'who' ? problem.message : undefined}
        />
        <Choice
          name="action"
          label="What"
          value={typed.action}
          options={[['', 'All'], ...view.actions.map((action) => [action, action] as const)]}
        />
        <Typed name="target" label="About" value={typed.target} placeholder="usr_…, ord_…, a slot" />
        <Typed name="q" label="Words" value={typed.q} placeholder="In the text" />
        <Day name="from" label="From" value={typed.from} errorId={errorId} />
        <Day name="to" label="To" value={typed.to} errorId={errorId} />
        <button type="submit" class="secondary">
          Find
        </button>
      </form>
      {dayProblem === null ? null : (
        <p id="days-problem" class="problem" role="alert" safe>
          {dayProblem}
        </p>
      )}
      {entries.length > 0 ? (
        <>
          <p>
            <a href={attr(withQuery(`${paths.audit}.csv`, { ...typed }))}>{isFiltered ? 'What matches, as CSV' : 'All of it as CSV'}</a>
          </p>
          <AuditRows entries={entries} nowMs={view.nowMs} />
        </>
      ) : problem === null && view.lookedBackToMs === null ? (
        <p class="empty">
          {isFiltered ? (
            <>
              Nothing matches. <a href={paths.audit}>Show all</a>
            </>
          ) : (
            'No operator has done anything yet.'
          )}
        </p>
      ) : null}
      {view.lookedBackToMs === null ? null : (
        <p class="muted" role="status">
          Looked through back to <Time atMs={view.lookedBackToMs} />.
        </p>
      )}
      <Older
        path={paths.audit}
        query={{ ...typed }}
        cursor={view.nextCursor}
        label={view.lookedBackToMs === null ? 'Older' : 'Look further back'}
      />
    </Layout>
  );
}
