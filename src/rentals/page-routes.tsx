/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { paths, rentalPath } from '../../views/paths.ts';
import { ExtendLine } from '../../views/rentals/actions.tsx';
import { RentLine } from '../../views/rentals/form.tsx';
import { InboxPage } from '../../views/rentals/inbox.tsx';
import { RentalsPage } from '../../views/rentals/page.tsx';
import { pushInbox, pushRentals } from '../../views/rentals/push.tsx';
import { shownPriceMinor } from '../../views/rentals/quote.ts';
import { type Guard, sessionToken } from '../accounts/guard.ts';
import { sessionUser } from '../accounts/sessions.ts';
import type { User } from '../accounts/users.ts';
import { DashboardChannel } from '../dashboard/channel.ts';
import type { StoredEvent } from '../db/events.ts';
import { once } from '../db/idempotency.ts';
import type { Door } from '../db/write.ts';
import type { Pushes } from '../evidence/pushes.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import { AMOUNT_MINOR_MAX, formatMinor, parseMajor } from '../lib/money.ts';
import type { Hub } from '../live/hub.ts';
import { socketOf } from '../live/socket.ts';
import type { MailLinks } from '../mail/links.ts';
import { formView, type InboxAsked, inboxView, listView, startOf, type Typed, termOf } from './present.ts';
import { changeRental, endRental, extendRental, type RentalTerms, rent } from './rentals.ts';
import { invite } from './shares.ts';
import { findRental, type Rental } from './view.ts';

export interface RentalPageDeps {
  db: Database;
  door: Door;
  hub: Hub;
  clock: Clock;
  terms: RentalTerms;
  guard: Guard;
  pushes: Pushes;
  links: MailLinks;
}

const RentForm = type({
  'country?': 'string <= 8',
  'unit?': 'string <= 8',
  'periods?': 'string <= 8',
  'service?': 'string <= 64',
  'starts?': 'string <= 40',
  'starts_at?': 'string <= 40',
  'name?': 'string <= 200',
  'quote?': 'string <= 100',
  'idempotency_key?': 'string <= 100',
});
const ExtendFormBody = type({
  'unit?': 'string <= 8',
  'periods?': 'string <= 8',
  'quote?': 'string <= 100',
  'idempotency_key?': 'string <= 100',
});
const EndFormBody = type({ 'min_returned?': 'string <= 20' });
const AutoFormBody = type({ 'cap?': 'string <= 40', 'do?': 'string <= 8' });
const ShareFormBody = type({ 'email?': 'string <= 300' });
const NameFormBody = type({ 'name?': 'string <= 200' });

const text = (value: string | undefined, charactersMax: number): string => (value ?? '').slice(0, charactersMax);

/** `/dashboard/rentals`: the customer's rentals, and the inbox of each. */
export function rentalPages(deps: RentalPageDeps) {
  const { db, door, hub, clock, terms, guard, pushes } = deps;
  const pushed = (events: readonly StoredEvent[]): void =>
    pushes.note(
      'dashboard',
      events.flatMap(({ id, type }) => (type.startsWith('rental.') ? [id] : [])),
    );
  const sources = { db, terms, nowMs: clock.nowMs, links: deps.links };
  const own = (user: User, id: string): Rental => {
    const rental = findRental(db, id, user.id);
    if (!rental) throw new Refusal('not_found', 'You have no rental with this id.');
    return rental;
  };
  const listPage = (
    request: Request,
    user: User,
    typed: Typed,
    refused: { status: number; problem: string } | null,
    cursor: string | null = null,
  ) => {
    const view = { ...listView(sources, user.id, cursor), form: formView(sources, user.id, typed, refused?.problem) };
    return page(<RentalsPage page={pageContext(db, request, user)} view={view} />, { status: refused?.status ?? 200 });
  };
  const inboxPage = (request: Request, user: User, id: string, asked: InboxAsked, status = 200) =>
    page(<InboxPage page={pageContext(db, request, user)} view={inboxView(sources, own(user, id), asked)} />, { status });
  /** Does it and comes back to the rental, or shows its page with why not. */
  const act = async (request: Request, user: User, id: string, notice: string, typed: Typed, verb: () => Promise<unknown>) => {
    try {
      await verb();
      return seeOther(request, `${rentalPath(id)}?notice=${notice}`);
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.type === 'not_found') throw thrown;
      return inboxPage(request, user, id, { typed, problem: thrown.detail }, thrown.status);
    }
  };
  const pushList = (userId: string): string => pushRentals(listView(sources, userId));
  const lists = new DashboardChannel(hub, pushList, clock.nowMs, pushed);
  const inboxes = new DashboardChannel(
    {
      onClose: hub.onClose,
      get isClosed() {
        return hub.isClosed;
      },
      // One key for each customer and rental: only what happened to it makes its tabs anew.
      onUser: (key, listener) =>
        hub.onUser(key.split(' ')[0] ?? '', (events) => {
          const of = events.filter(({ rentalId }) => rentalId === key.split(' ')[1]);
          if (of.length > 0) listener(of);
        }),
    },
    (key) => {
      const [userId = '', rentalId = ''] = key.split(' ');
      const rental = findRental(db, rentalId, userId);
      return rental ? pushInbox(inboxView(sources, rental)) : '';
    },
    clock.nowMs,
    pushed,
  );
  const mayRead = (request: Request, user: User) => {
    const token = sessionToken(request) ?? '';
    return () => sessionUser(db, token, clock.nowMs())?.id === user.id;
  };

  return (
    new Elysia({ name: 'rental-pages', detail: { hide: true } })
      .use(guard)
      .get('/dashboard/rentals', ({ request, user, query }) => listPage(request, user, query, null, query['cursor'] ?? null), {
        customer: true,
      })
      .get('/dashboard/rentals/quote', ({ user, query }) => page(<RentLine view={formView(sources, user.id, query)} />), { customer: true })
      .get('/dashboard/rentals/poll', ({ user }) => page(pushList(user.id)), { customer: true })
      .post(
        '/dashboard/rentals',
        async ({ request, user, body }) => {
          const term = termOf(body);
          // The button that books the next free time says when; what stands in the field counts else.
          const starts = body.starts_at ?? body.starts;
          const { country = '', service, name = '', idempotency_key: key } = body;
          try {
            const maxPriceMinor = shownPriceMinor(body.quote, { country, ...term });
            if (maxPriceMinor === null)
              throw new Refusal(
                'validation',
                'The price of this choice was not shown before. It stands below now: rent again if it suits you.',
              );
            const asked = {
              ...{ userId: user.id, country, service: service || null, term, name, startsAtMs: startOf(starts), autoCapMinor: null },
              maxPriceMinor,
            };
            const { id } = await door.write((tx) => {
              const rental = () => rent(tx, terms, asked);
              return once(tx, { userId: user.id, key: key || null, request: ['form', asked] }, rental);
            });
            return seeOther(request, `${rentalPath(id)}?notice=${asked.startsAtMs === null ? 'rented' : 'booked'}`);
          } catch (thrown) {
            if (!(thrown instanceof Refusal)) throw thrown;
            const changed = thrown.type === 'price_above_max' ? 'The price has changed since this page was shown. Look at it again.' : null;
            return listPage(request, user, { ...body, starts }, { status: thrown.status, problem: changed ?? thrown.detail });
          }
        },
        { customer: true, body: RentForm },
      )
      .get(
        '/dashboard/rentals/:id',
        ({ request, user, params, query }) =>
          inboxPage(request, user, params.id, {
            search: text(query['q'], 100).trim(),
            from: text(query['from'], 40),
            to: text(query['to'], 40),
            cursor: query['cursor'] || null,
            typed: query,
          }),
        { customer: true },
      )
      .get('/dashboard/rentals/:id/poll', ({ user, params }) => page(pushInbox(inboxView(sources, own(user, params.id)))), {
        customer: true,
      })
      .get(
        '/dashboard/rentals/:id/quote',
        ({ user, params, query }) => page(<ExtendLine view={inboxView(sources, own(user, params.id), { typed: query })} />),
        { customer: true },
      )
      // The addresses of forms that may answer with the page itself: reloaded from the address bar they lead back to it.
      .get('/dashboard/rentals/:id/:verb', ({ request, params }) => seeOther(request, rentalPath(params.id)), { customer: true })
      .post(
        '/dashboard/rentals/:id/extend',
        ({ request, user, params: { id }, body }) => {
          const term = termOf(body);
          const rental = own(user, id);
          return act(request, user, id, 'extended', body, () => {
            const maxPriceMinor = shownPriceMinor(body.quote, { country: rental.country, ...term });
            if (maxPriceMinor === null)
              throw new Refusal(
                'validation',
                'The price of this choice was not shown before. It stands below now: extend again if it suits you.',
              );
            const asked = { userId: user.id, rentalId: id, term, maxPriceMinor };
            return door.write((tx) => {
              const extend = () => extendRental(tx, terms, asked);
              return once(tx, { userId: user.id, key: body.idempotency_key || null, request: ['form', asked] }, extend);
            });
          });
        },
        { customer: true, body: ExtendFormBody },
      )
      .post(
        '/dashboard/rentals/:id/end',
        ({ request, user, params: { id }, body }) => {
          const least = /^\d{1,10}$/.test(body.min_returned ?? '') ? Number(body.min_returned) : null;
          return act(request, user, id, 'rental-ended', {}, () =>
            door.write((tx) => endRental(tx, terms, { userId: user.id, rentalId: id, minReturnedMinor: least })),
          );
        },
        { customer: true, body: EndFormBody },
      )
      .post(
        '/dashboard/rentals/:id/auto',
        ({ request, user, params: { id }, body }) => {
          const isOn = body.do !== 'off';
          return act(request, user, id, isOn ? 'auto-on' : 'auto-off', {}, () => {
            const cap = isOn ? parseMajor((body.cap ?? '').trim(), terms.currency) : null;
            if (isOn && (cap === null || cap < 1 || cap > AMOUNT_MINOR_MAX)) {
              throw new Refusal('validation', `The limit must be an amount such as ${formatMinor(4000, terms.currency)}, above nothing.`);
            }
            return door.write((tx) => changeRental(tx, { userId: user.id, rentalId: id, autoCapMinor: cap }));
          });
        },
        { customer: true, body: AutoFormBody },
      )
      .post(
        '/dashboard/rentals/:id/name',
        ({ request, user, params: { id }, body }) =>
          act(request, user, id, 'named', {}, () =>
            door.write((tx) => changeRental(tx, { userId: user.id, rentalId: id, name: body.name ?? '' })),
          ),
        { customer: true, body: NameFormBody },
      )
      .post(
        '/dashboard/rentals/:id/share',
        ({ request, user, params: { id }, body }) =>
          act(request, user, id, 'share-invited', {}, () =>
            door.write((tx) => invite(tx, terms.random, { userId: user.id, rentalId: id, email: body.email ?? '' })),
          ),
        { customer: true, body: ShareFormBody },
      )
      .ws(paths.rentalsLive, {
        customer: true,
        open: (ws) => lists.open(ws.data.user.id, socketOf(ws.raw), mayRead(ws.data.request, ws.data.user)),
        close: (ws) => lists.close(ws.data.user.id, socketOf(ws.raw)),
      })
      .ws('/dashboard/live/rentals/:id', {
        customer: true,
        open: (ws) => inboxes.open(`${ws.data.user.id} ${ws.data.params.id}`, socketOf(ws.raw), mayRead(ws.data.request, ws.data.user)),
        close: (ws) => inboxes.close(`${ws.data.user.id} ${ws.data.params.id}`, socketOf(ws.raw)),
      })
  );
}
