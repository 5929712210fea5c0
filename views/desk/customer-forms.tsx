/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Field, FieldError, FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { customerPath, paths } from '../paths.ts';
import type { CustomerView } from './customer.tsx';
import { DeskStyle } from './parts.tsx';

/** Credit, or take money back; what will be is shown before it is done. */
export function BalanceForm({ view }: { view: CustomerView }): JSX.Element {
  const { customer, balance, forms } = view;
  const form = forms.balance;
  return (
    <form method="post" action={attr(customerPath(customer.id, 'balance'))} class="panel" aria-label="Balance">
      <h3>Balance</h3>
      <FormError form={form} />
      <input type="hidden" name="form_key" value={view.formKey} />
      <div class="field">
        <label for="direction">Do what</label>
        <select id="direction" name="direction">
          <option value="credit" selected={form.values['direction'] !== 'debit'}>
            Credit
          </option>
          <option value="debit" selected={form.values['direction'] === 'debit'}>
            Take money back
          </option>
        </select>
      </div>
      <Field form={form} name="amount" label={`Amount, ${balance.currency}`} hint="Such as 10 or 2.50" maxlength={20} autocomplete="off" />
      <Field
        form={form}
        name="reason"
        label="Reason"
        hint="The customer sees it. The same reason credits once, such as the number of a bank transfer."
        maxlength={200}
        autocomplete="off"
      />
      <button type="submit" class="small">
        Go on…
      </button>
    </form>
  );
}

/** What the customer may do beside what the house allows. */
export function LimitsForm({ view }: { view: CustomerView }): JSX.Element {
  const { customer, forms, houseLimits } = view;
  const form = forms.limits;
  const house = (limit: number): string => `Empty: as the house, ${limit === 0 ? 'no limit' : limit}. 0: no limit.`;
  return (
    <form method="post" action={attr(customerPath(customer.id, 'limits'))} class="panel" aria-label="Limits">
      <h3>Limits</h3>
      <FormError form={form} />
      <Field
        form={form}
        name="open_orders"
        label="Open orders at once"
        hint={house(houseLimits.openOrders)}
        maxlength={7}
        required={false}
        autocomplete="off"
      />
      <Field
        form={form}
        name="orders_a_day"
        label="Orders in 24 hours"
        hint={house(houseLimits.ordersADay)}
        maxlength={7}
        required={false}
        autocomplete="off"
      />
      <p class="hint">One order more is refused as limit_reached and costs nothing. What is open stays.</p>
      <button type="submit" class="small">
        Keep
      </button>
    </form>
  );
}

/** Letting in and keeping out, and help for who cannot sign in. */
export function AccessForms({ view }: { view: CustomerView }): JSX.Element {
  const { customer } = view;
  return (
    <section class="panel stacked" aria-label="Access">
      <h3>Access</h3>
      {customer.state === 'active' ? <Suspend view={view} /> : <LetIn view={view} />}
      {view.sessions === 0 ? null : (
        <form method="post" action={attr(customerPath(customer.id, 'sessions'))}>
          <p class="hint">For a lost phone or a borrowed browser. The password and API keys stay.</p>
          <button type="submit" class="small secondary">
            Sign out everywhere…
          </button>
        </form>
      )}
      {customer.state === 'blocked' ? null : <SignInHelp view={view} />}
    </section>
  );
}

function Suspend({ view }: { view: CustomerView }): JSX.Element {
  const { customer, forms, isSelf } = view;
  if (isSelf) return <p class="hint">This is you: only another operator can suspend you.</p>;
  return (
    <form method="post" action={attr(customerPath(customer.id, 'suspend'))}>
      <label for="why">Suspend, because</label>
      <input
        id="why"
        name="reason"
        maxlength={500}
        required
        autocomplete="off"
        value={attr(forms.access.values['reason'] ?? '')}
        aria-invalid={forms.access.errors['reason'] === undefined ? undefined : 'true'}
        aria-describedby={forms.access.errors['reason'] === undefined ? 'why-hint' : 'why-hint reason-error'}
      />
      <small id="why-hint">For the audit log; the customer does not see it.</small>
      <FieldError form={forms.access} name="reason" />
      <button type="submit" class="small secondary">
        Suspend…
      </button>
    </form>
  );
}

function LetIn({ view: { customer } }: { view: CustomerView }): JSX.Element {
  return (
    <form method="post" action={attr(customerPath(customer.id, 'resume'))}>
      <p class="hint">
        {customer.state === 'waiting'
          ? 'Signed up and waits: nobody can sign in to this account yet.'
          : 'Suspended: sessions are ended, API keys answer 401, webhooks wait. What is open runs on to its end.'}
      </p>
      <button type="submit" class="small">
        {customer.state === 'waiting' ? 'Let in' : 'Let in again'}
      </button>
    </form>
  );
}

function SignInHelp({ view }: { view: CustomerView }): JSX.Element {
  const { customer, canMail } = view;
  return (
    <div>
      <p class="hint">
        Cannot sign in? You never see a password: the customer sets a new one by a link that works once, for an hour. There is no second
        factor to take away.
      </p>
      <div class="actions">
        {canMail ? (
          <form method="post" action={attr(customerPath(customer.id, 'reset-mail'))}>
            <button type="submit" class="small secondary">
              Mail the link
            </button>
          </form>
        ) : (
          <small>No mail is set up, so the link cannot be mailed.</small>
        )}
        {customer.role === 'operator' ? null : (
          <form method="post" action={attr(customerPath(customer.id, 'reset-link'))}>
            <button type="submit" class="small secondary">
              Hand over a link…
            </button>
          </form>
        )}
      </div>
    </div>
  );
}

/** A link to a new password, this once. */
export function HandOverPage({
  page,
  view,
}: {
  page: PageContext;
  view: { id: string; email: string; url: string; untilMs: number };
}): JSX.Element {
  return (
    <Layout page={page} title="Link to a new password" head={DeskStyle}>
      <p class="crumbs">
        <a href={paths.customers}>Customers</a>
      </p>
      <section class="panel narrow">
        <h1>Hand this over</h1>
        <p>
          For <Foreign text={view.email} />. Whoever opens it first sets the password of this account: give it to nobody else, and make sure
          that you speak to the customer.
        </p>
        <code class="once-link" data-reset-link safe>
          {view.url}
        </code>
        <p class="hint">
          It works once, until <Time atMs={view.untilMs} />, and not any more when the password changes before. It is shown this once and
          kept nowhere; that you made it stands in the audit log.
        </p>
        <p>
          <a href={attr(customerPath(view.id))}>Back to the customer</a>
        </p>
      </section>
    </Layout>
  );
}
