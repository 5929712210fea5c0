/** Rentals to put any text into. */
import type {
  InboxView,
  InvitationView,
  RatesView,
  RentalsPageView,
  RentalView,
  SharedInboxView,
  SharedRentalView,
  SharedView,
} from '../../views/rentals/model.ts';
import { nowMs } from './sample.ts';

const HOUR_MS = 3_600_000;

export function rentalView(text: string, change: Partial<RentalView> = {}): RentalView {
  return {
    ...{
      id: `${text}r`,
      status: 'active',
      reason: text,
      name: text,
      country: text,
      service: text,
      serviceName: text,
      number: text,
      currency: 'USD',
    },
    ...{ priceMinor: 800, returnedMinor: 400, money: 'captured', startsAtMs: nowMs - HOUR_MS, endsAtMs: nowMs + HOUR_MS, endedAtMs: null },
    ...{ outageMs: HOUR_MS, awaySinceMs: nowMs, autoCapMinor: 900, autoSpentMinor: 80, messageCount: 2, code: text, codeServiceName: text },
    lastEvent: text,
    ...change,
  };
}

const balance = { currency: 'USD', availableMinor: 100, heldMinor: 0 };
const prices = { hour: 80, day: 400, week: null };
const policy = { outageMinutes: 10, refundUnused: true, denies: true };
const periodsMax = { hour: 168, day: 90, week: 52 };

export function rentalsPageView(text: string): RentalsPageView {
  return {
    ...{ nowMs, balance, nextCursor: text },
    current: [rentalView(text), rentalView(text, { id: `${text}b`, status: 'scheduled', money: 'held' })],
    past: [rentalView(text, { id: `${text}e`, status: 'ended', endedAtMs: nowMs })],
    form: {
      ...{ nowMs, balance, policy, periodsMax, bookingDays: 30, problem: text, key: text, stock: 0, nextFreeAtMs: nowMs },
      countries: [{ country: text, prices }],
      services: [
        { slug: text, name: text },
        { slug: 'telegram', name: 'Telegram' },
      ],
      values: { country: text, unit: 'day', periods: 2, service: text, serviceName: text, starts: text, name: text },
      quote: { priceMinor: 800 },
    },
  };
}

export function inboxView(text: string, change: Partial<RentalView> = {}): InboxView {
  return {
    ...{
      nowMs,
      balance,
      policy,
      periodsMax,
      search: text,
      from: text,
      to: text,
      wrongDays: text,
      shares: [{ id: text, email: text, untilMs: nowMs, acceptedAtMs: null, url: text }],
      isOlder: true,
      nextCursor: text,
      backMinor: 400,
      problem: text,
    },
    rental: rentalView(text, change),
    messages: [
      { id: `${text}1`, sender: text, text, code: text, receivedAtMs: nowMs },
      { id: `${text}2`, sender: text, text: 'no code', code: null, receivedAtMs: nowMs },
    ],
    changes: ['started', 'other_number', text].map((reason) => ({ reason, detail: text, addedMs: HOUR_MS, atMs: nowMs })),
    extend: { values: { unit: 'day', periods: 1 }, prices, quote: { whyNot: text }, key: text },
  };
}

export function ratesView(text: string): RatesView {
  return {
    currency: 'USD',
    rates: [{ country: text, prices: { hour: text, day: text, week: '' }, stock: 2 }],
    form: { values: { country: text, hour: text, day: text, week: text }, errors: { '': text, country: text, hour: text } },
    done: text,
  };
}

const shared = (text: string): SharedRentalView => ({
  ...{ id: text, name: text, number: text, country: text, serviceName: text, status: 'active', startsAtMs: nowMs, endsAtMs: nowMs },
  ...{ endedAtMs: null, owner: text },
});
export const sharedView = (text: string): SharedView => ({ nowMs, rentals: [shared(text)], invitedDays: 7, nextCursor: text });
export const sharedInboxView = (text: string): SharedInboxView => ({
  ...{ nowMs, rental: shared(text), search: text, isOlder: true, nextCursor: text },
  messages: [{ id: text, sender: text, text, code: text, receivedAtMs: nowMs }],
});
export const invitationView = (text: string): InvitationView => ({ token: text, owner: text, country: text, untilMs: nowMs, nowMs });
