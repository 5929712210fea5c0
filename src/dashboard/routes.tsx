/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { BuyForm, DashboardPage, quotedPriceMinor } from '../../views/dashboard.tsx';
import { pushChanged, pushDashboard } from '../../views/dashboard-push.tsx';
import { HistoryPage } from '../../views/history.tsx';
import type { LiveView } from '../../views/model.ts';
import { StartPage } from '../../views/start.tsx';
import { firstEmails } from '../accounts/first.ts';
import { type Guard, sessionToken } from '../accounts/guard.ts';
import { sessionUser } from '../accounts/sessions.ts';
import { offerBoard } from '../catalogue/board.ts';
import type { Config } from '../config.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { pageContext, visitorContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import { socketOf } from '../live/socket.ts';
import { cancelOrder, finishOrder, type OrderTerms, placeOrder } from '../orders/orders.ts';
import { ORDER_STATUSES } from '../orders/state.ts';
import type { StatusRoom } from '../status/room.ts';
import { DashboardChannel } from './channel.ts';
import { changedInPlace, dashboardView, historyView, liveView, type Shown, withCode } from './present.ts';

export interface DashboardRouteDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  terms: OrderTerms;
  guard: Guard;
  signup: Config['access']['signup'];
  pushes: Pushes;
  status: Pick<StatusRoom, 'shown'>;
}

const BuyFormBody = type({
  'country?': 'string <= 8',
  'service?': 'string <= 64',
  'quote?': 'string <= 100',
  'idempotency_key?': 'string <= 100',
});

/** The start page, the customer's dashboard and history. */
export function dashboardRoutes(deps: DashboardRouteDeps) {
  const { db, door, hub, clock, terms, guard, pushes } = deps;
  const offers = offerBoard({ db, door, clock, terms });
  const shownOnPage = <V extends LiveView>(live: V): V => {
    pushes.note('page', withCode(live));
    return live;
  };
  const view = (userId: string, shown: Shown) => shownOnPage(dashboardView(db, terms, userId, clock.nowMs(), offers(), shown));
  const live = (userId: string) => liveView(db, terms, userId, clock.nowMs());
  const push = (userId: string) => pushDashboard(live(userId));
  const channel = new DashboardChannel(
    hub,
    (userId, events) => {
      const changed = events === null ? null : changedInPlace(db, terms, userId, events, clock.nowMs());
      return changed === null ? push(userId) : pushChanged(changed);
    },
    clock.nowMs,
    (events) =>
      pushes.note(
        'dashboard',
        events.flatMap(({ id, type }) => (type.startsWith('order.') ? [id] : [])),
      ),
  );

  return new Elysia({ name: 'dashboard', detail: { hide: true } })
    .use(guard)
    .get(
      '/',
      ({ request, user }) => {
        const context = visitorContext(db, request, user, deps.signup);
        const firstSignIns = context.virtualBank ? firstEmails(db) : [];
        return page(
          <StartPage
            page={context}
            view={{
              ...{ offers: [...offers()], windowMinutes: terms.windowMinutes, signup: deps.signup, firstSignIns },
              delivery: deps.status.shown().view.delivery,
            }}
          />,
        );
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
      ({ user, query }) =>
        page(<BuyForm view={view(user.id, { country: query['country'] ?? null, service: query['service'] ?? null, problem: null })} />),
      { customer: true },
    )
    .get('/dashboard/orders', ({ request }) => seeOther(request, '/dashboard'), { customer: true })
    .get('/dashboard/poll', ({ user }) => page(pushDashboard(shownOnPage(live(user.id)))), { customer: true })
    .post(
      '/dashboard/orders',
      async ({ request, user, body }) => {
        const { country = '', service = '', quote, idempotency_key: key } = body;
        const order = { userId: user.id, country, service, maxPriceMinor: quotedPriceMinor(quote, country, service) };
        try {
          if (country === '' || service === '') throw new Refusal('validation', 'Choose a country and a service first.');
          await door.write((tx) =>
            once(tx, { userId: user.id, key: key || null, request: ['form', order] }, () => placeOrder(tx, terms, order)),
          );
          return seeOther(request, `/dashboard?${new URLSearchParams({ notice: 'ordered', country, service })}`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const changed =
            thrown.type === 'price_above_max'
              ? 'The price has changed since this page was shown. Look at it again before you order.'
              : null;
          const shown = { country, service, problem: changed ?? thrown.detail };
          return page(<DashboardPage page={pageContext(db, request, user)} view={view(user.id, shown)} />, { status: thrown.status });
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
      open: (ws) => {
        const { user, request } = ws.data;
        const token = sessionToken(request) ?? '';
        channel.open(user.id, socketOf(ws.raw), () => sessionUser(db, token, clock.nowMs())?.id === user.id);
      },
      close: (ws) => channel.close(ws.data.user.id, socketOf(ws.raw)),
    });
}
