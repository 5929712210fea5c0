import { writeAudit } from '../admin/audit.ts';
import { serviceName, serviceSlug } from '../codes/judge.ts';
import type { Tx } from '../db/write.ts';
import { whyNotFor } from '../messages/claims.ts';
import { giveMessage } from '../messages/delivery.ts';
import { readCandidates } from '../messages/judgements.ts';
import { judgeFor, type OrderWindow } from '../messages/placement.ts';
import { findMessage, type StoredMessage, windowsFor } from '../messages/windows.ts';
import type { OrderTerms } from '../orders/orders.ts';
import { findOrder } from '../orders/view.ts';
import { announceUnsure, OPERATOR_RULE, ordersOf, reviewState, setState, writeReview } from './items.ts';
import { type DecisionKind, decisionSentence, lastDecision } from './list.ts';
import { printedAs } from './printed.ts';

/** What came of a decision, in plain words for the operator; a refused one changed nothing. */
export type Decided = { ok: true; said: string } | { ok: false; problem: string };

/** Which operator decides about which message. */
export interface Deciding {
  operatorId: string;
  messageId: string;
}

const NOTE_CHARACTERS_MAX = 500;
/** What the customer reads as the reason. */
const GIVEN_REASON = 'our operator read it and found it to be yours';

/**
 * Gives a message to an order as if the rules had accepted it: the order becomes received, its price captured, its customer told, all in the caller's
 * transaction. `code` must stand in the text. Refused when the message was decided already, the order has ended, or somebody else's privacy would break.
 */
export function deliverReview(tx: Tx, terms: OrderTerms, asked: Deciding & { orderId: string; code: string }): Decided {
  const found = findUndecided(tx, terms, asked.messageId);
  if ('problem' in found) return { ok: false, problem: found.problem };
  return give(tx, terms, found.message, asked);
}

/** Closes an item: it is no code. Learns nothing by itself. */
export function dismissReview(tx: Tx, terms: OrderTerms, asked: Deciding & { note: string }): Decided {
  const found = findUndecided(tx, terms, asked.messageId);
  if ('problem' in found) return { ok: false, problem: found.problem };
  return close(tx, terms, asked, {
    kind: 'not_code',
    service: null,
    note: asked.note.trim(),
    said: 'Closed: it is no code for any order.',
  });
}

/**
 * Says of which service a message is: it goes to the open order of that service on its SIM, by the same rules as a delivery, or the item is closed
 * with the note why not.
 */
export function relabelReview(tx: Tx, terms: OrderTerms, asked: Deciding & { service: string; code: string }): Decided {
  const found = findUndecided(tx, terms, asked.messageId);
  if ('problem' in found) return { ok: false, problem: found.problem };
  const { message } = found;
  const service = serviceSlug(asked.service);
  if (service === '' || service === 'any') return { ok: false, problem: 'Choose the service that the message is of.' };
  const order = windowsFor(tx.db, terms, message, tx.nowMs).find(
    (one) => one.kind === 'order' && one.endedAtMs === null && one.service === service,
  );
  const given = order ? give(tx, terms, message, { ...asked, orderId: order.id }) : null;
  if (given?.ok) return given;
  const why = given?.problem ?? 'No order of it is open on this number.';
  const said = `Closed: it is a message of ${serviceName(service, message.book)}. ${why}`;
  return close(tx, terms, asked, { kind: 'other_service', service, note: why, said });
}

/** Opens an item again that was closed as no code or as of another service, while the message could still be given to an order. */
export function undoReview(tx: Tx, terms: OrderTerms, { operatorId, messageId }: Deciding): Decided {
  const message = findMessage(tx.db, terms, messageId);
  const state = reviewState(tx, messageId);
  if (!message || message.userId !== null || (state !== 'not_code' && state !== 'other_service'))
    return { ok: false, problem: 'There is no closing decision on this message that could be undone.' };
  const windows = windowsFor(tx.db, terms, message, tx.nowMs);
  const before = ordersOf(tx, messageId);
  const open = windows.filter((order) => before.includes(order.id) && whyNotFor(message, order, windows) === null);
  if (open.length === 0) return { ok: false, problem: 'It is too late: every order the message could have been for has ended.' };
  writeReview(tx, messageId, doubtsOf(message, open, windows));
  record(tx, { operatorId, messageId, kind: 'undo', orderId: null, service: null, note: '' });
  announceUnsure(tx, terms, idsOf(open));
  return { ok: true, said: 'Open again.' };
}

function findUndecided(tx: Tx, terms: OrderTerms, messageId: string): { message: StoredMessage } | { problem: string } {
  const message = findMessage(tx.db, terms, messageId);
  if (!message) return { problem: 'There is no such message.' };
  const last = lastDecision(tx.db, messageId);
  const state = reviewState(tx, messageId);
  if (state !== null && state !== 'open' && state !== 'withdrawn' && last)
    return { problem: `It was decided already: ${decisionSentence(last, message.book)}.` };
  if (message.userId !== null)
    return { problem: `The rules have given it to ${message.orderId === null ? 'a rental' : 'an order'} meanwhile.` };
  return { message };
}

function give(tx: Tx, terms: OrderTerms, message: StoredMessage, asked: Deciding & { orderId: string; code: string }): Decided {
  const windows = windowsFor(tx.db, terms, message, tx.nowMs);
  const order = windows.find(({ id }) => id === asked.orderId);
  if (!order) return { ok: false, problem: endedOrUnknown(tx, asked.orderId, message.iccid) };
  const whyNot = whyNotFor(message, order, windows);
  if (whyNot !== null) return { ok: false, problem: whyNot };
  const code = asked.code.trim();
  const printed = printedAs(message.text, code, readCandidates(message.candidates));
  if (printed === null) return { ok: false, problem: 'Choose a code, or type one exactly as it stands in the text (3 to 32 characters).' };

  const before = reviewState(tx, message.id) === 'open' ? ordersOf(tx, message.id) : [];
  if (reviewState(tx, message.id) !== 'open') writeReview(tx, message.id, doubtsOf(message, [order], windows));
  setState(tx, message.id, 'delivered');
  const judgement = judgeFor(message, order, windows);
  const decided = { verdict: 'accept' as const, code, printed, confidence: 1, rule: OPERATOR_RULE, reason: GIVEN_REASON };
  const given = giveMessage(tx, terms, message, { orderId: order.id, judgement: { ...judgement, ...decided, service: order.service } });
  record(tx, { ...asked, kind: 'deliver', service: order.service, note: '' });
  announceUnsure(
    tx,
    terms,
    before.filter((id) => id !== order.id),
  );
  return { ok: true, said: `Delivered to the ${serviceName(given.service, message.book)} order on ${given.number}.` };
}

function endedOrUnknown(tx: Tx, orderId: string, iccid: string): string {
  const order = findOrder(tx.db, orderId);
  if (order?.iccid !== iccid) return 'Choose an order on the number of the message.';
  return 'The order has ended, and its money is settled.';
}

function close(
  tx: Tx,
  terms: OrderTerms,
  { operatorId, messageId }: Deciding,
  decision: { kind: 'not_code' | 'other_service'; service: string | null; note: string; said: string },
): Decided {
  const { kind, service, note, said } = decision;
  const wasOpen = reviewState(tx, messageId) === 'open';
  if (!wasOpen) return { ok: false, problem: 'It is on nobody’s list: there is nothing to close.' };
  const orders = ordersOf(tx, messageId);
  setState(tx, messageId, kind);
  record(tx, { operatorId, messageId, kind, orderId: null, service, note });
  announceUnsure(tx, terms, orders);
  return { ok: true, said };
}

/** Keeps a decision with its item and in the audit trail, neither with a code nor with the text. */
function record(tx: Tx, decision: Deciding & { kind: DecisionKind; orderId: string | null; service: string | null; note: string }): void {
  const { operatorId, messageId, kind, orderId, service } = decision;
  const note = decision.note.slice(0, NOTE_CHARACTERS_MAX).toWellFormed();
  tx.db
    .query(
      `INSERT INTO review_decisions (message_id, kind, order_id, service, note, user_id, at_ms)
       VALUES ($messageId, $kind, $orderId, $service, $note, $operatorId, $now)`,
    )
    .run({ messageId, kind, orderId, service, note, operatorId, now: tx.nowMs });
  const detail = [orderId && `order ${orderId}`, service && `service ${service}`].filter(Boolean).join(', ');
  writeAudit(tx, { userId: operatorId, action: `review.${kind}`, target: messageId, detail });
}

function doubtsOf(message: StoredMessage, orders: readonly OrderWindow[], windows: readonly OrderWindow[]) {
  return orders.map((order) => ({ orderId: order.id, judgement: judgeFor(message, order, windows) }));
}

function idsOf(orders: readonly OrderWindow[]): string[] {
  return orders.map(({ id }) => id);
}
