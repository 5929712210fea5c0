/** Addresses the pages link and post to. The routes are written against the same list. */
export const paths = {
  start: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  signOut: '/sign-out',
  reset: '/reset',
  unsubscribe: '/unsubscribe',
  dashboard: '/dashboard',
  live: '/dashboard/live',
  poll: '/dashboard/poll',
  offers: '/dashboard/offers',
  orders: '/dashboard/orders',
  seen: '/dashboard/seen',
  history: '/dashboard/history',
  settings: '/settings',
  rentals: '/dashboard/rentals',
  shared: '/dashboard/shared',
  // No address of a page may match a socket's: the page would answer first.
  rentalsLive: '/dashboard/live/rentals',
  rentalsPoll: '/dashboard/rentals/poll',
  rentalQuote: '/dashboard/rentals/quote',
  waiting: '/dashboard/waiting',
  waitingLive: '/dashboard/live/waiting',
  waitingPoll: '/dashboard/waiting/poll',
  adminWaiting: '/admin/waiting',
  notifications: '/settings/notifications',
  keys: '/settings/keys',
  webhooks: '/settings/webhooks',
  exports: '/settings/exports',
  balance: '/dashboard/balance',
  pay: '/dashboard/balance/pay',
  payments: '/dashboard/balance/payments',
  adminPayments: '/admin/payments',
  contact: '/contact',
  tickets: '/contact/tickets',
  support: '/admin/support',
  customers: '/admin/customers',
  deskOrders: '/admin/orders',
  deskMessages: '/admin/messages',
  deskLedger: '/admin/ledger',
  closings: '/admin/ledger/days',
  audit: '/admin/audit',
  liveSettings: '/admin/settings',
  vouchers: '/admin/vouchers',
  admin: '/admin',
  adminNow: '/admin/now',
  search: '/admin/search',
  sims: '/admin/sims',
  simChanges: '/admin/sim-changes',
  bank: '/admin/bank',
  bankTable: '/admin/bank/table',
  bankLive: '/admin/live',
  virtualSms: '/admin/bank/sms',
  alarms: '/admin/alarms',
  alarmsNow: '/admin/alarms/now',
  unmatched: '/admin/unmatched',
  reviews: '/admin/reviews',
  rules: '/admin/rules',
  rulesTry: '/admin/rules/try',
  rulesNew: '/admin/rules/new',
  rulesDraft: '/admin/rules/draft',
  rulesVersions: '/admin/rules/versions',
  rates: '/admin/rates',
  retired: '/admin/retired',
  flags: '/static/flags',
  catalogue: '/admin/catalogue',
  prices: '/admin/catalogue/prices',
  pricesMany: '/admin/catalogue/prices/many',
  priceFiles: '/admin/catalogue/files',
  priceImport: '/admin/catalogue/files/import',
  priceExport: '/admin/catalogue/files/prices.csv',
  priceRules: '/admin/catalogue/rules',
  priceChanges: '/admin/catalogue/changes',
  status: '/status',
  statusJson: '/status.json',
  statusAtom: '/status.atom',
  adminStatus: '/admin/status',
  apiDocs: '/swagger',
} as const;

/** Where something is done with an order. */
export const orderPath = (orderId: string, verb: 'cancel' | 'finish' | 'label' | 'extend' | 'another' | 'report' | 'reuse'): string =>
  `${paths.orders}/${encodeURIComponent(orderId)}/${verb}`;

/** The page of one order with all that happened to it. */
export const orderPagePath = (orderId: string): string => `${paths.orders}/${encodeURIComponent(orderId)}`;

/** The signed evidence of one order. */
export const evidencePath = (orderId: string): string => `${orderPagePath(orderId)}/evidence.json`;

/** Where an export is canceled or revoked. */
export const exportPath = (exportId: string, verb: 'cancel' | 'revoke'): string =>
  `${paths.exports}/${encodeURIComponent(exportId)}/${verb}`;
/** Where an API key is revoked. */
export const keyPath = (keyId: string, verb: 'revoke'): string => `${paths.keys}/${encodeURIComponent(keyId)}/${verb}`;

/** The page of a rental, or where something is done with it. */
export const rentalPath = (rentalId: string, verb?: 'quote' | 'extend' | 'end' | 'auto' | 'name' | 'share' | 'unshare'): string =>
  `${paths.rentals}/${encodeURIComponent(rentalId)}${verb ? `/${verb}` : ''}`;

/** Where a place in a waiting list is left, or that is taken back. */
export const waitingPath = (placeId: string, verb: 'leave' | 'rejoin'): string => `${paths.waiting}/${encodeURIComponent(placeId)}/${verb}`;
/** The page of a rental that is shared with somebody, what of it changes by itself, or where they leave it. */
export const sharedPath = (rentalId: string, verb?: 'messages' | 'leave'): string =>
  `${paths.shared}/${encodeURIComponent(rentalId)}${verb ? `/${verb}` : ''}`;
/** Where an invitation to read a rental is answered. */
export const invitationPath = (token: string): string => `${paths.shared}/invitation/${encodeURIComponent(token)}`;

/** Where a customer says that a message is not right, or takes that back. */
export const reportPath = (messageId: string, verb: 'report' | 'unreport'): string =>
  `/dashboard/messages/${encodeURIComponent(messageId)}/${verb}`;

/** The page of one message that may be somebody's, or where the operator decides about it. */
export const reviewPath = (messageId: string, verb?: 'deliver' | 'not-code' | 'other-service' | 'undo' | 'seen'): string =>
  `${paths.reviews}/${encodeURIComponent(messageId)}${verb ? `/${verb}` : ''}`;

/** The page of a webhook endpoint, or where it is changed. */
export const webhookPath = (id: string, verb?: 'test' | 'pause' | 'resume' | 'rotate' | 'replay' | 'delete'): string =>
  `${paths.webhooks}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** The page of one delivery to an endpoint, or where it is sent again. */
export const webhookDeliveryPath = (id: string, deliveryId: string, verb?: 'replay'): string =>
  `${webhookPath(id)}/deliveries/${encodeURIComponent(deliveryId)}${verb ? `/${verb}` : ''}`;
/** The editor of a service's rules, or what it posts to. */
export const rulePath = (slug: string, verb?: 'preview' | 'with' | 'drop' | 'reset'): string =>
  `${paths.rules}/services/${encodeURIComponent(slug)}${verb ? `/${verb}` : ''}`;

/** A published version of the rules, or where it is brought back; 0 are the rules that come with the program. */
export const ruleVersionPath = (number: number, verb?: 'restore'): string => `${paths.rulesVersions}/${number}${verb ? `/${verb}` : ''}`;

/** The rules with a stored message pasted. */
export const tryMessagePath = (messageId: string): string => withQuery(paths.rulesTry, { message: messageId });

/** Where a service of the catalogue is hidden or shown; null: where an own one is set. */
export const catalogueServicePath = (slug: string | null, verb?: 'hide' | 'show'): string =>
  `${paths.catalogue}/services${slug === null ? '' : `/${encodeURIComponent(slug)}`}${verb ? `/${verb}` : ''}`;

/** A change of prices, or where it is confirmed, canceled or taken back. */
export const priceChangePath = (id: string, verb?: 'confirm' | 'cancel' | 'undo'): string =>
  `${paths.priceChanges}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** Where a price rule is moved or taken out, by its place from 0. */
export const priceRulePath = (at: number, verb: 'up' | 'down' | 'remove'): string => `${paths.priceRules}/${at}/${verb}`;

/** Where a SIM is taken off sale or put back. */
export const simPath = (iccid: string, verb: 'pause' | 'resume'): string => `/admin/sims/${encodeURIComponent(iccid)}/${verb}`;

/** The page of a SIM's life, or where it is corrected. */
export const simPagePath = (iccid: string, verb?: 'set' | 'care' | 'topped-up'): string =>
  `/admin/sims/${encodeURIComponent(iccid)}${verb ? `/${verb}` : ''}`;

/** A change of many SIMs, or where it is made or taken back. */
export const simChangePath = (id: string, verb?: 'confirm' | 'undo'): string =>
  `${paths.simChanges}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** The page of a slot, or a part of it; slots are USB paths, device files and addresses, so they hold slashes and colons. */
export const slotPath = (slot: string, part?: 'now' | 'dialogue.txt' | 'act' | 'pin' | 'console' | 'fault'): string =>
  `${paths.bank}/${encodeURIComponent(slot)}${part ? `/${part}` : ''}`;

/** A page reached by a signed link: a new password, the end of a kind of mails, a ticket of somebody without an account. */
export const signedPath = (page: 'reset' | 'unsubscribe' | 'ticket', token: string, verb?: 'undo' | 'answer'): string =>
  `${{ reset: paths.reset, unsubscribe: paths.unsubscribe, ticket: '/contact/ticket' }[page]}/${encodeURIComponent(token)}${verb ? `/${verb}` : ''}`;

/** An alarm with all that happened to it, or where it is acknowledged. */
export const alarmPath = (id: string, verb?: 'acknowledge' | 'unacknowledge'): string =>
  `${paths.alarms}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** A ticket of a customer's own, or where they answer it. */
export const ticketPath = (id: string, verb?: 'answer'): string => `${paths.tickets}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** A ticket as the operator sees it, or where they act on it. */
export const supportPath = (id: string, verb?: 'answer' | 'note' | 'close' | 'reopen'): string =>
  `${paths.support}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** Where something is done about one's balance. */
export const balancePath = (verb: 'redeem' | 'low'): string => `${paths.balance}/${verb}`;

/** The page of one payment on its way. */
export const paymentPath = (id: string): string => `${paths.payments}/${encodeURIComponent(id)}`;

/** The receipt of a top-up. */
export const receiptPath = (transactionId: string): string => `${paths.balance}/receipts/${encodeURIComponent(transactionId)}`;

/** A batch of vouchers, or where what is unredeemed of it is revoked. */
export const voucherBatchPath = (id: string, verb?: 'revoke'): string =>
  `${paths.vouchers}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

export const POLICIES = ['delivery', 'refund', 'terms', 'privacy'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** What is promised. */
export const policyPath = (name: PolicyName): string => `/policies/${name}`;

/** A link of the mails to those who subscribed to the status page. */
export const statusLinkPath = (verb: 'confirm' | 'unsubscribe', token: string): string =>
  `${paths.status}/${verb}/${encodeURIComponent(token)}`;

/** A day of the status page. */
export const statusDayPath = (day: string): string => `${paths.status}/${day}`;

/** An incident as everybody sees it. */
export const incidentPath = (id: string): string => `${paths.status}/incidents/${encodeURIComponent(id)}`;

/** What the operator does about a window or an incident. */
export const adminMaintenancePath = (id: string, verb?: 'end'): string =>
  `${paths.adminStatus}/maintenance/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;
export const adminIncidentPath = (id: string, verb?: 'update' | 'edit' | 'end'): string =>
  `${paths.adminStatus}/incidents/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

export type CustomerVerb = 'balance' | 'limits' | 'suspend' | 'resume' | 'sessions' | 'reset-mail' | 'reset-link';

/** A customer as the operator sees them, or where something is done about them. */
export const customerPath = (id: string, verb?: CustomerVerb): string =>
  `${paths.customers}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

export type DeskOrderVerb = 'cancel' | 'finish' | 'give-back' | 'resend';

/** An order as the operator sees it, or where something is done about it. */
export const deskOrderPath = (id: string, verb?: DeskOrderVerb): string =>
  `${paths.deskOrders}/${encodeURIComponent(id)}${verb ? `/${verb}` : ''}`;

/** A day of the books, or its entries as a file. */
export const closingPath = (day: string, file?: 'entries.csv'): string =>
  `${paths.closings}/${encodeURIComponent(day)}${file ? `/${file}` : ''}`;

/** Where a setting is changed, or set back to what the file says. */
export const liveSettingPath = (key: string, verb?: 'undo'): string =>
  `${paths.liveSettings}/${encodeURIComponent(key)}${verb ? `/${verb}` : ''}`;

/** An address with the parameters that have a value. */
export function withQuery(path: string, parameters: Record<string, string | null>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1])));
  return query.size === 0 ? path : `${path}?${query}`;
}
