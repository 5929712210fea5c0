import type { Judgement, RuleBook } from '../codes/judge.ts';
import thresholds from '../codes/rules/thresholds.json' with { type: 'json' };
import { seqOfEvent } from '../db/events.ts';
import type { Tx } from '../db/write.ts';
import { invariant } from '../lib/errors.ts';
import { type OrderTerms, receiveCode } from '../orders/orders.ts';
import { findOrder, type Order } from '../orders/view.ts';
import { receiveMessage } from '../rentals/rentals.ts';
import { findRental, type Rental } from '../rentals/view.ts';
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
  recordJudgement(tx, message.id, {
    judgement,
    reason: judgement.reason,
    owner: { orderId: order.id, rentalId: null, userId: order.userId },
  });
  noteUse(tx, message, order, judgement.service);
  return tell(tx, terms, message.id, order, judgement.code);
}

/** Puts a message into the inbox of a running rental with what the rules said of it, earns its price with the first one and tells the customer. */
export function giveToRental(tx: Tx, terms: OrderTerms, message: Sms, given: { rentalId: string; judgement: Judgement }): Rental {
  const rental = runningRental(tx, message.id, given.rentalId);
  const { judgement } = given;
  recordJudgement(tx, message.id, {
    judgement,
    reason: judgement.reason,
    owner: { orderId: null, rentalId: rental.id, userId: rental.userId },
  });
  if (speaksOfCode(judgement)) noteUse(tx, message, { ...rental, createdAtMs: rental.startsAtMs }, judgement.service);
  return tellOfMessage(tx, terms, { id: message.id, rentalId: rental.id });
}

/** Tells the customer of a rental of a message, or of a longer text of one. */
export function tellOfMessage(tx: Tx, terms: OrderTerms, message: { id: string; rentalId: string }): Rental {
  const told = receiveMessage(tx, terms, runningRental(tx, message.id, message.rentalId));
  noteEvent(tx, message.id, told);
  return told;
}

/** What is no code uses no number up; what may be one of a known service does, though nobody is sure which it is. */
function speaksOfCode({ code, service, candidates }: Judgement): boolean {
  return code !== null || (service !== null && candidates.some(({ score }) => score >= thresholds.review));
}

function runningRental(tx: Tx, messageId: string, rentalId: string): Rental {
  const rental = findRental(tx.db, rentalId);
  invariant(rental?.status === 'active', `message ${messageId} is for a rental that is not active`);
  return rental;
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
  const newest = isNewest(tx, messageId, order.id) ? code : null;
  const told = receiveCode(tx, terms, order, newest, newest !== null && cameSince(tx, messageId, order.awaitingSinceMs));
  noteEvent(tx, messageId, told);
  return told;
}

/** The event that last told of a message: what `?after=` compares. */
function noteEvent(tx: Tx, messageId: string, told: { userId: string; lastEvent: string }): void {
  tx.db
    .query('UPDATE messages SET event_seq = $seq WHERE id = $id')
    .run({ id: messageId, seq: seqOfEvent(tx.db, told.userId, told.lastEvent) });
}

/** The rest of an older message is not the further code that its customer asked for. */
function cameSince(tx: Tx, messageId: string, sinceMs: number | null): boolean {
  if (sinceMs === null) return false;
  return tx.db.query('SELECT 1 FROM messages WHERE id = $messageId AND arrived_at_ms >= $sinceMs').get({ messageId, sinceMs }) !== null;
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
