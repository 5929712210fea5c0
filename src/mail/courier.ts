import type { Database } from 'bun:sqlite';
import { headerLine, type MailFooter } from '../../views/mail/model.ts';
import { MailPage } from '../../views/mail/page.tsx';
import { mailText } from '../../views/mail/text.ts';
import { markup } from '../../views/parts/text.tsx';
import { paths } from '../../views/paths.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Mailbox } from '../lib/mailbox.ts';
import type { Attempt, Delivery } from '../outbox/deliveries.ts';
import type { Courier } from '../outbox/outbox.ts';
import { anyVirtual } from '../sims/sims.ts';
import { addressTrouble, forgetRefusals, isReservedAddress, noteRefusal } from './addresses.ts';
import { type ComposeDeps, compose } from './compose.ts';
import { isMailKind, isStatusKind, isSwitched, isTriedAnyway, type MailKind } from './kinds.ts';
import { statusUrl, unsubscribeUrl } from './links.ts';
import { mailPreferences } from './preferences.ts';
import { RESET_MS } from './reset-link.ts';
import { subscriberOf } from './status-mail.ts';
import type { MailMessage, SendMail, Sent } from './transport.ts';
import { endTrouble, noteTrouble } from './trouble.ts';

/**
 * Seconds after the first, second … failure: soon at first, since a code is worth most in its first minutes; in all more than four days, so that a mail
 * server may be away over a weekend.
 */
export const MAIL_RETRY_SECONDS: readonly number[] = [
  5, 30, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400, 86_400,
];
/** What waited for longer than its schedule, since no mail server was set up for a time, tells nobody anything. */
const AGE_MAX_MS = 5 * 86_400_000;
/** Each on a connection of its own; more than this, of all customers together, some providers refuse. */
const AT_ONCE = 8;
/** Kept for customers with no mail under way. */
const RESERVED = 2;
const AT_ONCE_FOR_USER = 3;

export interface CourierDeps extends Omit<ComposeDeps, 'nowMs'> {
  db: Database;
  clock: Clock;
  log: Log;
  from: Mailbox;
  send: SendMail;
  /** Null: MAIL_RETRY_SECONDS. */
  retrySeconds: readonly number[] | null;
}

/** Carries mails to the mail server: looks at its last moment whether each is still wanted, writes it, and learns from what the server says. */
export function mailCourier(deps: CourierDeps): Courier {
  const { log, send } = deps;
  /** Whose fault each attempt was, and to which address it went, until it is written down. */
  const sent = new Map<number, { to: string; fault: Sent['fault'] }>();
  return {
    channel: 'mail',
    atOnce: AT_ONCE,
    reserved: RESERVED,
    atOnceForTarget: AT_ONCE_FOR_USER,
    atOnceForUser: AT_ONCE_FOR_USER,
    retrySeconds: deps.retrySeconds ?? MAIL_RETRY_SECONDS,
    async attempt(delivery, signal) {
      const ready = prepare(deps, delivery);
      if ('outcome' in ready) return ready;
      const { fault, ...attempt } = await send(ready, signal);
      sent.set(delivery.seq, { to: ready.to, fault });
      return attempt;
    },
    recorded(tx, delivery, attempt) {
      const about = sent.get(delivery.seq);
      if (about === undefined) return;
      sent.delete(delivery.seq);
      if (about.fault === 'us') {
        if (noteTrouble(tx, attempt.detail)) tx.afterCommit(() => log.error('mail_trouble', { detail: attempt.detail.slice(0, 300) }));
        return;
      }
      if (endTrouble(tx)) tx.afterCommit(() => log.info('mail_trouble_over'));
      if (about.fault === 'receiver' && attempt.outcome === 'failed') noteRefusal(tx, about.to, attempt.detail);
      if (attempt.outcome === 'delivered') forgetRefusals(tx, about.to);
    },
  };
}

/** The mail of a delivery, or why there is nothing to send. */
function prepare({ db, clock, links, nameOf, from }: CourierDeps, delivery: Delivery): MailMessage | Attempt {
  const kind = delivery.topic;
  if (!isMailKind(kind)) return { outcome: 'failed', status: null, detail: `no mail is called ${kind}` };
  const to = receiverOf(db, delivery);
  const never = whyNever(db, { kind, to, delivery, nowMs: clock.nowMs() });
  if (to === null || never !== null) return { outcome: 'failed', status: null, detail: never ?? 'it has no receiver' };
  const composed = compose(db, { links, nameOf, nowMs: clock.nowMs }, kind, delivery);
  if ('moot' in composed) return { outcome: 'delivered', status: null, detail: `not sent: ${composed.moot}` };
  const unsubscribe = unsubscribeOf(links, kind, delivery);
  const footer: MailFooter = {
    eventId: delivery.eventId ?? delivery.id,
    unsubscribeUrl: unsubscribe,
    settingsUrl: delivery.userId === null ? null : `${links.publicUrl}${paths.notifications}`,
    isVirtual: anyVirtual(db),
  };
  const { content } = composed;
  return {
    ...{ from, to, subject: headerLine(content.subject), text: mailText(content, footer), html: markup(MailPage({ content, footer })) },
    // Made from the delivery, so that a mail that left twice is known as one by whoever stores it (RFC 5322 3.6.4).
    messageId: `${delivery.id.replace(/[^A-Za-z0-9]+/g, '.')}@${from.address.split('@')[1] ?? 'localhost'}`,
    headers: {
      'X-SMSPin-Event': headerLine(footer.eventId),
      // RFC 3834: no machine shall answer.
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribe === null ? {} : { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    atMs: delivery.createdAtMs,
  };
}

/** The link that ends mails of this kind, or null for those that cannot be ended. */
function unsubscribeOf(links: ComposeDeps['links'], kind: MailKind, delivery: Delivery): string | null {
  if (delivery.userId !== null) return isSwitched(kind) ? unsubscribeUrl(links, delivery.userId, kind) : null;
  return isStatusKind(kind) && kind !== 'status_confirm'
    ? statusUrl(links, 'unsubscribe', subscriberOf(delivery), delivery.createdAtMs)
    : null;
}

function receiverOf(db: Database, { userId, payload }: Delivery): string | null {
  if (userId === null) {
    const { to } = JSON.parse(payload ?? '{}') as { to?: unknown };
    return typeof to === 'string' ? to : null;
  }
  return db.query<{ email: string }, { userId: string }>(`SELECT email FROM users WHERE id = $userId`).get({ userId })?.email ?? null;
}

/** Why a mail will never be sent, in words for the delivery log, or null. */
function whyNever(
  db: Database,
  { kind, to, delivery, nowMs }: { kind: MailKind; to: string | null; delivery: Delivery; nowMs: number },
): string | null {
  const { userId, createdAtMs } = delivery;
  if (to === null) return 'it has no receiver';
  if (isReservedAddress(to)) return 'the address is one of those that belong to nobody (RFC 2606)';
  if (nowMs - createdAtMs > (kind === 'password_reset' ? RESET_MS : AGE_MAX_MS)) return 'it waited too long to be of use';
  if (userId !== null && isSwitched(kind) && !mailPreferences(db, userId)[kind])
    return 'its receiver does not want mails of this kind any more';
  if (!isTriedAnyway(kind) && addressTrouble(db, to)?.isUndeliverable)
    return 'the address refused mail several times; only security notices are tried';
  return null;
}
