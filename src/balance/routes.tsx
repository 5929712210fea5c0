/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { BalancePage } from '../../views/balance/page.tsx';
import { ReceiptPage } from '../../views/balance/receipt.tsx';
import type { FormView } from '../../views/model.ts';
import { paths } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import { newSecret } from '../accounts/secrets.ts';
import type { User } from '../accounts/users.ts';
import type { Door } from '../db/write.ts';
import { clientAddress } from '../http/address.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { AMOUNT_MINOR_MAX, majorText, parseMajor } from '../lib/money.ts';
import { setLowBalance } from '../mail/preferences.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import type { VoucherLimits } from '../vouchers/limits.ts';
import { redeemVoucher } from '../vouchers/vouchers.ts';
import { balancePageView, meansOf } from './present.ts';
import { type Operator, receiptOf } from './receipts.ts';

export interface BalanceRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  guard: Guard;
  terms: LedgerTerms;
  trustedProxies: readonly string[];
  operator: Operator;
  providers: readonly PaymentProvider[];
  limits: VoucherLimits;
}

const RedeemForm = type({ 'code?': 'string <= 200' }).or('undefined | null');
const LowForm = type({ 'low?': 'string <= 40' });
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/dashboard/balance`: what a customer has, their movements, redeeming a voucher, and the mark below which it is low. */
export function balanceRoutes(deps: BalanceRouteDeps) {
  const { db, door, log, guard, terms, limits } = deps;
  const payView = () => ({
    providers: deps.providers.map(({ name, label }) => ({ name, label })),
    ...{ currency: terms.currency, formKey: newSecret('form-', terms.random) },
  });
  const show = (
    request: Request,
    user: User,
    query: Record<string, string | undefined>,
    forms: Partial<{ redeem: FormView; low: FormView }>,
    status = 200,
  ) =>
    page(
      <BalancePage
        page={{ ...pageContext(db, request, user), path: paths.balance }}
        view={{ ...balancePageView(db, terms, user.id, query, { redeem: NO_FORM, low: NO_FORM, ...forms }), pay: payView() }}
      />,
      { status },
    );
  return new Elysia({ prefix: paths.balance, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => show(request, user, query, {}), { customer: true })
    .get(
      '/receipts/:transaction',
      ({ request, user, params }) => {
        const receipt = receiptOf(db, user.id, params.transaction, deps.operator);
        const view = { receipt, currency: terms.currency, means: meansOf(db, receipt.reference) };
        return page(<ReceiptPage page={pageContext(db, request, user)} view={view} />);
      },
      { customer: true },
    )
    .get('/redeem', ({ request }) => seeOther(request, paths.balance), { customer: true })
    .get('/low', ({ request }) => seeOther(request, paths.balance), { customer: true })
    .post(
      '/low',
      async ({ request, user, body }) => {
        const typed = (body.low ?? '').trim();
        const minor = typed === '' ? 0 : parseMajor(typed, terms.currency);
        if (minor === null || minor > AMOUNT_MINOR_MAX) {
          const message = `Type an amount in ${terms.currency}, such as ${majorText(500, terms.currency)}, or nothing.`;
          return show(request, user, {}, { low: { values: { low: typed }, errors: { low: message } } }, 422);
        }
        await door.write((tx) => setLowBalance(tx, user.id, minor));
        return seeOther(request, `${paths.balance}?notice=low-mark-kept`);
      },
      { customer: true, body: LowForm },
    )
    .post(
      '/redeem',
      async ({ request, user, body, server }) => {
        const typed = (body?.code ?? '').trim();
        const again = (status: number, message: string) =>
          show(request, user, {}, { redeem: { values: { code: typed }, errors: { code: message } } }, status);
        if (typed === '') return again(422, 'Type the code that stands on the voucher.');
        const address = clientAddress(server, request, deps.trustedProxies);
        try {
          limits.take(user.id, address);
          const { transactionId } = await door.write((tx) => redeemVoucher(tx, terms, { userId: user.id, typed }));
          limits.giveBack(user.id, address);
          log.info('voucher_redeemed', { transaction: transactionId });
          return seeOther(request, `${paths.balance}?notice=voucher-redeemed`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          log.info('voucher_refused', { why: thrown.type, user: user.id });
          // What was typed is wrong, not the address of the page.
          return again(thrown.status === 404 ? 422 : thrown.status, thrown.detail);
        }
      },
      { customer: true, body: RedeemForm },
    );
}
