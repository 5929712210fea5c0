/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from '@elysiajs/html';
import { minutesInWords, money } from '../format.ts';
import { ids } from '../ids.ts';
import { Country } from '../parts/marks.tsx';
import { ServiceMark } from '../parts/service-mark.tsx';
import { attr, Foreign, Time } from '../parts/text.tsx';
import { orderPagePath, paths, waitingPath, withQuery } from '../paths.ts';
import type { PlaceView } from './model.ts';
import { obstacleWords, ordinal } from './words.ts';

interface PlacesProps {
  places: readonly PlaceView[];
  nowMs: number;
  /** Said where there is none; without it the whole section is hidden then. */
  empty?: () => JSX.Element;
}

/** Where a customer waits, with what they may do; it changes by itself. */
export function Places({ places, nowMs, empty: Empty }: PlacesProps): JSX.Element {
  const isHidden = places.length === 0 && Empty === undefined;
  const waiting = places.filter(({ status }) => status === 'waiting');
  const ended = places.length - waiting.length;
  return (
    <section id={ids.places} class="waiting-places" aria-labelledby="places-title" hidden={isHidden}>
      <h2 id="places-title">
        {waiting.length === 0 && ended > 0 ? (
          'Just ended'
        ) : (
          <>
            Waiting <span class="count mono">{waiting.length}</span>
            {ended === 0 ? null : <small safe>{` and ${ended} just ended`}</small>}
          </>
        )}
      </h2>
      {places.length === 0 && Empty !== undefined ? <Empty /> : null}
      {places.length === 0 ? null : (
        <ul class="places">
          {places.map((place) => (
            <PlaceItem place={place} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

function PlaceItem({ place, nowMs }: { place: PlaceView; nowMs: number }): JSX.Element {
  return (
    <li id={attr(`place-${place.id}`)} class="panel" data-place={attr(place.id)} data-status={place.status}>
      <p class="place-head">
        <PlaceName place={place} />
        {place.position === null ? null : (
          <b class="place-position" safe>
            {`${ordinal(place.position)} of ${place.length}`}
          </b>
        )}
      </p>
      {place.status === 'waiting' ? <Waits place={place} nowMs={nowMs} /> : <JustEnded place={place} nowMs={nowMs} />}
      {place.note === '' ? null : (
        <p class="muted">
          <Foreign text={place.note} />
        </p>
      )}
    </li>
  );
}

export function PlaceName({ place }: { place: Pick<PlaceView, 'service' | 'serviceName' | 'country' | 'carrier'> }): JSX.Element {
  return (
    <span class="what">
      <ServiceMark service={place.service} name={place.serviceName} /> <b safe>{place.serviceName}</b> <Country country={place.country} />
      {place.carrier === '' ? null : <span class="muted" safe>{` · ${place.carrier}`}</span>}
    </span>
  );
}

function Waits({ place, nowMs }: { place: PlaceView; nowMs: number }): JSX.Element {
  return (
    <>
      <p>
        <span safe>{wantsInWords(place)}</span> Until <Time atMs={place.expiresAtMs} nowMs={nowMs} />.
      </p>
      {place.obstacle === null ? null : (
        <p class="hint warn">
          <span safe>{`${obstacleWords(place.obstacle)} You would be passed over now, and keep your place.`}</span>
          {place.obstacle === 'insufficient_balance' ? (
            <>
              {' '}
              <a href={paths.balance}>Top up</a>
            </>
          ) : null}
        </p>
      )}
      {place.nextFreeAtMs === null && place.obstacle !== null ? null : <NextFree of={place} nowMs={nowMs} />}
      <details class="confirm">
        <summary>
          Leave…<span class="sr-only" safe>{` the line for ${place.serviceName}`}</span>
        </summary>
        <p class="muted">Those behind you move up. You can take it back for ten minutes.</p>
        <form method="post" action={attr(waitingPath(place.id, 'leave'))}>
          <button type="submit" class="small secondary outline">
            Leave the line
          </button>
        </form>
      </details>
    </>
  );
}

/** Why nothing moves, and until when as things stand. */
export function NextFree({
  of: { nextFreeAtMs, restMinutes },
  nowMs,
}: {
  of: Pick<PlaceView, 'nextFreeAtMs' | 'restMinutes'>;
  nowMs: number;
}): JSX.Element {
  const rests = restMinutes === 0 ? '' : `Numbers rest for ${minutesInWords(restMinutes)} after an order. `;
  return (
    <p class="hint next-free">
      <span safe>{rests}</span>
      {nextFreeAtMs === null ? (
        'When the next is free is not known.'
      ) : (
        <>
          As things stand the next is free at <Time atMs={nextFreeAtMs} nowMs={nowMs} />, if nobody extends it.
        </>
      )}
    </p>
  );
}

/** What a place is for, as a sentence. */
export function wantsInWords({ mode, maxPriceMinor, priceMinor, currency }: PlaceView): string {
  if (mode === 'notify' || maxPriceMinor === null) return 'You are told when there is stock.';
  const now = priceMinor === null ? '' : `, ${money(priceMinor, currency)} now`;
  return `Bought for you at up to ${money(maxPriceMinor, currency)}${now}.`;
}

function JustEnded({ place, nowMs }: { place: PlaceView; nowMs: number }): JSX.Element {
  const { country, service, carrier } = place;
  return (
    <>
      <p>
        <span safe>{endInWords(place)}</span> {place.endedAtMs === null ? null : <Time atMs={place.endedAtMs} nowMs={nowMs} />}
      </p>
      {place.rejoinUntilMs === null ? (
        <p>
          {place.orderId === null ? (
            <a href={attr(withQuery(paths.dashboard, { country, service, carrier }))}>
              {place.status === 'available' ? 'Get a number' : 'Order, or wait again'}
            </a>
          ) : (
            <a href={attr(orderPagePath(place.orderId))}>See the order</a>
          )}
        </p>
      ) : (
        <form method="post" action={attr(waitingPath(place.id, 'rejoin'))}>
          <button type="submit" class="small secondary outline">
            Take it back<span class="sr-only" safe>{`: wait for ${place.serviceName}`}</span>
          </button>
          <span class="hint">
            {' '}
            until <Time atMs={place.rejoinUntilMs} nowMs={nowMs} />, with your old place
          </span>
        </form>
      )}
    </>
  );
}

/** How a place ended, as a sentence. */
export function endInWords({ status }: Pick<PlaceView, 'status'>): string {
  if (status === 'served') return 'It was your turn: the number was bought.';
  if (status === 'available') return 'There is stock. Nothing is kept back for you.';
  return status === 'expired' ? 'Your time was over. Nothing was charged.' : 'You left the line.';
}
