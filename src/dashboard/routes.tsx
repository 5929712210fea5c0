import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import type { Database } from 'bun:sqlite';
import { Elysia } from 'elysia';
import { BuyForm, DashboardPage } from '../../views/dashboard.tsx';
import { pushDashboard } from '../../views/dashboard-push.tsx';
import { HistoryPage } from '../../views/history.tsx';
import { StartPage } from '../../views/start.tsx';
import { firstEmails } from '../accounts/first.ts';
import type { Guard } from '../accounts/guard.ts';
import { listOffers } from '../catalogue/offers.ts';
import type { Config } from '../config.ts';
import type { Door } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import { cancelOrder, finishOrder, type OrderTerms, placeOrder } from '../orders/orders.ts';
import { ORDER_STATUSES } from '../orders/state.ts';
import { DashboardChannel } from './channel.ts';
import { dashboardView, historyView } from './present.ts';

export interface DashboardRouteDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
  signup: Config['access']['signup'];
}

const BuyFormBody = type({ 'country?': 'string <= 8', 'service?': 'string <= 64', 'offer?': 'string <= 80' });

/** The start page, the customer's dashboard and history. */
export function dashboardRoutes(deps: DashboardRouteDeps) {
  const { db, door, hub, clock, terms, guard } = deps;
  const nothing = { country: null, service: null, problem: null };
  const view = (userId: string, shown: { country: string | null; service: string | null; problem: string | null } = nothing) =>
    dashboardView(db, terms, userId, clock.nowMs(), shown);
  const channel = new DashboardChannel(hub, (userId) => pushDashboard(view(userId)));

  return new Elysia({ name: 'dashboard', detail: { hide: true } })
    .use(guard)
    .get(
      '/',
      ({ request, user }) => {
        const context = pageContext(db, request, user);
        const offers = listOffers(db, terms, clock.nowMs());
        const firstSignIns = context.virtualBank ? firstEmails(db) : [];
        return page(<StartPage page={context} view={{ offers, windowMinutes: terms.windowMinutes, signup: deps.signup, firstSignIns }} />);
      },
      { viewer: true },
    )
    .get(
      '/dashboard',
      ({ request, user, query }) => {
        const shown = { country: query['country'] ?? null, service: query['service'] ?? null, problem: null };
        return page(<DashboardPage page={pageContext(db, request, user)} view={view(user.id, shown)} />);
      },
      { customer: true },
    )
    .get(
      '/dashboard/offers',
      ({ user, query }) => page(<BuyForm view={view(user.id, { country: query['country'] ?? null, service: query['service'] ?? null, problem: null })} />),
      { customer: true },
    )
    .get('/dashboard/poll', ({ user }) => page(pushDashboard(view(user.id))), { customer: true })
    .post(
      '/dashboard/orders',
      async ({ request, user, body }) => {
        const { country = '', service = '' } = body;
        try {
          await door.write((tx) => placeOrder(tx, terms, { userId: user.id, country, service, maxPriceMinor: null }));
          return seeOther(request, '/dashboard?notice=ordered');
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const problem = country === '' || service === '' ? 'Choose a country and a service first.' : thrown.detail;
          return page(<DashboardPage page={pageContext(db, request, user)} view={view(user.id, { country, service, problem })} />, { status: thrown.status });
        }
      },
      { customer: true, body: BuyFormBody },
    )
    .post(
      '/dashboard/orders/:id/cancel',
      async ({ request, user, params }) => {
        await door.write((tx) => cancelOrder(tx, terms, { userId: user.id, orderId: params.id }));
        return seeOther(request, '/dashboard?notice=canceled');
      },
      { customer: true },
    )
    .post(
      '/dashboard/orders/:id/finish',
      async ({ request, user, params }) => {
        await door.write((tx) => finishOrder(tx, terms, { userId: user.id, orderId: params.id }));
        return seeOther(request, '/dashboard?notice=finished');
      },
      { customer: true },
    )
    .get(
      '/dashboard/history',
      ({ request, user, query }) => {
        const status = ORDER_STATUSES.find((one) => one === query['status']) ?? null;
        const asked = { status, query: (query['q'] ?? '').slice(0, 100), cursor: query['cursor'] ?? null };
        return page(<HistoryPage page={pageContext(db, request, user)} view={historyView(db, terms, user.id, clock.nowMs(), asked)} />);
      },
      { customer: true },
    )
    .ws('/dashboard/live', {
      customer: true,
      open: (ws) => channel.open(ws.data.user.id, ws.raw),
      close: (ws) => channel.close(ws.data.user.id, ws.raw),
    });
}
