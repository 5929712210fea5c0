import { appendEvent, newEventId } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { queueMail } from '../mail/queue.ts';
import type { OrderTerms } from '../orders/orders.ts';
import type { WaitingStatus } from './state.ts';
import { findPlace, type Place, placeJson } from './view.ts';

type WaitingEvent = 'joined' | 'passed_over' | Exclude<WaitingStatus, 'waiting'>;

/** What its customer is also told by mail; joining and leaving they did themselves. */
const MAILED: readonly WaitingEvent[] = ['served', 'available', 'passed_over', 'expired'];

/** Writes what changed of a place and tells its customer: an event for stream and webhooks, and a mail if they want it. `from` is the status it had when it was read. */
export function savePlace(
  tx: Tx,
  terms: OrderTerms,
  place: Place,
  from: WaitingStatus,
  what: WaitingEvent,
  why: string | null = null,
): Place {
  const saved = { ...place, lastEvent: newEventId(tx, terms.random) };
  const { id, status, endedAtMs, orderId, toldOf, lastEvent } = saved;
  const changed = tx.db
    .query(
      `UPDATE waiting_places SET status = $status, ended_at_ms = $endedAtMs, order_id = $orderId, told_of = $toldOf, last_event = $lastEvent
       WHERE id = $id AND status = $from`,
    )
    .run({ id, status, endedAtMs, orderId, toldOf, lastEvent, from });
  invariant(changed.changes === 1, `place ${id} was ${from} when it was read in this transaction`);
  tell(tx, terms, saved, what, why);
  return saved;
}

/** Ends a place. */
export function endPlace(
  tx: Tx,
  terms: OrderTerms,
  place: Place,
  to: Exclude<WaitingStatus, 'waiting'>,
  orderId: string | null = null,
): Place {
  return savePlace(tx, terms, { ...place, status: to, endedAtMs: tx.nowMs, orderId }, 'waiting', to);
}

/** Writes a new place at the end of its line. */
export function addPlace(tx: Tx, terms: OrderTerms, place: Omit<Place, 'seq' | 'lastEvent'>): Place {
  const lastEvent = newEventId(tx, terms.random);
  tx.db
    .query(
      `INSERT INTO waiting_places (id, user_id, country, service, carrier, mode, max_price_minor, currency, status, joined_at_ms, expires_at_ms, ended_at_ms, order_id,
         note, tags, told_of, last_event)
       VALUES ($id, $userId, $country, $service, $carrier, $mode, $maxPriceMinor, $currency, $status, $joinedAtMs, $expiresAtMs, $endedAtMs, $orderId,
         $note, $tags, $toldOf, $lastEvent)`,
    )
    .run({ ...place, lastEvent });
  const added = findPlace(tx.db, place.id);
  invariant(added !== null, `place ${place.id} was just written`);
  tell(tx, terms, added, 'joined', null);
  return added;
}

function tell(tx: Tx, terms: OrderTerms, place: Place, what: WaitingEvent, why: string | null): void {
  const data = { ...placeJson(tx.db, terms, place), ...(why !== null && { obstacle: why }) };
  appendEvent(tx, { id: place.lastEvent, type: `waiting.${what}`, userId: place.userId, orderId: null, data });
  if (!MAILED.includes(what)) return;
  queueMail(tx, {
    ...{ kind: 'waiting_list', about: place.lastEvent, userId: place.userId, lane: place.id },
    payload: { id: place.id, what, why },
  });
}
