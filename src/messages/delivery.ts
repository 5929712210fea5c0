import type { Judgement, RuleBook } from '../codes/judge.ts';
import { seqOfEvent } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { type OrderTerms, receiveCode } from '../orders/orders.ts';
import { findOrder, type Order } from '../orders/view.ts';
import { recordJudgement } from './judgements.ts';
import { noteUse } from './uses.ts';

interface Sms {
  id: string;
  iccid: string;
  sender: string;
  text: string;
  book: RuleBook;
}

/** Gives a message to an open order with what was decided about it, captures the price with the first code and tells the customer. */
export function giveMessage(tx: Tx, terms: OrderTerms, message: Sms, given: { orderId: string; judgement: Judgement }): Order {
  const order = openOrder(tx, message.id, given.orderId);
  const { judgement } = given;
  recordJudgement(tx, message.id, { judgement, reason: judgement.reason, owner: { orderId: order.id, userId: order.userId } });
  noteUse(tx, message, order, judgement.service);
  return tell(tx, terms, message.id, order, judgement.code);
}

/** Tells the customer of a longer text of a message that is the order's already; its code stays. */
export function tellOfLongerText(tx: Tx, terms: OrderTerms, message: { id: string; orderId: string }): Order {
  return tell(tx, terms, message.id, openOrder(tx, message.id, message.orderId), null);
}

function openOrder(tx: Tx, messageId: string, orderId: string): Order {
  const order = findOrder(tx.db, orderId);
  invariant(order !== null && order.endedAtMs === null, `message ${messageId} is for an order that is not open`);
  return order;
}

function tell(tx: Tx, terms: OrderTerms, messageId: string, order: Order, code: string | null): Order {
  const told = receiveCode(tx, terms, order, isNewest(tx, messageId, order.id) ? code : null);
  tx.db
    .query('UPDATE messages SET event_seq = $seq WHERE id = $id')
    .run({ id: messageId, seq: seqOfEvent(tx.db, order.userId, told.lastEvent) });
  return told;
}

/** True unless the order has a message that reached the network later (or, without that time, came later). */
function isNewest(tx: Tx, messageId: string, orderId: string): boolean {
  return (
    tx.db
      .query(
        `SELECT 1 FROM messages m, messages this WHERE this.id = $messageId AND m.order_id = $orderId AND m.id <> this.id
         AND coalesce(m.network_at_ms, m.arrived_at_ms) > coalesce(this.network_at_ms, this.arrived_at_ms) LIMIT 1`,
      )
      .get({ messageId, orderId }) === null
  );
}
