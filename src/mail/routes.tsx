/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import type { FormView } from '../../views/model.ts';
import { paths } from '../../views/paths.ts';
import { NotificationsPage, type NotificationsView } from '../../views/settings/notifications.tsx';
import { BadUnsubscribePage, UnsubscribePage } from '../../views/unsubscribe.tsx';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { SignUp } from '../config/access.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext, visitorContext } from '../http/context.ts';
import { RateLimit } from '../http/limits.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { AMOUNT_MINOR_MAX, formatMinor, parseMajor } from '../lib/money.ts';
import { outboxCounts } from '../outbox/deliveries.ts';
import { addressTrouble, forgetRefusals, isReservedAddress } from './addresses.ts';
import type { SwitchedKind } from './kinds.ts';
import { type MailLinks, readUnsubscribe } from './links.ts';
import { type MailPreferences, mailPreferences, setMailPreferences, setWanted } from './preferences.ts';
import { isMailOn, queueMail } from './queue.ts';
import { recentMails } from './recent.ts';

export interface MailRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  links: MailLinks;
  currency: string;
  signup: SignUp;
}

const Box = 'string <= 10';
const WantedForm = type({
  'code_received?': Box,
  'code_in_mail?': Box,
  'order_expired?': Box,
  'low_balance?': Box,
  'low_balance_at?': 'string <= 40',
  'rental_ending?': Box,
  'waiting_list?': Box,
  'webhook_disabled?': Box,
  'alarms?': Box,
  'ticket_opened?': Box,
  'sim_due?': Box,
});
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/settings/notifications`, where people choose their mails, and `/unsubscribe`, where the links of mails lead. */
export function mailRoutes(deps: MailRouteDeps) {
  const { db, door, clock, guard, currency } = deps;
  const tests = new RateLimit({ burst: 5, refillMs: 3_600_000, what: 'test mails' });
  const viewOf = (user: User, form: FormView, wanted = mailPreferences(db, user.id)): NotificationsView => ({
    ...{ nowMs: clock.nowMs(), email: user.email, currency, isOperator: user.role === 'operator', wanted, form },
    ...{ canMail: isMailOn(db), isReserved: isReservedAddress(user.email), address: addressTrouble(db, user.email) },
    recent: recentMails(db, user.id),
    house: user.role === 'operator' ? houseOf(db) : null,
  });
  const sendTest = (tx: Tx, userId: string) => queueMail(tx, { kind: 'test', about: `${userId}:${tx.nowMs}`, userId });

  return new Elysia({ name: 'mail', detail: { hide: true } })
    .use(guard)
    .get(
      paths.notifications,
      ({ request, user }) => page(<NotificationsPage page={pageContext(db, request, user)} view={viewOf(user, NO_FORM)} />),
      { customer: true },
    )
    .post(
      paths.notifications,
      async ({ request, user, body }) => {
        requireMail(db);
        const read = readWanted(body, mailPreferences(db, user.id), user.role === 'operator', currency);
        if (read.problem !== null) {
          const form = { values: { low_balance_at: body.low_balance_at ?? '' }, errors: { low_balance_at: read.problem } };
          const view = viewOf(user, form, read.wanted);
          return page(<NotificationsPage page={pageContext(db, request, user)} view={view} />, { status: 422 });
        }
        await door.write((tx) => setMailPreferences(tx, user.id, read.wanted));
        return seeOther(request, `${paths.notifications}?notice=mails-kept`);
      },
      { customer: true, body: WantedForm },
    )
    .post(
      `${paths.notifications}/test`,
      async ({ request, user }) => {
        requireMail(db);
        tests.take(user.id, clock.monotonicMs());
        await door.write((tx) => sendTest(tx, user.id));
        return seeOther(request, `${paths.notifications}?notice=mail-tested`);
      },
      { customer: true },
    )
    .post(
      `${paths.notifications}/retry`,
      async ({ request, user }) => {
        requireMail(db);
        tests.take(user.id, clock.monotonicMs());
        await door.write((tx) => {
          forgetRefusals(tx, user.email);
          sendTest(tx, user.id);
        });
        return seeOther(request, `${paths.notifications}?notice=mail-tested`);
      },
      { customer: true },
    )
    .use(unsubscribeRoutes(deps));
}

/** The link says whose mails of which kind it is about; who opens it need not be signed in. A program posts to it without looking (RFC 8058). */
function unsubscribeRoutes({ db, door, clock, guard, links, signup }: MailRouteDeps) {
  const show = (request: Request, token: string, viewer: User | null, done: boolean) => {
    const context = { ...visitorContext(db, request, viewer, signup), path: paths.unsubscribe };
    const about = aboutOf(db, links.secret, token, clock.nowMs());
    if (about === null) return page(<BadUnsubscribePage page={context} />, { status: 404 });
    const view = { token, kind: about.kind, email: about.email, isOn: mailPreferences(db, about.userId)[about.kind], done };
    return page(<UnsubscribePage page={context} view={view} />);
  };
  const change = async (token: string, on: boolean): Promise<void> => {
    const about = aboutOf(db, links.secret, token, clock.nowMs());
    if (about !== null) await door.write((tx) => setWanted(tx, about.userId, about.kind, on));
  };
  return new Elysia({ name: 'unsubscribe', detail: { hide: true } })
    .use(guard)
    .get(`${paths.unsubscribe}/:token`, ({ request, user, params }) => show(request, params.token, user, false), { viewer: true })
    .post(
      `${paths.unsubscribe}/:token`,
      async ({ request, user, params }) => {
        await change(params.token, false);
        return show(request, params.token, user, true);
      },
      { viewer: true },
    )
    .get(`${paths.unsubscribe}/:token/undo`, ({ request, params }) => seeOther(request, `${paths.unsubscribe}/${params.token}`))
    .post(
      `${paths.unsubscribe}/:token/undo`,
      async ({ request, user, params }) => {
        await change(params.token, true);
        return show(request, params.token, user, true);
      },
      { viewer: true },
    );
}

function aboutOf(
  db: Database,
  secret: Uint8Array,
  token: string,
  nowMs: number,
): { userId: string; email: string; kind: SwitchedKind } | null {
  const read = readUnsubscribe(secret, token, nowMs);
  if (read === null) return null;
  const user = db.query<{ email: string }, { userId: string }>('SELECT email FROM users WHERE id = $userId').get({ userId: read.userId });
  return user && { ...read, email: user.email };
}

function houseOf(db: Database): NotificationsView['house'] {
  const mail = outboxCounts(db).find(({ channel }) => channel === 'mail');
  return { waiting: mail?.waiting ?? 0, oldestAtMs: mail?.oldestAtMs ?? null };
}

function requireMail(db: Database): void {
  if (!isMailOn(db)) throw new Refusal('unavailable', 'The operator has not set up mail, so nothing is sent by mail.');
}

/** What the form asks for, and what is wrong with it. What the form does not offer stays as it is. */
function readWanted(
  body: typeof WantedForm.infer,
  before: MailPreferences,
  isOperator: boolean,
  currency: string,
): { wanted: MailPreferences; problem: string | null } {
  const on = (value: string | undefined): boolean => value === 'yes';
  const typed = (body.low_balance_at ?? '').trim();
  const minor = typed === '' ? 0 : parseMajor(typed, currency);
  const wantsLow = on(body.low_balance);
  const wanted: MailPreferences = {
    ...before,
    ...{ code_received: on(body.code_received), codeInMail: on(body.code_in_mail), order_expired: on(body.order_expired) },
    ...{
      low_balance: wantsLow,
      rental_ending: on(body.rental_ending),
      waiting_list: on(body.waiting_list),
      lowBalanceMinor: minor ?? before.lowBalanceMinor,
      webhook_disabled: on(body.webhook_disabled),
    },
    ...(isOperator ? { alarms: on(body.alarms), ticket_opened: on(body.ticket_opened), sim_due: on(body.sim_due) } : {}),
  };
  const example = formatMinor(500, currency).replace(/[^\d.]/g, '');
  if (minor === null || minor > AMOUNT_MINOR_MAX) return { wanted, problem: `Type an amount in ${currency}, such as ${example}.` };
  if (wantsLow && minor === 0) return { wanted, problem: `Type the amount below which you want to be told, such as ${example}.` };
  return { wanted, problem: null };
}
