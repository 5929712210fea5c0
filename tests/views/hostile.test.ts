/** Every string that comes from outside is put through every view; what comes out must hold nothing but our own elements and attributes. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { AlarmPage, AlarmsNow, AlarmsPage } from '../../views/admin/alarms-page.tsx';
import { BankPage, BankTable } from '../../views/admin/bank.tsx';
import { pushBank } from '../../views/admin/bank-push.tsx';
import { OverviewPage } from '../../views/admin/overview.tsx';
import { PaymentsPage } from '../../views/admin/payments.tsx';
import { RatesPage } from '../../views/admin/rates.tsx';
import { ReportsPage } from '../../views/admin/review-reports.tsx';
import { ReviewPage, ReviewsPage } from '../../views/admin/reviews.tsx';
import { SearchPage } from '../../views/admin/search.tsx';
import { SimPage } from '../../views/admin/sim.tsx';
import { SimsPage } from '../../views/admin/sims.tsx';
import { SimChangePage } from '../../views/admin/sims-bulk.tsx';
import { SlotPage } from '../../views/admin/slot.tsx';
import { AdminStatusPage } from '../../views/admin/status.tsx';
import { SupportPage, SupportTicketPage } from '../../views/admin/support.tsx';
import { UnmatchedPage } from '../../views/admin/unmatched.tsx';
import { VoucherBatchPage, VoucherSheetPage, VouchersPage } from '../../views/admin/vouchers.tsx';
import { AdminWaitingPage } from '../../views/admin/waiting.tsx';
import { BalancePage } from '../../views/balance/page.tsx';
import { PaymentPage } from '../../views/balance/payment.tsx';
import { ReceiptPage } from '../../views/balance/receipt.tsx';
import { ContactPage } from '../../views/contact/form.tsx';
import { TicketPage, TicketsPage } from '../../views/contact/ticket.tsx';
import { BuyForm, DashboardPage, OrderCard } from '../../views/dashboard.tsx';
import { pushDashboard } from '../../views/dashboard-push.tsx';
import { HistoryPage } from '../../views/history.tsx';
import { OrderPage } from '../../views/order.tsx';
import { attr, Foreign, ForeignBlock, MarkedBlock, markup } from '../../views/parts/text.tsx';
import { PolicyPage } from '../../views/policies.tsx';
import { ProblemPage } from '../../views/problem.tsx';
import { InboxPage } from '../../views/rentals/inbox.tsx';
import { RentalsPage } from '../../views/rentals/page.tsx';
import { pushInbox, pushRentals } from '../../views/rentals/push.tsx';
import { InvitationPage, SharedInboxPage, SharedPage } from '../../views/rentals/shared.tsx';
import { NewPasswordPage, ResetPage } from '../../views/reset.tsx';
import { DraftPage } from '../../views/rules/draft.tsx';
import { EditorPage } from '../../views/rules/editor.tsx';
import { NewRulePage, RuleListPage } from '../../views/rules/list.tsx';
import { TryPage } from '../../views/rules/try.tsx';
import { VersionPage, VersionsPage } from '../../views/rules/versions.tsx';
import { ExportsPage } from '../../views/settings/exports.tsx';
import { KeysPage, type KeyView } from '../../views/settings/keys.tsx';
import { NotificationsPage } from '../../views/settings/notifications.tsx';
import { WebhookSecretPage, WebhooksPage } from '../../views/settings/webhooks.tsx';
import { WebhookDeliveryPage } from '../../views/settings/webhooks-delivery.tsx';
import { WebhookPage } from '../../views/settings/webhooks-one.tsx';
import { SignInPage } from '../../views/sign-in.tsx';
import { SignUpPage } from '../../views/sign-up.tsx';
import { StartPage } from '../../views/start.tsx';
import { DayPage, IncidentPage } from '../../views/status/day.tsx';
import { StatusPage } from '../../views/status/page.tsx';
import { LinkPage, SaidPage, SubscribePage } from '../../views/status/subscribe.tsx';
import { UnsubscribePage } from '../../views/unsubscribe.tsx';
import { pushWaiting, WaitingPage } from '../../views/waiting/page.tsx';
import * as alarm from './alarm-sample.ts';
import * as consoleViews from './console-sample.ts';
import { decoded, firstDanger, seen } from './markup.ts';
import * as moneyViews from './money-sample.ts';
import * as rental from './rental-sample.ts';
import * as review from './review-sample.ts';
import * as rules from './rules-sample.ts';
import * as sample from './sample.ts';
import * as status from './status-sample.ts';
import * as talk from './talk-sample.ts';
import { hostileAdminWaiting, hostilePlaces, hostileWaiting, waitForm } from './waiting-sample.ts';
import * as webhook from './webhook-sample.ts';

const { nowMs } = sample;
const hostileOrder = (text: string, id: string) =>
  sample.receivedOrder({
    id: `${text}${id}`,
    country: text,
    service: text,
    serviceName: text,
    number: text,
    reason: text,
    code: text,
    messages: [
      sample.messageView({ id: text, sender: text, text, code: text, reason: text }),
      sample.messageView({ id: text, report: { reason: 'wrong_code', undoUntilMs: nowMs } }),
    ],
    unsure: { count: 2, sinceMs: nowMs },
  });
const hostilePage = (text: string) =>
  sample.pageContext({
    ...{ viewer: { id: text, email: text, role: 'operator' }, notice: text, virtualBank: true, ticketCount: 2 },
    mailTrouble: { sinceMs: nowMs, attempts: 3, detail: text },
  });
const hostileOffer = (text: string) => sample.offerView({ country: text, service: text, serviceName: text });
const hostileForm = (text: string) => ({
  values: { email: text, purpose: text, next: text, number: text, sender: text, text },
  errors: { '': text, email: text, password: text, purpose: text, terms: text, number: text, sender: text, text },
});
const hostileModem = (text: string) =>
  sample.modemView({
    ...{ slot: 'one', port: text, detail: text, imei: text, manufacturer: text, model: text, iccid: text, number: text, country: text },
    ...{ carrier: text, storage: { name: text, used: 1, total: 2 }, lastError: text, firmware: text, profile: text, radio: text },
    alarms: [{ code: text, text, sinceMs: nowMs }],
  });
const hostileDashboard = (text: string) =>
  sample.dashboardView({
    offers: [hostileOffer(text), sample.offerView()],
    chosen: { country: text, service: text },
    openOrders: [hostileOrder(text, 'a'), sample.orderView({ id: `${text}b`, country: text, service: text, number: text })],
    recentOrders: ['expired', 'canceled', 'reported', 'finished'].map((status, index) => ({
      ...hostileOrder(text, status),
      status: status as 'expired',
      endedAtMs: nowMs - index * 3_000_000,
    })),
    places: hostilePlaces(text),
    wait: waitForm({ typed: { max: text, hours: text } }),
    problem: text,
    disabledWebhooks: [{ id: text, url: text, disabledAtMs: nowMs }],
    orderKey: text,
  });

const hostileKey = (text: string): KeyView => ({
  ...{ id: text, name: text, prefix: text, scopes: [text], allowedAddresses: [text], lastUsedAddress: text },
  ...{ createdAtMs: nowMs, expiresAtMs: nowMs - 1, lastUsedAtMs: nowMs },
});
const hostileKeyForm = (text: string) => ({
  values: { name: text, days: text, addresses: text },
  errors: { '': text, name: text, scope: text, days: text, addresses: text },
});

const views: [string, (text: string) => JSX.Element, number][] = [
  [
    'start',
    (text) =>
      StartPage({
        page: hostilePage(text),
        view: {
          offers: {
            ...{ shown: [{ ...hostileOffer(text), carrier: text }], found: 2, all: 2, query: text, country: text },
            countries: [{ country: text, name: text }],
          },
          windowMinutes: 20,
          signup: 'open',
          firstSignIns: [{ role: 'customer', email: text }],
          delivery: status.statusView(text).delivery,
        },
      }),
    0,
  ],
  ['sign-in', (text) => SignInPage({ page: hostilePage(text), view: hostileForm(text) }), 0],
  ['sign-up', (text) => SignUpPage({ page: hostilePage(text), view: hostileForm(text), signup: 'approval' }), 0],
  ['dashboard', (text) => DashboardPage({ page: hostilePage(text), view: hostileDashboard(text) }), 0],
  ['order form', (text) => BuyForm({ view: hostileDashboard(text) }), 0],
  ['push', (text) => pushDashboard(hostileDashboard(text)), 4],
  ['waiting list', (text) => WaitingPage({ page: hostilePage(text), view: hostileWaiting(text) }), 0],
  ['waiting list push', (text) => pushWaiting(hostileWaiting(text)), 3],
  ['who waits', (text) => AdminWaitingPage({ page: hostilePage(text), view: hostileAdminWaiting(text) }), 0],
  [
    'history',
    (text) =>
      HistoryPage({
        page: hostilePage(text),
        view: sample.historyView({ orders: [hostileOrder(text, '')], filter: { status: null, query: text }, nextCursor: text }),
      }),
    0,
  ],
  [
    'order',
    (text) =>
      OrderPage({
        page: hostilePage(text),
        view: {
          nowMs,
          order: hostileOrder(text, ''),
          timeline: {
            entries: [{ atMs: nowMs, kind: text, clock: 'network', text, eventId: text }],
            shortened: true,
            figures: { networkToPushMs: 1, readToPushMs: 1 },
          },
        },
      }),
    0,
  ],
  ['alarms', (text) => AlarmsPage({ page: hostilePage(text), view: alarm.alarmsView(text) }), 0],
  ['alarms, anew', (text) => AlarmsNow({ view: alarm.alarmsView(text) }), 0],
  ['an alarm', (text) => AlarmPage({ page: hostilePage(text), view: alarm.alarmPageView(text) }), 0],
  ['an alarm that is over', (text) => AlarmPage({ page: hostilePage(text), view: alarm.alarmOverView(text) }), 0],
  ['exports', (text) => ExportsPage({ page: hostilePage(text), view: sample.exportsView(text) }), 0],
  [
    'modem bank',
    (text) =>
      BankPage({
        page: hostilePage(text),
        view: sample.bankView({ modems: [hostileModem(text)], sent: { ...hostileForm(text), done: text } }),
      }),
    0,
  ],
  ['modem table', (text) => BankTable({ view: sample.bankView({ modems: [hostileModem(text)] }) }), 0],
  [
    'modem tiles',
    (text) => BankTable({ view: sample.bankView({ modems: [hostileModem(text)], filter: { show: 'all', tiles: true } }) }),
    0,
  ],
  ['bank push', (text) => pushBank(sample.bankView({ modems: [hostileModem(text)] })), 1],
  ['slot', (text) => SlotPage({ page: hostilePage(text), view: sample.slotView(text, hostileModem(text)) }), 0],
  ['SIM', (text) => SimPage({ page: hostilePage(text), view: sample.simView(text) }), 0],
  ['overview', (text) => OverviewPage({ page: hostilePage(text), view: consoleViews.overviewView(text) }), 0],
  ['search', (text) => SearchPage({ page: hostilePage(text), view: consoleViews.searchView(text) }), 0],
  ['SIMs', (text) => SimsPage({ page: hostilePage(text), view: consoleViews.inventoryView(text) }), 0],
  ['change of SIMs', (text) => SimChangePage({ page: hostilePage(text), view: consoleViews.simChangeView(text) }), 0],
  ['plan for SIMs', (text) => SimChangePage({ page: hostilePage(text), view: consoleViews.simChangeView(text, 'planned') }), 0],
  ['unmatched', (text) => UnmatchedPage({ page: hostilePage(text), view: sample.unmatchedView(text) }), 0],
  ['reviews', (text) => ReviewsPage({ page: hostilePage(text), view: review.reviewListView(text) }), 0],
  [
    'one review',
    (text) =>
      ReviewPage({
        page: hostilePage(text),
        view: {
          ...review.reviewListView(text),
          item: review.reviewItem(text),
          problem: text,
          audit: [{ id: text, atMs: 0, email: text, action: text, detail: text }],
        },
      }),
    0,
  ],
  ['reports', (text) => ReportsPage({ page: hostilePage(text), view: review.reportListView(text) }), 0],
  ['webhooks', (text) => WebhooksPage({ page: hostilePage(text), view: webhook.webhooksView(text) }), 0],
  ['one webhook', (text) => WebhookPage({ page: hostilePage(text), view: webhook.webhookPageView(text) }), 0],
  ['webhook delivery', (text) => WebhookDeliveryPage({ page: hostilePage(text), view: webhook.deliveryPageView(text) }), 0],
  ['webhook secret', (text) => WebhookSecretPage({ page: hostilePage(text), view: webhook.secretView(text) }), 0],
  ['rules', (text) => RuleListPage({ page: hostilePage(text), view: rules.listView(text) }), 0],
  ['new rules', (text) => NewRulePage({ page: hostilePage(text), view: rules.newView(text) }), 0],
  ['a typed SMS', (text) => TryPage({ page: hostilePage(text), view: rules.tryView(text, null) }), 0],
  ['a stored SMS', (text) => TryPage({ page: hostilePage(text), view: rules.tryView(text, text) }), 0],
  ['rule editor', (text) => EditorPage({ page: hostilePage(text), view: rules.editorView(text) }), 0],
  ['draft of rules', (text) => DraftPage({ page: hostilePage(text), view: rules.draftView(text) }), 0],
  ['versions of rules', (text) => VersionsPage({ page: hostilePage(text), view: rules.versionsView(text) }), 0],
  ['a version of rules', (text) => VersionPage({ page: hostilePage(text), view: rules.versionView(text) }), 0],
  ['reset', (text) => ResetPage({ page: hostilePage(text), view: hostileForm(text), canMail: true }), 0],
  ['new password', (text) => NewPasswordPage({ page: hostilePage(text), action: '/reset/x', view: hostileForm(text) }), 0],
  ['notifications', (text) => NotificationsPage({ page: hostilePage(text), view: talk.notificationsView(text) }), 0],
  [
    'unsubscribe',
    (text) => UnsubscribePage({ page: hostilePage(text), view: { token: text, kind: text, email: text, isOn: true, done: true } }),
    0,
  ],
  ['contact', (text) => ContactPage({ page: hostilePage(text), view: talk.contactView(text) }), 0],
  ['ticket', (text) => TicketPage({ page: hostilePage(text), view: talk.ticketView(text) }), 0],
  ['tickets', (text) => TicketsPage({ page: hostilePage(text), view: { nowMs, tickets: [talk.ticketView(text).ticket] } }), 0],
  ['support', (text) => SupportPage({ page: hostilePage(text), view: talk.supportView(text) }), 0],
  ['support ticket', (text) => SupportTicketPage({ page: hostilePage(text), view: talk.supportTicketView(text) }), 0],
  [
    'keys',
    (text) =>
      KeysPage({
        page: hostilePage(text),
        view: {
          ...{ nowMs, keys: [hostileKey(text)], form: hostileKeyForm(text), chosenScopes: [text] },
          made: { secret: text, key: hostileKey(text) },
        },
      }),
    0,
  ],
  ['rentals', (text) => RentalsPage({ page: hostilePage(text), view: rental.rentalsPageView(text) }), 0],
  ['rentals push', (text) => pushRentals(rental.rentalsPageView(text)), 3],
  ['inbox', (text) => InboxPage({ page: hostilePage(text), view: rental.inboxView(text) }), 0],
  ['inbox push', (text) => pushInbox(rental.inboxView(text)), 5],
  ['shared with me', (text) => SharedPage({ page: hostilePage(text), view: rental.sharedView(text) }), 0],
  ['shared inbox', (text) => SharedInboxPage({ page: hostilePage(text), view: rental.sharedInboxView(text) }), 0],
  ['invitation', (text) => InvitationPage({ page: hostilePage(text), view: rental.invitationView(text) }), 0],
  ['rates', (text) => RatesPage({ page: hostilePage(text), view: rental.ratesView(text) }), 0],
  ['balance', (text) => BalancePage({ page: hostilePage(text), view: moneyViews.balancePageView(text) }), 0],
  ['receipt', (text) => ReceiptPage({ page: hostilePage(text), view: moneyViews.receiptView(text) }), 0],
  ['payment', (text) => PaymentPage({ page: hostilePage(text), view: moneyViews.paymentView(text) }), 0],
  ['payments', (text) => PaymentsPage({ page: hostilePage(text), view: moneyViews.paymentsView(text) }), 0],
  ['vouchers', (text) => VouchersPage({ page: hostilePage(text), view: moneyViews.vouchersView(text) }), 0],
  ['batch of vouchers', (text) => VoucherBatchPage({ page: hostilePage(text), view: moneyViews.voucherBatchView(text) }), 0],
  ['sheet of vouchers', (text) => VoucherSheetPage({ page: hostilePage(text), view: moneyViews.voucherSheetView(text) }), 0],
  ['policy', (text) => PolicyPage({ page: hostilePage(text), name: 'privacy', view: status.policyView(text) }), 0],
  ['status', (text) => StatusPage({ frame: status.frame(text), view: status.statusView(text) }), 0],
  ['status of a day', (text) => DayPage({ frame: status.frame(text), view: status.dayView(text) }), 0],
  ['incident', (text) => IncidentPage({ frame: status.frame(text), incident: status.incident(text), isVirtual: true }), 0],
  ['subscription', (text) => SubscribePage({ frame: status.frame(text), form: hostileForm(text), isVirtual: true }), 0],
  [
    'link of a subscription',
    (text) => LinkPage({ frame: status.frame(text), view: { verb: 'confirm', token: text, email: text }, isVirtual: true }),
    0,
  ],
  ['what came of a subscription', (text) => SaidPage({ frame: status.frame(text), title: text, text, isVirtual: true }), 0],
  ['status for the operator', (text) => AdminStatusPage({ page: hostilePage(text), view: status.adminView(text) }), 0],
  ['problem', (text) => ProblemPage({ page: hostilePage(text), view: { status: 404, title: text, detail: text, requestId: text } }), 0],
];

describe.each(views)('the view %s', (_, render, ownPartials) => {
  test.each(sample.hostileTexts)('stays whole with %s', (_name, text) => {
    expect(firstDanger(markup(render(text)), ownPartials)).toBeNull();
  });

  test('has the same elements whatever the texts say', () => {
    const tagsWith = (text: string) => seen(markup(render(text))).tags;
    const plain = tagsWith('plain');
    for (const [, text] of sample.hostileTexts) expect(tagsWith(text)).toEqual(plain);
  });
});

test.each([
  ['<p><img src=x onerror=alert(1)></p>', '<img>'],
  ['<p><script>alert(1)</script></p>', 'a script that is not one of our files'],
  ['<p title="" onfocus="alert(1)">x</p>', 'onfocus on <p>'],
  ['<p style="color:red">x</p>', 'style on <p>'],
  ['<a href="javascript:alert(1)">x</a>', 'href="javascript:alert(1)"'],
  ['<a href="//example.org">x</a>', 'href="//example.org"'],
  ['<p title="<hx-a hx-get=/sign-out >">x</p>', 'a tag that htmx rewrites'],
  ['<p title="<head >">x</p>', 'a head that htmx cuts out'],
  ['<p id="a"></p><p id="a"></p>', 'two elements with the id a'],
])('the checks see the hole in %s', (hole, danger) => {
  expect(firstDanger(hole)).toBe(danger);
});

test('a hostile SMS is readable in full, in an element of its own direction', () => {
  for (const [, text] of sample.hostileTexts.filter(([name]) => !/bidi|control/.test(name))) {
    const card = markup(OrderCard({ order: hostileOrder(text, ''), nowMs }));
    expect(decoded(card)).toContain(`dir="auto">${text}</bdi>`);
    expect(decoded(card)).toMatch(/<p class="foreign sms-text" dir="auto"/);
  }
});

test.each([
  ['NUL and BEL', 'a\u0000b\u0007c', 'a\u2400b\u2407c'],
  ['DEL and C1', 'a\u007fb\u0085c', 'a\ufffdb\ufffdc'],
  ['direction overrides', 'a\u202e321\u202db', 'a\ufffd321\ufffdb'],
  ['line ends', 'a\r\nb\rc\td', 'a\nb\nc\td'],
  ['marks and isolates that languages need', 'a\u200f\u2067b\u2069c', 'a\u200f\u2067b\u2069c'],
])('%s are made visible', (_name, text, shown) => {
  expect(seen(markup(ForeignBlock({ text }))).text).toBe(shown);
});

test('whatever a text is, it stays the text of one element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(seen(markup(Foreign({ text }))).tags).toEqual(['bdi']);
    }),
  );
});

test('whatever is marked in a text, it stays whole, and nothing else is added', () => {
  const marks = fc.array(fc.record({ start: fc.integer({ min: -3, max: 70 }), end: fc.integer({ min: -3, max: 70 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), marks, (text, stretches) => {
      const { tags, text: shown } = seen(markup(MarkedBlock({ text, marks: stretches })));
      expect(new Set(tags.filter((tag) => tag !== 'p'))).toEqual(new Set(tags.filter((tag) => tag === 'mark' || tag === 'span')));
      expect(shown.length).toBeGreaterThanOrEqual(0);
      expect(shown.replaceAll(/\s/g, '')).toBe(seen(markup(ForeignBlock({ text }))).text.replaceAll(/\s/g, ''));
    }),
  );
});

test('whatever a value is, an attribute holds it as it is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(decoded(attr(text).replaceAll('"', '&#34;'))).toBe(text);
      expect(attr(text)).not.toContain('<');
    }),
  );
});
