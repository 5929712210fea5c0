import type { BalanceView } from '../model.ts';

export type Unit = 'hour' | 'day' | 'week';
export const UNITS: readonly Unit[] = ['hour', 'day', 'week'];

export interface RentalView {
  id: string;
  status: 'scheduled' | 'active' | 'ended' | 'canceled';
  reason: string;
  name: string;
  country: string;
  /** Null: everything that arrives. */
  service: string | null;
  serviceName: string | null;
  number: string;
  currency: string;
  priceMinor: number;
  /** What went back to the balance. */
  returnedMinor: number;
  money: 'held' | 'captured' | 'refunded';
  startsAtMs: number;
  endsAtMs: number;
  endedAtMs: number | null;
  /** Time that was added for outages. */
  outageMs: number;
  /** Since when its modem cannot be read; null while it can be. */
  awaySinceMs: number | null;
  autoCapMinor: number | null;
  autoSpentMinor: number;
  messageCount: number;
  /** The newest message's code, null where that has none. */
  code: string | null;
  codeServiceName: string | null;
  lastEvent: string;
}

/** What a term costs now, or why it cannot be had, in plain words. */
export type QuoteView = { priceMinor: number } | { whyNot: string };

export interface RentFormView {
  nowMs: number;
  balance: BalanceView;
  countries: { country: string; prices: Record<Unit, number | null> }[];
  services: { slug: string; name: string }[];
  values: { country: string; unit: Unit; periods: number; service: string; serviceName: string; starts: string; name: string };
  quote: QuoteView;
  /** Of the chosen country. */
  stock: number;
  nextFreeAtMs: number | null;
  periodsMax: Record<Unit, number>;
  bookingDays: number;
  policy: PolicyView;
  problem: string | null;
  /** So that sending the form twice rents once. */
  key: string;
}

/** What the configuration says of rentals. */
export interface PolicyView {
  outageMinutes: number;
  refundUnused: boolean;
  /** Some kinds of messages are given to nobody. */
  denies: boolean;
}

export interface RentalListView {
  nowMs: number;
  balance: BalanceView;
  current: RentalView[];
  past: RentalView[];
  nextCursor: string | null;
}

export interface RentalsPageView extends RentalListView {
  form: RentFormView;
}

export interface InboxMessageView {
  id: string;
  sender: string;
  text: string;
  code: string | null;
  receivedAtMs: number;
}

export interface ChangeView {
  reason: string;
  detail: string;
  addedMs: number;
  atMs: number;
}

export interface InboxView {
  nowMs: number;
  rental: RentalView;
  balance: BalanceView;
  messages: InboxMessageView[];
  search: string;
  /** Days as they were typed, and what of them is wrong. */
  from: string;
  to: string;
  wrongDays: string | null;
  /** True on a page of older messages: only the newest ones are live. */
  isOlder: boolean;
  nextCursor: string | null;
  changes: ChangeView[];
  shares: ShareView[];
  /** What would come back if the customer ended it now. */
  backMinor: number;
  extend: { values: { unit: Unit; periods: number }; prices: Record<Unit, number | null>; quote: QuoteView; key: string };
  periodsMax: Record<Unit, number>;
  policy: PolicyView;
  problem: string | null;
}

/** Somebody who reads a rental, or is invited to. */
export interface ShareView {
  id: string;
  email: string;
  untilMs: number;
  acceptedAtMs: number | null;
  /** The link of the invitation; null once accepted. */
  url: string | null;
}

/** Of another's rental what its readers see. */
export interface SharedRentalView {
  id: string;
  name: string;
  number: string;
  country: string;
  serviceName: string | null;
  status: RentalView['status'];
  startsAtMs: number;
  endsAtMs: number;
  endedAtMs: number | null;
  /** Whose it is. */
  owner: string;
}

export interface SharedView {
  nowMs: number;
  rentals: SharedRentalView[];
  invitedDays: number;
  nextCursor: string | null;
}

export interface SharedInboxView {
  nowMs: number;
  rental: SharedRentalView;
  messages: InboxMessageView[];
  search: string;
  isOlder: boolean;
  nextCursor: string | null;
}

export interface InvitationView {
  token: string;
  owner: string;
  country: string;
  untilMs: number;
  nowMs: number;
}

export interface RatesView {
  currency: string;
  rates: { country: string; prices: Record<Unit, string>; stock: number }[];
  /** What was typed, and what is wrong with it. */
  form: { values: Record<string, string>; errors: Record<string, string> };
  done: string | null;
}
