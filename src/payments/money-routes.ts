import { Elysia } from 'elysia';
import { type BalanceRouteDeps, balanceRoutes } from '../balance/routes.tsx';
import type { Config } from '../config.ts';
import { voucherApi } from '../vouchers/api-routes.ts';
import { voucherLimits } from '../vouchers/limits.ts';
import { voucherRoutes } from '../vouchers/routes.tsx';
import { paymentProviders } from './providers.ts';
import { paymentRoutes } from './routes.tsx';
import { paymentWebhooks } from './webhook-routes.ts';

/**
 * All pages of money, redeeming by the API, and the webhooks of payment providers. Their types are left behind here (the API's document is made from the routes
 * themselves): with them the type of the whole app is deeper than the compiler goes.
 */
export function moneyRoutes(
  deps: Omit<BalanceRouteDeps, 'providers' | 'operator' | 'limits'> & { config: Config; publicUrl: string },
): Elysia {
  const { config, ...common } = deps;
  const providers = paymentProviders(config.payments, deps.clock.nowMs);
  const limits = voucherLimits(deps.clock);
  const routes: unknown = new Elysia({ name: 'money' })
    .use(balanceRoutes({ ...common, operator: config.operator, providers, limits }))
    .use(paymentRoutes({ ...common, providers }))
    .use(paymentWebhooks({ ...common, providers }))
    .use(voucherRoutes(common))
    .use(voucherApi({ ...common, limits }));
  return routes as Elysia;
}
