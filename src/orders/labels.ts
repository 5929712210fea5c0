import type { Tx } from '../db/write.ts';
import type { LedgerTerms } from '../ledger/ledger.ts';
import { Refusal } from '../lib/errors.ts';
import { announce, ownOrder } from './record.ts';
import type { Order } from './view.ts';

export const NOTE_CHARACTERS_MAX = 200;
export const TAGS_MAX = 10;
export const TAG_CHARACTERS_MAX = 30;
/** What a tag looks like, also in the API's document. */
export const TAG_PATTERN = `^[a-z0-9_-]{1,${TAG_CHARACTERS_MAX}}$`;
const TAG = new RegExp(TAG_PATTERN);

/** What a customer writes on an order: nobody else is shown it. */
export interface Labels {
  note?: string | null;
  tags?: readonly string[];
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Labels as they are kept: the note trimmed, each tag once, in alphabetical order. Refuses as `validation` what is too long or no tag. */
export function labelsOf({ note, tags }: Labels): { note: string; tags: string } {
  const kept = (note ?? '').replace(/\s+/g, ' ').trim().toWellFormed();
  if ([...kept].length > NOTE_CHARACTERS_MAX) throw refused('note', `The note must be at most ${NOTE_CHARACTERS_MAX} characters long.`);
  const all = [...new Set(tags ?? [])].toSorted();
  const wrong = all.find((tag) => !isTag(tag));
  if (wrong !== undefined) {
    throw refused('tags', `A tag must be 1 to ${TAG_CHARACTERS_MAX} of the characters a-z, 0-9, - and _; one of them is not.`);
  }
  if (all.length > TAGS_MAX) throw refused('tags', `An order has at most ${TAGS_MAX} tags; these are ${all.length}.`);
  return { note: kept, tags: all.join(' ') };
}

/** Tags as people type them into one field: apart by spaces or commas, in any case. */
export function tagsTyped(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((tag) => tag !== '');
}

/** Sets the note or the tags of an order, also of one that ended; what is absent stays. Nothing happens when nothing changes. Refuses `not_found` and `validation`. */
export function labelOrder(tx: Tx, terms: LedgerTerms, request: { userId: string; orderId: string; labels: Labels }): Order {
  const order = ownOrder(tx, request.orderId, request.userId);
  const { note = order.note, tags = order.tags === '' ? [] : order.tags.split(' ') } = request.labels;
  const labels = labelsOf({ note, tags });
  if (labels.note === order.note && labels.tags === order.tags) return order;
  tx.db.query('UPDATE orders SET tags = $tags WHERE id = $id').run({ id: order.id, tags: labels.tags });
  return announce(tx, terms, { ...order, ...labels }, 'order.noted');
}

function refused(field: string, message: string): Refusal {
  return new Refusal('validation', message, { errors: [{ field, message }] });
}
