import type { Database } from 'bun:sqlite';
import { findOrder, type Order } from '../orders/view.ts';
import type { Ticket } from './tickets.ts';

/** Who wrote a ticket, and the order it names. */
export interface TicketAbout {
  writer: { state: string; sinceMs: number; orders: number; tickets: number } | null;
  /** Null when none is named, or there is none of that id. */
  order:
    | (Pick<Order, 'id' | 'country' | 'number' | 'status' | 'reason' | 'iccid' | 'createdAtMs' | 'endedAtMs'> & { serviceName: string })
    | null;
  /** The named order is of the account that wrote. */
  isOwnOrder: boolean;
}

/** What the operator needs to know of the writer and the order, beside the words. `nameOf` says what a service is called. */
export function writerOf(db: Database, ticket: Ticket, nameOf: (service: string) => string): TicketAbout {
  const order = ticket.orderId === null ? null : findOrder(db, ticket.orderId);
  return {
    writer:
      ticket.userId === null
        ? null
        : db
            .query<NonNullable<TicketAbout['writer']>, { userId: string }>(
              `SELECT u.state, u.created_at_ms AS sinceMs, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS orders,
                 (SELECT count(*) FROM tickets t WHERE t.user_id = u.id) AS tickets FROM users u WHERE u.id = $userId`,
            )
            .get({ userId: ticket.userId }),
    order: order && { ...order, serviceName: nameOf(order.service) },
    isOwnOrder: order !== null && order.userId === ticket.userId,
  };
}
