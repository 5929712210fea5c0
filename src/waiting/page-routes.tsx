/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths } from '../../views/paths.ts';
import { pushWaiting, WaitingPage } from '../../views/waiting/page.tsx';
import { type Guard, sessionToken } from '../accounts/guard.ts';
import { sessionUser } from '../accounts/sessions.ts';
import type { User } from '../accounts/users.ts';
import { DashboardChannel } from '../dashboard/channel.ts';
import { once } from '../db/idempotency.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { majorText, parseMajor } from '../lib/money.ts';
import type { Hub } from '../live/hub.ts';
import { socketOf } from '../live/socket.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { moveNeighbours } from './neighbours.ts';
import { joinLine, leaveLine, rejoinLine } from './places.ts';
import { waitingView } from './present.ts';
import type { Place } from './view.ts';

/** What was chosen and typed in the order form when waiting was refused. */
export interface WaitTyped {
  country: string;
  service: string;
  carrier: string;
  max: string;
  hours: string;
}

export interface WaitingPageDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  log: Log;
  terms: OrderTerms;
  guard: Guard;
  /** The channel of the dashboard, which shows places too. */
  dashboard: DashboardChannel;
  /** The order form as it was, with why not. */
  formAgain(request: Request, user: User, typed: WaitTyped, refused: { status: number; problem: string }): Promise<Response>;
}

const JoinForm = type({
  'country?': 'string <= 20',
  'service?': 'string <= 64',
  'carrier?': 'string <= 40',
  'mode?': 'string <= 10',
  'wait_max?': 'string <= 20',
  'wait_hours?': 'string <= 8',
  'idempotency_key?': 'string <= 100',
});

/** `/dashboard/waiting`: where a customer waits, and how they join from the order form. */
export function waitingPages(deps: WaitingPageDeps) {
  const { db, door, hub, clock, terms, guard } = deps;
  const sources = { db, terms, nowMs: clock.nowMs };
  const push = (userId: string): string => pushWaiting(waitingView(sources, userId));
  const channel = new DashboardChannel(hub, push, clock.nowMs, () => {});
  moveNeighbours({ db, hub, channels: [channel, deps.dashboard], log: deps.log });
  const act = async (verb: (tx: Tx) => Place, notice: string, request: Request) => {
    const { status } = await door.write(verb);
    return seeOther(request, status === 'served' ? `${paths.dashboard}?notice=ordered` : `${paths.waiting}?notice=${notice}`);
  };

  return new Elysia({ name: 'waiting-pages', detail: { hide: true } })
    .use(guard)
    .get(
      paths.waiting,
      ({ request, user }) => page(<WaitingPage page={pageContext(db, request, user)} view={waitingView(sources, user.id)} />),
      { customer: true },
    )
    .get(paths.waitingPoll, ({ user }) => page(push(user.id)), { customer: true })
    .post(
      paths.waiting,
      async ({ request, user, body }) => {
        const {
          country = '',
          service = '',
          carrier = '',
          mode: asked,
          wait_max: max = '',
          wait_hours: hours = '',
          idempotency_key: key,
        } = body;
        const mode = asked === 'notify' ? ('notify' as const) : ('buy' as const);
        try {
          const line = { country, service, carrier };
          const join = { userId: user.id, ...line, mode, maxPriceMinor: mode === 'buy' ? maxOf(max, terms) : null, hours: hoursOf(hours) };
          return await act(
            (tx) => once(tx, { userId: user.id, key: key || null, request: ['form-wait', join] }, () => joinLine(tx, terms, join)),
            'waiting-joined',
            request,
          );
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown;
          const problem = thrown.type === 'in_stock' ? 'There is a number right now: get it below.' : thrown.detail;
          return deps.formAgain(request, user, { country, service, carrier, max, hours }, { status: thrown.status, problem });
        }
      },
      { customer: true, body: JoinForm },
    )
    .post(
      `${paths.waiting}/:id/leave`,
      ({ request, user, params }) => act((tx) => leaveLine(tx, terms, { userId: user.id, id: params.id }), 'waiting-left', request),
      { customer: true },
    )
    .post(
      `${paths.waiting}/:id/rejoin`,
      ({ request, user, params }) => act((tx) => rejoinLine(tx, terms, { userId: user.id, id: params.id }), 'waiting-rejoined', request),
      { customer: true },
    )
    .ws(paths.waitingLive, {
      customer: true,
      open: (ws) => {
        const { user, request } = ws.data;
        const token = sessionToken(request) ?? '';
        channel.open(user.id, socketOf(ws.raw), () => sessionUser(db, token, clock.nowMs())?.id === user.id);
      },
      close: (ws) => channel.close(ws.data.user.id, socketOf(ws.raw)),
    });
}

function maxOf(typed: string, { currency }: OrderTerms): number {
  const minor = parseMajor(typed.trim(), currency);
  if (minor !== null && minor > 0) return minor;
  throw new Refusal('validation', `Type the most you would pay in ${currency}, such as ${majorText(50, currency)}.`);
}

function hoursOf(typed: string): number {
  return /^\d{1,5}$/.test(typed) ? Number(typed) : Number.NaN;
}
