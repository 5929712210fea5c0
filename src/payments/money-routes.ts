import { Elysia } from 'elysia';
import { type BalanceRouteDeps, balanceRoutes } from '../balance/routes.tsx';
import type { Config } from '../config.ts';
import { voucherRoutes } from '../vouchers/routes.tsx';
import { paymentProviders } from './providers.ts';
import { paymentRoutes } from './routes.tsx';
import { paymentWebhooks } from './webhook-routes.ts';

/**
 * All pages of money and the webhooks of payment providers. None of them is in the API's document, so their types are left behind here: with them the
 * type of the whole app is deeper than the compiler goes.
 */
export function moneyRoutes(deps: Omit<BalanceRouteDeps, 'providers' | 'operator'> & { config: Config; publicUrl: string }): Elysia {
  const { config, ...common } = deps;
  const providers = paymentProviders(config.payments, deps.clock.nowMs);
  const routes: unknown = new Elysia({ name: 'money' })
    .use(balanceRoutes({ ...common, operator: config.operator, providers }))
    .use(paymentRoutes({ ...common, providers }))
    .use(paymentWebhooks({ ...common, providers }))
    .use(voucherRoutes(common));
  return routes as Elysia;
}
