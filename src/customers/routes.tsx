/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { ConfirmPage, type ConfirmView } from '../../views/desk/confirm.tsx';
import { CustomerPage, type CustomerView } from '../../views/desk/customer.tsx';
import { HandOverPage } from '../../views/desk/customer-forms.tsx';
import { CUSTOMER_STATES, CustomersPage } from '../../views/desk/customers.tsx';
import type { FormView } from '../../views/model.ts';
import { type CustomerVerb, customerPath, paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { newSecret } from '../accounts/secrets.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { balanceOf } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { MailLinks } from '../mail/links.ts';
import { isMailOn } from '../mail/queue.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { balanceFacts, limitValues, readAdjustment, readLimits, suspensionFacts, waitingCount } from './forms.ts';
import { handOverReset, mailReset } from './help.ts';
import { type Customer, profileOf, requireCustomer } from './profile.ts';
import { type CustomerState, QUERY_CHARACTERS_MIN, searchCustomers } from './search.ts';
import { adjustBalance, endSessions, limitCustomer, resumeCustomer, suspendCustomer } from './verbs.ts';

export interface CustomerRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  terms: OrderTerms;
  links: MailLinks;
}

const Form = type({ '[string]': 'string <= 1000' }).or('undefined | null');
const PAGE = 50;
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/admin/customers`: finding a customer, and what is done about one. */
export function customerRoutes({ db, door, clock, guard, terms, links }: CustomerRouteDeps) {
  const show = (request: Request, user: User, id: string, forms: Partial<CustomerView['forms']> = {}, status = 200) => {
    const profile = profileOf(db, id, terms.currency, clock.nowMs());
    const view: CustomerView = {
      ...profile,
      nowMs: clock.nowMs(),
      forms: { balance: NO_FORM, limits: { values: limitValues(profile.limits), errors: {} }, access: NO_FORM, ...forms },
      formKey: newSecret('form-', terms.random),
      houseLimits: terms.limits ?? { openOrders: 0, ordersADay: 0 },
      canMail: isMailOn(db),
      isSelf: user.id === id,
    };
    return page(<CustomerPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const confirm = (request: Request, user: User, customer: Customer, view: Omit<ConfirmView, 'subject' | 'back'>) =>
    page(
      <ConfirmPage page={pageContext(db, request, user)} view={{ ...view, subject: customer.email, back: customerPath(customer.id) }} />,
    );
  const done = (request: Request, id: string, notice: string) => seeOther(request, `${customerPath(id)}?notice=${notice}`);

  return (
    new Elysia({ prefix: paths.customers, detail: { hide: true } })
      .use(guard)
      .get(
        '',
        ({ request, user, query }) => {
          const search = (query['q'] ?? '').trim().slice(0, 100);
          const state = (Object.keys(CUSTOMER_STATES) as CustomerState[]).find((one) => one === query['state']) ?? null;
          const isShort = search !== '' && search.length < QUERY_CHARACTERS_MIN;
          const asked = { query: search, state, limit: PAGE, cursor: (query['cursor'] ?? '').slice(0, 64) || null };
          const { rows, nextCursor } = isShort ? { rows: [], nextCursor: null } : searchCustomers(db, asked);
          const view = {
            ...{ customers: rows, nextCursor, filter: { query: search, state }, currency: terms.currency, waiting: waitingCount(db) },
            problem: isShort ? `Type at least ${QUERY_CHARACTERS_MIN} characters.` : null,
          };
          return page(<CustomersPage page={pageContext(db, request, user)} view={view} />);
        },
        { operator: true },
      )
      .get('/:id', ({ request, user, params }) => show(request, user, params.id), { operator: true })
      // A form that was refused, or is to be confirmed, is shown at its own address, which is then reloaded.
      .get('/:id/:verb', ({ request, params }) => seeOther(request, customerPath(params.id)), { operator: true })
      .post(
        '/:id/balance',
        async ({ request, user, params: { id }, body }) => {
          const customer = requireCustomer(db, id);
          const read = readAdjustment(body ?? {}, terms.currency);
          if (!read.ok) return show(request, user, id, { balance: read.form }, 422);
          const { adjustment, values } = read;
          if (body?.['confirm'] !== 'yes') {
            const { facts, problem } = balanceFacts(balanceOf(db, id, terms.currency), adjustment);
            if (problem !== null) return show(request, user, id, { balance: { values, errors: { amount: problem } } }, 402);
            const isCredit = adjustment.direction === 'credit';
            const view = {
              title: isCredit ? 'Credit this customer?' : 'Take money back?',
              button: isCredit ? 'Credit' : 'Take it back',
              facts,
            };
            return confirm(request, user, customer, {
              ...view,
              action: customerPath(id, 'balance'),
              fields: { ...values, form_key: adjustment.formKey },
            });
          }
          try {
            const outcome = await door.write((tx) => adjustBalance(tx, terms, { ...adjustment, userId: id, operatorId: user.id }));
            return done(
              request,
              id,
              { credited: 'customer-credited', already_credited: 'customer-credited-before', debited: 'customer-debited' }[outcome],
            );
          } catch (thrown) {
            if (!(thrown instanceof Refusal)) throw thrown;
            return show(request, user, id, { balance: { values, errors: { '': thrown.detail } } }, thrown.status);
          }
        },
        { operator: true, body: Form },
      )
      .post(
        '/:id/limits',
        async ({ request, user, params: { id }, body }) => {
          requireCustomer(db, id);
          const read = readLimits(body ?? {});
          if (!read.ok) return show(request, user, id, { limits: read.form }, 422);
          await door.write((tx) => limitCustomer(tx, { ...read.limits, userId: id, operatorId: user.id }));
          return done(request, id, 'customer-limited');
        },
        { operator: true, body: Form },
      )
      .post(
        '/:id/suspend',
        async ({ request, user, params: { id }, body }) => {
          const customer = requireCustomer(db, id);
          const reason = (body?.['reason'] ?? '').trim();
          if (reason === '' || reason.length > 500) {
            const access = { values: { reason }, errors: { reason: 'Say why, in 1 to 500 characters: another operator will ask.' } };
            return show(request, user, id, { access }, 422);
          }
          if (body?.['confirm'] !== 'yes') {
            return confirm(request, user, customer, {
              ...{ title: 'Suspend this customer?', button: 'Suspend', facts: suspensionFacts(db, customer, clock.nowMs()) },
              ...{ action: customerPath(id, 'suspend'), fields: { reason } },
            });
          }
          await door.write((tx) => suspendCustomer(tx, { operatorId: user.id, userId: id, reason }));
          return done(request, id, 'customer-suspended');
        },
        { operator: true, body: Form },
      )
      .post(
        '/:id/sessions',
        async ({ request, user, params: { id }, body }) => {
          const customer = requireCustomer(db, id);
          if (body?.['confirm'] !== 'yes') {
            const facts = [
              'Every browser that is signed in must sign in again.',
              'The password, API keys and open orders stay as they are.',
            ];
            const view = {
              title: 'Sign out everywhere?',
              button: 'Sign out everywhere',
              facts,
              action: customerPath(id, 'sessions'),
              fields: {},
            };
            return confirm(request, user, customer, view);
          }
          await door.write((tx) => endSessions(tx, { operatorId: user.id, userId: id }));
          return done(request, id, 'customer-signed-out');
        },
        { operator: true, body: Form },
      )
      .post(
        '/:id/reset-link',
        async ({ request, user, params: { id }, body }) => {
          const customer = requireCustomer(db, id);
          if (body?.['confirm'] !== 'yes') {
            const facts = [
              'Whoever opens the link first sets the password of this account. Make sure that you speak to the customer.',
              'It works once, for an hour, and is shown this once.',
              'The customer is told by mail when the password changes, and all sessions end then.',
            ];
            const view = { title: 'Hand over a link?', button: 'Show the link', facts, action: customerPath(id, 'reset-link'), fields: {} };
            return confirm(request, user, customer, view);
          }
          const made = await door.write((tx) => handOverReset(tx, links, { operatorId: user.id, userId: id }));
          return page(<HandOverPage page={pageContext(db, request, user)} view={{ id, email: customer.email, ...made }} />);
        },
        { operator: true, body: Form },
      )
      .post(
        '/:id/:verb',
        async ({ request, user, params: { id, verb } }) => {
          const asked = { operatorId: user.id, userId: id };
          if ((verb as CustomerVerb) === 'resume') {
            await door.write((tx) => resumeCustomer(tx, asked));
            return done(request, id, 'customer-let-in');
          }
          if ((verb as CustomerVerb) === 'reset-mail') {
            const queued = await door.write((tx) => mailReset(tx, asked));
            return done(request, id, queued ? 'customer-mailed' : 'customer-not-mailed');
          }
          throw new Refusal('not_found', 'There is nothing of this name to do about a customer.');
        },
        { operator: true, body: Form },
      )
  );
}
