import type { Database } from 'bun:sqlite';
import { seqOfEvent } from '../db/events.ts';
import { Refusal } from '../lib/errors.ts';
import type { Hub } from '../live/hub.ts';
import type { OrderMessage } from '../orders/view.ts';
import { afterSeqOf } from '../orders/waiting.ts';
import { findRental, messagesOfRental, type Rental } from './view.ts';

/** What an answer carries; the inbox itself is paged by `GET /api/v1/messages?rental_id=`. */
const MESSAGES_MAX = 50;

/**
 * The rental now, or, with `waitSeconds`, as soon as there is something to say: without `after` when its first message has come or it has ended, with it when
 * it has an event newer than that. With `after`, messages that were there at that event are left out. Refuses `not_found`, and an `after` this
 * customer never saw as `validation`.
 */
export async function waitForRental(
  deps: { db: Database; hub: Hub; monotonicMs(): number },
  request: { userId: string; rentalId: string; waitSeconds: number; after: string | null; gone: AbortSignal },
): Promise<{ rental: Rental; messages: OrderMessage[] }> {
  const { db, hub } = deps;
  const afterSeq = afterSeqOf(db, request);
  const find = (): Rental => {
    const found = findRental(db, request.rentalId, request.userId);
    if (!found) throw new Refusal('not_found', 'You have no rental with this id.');
    return found;
  };
  const deadlineMs = deps.monotonicMs() + request.waitSeconds * 1000;
  let rental = find();
  while (!hasNews(db, rental, afterSeq)) {
    const leftMs = deadlineMs - deps.monotonicMs();
    const came = leftMs > 0 && (await hub.nextOf(rental.id, leftMs, request.gone));
    rental = find();
    if (!came) break;
  }
  const messages = messagesOfRental(db, rental.id, { limit: MESSAGES_MAX });
  return { rental, messages: afterSeq === null ? messages : messages.filter(({ eventSeq }) => (eventSeq ?? 0) > afterSeq) };
}

function hasNews(db: Database, rental: Rental, afterSeq: number | null): boolean {
  if (rental.endedAtMs !== null) return true;
  return afterSeq === null ? rental.firstMessageAtMs !== null : (seqOfEvent(db, rental.userId, rental.lastEvent) ?? 0) > afterSeq;
}
