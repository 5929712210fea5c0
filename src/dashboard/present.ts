import type { Database } from 'bun:sqlite';
import { chosenOffer } from '../../views/dashboard/buy.tsx';
import type { DashboardView, HistoryView, LiveView, OrderStatus, OrderView } from '../../views/model.ts';
import { newSecret } from '../accounts/secrets.ts';
import { balanceView } from '../balance/present.ts';
import type { Offer } from '../catalogue/offers.ts';
import { serviceName } from '../codes/judge.ts';
import type { StoredEvent } from '../db/events.ts';
import { whyNotExtended } from '../orders/extend.ts';
import { cancelFromMs, type OrderTerms } from '../orders/orders.ts';
import { awayOn, clockOf, OUTAGE_MS_MIN } from '../orders/outage.ts';
import { type OfferPick, orderOf } from '../orders/pick.ts';
import { endedOrdersOf, findOrder, listOrders, messagesOfOrder, type Order, openOrdersOf, tagsOf } from '../orders/view.ts';
import { reportOf } from '../reviews/reports.ts';
import { unsureOf } from '../reviews/unsure.ts';
import { placesView, waitFormView } from '../waiting/present.ts';
import { disabledWebhooks } from '../webhooks/health.ts';

const RECENT_MAX = 5;
/** On a card; the history and the API have the rest. */
const SHOWN_MESSAGES_MAX = 10;
const HISTORY_PAGE = 25;

/** An order as the pages show it, with what its customer may do now. */
export function orderView(db: Database, terms: OrderTerms, order: Order, nowMs: number): OrderView {
  const fromMs = cancelFromMs(order);
  return {
    id: order.id,
    status: order.status,
    reason: order.reason,
    country: order.country,
    service: order.service,
    serviceName: serviceName(order.service, terms.rules()),
    carrier: order.carrier,
    number: order.number,
    priceMinor: order.priceMinor,
    currency: order.currency,
    createdAtMs: order.createdAtMs,
    expiresAtMs: order.expiresAtMs,
    endedAtMs: order.endedAtMs,
    code: order.code,
    lastEvent: order.lastEvent,
    messages: messagesOfOrder(db, order.id, SHOWN_MESSAGES_MAX).map((message) => ({
      id: message.id,
      sender: message.sender,
      text: message.text,
      code: message.code,
      reason: message.reason,
      receivedAtMs: message.storedAtMs,
      report: reportOf(db, message.id),
    })),
    unsure: unsureOf(db, order),
    canCancel: order.status === 'pending' && nowMs >= fromMs,
    cancelFromMs: order.status === 'pending' && nowMs < fromMs ? fromMs : null,
    canFinish: order.status === 'received',
    extras: extrasOf(db, terms, order, nowMs),
  };
}

function extrasOf(db: Database, terms: OrderTerms, order: Order, nowMs: number): OrderView['extras'] {
  const { note, extendedMs, outageMs, awaitingSinceMs, reportReason, reportText } = order;
  const isOpen = order.endedAtMs === null;
  const awayMs = isOpen ? awayOn(db, order.iccid) : null;
  const { boundAtMs } = clockOf(order, awayMs, terms, nowMs);
  return {
    ...{ note, tags: tagsOf(order), extendedMs, outageMs, awaitingSinceMs },
    extendMinutes: whyNotExtended({ db, nowMs }, terms, order) === null ? terms.extendMinutes : null,
    canAsk: order.status === 'received' && awaitingSinceMs === null,
    canReuse: !isOpen,
    away:
      awayMs !== null && boundAtMs !== Number.POSITIVE_INFINITY && nowMs - awayMs >= OUTAGE_MS_MIN
        ? { sinceMs: awayMs, untilMs: boundAtMs }
        : null,
    report: reportReason === null ? null : { reason: reportReason, text: reportText },
  };
}

/** What changes by itself on a customer's dashboard: the page, the poll and the push all show this. */
export function liveView(db: Database, terms: OrderTerms, userId: string, nowMs: number): LiveView {
  const view = (order: Order) => orderView(db, terms, order, nowMs);
  return {
    nowMs,
    balance: balanceView(db, userId, terms.currency),
    openOrders: openOrdersOf(db, userId).map(view),
    recentOrders: endedOrdersOf(db, userId, RECENT_MAX).map(view),
    places: placesView({ db, terms, nowMs: () => nowMs }, userId),
  };
}

/** Events after which a card is there as before, with other content. */
const IN_PLACE: readonly StoredEvent['type'][] = ['order.received', 'order.unsure', 'order.extended', 'order.awaiting', 'order.noted'];

/** Cards whose order is open as before, and the balance; null when an order came or went, so that the lists themselves change. */
export function changedInPlace(db: Database, terms: OrderTerms, userId: string, events: readonly StoredEvent[], nowMs: number) {
  if (events.some(({ type }) => !IN_PLACE.includes(type) && type !== 'balance.changed')) return null;
  const ids = new Set(events.flatMap(({ type, orderId }) => (IN_PLACE.includes(type) && orderId !== null ? [orderId] : [])));
  const orders = [...ids].flatMap((id) => findOrder(db, id, userId) ?? []);
  // One that ended has a card or a line, or none.
  if (orders.some(({ endedAtMs }) => endedAtMs !== null)) return null;
  return { orders: orders.map((order) => orderView(db, terms, order, nowMs)), balance: balanceView(db, userId, terms.currency), nowMs };
}

/** What the order form was left at. */
export interface Shown {
  country: string | null;
  service: string | null;
  carrier: string | null;
  /** Any country will do, and how one is chosen. */
  pick: OfferPick | null;
  /** How many numbers; null for what was typed and is no such number. */
  count: number | null;
  /** Fewer will do. */
  fewer: boolean;
  /** Why the last purchase was refused. */
  problem: string | null;
  /** What was typed to wait for a number. */
  wait?: { max: string; hours: string };
}

/** The whole dashboard, with the offers for its form. */
export function dashboardView(
  db: Database,
  terms: OrderTerms,
  userId: string,
  nowMs: number,
  offers: readonly Offer[],
  shown: Shown,
): DashboardView {
  const chosen = { ...shown, count: shown.count ?? 1 };
  const picked = pickedOf(offers, shown);
  // Any country will do for an order, not for a line: one waits for an offer.
  const offer = shown.pick === null ? chosenOffer({ offers: [...offers], chosen, picked }) : null;
  return {
    ...liveView(db, terms, userId, nowMs),
    ...{ offers: [...offers], chosen, picked },
    wait: offer?.stock === 0 ? waitFormView({ db, terms, nowMs: () => nowMs }, userId, offer, shown.wait ?? null) : null,
    problem: shown.problem,
    disabledWebhooks: disabledWebhooks(db, userId),
    orderKey: newSecret('form-', terms.random),
  };
}

/** What would be taken now where any country will do: of the service asked for, else of the first there is; the best in stock, else the best. */
function pickedOf(offers: readonly Offer[], { pick, service }: Shown): Offer | null {
  if (pick === null) return null;
  const own = offers.filter((offer) => offer.service === service);
  const ranked = (own.length > 0 ? own : offers.filter((offer) => offer.service === offers[0]?.service)).toSorted(orderOf(pick));
  return ranked.find(({ stock }) => stock > 0) ?? ranked[0] ?? null;
}

/** One page of a customer's history. */
export function historyView(
  db: Database,
  terms: OrderTerms,
  userId: string,
  nowMs: number,
  asked: { status: OrderStatus | null; tag: string | null; query: string; cursor: string | null },
): HistoryView {
  const orders = listOrders(db, userId, {
    limit: HISTORY_PAGE + 1,
    cursor: asked.cursor,
    status: asked.status,
    tag: asked.tag,
    search: asked.query,
  });
  const rows = orders.slice(0, HISTORY_PAGE);
  return {
    nowMs,
    orders: rows.map((order) => orderView(db, terms, order, nowMs)),
    filter: { status: asked.status, tag: asked.tag, query: asked.query },
    nextCursor: orders.length > HISTORY_PAGE ? (rows.at(-1)?.id ?? null) : null,
  };
}

/** The events by which the codes that stand on a page were told. */
export function withCode({ openOrders, recentOrders }: LiveView): string[] {
  return [...openOrders, ...recentOrders].flatMap(({ code, lastEvent }) => (code === null ? [] : [lastEvent]));
}
