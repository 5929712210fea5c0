/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { countryName, numberGrouped } from '../format.ts';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { Copy, Country } from '../parts/marks.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { invitationPath, paths, sharedPath, withQuery } from '../paths.ts';
import { RentalBadge } from './card.tsx';
import { InboxMessage } from './inbox.tsx';
import type { InvitationView, SharedInboxView, SharedRentalView, SharedView } from './model.ts';
import { RentalStyle } from './style.tsx';
import { serviceInWords } from './words.ts';

/** Rentals of others that a customer reads. */
export function SharedPage({ page, view }: { page: PageContext; view: SharedView }): JSX.Element {
  return (
    <Layout page={page} title="Shared with me" nowMs={view.nowMs} head={RentalStyle}>
      <p class="crumbs">
        <a href={paths.rentals}>Rentals</a>
      </p>
      <h1>Shared with me</h1>
      {view.rentals.length === 0 ? (
        <p class="empty" safe>
          {`Nothing. Who rents a number can invite you to read its inbox: you then get a link, which works for ${view.invitedDays} days.`}
        </p>
      ) : (
        <ul class="rows">
          {view.rentals.map((rental) => (
            <li>
              <RentalBadge status={rental.status} />
              <span class="what">
                <a href={attr(sharedPath(rental.id))}>
                  <b>
                    <Name rental={rental} />
                  </b>
                </a>{' '}
                <Country country={rental.country} />
              </span>
              <span safe>{serviceInWords(rental.serviceName)}</span>
              <Foreign text={rental.owner} />
            </li>
          ))}
        </ul>
      )}
      {view.nextCursor === null ? null : (
        <p class="pager">
          <a class="button secondary" rel="next" href={attr(withQuery(paths.shared, { cursor: view.nextCursor }))}>
            Older
          </a>
        </p>
      )}
    </Layout>
  );
}

/** Says what accepting means before it is done. */
export function InvitationPage({ page, view }: { page: PageContext; view: InvitationView }): JSX.Element {
  return (
    <Layout page={page} title="Invitation" nowMs={view.nowMs} head={RentalStyle}>
      <h1>Read along?</h1>
      <section class="panel">
        <p>
          <b>
            <Foreign text={view.owner} />
          </b>{' '}
          <span safe>{`invites you to read the messages of a number in ${countryName(view.country)} that they rent.`}</span>
        </p>
        <ul>
          <li>You see its number and every message that came and comes to it, and nothing else; it costs you nothing.</li>
          <li>They see that you accepted, and your e-mail address, which they invited. They can end it, and you can leave, at any time.</li>
        </ul>
        <p class="hint">
          The invitation stands until <Time atMs={view.untilMs} />.
        </p>
        <form method="post" action={attr(invitationPath(view.token))} class="actions">
          <button type="submit" name="do" value="accept">
            Accept
          </button>
          <button type="submit" name="do" value="decline" class="secondary outline">
            Decline
          </button>
        </form>
      </section>
    </Layout>
  );
}

/** The inbox of somebody else's rental, to be read. */
export function SharedInboxPage({ page, view }: { page: PageContext; view: SharedInboxView }): JSX.Element {
  const { rental, search } = view;
  const path = sharedPath(rental.id);
  return (
    <Layout page={page} title={rental.name === '' ? `Rental ${rental.number}` : rental.name} nowMs={view.nowMs} head={RentalStyle}>
      <p class="crumbs">
        <a href={paths.shared}>Shared with me</a>
      </p>
      <h1>{rental.name === '' ? 'Shared rental' : <Foreign text={rental.name} />}</h1>
      <div class="rental-main">
        <article class="order rental" aria-label="The number">
          <header>
            <span class="rental-about">
              <span safe>{serviceInWords(rental.serviceName)}</span> · <Country country={rental.country} />
            </span>
            <RentalBadge status={rental.status} />
          </header>
          <div class="number-line">
            <span class="number mono" safe>
              {numberGrouped(rental.number)}
            </span>
            <Copy value={rental.number} label={`Copy number ${rental.number}`} text="Copy number" />
          </div>
          <footer>
            <span>
              Rented by <Foreign text={rental.owner} />, <span safe>{rental.endedAtMs === null ? 'until' : 'ended'}</span>{' '}
              <Time atMs={rental.endedAtMs ?? rental.endsAtMs} />
            </span>
            <form method="post" action={attr(sharedPath(rental.id, 'leave'))}>
              <details class="sure">
                <summary>Leave…</summary>
                <button type="submit" class="secondary small">
                  Read it no longer
                </button>
              </details>
            </form>
          </footer>
        </article>
        <form method="get" action={attr(path)} class="filter" aria-label="Find messages">
          <div class="field grow">
            <label for="q">Search</label>
            <input id="q" name="q" type="search" value={attr(search)} placeholder="Sender, text or code" maxlength={100} dir="auto" />
          </div>
          <button type="submit" class="secondary">
            Show
          </button>
        </form>
        <SharedInbox view={view} />
      </div>
    </Layout>
  );
}

/** The messages. The newest ones are looked for every few seconds; what was searched, or is older, stays as it is. */
export function SharedInbox({ view }: { view: SharedInboxView }): JSX.Element {
  const { messages, rental, search, isOlder, nowMs } = view;
  const path = sharedPath(rental.id);
  const live =
    isOlder || search !== '' || rental.endedAtMs !== null
      ? {}
      : { 'hx-get': attr(sharedPath(rental.id, 'messages')), 'hx-trigger': 'every 3s', 'hx-swap': 'outerMorph' };
  return (
    <section id={ids.inbox} class="inbox" aria-labelledby="inbox-title" {...live}>
      <h2 id="inbox-title">Messages</h2>
      {messages.length === 0 ? (
        <p class="empty">
          {search === '' ? (
            'No message came yet.'
          ) : (
            <>
              No message matches. <a href={attr(path)}>Show all</a>
            </>
          )}
        </p>
      ) : null}
      <ul class="inbox-list">
        {messages.map((message) => (
          <InboxMessage message={message} nowMs={nowMs} />
        ))}
      </ul>
      {isOlder || view.nextCursor !== null ? (
        <p class="pager">
          {isOlder ? (
            <a class="button secondary" href={attr(withQuery(path, { q: search }))}>
              Newest
            </a>
          ) : null}
          {view.nextCursor === null ? null : (
            <a class="button secondary" rel="next" href={attr(withQuery(path, { q: search, cursor: view.nextCursor }))}>
              Older
            </a>
          )}
        </p>
      ) : null}
    </section>
  );
}

function Name({ rental }: { rental: SharedRentalView }): JSX.Element {
  return rental.name === '' ? <span safe>{numberGrouped(rental.number)}</span> : <Foreign text={rental.name} />;
}
