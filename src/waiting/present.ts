import type { Database } from 'bun:sqlite';
import type { AdminWaitingView } from '../../views/admin/waiting.tsx';
import type { PlaceView, WaitFormView, WaitingView } from '../../views/waiting/model.ts';
import { serviceName } from '../codes/judge.ts';
import { idsFrom } from '../lib/ids.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { openStock } from '../stock/stock.ts';
import { canRejoin } from './places.ts';
import { type Line, REJOIN_MS } from './state.ts';
import { listPlaces, nextFreeAtMs, obstacleOf, offerOf, PLACE_COLUMNS, type Place, positionOf } from './view.ts';

/** What ended stays beside what waits for so long, so that nobody who looked away misses it. */
const JUST_ENDED_MS = 60 * 60_000;
const PAST_MAX = 50;
const LINES_MAX = 100;
const OF_LINE_MAX = 20;

export interface WaitingSources {
  db: Database;
  terms: OrderTerms;
  nowMs(): number;
}

/** A place as its customer is shown it. */
export function placeView({ db, terms, nowMs }: WaitingSources, place: Place): PlaceView {
  const { id, status, mode, country, service, carrier, maxPriceMinor, currency, joinedAtMs, expiresAtMs, endedAtMs, orderId, note } = place;
  const at = positionOf(db, place);
  return {
    ...{ id, status, mode, country, service, carrier, maxPriceMinor, currency, joinedAtMs, expiresAtMs, endedAtMs, orderId, note },
    serviceName: serviceName(service, terms.rules()),
    ...{ position: at?.position ?? null, length: at?.length ?? null },
    ...(status === 'waiting' ? obstacleOf(db, terms, place) : { obstacle: null, priceMinor: null }),
    nextFreeAtMs: status === 'waiting' ? nextFreeAtMs(db, terms, place, nowMs()) : null,
    restMinutes: terms.quarantineMinutes,
    rejoinUntilMs: canRejoin(place, nowMs()) ? (endedAtMs ?? 0) + REJOIN_MS : null,
  };
}

/** Where a customer waits, the oldest place first, and what ended a moment ago; a number that was bought has its order. */
export function placesView(sources: WaitingSources, userId: string): PlaceView[] {
  const nowMs = sources.nowMs();
  const waiting = waitingOf(sources, userId);
  // What was joined again, or bought, since a place ended has taken it over: the old one is history.
  const again = new Set(waiting.map(keyOf));
  const recent: Place[] = [];
  for (const place of listPlaces(sources.db, userId, { limit: PAST_MAX })) {
    const isNewest = !again.has(keyOf(place));
    again.add(keyOf(place));
    if (place.endedAtMs === null || place.status === 'served' || nowMs - place.endedAtMs >= JUST_ENDED_MS) continue;
    if (isNewest && !boughtSince(sources.db, place, place.endedAtMs)) recent.push(place);
  }
  return [...waiting, ...recent].map((place) => placeView(sources, place));
}

function boughtSince(db: Database, { userId, country, service }: Place, sinceMs: number): boolean {
  // Ids begin with their time: nothing older than the first of that moment is read.
  const named = { userId, country, service, since: idsFrom('ord', sinceMs) };
  return (
    db
      .query<{ one: 1 }, typeof named>(
        `SELECT 1 AS one FROM orders WHERE user_id = $userId AND id >= $since AND country = $country AND service = $service LIMIT 1`,
      )
      .get(named) !== null
  );
}

/** The page of a customer's waiting list. */
export function waitingView(sources: WaitingSources, userId: string): WaitingView {
  const places = placesView(sources, userId);
  const past = listPlaces(sources.db, userId, { limit: PAST_MAX }).filter(({ id }) => !places.some((shown) => shown.id === id));
  return { nowMs: sources.nowMs(), places, past: past.map((place) => placeView(sources, place)) };
}

/** The waiting list of an offer for the order form; null where there is none. */
export function waitFormView(sources: WaitingSources, userId: string, line: Line, typed: WaitFormView['typed']): WaitFormView | null {
  const { db, terms } = sources;
  if (terms.waitingPlacesMax === 0) return null;
  const { country, service, carrier } = line;
  const own = waitingOf(sources, userId).find((place) => keyOf(place) === keyOf(line));
  const row = db
    .query<{ buyers: number }, Line>(
      `SELECT count(*) AS buyers FROM waiting_places
       WHERE status = 'waiting' AND country = $country AND service = $service AND carrier = $carrier AND mode = 'buy'`,
    )
    .get({ country, service, carrier });
  return {
    buyers: row?.buyers ?? 0,
    own: own ? placeView(sources, own) : null,
    hoursMax: terms.waitingHoursMax,
    typed,
  };
}

/** Everybody who waits, for the operator: the longest lines first. */
export function adminWaitingView(sources: WaitingSources): AdminWaitingView {
  const { db, terms, nowMs } = sources;
  const counted = { ...terms, stock: terms.stock ?? openStock(db, terms) };
  const stock = counted.stock.at(nowMs());
  const lines = db
    .query<
      Omit<
        AdminWaitingView['lines'][number],
        'serviceName' | 'currency' | 'priceMinor' | 'stock' | 'nextFreeAtMs' | 'restMinutes' | 'places'
      >,
      { limit: number }
    >(
      `SELECT country, service, carrier, count(*) FILTER (WHERE mode = 'buy') AS buyers, count(*) FILTER (WHERE mode = 'notify') AS watchers,
         max(max_price_minor) AS highestMinor, min(joined_at_ms) AS oldestAtMs
       FROM waiting_places WHERE status = 'waiting' GROUP BY country, service, carrier ORDER BY count(*) DESC, oldestAtMs LIMIT $limit`,
    )
    .all({ limit: LINES_MAX + 1 });
  return {
    nowMs: nowMs(),
    isCut: lines.length > LINES_MAX,
    lines: lines.slice(0, LINES_MAX).map((line) => {
      const offer = offerOf(db, terms, line);
      const isOffered = typeof offer !== 'string';
      return {
        ...line,
        serviceName: serviceName(line.service, terms.rules()),
        currency: terms.currency,
        priceMinor: isOffered ? offer.priceMinor : null,
        nextFreeAtMs: isOffered ? nextFreeAtMs(db, counted, line, nowMs()) : null,
        restMinutes: terms.quarantineMinutes,
        stock: isOffered ? stock.stockOf({ ...line, windowMinutes: offer.windowMinutes }) : 0,
        places: firstOf(db, line).map(({ email, ...place }) => ({
          ...{ id: place.id, email, mode: place.mode, maxPriceMinor: place.maxPriceMinor },
          ...{ joinedAtMs: place.joinedAtMs, expiresAtMs: place.expiresAtMs, obstacle: obstacleOf(db, terms, place).obstacle },
        })),
      };
    }),
  };
}

function firstOf(db: Database, { country, service, carrier }: Line): (Place & { email: string })[] {
  return db
    .query<Place & { email: string }, Line & { limit: number }>(
      `SELECT ${PLACE_COLUMNS}, (SELECT email FROM users u WHERE u.id = user_id) AS email FROM waiting_places
       WHERE status = 'waiting' AND country = $country AND service = $service AND carrier = $carrier ORDER BY seq LIMIT $limit`,
    )
    .all({ country, service, carrier, limit: OF_LINE_MAX });
}

function waitingOf({ db, terms }: WaitingSources, userId: string): Place[] {
  return listPlaces(db, userId, { limit: Math.max(terms.waitingPlacesMax, PAST_MAX), status: 'waiting' }).toReversed();
}

function keyOf({ country, service, carrier }: Line): string {
  return `${country}/${service}/${carrier}`;
}
