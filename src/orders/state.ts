/** The life of an order (DESIGN 2): which status may follow which, and what each means for the money. */

export const ORDER_STATUSES = ['pending', 'received', 'finished', 'expired', 'canceled', 'reported'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Machine-readable reasons of a status, as `order.reason`. */
export type OrderReason =
  | 'ordered'
  | 'code_received'
  | 'finished_by_customer'
  | 'window_ended'
  | 'no_valid_sms'
  | 'canceled_by_customer'
  | 'reported_by_customer'
  | 'canceled_by_operator'
  | 'finished_by_operator'
  /** Its modem was away for longer than a window waits. */
  | 'modem_outage';

/** Why the end of a window moved, as the history of an order tells it; its status and reason stay. */
export type WindowReason = 'extended_by_customer' | 'outage_added' | 'another_code_asked';

/** What a customer may say of a number that does not work. */
export const REPORT_REASONS = ['number_unusable', 'already_registered', 'no_sms', 'other'] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

const MOVES: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['received', 'expired', 'canceled', 'reported'],
  received: ['finished'],
  finished: [],
  expired: [],
  canceled: [],
  reported: [],
};

export function mayMove(from: OrderStatus, to: OrderStatus): boolean {
  return MOVES[from].includes(to);
}

/** Money of the order at a status: still held, earned, or given back. */
export function moneyAt(status: OrderStatus): 'held' | 'captured' | 'refunded' {
  if (status === 'pending') return 'held';
  return status === 'received' || status === 'finished' ? 'captured' : 'refunded';
}
