/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Day } from '../parts/field.tsx';
import { Copy, Country } from '../parts/marks.tsx';
import { attr, Foreign, MarkedBlock, Time } from '../parts/text.tsx';
import { paths, rentalPath, withQuery } from '../paths.ts';
import { SOCKET } from '../socket.ts';
import { AutoForm, EndForm, ExtendForm, NameForm } from './actions.tsx';
import { announced, Outage, RentalBadge, RentalMoney, RentalName, RentalNumber, RentalTime } from './card.tsx';
import type { InboxMessageView, InboxView } from './model.ts';
import { ShareForm } from './share-form.tsx';
import { RentalStyle } from './style.tsx';
import { changeInWords, serviceInWords } from './words.ts';

/** One rental: its number and time, all that arrived, and what may be done with it. */
export function InboxPage({ page, view }: { page: PageContext; view: InboxView }): JSX.Element {
  const { rental, nowMs } = view;
  const path = rentalPath(rental.id);
  // What is searched or older does not change by itself: the page then only says what it found.
  const isLive = !view.isOlder && !isFiltered(view) && rental.endedAtMs === null;
  const live = isLive
    ? {
        'hx-ws:connect': attr(`${paths.rentalsLive}/${encodeURIComponent(rental.id)}`),
        'hx-config': SOCKET,
        'data-poll': attr(`${path}/poll`),
        'data-page': attr(path),
      }
    : {};
  return (
    <Layout page={page} title={rental.name === '' ? `Rental ${rental.number}` : rental.name} nowMs={nowMs} head={RentalStyle}>
      <p class="crumbs">
        <a href={paths.rentals}>Rentals</a>
      </p>
      <div class="dash-head">
        <h1>{rental.name === '' ? 'Rental' : <RentalName rental={rental} />}</h1>
        {isLive ? (
          <noscript>
            <p class="connection">Reload the page to see what is new.</p>
          </noscript>
        ) : null}
        {isLive ? (
          <p id={ids.connection} class="connection" role="status" data-connection="connecting">
            connecting
          </p>
        ) : null}
      </div>
      {view.problem ? (
        <p class="problem" role="alert" safe>
          {view.problem}
        </p>
      ) : null}
      <div id={ids.live} class="dash" {...live}>
        <div class="rental-main">
          <RentalHead view={view} />
          <SearchForm view={view} />
          <Inbox view={view} />
        </div>
        <div class="rail">
          {rental.endedAtMs === null ? (
            <>
              {rental.status === 'active' ? <ExtendForm view={view} /> : null}
              <EndForm view={view} />
              <AutoForm view={view} />
            </>
          ) : null}
          <ShareForm view={view} />
          <NameForm view={view} />
          <Changes view={view} />
        </div>
      </div>
    </Layout>
  );
}

/** What changes by itself above the messages. */
export function RentalHead({ view }: { view: InboxView }): JSX.Element {
  const { rental, nowMs } = view;
  return (
    <article id={ids.rentalHead} class="order rental" {...announced(rental)} aria-label="The number" data-now-ms={nowMs}>
      <header>
        <span class="rental-about">
          <span safe>{serviceInWords(rental.serviceName)}</span> · <Country country={rental.country} />
        </span>
        <RentalBadge status={rental.status} />
      </header>
      <RentalNumber rental={rental} />
      <Outage rental={rental} nowMs={nowMs} />
      <footer>
        <RentalTime rental={rental} nowMs={nowMs} />
        <RentalMoney rental={rental} />
      </footer>
    </article>
  );
}

function SearchForm({ view }: { view: InboxView }): JSX.Element {
  const path = rentalPath(view.rental.id);
  return (
    <form method="get" action={attr(path)} class="filter" aria-label="Find messages">
      <div class="field grow">
        <label for="q">Search</label>
        <input id="q" name="q" type="search" value={attr(view.search)} placeholder="Sender, text or code" maxlength={100} dir="auto" />
      </div>
      <Day name="from" label="From" value={view.from} errorId={view.wrongDays === null ? null : 'days-error'} />
      <Day name="to" label="To" value={view.to} errorId={view.wrongDays === null ? null : 'days-error'} />
      <button type="submit" class="secondary">
        Show
      </button>
      {view.wrongDays === null ? null : (
        <p id="days-error" class="field-error" role="alert" safe>
          {view.wrongDays}
        </p>
      )}
    </form>
  );
}

export function isFiltered({ search, from, to }: Pick<InboxView, 'search' | 'from' | 'to'>): boolean {
  return search !== '' || from !== '' || to !== '';
}

export function Inbox({ view }: { view: InboxView }): JSX.Element {
  const { messages, rental, search, from, to, nowMs } = view;
  const path = rentalPath(rental.id);
  return (
    <section id={ids.inbox} class="inbox" aria-labelledby="inbox-title">
      <h2 id="inbox-title">
        Messages <span class="count mono">{rental.messageCount}</span>
      </h2>
      {messages.length === 0 ? <NoMessages view={view} /> : null}
      <ul class="inbox-list">
        {messages.map((message) => (
          <InboxMessage message={message} nowMs={nowMs} />
        ))}
      </ul>
      {view.isOlder || view.nextCursor ? (
        <p class="pager">
          {view.isOlder ? (
            <a class="button secondary" href={attr(withQuery(path, { q: search, from, to }))}>
              Newest
            </a>
          ) : null}
          {view.nextCursor ? (
            <a class="button secondary" rel="next" href={attr(withQuery(path, { q: search, from, to, cursor: view.nextCursor }))}>
              Older
            </a>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}

function NoMessages({ view }: { view: InboxView }): JSX.Element {
  const { rental } = view;
  if (isFiltered(view)) {
    return (
      <p class="empty">
        No message matches. <a href={attr(rentalPath(rental.id))}>Show all</a>
      </p>
    );
  }
  if (rental.endedAtMs !== null) return <p class="empty">No SMS came.</p>;
  return (
    <p class="empty" safe>
      {rental.status === 'scheduled'
        ? 'It has not begun: nothing that arrives before its start is yours.'
        : 'Nothing came yet. Use the number: what arrives appears here by itself.'}
    </p>
  );
}

export function InboxMessage({ message, nowMs }: { message: InboxMessageView; nowMs: number }): JSX.Element {
  const { code, text } = message;
  const at = code === null ? -1 : text.indexOf(code);
  return (
    <li class="panel message" id={attr(`message-${message.id}`)}>
      <p class="message-head">
        <b>
          <Foreign text={message.sender} />
        </b>
        <Time atMs={message.receivedAtMs} nowMs={nowMs} />
      </p>
      <MarkedBlock text={text} marks={code === null || at < 0 ? [] : [{ start: at, end: at + code.length }]} />
      {code === null ? null : (
        <p class="history-code">
          Code{' '}
          <bdi class="mono row-code" dir="auto" safe>
            {code}
          </bdi>{' '}
          <Copy value={code} label={`Copy code ${code}`} />
        </p>
      )}
    </li>
  );
}

export function Changes({ view: { changes, nowMs } }: { view: InboxView }): JSX.Element {
  return (
    <section id={ids.rentalChanges} class="panel" aria-labelledby="changes-title">
      <h2 id="changes-title">What happened</h2>
      <ol class="rental-changes">
        {changes.map((change) => (
          <li>
            <Time atMs={change.atMs} nowMs={nowMs} /> <span safe>{changeInWords(change)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
