/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { Elysia } from 'elysia';
import { POLICIES, policyPath } from '../../views/paths.ts';
import { PolicyPage, type PolicyView } from '../../views/policies.tsx';
import type { Guard } from '../accounts/guard.ts';
import { SIGN_IN_DAYS } from '../accounts/sign-ins.ts';
import { TERMS_VERSION } from '../accounts/users.ts';
import type { Config } from '../config.ts';
import { visitorContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import { Refusal } from '../lib/errors.ts';
import type { StatusRoom } from '../status/room.ts';
import { TARGET_PERCENT } from '../status/uptime.ts';

/** `/policies/…`: what is promised, in the figures of this server's configuration and of its measurements. */
export function policyRoutes(deps: { db: Database; guard: Guard; config: Config; status: Pick<StatusRoom, 'shown'> }) {
  const { db, guard, config, status } = deps;
  const viewNow = (): PolicyView => {
    const { orders, rentals, operator, exports, payments } = config;
    const { days, all } = status.shown().view.delivery;
    return {
      ...{
        version: TERMS_VERSION,
        operator,
        ...orders,
        ...rentals,
        exportHours: exports.keepHours,
        signInDays: SIGN_IN_DAYS,
        targetPercent: TARGET_PERCENT,
      },
      ...{ delivery: { days, ...all }, hasPayments: payments.stripe !== null || payments.btcpay !== null },
    };
  };
  return new Elysia({ name: 'policies', detail: { hide: true } })
    .use(guard)
    .get('/policies', ({ request }) => seeOther(request, policyPath('terms')))
    .get(
      '/policies/:name',
      ({ request, user, params }) => {
        const name = POLICIES.find((one) => one === params.name);
        if (name === undefined) throw new Refusal('not_found', `There are the policies ${POLICIES.join(', ')}.`);
        return page(<PolicyPage page={visitorContext(db, request, user, () => config.access.signup)} name={name} view={viewNow()} />);
      },
      { viewer: true },
    );
}
