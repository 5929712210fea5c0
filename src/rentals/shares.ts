/** A rental whose inbox its customer lets others read. Nothing else goes with it: no money, no extending, no ending, no sharing on. */
import type { Database } from 'bun:sqlite';
import { cleanEmail } from '../accounts/users.ts';
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { queueMail } from '../mail/queue.ts';
import { recordChange } from './record.ts';
import { ownRental } from './rentals.ts';
import { findRental, RENTAL_COLUMNS, type Rental } from './view.ts';

export const READERS_MAX = 10;
/** So long an invitation can be accepted. */
export const INVITED_DAYS = 7;
const DAY_MS = 86_400_000;
/** Invitations of one customer within a day, and mails to one address from all customers: nobody's mailbox is filled from here. */
const INVITATIONS_A_DAY = 20;
const MAILS_A_DAY = 3;

export interface Share {
  id: string;
  rentalId: string;
  ownerId: string;
  email: string;
  userId: string | null;
  state: 'invited' | 'accepted' | 'declined' | 'left' | 'ended';
  invitedAtMs: number;
  untilMs: number;
  acceptedAtMs: number | null;
}

const COLUMNS = `id, rental_id AS rentalId, owner_id AS ownerId, email, user_id AS userId, state, invited_at_ms AS invitedAtMs, until_ms AS untilMs,
  accepted_at_ms AS acceptedAtMs`;

/** Who reads a rental, or is invited to, the oldest first. An invitation that nobody accepted in time is none any more. */
export function sharesOf(db: Database, rentalId: string, nowMs: number): Share[] {
  return db
    .query<Share, { rentalId: string; nowMs: number }>(
      `SELECT ${COLUMNS} FROM rental_shares WHERE rental_id = $rentalId AND (state = 'accepted' OR (state = 'invited' AND until_ms > $nowMs)) ORDER BY id`,
    )
    .all({ rentalId, nowMs });
}

export function findShare(db: Database, id: string): Share | null {
  return db.query<Share, { id: string }>(`SELECT ${COLUMNS} FROM rental_shares WHERE id = $id`).get({ id });
}

/**
 * Invites somebody by e-mail address, whether or not an account has it: nothing here or in the mail depends on that. An address that is invited or reads already
 * gets the same answer again. Refuses with `not_found`, `validation` (no address, one's own), `rental_not_active` (canceled) and `limit_reached`.
 */
export function invite(tx: Tx, random: RandomBytes, asked: { userId: string; rentalId: string; email: string }): Share {
  const { userId, rentalId } = asked;
  const rental = ownRental(tx, rentalId, userId);
  const email = addressOf(tx, userId, asked.email);
  if (rental.status === 'canceled')
    throw new Refusal('rental_not_active', 'A canceled rental has no inbox to share.', { rental_status: 'canceled' });
  const open = sharesOf(tx.db, rentalId, tx.nowMs);
  const there = open.find((share) => share.email === email);
  if (there) return there;
  if (open.length >= READERS_MAX)
    throw new Refusal('limit_reached', `A rental is shared with at most ${READERS_MAX} people. End a share you do not need.`);
  const sinceMs = tx.nowMs - DAY_MS;
  if (count(tx.db, 'owner_id', userId, sinceMs) >= INVITATIONS_A_DAY)
    throw new Refusal('limit_reached', `At most ${INVITATIONS_A_DAY} people are invited in a day. Try again tomorrow.`);
  const mayMail = count(tx.db, 'email', email, sinceMs) < MAILS_A_DAY;
  closeOverdue(tx, rentalId, email);
  const id = newId('shr', tx.nowMs, random);
  tx.db
    .query(
      `INSERT INTO rental_shares (id, rental_id, owner_id, email, state, invited_at_ms, until_ms) VALUES ($id, $rentalId, $userId, $email, 'invited', $now, $untilMs)`,
    )
    .run({ id, rentalId, userId, email, now: tx.nowMs, untilMs: tx.nowMs + INVITED_DAYS * DAY_MS });
  note(tx, rental, userId, 'rental_share_invited', 'share_invited', email);
  if (mayMail) queueMail(tx, { kind: 'rental_shared', about: id, userId: null, payload: { to: email, share: id } });
  return must(findShare(tx.db, id));
}

function addressOf(tx: Tx, userId: string, typed: string): string {
  const email = cleanEmail(typed);
  const own = tx.db.query<{ email: string }, { userId: string }>('SELECT email FROM users WHERE id = $userId').get({ userId });
  const message = email === null ? 'Type an e-mail address such as ben@example.org.' : 'That is your own address: you read it anyway.';
  if (email === null || email === own?.email.toLowerCase())
    throw new Refusal('validation', message, { errors: [{ field: 'email', message }] });
  return email;
}

function count(db: Database, column: 'owner_id' | 'email', value: string, sinceMs: number): number {
  const row = db
    .query<{ count: number }, { value: string; sinceMs: number }>(
      `SELECT count(*) AS count FROM rental_shares WHERE ${column} = $value AND invited_at_ms > $sinceMs`,
    )
    .get({ value, sinceMs });
  return row?.count ?? 0;
}

/** An invitation that ran out makes room for another one to the same address. */
function closeOverdue(tx: Tx, rentalId: string, email: string): void {
  tx.db
    .query(
      `UPDATE rental_shares SET state = 'ended', closed_at_ms = $now WHERE rental_id = $rentalId AND email = $email AND state = 'invited' AND until_ms <= $now`,
    )
    .run({ rentalId, email, now: tx.nowMs });
}

/**
 * An invitation that can be answered by this customer: the link was made here, it is for the address of the account, and it still stands. Anything else is refused as
 * `not_found` in the same words, so that a link that went astray tells nothing.
 */
export function openInvitation(
  db: Database,
  asked: { shareId: string | null; email: string; nowMs: number },
): Share & { rental: Rental; owner: string } {
  const share = asked.shareId === null ? null : findShare(db, asked.shareId);
  const rental = share && findRental(db, share.rentalId);
  if (!share || !rental || share.email !== asked.email.toLowerCase() || share.state !== 'invited' || share.untilMs <= asked.nowMs) {
    const words =
      'There is no open invitation for the address of this account behind this link. It may have been answered, taken back or be too old.';
    throw new Refusal('not_found', words);
  }
  return { ...share, rental, owner: emailOf(db, share.ownerId) };
}

/** The invited customer's own word: only from here on is anything shown to them. Refuses as `openInvitation` does. */
export function answer(tx: Tx, asked: { shareId: string | null; userId: string; email: string; accepts: boolean }): Share {
  const { userId, accepts } = asked;
  const { rental, ...share } = openInvitation(tx.db, { ...asked, nowMs: tx.nowMs });
  if (accepts) {
    tx.db
      .query("UPDATE rental_shares SET state = 'accepted', user_id = $userId, accepted_at_ms = $now WHERE id = $id")
      .run({ id: share.id, userId, now: tx.nowMs });
    note(tx, rental, userId, 'rental_share_accepted', 'share_accepted', share.email);
  } else close(tx, share, rental, userId, 'declined');
  return must(findShare(tx.db, share.id));
}

/** Its customer ends a share or takes an invitation back. Refuses with `not_found`; one that ended already stays so. */
export function endShare(tx: Tx, asked: { userId: string; rentalId: string; shareId: string }): void {
  const rental = ownRental(tx, asked.rentalId, asked.userId);
  const share = findShare(tx.db, asked.shareId);
  if (share?.rentalId !== rental.id) throw new Refusal('not_found', 'This rental has no share with this id.');
  if (share.state === 'invited' || share.state === 'accepted') close(tx, share, rental, asked.userId, 'ended');
}

/** A reader reads it no longer. Refuses with `not_found`. */
export function leave(tx: Tx, asked: { userId: string; rentalId: string }): void {
  const { rental, share } = requireShared(tx.db, asked.rentalId, asked.userId);
  close(tx, share, rental, asked.userId, 'left');
}

function close(tx: Tx, share: Omit<Share, 'userId'>, rental: Rental, byUserId: string, state: 'declined' | 'left' | 'ended'): void {
  tx.db.query('UPDATE rental_shares SET state = $state, closed_at_ms = $now WHERE id = $id').run({ id: share.id, state, now: tx.nowMs });
  note(tx, rental, byUserId, `rental_share_${state}`, `share_${state}`, share.email);
}

/** In the audit trail and in the history that the rental's customer sees. */
function note(tx: Tx, rental: Rental, userId: string, action: string, reason: Parameters<typeof recordChange>[2], email: string): void {
  writeAudit(tx, { userId, action, target: rental.id, detail: email });
  recordChange(tx, rental, reason, { detail: email });
}

/** A rental somebody reads by another customer's word. */
export interface SharedRental {
  rental: Rental;
  share: Share;
  /** Whose it is. */
  owner: string;
}

/** One of them, or a refusal as `not_found`: also for one's own, which is read elsewhere. */
export function requireShared(db: Database, rentalId: string, userId: string): SharedRental {
  const share = db
    .query<Share, { rentalId: string; userId: string }>(
      `SELECT ${COLUMNS} FROM rental_shares WHERE rental_id = $rentalId AND user_id = $userId AND state = 'accepted'`,
    )
    .get({ rentalId, userId });
  const rental = share && findRental(db, rentalId);
  if (!share || !rental) throw new Refusal('not_found', 'No rental with this id is shared with you.');
  return { rental, share, owner: emailOf(db, share.ownerId) };
}

/** What is shared with somebody, the newest share first, before the share `cursor`. */
export function sharedWith(
  db: Database,
  userId: string,
  page: { limit: number; cursor: string | null },
): (SharedRental & { id: string })[] {
  return db
    .query<Share, { userId: string; cursor: string; limit: number }>(
      `SELECT ${COLUMNS} FROM rental_shares WHERE user_id = $userId AND state = 'accepted' AND id < $cursor ORDER BY id DESC LIMIT $limit`,
    )
    .all({ userId, cursor: page.cursor || '~', limit: page.limit })
    .flatMap((share) => {
      const rental = db.query<Rental, { id: string }>(`SELECT ${RENTAL_COLUMNS} FROM rentals WHERE id = $id`).get({ id: share.rentalId });
      return rental ? [{ id: share.id, rental, share, owner: emailOf(db, share.ownerId) }] : [];
    });
}

function emailOf(db: Database, userId: string): string {
  return db.query<{ email: string }, { userId: string }>('SELECT email FROM users WHERE id = $userId').get({ userId })?.email ?? '';
}

function must(share: Share | null): Share {
  if (share === null) throw new Error('a share that was written a moment ago is there');
  return share;
}
