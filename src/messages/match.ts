import { type Judgement, judge } from '../codes/judge.ts';

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
}

/** An order on the message's SIM: open, or ended not long ago. */
export interface OrderWindow {
  id: string;
  userId: string;
  service: string;
  createdAtMs: number;
  expiresAtMs: number;
  /** Null while it is open. */
  endedAtMs: number | null;
}

export type Match =
  | { orderId: string; judgement: Judgement & { code: string } }
  /** Nobody's: `reason` says why, in plain words, for the operator's list. */
  | { orderId: null; judgement: Judgement; reason: string; lateFor?: OrderWindow };

/**
 * Decides whose a message is (rules 5 and 8 of the design). Pure: the same message and orders always give the same answer.
 * A live message is placed by its arrival and only among open orders; one that comes while an order is overdue but not settled yet (its SIM was
 * away), by the network's time. One found late is placed by the network's time: first among the windows that contain it, ended ones too (theirs it
 * stays, and the operator's it becomes, rather than the next tenant's), then within the clock tolerance, where two customers in reach mean nobody
 * gets it. `orders` are the open orders on the SIM and those that ended so recently that a message may still be on its way to them.
 */
export function matchMessage(message: ArrivedMessage, orders: readonly OrderWindow[]): Match {
  const { arrivedAtMs, networkAtMs } = message;
  if (message.live) {
    const open = orders.filter((order) => order.endedAtMs === null);
    const inTime = within(open, arrivedAtMs, 0);
    // No tolerance at the end: by our clock it came after the expiry, so the network's must say plainly that it was sent before.
    const late = open.filter((order) => arrivedAtMs > order.expiresAtMs && networkAtMs !== null && networkAtMs <= order.expiresAtMs);
    const overdue = networkAtMs === null ? [] : within(late, networkAtMs, CLOCK_TOLERANCE_MS);
    const match = choose(message, [...inTime, ...overdue], orders, 'No order was open on this number when it arrived.');
    return match.orderId === null ? { ...match, ...tooLate(message, orders) } : match;
  }
  if (networkAtMs === null)
    return nobody(message, 'It was found late and carries no usable network time, so it cannot be placed in a window.');
  const exact = accepted(message, within(orders, networkAtMs, 0), orders);
  if (exact.length > 0) return pick(message, exact);
  const near = within(orders, networkAtMs, CLOCK_TOLERANCE_MS);
  return choose(message, near, orders, 'No order was open on this number when it reached the network.');
}

/** The order that ended just before a live message for it came: not to deliver it, but to know whose account the number may have by now. */
function tooLate(message: ArrivedMessage, orders: readonly OrderWindow[]): { lateFor?: OrderWindow } {
  const ended = orders.filter((order) => order.endedAtMs !== null && order.createdAtMs <= message.arrivedAtMs);
  const [only, ...others] = accepted(message, ended, orders);
  return only && others.every(({ order }) => order.userId === only.order.userId) ? { lateFor: only.order } : {};
}

interface Accepted {
  order: OrderWindow;
  judgement: Judgement & { code: string };
}

function within(orders: readonly OrderWindow[], atMs: number, toleranceMs: number): OrderWindow[] {
  return orders.filter((order) => atMs >= order.createdAtMs - toleranceMs && atMs <= (order.endedAtMs ?? order.expiresAtMs) + toleranceMs);
}

function accepted(message: ArrivedMessage, candidates: readonly OrderWindow[], orders: readonly OrderWindow[]): Accepted[] {
  return candidates.flatMap((order) => {
    const judgement = judgeFor(message, order, orders);
    return judgement.verdict === 'accept' && judgement.code !== null ? [{ order, judgement: { ...judgement, code: judgement.code } }] : [];
  });
}

/** A text that names no service may only count for an order that nobody else's, open or just ended, shares the SIM with. */
function judgeFor(message: ArrivedMessage, order: OrderWindow, orders: readonly OrderWindow[]): Judgement {
  const onlyOrder = orders.every((other) => other.id === order.id || (other.userId === order.userId && other.endedAtMs !== null));
  return judge({ text: message.text, sender: message.sender, service: order.service, onlyOrder });
}

function choose(message: ArrivedMessage, candidates: readonly OrderWindow[], orders: readonly OrderWindow[], whenNone: string): Match {
  const found = accepted(message, candidates, orders);
  if (found.length > 0) return pick(message, found);
  const [only] = candidates;
  if (!only) return nobody(message, whenNone);
  if (candidates.length > 1) return nobody(message, 'It is not valid for any of the services ordered on this number.');
  const judgement = judgeFor(message, only, orders);
  return { orderId: null, judgement, reason: `Not valid for the ${only.service} order on this number: ${judgement.reason}` };
}

/** The one order with the strongest evidence; a tie between two, or an order that has ended, means nobody. */
function pick(message: ArrivedMessage, found: readonly Accepted[]): Match {
  const strongest = Math.max(...found.map(({ judgement }) => judgement.confidence));
  const best = found.filter(({ judgement }) => judgement.confidence === strongest);
  const [winner] = best;
  if (!winner || best.length > 1) return nobody(message, 'Two orders on this number could claim it with equal evidence.');
  if (winner.order.endedAtMs !== null) {
    return {
      orderId: null,
      judgement: winner.judgement,
      lateFor: winner.order,
      reason: `It belongs to order ${winner.order.id}, which had ended before it was read.`,
    };
  }
  return { orderId: winner.order.id, judgement: winner.judgement };
}

function nobody(message: ArrivedMessage, reason: string): Match {
  return { orderId: null, judgement: judge({ text: message.text, sender: message.sender, service: 'any', onlyOrder: false }), reason };
}
