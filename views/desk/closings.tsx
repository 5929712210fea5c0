/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { AccountKind, Closing, ClosingLine } from '../../src/ledger/closings.ts';
import { money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { closingPath, paths } from '../paths.ts';
import { LedgerTabs } from './ledger.tsx';
import { KIND_WORDS } from './ledger-rows.tsx';
import { DeskStyle, mayAct, Older, Rows } from './parts.tsx';

type Totals = Record<AccountKind, number>;

export interface ClosingsView {
  closings: readonly (Closing & { totals: Totals })[];
  /** Days that are over and not closed, oldest first; `more` when there are further ones. */
  open: { days: readonly string[]; more: boolean };
  zone: string;
  currency: string;
  /** Days before those of the first page. */
  isOlder: boolean;
  nextCursor: string | null;
}

export interface ClosingView {
  closing: Closing;
  lines: readonly ClosingLine[];
  totals: Totals;
  /** The entries were added up again just now, and gave the same. */
  isRight: boolean;
  currency: string;
}

const ACCOUNTS: readonly [AccountKind, string][] = [
  ['available', 'Available to customers'],
  ['held', 'Held for open orders'],
  ['revenue', 'Revenue'],
  ['funding', 'Funding'],
];

/** The days of the books: what was closed, and what can be. */
export function ClosingsPage({ page, view }: { page: PageContext; view: ClosingsView }): JSX.Element {
  const { closings, currency } = view;
  return (
    <Layout page={page} title="Closed days" head={DeskStyle}>
      <h1>Ledger</h1>
      <LedgerTabs current="Days" />
      <p class="muted">
        A day is closed once, by hand, and stays as it is: it covers a run of numbered entries which nothing can change, and what is written
        later counts for a later day. Days are those of <span safe>{view.zone}</span> ([ledger] time_zone).
      </p>
      <Open view={view} canClose={mayAct(page)} />
      {closings.length === 0 ? (
        view.open.days.length === 0 ? (
          ''
        ) : (
          <p class="empty">No day was closed yet.</p>
        )
      ) : (
        <>
          <p>
            <a href={`${paths.closings}.csv`}>All closed days as CSV</a>
          </p>
          <Rows label="Closed days" heads={['Day', ...ACCOUNTS.map(([, amount]) => ({ amount })), { amount: 'Sum' }, 'Closed']}>
            {closings.map((closing) => (
              <tr data-day={attr(closing.day)}>
                <th scope="row" class="mono">
                  <a href={attr(closingPath(closing.day))} safe>
                    {closing.day}
                  </a>
                </th>
                {ACCOUNTS.map(([account, word]) => (
                  <td data-head={word} class="mono amount" safe>
                    {money(closing.totals[account], currency)}
                  </td>
                ))}
                <td data-head="Sum" class="mono amount" safe>
                  {money(sumOf(closing.totals), currency)}
                </td>
                <td data-head="Closed">
                  <Time atMs={closing.closedAtMs} /> <Foreign text={closing.email} />
                </td>
              </tr>
            ))}
          </Rows>
        </>
      )}
      <Older path={paths.closings} query={{}} cursor={view.nextCursor} />
    </Layout>
  );
}

function Open({ view, canClose }: { view: ClosingsView; canClose: boolean }): JSX.Element {
  const { days, more } = view.open;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined)
    return view.closings.length > 0 || view.isOlder ? (
      <p class="notice">Every day that is over is closed.</p>
    ) : (
      <p class="empty" safe>{`No day is over yet: today can be closed from 00:00 ${view.zone}.`}</p>
    );
  const said =
    days.length === 1 ? `${first} is over and not closed.` : `${days.length} days are over and not closed, from ${first} to ${last}.`;
  return (
    <section class="panel" aria-label="Days to close">
      <p>
        <span safe>{said}</span> {more ? 'There are more after them.' : ''}
      </p>
      {canClose ? (
        <form method="post" action={paths.closings}>
          <input type="hidden" name="upto" value={attr(last)} />
          <p class="actions">
            <button type="submit" class="small" safe>
              {days.length === 1 ? `Close ${first}…` : `Close them up to ${last}…`}
            </button>
          </p>
        </form>
      ) : null}
    </section>
  );
}

/** One closed day: what was there, what moved, what was left. */
export function ClosingPage({ page, view }: { page: PageContext; view: ClosingView }): JSX.Element {
  const { closing, totals, currency } = view;
  const opening = view.lines.filter(({ kind }) => kind === 'opening');
  const kinds = [...new Set(view.lines.map(({ kind }) => kind))].filter((kind) => kind !== 'opening');
  return (
    <Layout page={page} title={`Books of ${closing.day}`} head={DeskStyle}>
      <p class="crumbs">
        <a href={paths.closings}>Days</a>
      </p>
      <h1 safe>{closing.day}</h1>
      <p class="muted">
        <Time atMs={closing.fromMs} /> to <Time atMs={closing.toMs} /> (<span safe>{closing.zone}</span>). Closed by{' '}
        <Foreign text={closing.email} />, <Time atMs={closing.closedAtMs} />. Entries {closing.firstEntry} to {closing.lastEntry}.
      </p>
      {view.isRight ? (
        <p class="notice" role="status">
          Added up again just now: the entries give what was kept, and everything sums to <span safe>{money(sumOf(totals), currency)}</span>
          .
        </p>
      ) : (
        <p class="problem" role="alert">
          Added up again just now, the entries do not give what was kept: somebody changed the database by other means. Keep the file as it
          is and compare it with a backup.
        </p>
      )}
      <table class="rows" aria-label="Opening, movements and closing">
        <thead>
          <tr>
            <th scope="col">Movement</th>
            <th scope="col" class="amount">
              Number
            </th>
            {ACCOUNTS.map(([, word]) => (
              <th scope="col" class="amount" safe>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Line name="Opening" count={null} lines={opening} currency={currency} />
          {kinds.map((kind) => {
            const lines = view.lines.filter((line) => line.kind === kind);
            const count = Math.max(...lines.map(({ movements }) => movements));
            return <Line name={wordOf(kind)} count={count} lines={lines} currency={currency} />;
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Closing</th>
            <td />
            {ACCOUNTS.map(([account, word]) => (
              <td data-head={word} class="mono amount" safe>
                {money(totals[account], currency)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      <p>
        <a href={attr(closingPath(closing.day, 'entries.csv'))}>Entries of this day as CSV</a>
      </p>
    </Layout>
  );
}

interface LineProps {
  name: string;
  count: number | null;
  lines: readonly ClosingLine[];
  currency: string;
}

function Line({ name, count, lines, currency }: LineProps): JSX.Element {
  return (
    <tr>
      <th scope="row" safe>
        {name}
      </th>
      {count === null ? (
        <td />
      ) : (
        <td data-head="Number" class="mono amount">
          {count}
        </td>
      )}
      {ACCOUNTS.map(([account, word]) => {
        const line = lines.find((one) => one.account === account);
        return (
          <td data-head={word} class="mono amount" safe>
            {line === undefined && count !== null ? '' : money(line?.amountMinor ?? 0, currency)}
          </td>
        );
      })}
    </tr>
  );
}

function wordOf(kind: string): string {
  return (KIND_WORDS as Record<string, string>)[kind] ?? kind;
}

function sumOf(totals: Totals): number {
  return Object.values(totals).reduce((sum, amount) => sum + amount, 0);
}
