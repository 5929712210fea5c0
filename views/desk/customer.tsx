/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import type { SignInOutcome } from '../../src/accounts/sign-ins.ts';
import type { Profile } from '../../src/customers/profile.ts';
import { money, numberGrouped, STATUS_WORDS } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { deskOrderPath, paths, supportPath, withQuery } from '../paths.ts';
import { AuditRows } from './audit-rows.tsx';
import { AccessForms, BalanceForm, LimitsForm } from './customer-forms.tsx';
import { CUSTOMER_STATES } from './customers.tsx';
import { LedgerRows } from './ledger-rows.tsx';
import { DeskStyle, Fact, mayAct, Rows } from './parts.tsx';

export interface CustomerView extends Profile {
  nowMs: number;
  /** What was typed into which form, and what is wrong with it. */
  forms: Record<'balance' | 'limits' | 'access', FormView>;
  formKey: string;
  houseLimits: { openOrders: number; ordersADay: number };
  canMail: boolean;
  isSelf: boolean;
}

/** One customer: what they have, did and bought, and what an operator may do about them. */
export function CustomerPage({ page, view }: { page: PageContext; view: CustomerView }): JSX.Element {
  const { customer, nowMs } = view;
  return (
    <Layout page={page} title={customer.email} head={DeskStyle} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.customers}>Customers</a>
      </p>
      <h1>
        <Foreign text={customer.email} />
      </h1>
      <Facts view={view} />
      {mayAct(page) ? (
        <section aria-labelledby="act-title">
          <h2 id="act-title">What you can do</h2>
          <div class="desk-columns">
            <BalanceForm view={view} />
            <LimitsForm view={view} />
            <AccessForms view={view} />
          </div>
        </section>
      ) : null}
      <Listed
        title="Orders"
        href={withQuery(paths.deskOrders, { customer: customer.email })}
        isEmpty={view.orders.length === 0}
        empty="No orders yet."
      >
        <Rows label="Orders" heads={['Order', 'Status', 'Number', { amount: 'Price' }, 'Made']}>
          {view.orders.map((order) => (
            <tr>
              <th scope="row">
                <a href={attr(deskOrderPath(order.id))} safe>
                  {`${order.service}, ${order.country.toUpperCase()}`}
                </a>
              </th>
              <td data-head="Status" safe>
                {STATUS_WORDS[order.status]}
              </td>
              <td data-head="Number" class="mono" safe>
                {numberGrouped(order.number)}
              </td>
              <td data-head="Price" class="mono amount" safe>
                {money(order.priceMinor, order.currency)}
              </td>
              <td data-head="Made">
                <Time atMs={order.createdAtMs} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </Rows>
      </Listed>
      <Listed title="Rentals" href={null} isEmpty={view.rentals.length === 0} empty="No rentals yet.">
        <Rows label="Rentals" heads={['Number', 'Status', { amount: 'Price' }, 'From', 'To']}>
          {view.rentals.map((rental) => (
            <tr>
              <th scope="row" class="mono" safe>
                {numberGrouped(rental.number)}
              </th>
              <td data-head="Status" safe>{`${rental.status} (${rental.reason.replaceAll('_', ' ')})`}</td>
              <td data-head="Price" class="mono amount" safe>
                {money(rental.priceMinor, rental.currency)}
              </td>
              <td data-head="From">
                <Time atMs={rental.startsAtMs} nowMs={nowMs} />
              </td>
              <td data-head="To">
                <Time atMs={rental.endsAtMs} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </Rows>
      </Listed>
      <Listed
        title="Ledger"
        href={withQuery(paths.deskLedger, { customer: customer.email })}
        isEmpty={view.ledger.length === 0}
        empty="No money moved yet."
      >
        <LedgerRows lines={view.ledger} currency={view.balance.currency} nowMs={nowMs} withBalances />
      </Listed>
      <SignIns view={view} />
      <Listed
        title="Tickets"
        href={withQuery(paths.support, { q: customer.email })}
        isEmpty={view.tickets.length === 0}
        empty="Never wrote."
      >
        <ul>
          {view.tickets.map((ticket) => (
            <li>
              <a class="mono" href={attr(supportPath(ticket.id))} safe>
                {ticket.number}
              </a>{' '}
              <span safe>{ticket.state}</span>, <Time atMs={ticket.updatedAtMs} nowMs={nowMs} />
            </li>
          ))}
        </ul>
      </Listed>
      <Listed
        title="What operators did"
        href={withQuery(paths.audit, { target: customer.id })}
        isEmpty={view.audit.length === 0}
        empty="Nothing."
      >
        <AuditRows entries={view.audit} nowMs={nowMs} />
      </Listed>
    </Layout>
  );
}

function Facts({ view }: { view: CustomerView }): JSX.Element {
  const { customer, balance, keys, webhooks, nowMs } = view;
  const { word, level } = CUSTOMER_STATES[customer.state];
  return (
    <dl class="facts panel">
      <Fact name="State">
        <span class="badge" data-level={level} safe>
          {word}
        </span>{' '}
        {customer.role === 'operator' ? <span class="role">operator</span> : null}
      </Fact>
      <Fact name="Available">
        <b class="mono" safe>
          {money(balance.availableMinor, balance.currency)}
        </b>
      </Fact>
      <Fact name="Held">
        <span class="mono" safe>
          {money(balance.heldMinor, balance.currency)}
        </span>
      </Fact>
      <Fact name="Open orders">
        <span class="mono">{view.openOrders}</span>
      </Fact>
      <Fact name="Signed in">
        <span safe>{view.sessions === 0 ? 'nowhere' : view.sessions === 1 ? 'in one browser' : `in ${view.sessions} browsers`}</span>
        {customer.hasPassword ? '' : '; no password is set'}
      </Fact>
      <Fact name="Since">
        <Time atMs={customer.createdAtMs} nowMs={nowMs} />
      </Fact>
      <Fact name="Terms">
        {customer.termsVersion === null ? 'not accepted: made by an operator' : <span safe>{`version ${customer.termsVersion}`}</span>}
      </Fact>
      <Fact name="Id">
        <code class="plain" safe>
          {customer.id}
        </code>
      </Fact>
      <div class="wide">
        <dt>Purpose</dt>
        <dd>{customer.purpose === null ? 'not stated' : <Foreign text={customer.purpose} />}</dd>
      </div>
      {keys.length === 0 ? null : (
        <div class="wide">
          <dt>API keys</dt>
          {keys.map((key) => (
            <dd>
              <code class="plain" safe>{`${key.prefix}…`}</code> <Foreign text={key.name} />,{' '}
              {key.lastUsedAtMs === null ? (
                'never used'
              ) : (
                <>
                  used <Time atMs={key.lastUsedAtMs} nowMs={nowMs} />
                </>
              )}
            </dd>
          ))}
        </div>
      )}
      {webhooks.length === 0 ? null : (
        <div class="wide">
          <dt>Webhooks</dt>
          {webhooks.map((webhook) => (
            <dd>
              <Foreign text={webhook.url} /> <span safe>{webhook.state}</span>
            </dd>
          ))}
        </div>
      )}
    </dl>
  );
}

interface ListedProps {
  title: string;
  /** Where all of them are. */
  href: string | null;
  isEmpty: boolean;
  empty: string;
}

function Listed({ title, href, isEmpty, empty, children }: PropsWithChildren<ListedProps>): JSX.Element {
  const id = `${title.toLowerCase().replaceAll(' ', '-')}-title`;
  return (
    <section aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id} safe>
          {title}
        </h2>
        {href === null || isEmpty ? null : (
          <a href={attr(href)} aria-label={attr(`All of them: ${title}`)}>
            All of them
          </a>
        )}
      </div>
      {isEmpty ? (
        <p class="muted" safe>
          {empty}
        </p>
      ) : (
        children
      )}
    </section>
  );
}

const OUTCOMES: Record<SignInOutcome, { word: string; level: string }> = {
  signed_in: { word: 'signed in', level: 'good' },
  signed_up: { word: 'signed up', level: 'good' },
  wrong_password: { word: 'wrong password', level: 'bad' },
  waiting: { word: 'not let in yet', level: 'busy' },
  blocked: { word: 'suspended', level: 'bad' },
};

function SignIns({ view }: { view: CustomerView }): JSX.Element {
  return (
    <Listed title="Sign-ins" href={null} isEmpty={view.signIns.length === 0} empty="None in the last 90 days.">
      <Rows label="Sign-ins" heads={['When', 'Outcome', 'From', 'Browser']}>
        {view.signIns.map((signIn) => (
          <tr>
            <th scope="row">
              <Time atMs={signIn.atMs} nowMs={view.nowMs} />
            </th>
            <td data-head="Outcome">
              <span class="badge" data-level={OUTCOMES[signIn.outcome].level} safe>
                {OUTCOMES[signIn.outcome].word}
              </span>
            </td>
            <td data-head="From" class="mono">
              <Foreign text={signIn.address} />
            </td>
            <td data-head="Browser">{signIn.userAgent === '' ? 'not stated' : <Foreign text={signIn.userAgent} />}</td>
          </tr>
        ))}
      </Rows>
    </Listed>
  );
}
