/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import type { Database } from 'bun:sqlite';
import { Html } from '@elysiajs/html';
import { type } from 'arktype';
import { Elysia } from 'elysia';
import { SupportPage, SupportTicketPage, type SupportTicketView } from '../../views/admin/support.tsx';
import type { FormView } from '../../views/model.ts';
import { paths, supportPath } from '../../views/paths.ts';
import type { Guard } from '../accounts/guard.ts';
import type { User } from '../accounts/users.ts';
import { serviceName } from '../codes/judge.ts';
import type { Door, Tx } from '../db/write.ts';
import { pageContext } from '../http/context.ts';
import { page, seeOther } from '../http/page.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { isMailOn } from '../mail/queue.ts';
import type { OrderTerms } from '../orders/orders.ts';
import {
  answerAsOperator,
  listTickets,
  messagesOfTicket,
  noteTicket,
  requireTicket,
  setTicketClosed,
  type Ticket,
  type TicketState,
  textProblem,
  ticketCounts,
} from '../support/tickets.ts';
import { writerOf } from '../support/writer.ts';

const TextForm = type({ 'text?': 'string <= 20000' }).or('undefined | null');
const LISTED = 100;
const STATES: readonly TicketState[] = ['open', 'waiting', 'closed'];
const NO_FORM: FormView = { values: {}, errors: {} };

/** `/admin/support`: what people wrote to the operator, and the operator's answers. */
export function supportAdminRoutes(deps: {
  db: Database;
  door: Door;
  clock: Clock;
  guard: Guard;
  log: Log;
  terms: Pick<OrderTerms, 'rules'>;
}) {
  const { db, door, clock, guard, log, terms } = deps;
  const show = (request: Request, user: User, id: string, form: FormView, status = 200) => {
    const ticket = requireTicket(db, id);
    const view: SupportTicketView = {
      ...{ nowMs: clock.nowMs(), ticket, messages: messagesOfTicket(db, id, true), form, canMail: isMailOn(db) },
      ...writerOf(db, ticket, (service) => serviceName(service, terms.rules())),
    };
    return page(<SupportTicketPage page={pageContext(db, request, user)} view={view} />, { status });
  };
  const act = async (request: Request, id: string, action: string, notice: string, verb: (tx: Tx) => Ticket) => {
    await door.write(verb);
    log.info('ticket_changed', { ticket: id, action });
    return seeOther(request, `${supportPath(id)}?notice=${notice}`);
  };
  return (
    new Elysia({ prefix: paths.support, detail: { hide: true } })
      .use(guard)
      .get(
        '',
        ({ request, user, query }) => {
          const search = (query['q'] ?? '').trim().slice(0, 100);
          const state = STATES.find((one) => one === query['state']) ?? 'open';
          const tickets = listTickets(db, { state, search, limit: LISTED });
          const view = { nowMs: clock.nowMs(), tickets, counts: ticketCounts(db), state, search };
          return page(<SupportPage page={pageContext(db, request, user)} view={view} />);
        },
        { operator: true },
      )
      .get('/:id', ({ request, user, params }) => show(request, user, params.id, NO_FORM), { operator: true })
      // A refused answer is shown at its own address, which is then reloaded.
      .get('/:id/:verb', ({ request, params }) => seeOther(request, supportPath(params.id)), { operator: true })
      .post(
        '/:id/answer',
        ({ request, user, params: { id }, body }) => {
          const text = body?.text ?? '';
          const problem = textProblem(text);
          if (problem !== null) return show(request, user, id, { values: { text }, errors: { text: problem } }, 422);
          return act(request, id, 'answer', 'ticket-answered', (tx) => answerAsOperator(tx, user.id, id, text));
        },
        { operator: true, body: TextForm },
      )
      .post(
        '/:id/note',
        ({ request, user, params: { id }, body }) => {
          const note = body?.text ?? '';
          if (note.trim() === '' || note.length > 5000)
            return show(request, user, id, { values: { note }, errors: { note: 'Write a note of 1 to 5000 characters.' } }, 422);
          return act(request, id, 'note', 'ticket-noted', (tx) => noteTicket(tx, user.id, id, note));
        },
        { operator: true, body: TextForm },
      )
      .post(
        '/:id/close',
        ({ request, user, params: { id } }) => act(request, id, 'close', 'ticket-closed', (tx) => setTicketClosed(tx, user.id, id, true)),
        { operator: true },
      )
      .post(
        '/:id/reopen',
        ({ request, user, params: { id } }) =>
          act(request, id, 'reopen', 'ticket-reopened', (tx) => setTicketClosed(tx, user.id, id, false)),
        { operator: true },
      )
  );
}
