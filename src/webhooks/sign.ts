import { createHmac } from 'node:crypto';
import type { RandomBytes } from '../lib/ids.ts';

const PREFIX = 'whsec_';
/** The specification asks for 24 to 64. */
const SECRET_OCTETS = 32;

/** A new secret as Standard Webhooks writes it: `whsec_` and base64. */
export function newSigningSecret(random: RandomBytes): string {
  return `${PREFIX}${Buffer.from(random(SECRET_OCTETS)).toString('base64')}`;
}

/**
 * The headers of Standard Webhooks 1.0 over a body: one `v1` signature (HMAC-SHA256 of `id.timestamp.body`, base64) for each secret, the newest first, so that a
 * receiver which knows any of them accepts. `atMs` is the time of this attempt: receivers refuse what is older than some minutes.
 */
export function signatureHeaders(message: { id: string; body: string; atMs: number; secrets: readonly string[] }): Record<string, string> {
  const timestamp = String(Math.floor(message.atMs / 1000));
  const signatures = message.secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64')}`;
  });
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
