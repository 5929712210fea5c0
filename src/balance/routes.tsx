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
import { RateLimit } from '../http/limits.ts';
import { page, seeOther } from '../http/page.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { PaymentProvider } from '../payments/provider.ts';
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
}

const RedeemForm = type({ 'code?': 'string <= 200' }).or('undefined | null');
const NO_FORM: FormView = { values: {}, errors: {} };
const HOUR_MS = 3_600_000;

/** `/dashboard/balance`: what a customer has, their movements, and redeeming a voucher. */
export function balanceRoutes(deps: BalanceRouteDeps) {
  const { db, door, clock, log, guard, terms } = deps;
  // Of codes that were refused: a right one gives its token back. Nobody finds one of 2^75 so, and nobody keeps the box busy.
  const limits = {
    account: new RateLimit({ burst: 10, refillMs: HOUR_MS, what: 'voucher codes that are none from this account' }),
    address: new RateLimit({ burst: 30, refillMs: HOUR_MS, what: 'voucher codes that are none from this address' }),
  };
  const payView = () => ({
    providers: deps.providers.map(({ name, label }) => ({ name, label })),
    ...{ currency: terms.currency, formKey: newSecret('form-', terms.random) },
  });
  const show = (request: Request, user: User, query: Record<string, string | undefined>, redeem: FormView, status = 200) =>
    page(
      <BalancePage
        page={{ ...pageContext(db, request, user), path: paths.balance }}
        view={{ ...balancePageView(db, terms, user.id, query, redeem), pay: payView() }}
      />,
      { status },
    );
  return new Elysia({ prefix: paths.balance, detail: { hide: true } })
    .use(guard)
    .get('', ({ request, user, query }) => show(request, user, query, NO_FORM), { customer: true })
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
    .post(
      '/redeem',
      async ({ request, user, body, server }) => {
        const typed = (body?.code ?? '').trim();
        const again = (status: number, message: string) =>
          show(request, user, {}, { values: { code: typed }, errors: { code: message } }, status);
        if (typed === '') return again(422, 'Type the code that stands on the voucher.');
        const address = clientAddress(server, request, deps.trustedProxies);
        try {
          limits.account.take(user.id, clock.monotonicMs());
          limits.address.take(address, clock.monotonicMs());
          const { transactionId } = await door.write((tx) => redeemVoucher(tx, terms, { userId: user.id, typed }));
          limits.account.giveBack(user.id);
          limits.address.giveBack(address);
          log.info('voucher_redeemed', { transaction: transactionId });
          return seeOther(request, `${paths.balance}?notice=voucher-redeemed`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          log.info('voucher_refused', { why: thrown.type, user: user.id });
          return again(thrown.status, thrown.detail);
        }
      },
      { customer: true, body: RedeemForm },
    );
}
