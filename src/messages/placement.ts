import type { DeniedCategory } from '../codes/deny.ts';
import { BUILT_IN, type Judgement, judge, type RuleBook } from '../codes/judge.ts';

/** How far the network's clock and ours may differ when a message found late is placed by its SCTS. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** A message as the matcher sees it. */
export interface ArrivedMessage {
  sender: string;
  text: string;
  /** Read the moment it came; otherwise it was found in the storage, who knows how long after. */
  live: boolean;
  arrivedAtMs: number;
  /** SCTS, or null when it is impossible. */
  networkAtMs: number | null;
  /** Parts of it are missing: more of the text may come. */
  incomplete?: boolean;
  /** Kinds of messages that nobody is given here, whatever was ordered. */
  deny?: readonly DeniedCategory[];
  /** The rules it is judged by, for all orders the same; those that come with the program when absent. */
  book?: RuleBook;
}

/** An order or a rental on the message's SIM: open, or ended not long ago. */
export interface OrderWindow {
  id: string;
  kind: 'order' | 'rental';
  userId: string;
  /** Null: a rental of everything that arrives. */
  service: string | null;
  /** When it began to be valid. */
  createdAtMs: number;
  expiresAtMs: number;
  /** Null while it is open. */
  endedAtMs: number | null;
}

/** The orders whose window, widened by the tolerance on both sides, holds that moment. */
export function within(orders: readonly OrderWindow[], atMs: number, toleranceMs: number): OrderWindow[] {
  return orders.filter((order) => atMs >= order.createdAtMs - toleranceMs && atMs <= (order.endedAtMs ?? order.expiresAtMs) + toleranceMs);
}

/**
 * The orders that a message may be for by its time alone: a live one by its arrival among the open orders, or by the network's time while an order is overdue
 * but not settled yet (its SIM was away); one found late by the network's time, ended orders too.
 */
export function reached({ live, arrivedAtMs, networkAtMs }: ArrivedMessage, orders: readonly OrderWindow[]): OrderWindow[] {
  if (!live) return networkAtMs === null ? [] : within(orders, networkAtMs, CLOCK_TOLERANCE_MS);
  const open = orders.filter((order) => order.endedAtMs === null);
  // No tolerance at the end: by our clock it came after the expiry, so the network's must say plainly that it was sent before.
  const late = open.filter((order) => arrivedAtMs > order.expiresAtMs && networkAtMs !== null && networkAtMs <= order.expiresAtMs);
  return [...within(open, arrivedAtMs, 0), ...(networkAtMs === null ? [] : within(late, networkAtMs, CLOCK_TOLERANCE_MS))];
}

/**
 * What the rules say of a message for an order or rental. A rental of everything takes what is no code too, but for denied kinds.
 * A text that names no service may only count for an order that nobody else's, open or just ended, shares the SIM with.
 */
export function judgeFor(message: ArrivedMessage, order: OrderWindow, orders: readonly OrderWindow[]): Judgement {
  if (order.service === null) return judgeForEverything(message);
  const onlyOrder = orders.every((other) => other.id === order.id || (other.userId === order.userId && other.endedAtMs !== null));
  return judgeText(message, order.service, onlyOrder);
}

/** Its code, where it is one beyond doubt, is marked; whether it is one decides nothing. */
function judgeForEverything(message: ArrivedMessage): Judgement {
  const judgement = judgeText(message, 'any', false);
  if (judgement.rule.startsWith('denied:')) return judgement;
  return { ...judgement, verdict: 'accept', rule: 'rental', reason: 'it arrived on the number you rent' };
}

/** What the rules say of a message for a service, or, with `any`, of the message alone. */
export function judgeText(message: ArrivedMessage, service: string, onlyOrder: boolean): Judgement {
  const { text, sender, incomplete = false, deny = [], book = BUILT_IN } = message;
  return judge({ text, sender, service, onlyOrder, incomplete, deny, book });
}
