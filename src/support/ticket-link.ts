import type { Database } from 'bun:sqlite';
import { CLOSED_LINK_DAYS, TICKET_LINK_DAYS } from '../../views/contact/words.ts';
import { verifyClaim } from '../lib/signed.ts';
import { DAY_MS } from '../mail/links.ts';
import { requireTicket, type Ticket } from './tickets.ts';

export type LinkedTicket = { ok: true; ticket: Ticket } | { ok: false; why: 'forged' | 'expired' | 'closed' };

/** The ticket a signed link leads to, or why none: not made here, older than its days, or of a ticket that was closed long ago. */
export function linkedTicket(db: Database, secret: Uint8Array, token: string, nowMs: number): LinkedTicket {
  const verified = verifyClaim(secret, 'ticket', token, nowMs);
  if (!verified.ok) return { ok: false, why: verified.why };
  const ticket = requireTicket(db, verified.subject);
  // Links of earlier releases carry no end; theirs is counted from the beginning of the ticket.
  const endsAtMs = verified.expiresAtMs ?? ticket.createdAtMs + TICKET_LINK_DAYS * DAY_MS;
  if (nowMs >= endsAtMs) return { ok: false, why: 'expired' };
  // Nothing moves a closed ticket but its opening, so its last change is its closing.
  if (ticket.state === 'closed' && nowMs >= ticket.updatedAtMs + CLOSED_LINK_DAYS * DAY_MS) return { ok: false, why: 'closed' };
  return { ok: true, ticket };
}
