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
  | { orderId: null; judgement: Judgement; reason: string };

/**
 * Decides whose a message is (rules 5 and 8 of the design). Pure: the same message and orders always give the same answer.
 * A live message is placed by its arrival and only among open orders. One found late is placed by the network's time: first among the windows that
 * contain it, ended ones too (theirs it stays, and the operator's it becomes, rather than the next tenant's), then within the clock tolerance, where two
 * customers in reach mean nobody gets it.
 */
export function matchMessage(message: ArrivedMessage, orders: readonly OrderWindow[]): Match {
  const atMs = message.live ? message.arrivedAtMs : message.networkAtMs;
  if (atMs === null) return nobody(message, 'It was found late and carries no usable network time, so it cannot be placed in a window.');
  const open = orders.filter((order) => order.endedAtMs === null);
  if (message.live) return choose(message, within(open, atMs, 0), 'No order was open on this number when it arrived.');
  const exact = accepted(message, within(orders, atMs, 0));
  if (exact.length > 0) return pick(message, exact);
  return choose(message, within(orders, atMs, CLOCK_TOLERANCE_MS), 'No order was open on this number when it reached the network.');
}

interface Accepted {
  order: OrderWindow;
  judgement: Judgement & { code: string };
}

function within(orders: readonly OrderWindow[], atMs: number, toleranceMs: number): OrderWindow[] {
  return orders.filter((order) => atMs >= order.createdAtMs - toleranceMs && atMs <= (order.endedAtMs ?? order.expiresAtMs) + toleranceMs);
}

function accepted(message: ArrivedMessage, orders: readonly OrderWindow[]): Accepted[] {
  const onlyOrder = orders.length === 1;
  return orders.flatMap((order) => {
    const judgement = judge({ text: message.text, sender: message.sender, service: order.service, onlyOrder });
    return judgement.verdict === 'accept' && judgement.code !== null ? [{ order, judgement: { ...judgement, code: judgement.code } }] : [];
  });
}

function choose(message: ArrivedMessage, orders: readonly OrderWindow[], whenNone: string): Match {
  if (orders.length === 0) return nobody(message, whenNone);
  const found = accepted(message, orders);
  if (found.length > 0) return pick(message, found);
  const only = orders.length === 1 ? orders[0] : undefined;
  if (!only) return nobody(message, 'It is not valid for any of the services ordered on this number.');
  const judgement = judge({ text: message.text, sender: message.sender, service: only.service, onlyOrder: true });
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
      reason: `It belongs to order ${winner.order.id}, which had ended before it was read.`,
    };
  }
  return { orderId: winner.order.id, judgement: winner.judgement };
}

function nobody(message: ArrivedMessage, reason: string): Match {
  return { orderId: null, judgement: judge({ text: message.text, sender: message.sender, service: 'any', onlyOrder: false }), reason };
}
