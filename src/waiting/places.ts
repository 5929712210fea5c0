import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { AMOUNT_MINOR_MAX } from '../lib/money.ts';
import { type Labels, labelsOf } from '../orders/labels.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { noOffer } from '../orders/pick.ts';
import { openLine, SERVED_MAX, serveLine } from './line.ts';
import { addPlace, endPlace, savePlace } from './record.ts';
import { type Line, REJOIN_MS, type WaitingMode } from './state.ts';
import { findPlace, obstacleOf, offerOf, type Place } from './view.ts';

const HOUR_MS = 3_600_000;
const HOURS_USUAL = 24;

export interface JoinRequest extends Line {
  userId: string;
  mode: WaitingMode;
  /** What the number may cost, in minor units; null with `notify`. */
  maxPriceMinor: number | null;
  /** For how long; left out, a day or as long as is allowed. */
  hours?: number;
  /** The customer's own words, which the order gets. */
  labels?: Labels;
}

/**
 * Takes a place at the end of a line. With `buy` and a number there that can be had it is served at once, like the first in line at any later moment. A price above
 * the maximum or a balance that is short refuses nothing: both may change. Refuses with `validation`, `not_found` (no such offer), `service_denied`, `in_stock`
 * (`notify` where there is something to buy), `already_exists` (one place for each offer), `limit_reached`, and `forbidden` where there is no waiting list.
 */
export function joinLine(tx: Tx, terms: OrderTerms, request: JoinRequest): Place {
  const { userId, country, service, carrier, mode, maxPriceMinor, labels = {} } = request;
  const line = { country, service, carrier };
  if (terms.waitingPlacesMax === 0) throw new Refusal('forbidden', 'There is no waiting list here.');
  const words = labelsOf(labels);
  refuseMaxPrice(mode, maxPriceMinor);
  const hours = hoursOf(request.hours, terms);
  requireOffer(tx, terms, line);
  refuseSecond(tx, userId, line);
  refuseMore(tx, userId, terms);
  if (mode === 'notify' && openLine(tx.db, terms, line, tx.nowMs) !== null)
    throw new Refusal('in_stock', `There are numbers for ${service} in ${country} right now: order one. You were not put on the list.`);
  const wanted = {
    ...{
      id: newId('wai', tx.nowMs, terms.random),
      userId,
      ...line,
      mode,
      maxPriceMinor,
      currency: terms.currency,
      status: 'waiting' as const,
    },
    ...{ joinedAtMs: tx.nowMs, expiresAtMs: tx.nowMs + hours * HOUR_MS, endedAtMs: null, orderId: null, ...words, toldOf: '' },
  };
  // What stands in the way from the start is in the answer: it is not told again.
  const { obstacle } = obstacleOf(tx.db, terms, { ...wanted, seq: 0, lastEvent: '' });
  const place = addPlace(tx, terms, { ...wanted, toldOf: obstacle ?? '' });
  return servedNow(tx, terms, place);
}

/** Gives a place up. Refuses with `not_found`, or `too_late` when it has ended. */
export function leaveLine(tx: Tx, terms: OrderTerms, request: { userId: string; id: string }): Place {
  const place = ownPlace(tx, request);
  if (place.status === 'waiting') return endPlace(tx, terms, place, 'left');
  throw new Refusal('too_late', `This place has ended: ${WHY_ENDED[place.status]}.`, { waiting_status: place.status });
}

/** Takes leaving back for ten minutes: the same place in the line as before. Refuses with `not_found`, `too_late`, `already_exists` and `limit_reached`. */
export function rejoinLine(tx: Tx, terms: OrderTerms, request: { userId: string; id: string }): Place {
  const place = ownPlace(tx, request);
  if (place.status === 'waiting') return place;
  if (place.status !== 'left')
    throw new Refusal('too_late', `This place has ended: ${WHY_ENDED[place.status]}.`, { waiting_status: place.status });
  if (!canRejoin(place, tx.nowMs)) throw new Refusal('too_late', 'It is too long ago. Join again, at the end of the line.');
  requireOffer(tx, terms, place);
  refuseSecond(tx, place.userId, place);
  refuseMore(tx, place.userId, terms);
  return servedNow(tx, terms, savePlace(tx, terms, { ...place, status: 'waiting', endedAtMs: null }, 'left', 'joined'));
}

/** Whether leaving can still be taken back. */
export function canRejoin({ status, endedAtMs, expiresAtMs }: Place, nowMs: number): boolean {
  return status === 'left' && endedAtMs !== null && nowMs < endedAtMs + REJOIN_MS && nowMs < expiresAtMs;
}

/** Ends the places whose time is over, at most `limit`; their customers are told. */
export function expirePlaces(tx: Tx, terms: OrderTerms, limit: number): Place[] {
  const due = tx.db
    .query<{ id: string }, { nowMs: number; limit: number }>(
      `SELECT id FROM waiting_places WHERE status = 'waiting' AND expires_at_ms <= $nowMs ORDER BY expires_at_ms, seq LIMIT $limit`,
    )
    .all({ nowMs: tx.nowMs, limit });
  return due.flatMap(({ id }) => {
    const place = findPlace(tx.db, id);
    return place ? [endPlace(tx, terms, place, 'expired')] : [];
  });
}

const WHY_ENDED = {
  served: 'the number was bought',
  available: 'you were told that there is stock',
  expired: 'its time was over',
  left: 'you left the line',
} as const;

/** The place as it is after the line was served, which may be its turn at once. */
function servedNow(tx: Tx, terms: OrderTerms, place: Place): Place {
  if (place.mode === 'buy') serveLine(tx, terms, place, SERVED_MAX);
  return findPlace(tx.db, place.id) ?? place;
}

function ownPlace(tx: Tx, { id, userId }: { userId: string; id: string }): Place {
  const place = findPlace(tx.db, id, userId);
  if (!place) throw new Refusal('not_found', 'You have no place in a waiting list with this id.');
  return place;
}

function requireOffer(tx: Tx, terms: OrderTerms, line: Line): void {
  const offer = offerOf(tx.db, terms, line);
  if (offer === 'service_denied') throw new Refusal('service_denied', `${line.service} is not offered here.`);
  if (offer === 'not_offered') throw noOffer(tx.db, line.country, line.service, line.carrier);
}

function refuseMaxPrice(mode: WaitingMode, maxPriceMinor: number | null): void {
  if (mode === 'notify' && maxPriceMinor !== null)
    throw refused('max_price', 'max_price goes with mode buy: with notify nothing is bought.');
  if (mode === 'notify') return;
  if (maxPriceMinor !== null && Number.isSafeInteger(maxPriceMinor) && maxPriceMinor >= 1 && maxPriceMinor <= AMOUNT_MINOR_MAX) return;
  throw refused('max_price', 'With mode buy, max_price says what the number may cost: a whole number of minor units from 1.');
}

function hoursOf(hours: number | undefined, { waitingHoursMax }: OrderTerms): number {
  if (hours === undefined) return Math.min(HOURS_USUAL, waitingHoursMax);
  if (Number.isInteger(hours) && hours >= 1 && hours <= waitingHoursMax) return hours;
  throw refused('hours', `hours must be a whole number from 1 to ${waitingHoursMax}.`);
}

function refuseSecond(tx: Tx, userId: string, { country, service, carrier }: Line): void {
  const other = tx.db
    .query<{ id: string }, Line & { userId: string }>(
      `SELECT id FROM waiting_places WHERE status = 'waiting' AND user_id = $userId AND country = $country AND service = $service AND carrier = $carrier`,
    )
    .get({ userId, country, service, carrier });
  if (other === null) return;
  throw new Refusal('already_exists', `You wait for ${service} in ${country} already. Leave that place first, to wait in another way.`, {
    id: other.id,
  });
}

function refuseMore(tx: Tx, userId: string, { waitingPlacesMax }: OrderTerms): void {
  const row = tx.db
    .query<{ count: number }, { userId: string }>(
      `SELECT count(*) AS count FROM waiting_places WHERE user_id = $userId AND status = 'waiting'`,
    )
    .get({ userId });
  if ((row?.count ?? 0) < waitingPlacesMax) return;
  throw new Refusal('limit_reached', `You wait in ${waitingPlacesMax} lines, which is as many as one may. Leave one first.`);
}

function refused(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
