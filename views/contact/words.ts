/** What one may write to the operator about, as the form offers it. */
export const TOPIC_WORDS = {
  order: 'An order or a code',
  money: 'Balance and refunds',
  account: 'My account or signing in',
  api: 'API, webhooks and exports',
  abuse: 'Abuse of a number',
  other: 'Something else',
} as const;

export type Topic = keyof typeof TOPIC_WORDS;

/** How long a link to a ticket works after it was made (each mail brings a new one), and after the ticket was closed. */
export const TICKET_LINK_DAYS = 180;
export const CLOSED_LINK_DAYS = 30;
