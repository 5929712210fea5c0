/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { PaymentsPage } from '../../views/admin/payments.tsx';
import { PaymentPage } from '../../views/balance/payment.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, paymentPath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { RateLimit } from '../http/limits.ts';
import { page, seeOther } from '../http/page.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import { transactionOfReference } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { parseMajor } from '../lib/money.ts';
import { eventsDone, eventsToLookAt, listPayments } from './list.ts';
import { markEvent } from './marks.ts';
import { answerPayment, askPayment, type Payment, requirePayment } from './payments.ts';
import { type PaymentProvider, ProviderError } from './provider.ts';

const PayForm = type({ 'amount?': 'string <= 40', 'provider?': 'string <= 20', 'form_key?': 'string <= 100' });
const MarkForm = type({ 'provider?': 'string <= 20', 'event?': 'string <= 255', 'note?': 'string <= 2000', 'do?': 'string <= 10' });
const LISTED = 50;
const HOUR_MS = 3_600_000;

/** A customer asks for a page of a provider and comes back from it; the operator sees what came of all. */
export function paymentRoutes(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  guard: Guard;
  terms: LedgerTerms;
  providers: readonly PaymentProvider[];
  publicUrl: string;
}) {
  const { db, door, clock, log, guard, terms, providers } = deps;
  const { currency } = terms;
  const limit = new RateLimit({ burst: 20, refillMs: HOUR_MS, what: 'payments of this account' });

  async function checkout(provider: PaymentProvider, payment: Payment): Promise<void> {
    const { id, amountMinor } = payment;
    try {
      const answer = await provider.createCheckout({ id, amountMinor, currency, returnUrl: `${deps.publicUrl}${paymentPath(id)}` });
      await door.write((tx) => answerPayment(tx, id, answer));
    } catch (thrown) {
      if (!(thrown instanceof ProviderError)) throw thrown;
      log.error('payment_provider_failed', { provider: provider.name, during: 'checkout', payment: id, error: thrown.message });
      await door.write((tx) => answerPayment(tx, id, null));
    }
  }

  const overview = (request: Request, user: User, refused: { eventId: string; problem: string } | null) => {
    const view = {
      ...{ events: eventsToLookAt(db, LISTED), done: eventsDone(db, LISTED), payments: listPayments(db, LISTED), currency, refused },
      ...{ providers: providers.map(({ name, label }) => ({ name, label })), publicUrl: deps.publicUrl },
    };
    return page(<PaymentsPage page={pageContext(db, request, user)} view={view} />, { status: refused === null ? 200 : 422 });
  };

  return new Elysia({ name: 'payments', detail: { hide: true } })
    .use(guard)
    .get(paths.pay, ({ request }) => seeOther(request, paths.balance), { customer: true })
    .post(
      paths.pay,
      async ({ request, user, body }) => {
        const provider = providers.find(({ name }) => name === body.provider);
        const amountMinor = parseMajor((body.amount ?? '').trim(), currency);
        const problem = problemOf(provider, amountMinor, currency);
        if (provider === undefined || amountMinor === null || problem !== null || !body.form_key) {
          const form: FormView = {
            values: { amount: body.amount ?? '' },
            errors: { amount: problem ?? 'Send the form from the balance page.' },
          };
          return page(<PaymentPage page={pageContext(db, request, user)} view={{ form }} />, { status: 422 });
        }
        limit.take(user.id, clock.monotonicMs());
        const asked = { userId: user.id, provider: provider.name, amountMinor, formKey: body.form_key };
        const { payment, isNew } = await door.write((tx) => askPayment(tx, terms, asked));
        if (isNew) await checkout(provider, payment);
        return seeOther(request, paymentPath(payment.id));
      },
      { customer: true, body: PayForm },
    )
    .get(
      `${paths.payments}/:id`,
      ({ request, user, params }) => {
        const payment = requirePayment(db, params.id, user.id);
        const reference = `${payment.provider}:${payment.providerRef}`;
        const view = {
          ...{ payment, currency, receipt: payment.state === 'paid' ? transactionOfReference(db, user.id, reference) : null },
          label: providers.find(({ name }) => name === payment.provider)?.label ?? payment.provider,
        };
        return page(<PaymentPage page={pageContext(db, request, user)} view={view} />);
      },
      { customer: true },
    )
    .get(paths.adminPayments, ({ request, user }) => overview(request, user, null), { operator: true })
    .post(
      `${paths.adminPayments}/mark`,
      async ({ request, user, body }) => {
        const { provider = '', event: eventId = '', note = '' } = body;
        const done = body.do !== 'undo';
        try {
          await door.write((tx) => markEvent(tx, { userId: user.id, provider, eventId, done, note }));
        } catch (thrown) {
          if (!(thrown instanceof Refusal) || thrown.type !== 'validation') throw thrown;
          return overview(request, user, { eventId, problem: thrown.detail });
        }
        return seeOther(request, `${paths.adminPayments}?notice=${done ? 'payment-done' : 'payment-undone'}`);
      },
      { operator: true, body: MarkForm },
    )
    .get(`${paths.adminPayments}/mark`, ({ request }) => seeOther(request, paths.adminPayments), { operator: true });
}

function problemOf(provider: PaymentProvider | undefined, amountMinor: number | null, currency: string): string | null {
  if (provider === undefined) return 'Choose one of the ways to pay.';
  if (amountMinor === null || amountMinor === 0) return `Write an amount of ${currency} above zero, such as 10.`;
  return provider.refuses(amountMinor, currency);
}
