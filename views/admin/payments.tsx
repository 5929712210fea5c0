/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from '@elysiajs/html';
import type { DoneEvent, ListedEvent, ListedPayment } from '../../src/payments/list.ts';
import { BalanceStyle } from '../balance/style.tsx';
import { money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { paths } from '../paths.ts';

export interface PaymentsView {
  events: ListedEvent[];
  done: DoneEvent[];
  /** The event that was to be marked, and why not. */
  refused: { eventId: string; problem: string } | null;
  payments: ListedPayment[];
  currency: string;
  providers: { name: string; label: string }[];
  publicUrl: string;
}

const OUTCOMES: Record<string, string> = {
  unknown_payment: 'Paid, but for no top-up known here. Find the payer at the provider, then credit or refund by hand.',
  amount_differs: 'Other money came than was asked for; nothing was credited. Credit or refund by hand.',
  invalid_after_paid: 'Credited before, and now called invalid by the provider.',
  partly_paid: 'Only a part was paid before the time ran out. Credit or refund it by hand.',
  overpaid: 'What was asked for is credited; the payer sent more. Refund the rest at the provider, or credit it by hand.',
  paid_late:
    'Money came after the time to pay ran out; nothing was credited. Mark the invoice as settled at the provider to credit it, or refund it there.',
  unsettled: 'Told of as settled, but the provider says otherwise when asked. Look at it there; nothing was credited.',
  given_back: 'Refunded or disputed at the provider. The balance here is unchanged: take back what was credited, if it is right to.',
  credited_otherwise: 'Paid, but credited by hand before with another amount under the same name. Correct the balance by hand.',
};

/** What the operator must look at, and the newest payments of all customers. */
export function PaymentsPage({ page, view }: { page: PageContext; view: PaymentsView }): JSX.Element {
  return (
    <Layout page={page} title="Payments" head={BalanceStyle}>
      <h1>Payments</h1>
      <Providers view={view} />
      <h2>To look at</h2>
      {view.events.length === 0 ? (
        <p class="empty">Nothing. Payments that fit no top-up come here.</p>
      ) : (
        <ul class="history">
          {view.events.map((event) => (
            <EventRow event={event}>
              <DoneForm event={event} problem={view.refused?.eventId === event.eventId ? view.refused.problem : null} />
            </EventRow>
          ))}
        </ul>
      )}
      {view.done.length === 0 ? null : (
        <details>
          <summary safe>{`Done: ${view.done.length === 1 ? 'one' : view.done.length}`}</summary>
          <ul class="history">
            {view.done.map((event) => (
              <EventRow event={event}>
                <UndoForm event={event} />
              </EventRow>
            ))}
          </ul>
        </details>
      )}
      <h2>Newest payments</h2>
      {view.payments.length === 0 ? (
        <p class="empty">No customer has asked to pay yet.</p>
      ) : (
        <ul class="history">
          {view.payments.map((payment) => (
            <PaymentRow payment={payment} currency={view.currency} />
          ))}
        </ul>
      )}
    </Layout>
  );
}

function Providers({ view }: { view: PaymentsView }): JSX.Element {
  if (view.providers.length === 0)
    return <p class="muted">No provider is set up: see the sections [stripe] and [btcpay] of the configuration.</p>;
  return (
    <ul class="providers">
      {view.providers.map(({ name, label }) => (
        <li>
          <span safe>{label}</span>: its webhook goes to{' '}
          <code class="plain" safe>
            {`${view.publicUrl}/payments/webhooks/${name}`}
          </code>
        </li>
      ))}
    </ul>
  );
}

function EventRow({ event, children }: PropsWithChildren<{ event: ListedEvent }>): JSX.Element {
  const { amountMinor, currency } = event;
  return (
    <li class="panel" data-outcome={attr(event.outcome)}>
      <div class="history-line">
        <span safe>{event.provider}</span>
        <span class="mono">
          <Foreign text={event.providerRef} />
        </span>
        <span class="mono">
          <Foreign text={paid(amountMinor, currency)} />
        </span>
        <Time atMs={event.atMs} />
      </div>
      <p safe>{OUTCOMES[event.outcome] ?? event.outcome}</p>
      <p class="muted">
        <Foreign text={`${event.type} ${event.eventId} ${event.paymentId ?? ''}`} />
      </p>
      {children}
    </li>
  );
}

function DoneForm({ event, problem }: { event: ListedEvent; problem: string | null }): JSX.Element {
  const id = `note-${event.provider}-${event.eventId}`;
  return (
    <form method="post" action={`${paths.adminPayments}/mark`} class="filter">
      <input type="hidden" name="provider" value={attr(event.provider)} />
      <input type="hidden" name="event" value={attr(event.eventId)} />
      <div class="field grow">
        <label for={attr(id)}>What was done about it</label>
        <input
          id={attr(id)}
          name="note"
          maxlength={500}
          required
          placeholder="Refunded at the provider"
          aria-invalid={problem === null ? undefined : 'true'}
          aria-describedby={problem === null ? undefined : attr(`${id}-error`)}
        />
        {problem === null ? null : (
          <small id={attr(`${id}-error`)} class="field-error" safe>
            {problem}
          </small>
        )}
      </div>
      <button type="submit" class="secondary">
        Mark as done
      </button>
    </form>
  );
}

function UndoForm({ event }: { event: DoneEvent }): JSX.Element {
  return (
    <form method="post" action={`${paths.adminPayments}/mark`}>
      <input type="hidden" name="provider" value={attr(event.provider)} />
      <input type="hidden" name="event" value={attr(event.eventId)} />
      <p>
        <Foreign text={event.note} /> <Foreign text={event.doneBy} />, <Time atMs={event.doneAtMs} />
      </p>
      <button type="submit" name="do" value="undo" class="secondary outline small">
        Undo
      </button>
    </form>
  );
}

function PaymentRow({ payment, currency }: { payment: ListedPayment; currency: string }): JSX.Element {
  return (
    <li class="panel" data-payment-id={attr(payment.id)} data-state={payment.state}>
      <div class="history-line">
        <span class="badge" data-level={payment.state === 'paid' ? 'good' : payment.state === 'open' ? 'busy' : undefined} safe>
          {payment.state}
        </span>
        <b class="mono" safe>
          {money(payment.amountMinor, currency)}
        </b>
        <span safe>{payment.provider}</span>
        <Foreign text={payment.email} />
        <Time atMs={payment.createdAtMs} />
      </div>
    </li>
  );
}

/** The amount as the provider stated it; its currency may be anything. */
function paid(amountMinor: number | null, currency: string | null): string {
  return amountMinor === null || !/^[A-Z]{3}$/.test(currency ?? '') ? 'amount not stated' : money(amountMinor, currency ?? '');
}
