/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Ticket, TicketMessage } from '../../src/support/tickets.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { FormError } from '../parts/field.tsx';
import { attr, Foreign, ForeignBlock, Time } from '../parts/text.tsx';
import { paths, ticketPath } from '../paths.ts';
import { TextArea } from './form.tsx';
import { TalkStyle } from './style.tsx';
import { CLOSED_LINK_DAYS, TICKET_LINK_DAYS, TOPIC_WORDS } from './words.ts';

export interface TicketView {
  nowMs: number;
  ticket: Ticket;
  messages: TicketMessage[];
  /** Where an answer is posted. */
  action: string;
  form: FormView;
  canMail: boolean;
}

const STATE_WORDS = {
  open: { word: 'Waits for the operator', level: 'busy' },
  waiting: { word: 'Answered', level: 'good' },
  closed: { word: 'Closed', level: undefined },
} as const;

/** A ticket as its writer sees it: the thread, and a field to go on. Posts `text`. */
export function TicketPage({ page, view }: { page: PageContext; view: TicketView }): JSX.Element {
  const { ticket, messages, form, action, canMail } = view;
  return (
    <Layout page={page} title={`Ticket ${ticket.number}`} head={TalkStyle} nowMs={view.nowMs}>
      {ticket.userId === null ? null : (
        <p class="crumbs">
          <a href={paths.tickets}>Your messages</a>
        </p>
      )}
      <h1>
        Ticket{' '}
        <span class="mono" safe>
          {ticket.number}
        </span>
      </h1>
      <p class="ticket-head">
        <StateBadge state={ticket.state} /> <span safe>{TOPIC_WORDS[ticket.topic] ?? ticket.topic}</span>
        {ticket.orderId === null ? null : (
          <code class="plain" safe>
            {ticket.orderId}
          </code>
        )}
      </p>
      <p class="muted">
        {canMail ? (
          <>
            Answers stand here and go to <Foreign text={ticket.email} />.
          </>
        ) : (
          'Answers stand here. This box sends no mail: '
        )}
        {ticket.userId === null ? (
          <span
            safe
          >{` Keep the address of this page: it is the only way to the ticket. It works ${TICKET_LINK_DAYS} days, and ${CLOSED_LINK_DAYS} after the ticket was closed; each mail brings a new one.`}</span>
        ) : null}
        {ticket.userId !== null && !canMail ? 'look again later.' : null}
      </p>
      <Thread messages={messages} nowMs={view.nowMs} mine="writer" />
      <section class="panel talk" aria-labelledby="answer-title">
        <h2 id="answer-title">{ticket.state === 'closed' ? 'Write again: that opens it' : 'Add something'}</h2>
        <FormError form={form} />
        <form method="post" action={attr(action)}>
          <TextArea form={form} label="Your message" rows="5" />
          <button type="submit">Send</button>
        </form>
      </section>
    </Layout>
  );
}

/** What was said, oldest first; `mine` is whose side looks. */
export function Thread({
  messages,
  nowMs,
  mine,
}: {
  messages: readonly TicketMessage[];
  nowMs: number;
  mine: 'writer' | 'operator';
}): JSX.Element {
  return (
    <ol class="thread" aria-label="Messages">
      {messages.map(({ author, email, text, atMs }) => (
        <li data-author={author} data-side={author === 'note' ? 'note' : author === mine ? 'mine' : 'theirs'}>
          <p class="thread-head">
            <b safe>{whoSaid(author, mine)}</b>
            {mine === 'operator' && email !== null ? <Foreign text={email} /> : null}
            <Time atMs={atMs} nowMs={nowMs} />
          </p>
          <ForeignBlock text={text} />
        </li>
      ))}
    </ol>
  );
}

function whoSaid(author: TicketMessage['author'], mine: 'writer' | 'operator'): string {
  if (author === 'note') return 'Note, for operators only';
  // There may be several operators; their addresses stand beside it.
  if (author === 'operator') return 'Operator';
  return mine === 'writer' ? 'You' : 'Writer';
}

function StateBadge({ state }: { state: Ticket['state'] }): JSX.Element {
  const { word, level } = STATE_WORDS[state];
  return (
    <span class="badge" data-level={level}>
      {word}
    </span>
  );
}

/** Everything a customer wrote to the operator. */
export function TicketsPage({ page, view }: { page: PageContext; view: { nowMs: number; tickets: Ticket[] } }): JSX.Element {
  return (
    <Layout page={page} title="Your messages" head={TalkStyle}>
      <h1>Your messages to the operator</h1>
      {view.tickets.length === 0 ? (
        <p class="empty">You have written nothing yet.</p>
      ) : (
        <ul class="rows panel">
          {view.tickets.map(({ id, number, topic, state, updatedAtMs }) => (
            <li>
              <a class="mono" href={attr(ticketPath(id))} safe>
                {number}
              </a>
              <span class="what" safe>
                {TOPIC_WORDS[topic] ?? topic}
              </span>
              <StateBadge state={state} />
              <Time atMs={updatedAtMs} nowMs={view.nowMs} />
            </li>
          ))}
        </ul>
      )}
      <p class="actions">
        <a class="button" href={paths.contact}>
          Write to the operator
        </a>
      </p>
    </Layout>
  );
}

/** A link to a ticket that was not made here, or not copied whole. */
export const DEAD_WORDS = {
  forged: 'This link is not whole: copy all of it from the mail.',
  expired: `This link is older than ${TICKET_LINK_DAYS} days and has ended.`,
  closed: `The ticket was closed more than ${CLOSED_LINK_DAYS} days ago, and its links have ended.`,
} as const;

export function DeadTicketPage({ page, why }: { page: PageContext; why: keyof typeof DEAD_WORDS }): JSX.Element {
  return (
    <Layout page={page} title="Ticket">
      <section class="panel narrow">
        <h1>This link does not work</h1>
        <p safe>{DEAD_WORDS[why]}</p>
        <p>Write again and name the number of the ticket: the operator finds it.</p>
        <p class="actions">
          <a class="button" href={paths.contact}>
            Write to the operator
          </a>
        </p>
      </section>
    </Layout>
  );
}
