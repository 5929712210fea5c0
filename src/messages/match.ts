import type { Judgement } from '../codes/judge.ts';
import { whyNotFor } from './claims.ts';
import { type ArrivedMessage, judgeFor, judgeText, type OrderWindow, reached, within } from './placement.ts';

export { type ArrivedMessage, CLOCK_TOLERANCE_MS, type OrderWindow } from './placement.ts';

export type Match =
  /** Whose it is: an open order, or a running rental, whose judgement may hold no code. */
  | { tenant: OrderWindow; judgement: Judgement }
  /** Nobody's: `reason` says why, in plain words, for the operator's list; `unsureFor` are the orders a person may still give it to. */
  | { tenant: null; judgement: Judgement; reason: string; lateFor?: OrderWindow; unsureFor: readonly Unsure[] };

/** An order that a message may be for, and what the rules say of that. */
export interface Unsure {
  orderId: string;
  judgement: Judgement;
}

type Given = Exclude<Match, { tenant: null }>;
type NotGiven = Omit<Exclude<Match, Given>, 'unsureFor'>;

/**
 * Decides whose a message is (rules 5 and 8 of the design). Pure: the same message and orders always give the same answer.
 * A live message is placed by its arrival and only among open orders; one that comes while an order is overdue but not settled yet (its SIM was
 * away), by the network's time. One found late is placed by the network's time: first among the windows that contain it, ended ones too (theirs it
 * stays, and the operator's it becomes, rather than the next tenant's), then within the clock tolerance, where two customers in reach mean nobody
 * gets it. `orders` are the open orders and rentals on the SIM and those that ended so recently that a message may still be on its way to them.
 */
export function matchMessage(message: ArrivedMessage, orders: readonly OrderWindow[]): Match {
  const match = attribute(message, orders);
  return match.tenant === null ? { ...match, unsureFor: unsureFor(message, orders) } : match;
}

function attribute(message: ArrivedMessage, orders: readonly OrderWindow[]): Given | NotGiven {
  if (message.live) {
    const match = choose(message, reached(message, orders), orders, 'No order was open on this number when it arrived.');
    return match.tenant === null ? { ...match, ...tooLate(message, orders) } : match;
  }
  if (message.networkAtMs === null)
    return nobody(message, 'It was found late and carries no usable network time, so it cannot be placed in a window.');
  const exact = accepted(message, within(orders, message.networkAtMs, 0), orders);
  if (exact.length > 0) return pick(message, exact);
  return choose(
    message,
    near(message, orders, message.networkAtMs),
    orders,
    'No order was open on this number when it reached the network.',
  );
}

/** Within the tolerance; but a rental of everything, which fits every text, does not reach into the time of another customer. */
function near(message: ArrivedMessage, orders: readonly OrderWindow[], networkAtMs: number): OrderWindow[] {
  const exact = within(orders, networkAtMs, 0);
  return reached(message, orders).filter(
    (order) => order.service !== null || exact.includes(order) || exact.every(({ userId }) => userId === order.userId),
  );
}

/** Of what nobody gets: the open orders for which it is unclear, or as clear as for another, and whose customers it could be given to. */
function unsureFor(message: ArrivedMessage, orders: readonly OrderWindow[]): Unsure[] {
  return orders
    .filter((order) => whyNotFor(message, order, orders) === null)
    .map((order) => ({ orderId: order.id, judgement: judgeFor(message, order, orders) }))
    .filter(({ judgement }) => judgement.verdict !== 'reject');
}

/** The order that ended just before a live message for it came: not to deliver it, but to know whose account the number may have by now. */
function tooLate(message: ArrivedMessage, orders: readonly OrderWindow[]): { lateFor?: OrderWindow } {
  const ended = orders.filter((order) => order.endedAtMs !== null && order.createdAtMs <= message.arrivedAtMs);
  const [only, ...others] = accepted(message, ended, orders);
  return only && others.every(({ order }) => order.userId === only.order.userId) ? { lateFor: only.order } : {};
}

interface Accepted {
  order: OrderWindow;
  judgement: Judgement;
}

function accepted(message: ArrivedMessage, candidates: readonly OrderWindow[], orders: readonly OrderWindow[]): Accepted[] {
  return candidates.flatMap((order) => {
    const judgement = judgeFor(message, order, orders);
    return judgement.verdict === 'accept' ? [{ order, judgement }] : [];
  });
}

function choose(
  message: ArrivedMessage,
  candidates: readonly OrderWindow[],
  orders: readonly OrderWindow[],
  whenNone: string,
): Given | NotGiven {
  const found = accepted(message, candidates, orders);
  if (found.length > 0) return pick(message, found);
  const [only] = candidates;
  if (!only) return nobody(message, whenNone);
  if (candidates.length > 1) return nobody(message, 'It is not valid for any of the services ordered on this number.');
  const judgement = judgeFor(message, only, orders);
  return {
    tenant: null,
    judgement,
    reason: `Not valid for the ${only.service ?? 'whole'} ${only.kind} on this number: ${judgement.reason}`,
  };
}

/** Of which nobody can tell for which card it came: no order can have it. */
export function nobodysCard(message: ArrivedMessage): NotGiven & { unsureFor: readonly Unsure[] } {
  const reason =
    'It lay in the storage of a modem whose card had been changed: nobody can tell for which card it came, so no customer gets it.';
  return { ...nobody(message, reason), unsureFor: [] };
}

/** What a text says of its code, against which neither a sender nor a name further away counts. */
const SAID = new Set(['template', 'origin', 'app_hash', 'prefix', 'signature']);

/** Who is named goes before who sends, and both before an order of any service. */
function weightOf({ rule }: Judgement): number {
  if (SAID.has(rule)) return 2;
  return rule === 'any' ? 0 : 1;
}

/** The one order with the strongest evidence; a tie between two, or an order that has ended, means nobody. */
function pick(message: ArrivedMessage, found: readonly Accepted[]): Given | NotGiven {
  const weight = Math.max(...found.map(({ judgement }) => weightOf(judgement)));
  const weightiest = found.filter(({ judgement }) => weightOf(judgement) === weight);
  const strongest = Math.max(...weightiest.map(({ judgement }) => judgement.confidence));
  const isSender = ({ judgement: { rule } }: Accepted) => rule === 'sender';
  // A sender may send for the one that is named.
  const unsure = weightiest.some(isSender) && !weightiest.every(isSender);
  const best = weightiest.filter(({ judgement }) => unsure || judgement.confidence === strongest);
  const [winner] = best;
  if (!winner || best.length > 1) return nobody(message, 'Two orders on this number could claim it with equal evidence.');
  if (winner.order.endedAtMs !== null) {
    return {
      tenant: null,
      judgement: winner.judgement,
      lateFor: winner.order,
      reason: `It belongs to ${winner.order.kind} ${winner.order.id}, which had ended before it was read.`,
    };
  }
  return { tenant: winner.order, judgement: winner.judgement };
}

function nobody(message: ArrivedMessage, reason: string): NotGiven {
  return { tenant: null, judgement: judgeText(message, 'any', false), reason };
}
