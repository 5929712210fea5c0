/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Balance } from '../dashboard/lists.tsx';
import { majorAmount } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { Field, FormError } from '../parts/field.tsx';
import { attr } from '../parts/text.tsx';
import { balancePath, paths, withQuery } from '../paths.ts';
import { Ledger } from './ledger.tsx';
import type { BalancePageView } from './model.ts';
import { PayForm } from './pay-form.tsx';
import { BalanceStyle } from './style.tsx';

/** What a customer can spend, how to have more, and every movement of their money. */
export function BalancePage({ page, view }: { page: PageContext; view: BalancePageView }): JSX.Element {
  const { kind, from, to } = view.filter;
  return (
    <Layout page={page} title="Balance" head={BalanceStyle}>
      <h1>Balance</h1>
      <Balance balance={view.balance} />
      <div class="top-up">
        <Redeem form={view.redeem} />
        {view.pay.providers.length === 0 ? null : <PayForm view={view.pay} />}
        <LowForm view={view} />
        <Otherwise />
      </div>
      <section aria-labelledby="ledger-title">
        <h2 id="ledger-title">Movements</h2>
        <Ledger view={view} />
        <p class="pager">
          {view.cursor === null ? null : (
            <a class="button secondary" href={attr(withQuery(paths.balance, { kind, from, to }))}>
              Newest
            </a>
          )}{' '}
          {view.nextCursor === null ? null : (
            <a class="button secondary" rel="next" href={attr(withQuery(paths.balance, { kind, from, to, cursor: view.nextCursor }))}>
              Older
            </a>
          )}
        </p>
      </section>
    </Layout>
  );
}

function Redeem({ form }: { form: FormView }): JSX.Element {
  return (
    <form method="post" action={balancePath('redeem')} class="panel" aria-labelledby="redeem-title">
      <h2 id="redeem-title">Redeem a voucher</h2>
      <FormError form={form} />
      <Field
        form={form}
        name="code"
        label="Voucher code"
        hint="Sixteen letters and digits, with or without hyphens; O and 0 or I and 1 are the same"
        autocomplete="off"
        maxlength={64}
      />
      <button type="submit">Redeem</button>
    </form>
  );
}

/** Below which the balance is marked as low; the mail of it is switched on elsewhere. */
function LowForm({ view: { low, lowMinor, balance } }: { view: BalancePageView }): JSX.Element {
  const form = { ...low, values: { low: lowMinor === 0 ? '' : majorAmount(lowMinor, balance.currency), ...low.values } };
  return (
    <form method="post" action={balancePath('low')} class="panel" aria-labelledby="low-title">
      <h2 id="low-title">Low balance</h2>
      <Field
        form={form}
        name="low"
        label={`Mark it as low below, in ${balance.currency}`}
        hint="What is available counts, not what is held. Empty: never."
        required={false}
        autocomplete="off"
        maxlength={14}
      />
      <button type="submit" class="secondary">
        Keep
      </button>{' '}
      <a href={paths.notifications}>Be told by mail</a>
    </form>
  );
}

function Otherwise(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="otherwise-title">
      <h2 id="otherwise-title">Top up otherwise</h2>
      <p>
        The operator of this box can credit you, for example after a bank transfer. <a href={paths.contact}>Ask the operator</a>
      </p>
      <p class="muted">
        Money on your balance pays for numbers. When no valid SMS comes, the price returns to it by itself; it is not paid out.
      </p>
    </section>
  );
}
