import type { PlaceView, WaitFormView } from './waiting/model.ts';

/** What the pages are given: plain data, already decided. Views format and escape it; they look nothing up. */

export interface Viewer {
  id: string;
  email: string;
  role: 'customer' | 'operator';
  /** An operator who sees everything and may change nothing. */
  isReadOnly?: boolean;
}

/** Common to every full page. */
export interface PageContext {
  viewer: Viewer | null;
  /** Path of the page, to mark the current menu entry. */
  path: string;
  /** At least one modem is virtual: the label of DESIGN 11 is on every page. */
  virtualBank: boolean;
  /** Shown once after a redirect. */
  notice: string | null;
  /** What waits for the operator's decision: a mark in the menu. 0 for customers. */
  reviewCount: number;
  /** The menu of somebody who is not signed in offers an account: not by invitation only. */
  canSignUp: boolean;
  /** Tickets the operator is to answer: a mark in the menu. 0 for customers. */
  ticketCount: number;
  /** Alarms that stand: a mark in the menu. 0 for customers. */
  alarmCount: number;
  /** Why mail does not leave, for the operator alone; null while it does. */
  mailTrouble: { sinceMs: number; attempts: number; detail: string } | null;
}

export type OrderStatus = 'pending' | 'received' | 'finished' | 'expired' | 'canceled' | 'reported';

export interface MessageView {
  id: string;
  /** Hostile: never trust its characters. */
  sender: string;
  text: string;
  code: string | null;
  /** Why it is this order's, in plain words. */
  reason: string;
  receivedAtMs: number;
  /** What its customer said of it, and until when that can be taken back; null while nothing. */
  report: { reason: 'wrong_code' | 'not_my_service'; undoUntilMs: number } | null;
}

export interface OrderView {
  id: string;
  status: OrderStatus;
  /** Machine-readable, e.g. `ordered`, `code_received`, `window_ended`, `canceled_by_customer`. */
  reason: string;
  country: string;
  service: string;
  /** As people know it. */
  serviceName: string;
  /** E.164. */
  /** Of the offer that was bought; left out or '' when any would do. */
  carrier?: string;
  number: string;
  priceMinor: number;
  currency: string;
  createdAtMs: number;
  expiresAtMs: number;
  /** When the order reached its final status, else null. A card stays on the dashboard for a while after that, so that its end is seen. */
  endedAtMs: number | null;
  /** The newest code, or null. */
  code: string | null;
  /** Id of the event that last told of the order, the same in every channel. */
  lastEvent: string;
  /** Newest first. */
  messages: MessageView[];
  /** Messages that may be this order's and wait for the operator; never which. Null when there is none. */
  unsure: { count: number; sinceMs: number } | null;
  /** What the customer may do now. */
  canCancel: boolean;
  /** When canceling becomes allowed, if it is not yet (orders.cancel_after_seconds), else null. */
  cancelFromMs: number | null;
  canFinish: boolean;
  extras: OrderExtrasView;
}

/** What customers add to an order, and what happened to its window. */
export interface OrderExtrasView {
  /** The customer's own words, which only they are shown. */
  note: string;
  tags: string[];
  extendedMs: number;
  outageMs: number;
  /** Since when a further code is awaited, or null. */
  awaitingSinceMs: number | null;
  /** By how much the customer may extend the window now, or null. */
  extendMinutes: number | null;
  canAsk: boolean;
  canReuse: boolean;
  /** Its modem is away, and until when the window waits for it. */
  away: { sinceMs: number; untilMs: number } | null;
  report: { reason: 'number_unusable' | 'already_registered' | 'no_sms' | 'other'; text: string } | null;
}

export interface OfferView {
  country: string;
  service: string;
  serviceName: string;
  /** The slug of the carrier whose SIMs it is about; '' when any will do. */
  carrier: string;
  priceMinor: number;
  currency: string;
  windowMinutes: number;
  stock: number;
  /** How its last orders went; null while too few tell. */
  delivery: { medianSeconds: number | null; successRate: number; sample: number } | null;
}

export interface BalanceView {
  currency: string;
  availableMinor: number;
  heldMinor: number;
  /** What the customer wants to be told of, when less than that is available; null when it is not, or nothing was set. */
  lowBelowMinor?: number | null;
}

export interface DashboardView {
  nowMs: number;
  balance: BalanceView;
  /** Offers of the chosen country and service first; empty when the operator has set no price. */
  offers: OfferView[];
  /** `pick`: any country will do, and how one is chosen; then `picked` is what would be taken now. */
  chosen: {
    country: string | null;
    service: string | null;
    carrier?: string | null;
    pick?: 'cheapest' | 'best_delivery' | null;
    count?: number;
    fewer?: boolean;
  };
  picked?: OfferView | null;
  openOrders: OrderView[];
  recentOrders: OrderView[];
  /** Where the customer waits for a number. */
  places: PlaceView[];
  /** The waiting list of the offer that the form shows, when it has no stock; null where there is none. */
  wait: WaitFormView | null;
  /** A refusal of the last purchase, in plain words, or null. */
  problem: string | null;
  /** Endpoints that were switched off and wait for their customer. */
  disabledWebhooks: { id: string; url: string; disabledAtMs: number }[];
  /** A fresh key for the form's `idempotency_key`: a doubled submission must not buy two numbers. Null leaves the field out. */
  orderKey: string | null;
}

/** The part of the dashboard that changes by itself: what the socket pushes and the poll answers. */
export type LiveView = Pick<DashboardView, 'nowMs' | 'balance' | 'openOrders' | 'recentOrders' | 'places'>;

export interface HistoryView {
  nowMs: number;
  orders: OrderView[];
  filter: { status: OrderStatus | null; tag?: string | null; query: string };
  nextCursor: string | null;
  /** How far back a search came that has not looked at all orders; null when it has, or the page is full. */
  searchedToMs: number | null;
}

export interface FormView {
  /** What was typed, never passwords. */
  values: Record<string, string>;
  /** Field name to what is wrong and what would be right; the key '' is about the whole form. */
  errors: Record<string, string>;
}

export interface ModemView {
  slot: string;
  port: string;
  state: 'opening' | 'initialising' | 'sim_missing' | 'pin_required' | 'puk_required' | 'sweeping' | 'ready' | 'failed' | 'paused' | 'gone';
  detail: string | null;
  virtual: boolean;
  imei: string | null;
  manufacturer: string | null;
  model: string | null;
  iccid: string | null;
  /** The card that asks for its PIN, and how many of its tries may be gone. */
  lockedCard: { iccid: string; spent: number } | null;
  number: string | null;
  country: string | null;
  simState: 'active' | 'paused' | null;
  /** The slug of the SIM's home carrier, by which offers name it. */
  homeCarrier: string | null;
  /** The network it is on now, as that names itself. */
  carrier: string | null;
  registration: 'idle' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming' | null;
  signalDbm: number | null;
  storage: { name: string; used: number; total: number } | null;
  partsByUrc: number;
  partsBySweep: number;
  errors: number;
  lastError: string | null;
  lastMessageAtMs: number | null;
  openOrders: number;
  /** A rental runs on its SIM. */
  rented: boolean;
  firmware: string | null;
  /** `2G` to `5G` or `NB-IoT`, null when unknown. */
  radio: string | null;
  /** Name of the quirk profile in use. */
  profile: string | null;
  baud: number | null;
  /** How long the last answered command took. */
  roundTripMs: number | null;
  disconnects: number;
  resets: number;
  lastSweepAtMs: number | null;
  /** What the operator should look at, the modem's own alarms and the house's. */
  alarms: AlarmView[];
}

export interface AlarmView {
  /** An AlarmCode of the modem room, one of a SIM (sims/alarms.ts) or of the house (lib/troubles.ts). */
  code: string;
  text: string;
  sinceMs: number;
}

/** What of the bank is shown: everything, what needs attention, what is ready; as cards or, for many modems, as tiles. */
export interface BankFilter {
  show: 'all' | 'attention' | 'ready';
  /** Null: tiles from so many modems on that cards would be too much. */
  tiles: boolean | null;
}

export interface BankView {
  nowMs: number;
  /** All of them; the views leave out what the filter does. */
  modems: ModemView[];
  filter: BankFilter;
  /** What of the house's own work fails now, beside the modems. */
  troubles: AlarmView[];
  /** Since the server started. */
  counts: {
    stored: number;
    duplicates: number;
    setAside: number;
    failed: number;
    failedCommits: number;
    historyFailures: number;
    alarmWatchFailures: number;
    virtualBankRestarts: number;
    /** Lines of level error in the log, these and all others. */
    loggedErrors: number;
  };
  /** Of all customers, now. */
  endpoints: { failing: number; disabled: number };
  /** The server has a virtual bank of its own and can put an SMS into its network. */
  canSend: boolean;
  /** Result of the last virtual SMS, in plain words. */
  sent: FormView & { done: string | null };
}

export interface UnmatchedView {
  id: string;
  iccid: string;
  number: string | null;
  sender: string;
  text: string;
  /** Why nobody got it, in plain words. */
  reason: string;
  verdict: 'accept' | 'review' | 'reject';
  /** The name of the service it seems to be of. */
  service: string | null;
  receivedAtMs: number;
}

/** A part that could not be decoded: kept raw. */
export interface UndecodableView {
  id: string;
  iccid: string;
  pdu: string;
  error: string;
  receivedAtMs: number;
}

export interface UnmatchedPageView {
  nowMs: number;
  messages: UnmatchedView[];
  undecodable: UndecodableView[];
  nextCursor: string | null;
}

export interface ProblemView {
  status: number;
  title: string;
  detail: string;
  requestId: string | null;
}
