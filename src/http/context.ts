import type { Database } from 'bun:sqlite';
import type { PageContext } from '../../views/model.ts';
import { isReadOnly } from '../accounts/read-only.ts';
import type { User } from '../accounts/users.ts';
import { countAlarms } from '../alarms/alarms.ts';
import type { SignUp } from '../config/access.ts';
import { mailTrouble } from '../mail/trouble.ts';
import { reviewCount } from '../reviews/count.ts';
import { anyVirtual } from '../sims/sims.ts';
import { openTicketCount } from '../support/count.ts';

/** Sentences shown once after a redirect, by the word that stands in the address: nothing of an address is ever shown itself. */
const NOTICES = new Map(
  Object.entries({
    welcome: 'Welcome. Your account is ready.',
    'signed-out': 'You are signed out.',
    'reset-asked':
      'If there is an account for this address, a mail with a link is on its way. The link works once, for an hour. Nothing there? Look into spam, or ask again.',
    'password-set': 'Your new password is set. Sign in with it.',
    'mails-kept': 'Kept. What you chose holds from now on.',
    'mail-tested': 'A test mail is on its way to you.',
    'ticket-opened': 'We have your message. The operator reads it and answers here.',
    'ticket-answered': 'Sent.',
    'ticket-noted': 'The note is kept.',
    'ticket-closed': 'Closed. It opens again when its writer writes.',
    'ticket-reopened': 'Open again.',
    waiting: 'Your account was created. The operator lets new customers in; you can sign in after that.',
    ordered: 'The number is yours. Use it now; the code appears here.',
    canceled: 'The order is canceled and the money is back on your balance.',
    finished: 'The order is finished.',
    'window-extended': 'The window is longer now.',
    awaiting: 'The next code appears here the moment it comes.',
    'number-reported': 'Reported. The money is back on your balance.',
    'number-lifted': 'Lifted: the number is sold for the service again. You can take that back below.',
    'number-retired': 'Retired again: the number is not sold for the service.',
    'waiting-rejoined': 'Taken back: the place is the one you had.',
    'waiting-left': 'You left the line. You can take that back for ten minutes.',
    rented: 'The number is yours. Whatever arrives appears here.',
    booked: 'Booked. The price is held until it begins.',
    extended: 'Extended.',
    'rental-ended': 'Ended. See below what came back.',
    'auto-on': 'It is extended by itself now, up to your limit.',
    'auto-off': 'It is not extended by itself any more.',
    named: 'Saved.',
    'alarm-acknowledged': 'Acknowledged: it is not told again, and stays here until it is over.',
    'alarm-unacknowledged': 'Taken back: it is told again after a while.',
    paused: 'The SIM is paused: it is not sold until you resume it.',
    resumed: 'The SIM is for sale again.',
    'sims-changed': 'Changed: see below what came of it. You can take it back.',
    'sims-undone': 'Taken back where nobody changed it again since.',
    'review-delivered': 'Delivered: the customer has it.',
    'review-closed': 'Closed. You can undo it below while the order is open.',
    'review-decided': 'Decided: see below what came of it.',
    'review-reopened': 'Open again.',
    'rule-kept': 'Kept in your draft. It takes effect when you publish it.',
    'rule-dropped': 'Taken out of your draft.',
    'rule-reset': 'Brought back in your draft. It takes effect when you publish it.',
    'rules-published': 'Published: messages are judged by it from now on.',
    'rules-restored': 'Brought back: messages are judged by it from now on.',
    'rules-rebased': 'Your changes stand on the newest version now.',
    'rules-rebased-both':
      'Your changes stand on the newest version now. Of services that both of you changed, yours is kept: compare below.',
    'draft-discarded': 'The draft is thrown away.',
    'report-seen': 'Marked as seen.',
    reported: 'Thank you: our operator looks at it. Nothing changes about your money.',
    unreported: 'Taken back.',
    'webhook-saved': 'Saved.',
    'webhook-paused': 'Paused: nothing is sent until you resume it.',
    'webhook-resumed': 'The endpoint is active. What waited is on its way.',
    'webhook-deleted': 'The endpoint is deleted.',
    'webhook-replayed': 'Queued. It is sent again now.',
    'webhook-replayed-more': 'The oldest thousand are on their way. Send again for the rest.',
    'webhook-replayed-none': 'There was nothing to send again.',
    'webhook-rotated-before': 'This form was sent before: the secret was not changed again.',
    'vouchers-none-open': 'Nothing was left to revoke.',
    'vouchers-revoked': 'Revoked: what was not redeemed is worth nothing any more.',
    'share-invited': 'Invited. Nothing is shown to them before they accept.',
    'share-ended': 'Ended: they read it no longer.',
    'share-accepted': 'Accepted. What comes appears here by itself.',
    'share-declined': 'Declined.',
    'share-left': 'You read it no longer.',
    'payment-done': 'Marked as done. It stands below; you can take that back.',
    'payment-undone': 'Back among what must be looked at.',
    'low-mark-kept': 'Kept.',
    'voucher-redeemed': 'Redeemed. The money is on your balance.',
    'export-queued': 'The file is being made. It appears below.',
    'export-canceled': 'Canceled; nothing was kept.',
    'export-revoked': 'Revoked: the link leads nowhere any more, and the file is deleted.',
    'key-revoked': 'The key is revoked.',
    'setting-changed': 'Kept: it holds from now on.',
    'setting-same': 'That is what holds already; nothing was changed.',
    'days-closed': 'Closed.',
    'days-closed-before': 'These days were closed before; nothing was changed.',
    'desk-canceled': 'Canceled: the money is back on the customer’s balance.',
    'desk-finished': 'Closed.',
    'desk-given-back': 'Given back: it is on the customer’s balance.',
    'customer-credited': 'Credited.',
    'customer-credited-before':
      'This reason credited the customer before, so nothing was done. Write another reason if it is another credit.',
    'customer-debited': 'Taken back.',
    'customer-limited': 'The limits are kept; they hold from the next order on.',
    'customer-suspended': 'Suspended. You can let the customer in again below.',
    'customer-let-in': 'Let in.',
    'customer-signed-out': 'Signed out everywhere.',
    'customer-mailed': 'A mail with a link to a new password is on its way.',
    'customer-not-mailed': 'No mail is set up, so nothing was sent. Hand over a link instead.',
  }),
);

/** What every page is told: who looks at it, which one it is, and what just happened. */
export function pageContext(db: Database, request: Request, user: User): PageContext {
  return visitorContext(db, request, user, null);
}

/** The same for a page that is shown without signing in too, which offers an account unless the operator makes them all. */
export function visitorContext(db: Database, request: Request, user: User | null, signup: SignUp | null): PageContext {
  const { pathname, searchParams } = new URL(request.url);
  const isOperator = user?.role === 'operator';
  const viewer =
    user === null ? null : { id: user.id, email: user.email, role: user.role, isReadOnly: isOperator && isReadOnly(db, user.id) };
  return {
    viewer,
    path: pathname,
    virtualBank: anyVirtual(db),
    notice: NOTICES.get(searchParams.get('notice') ?? '') ?? null,
    reviewCount: isOperator ? reviewCount(db) : 0,
    canSignUp: signup !== null && signup() !== 'invite',
    ticketCount: isOperator ? openTicketCount(db) : 0,
    alarmCount: isOperator ? countAlarms(db).standing : 0,
    mailTrouble: isOperator ? mailTrouble(db) : null,
  };
}
