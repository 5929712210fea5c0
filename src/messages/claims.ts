import type { Judgement } from '../codes/judge.ts';
import { type ArrivedMessage, judgeFor, type OrderWindow, reached, within } from './placement.ts';

/**
 * Why a person may not give a message to an order, in plain words, or null when he may (rule 5). It must lie in the order's window, speak for no other
 * service, and nobody else may have a better claim: somebody whose order it is valid for with more evidence, or in whose window alone the network
 * took it. Between equal claims of open orders the person decides; against the tenant before, nobody does. `orders` as for matchMessage.
 */
export function whyNotFor(message: ArrivedMessage, order: OrderWindow, orders: readonly OrderWindow[]): string | null {
  if (order.kind === 'rental') return 'It is a rental: the rules alone decide what it gets.';
  if (order.endedAtMs !== null) return 'The order has ended, and its money is settled.';
  if (!message.live && message.networkAtMs === null)
    return 'It was found late and carries no usable network time, so nobody knows whose window it lies in.';
  const candidates = reached(message, orders);
  if (!candidates.includes(order)) {
    const did = message.live ? 'arrived' : 'reached the network';
    return `It ${did} outside of the order's window.`;
  }
  const own = judgeFor(message, order, orders);
  if (own.verdict === 'reject' && !isOpenQuestion(own)) return `The rules forbid it for this order: ${own.reason}.`;
  const others = orders.filter(({ userId }) => userId !== order.userId);
  if (!message.live && isElsewhere(message.networkAtMs ?? 0, order, others))
    return 'The network took it in the window of another customer, not in the one of this order.';
  const rival = others.some((other) => claims(message, other, orders) && hasBetterClaim(judgeFor(message, other, orders), own, other));
  return rival ? 'It is a valid code for an order of another customer on this number, whose claim is at least as good.' : null;
}

/** What a person may overrule: that there is no code, or none of a clear form. Not: that it is another's, or denied. */
function isOpenQuestion({ rule }: Judgement): boolean {
  return rule === 'no_code' || rule === 'not_otp';
}

/** Read late, just outside of this order's window, but inside another customer's. */
function isElsewhere(networkAtMs: number, order: OrderWindow, others: readonly OrderWindow[]): boolean {
  return within([order], networkAtMs, 0).length === 0 && within(others, networkAtMs, 0).length > 0;
}

/** Also the tenant before, who may just have missed a message that is read as it comes. */
function claims(message: ArrivedMessage, other: OrderWindow, orders: readonly OrderWindow[]): boolean {
  if (message.live && other.endedAtMs !== null) return other.createdAtMs <= message.arrivedAtMs;
  return reached(message, orders).includes(other);
}

function hasBetterClaim(judgement: Judgement, own: Judgement, other: OrderWindow): boolean {
  if (judgement.verdict !== 'accept') return false;
  if (own.verdict !== 'accept') return true;
  return judgement.confidence > own.confidence || (judgement.confidence === own.confidence && other.endedAtMs !== null);
}
