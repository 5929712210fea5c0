/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import type { Ticket, TicketMessage, TicketState } from '../../src/support/tickets.ts';
import type { TicketAbout } from '../../src/support/writer.ts';
import { TextArea } from '../contact/form.tsx';
import { TalkStyle } from '../contact/style.tsx';
import { Thread } from '../contact/ticket.tsx';
import { TOPIC_WORDS } from '../contact/words.ts';
import { agoInWords, countryName, numberGrouped } from '../format.ts';
import { Layout } from '../layout.tsx';
import type { FormView, PageContext } from '../model.ts';
import { FormError } from '../parts/field.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { customerPath, deskOrderPath, paths, simPagePath, supportPath, withQuery } from '../paths.ts';

export interface SupportView {
  nowMs: number;
  tickets: (Ticket & { first: string })[];
  counts: Record<TicketState, number>;
  state: TicketState;
  /** Searches all states; empty for none. */
  search: string;
}

export interface SupportTicketView extends TicketAbout {
  nowMs: number;
  ticket: Ticket;
  messages: TicketMessage[];
  form: FormView;
  canMail: boolean;
}

const STATES = {
  open: { word: 'To answer', level: 'busy' },
  waiting: { word: 'Answered', level: 'good' },
  closed: { word: 'Closed', level: undefined },
} as const;
const SNIPPET_CHARACTERS = 140;

/** What people wrote: lists by state, and a search over all. */
export function SupportPage({ page, view }: { page: PageContext; view: SupportView }): JSX.Element {
  const { search, state, counts, tickets, nowMs } = view;
  return (
    <Layout page={page} title="Support" head={TalkStyle}>
      <h1>Support</h1>
      <nav class="tabs" aria-label="Lists">
        <ul>
          {(Object.keys(STATES) as TicketState[]).map((one) => (
            <li>
              <a href={withQuery(paths.support, { state: one })} aria-current={search === '' && one === state ? 'page' : undefined}>
                {STATES[one].word} <span class="count mono">{counts[one]}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <form method="get" action={paths.support} class="find" aria-label="Find tickets">
        <label for="q">Find in all tickets</label>
        <div>
          <input id="q" name="q" type="search" maxlength={100} value={attr(search)} placeholder="Number, address, order id, words" />
          <button type="submit" class="secondary">
            Find
          </button>
        </div>
      </form>
      {tickets.length === 0 ? (
        <Nothing search={search} state={state} />
      ) : (
        <ul class="history">
          {tickets.map((ticket) => (
            <Row ticket={ticket} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </Layout>
  );
}

function Nothing({ search, state }: { search: string; state: TicketState }): JSX.Element {
  if (search !== '') {
    return (
      <p class="empty">
        No ticket has “
        <Foreign text={search} />
        ”. <a href={paths.support}>Back to the lists</a>
      </p>
    );
  }
  const words = {
    open: 'Nothing to answer. What people write by the contact form comes here.',
    waiting: 'No ticket waits for its writer.',
    closed: 'No ticket is closed.',
  };
  return (
    <p class="empty" safe>
      {words[state]}
    </p>
  );
}

function Row({ ticket, nowMs }: { ticket: Ticket & { first: string }; nowMs: number }): JSX.Element {
  const { word, level } = STATES[ticket.state];
  return (
    <li class="panel" data-ticket-id={attr(ticket.id)} data-state={ticket.state}>
      <div class="history-line">
        <a class="mono" href={attr(supportPath(ticket.id))} safe>
          {ticket.number}
        </a>
        <span class="badge" data-level={level}>
          {word}
        </span>
        <span class="what" safe>
          {TOPIC_WORDS[ticket.topic] ?? ticket.topic}
        </span>
        <Foreign text={ticket.email} />
        <small safe>{agoInWords(ticket.updatedAtMs, nowMs)}</small>
      </div>
      <p class="why">
        <Foreign text={snippet(ticket.first)} />
      </p>
    </li>
  );
}

/** One ticket: who writes about what, the thread, and what the operator may do. */
export function SupportTicketPage({ page, view }: { page: PageContext; view: SupportTicketView }): JSX.Element {
  const { ticket, nowMs } = view;
  const { word, level } = STATES[ticket.state];
  return (
    <Layout page={page} title={`Ticket ${ticket.number}`} head={TalkStyle} nowMs={nowMs}>
      <p class="crumbs">
        <a href={paths.support}>Support</a>
      </p>
      <h1>
        Ticket{' '}
        <span class="mono" safe>
          {ticket.number}
        </span>
      </h1>
      <p class="ticket-head">
        <span class="badge" data-level={level}>
          {word}
        </span>
        <span safe>{TOPIC_WORDS[ticket.topic] ?? ticket.topic}</span>
        <Time atMs={ticket.createdAtMs} nowMs={nowMs} />
      </p>
      <About view={view} />
      <Thread messages={view.messages} nowMs={nowMs} mine="operator" />
      <Answer view={view} />
      <Note view={view} />
      <form method="post" action={attr(supportPath(ticket.id, ticket.state === 'closed' ? 'reopen' : 'close'))}>
        <button type="submit" class="small secondary outline">
          {ticket.state === 'closed' ? 'Open again' : 'Close without an answer'}
        </button>
      </form>
    </Layout>
  );
}

function About({ view }: { view: SupportTicketView }): JSX.Element {
  const { ticket, writer, order, isOwnOrder, nowMs } = view;
  return (
    <section class="panel" aria-label="About the writer">
      <dl class="about-writer">
        <dt>From</dt>
        <dd>
          <Foreign text={ticket.email} />{' '}
          {writer === null ? (
            <strong class="warn">not signed in: the address is not proven</strong>
          ) : (
            <span
              safe
            >{`customer, ${writer.state}, since ${new Date(writer.sinceMs).toISOString().slice(0, 10)}, ${writer.orders} ${writer.orders === 1 ? 'order' : 'orders'}`}</span>
          )}{' '}
          {ticket.userId === null ? null : (
            <>
              <a href={attr(customerPath(ticket.userId))}>The customer</a>{' '}
            </>
          )}
          <a href={attr(withQuery(paths.support, { q: ticket.email }))}>Everything from this address</a>
        </dd>
        {ticket.orderId === null ? null : (
          <>
            <dt>Order</dt>
            <dd>
              <code class="plain" safe>
                {ticket.orderId}
              </code>{' '}
              {order === null ? 'There is no such order.' : <OrderFacts order={order} isOwn={isOwnOrder} nowMs={nowMs} />}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function OrderFacts({ order, isOwn, nowMs }: { order: NonNullable<TicketAbout['order']>; isOwn: boolean; nowMs: number }): JSX.Element {
  return (
    <>
      <span
        safe
      >{`${order.serviceName}, ${countryName(order.country)}, ${numberGrouped(order.number)}, ${order.status} (${order.reason})`}</span>{' '}
      <Time atMs={order.createdAtMs} nowMs={nowMs} /> <a href={attr(deskOrderPath(order.id))}>All about it</a>{' '}
      <a href={attr(simPagePath(order.iccid))}>Its SIM</a>
      {isOwn ? null : <strong class="warn"> Not proven to be the writer’s: tell nothing about it.</strong>}
    </>
  );
}

function Answer({ view }: { view: SupportTicketView }): JSX.Element {
  const { ticket, form, canMail } = view;
  return (
    <section class="panel talk" aria-labelledby="answer-title">
      <h2 id="answer-title">Answer</h2>
      <FormError form={form} />
      <form method="post" action={attr(supportPath(ticket.id, 'answer'))}>
        <TextArea
          form={form}
          label="Your answer"
          hint={
            canMail
              ? 'It stands on the writer’s page and goes out by mail.'
              : 'It stands on the writer’s page. No mail is set up, so none goes out.'
          }
        />
        <button type="submit">Send the answer</button>
      </form>
    </section>
  );
}

function Note({ view }: { view: SupportTicketView }): JSX.Element {
  const { ticket, form } = view;
  const problem = form.errors['note'];
  return (
    <details open={problem !== undefined}>
      <summary>Note for operators…</summary>
      <form method="post" action={attr(supportPath(ticket.id, 'note'))}>
        <label for="note">Note; the writer never sees it</label>
        <textarea id="note" name="text" rows="3" maxlength={5000} required dir="auto" aria-invalid={problem ? 'true' : undefined} safe>
          {form.values['note'] ?? ''}
        </textarea>
        {problem ? (
          <small class="field-error" safe>
            {problem}
          </small>
        ) : null}
        <button type="submit" class="small secondary">
          Keep the note
        </button>
      </form>
    </details>
  );
}

function snippet(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SNIPPET_CHARACTERS ? `${[...line].slice(0, SNIPPET_CHARACTERS).join('')}…` : line;
}
