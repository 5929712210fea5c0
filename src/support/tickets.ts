import type { Database } from 'bun:sqlite';
import { TOPIC_WORDS, type Topic } from '../../views/contact/words.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { operatorsWanting } from '../mail/preferences.ts';
import { queueMail } from '../mail/queue.ts';
import { findOrder } from '../orders/view.ts';

export const TEXT_CHARACTERS_MIN = 10;
export const TEXT_CHARACTERS_MAX = 5000;
/** A thread that grows beyond this is a conversation for another place. */
const MESSAGES_MAX = 200;

export type TicketState = 'open' | 'waiting' | 'closed';

export interface Ticket {
  id: string;
  number: string;
  /** Null for somebody without an account. */
  userId: string | null;
  email: string;
  topic: Topic;
  orderId: string | null;
  state: TicketState;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface TicketMessage {
  id: number;
  author: 'writer' | 'operator' | 'note';
  /** Of the operator, or the customer with an account; else null. */
  email: string | null;
  text: string;
  atMs: number;
}

export interface NewTicket {
  userId: string | null;
  email: string;
  topic: Topic;
  orderId: string | null;
  text: string;
  formKey: string;
}

const COLUMNS = `id, number, user_id AS userId, email, topic, order_id AS orderId, state, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs`;

/** Opens a ticket, tells its writer by mail that it is there, and operators who want to know. The same form again gives the same ticket. */
export function openTicket(tx: Tx, random: RandomBytes, wanted: NewTicket): Ticket {
  const { formKey, text, userId, email, topic, orderId } = wanted;
  const earlier = tx.db.query<Ticket, { formKey: string }>(`SELECT ${COLUMNS} FROM tickets WHERE form_key = $formKey`).get({ formKey });
  if (earlier) return earlier;
  if (userId !== null && orderId !== null && !findOrder(tx.db, orderId, userId)) {
    throw new Refusal('not_found', 'You have no order with this id.');
  }
  const ticket: Ticket = {
    ...{ id: newId('tkt', tx.nowMs, random), number: freeNumber(tx, random), userId, email, topic, orderId },
    ...{ state: 'open', createdAtMs: tx.nowMs, updatedAtMs: tx.nowMs },
  };
  tx.db
    .query(
      `INSERT INTO tickets (id, number, user_id, email, topic, order_id, state, form_key, created_at_ms, updated_at_ms)
       VALUES ($id, $number, $userId, $email, $topic, $orderId, $state, $formKey, $createdAtMs, $updatedAtMs)`,
    )
    .run({ ...ticket, formKey });
  say(tx, ticket.id, 'writer', userId, text);
  mailWriter(tx, ticket, 'ticket_received', ticket.id, {});
  mailOperators(tx, ticket, ticket.id, text);
  return ticket;
}

/** Its writer adds something; the operator is to answer (again), also when it was closed. */
export function answerAsWriter(tx: Tx, ticketId: string, text: string): Ticket {
  const ticket = requireTicket(tx.db, ticketId);
  const messageId = say(tx, ticketId, 'writer', ticket.userId, text);
  const answered = move(tx, ticket, 'open');
  if (ticket.state !== 'open') mailOperators(tx, ticket, `${ticket.id}:${messageId}`, text);
  return answered;
}

/** The operator answers: on the page and by mail. */
export function answerAsOperator(tx: Tx, operatorId: string, ticketId: string, text: string): Ticket {
  const ticket = requireTicket(tx.db, ticketId);
  const messageId = say(tx, ticketId, 'operator', operatorId, text);
  mailWriter(tx, ticket, 'ticket_answered', `${ticket.id}:${messageId}`, { words: text });
  writeAudit(tx, { userId: operatorId, action: 'support.answer', target: ticket.id, detail: `answered ${ticket.number}` });
  return move(tx, ticket, 'waiting');
}

/** A note for operators alone: nobody is told, and whose turn it is stays. */
export function noteTicket(tx: Tx, operatorId: string, ticketId: string, text: string): Ticket {
  const ticket = requireTicket(tx.db, ticketId);
  say(tx, ticketId, 'note', operatorId, text);
  writeAudit(tx, { userId: operatorId, action: 'support.note', target: ticket.id, detail: `noted on ${ticket.number}` });
  return ticket;
}

/** Closes a ticket or opens it again; its writer sees that on the page. Doing it twice changes nothing. */
export function setTicketClosed(tx: Tx, operatorId: string, ticketId: string, closed: boolean): Ticket {
  const ticket = requireTicket(tx.db, ticketId);
  if ((ticket.state === 'closed') === closed) return ticket;
  const [action, word] = closed ? ['support.close', 'closed'] : ['support.reopen', 'reopened'];
  writeAudit(tx, { userId: operatorId, action, target: ticket.id, detail: `${word} ${ticket.number}` });
  return move(tx, ticket, closed ? 'closed' : 'open');
}

export function findTicket(db: Database, id: string): Ticket | null {
  return db.query<Ticket, { id: string }>(`SELECT ${COLUMNS} FROM tickets WHERE id = $id`).get({ id });
}

/** A ticket, only if it is this customer's; refuses with `not_found` else. */
export function ownTicket(db: Database, id: string, userId: string): Ticket {
  const ticket = findTicket(db, id);
  if (ticket?.userId !== userId) throw new Refusal('not_found', 'You have no ticket with this id.');
  return ticket;
}

export function requireTicket(db: Database, id: string): Ticket {
  const ticket = findTicket(db, id);
  if (!ticket) throw new Refusal('not_found', 'There is no ticket with this id.');
  return ticket;
}

/** What was said, oldest first; notes only for operators. */
export function messagesOfTicket(db: Database, ticketId: string, withNotes: boolean): TicketMessage[] {
  return db
    .query<TicketMessage, { ticketId: string; limit: number }>(
      `SELECT m.id, m.author, u.email, m.text, m.at_ms AS atMs FROM ticket_messages m LEFT JOIN users u ON u.id = m.user_id
       WHERE m.ticket_id = $ticketId ${withNotes ? '' : `AND m.author <> 'note'`} ORDER BY m.id LIMIT $limit`,
    )
    .all({ ticketId, limit: MESSAGES_MAX });
}

/** A customer's tickets, the last said first. */
export function ticketsOf(db: Database, userId: string, limit: number): Ticket[] {
  return db
    .query<Ticket, { userId: string; limit: number }>(
      `SELECT ${COLUMNS} FROM tickets WHERE user_id = $userId ORDER BY updated_at_ms DESC, id DESC LIMIT $limit`,
    )
    .all({ userId, limit });
}

/** Tickets of a state: those to answer oldest first, others newest first. With `search` of every state, by number, address, order or words said. */
export function listTickets(db: Database, asked: { state: TicketState; search: string; limit: number }): (Ticket & { first: string })[] {
  const { state, search, limit } = asked;
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const where = search === '' ? 'state = $state' : SEARCH;
  return db
    .query<Ticket & { first: string }, { state: string; like: string; limit: number }>(
      `SELECT ${COLUMNS}, (SELECT text FROM ticket_messages m WHERE m.ticket_id = t.id ORDER BY m.id LIMIT 1) AS first FROM tickets t
       WHERE ${where} ORDER BY updated_at_ms ${search === '' && state === 'open' ? 'ASC' : 'DESC'}, id LIMIT $limit`,
    )
    .all({ state, like, limit });
}

const SEARCH = `(number LIKE $like ESCAPE '\\' OR email LIKE $like ESCAPE '\\' OR order_id LIKE $like ESCAPE '\\'
  OR EXISTS (SELECT 1 FROM ticket_messages m WHERE m.ticket_id = t.id AND m.text LIKE $like ESCAPE '\\'))`;

/** How many tickets there are of each state. */
export function ticketCounts(db: Database): Record<TicketState, number> {
  const counts = { open: 0, waiting: 0, closed: 0 };
  for (const { state, n } of db
    .query<{ state: TicketState; n: number }, []>('SELECT state, count(*) AS n FROM tickets GROUP BY state')
    .all())
    counts[state] = n;
  return counts;
}

export function isTopic(word: string): word is Topic {
  return Object.hasOwn(TOPIC_WORDS, word);
}

/** What is wrong with what somebody wrote, in plain words, or null. */
export function textProblem(text: string): string | null {
  const length = text.trim().length;
  if (length < TEXT_CHARACTERS_MIN) return 'Write at least a sentence.';
  return length > TEXT_CHARACTERS_MAX ? `Write at most ${TEXT_CHARACTERS_MAX} characters; these are ${length}.` : null;
}

function say(tx: Tx, ticketId: string, author: TicketMessage['author'], userId: string | null, text: string): number {
  const said = tx.db.query<{ n: number }, { ticketId: string }>('SELECT count(*) AS n FROM ticket_messages WHERE ticket_id = $ticketId');
  if ((said.get({ ticketId })?.n ?? 0) >= MESSAGES_MAX) {
    throw new Refusal('limit_reached', `A ticket holds at most ${MESSAGES_MAX} messages. Open a new one and name this one's number.`);
  }
  const { lastInsertRowid } = tx.db
    .query('INSERT INTO ticket_messages (ticket_id, author, user_id, text, at_ms) VALUES ($ticketId, $author, $userId, $text, $now)')
    .run({ ticketId, author, userId, text: text.trim().toWellFormed(), now: tx.nowMs });
  return Number(lastInsertRowid);
}

function move(tx: Tx, ticket: Ticket, state: TicketState): Ticket {
  tx.db.query('UPDATE tickets SET state = $state, updated_at_ms = $now WHERE id = $id').run({ id: ticket.id, state, now: tx.nowMs });
  return { ...ticket, state, updatedAtMs: tx.nowMs };
}

function mailWriter(tx: Tx, ticket: Ticket, kind: 'ticket_received' | 'ticket_answered', about: string, more: object): void {
  const { id, number, topic, email, userId } = ticket;
  queueMail(tx, { kind, about, userId, lane: id, payload: { id, number, topic, email, to: email, ...more } });
}

function mailOperators(tx: Tx, { id, number, topic, email }: Ticket, about: string, words: string): void {
  for (const userId of operatorsWanting(tx.db, 'ticket_opened'))
    queueMail(tx, { kind: 'ticket_opened', about: `${about}:${userId}`, userId, payload: { id, number, topic, email, words } });
}

/** Eight digits of chance, `4821-9304`. */
function freeNumber(tx: Tx, random: RandomBytes): string {
  for (;;) {
    const digits = String(Buffer.from(random(6)).readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
    const number = `${digits.slice(0, 4)}-${digits.slice(4)}`;
    if (tx.db.query('SELECT 1 FROM tickets WHERE number = $number').get({ number }) === null) return number;
  }
}

/** The tickets about an order, the newest first, by the index of its customer's. */
export function ticketsOfOrder(db: Database, orderId: string): Pick<Ticket, 'id' | 'number' | 'state'>[] {
  return db
    .query<Pick<Ticket, 'id' | 'number' | 'state'>, { orderId: string }>(
      `SELECT id, number, state FROM tickets WHERE user_id = (SELECT user_id FROM orders WHERE id = $orderId) AND order_id = $orderId ORDER BY id DESC LIMIT 20`,
    )
    .all({ orderId });
}
