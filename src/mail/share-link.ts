import { invitationPath } from '../../views/paths.ts';
import { signClaim, verifyClaim } from '../lib/signed.ts';
import type { MailLinks } from './links.ts';

/**
 * The link of an invitation to read a rental. It goes to the invited address, and its customer can hand it over in person: who accepts must have it and be signed in with
 * that address, so that nobody reads along who only opened an account in somebody's name.
 */
export function shareUrl({ publicUrl, secret }: MailLinks, share: { id: string; untilMs: number }): string {
  return `${publicUrl}${invitationPath(signClaim(secret, { purpose: 'share', subject: share.id, expiresAtMs: share.untilMs }))}`;
}

/** The share a link is about, or null for one that was not made here or has run out. */
export function readShareToken(secret: Uint8Array, token: string, nowMs: number): string | null {
  const verified = verifyClaim(secret, 'share', token, nowMs);
  return verified.ok ? verified.subject : null;
}
