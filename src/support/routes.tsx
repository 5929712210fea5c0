/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { ContactPage } from '../../views/contact/form.tsx';
import { DEAD_WORDS, DeadTicketPage, TicketPage, TicketsPage, type TicketView } from '../../views/contact/ticket.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, signedPath, ticketPath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import type { SignUp } from '../config/access.ts';
import type { Door } from '../db/write.ts';
import { clientAddress, networkOf } from '../http/address.ts';
import { visitorContext } from '../http/context.ts';
import { RateLimit } from '../http/limits.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import { Refusal } from '../lib/errors.ts';
import type { RandomBytes } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { type MailLinks, ticketToken } from '../mail/links.ts';
import { isMailOn } from '../mail/queue.ts';
import { checkContact, readContactForm } from './contact-form.ts';
import { checkForm, newFormToken } from './form-guard.ts';
import { type LinkedTicket, linkedTicket } from './ticket-link.ts';
import { answerAsWriter, messagesOfTicket, openTicket, ownTicket, type Ticket, textProblem, ticketsOf } from './tickets.ts';

export interface SupportRouteDeps {
  db: Database;
  door: Door;
  clock: Clock;
  log: Log;
  random: RandomBytes;
  guard: Guard;
  links: MailLinks;
  trustedProxies: readonly string[];
  signup: SignUp;
}

const AnswerForm = type({ 'text?': 'string <= 20000' }).or('undefined | null');
const NO_FORM: FormView = { values: {}, errors: {} };
const LISTED = 100;
const HOUR_MS = 3_600_000;

/** `/contact`: the form for everybody, and the tickets of those who wrote, after signing in or by the signed link of a mail. */
export function supportRoutes(deps: SupportRouteDeps) {
  const { db, door, clock, log, random, guard, links, signup } = deps;
  const { secret } = links;
  const limits = {
    address: new RateLimit({ burst: 10, refillMs: HOUR_MS, what: 'messages from this address' }),
    account: new RateLimit({ burst: 10, refillMs: HOUR_MS, what: 'messages of this account' }),
    // A confirmation goes to whoever was named: nobody is to be flooded through us.
    email: new RateLimit({ burst: 3, refillMs: 12 * HOUR_MS, what: 'messages for this e-mail address' }),
  };
  const form = (request: Request, user: User | null, view: FormView, status = 200) =>
    page(
      <ContactPage
        page={visitorContext(db, request, user, signup)}
        view={{ form: view, token: newFormToken(secret, random, clock.nowMs()), email: user?.email ?? null, canMail: isMailOn(db) }}
      />,
      { status },
    );
  const show = (request: Request, user: User | null, ticket: Ticket, action: string, view: FormView, status = 200) => {
    const shown: TicketView = {
      nowMs: clock.nowMs(),
      ticket,
      messages: messagesOfTicket(db, ticket.id, false),
      action,
      form: view,
      canMail: isMailOn(db),
    };
    return page(<TicketPage page={{ ...visitorContext(db, request, user, signup), path: paths.contact }} view={shown} />, { status });
  };
  const ticketOf = (token: string): LinkedTicket => linkedTicket(db, secret, token, clock.nowMs());
  const answer = async (request: Request, user: User | null, ticket: Ticket, place: string, action: string, text: string) => {
    const problem = textProblem(text);
    if (problem !== null) return show(request, user, ticket, action, { values: { text }, errors: { text: problem } }, 422);
    limits.account.take(ticket.userId ?? ticket.id, clock.monotonicMs());
    await door.write((tx) => answerAsWriter(tx, ticket.id, text));
    log.info('ticket_answered', { ticket: ticket.id, by: 'writer' });
    return seeOther(request, `${place}?notice=ticket-answered`);
  };

  return new Elysia({ name: 'contact', detail: { hide: true } })
    .use(guard)
    .get(
      paths.contact,
      ({ request, user, query }) =>
        form(request, user, { ...NO_FORM, values: { order: (query['order'] ?? '').slice(0, 64), topic: query['order'] ? 'order' : '' } }),
      { viewer: true },
    )
    .post(
      paths.contact,
      async ({ request, user, body, server }) => {
        const given = readContactForm(body);
        const again = (errors: Record<string, string>) => form(request, user, { values: given.values, errors }, 422);
        const checked = checkForm(secret, given, clock.nowMs());
        if (!checked.ok) {
          log.info('contact_refused', { why: checked.problem.slice(0, 60) });
          return again({ '': checked.problem });
        }
        const read = checkContact(given, user?.email ?? null);
        if (!read.ok) return again(read.errors);
        const nowMs = clock.monotonicMs();
        limits.address.take(networkOf(clientAddress(server, request, deps.trustedProxies)), nowMs);
        if (user === null) limits.email.take(read.email, nowMs);
        else limits.account.take(user.id, nowMs);
        try {
          const { email, topic, orderId, text } = read;
          const ticket = await door.write((tx) =>
            openTicket(tx, random, { userId: user?.id ?? null, email, topic, orderId, text, formKey: checked.key }),
          );
          log.info('ticket_opened', { ticket: ticket.id, topic });
          const place = user === null ? signedPath('ticket', ticketToken(secret, ticket.id, clock.nowMs())) : ticketPath(ticket.id);
          return seeOther(request, `${place}?notice=ticket-opened`);
        } catch (thrown) {
          if (thrown instanceof Refusal && thrown.type === 'not_found')
            return again({ order: `${thrown.detail} It stands in your history.` });
          throw thrown;
        }
      },
      { viewer: true },
    )
    .get(
      paths.tickets,
      ({ request, user }) =>
        page(
          <TicketsPage
            page={{ ...visitorContext(db, request, user, signup), path: paths.contact }}
            view={{ nowMs: clock.nowMs(), tickets: ticketsOf(db, user.id, LISTED) }}
          />,
        ),
      { customer: true },
    )
    .get(
      `${paths.tickets}/:id`,
      ({ request, user, params }) => show(request, user, ownTicket(db, params.id, user.id), ticketPath(params.id, 'answer'), NO_FORM),
      { customer: true },
    )
    .get(`${paths.tickets}/:id/answer`, ({ request, params }) => seeOther(request, ticketPath(params.id)), { customer: true })
    .post(
      `${paths.tickets}/:id/answer`,
      ({ request, user, params: { id }, body }) =>
        answer(request, user, ownTicket(db, id, user.id), ticketPath(id), ticketPath(id, 'answer'), body?.text ?? ''),
      { customer: true, body: AnswerForm },
    )
    .get(
      '/contact/ticket/:token',
      ({ request, user, params: { token } }) => {
        const found = ticketOf(token);
        if (!found.ok)
          return page(<DeadTicketPage page={{ ...visitorContext(db, request, user, signup), path: paths.contact }} why={found.why} />, {
            status: found.why === 'forged' ? 404 : 410,
          });
        return show(request, user, found.ticket, signedPath('ticket', token, 'answer'), NO_FORM);
      },
      { viewer: true },
    )
    .get('/contact/ticket/:token/answer', ({ request, params }) => seeOther(request, signedPath('ticket', params.token)))
    .post(
      '/contact/ticket/:token/answer',
      ({ request, user, params: { token }, body }) => {
        const found = ticketOf(token);
        if (!found.ok) throw new Refusal(found.why === 'forged' ? 'not_found' : 'link_ended', DEAD_WORDS[found.why]);
        return answer(request, user, found.ticket, signedPath('ticket', token), signedPath('ticket', token, 'answer'), body?.text ?? '');
      },
      { viewer: true, body: AnswerForm },
    );
}
