/** The pages on which people choose mails and write to the operator, with a stranger's words in every place. */
import type { SupportTicketView, SupportView } from '../../views/admin/support.tsx';
import type { ContactView } from '../../views/contact/form.tsx';
import type { TicketView } from '../../views/contact/ticket.tsx';
import type { Topic } from '../../views/contact/words.ts';
import type { NotificationsView } from '../../views/settings/notifications.tsx';
import { nowMs } from './sample.ts';

export function notificationsView(text: string): NotificationsView {
  return {
    ...{ nowMs, email: text, currency: 'USD', isOperator: true, canMail: true, isReserved: true },
    wanted: {
      ...{
        code_received: true,
        codeInMail: true,
        order_expired: true,
        low_balance: true,
        rental_ending: true,
        waiting_list: true,
        lowBalanceMinor: 500,
      },
      ...{ webhook_disabled: true, alarms: true, ticket_opened: true, sim_due: true },
    },
    form: { values: { low_balance_at: text }, errors: { '': text, low_balance_at: text } },
    address: { refusals: 3, lastRefusal: text, lastRefusedAtMs: nowMs, isUndeliverable: true },
    recent: [
      { topic: text, state: 'waiting', createdAtMs: nowMs, endedAtMs: null, attempts: 2 },
      { topic: 'test', state: 'delivered', createdAtMs: nowMs, endedAtMs: nowMs, attempts: 1 },
    ],
    house: { waiting: 2, oldestAtMs: nowMs },
  };
}

const form = (text: string) => ({
  values: { email: text, topic: text, order: text, text, note: text },
  errors: { '': text, email: text, topic: text, order: text, text, note: text },
});

export function contactView(text: string): ContactView {
  return { form: form(text), token: text, email: null, canMail: true };
}

function ticket(text: string) {
  return {
    ...{ id: text, number: text, userId: text, email: text, topic: text as Topic, orderId: text, state: 'open' as const },
    ...{ createdAtMs: nowMs - 60_000, updatedAtMs: nowMs },
  };
}

const messages = (text: string) =>
  (['writer', 'operator', 'note'] as const).map((author, id) => ({ id, author, email: text, text, atMs: nowMs }));

export function ticketView(text: string): TicketView {
  return {
    nowMs,
    ticket: ticket(text),
    messages: messages(text),
    action: `/contact/tickets/${encodeURIComponent(text)}/answer`,
    form: form(text),
    canMail: true,
  };
}

export function supportView(text: string): SupportView {
  return { nowMs, tickets: [{ ...ticket(text), first: text }], counts: { open: 1, waiting: 2, closed: 3 }, state: 'open', search: text };
}

export function supportTicketView(text: string): SupportTicketView {
  return {
    ...{ nowMs, ticket: ticket(text), messages: messages(text), form: form(text), canMail: true },
    writer: { state: text, sinceMs: nowMs, orders: 3, tickets: 1 },
    order: {
      ...{ id: text, serviceName: text, country: text, number: text, status: 'pending', reason: 'ordered', iccid: text },
      ...{ createdAtMs: nowMs, endedAtMs: null },
    },
    isOwnOrder: false,
  };
}
