/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { ids } from '../ids.ts';
import { Layout } from '../layout.tsx';
import type { PageContext } from '../model.ts';
import { attr, markup, Time } from '../parts/text.tsx';
import { orderPagePath, paths } from '../paths.ts';
import { SOCKET } from '../socket.ts';
import type { PlaceView, WaitingView } from './model.ts';
import { endInWords, PlaceName, Places } from './places.tsx';

/** Everything a customer waits for and has waited for. */
export function WaitingPage({ page, view }: { page: PageContext; view: WaitingView }): JSX.Element {
  return (
    <Layout page={page} title="Waiting list" nowMs={view.nowMs} head={WaitingStyle}>
      <div class="dash-head">
        <h1>Waiting list</h1>
        <p id={ids.connection} class="connection" role="status" data-connection="connecting">
          connecting
        </p>
      </div>
      <div id={ids.live} hx-ws:connect={paths.waitingLive} hx-config={SOCKET} data-poll={paths.waitingPoll} data-page={paths.waiting}>
        <JustJoined view={view} />
        <Places places={view.places} nowMs={view.nowMs} empty={NoPlaces} />
        <PastPlaces view={view} />
      </div>
    </Layout>
  );
}

/** So long it is said that somebody has joined; a place that was served or left since is not spoken of. */
const JUST_JOINED_MS = 60_000;

function JustJoined({ view: { places, nowMs } }: { view: Pick<WaitingView, 'places' | 'nowMs'> }): JSX.Element {
  const isThere = places.some(({ status, joinedAtMs }) => status === 'waiting' && nowMs - joinedAtMs < JUST_JOINED_MS);
  return (
    <div id={ids.justJoined} role="status">
      {isThere ? <p class="notice">You wait in line. Leave whenever you like; nothing is held.</p> : null}
    </div>
  );
}

/** The style sheet of everything about waiting lists. */
export function WaitingStyle(): JSX.Element {
  return <link rel="stylesheet" href="/static/waiting.css" />;
}

function NoPlaces(): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>You wait for nothing.</strong> Choose a country and a service that are out of stock in the{' '}
        <a href={`${paths.dashboard}#${ids.buy}`}>order form</a>: be told when there is a number, or have the first one bought for you.
      </p>
    </div>
  );
}

function PastPlaces({ view: { past, nowMs } }: { view: Pick<WaitingView, 'past' | 'nowMs'> }): JSX.Element {
  return (
    <section id={ids.pastPlaces} class="recent" aria-labelledby="past-places-title">
      <h2 id="past-places-title">Ended</h2>
      {past.length === 0 ? (
        <p class="muted">What you have waited for is listed here.</p>
      ) : (
        <ul class="rows">
          {past.map((place) => (
            <PastPlace place={place} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

function PastPlace({ place, nowMs }: { place: PlaceView; nowMs: number }): JSX.Element {
  return (
    <li id={attr(`past-${place.id}`)} data-status={place.status}>
      <PlaceName place={place} />
      <span safe>{endInWords(place)}</span>
      {place.orderId === null ? null : <a href={attr(orderPagePath(place.orderId))}>The order</a>}
      <Time atMs={place.endedAtMs ?? place.joinedAtMs} nowMs={nowMs} />
    </li>
  );
}

/** What of the page changes by itself, for the socket and the poll. */
export function pushWaiting(view: WaitingView): string {
  return markup(
    <>
      <hx-partial hx-target={`#${ids.justJoined}`} hx-swap="outerMorph">
        <JustJoined view={view} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.places}`} hx-swap="outerMorph">
        <Places places={view.places} nowMs={view.nowMs} empty={NoPlaces} />
      </hx-partial>
      <hx-partial hx-target={`#${ids.pastPlaces}`} hx-swap="outerMorph">
        <PastPlaces view={view} />
      </hx-partial>
    </>,
  );
}
