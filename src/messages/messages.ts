import type { Database } from 'bun:sqlite';
import { MESSAGE_COLUMNS, type OrderMessage } from '../orders/view.ts';

/** A customer's messages, newest first, before the message `cursor`; only those of an order or a rental if given. */
export function listMessages(
  db: Database,
  userId: string,
  page: { limit: number; cursor: string | null; orderId: string | null; rentalId?: string | null },
): OrderMessage[] {
  const { limit, orderId, rentalId = null } = page;
  // Conditions are written only where asked for, and the customer's is kept from the index, so that an order or a rental is found by its own.
  const only = [...(orderId === null ? [] : ['order_id = $orderId']), ...(rentalId === null ? [] : ['rental_id = $rentalId'])];
  const place = only.length === 0 ? ['user_id = $userId'] : ['+user_id = $userId', ...only];
  return db
    .query<OrderMessage, { userId: string; cursor: string; orderId: string | null; rentalId: string | null; limit: number }>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${place.join(' AND ')} AND id < $cursor ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, cursor: page.cursor || '~', orderId, rentalId, limit });
}

export interface UnmatchedMessage {
  id: string;
  iccid: string;
  number: string | null;
  sender: string;
  text: string;
  reason: string;
  verdict: 'accept' | 'review' | 'reject';
  service: string | null;
  storedAtMs: number;
}

/** Messages nobody got, for the operator: newest first, before the message `cursor`. */
export function listUnmatched(db: Database, page: { limit: number; cursor: string | null }): UnmatchedMessage[] {
  return db
    .query<UnmatchedMessage, { cursor: string; limit: number }>(
      `SELECT m.id, m.iccid, s.number, m.sender, m.text, m.reason, m.verdict, m.service, m.stored_at_ms AS storedAtMs
       FROM messages m JOIN sims s ON s.iccid = m.iccid WHERE m.user_id IS NULL AND m.id < $cursor ORDER BY m.id DESC LIMIT $limit`,
    )
    .all({ cursor: page.cursor || '~', limit: page.limit });
}

export interface SetAsidePart {
  id: number;
  iccid: string;
  pdu: string;
  reason: string;
  storedAtMs: number;
}

/** The newest parts that are no message of their own: undecodable, binary, reports. */
export function listSetAside(db: Database, limit: number): SetAsidePart[] {
  return db
    .query<SetAsidePart, { limit: number }>(
      'SELECT id, iccid, pdu, set_aside AS reason, stored_at_ms AS storedAtMs FROM parts WHERE set_aside IS NOT NULL ORDER BY id DESC LIMIT $limit',
    )
    .all({ limit });
}
