/** Help for somebody who cannot sign in. Operators never see a password or what proves one: they send, or hand over, a link by which the customer sets a new one. */
import { writeAudit } from '../admin/audit.ts';
import type { Tx } from '../db/write.ts';
import { Refusal } from '../lib/errors.ts';
import type { MailLinks } from '../mail/links.ts';
import { queueMail } from '../mail/queue.ts';
import { passwordMark, resetUrl } from '../mail/reset-link.ts';
import { type Customer, requireCustomer } from './profile.ts';

/** Sends the mail that the customer would get by asking for a new password. False when no mail server is set up. */
export function mailReset(tx: Tx, asked: { operatorId: string; userId: string }): boolean {
  const { operatorId, userId } = asked;
  const mark = markOf(tx, requireCustomer(tx.db, userId));
  const queued = queueMail(tx, { kind: 'password_reset', about: `${userId}:${tx.nowMs}`, userId, payload: { mark } });
  if (queued)
    writeAudit(tx, {
      userId: operatorId,
      action: 'customer.reset_mail',
      target: userId,
      detail: 'A link to a new password was sent by mail.',
    });
  return queued;
}

/**
 * A link to a new password for the operator to hand over: it works once, for an hour, and dies with the password of now. Nothing of it is kept, not even a hash:
 * it is signed. Whoever has it is the customer, so there is none for operators' accounts, who get theirs by mail or command.
 */
export function handOverReset(tx: Tx, links: MailLinks, asked: { operatorId: string; userId: string }): { url: string; untilMs: number } {
  const { operatorId, userId } = asked;
  const customer = requireCustomer(tx.db, userId);
  if (customer.role === 'operator') {
    throw new Refusal(
      'forbidden',
      'A link to hand over would give one operator the account of another. Send the mail, or run `smspin user password EMAIL`.',
    );
  }
  const made = resetUrl(tx.db, links, { userId, mark: markOf(tx, customer), askedAtMs: tx.nowMs });
  if (made === null) throw new Refusal('too_late', 'The password was changed this moment. Look again.');
  writeAudit(tx, {
    userId: operatorId,
    action: 'customer.reset_link',
    target: userId,
    detail: 'A link to a new password was made to be handed over.',
  });
  return made;
}

function markOf(tx: Tx, { id, state }: Customer): string {
  const mark = state === 'blocked' ? null : passwordMark(tx.db, id);
  if (mark === null) throw new Refusal('forbidden', 'The customer is suspended: let them in again first.');
  return mark;
}
