/** What each kind of mail is called, by its topic. */
export const MAIL_WORDS: Record<string, string> = {
  code_received: 'A code has arrived',
  order_expired: 'An order expired and was refunded',
  low_balance: 'The balance is low',
  rental_ending: 'A rental ends soon',
  waiting_list: 'News of a waiting list',
  webhook_disabled: 'A webhook was switched off',
  alarms: 'Alarms of the modem bank',
  ticket_opened: 'New message to the operator',
  new_browser: 'Sign-in with a new browser',
  password_changed: 'Password changed',
  key_created: 'API key made',
  key_revoked: 'API key revoked',
  password_reset: 'Link to a new password',
  test: 'Test mail',
  ticket_received: 'Your message to the operator',
  ticket_answered: 'Answer of the operator',
};
