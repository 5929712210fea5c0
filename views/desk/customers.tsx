/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { CustomerRow, CustomerState } from '../../src/customers/search.ts';
import { day, money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign } from '../parts/text.tsx';
import { customerPath, paths } from '../paths.ts';
import { Choice, DeskStyle, Older, Rows, Typed } from './parts.tsx';

export interface CustomersView {
  customers: readonly CustomerRow[];
  filter: { query: string; state: CustomerState | null };
  /** Why nothing was looked for, or null. */
  problem: string | null;
  waiting: number;
  nextCursor: string | null;
  currency: string;
}

export const CUSTOMER_STATES: Record<CustomerState, { word: string; level: string }> = {
  active: { word: 'active', level: 'good' },
  waiting: { word: 'waits to be let in', level: 'busy' },
  blocked: { word: 'suspended', level: 'bad' },
};

/** Everybody with an account, and a search for one of them. */
export function CustomersPage({ page, view }: { page: PageContext; view: CustomersView }): JSX.Element {
  const { filter, customers, waiting } = view;
  const isFiltered = filter.query !== '' || filter.state !== null;
  return (
    <Layout page={page} title="Customers" head={DeskStyle}>
      <h1>Customers</h1>
      {waiting > 0 && filter.state !== 'waiting' ? (
        <p class="notice">
          <a href={`${paths.customers}?state=waiting`} safe>
            {waiting === 1 ? 'One person waits to be let in' : `${waiting} people wait to be let in`}
          </a>
        </p>
      ) : null}
      <form method="get" action={paths.customers} class="filter desk-filter" aria-label="Find customers">
        <Typed
          name="q"
          label="Search"
          value={filter.query}
          placeholder="Part of an address, or usr_…"
          problem={view.problem ?? undefined}
        />
        <Choice
          name="state"
          label="State"
          value={filter.state ?? ''}
          options={[['', 'All'], ...Object.entries(CUSTOMER_STATES).map(([state, { word }]) => [state, word] as const)]}
        />
        <button type="submit" class="secondary">
          Find
        </button>
      </form>
      {customers.length > 0 ? (
        <Rows
          label="Customers"
          heads={['Customer', 'State', { amount: 'Available' }, { amount: 'Held' }, { amount: 'Open orders' }, 'Since']}
        >
          {customers.map((customer) => (
            <Row customer={customer} currency={view.currency} />
          ))}
        </Rows>
      ) : view.problem === null ? (
        <p class="empty">
          {isFiltered ? 'Nobody matches.' : 'Nobody has an account yet.'}{' '}
          {isFiltered ? <a href={paths.customers}>Show all</a> : 'Who signs up appears here.'}
        </p>
      ) : null}
      <Older path={paths.customers} query={{ q: filter.query, state: filter.state }} cursor={view.nextCursor} />
    </Layout>
  );
}

function Row({ customer, currency }: { customer: CustomerRow; currency: string }): JSX.Element {
  const { word, level } = CUSTOMER_STATES[customer.state];
  return (
    <tr data-customer-id={attr(customer.id)}>
      <th scope="row">
        <a href={attr(customerPath(customer.id))}>
          <Foreign text={customer.email} />
        </a>
        {customer.role === 'operator' ? <span class="role">operator</span> : null}
      </th>
      <td data-head="State">
        <span class="badge" data-level={level} safe>
          {word}
        </span>
      </td>
      <td data-head="Available" class="mono amount" safe>
        {money(customer.availableMinor, currency)}
      </td>
      <td data-head="Held" class="mono amount" safe>
        {money(customer.heldMinor, currency)}
      </td>
      <td data-head="Open orders" class="mono amount">
        {customer.openOrders}
      </td>
      <td data-head="Since" class="mono day" safe>
        {day(customer.createdAtMs)}
      </td>
    </tr>
  );
}
