import { serviceName } from '../../src/codes/judge.ts';
import type { SimView, SlotView } from '../../views/admin/model.ts';
import type {
  BalanceView,
  BankView,
  DashboardView,
  FormView,
  HistoryView,
  MessageView,
  ModemView,
  OfferView,
  OrderStatus,
  OrderView,
  PageContext,
  UnmatchedPageView,
} from '../../views/model.ts';
import type { ExportsView, ExportView } from '../../views/settings/exports-model.ts';

/** The moment all samples are looked at. */
export const nowMs = Date.UTC(2026, 10, 22, 14, 3, 22);

/** A stranger's texts, each of which would break a page that trusts it. */
export const hostileTexts: [string, string][] = [
  ['markup', '<img src=x onerror=alert(1)><script>alert(2)</script></main>'],
  ['an end of the attribute', `" autofocus onfocus="alert(1)" x='`],
  ['a tag htmx rewrites', '<hx-partial hx-target="body" hx-get="/sign-out" >x</hx-partial><head >y</head>'],
  ['a tag htmx rewrites, without quotation marks', '<hx-a src=x onerror=alert(1) hx-get=/sign-out hx-trigger=load >'],
  ['entities', '&quot; onclick=&quot;x &lt;b&gt; &#60;i&#62; &amp;amp;'],
  ['bidi overrides', '\u202e31284 :edoc\u202d \u2066\u2067never closed'],
  ['control characters', 'a\u0000b\u0007c\u001bd\u0085e\u2028f'],
  ['right-to-left text', 'رمز التحقق الخاص بك هو 482913. لا تشاركه مع أي شخص.'],
  ['2,000 characters', '<b>'.repeat(667).slice(0, 2000)],
  ['one long word', 'w'.repeat(2000)],
];

const ABOUT = { reason: 'the sender is Telegram', report: null };

export function messageView(changes: Partial<MessageView> = {}): MessageView {
  return { id: 'msg_1', sender: 'Telegram', text: 'Telegram code: 48213', code: '48213', ...ABOUT, receivedAtMs: nowMs - 4000, ...changes };
}

export function orderView(changes: Partial<OrderView> = {}): OrderView {
  return {
    id: 'ord_1',
    status: 'pending',
    reason: 'ordered',
    country: 'gb',
    service: 'telegram',
    serviceName: serviceName(changes.service ?? 'telegram'),
    number: '+447700900123',
    priceMinor: 50,
    currency: 'USD',
    createdAtMs: nowMs - 120_000,
    expiresAtMs: nowMs + 1_080_000,
    endedAtMs: null,
    code: null,
    lastEvent: 'evt_01kanq7x2g0s8w2m4p6t8v0x2z',
    messages: [],
    unsure: null,
    canCancel: true,
    cancelFromMs: null,
    canFinish: false,
    extras: extras(),
    ...changes,
  };
}

export function extras(changes: Partial<OrderView['extras']> = {}): OrderView['extras'] {
  const nothing = { note: '', tags: [], extendedMs: 0, outageMs: 0, awaitingSinceMs: null, extendMinutes: null, away: null, report: null };
  return { ...nothing, canAsk: false, canReuse: false, ...changes };
}

export function receivedOrder(changes: Partial<OrderView> = {}): OrderView {
  const received = { status: 'received', reason: 'code_received', code: '48213', canCancel: false, canFinish: true } as const;
  return orderView({ ...received, messages: [messageView()], ...changes });
}

export function endedOrder(status: OrderStatus, reason: string, endedAgoMs: number, changes: Partial<OrderView> = {}): OrderView {
  return orderView({ status, reason, endedAtMs: nowMs - endedAgoMs, canCancel: false, ...changes });
}

export function offerView(changes: Partial<OfferView> = {}): OfferView {
  return {
    country: 'gb',
    service: 'telegram',
    serviceName: serviceName(changes.service ?? 'telegram'),
    carrier: '',
    priceMinor: 50,
    currency: 'USD',
    windowMinutes: 20,
    stock: 3,
    delivery: null,
    ...changes,
  };
}

export const balance: BalanceView = { currency: 'USD', availableMinor: 4850, heldMinor: 150 };

export function dashboardView(changes: Partial<DashboardView> = {}): DashboardView {
  return {
    nowMs,
    balance,
    offers: [offerView(), offerView({ service: 'google', priceMinor: 30, stock: 0 }), offerView({ country: 'de', priceMinor: 80 })],
    chosen: { country: null, service: null },
    openOrders: [orderView(), receivedOrder({ id: 'ord_2' })],
    recentOrders: [
      endedOrder('expired', 'no_valid_sms', 20_000, { id: 'ord_3' }),
      endedOrder('canceled', 'canceled_by_customer', 3_600_000, { id: 'ord_4' }),
    ],
    problem: null,
    disabledWebhooks: [],
    places: [],
    wait: null,
    orderKey: 'form-1',
    ...changes,
  };
}

export function pageContext(changes: Partial<PageContext> = {}): PageContext {
  return {
    viewer: { id: 'usr_1', email: 'demo@smspin.example', role: 'customer' },
    path: '/dashboard',
    virtualBank: false,
    notice: null,
    reviewCount: 0,
    canSignUp: true,
    ticketCount: 0,
    alarmCount: 0,
    mailTrouble: null,
    ...changes,
  };
}

export function modemView(changes: Partial<ModemView> = {}): ModemView {
  return {
    slot: '1-1.4:1.0',
    port: '/dev/ttyUSB0',
    state: 'ready',
    detail: null,
    virtual: true,
    imei: '490154203237518',
    manufacturer: 'huawei',
    model: 'E3372',
    iccid: '8900101000000000001',
    lockedCard: null,
    number: '+447700900123',
    country: 'gb',
    simState: 'active',
    homeCarrier: 'test',
    carrier: 'Testnet',
    registration: 'home',
    signalDbm: -73,
    storage: { name: 'SM', used: 3, total: 20 },
    partsByUrc: 12,
    partsBySweep: 1,
    errors: 0,
    lastError: null,
    lastMessageAtMs: nowMs - 40_000,
    openOrders: 1,
    rented: false,
    ...{
      firmware: '21.200',
      radio: '4G',
      profile: 'huawei',
      baud: 115_200,
      roundTripMs: 4.2,
      disconnects: 0,
      resets: 0,
      lastSweepAtMs: nowMs - 9000,
    },
    alarms: [],
    ...changes,
  };
}

export const emptyForm: FormView = { values: {}, errors: {} };

export function bankView(changes: Partial<BankView> = {}): BankView {
  return {
    nowMs,
    modems: [modemView()],
    filter: { show: 'all', tiles: null },
    canSend: true,
    troubles: [],
    counts: {
      ...{ stored: 12, duplicates: 1, setAside: 0, failed: 0, failedCommits: 0 },
      ...{ historyFailures: 0, alarmWatchFailures: 0, virtualBankRestarts: 0, loggedErrors: 0 },
    },
    endpoints: { failing: 1, disabled: 0 },
    sent: { ...emptyForm, done: null },
    ...changes,
  };
}

export function historyView(changes: Partial<HistoryView> = {}): HistoryView {
  return { nowMs, orders: [receivedOrder()], filter: { status: null, query: '' }, nextCursor: null, searchedToMs: null, ...changes };
}

export function unmatchedView(text: string): UnmatchedPageView {
  return {
    nowMs,
    nextCursor: text,
    messages: [
      { id: text, iccid: text, number: null, sender: text, text, reason: text, verdict: 'review', service: text, receivedAtMs: nowMs },
      { id: 'b', iccid: '89', number: text, sender: text, text, reason: text, verdict: 'reject', service: null, receivedAtMs: nowMs },
    ],
    undecodable: [{ id: text, iccid: text, pdu: text, error: text, receivedAtMs: nowMs }],
  };
}

export function slotView(text: string, modem: ModemView = modemView()): SlotView {
  const past = { id: text, atMs: nowMs, firstAtMs: nowMs - 7_000_000, count: 37, kind: text, slot: text, iccid: text, detail: text };
  return {
    ...{ nowMs, slot: text, modem },
    dialogue: [{ atMs: nowMs, direction: '>', text }],
    doing: { verb: 'number' as const, startedAtMs: nowMs - 12_000, asked: text },
    unwritten: false,
    history: { rows: [past, { ...past, iccid: null }], nextCursor: text, isOlder: true },
    simHistory: [past],
    audit: [{ id: text, atMs: nowMs, email: text, action: text, detail: text }],
    result: { ok: false, text },
    faults: [{ name: 'deaf', label: text, hint: text, momentary: false, on: true }],
    console: { command: text, lines: [text], final: text },
    form: { values: { number: text, country: text }, errors: { '': text, pin: text } },
  };
}

export function simView(text: string): SimView {
  const { history, audit, result, form } = slotView(text);
  return {
    ...{
      nowMs,
      iccid: text,
      number: text,
      country: text,
      carrier: text,
      state: 'active',
      online: true,
      slot: text,
      openOrders: 1,
      rented: true,
      lastMessageAtMs: nowMs,
    },
    messages: { all: 3, day: 1, month: 2 },
    alarms: [{ code: text, text, sinceMs: nowMs }],
    pin: { state: 'pin', spent: 1 },
    care: { note: text, tags: [text], expiresOn: '2026-11-20', topUpOn: '2027-01-01', topUpDays: 90 },
    ...{ currency: 'USD', earnings: { all: { earnedMinor: 40, sales: 1 }, months: [{ month: text, earnedMinor: 40, sales: 1 }] } },
    slots: [{ slot: text, firstAtMs: nowMs, lastAtMs: nowMs, events: 2 }],
    rentals: [{ id: text, status: 'active', service: text, email: text, startsAtMs: nowMs, endsAtMs: nowMs }],
    ...{ history, audit, result, form },
  };
}

export function exportsView(text: string): ExportsView {
  const one: ExportView = {
    ...{ id: text, kind: 'messages', format: 'csv', status: 'failed', detail: text, fromMs: null, toMs: nowMs },
    ...{ createdAtMs: nowMs, expiresAtMs: nowMs, rows: null, octets: null, progress: null, links: null },
  };
  const links = { file: 'https://pin.example.org/exports/a/b.csv?key=c', manifest: 'https://pin.example.org/exports/a/b?key=c' };
  return {
    ...{
      nowMs,
      keepHours: 72,
      form: { values: { kind: text, from: text, to: text }, errors: { '': text, kind: text, from: text, to: text } },
    },
    exports: [
      one,
      { ...one, id: `${text}2`, status: 'ready', rows: 5, octets: 5, links },
      { ...one, id: `${text}3`, status: 'running', progress: { rowsDone: 1, rowsTotal: 2 } },
    ],
  };
}
