import type { SearchView } from '../../views/admin/found.ts';
import type { OverviewView } from '../../views/admin/overview-model.ts';
import type { InventoryView, SimChangeView } from '../../views/admin/sims-model.ts';
import { nowMs } from './sample.ts';

export function overviewView(text: string): OverviewView {
  const figures = { codes: 1, orders: 2, paidInMinor: 300, paidOutMinor: 100, earnedMinor: 40 };
  const levels = { openOrders: 3, freeSims: 4, readableSims: 9 };
  const delivery = { sample: 9, medianMs: 1200, p95Ms: 5000 };
  return {
    ...{ nowMs, range: 'day', minutesPerStep: 15, currency: 'USD', codesLastMinute: 1, today: figures, delivery },
    now: { ...levels, simsKnown: 9, offers: 3, soldOut: 1 },
    steps: [nowMs - 900_000, nowMs].map((atMs) => ({ atMs, minutes: 15, ...figures, ...levels, delivery })),
    alarms: [{ code: text, text, sinceMs: nowMs, place: text, href: '/admin/bank' }],
    modems: { ready: 1, all: 2 },
    due: { count: 1, nearest: text },
  };
}

export function searchView(text: string): SearchView {
  return {
    ...{ nowMs, query: text, isCut: true },
    found: [
      { kind: 'customer', id: text, email: text, state: text },
      { kind: 'order', id: text, status: text, service: text, country: text, iccid: text },
      { kind: 'sim', iccid: text, number: text, country: text, slot: text, state: 'paused' },
      { kind: 'slot', slot: text, iccid: text },
      { kind: 'message', id: text, iccid: text, storedAtMs: nowMs },
      { kind: 'rental', id: text, status: text, number: text, iccid: text },
    ],
  };
}

export function inventoryView(text: string): InventoryView {
  const row = {
    ...{
      iccid: text,
      number: text,
      country: text,
      carrier: text,
      state: 'active' as const,
      online: true,
      slot: text,
      lastMessageAtMs: nowMs,
    },
    ...{
      tags: [text],
      note: text,
      expiresOn: '2026-11-20',
      topUpOn: '2027-01-01',
      earnedMinor: 120,
      openOrders: 2,
      rented: false,
      pin: 'open' as const,
    },
  };
  return {
    ...{
      nowMs,
      currency: 'USD',
      rows: [row, { ...row, number: null, pin: 'pin' }],
      total: 120,
      page: 2,
      pages: 3,
      isEmpty: false,
      error: text,
    },
    filter: { q: text, country: text, carrier: text, tag: text, due: true, show: 'paused', sort: 'earned', reversed: true },
    ...{ countries: [text], carriers: [text], tags: [text] },
    changes: [{ id: text, verb: 'tag', value: text, state: 'done', email: text, createdAtMs: nowMs, cards: 2 }],
  };
}

export function simChangeView(text: string, state: SimChangeView['state'] = 'done'): SimChangeView {
  return {
    ...{ id: text, verb: 'tag', value: text, state, email: text, createdAtMs: nowMs, cards: 2, nowMs, itemsMax: 1 },
    counts: { waiting: 1, changed: 1, same: 0, refused: 2, undone: 0, kept: 0 },
    items: [
      { iccid: text, number: text, outcome: 'waiting', detail: text, before: text, after: text },
      { iccid: text, number: null, outcome: 'refused', detail: text, before: '', after: '' },
    ],
  };
}
