import type { PageContext } from './model.ts';
import { paths } from './paths.ts';

/** What waits behind an entry of the menu. */
type Waiting = 'reviews' | 'tickets' | 'alarms';

export interface MenuPage {
  path: string;
  label: string;
  /** What else people call it: found by the search of the console. */
  words?: string;
  waiting?: Waiting;
}

export interface MenuGroup {
  label: string;
  pages: readonly MenuPage[];
}

/** The operator's pages, grouped by the operator's day. A new page of the console is one line here: menu and search follow. */
export const OPERATOR_MENU: readonly MenuGroup[] = [
  {
    label: 'Today',
    pages: [
      { path: paths.admin, label: 'Overview', words: 'charts stock open orders codes per minute delivery money' },
      { path: paths.alarms, label: 'Alarms', words: 'trouble acknowledge what is wrong', waiting: 'alarms' },
    ],
  },
  {
    label: 'Bank',
    pages: [
      { path: paths.bank, label: 'Modem bank', words: 'modems slots signal virtual test sms' },
      { path: paths.sims, label: 'SIMs', words: 'inventory cards numbers iccid pin expiry top-up earnings notes tags' },
      { path: paths.retired, label: 'Retired', words: 'numbers refused by a service' },
    ],
  },
  {
    label: 'Orders',
    pages: [
      { path: paths.deskOrders, label: 'Orders and messages', words: 'find number customer id text state day' },
      { path: paths.reviews, label: 'Reviews', words: 'decide unsure messages reports', waiting: 'reviews' },
      { path: paths.unmatched, label: 'Unmatched', words: 'messages nobody got undecodable' },
      { path: paths.rules, label: 'Rules', words: 'match rules services senders codes' },
    ],
  },
  {
    label: 'Customers',
    pages: [
      { path: paths.customers, label: 'Customers', words: 'accounts balance credit debit limits suspend sign-in help' },
      { path: paths.support, label: 'Support', words: 'tickets contact answers', waiting: 'tickets' },
    ],
  },
  {
    label: 'Money',
    pages: [
      { path: paths.deskLedger, label: 'Ledger', words: 'books daily closing csv movements' },
      { path: paths.adminPayments, label: 'Payments', words: 'top-ups providers stripe btcpay' },
      { path: paths.vouchers, label: 'Vouchers', words: 'codes for balance batches' },
    ],
  },
  {
    label: 'Catalogue',
    pages: [
      { path: paths.catalogue, label: 'Catalogue', words: 'services hide show own' },
      { path: paths.prices, label: 'Prices', words: 'offers countries carriers' },
      { path: paths.adminWaiting, label: 'Waiting', words: 'waiting list customers sold out' },
      { path: paths.rates, label: 'Rates', words: 'long rent rentals prices hour day week' },
    ],
  },
  {
    label: 'Service',
    pages: [
      { path: paths.adminStatus, label: 'Status', words: 'incidents maintenance uptime sla subscribers' },
      { path: paths.liveSettings, label: 'Settings of the house', words: 'windows limits sign-up minimum price' },
      { path: paths.audit, label: 'Audit log', words: 'who did what when' },
    ],
  },
];

/** What everybody with an account has, the operator too. */
export const CUSTOMER_MENU: readonly MenuPage[] = [
  { path: paths.dashboard, label: 'Dashboard', words: 'buy a number' },
  { path: paths.rentals, label: 'Rentals', words: 'rent a number' },
  { path: paths.history, label: 'History', words: 'orders and messages of my own' },
  { path: paths.balance, label: 'Balance', words: 'my money receipts' },
  { path: paths.settings, label: 'Settings', words: 'my notifications keys webhooks exports' },
];

/** The menu of whoever looks: plain entries, or groups. */
export function menuOf({ viewer, canSignUp }: PageContext): { pages: readonly MenuPage[] } | { groups: readonly MenuGroup[] } {
  if (viewer === null) {
    const signIn = { path: paths.signIn, label: 'Sign in' };
    return { pages: canSignUp ? [signIn, { path: paths.signUp, label: 'Sign up' }] : [signIn] };
  }
  if (viewer.role !== 'operator') return { pages: CUSTOMER_MENU };
  return { groups: [...OPERATOR_MENU, { label: 'Mine', pages: CUSTOMER_MENU }] };
}

/** The longest entry the address begins with: /dashboard/history is not the dashboard, /admin/bank/sms is the bank; the overview is itself alone. */
export function currentPath(pages: readonly MenuPage[], path: string): string | undefined {
  return pages
    .map((page) => page.path)
    .filter((one) => (one === paths.admin ? path === one : `${path}/`.startsWith(`${one}/`)))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** How much waits behind an entry. */
export function waitingOf(page: MenuPage, { reviewCount, ticketCount, alarmCount }: PageContext): number {
  return page.waiting === undefined ? 0 : { reviews: reviewCount, tickets: ticketCount, alarms: alarmCount }[page.waiting];
}
