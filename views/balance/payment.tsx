/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Payment, PaymentState } from '../../src/payments/payments.ts';
import { money } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { attr } from '../parts/text.tsx';
import { paths, paymentPath, receiptPath } from '../paths.ts';
import { BalanceStyle } from './style.tsx';

export type PaymentView = { form: FormView } | { payment: Payment; label: string; currency: string; receipt: string | null };

const STATES: Record<PaymentState, string> = {
  asked: 'We are asking the provider for its page…',
  open: 'The provider’s page is ready. The money is on your balance as soon as the provider tells us that it was paid.',
  failed: 'The provider did not answer as it should, so nothing was charged. Try again in a while, or ask the operator.',
  paid: 'Paid. The money is on your balance.',
  expired: 'The time to pay ran out. Start again if you still want to top up.',
  invalid: 'The payment did not come through. If money left your account, ask the operator and quote the payment.',
  differs: 'Another amount arrived than was asked for. The operator looks at it and credits you by hand.',
};
const CARD_ID = 'payment';

/** One payment on its way: where to pay, or what came of it. Asks for itself anew while it is open. */
export function PaymentPage({ page, view }: { page: PageContext; view: PaymentView }): JSX.Element {
  return (
    <Layout page={page} title="Top up" head={BalanceStyle}>
      <p class="crumbs">
        <a href={paths.balance}>Balance</a>
      </p>
      <h1>Top up</h1>
      {'form' in view ? (
        <p class="problem" role="alert">
          <span safe>{view.form.errors['amount'] ?? ''}</span> <a href={paths.balance}>Back</a>
        </p>
      ) : (
        <PaymentCard view={view} />
      )}
    </Layout>
  );
}

function PaymentCard({ view: { payment, label, currency, receipt } }: { view: Exclude<PaymentView, { form: FormView }> }): JSX.Element {
  const isWaiting = payment.state === 'open' || payment.state === 'asked';
  return (
    <section id={CARD_ID} class="panel" data-payment-state={payment.state} aria-live="polite">
      <p>
        <b class="mono" safe>
          {money(payment.amountMinor, currency)}
        </b>{' '}
        <span safe>{label}</span>
      </p>
      <p safe>{STATES[payment.state]}</p>
      {payment.state === 'open' && payment.checkoutUrl !== null ? (
        <p>
          <a class="button" href={attr(payment.checkoutUrl)} rel="external noreferrer">
            Go on and pay
          </a>
        </p>
      ) : null}
      {receipt === null ? null : (
        <p>
          <a href={attr(receiptPath(receipt))}>Receipt</a>
        </p>
      )}
      <p class="muted">
        Payment <span safe>{payment.id}</span>
      </p>
      {isWaiting ? <Poll path={paymentPath(payment.id)} /> : null}
    </section>
  );
}

/** Gone with the answer that says how it ended. */
function Poll({ path }: { path: string }): JSX.Element {
  return (
    <div hx-get={attr(path)} hx-trigger="every 3s" hx-select={`#${CARD_ID}`} hx-target={`#${CARD_ID}`} hx-swap="outerMorph">
      <noscript>
        <a href={attr(path)}>Look whether it arrived</a>
      </noscript>
    </div>
  );
}
