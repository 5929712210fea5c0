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
