import type { Database } from 'bun:sqlite';
import { findOffer, type OfferTerms, serviceDenied } from '../catalogue/offers.ts';
import { balanceOf } from '../ledger/ledger.ts';
import { rfc3339 } from '../lib/clock.ts';
import type { Line, Obstacle, WaitingMode, WaitingStatus } from './state.ts';

/** One customer's place in a line, as the database keeps it. */
export interface Place extends Line {
  seq: number;
  id: string;
  userId: string;
  mode: WaitingMode;
  /** What the number may cost; null for who only wants to be told. */
  maxPriceMinor: number | null;
  currency: string;
  status: WaitingStatus;
  joinedAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
  orderId: string | null;
  /** The customer's own words, which the order gets. */
  note: string;
  /** Apart by spaces. */
  tags: string;
  /** Apart by spaces: why others went before, as far as it was told. */
  toldOf: string;
  lastEvent: string;
}

export const PLACE_COLUMNS = `seq, id, user_id AS userId, country, service, carrier, mode, max_price_minor AS maxPriceMinor, currency, status,
  joined_at_ms AS joinedAtMs, expires_at_ms AS expiresAtMs, ended_at_ms AS endedAtMs, order_id AS orderId, note, tags, told_of AS toldOf, last_event AS lastEvent`;

/** A place by its id, or null. With `userId` only that customer's. */
export function findPlace(db: Database, id: string, userId?: string): Place | null {
  return db
    .query<Place, { id: string; userId: string | null }>(
      `SELECT ${PLACE_COLUMNS} FROM waiting_places WHERE id = $id AND ($userId IS NULL OR user_id = $userId)`,
    )
    .get({ id, userId: userId ?? null });
}

/** A customer's places, newest first, before the place `cursor`, at most `limit`; only those of a status if given. */
export function listPlaces(
  db: Database,
  userId: string,
  page: { limit: number; cursor?: string | null; status?: WaitingStatus | null },
): Place[] {
  // Written only where asked for, so that each form of the query gets the index made for it.
  const only = page.status ? ' AND status = $status' : '';
  const named = { userId, cursor: page.cursor || '~', limit: page.limit };
  return db
    .query<Place, typeof named & { status?: string }>(
      `SELECT ${PLACE_COLUMNS} FROM waiting_places WHERE user_id = $userId AND id < $cursor${only} ORDER BY id DESC LIMIT $limit`,
    )
    .all(page.status ? { ...named, status: page.status } : named);
}

/** The lines in which somebody waits, each once. With a country or service only those. */
export function waitingLines(
  db: Database,
  { country, service, mode }: { country?: string | null; service?: string | null; mode?: WaitingMode } = {},
): Line[] {
  // Written only where asked for: an order in a country where nobody waits costs one look into the index.
  const only = [
    ...(country ? ['country = $country'] : []),
    ...(service ? ["service IN ($service, 'any')"] : []),
    ...(mode ? ['mode = $mode'] : []),
  ].map((condition) => ` AND ${condition}`);
  return db
    .query<Line, Record<string, string>>(
      `SELECT DISTINCT country, service, carrier FROM waiting_places INDEXED BY waiting_lines WHERE status = 'waiting'${only.join('')}`,
    )
    .all({ ...(country && { country }), ...(service && { service }), ...(mode && { mode }) });
}

/** How many wait in the same line for the same, and the how-manieth of them this one is, from 1; null when it does not wait. */
export function positionOf(db: Database, place: Place): { position: number; length: number } | null {
  if (place.status !== 'waiting') return null;
  const { seq, country, service, carrier, mode } = place;
  return db
    .query<{ position: number; length: number }, Line & { seq: number; mode: string }>(
      `SELECT count(*) FILTER (WHERE seq <= $seq) AS position, count(*) AS length FROM waiting_places
       WHERE status = 'waiting' AND country = $country AND service = $service AND carrier = $carrier AND mode = $mode`,
    )
    .get({ seq, country, service, carrier, mode });
}

/** The offer of a line at this moment, or why there is none. */
export function offerOf(
  db: Database,
  terms: OfferTerms,
  { country, service, carrier }: Line,
): { priceMinor: number; windowMinutes: number } | 'service_denied' | 'not_offered' {
  if (serviceDenied(service, terms)) return 'service_denied';
  return findOffer(db, country, service, terms, carrier) ?? 'not_offered';
}

/** What stands between a place and a number besides stock, as things are; null when nothing does. */
export function obstacleOf(db: Database, terms: OfferTerms, place: Place): { obstacle: Obstacle | null; priceMinor: number | null } {
  const offer = offerOf(db, terms, place);
  if (typeof offer === 'string') return { obstacle: offer, priceMinor: null };
  const { priceMinor } = offer;
  if (place.maxPriceMinor === null) return { obstacle: null, priceMinor };
  if (priceMinor > place.maxPriceMinor) return { obstacle: 'price_above_max', priceMinor };
  const isShort = balanceOf(db, place.userId, place.currency).availableMinor < priceMinor;
  return { obstacle: isShort ? 'insufficient_balance' : null, priceMinor };
}

/** When the next number of a line is expected to be free, as things stand; null when there is one, and when it is not known. */
export function nextFreeAtMs(db: Database, terms: OfferTerms, line: Line, nowMs: number): number | null {
  const offer = offerOf(db, terms, line);
  if (typeof offer === 'string') return null;
  const { country, service, carrier } = line;
  return terms.stock?.freeAtMs({ country, service, carrier, windowMinutes: offer.windowMinutes }, nowMs) ?? null;
}

/** A place as the API answers with it: what is told as an event does not age so. */
export function placeAnswer(db: Database, terms: OfferTerms, place: Place, nowMs: number) {
  const freeAtMs = place.status === 'waiting' ? nextFreeAtMs(db, terms, place, nowMs) : null;
  return { ...placeJson(db, terms, place), next_free_at: freeAtMs === null ? null : rfc3339(freeAtMs) };
}

/** A place as every channel shows it now. */
export function placeJson(db: Database, terms: OfferTerms, place: Place) {
  const at = positionOf(db, place);
  const { obstacle, priceMinor } = place.status === 'waiting' ? obstacleOf(db, terms, place) : { obstacle: null, priceMinor: null };
  return {
    id: place.id,
    status: place.status,
    mode: place.mode,
    country: place.country,
    service: place.service,
    carrier: place.carrier || null,
    max_price: place.maxPriceMinor,
    price: priceMinor,
    currency: place.currency,
    position: at?.position ?? null,
    length: at?.length ?? null,
    obstacle,
    joined_at: rfc3339(place.joinedAtMs),
    expires_at: rfc3339(place.expiresAtMs),
    ended_at: place.endedAtMs === null ? null : rfc3339(place.endedAtMs),
    order_id: place.orderId,
    note: place.note === '' ? null : place.note,
    tags: place.tags === '' ? [] : place.tags.split(' '),
    last_event: place.lastEvent,
  };
}
