import { TICKET_LINK_DAYS } from '../../views/contact/words.ts';
import { signedPath, statusLinkPath, ticketPath } from '../../views/paths.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';
import { isSwitched, type SwitchedKind } from './kinds.ts';

/** Makes and reads the signed links of mails. The secret is of the data folder (db/secret.ts), so links hold over restarts. */
export interface MailLinks {
  publicUrl: string;
  secret: Uint8Array;
}

/** A link of somebody who subscribed to the status page: yes, send them (for three days), or no more. */
export function statusUrl(
  { publicUrl, secret }: MailLinks,
  verb: 'confirm' | 'unsubscribe',
  subscriberId: string,
  madeAtMs: number,
): string {
  const expiresAtMs = verb === 'confirm' ? madeAtMs + STATUS_CONFIRM_DAYS * DAY_MS : null;
  return `${publicUrl}${statusLinkPath(verb, signClaim(secret, { purpose: `status-${verb}`, subject: subscriberId, expiresAtMs }))}`;
}

/** Whose link it is, or null for one that is forged or over. */
export function readStatusLink(secret: Uint8Array, verb: 'confirm' | 'unsubscribe', token: string, nowMs: number): string | null {
  const verified = verifyClaim(secret, `status-${verb}`, token, nowMs);
  return verified.ok ? verified.subject : null;
}

const STATUS_CONFIRM_DAYS = 3;

/** The address that ends one kind of mails for somebody (RFC 8058); never ends itself. */
export function unsubscribeUrl({ publicUrl, secret }: MailLinks, userId: string, kind: SwitchedKind): string {
  const token = signClaim(secret, { purpose: 'unsubscribe', subject: `${userId} ${kind}`, expiresAtMs: null });
  return `${publicUrl}${signedPath('unsubscribe', token)}`;
}

/** Whose mails of which kind a link ends, or null for a forged one. */
export function readUnsubscribe(secret: Uint8Array, token: string, nowMs: number): { userId: string; kind: SwitchedKind } | null {
  const verified = verifyClaim(secret, 'unsubscribe', token, nowMs);
  if (!verified.ok) return null;
  const [userId = '', kind = ''] = verified.subject.split(' ');
  return isSwitched(kind) ? { userId, kind } : null;
}

/** The address at which the writer of a ticket reads and answers it: after signing in, or, without an account, by a signed link. */
export function ticketUrl({ publicUrl, secret }: MailLinks, ticket: { id: string; userId: string | null }, madeAtMs: number): string {
  if (ticket.userId !== null) return `${publicUrl}${ticketPath(ticket.id)}`;
  return `${publicUrl}${signedPath('ticket', ticketToken(secret, ticket.id, madeAtMs))}`;
}

export const DAY_MS = 86_400_000;

export function ticketToken(secret: Uint8Array, ticketId: string, madeAtMs: number): string {
  return signClaim(secret, { purpose: 'ticket', subject: ticketId, expiresAtMs: madeAtMs + TICKET_LINK_DAYS * DAY_MS });
}
