import type { Database } from 'bun:sqlite';
import { keyChanged, newBrowser, passwordChanged, passwordReset, testMail, webhookDisabled } from '../../views/mail/account.ts';
import type { MailContent } from '../../views/mail/model.ts';
import { alarms, simsDue } from '../../views/mail/operator.ts';
import { codeReceived, lowBalance, type MailedOrder, orderExpired, rentalEnding, rentalShared } from '../../views/mail/orders.ts';
import { ticketAnswered, ticketOpened, ticketReceived } from '../../views/mail/support.ts';
import { type MailedPlace, waitingNews } from '../../views/mail/waiting.ts';
import { noticesOf } from '../alarms/notices.ts';
import type { Delivery } from '../outbox/deliveries.ts';
import { stillDue } from '../sims/care.ts';
import type { MailKind } from './kinds.ts';
import { type MailLinks, ticketUrl } from './links.ts';
import { mailPreferences } from './preferences.ts';
import { resetUrl } from './reset-link.ts';
import { shareUrl } from './share-link.ts';
import { composeStatus } from './status-mail.ts';

/** What mails are written with besides the facts. */
export interface ComposeDeps {
  links: MailLinks;
  /** The wall clock. */
  nowMs(): number;
  /** What a service is called, by its slug, under the rules in force. */
  nameOf(service: string): string;
}

/** The content of a mail, or why there is none to send any more. */
export type Composed = { content: MailContent } | { moot: string };

/** Writes a mail at the moment it leaves, from what the database knows then. Throws when a fact is not of the form its kind has. */
export function compose(db: Database, { links, nameOf, nowMs }: ComposeDeps, kind: MailKind, delivery: Delivery): Composed {
  const { publicUrl } = links;
  const said = () => JSON.parse(delivery.payload ?? '{}') as Record<string, unknown>;
  switch (kind) {
    case 'code_received':
    case 'order_expired':
    case 'low_balance':
      return composeEvent(db, { links, nameOf, nowMs }, kind, delivery);
    case 'rental_ending': {
      const { id, number, country, endsAtMs } = said();
      return { content: rentalEnding({ id: text(id), number: text(number), country: text(country), endsAtMs: figure(endsAtMs) }, links) };
    }
    case 'waiting_list': {
      const { id, what, why } = said();
      return composeWaiting(db, { links, nameOf, nowMs }, { id: text(id), what: text(what), why: why == null ? null : text(why) });
    }
    case 'webhook_disabled': {
      const { url, reason = '', since, failures } = said();
      return {
        content: webhookDisabled({ url: text(url), reason: text(reason), sinceMs: momentOf(since), failures: figure(failures) }, links),
      };
    }
    case 'alarms': {
      const notices = noticesOf(db, figure(said()['mailAtMs']));
      return notices.length === 0 ? { moot: 'what it would tell was over before' } : { content: alarms(notices, links) };
    }
    case 'sim_due': {
      const due = stillDue(db, said()['cards'], nowMs());
      return due.length === 0 ? { moot: 'the days were changed before' } : { content: simsDue(due, links) };
    }
    case 'new_browser': {
      const { userAgent, address, atMs } = said();
      return { content: newBrowser({ userAgent: text(userAgent), address: text(address), atMs: figure(atMs) }, links) };
    }
    case 'password_changed':
      return { content: passwordChanged(delivery.createdAtMs, links) };
    case 'key_created':
    case 'key_revoked': {
      const { name, prefix, scopes, atMs } = said();
      const key = { name: text(name), prefix: text(prefix), scopes: text(scopes), atMs: figure(atMs) };
      return { content: keyChanged(key, kind === 'key_created' ? 'created' : 'revoked', links) };
    }
    case 'password_reset': {
      const link = resetUrl(db, links, { userId: delivery.userId ?? '', mark: text(said()['mark']), askedAtMs: delivery.createdAtMs });
      return link === null ? { moot: 'the password was changed since' } : { content: passwordReset(link) };
    }
    case 'test':
      return { content: testMail(links) };
    case 'rental_shared': {
      const invitation = db
        .query<{ id: string; untilMs: number; owner: string }, { id: string }>(
          `SELECT s.id, s.until_ms AS untilMs, u.email AS owner FROM rental_shares s JOIN users u ON u.id = s.owner_id WHERE s.id = $id AND s.state = 'invited'`,
        )
        .get({ id: text(said()['share']) });
      if (!invitation) return { moot: 'the invitation was answered or taken back' };
      return { content: rentalShared({ ...invitation, url: shareUrl(links, invitation) }) };
    }
    case 'status_confirm':
    case 'status_maintenance':
    case 'status_incident':
      return composeStatus(db, links, kind, delivery);
    case 'ticket_received':
    case 'ticket_answered':
    case 'ticket_opened': {
      const { id, number, topic, email, words } = said();
      const ticket = {
        number: text(number),
        topic: text(topic),
        url: ticketUrl(links, { id: text(id), userId: delivery.userId }, delivery.createdAtMs),
      };
      if (kind === 'ticket_received') return { content: ticketReceived(ticket) };
      if (kind === 'ticket_answered') return { content: ticketAnswered({ ...ticket, text: text(words) }) };
      const url = `${publicUrl}/admin/support/${encodeURIComponent(text(id))}`;
      return { content: ticketOpened({ ...ticket, email: text(email), text: text(words), url }) };
    }
  }
}

function composeWaiting(db: Database, { links, nameOf }: ComposeDeps, news: { id: string; what: string; why: string | null }): Composed {
  const place = db
    .query<Omit<MailedPlace, 'serviceName' | 'what' | 'why'>, { id: string }>(
      `SELECT id, country, service, carrier, max_price_minor AS maxPriceMinor, currency, status, expires_at_ms AS expiresAtMs,
         (SELECT number FROM orders o WHERE o.id = order_id) AS number, (SELECT price_minor FROM orders o WHERE o.id = order_id) AS priceMinor
       FROM waiting_places WHERE id = $id`,
    )
    .get({ id: news.id });
  if (place === null) return { moot: 'there is no such place any more' };
  if (news.what === 'passed_over' && place.status !== 'waiting') return { moot: 'the place has ended since' };
  return { content: waitingNews({ ...place, serviceName: nameOf(place.service), what: news.what, why: news.why }, links) };
}

function composeEvent(
  db: Database,
  { links, nameOf }: ComposeDeps,
  kind: 'code_received' | 'order_expired' | 'low_balance',
  { userId, eventId }: Delivery,
): Composed {
  const event = db
    .query<{ data: string }, { eventId: string }>('SELECT data FROM events WHERE id = $eventId')
    .get({ eventId: eventId ?? '' });
  if (!event) return { moot: 'the event it tells of was deleted' };
  const preferences = mailPreferences(db, userId ?? '');
  const data = JSON.parse(event.data) as Record<string, unknown>;
  if (kind === 'low_balance') {
    const { available, held, currency } = data;
    const thresholdMinor = preferences.lowBalanceMinor;
    return {
      content: lowBalance({ availableMinor: figure(available), heldMinor: figure(held), currency: text(currency), thresholdMinor }, links),
    };
  }
  const order = orderOf(data, nameOf);
  if (kind === 'order_expired') return { content: orderExpired(order, links) };
  return { content: codeReceived(order, { withCode: preferences.codeInMail, publicUrl: links.publicUrl }) };
}

/** The order an event carries (DESIGN 13). */
function orderOf(data: Record<string, unknown>, nameOf: ComposeDeps['nameOf']): MailedOrder {
  const { id, reason, country, service, number, price, currency, created_at, expires_at, code, messages } = data;
  const [newest] = Array.isArray(messages) ? (messages as Record<string, unknown>[]) : [];
  return {
    ...{
      id: text(id),
      country: text(country),
      serviceName: nameOf(text(service)),
      number: text(number),
      price: figure(price),
      currency: text(currency),
      modemAway: reason === 'modem_outage',
    },
    ...{ createdAtMs: momentOf(created_at) ?? 0, expiresAtMs: momentOf(expires_at) ?? 0, code: code === null ? null : text(code) },
    message: newest
      ? { sender: text(newest['sender']), text: text(newest['text']), receivedAtMs: momentOf(newest['received_at']) ?? 0 }
      : null,
  };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`a mail needs a text, not ${typeof value}`);
  return value;
}

function figure(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`a mail needs a number, not ${typeof value}`);
  return value;
}

/** Milliseconds of a moment given as such or as RFC 3339; null for none. */
function momentOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
