import { describe, expect, test } from 'bun:test';
import { chosenOffer } from '../../views/dashboard/buy.tsx';
import { JUST_ENDED_MS } from '../../views/dashboard/lists.tsx';
import { quotedPriceMinor, quoteOf } from '../../views/dashboard/quote.ts';
import { Balance, BuyForm, DashboardPage, OpenOrders, OrderCard, RecentOrders } from '../../views/dashboard.tsx';
import { pushChanged, pushDashboard, pushHeartbeat } from '../../views/dashboard-push.tsx';
import type { OrderView } from '../../views/model.ts';
import { markup } from '../../views/parts/text.tsx';
import { seen } from './markup.ts';
import * as sample from './sample.ts';
import { placeView, waitForm } from './waiting-sample.ts';

const { nowMs } = sample;
const card = (order: OrderView) => markup(OrderCard({ order, nowMs }));

describe('page, push and poll', () => {
  const view = sample.dashboardView();
  const page = markup(DashboardPage({ page: sample.pageContext(), view }));
  const pieces = { openOrders: OpenOrders({ view }), recentOrders: RecentOrders({ view }), balance: Balance({ balance: view.balance }) };

  test.each(Object.entries(pieces))('%s is the same in the page and in the push', (_name, piece) => {
    expect(page).toContain(markup(piece));
    expect(pushDashboard(view)).toContain(markup(piece));
  });

  test('each pushed piece is aimed at an element the page has', () => {
    const targets = [...pushDashboard(view).matchAll(/<hx-partial hx-target="#([\w-]+)" hx-swap="outerMorph"><\w+ id="([\w-]+)"/g)];
    expect(targets).toHaveLength(4);
    for (const [, target, id] of targets) {
      expect(id).toBe(target as string);
      expect(seen(page).ids).toContain(target as string);
    }
  });

  test('a card that changed in place is pushed alone, with the balance, as the page shows it', () => {
    const [order] = view.openOrders;
    if (!order) throw new Error('the sample has no open order');
    const pushed = pushChanged({ orders: [order], balance: view.balance, nowMs });
    expect(pushed).toContain(`<hx-partial hx-target="#order-${order.id}" hx-swap="outerMorph">${card(order)}</hx-partial>`);
    expect(pushed).toEndWith(`<hx-partial hx-target="#balance" hx-swap="outerMorph">${pieces.balance}</hx-partial>`);
    expect(page).toContain(card(order));
  });

  test('a heartbeat is JSON without content, which the extension does not swap', () => {
    expect(JSON.parse(pushHeartbeat(5))).toEqual({ nowMs: 5 });
  });

  test('the page reloads itself without scripts only while orders are open', () => {
    const refresh = '<noscript><meta http-equiv="refresh" content="5; url=/dashboard"/></noscript>';
    expect(page).toContain(refresh);
    expect(markup(DashboardPage({ page: sample.pageContext(), view: sample.dashboardView({ openOrders: [] }) }))).not.toContain('refresh');
  });
});

describe('an order', () => {
  test('waits with its number, its time and a way out', () => {
    const { ids, text, attributes } = seen(card(sample.orderView()));
    expect(ids[0]).toBe('order-ord_1');
    expect(text).toContain('+44 7700 900123');
    expect(text).toContain('18:00');
    expect(text).toContain('Waiting for SMS');
    expect(attributes).toContainEqual({ tag: 'form', name: 'action', value: '/dashboard/orders/ord_1/cancel' });
    expect(attributes).toContainEqual({ tag: 'div', name: 'data-window-ms', value: '1200000' });
  });

  test('shows its code, ready to copy, and can be finished', () => {
    const { attributes, text } = seen(card(sample.receivedOrder()));
    expect(text).toContain('48213');
    expect(attributes).toContainEqual({ tag: 'button', name: 'data-copy', value: '48213' });
    expect(attributes).toContainEqual({ tag: 'form', name: 'action', value: '/dashboard/orders/ord_1/finish' });
  });

  test('that may not be canceled yet says when', () => {
    const markupOf = card(sample.orderView({ canCancel: false, cancelFromMs: nowMs + 45_000 }));
    expect(markupOf).toContain('possible in 00:45');
    expect(markupOf).toMatch(/<button[^>]* disabled[^>]*>Cancel/);
    expect(card(sample.orderView({ canCancel: false }))).not.toContain('Cancel');
  });

  test.each([
    ['expired', 'no_valid_sms', 'No Telegram SMS came within the window. $0.50 is back on your balance.'],
    ['canceled', 'canceled_by_customer', 'You canceled this order. $0.50 is back on your balance.'],
    ['reported', 'reported_by_customer', 'You reported this number. $0.50 is back on your balance.'],
    ['finished', 'finished_by_customer', 'You finished this order. $0.50 paid.'],
    ['finished', 'window_ended', 'The window ended; your code was delivered. $0.50 paid.'],
  ] as const)('that is %s (%s) says what happened and where the money is', (status, reason, words) => {
    expect(seen(card(sample.endedOrder(status, reason, 0))).text).toContain(words);
  });

  test('keeps its card for a while after its end, then becomes a line', () => {
    const idsOf = (endedAgoMs: number) => {
      const view = sample.dashboardView({ openOrders: [], recentOrders: [sample.endedOrder('expired', 'no_valid_sms', endedAgoMs)] });
      return [...seen(markup(OpenOrders({ view }))).ids, ...seen(markup(RecentOrders({ view }))).ids].filter((id) =>
        /^(order|recent)-ord_1$/.test(id),
      );
    };
    expect(idsOf(JUST_ENDED_MS - 1)).toEqual(['order-ord_1']);
    expect(idsOf(JUST_ENDED_MS)).toEqual(['recent-ord_1']);
  });

  test('is above the ones made before it', () => {
    const openOrders = [sample.orderView({ id: 'old', createdAtMs: 1 }), sample.orderView({ id: 'new', createdAtMs: 2 })];
    const { ids } = seen(markup(OpenOrders({ view: sample.dashboardView({ openOrders, recentOrders: [] }) })));
    expect(ids.filter((id) => /^order-(old|new)$/.test(id))).toEqual(['order-new', 'order-old']);
  });
});

describe('the order form', () => {
  const offers = [
    sample.offerView({ stock: 0 }),
    sample.offerView({ service: 'google', priceMinor: 30 }),
    sample.offerView({ country: 'de', service: 'signal' }),
  ];

  test.each([
    [{ country: null, service: null }, 'gb/google/30'],
    [{ country: 'gb', service: 'telegram' }, 'gb/telegram/50'],
    [{ country: 'de', service: 'telegram' }, 'de/signal/50'],
    [{ country: 'xx', service: 'signal' }, 'de/signal/50'],
    [{ country: 'xx', service: 'yy' }, 'gb/google/30'],
  ])('with %o shows %s', (chosen, quote) => {
    const offer = chosenOffer({ offers, chosen });
    expect(offer && quoteOf(offer)).toBe(quote);
    expect(markup(BuyForm({ view: sample.dashboardView({ offers, chosen }) }))).toContain(`name="quote" value="${quote}"`);
  });

  test('offers nothing that is out of stock', () => {
    const form = markup(BuyForm({ view: sample.dashboardView({ offers, chosen: { country: 'gb', service: 'telegram' } }) }));
    expect(form).toContain('<option value="telegram" selected>Telegram · $0.50 · out of stock</option>');
    expect(form).toMatch(/<button id="buy-button" type="submit" disabled>Out of stock/);
    expect(form).toContain('<option value="google">Google · $0.30</option>');
  });

  test('out of stock, where there is a waiting list: be told, or buy up to a price, for a time', () => {
    const shown = (wait: ReturnType<typeof waitForm>) =>
      markup(BuyForm({ view: sample.dashboardView({ offers, chosen: { country: 'gb', service: 'telegram' }, wait }) }));
    const form = shown(waitForm());
    expect(form).not.toContain('buy-button');
    expect(form).toContain('2 customers wait before you.');
    expect(form).toMatch(/<button type="submit" formaction="\/dashboard\/waiting" name="mode" value="buy">\s*Buy when available/);
    expect(form).toMatch(/<button [^>]*formaction="\/dashboard\/waiting" name="mode" value="notify">\s*Tell me/);
    expect(form).toMatch(/name="wait_max"[^>]* value="0\.50"/);
    expect(form).toContain('<option value="24" selected>1 day</option>');
    expect(form).toContain('<option value="168">7 days</option>');
    expect(shown(waitForm({ hoursMax: 5 }))).toContain('<option value="5" selected>5 hours</option>');
    const typed = shown(waitForm({ typed: { max: '<b>', hours: '72' } }));
    expect(typed).toContain('value="&lt;b&gt;"');
    expect(typed).toContain('<option value="72" selected>3 days</option>');
    const own = shown(waitForm({ own: placeView() }));
    expect(own).toContain('You are 3rd of 7 in line: a number is bought for up to $0.60.');
    expect(own).not.toContain('Buy when available');
  });

  test('says so when nothing is for sale, and when the balance is too small', () => {
    expect(markup(BuyForm({ view: sample.dashboardView({ offers: [] }) }))).toContain('Nothing is for sale yet');
    const poor = sample.dashboardView({ offers, balance: { currency: 'USD', availableMinor: 10, heldMinor: 0 } });
    expect(markup(BuyForm({ view: poor }))).toContain('Your balance is $0.20 short of this price.');
  });

  test.each([
    ['gb/telegram/50', 50],
    ['gb/telegram/0', 0],
    ['de/telegram/50', null],
    ['gb/telegram/5e3', null],
    ['gb/telegram/-5', null],
    ['gb/telegram/', null],
    ['', null],
    [undefined, null],
  ])('the quote %p binds the price to %p', (quote, priceMinor) => {
    expect(quotedPriceMinor(quote, 'gb', 'telegram')).toBe(priceMinor);
  });
});

test('orders that ended a moment ago are counted apart from the open ones, and not said to be none', () => {
  const ended = sample.orderView({ id: 'ord_9', status: 'canceled', endedAtMs: nowMs - 1000 });
  const view = sample.dashboardView({ openOrders: [sample.orderView()], recentOrders: [ended] });
  expect(seen(markup(OpenOrders({ view }))).text).toContain('1 open, 1 just ended');
  expect(markup(OpenOrders({ view }))).not.toContain('Open orders');
  expect(markup(RecentOrders({ view }))).toContain('What just ended is still among the orders above');
  const later = { ...view, nowMs: nowMs + JUST_ENDED_MS };
  expect(markup(OpenOrders({ view: later }))).toContain('Open orders');
  expect(markup(RecentOrders({ view: later }))).toContain('recent-ord_9');
});
