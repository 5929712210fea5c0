import { keyChanged, newBrowser, passwordChanged, passwordReset, testMail, webhookDisabled } from '../../views/mail/account.ts';
import type { MailContent, MailFooter } from '../../views/mail/model.ts';
import { alarms, simsDue } from '../../views/mail/operator.ts';
import { codeReceived, lowBalance, type MailedOrder, orderExpired, rentalEnding, rentalShared } from '../../views/mail/orders.ts';
import { ticketAnswered, ticketOpened, ticketReceived } from '../../views/mail/support.ts';
import { waitingNews } from '../../views/mail/waiting.ts';
import { nowMs } from '../views/sample.ts';

export const PUBLIC_URL = 'https://pin.example.org';
const links = { publicUrl: PUBLIC_URL };

export const footer = (text: string): MailFooter => ({
  eventId: text,
  unsubscribeUrl: `${PUBLIC_URL}/unsubscribe/token`,
  settingsUrl: `${PUBLIC_URL}/settings/notifications`,
  isVirtual: true,
});

function order(text: string, changes: Partial<MailedOrder> = {}): MailedOrder {
  return {
    ...{ id: text, country: text, serviceName: text, number: text, price: 45, currency: 'USD', code: text },
    ...{ createdAtMs: nowMs - 1_200_000, expiresAtMs: nowMs },
    message: { sender: text, text, receivedAtMs: nowMs },
    ...changes,
  };
}

/** Every kind of mail, with `text` wherever somebody else's words may stand. */
export const everyMail: readonly [kind: string, content: (text: string) => MailContent][] = [
  ['code_received', (text) => codeReceived(order(text), { withCode: true, publicUrl: PUBLIC_URL })],
  ['code_received, without it', (text) => codeReceived(order(text), { withCode: false, publicUrl: PUBLIC_URL })],
  ['order_expired', (text) => orderExpired(order(text), links)],
  ['low_balance', () => lowBalance({ availableMinor: 120, heldMinor: 45, currency: 'USD', thresholdMinor: 500 }, links)],
  ['rental_ending', (text) => rentalEnding({ id: text, number: text, country: text, endsAtMs: nowMs }, links)],
  ...(['served', 'available', 'passed_over', 'expired'] as const).map((what): [string, (text: string) => MailContent] => [
    what === 'served' ? 'waiting_list' : `waiting_list, ${what}`,
    (text) =>
      waitingNews(
        {
          ...{
            id: text,
            country: text,
            service: text,
            serviceName: text,
            carrier: text,
            maxPriceMinor: 60,
            currency: 'USD',
            status: 'waiting',
          },
          ...{ expiresAtMs: nowMs, number: what === 'served' ? text : null, priceMinor: what === 'served' ? 45 : null, what, why: text },
        },
        links,
      ),
  ]),
  ['rental_shared', (text) => rentalShared({ owner: text, url: `${PUBLIC_URL}/dashboard/shared/invitation/x`, untilMs: nowMs })],
  ['webhook_disabled', (text) => webhookDisabled({ url: text, reason: text, sinceMs: nowMs, failures: 12 }, links)],
  [
    'alarms',
    (text) =>
      alarms(
        [
          { alarmId: 'alm_1', subject: text, code: 'storage_full', what: 'raised', text, atMs: nowMs },
          { alarmId: 'alm_2', subject: text, code: 'modem_down', what: 'reminded', text, atMs: nowMs },
          { alarmId: text, subject: text, code: text, what: 'cleared', text, atMs: nowMs },
        ],
        links,
      ),
  ],
  [
    'sim_due',
    (text) =>
      simsDue(
        [
          { iccid: text, number: text, slot: text, what: 'expiry', on: '2026-11-25', days: 3 },
          { iccid: text, number: null, slot: null, what: 'top_up', on: '2026-11-22', days: -1 },
        ],
        links,
      ),
  ],
  ['one alarm', (text) => alarms([{ alarmId: 'alm_1', subject: text, code: 'pin', what: 'raised', text, atMs: nowMs }], links)],
  ['new_browser', (text) => newBrowser({ userAgent: text, address: text, atMs: nowMs }, links)],
  ['password_changed', () => passwordChanged(nowMs, links)],
  ['key_created', (text) => keyChanged({ name: text, prefix: text, scopes: text, atMs: nowMs }, 'created', links)],
  ['key_revoked', (text) => keyChanged({ name: text, prefix: text, scopes: text, atMs: nowMs }, 'revoked', links)],
  ['password_reset', () => passwordReset({ url: `${PUBLIC_URL}/reset/token`, untilMs: nowMs })],
  ['test', () => testMail(links)],
  ['ticket_received', (text) => ticketReceived({ number: '4821-9304', topic: text, url: `${PUBLIC_URL}/contact/tickets/tkt_1` })],
  ['ticket_answered', (text) => ticketAnswered({ number: '4821-9304', text, url: `${PUBLIC_URL}/contact/tickets/tkt_1` })],
  [
    'ticket_opened',
    (text) => ticketOpened({ number: '4821-9304', topic: text, email: text, text, url: `${PUBLIC_URL}/admin/support/tkt_1` }),
  ],
];

/** What it looks like on a good day, for screenshots. */
export const niceOrder = order('', {
  ...{ id: 'ord_01kbq3w5ks0v9d2m8x4t7c6a1e', country: 'gb', serviceName: 'Telegram', number: '+447700900123', code: '48213' },
  message: { sender: 'Telegram', text: 'Telegram code: 48213\n\nDo not give this code to anyone.', receivedAtMs: nowMs },
});
