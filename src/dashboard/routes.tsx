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
import type { Board } from '../catalogue/board.ts';
import type { SignUp } from '../config/access.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { pageContext, visitorContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Hub } from '../live/hub.ts';
import { socketOf } from '../live/socket.ts';
import { BATCH_MAX, placeOrders, whyShort } from '../orders/batch.ts';
import { isTag } from '../orders/labels.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { type OfferPick, PICKS } from '../orders/pick.ts';
import { ORDER_STATUSES } from '../orders/state.ts';
import type { StatusRoom } from '../status/room.ts';
import { waitingPages } from '../waiting/page-routes.tsx';
import { DashboardChannel } from './channel.ts';
import { orderPages } from './order-routes.tsx';
import { changedInPlace, dashboardView, historyView, liveView, type Shown, withCode } from './present.ts';
import { startOffers } from './start-offers.ts';

export interface DashboardRouteDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  log: Log;
  terms: OrderTerms;
  board: Board;
  guard: Guard;
  signup: SignUp;
  pushes: Pushes;
  status: Pick<StatusRoom, 'shown'>;
}

const BuyFormBody = type({
  'country?': 'string <= 20',
  'service?': 'string <= 64',
  'carrier?': 'string <= 40',
  'count?': 'string <= 8',
  'fewer?': 'string <= 8',
  'quote?': 'string <= 100',
  'idempotency_key?': 'string <= 100',
});

/** The start page, the customer's dashboard and history. */
export function dashboardRoutes(deps: DashboardRouteDeps) {
  const { db, door, hub, clock, log, terms, guard, pushes } = deps;
  const offers = deps.board.all;
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
      ({ request, user, query }) => {
        const context = visitorContext(db, request, user, deps.signup);
        const firstSignIns = context.virtualBank ? firstEmails(db) : [];
        return page(
          <StartPage
            page={context}
            view={{
              offers: startOffers(offers(), { query: (query['q'] ?? '').slice(0, 60), country: query['country'] ?? '' }),
              windowMinutes: terms.windowMinutes,
              signup: deps.signup(),
              firstSignIns,
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
        const context = pageContext(db, request, user);
        const notice = batchNotice(query) ?? context.notice;
        return page(<DashboardPage page={{ ...context, notice }} view={view(user.id, shownOf(query))} />);
      },
      { customer: true },
    )
    .get('/dashboard/offers', ({ user, query }) => page(<BuyForm view={view(user.id, shownOf(query))} />), { customer: true })
    .get('/dashboard/orders', ({ request }) => seeOther(request, '/dashboard'), { customer: true })
    .get('/dashboard/poll', ({ user }) => page(pushDashboard(shownOnPage(live(user.id)))), { customer: true })
    .post(
      '/dashboard/orders',
      async ({ request, user, body }) => {
        const { country = '', service = '', carrier = '', quote, idempotency_key: key } = body;
        const pick = pickOf(country);
        const count = countOf(body.count);
        const fill = body.fewer === undefined ? ('all' as const) : ('available' as const);
        const order = {
          userId: user.id,
          country: pick === null ? country : null,
          service,
          ...(pick === null ? carrier !== '' && { carrier } : { pick }),
          maxPriceMinor: quotedPriceMinor(quote, country, service, pick === null ? carrier : undefined),
          count: count ?? 0,
          fill,
        };
        try {
          if (country === '' || service === '') throw new Refusal('validation', 'Choose a country and a service first.');
          const { got, why } = await door.write((tx) =>
            once(tx, { userId: user.id, key: key || null, request: ['form', order] }, () => {
              const { orders, short } = placeOrders(tx, terms, order);
              return { got: orders.length, why: short === null ? '' : short.type };
            }),
          );
          const told: Record<string, string> = count === 1 ? { notice: 'ordered' } : { got: String(got), of: String(count), why };
          return seeOther(request, `/dashboard?${new URLSearchParams({ ...told, country, service, ...(carrier !== '' && { carrier }) })}`);
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const shown = { country, service, carrier, pick, count, fewer: fill === 'available', problem: problemOf(thrown) };
          return page(<DashboardPage page={pageContext(db, request, user)} view={view(user.id, shown)} />, { status: thrown.status });
        }
      },
      { customer: true, body: BuyFormBody },
    )
    .use(orderPages({ db, door, clock, guard, terms }))
    .use(
      waitingPages({
        ...{ db, door, hub, clock, log, terms, guard, dashboard: channel },
        formAgain: (request, user, { max, hours, ...line }, { status, problem }) => {
          const shown = { ...line, pick: null, count: null, fewer: false, problem, wait: { max, hours } };
          return page(<DashboardPage page={pageContext(db, request, user)} view={view(user.id, shown)} />, { status });
        },
      }),
    )
    .get(
      '/dashboard/history',
      ({ request, user, query }) => {
        const status = ORDER_STATUSES.find((one) => one === query['status']) ?? null;
        const tag = isTag(query['tag'] ?? '') ? (query['tag'] ?? null) : null;
        const asked = { status, tag, query: (query['q'] ?? '').slice(0, 100), cursor: query['cursor'] ?? null };
        return page(<HistoryPage page={pageContext(db, request, user)} view={historyView(db, terms, user.id, clock, asked)} />);
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

/** How many numbers a form asks for: 1 when it does not say, null when what it says is no such number. */
function countOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return 1;
  return /^\d{1,2}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= BATCH_MAX ? Number(text) : null;
}

/** What the form says in place of a country when any will do. */
function pickOf(country: string | null): OfferPick | null {
  return PICKS.find((pick) => pick === country) ?? null;
}

function shownOf(query: Record<string, string | undefined>): Shown {
  const { country = null, service = null, carrier = null } = query;
  return {
    country,
    service,
    carrier,
    pick: pickOf(country),
    count: countOf(query['count']),
    fewer: query['fewer'] !== undefined,
    problem: null,
  };
}

/** Why nothing was ordered, in the words of a page: the form below offers what the API names by its address. */
function problemOf({ type, detail, extra }: Refusal): string {
  if (type === 'price_above_max') return 'The price has changed since this page was shown. Look at it again before you order.';
  // Of several numbers it says how many there are.
  if (type === 'out_of_stock' && 'waiting_list' in extra && !('possible' in extra))
    return 'No number is free right now. Nothing was charged; try again later, or wait in line for one.';
  return detail;
}

/** What came of an order of several numbers; nothing of the address is shown but figures. */
function batchNotice(query: Record<string, string | undefined>): string | null {
  const got = countOf(query['got'] ?? 'none');
  const of = countOf(query['of'] ?? 'none');
  if (got === null || of === null) return null;
  if (got >= of) return `${of} numbers are yours. Use them now; the codes appear here.`;
  const type = RUN_OUT.find((one) => one === query['why']) ?? 'out_of_stock';
  return `${got} of ${of} numbers: ${whyShort({ type })}.`;
}

const RUN_OUT = ['out_of_stock', 'insufficient_balance', 'limit_reached'] as const;
